"""What was found at a door exists only inside a scope that holds the door."""

from django.db import migrations

from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("screening_visit", "screening_placevisit"),
        *protect("screening_round", also_above=True),
    ]
