"""Who is held exists only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect, take_away


class Migration(migrations.Migration):
    dependencies = [("standing", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("standing_hold", "standing_extension"),
        *take_away("UPDATE, DELETE, TRUNCATE", "standing_extension"),
        *take_away("DELETE, TRUNCATE", "standing_hold"),
    ]
