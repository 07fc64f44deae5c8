"""A change asks once for each moment and community on which day it is booked, not once for each duty."""

from pathlib import Path

from django.db import migrations

BOOKS = (Path(__file__).parent.parent / "books.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("duties", "0005_hours_of_days")]
    operations = [migrations.RunSQL(BOOKS, migrations.RunSQL.noop)]
