"""What came down for the whole street is read in its communities, and written by the street alone; minutes never change."""

from django.db import migrations

from shouwang.access.policies import protect, take_away


class Migration(migrations.Migration):
    dependencies = [("directives", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("directives_directive", "directives_point", also_above=True),
        *protect("directives_reading", "directives_report", "directives_minutes"),
        *take_away("UPDATE, DELETE", "directives_minutes"),
    ]
