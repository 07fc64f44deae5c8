"""Which file of a list took the place of which is told inside a scope alone."""

from django.db import migrations

from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [("screening", "0011_editions"), ("access", "0002_protect")]
    operations = [*protect("screening_listedition")]
