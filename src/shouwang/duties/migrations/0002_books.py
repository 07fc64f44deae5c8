"""The triggers that keep the books, and who may read and write what."""

from pathlib import Path

from django.db import migrations

from shouwang.access.policies import protect, take_away

BOOKS = (Path(__file__).parent.parent / "books.sql").read_text(encoding="utf-8")
SCOPED = ("duty", "attempt", "count", "entry", "dayclose", "account", "carried")


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial"), ("register", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect(*(f"duties_{table}" for table in SCOPED)),
        *take_away("INSERT, UPDATE, DELETE, TRUNCATE", "duties_count", "duties_entry"),
        *take_away("UPDATE, DELETE, TRUNCATE", "duties_dayclose", "duties_account", "duties_carried"),
        migrations.RunSQL(
            BOOKS,
            "DROP FUNCTION duties_after_insert() CASCADE; DROP FUNCTION duties_after_update() CASCADE;"
            "DROP FUNCTION duties_booked_at(timestamptz, text);",
        ),
    ]
