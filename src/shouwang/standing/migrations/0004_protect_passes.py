"""Whose pass opens a gate, and who is barred, exists only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect, take_away


class Migration(migrations.Migration):
    dependencies = [("standing", "0003_passes")]
    operations = [
        *protect("standing_pass", "standing_bar"),
        *take_away("DELETE, TRUNCATE", "standing_bar"),
    ]
