"""What somebody asks to be decided about a pass exists only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect, take_away


class Migration(migrations.Migration):
    dependencies = [("standing", "0005_passes_end")]
    operations = [*protect("standing_proposal"), *take_away("DELETE, TRUNCATE", "standing_proposal")]
