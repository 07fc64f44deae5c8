"""Spots, rounds, what is done after a case and bags exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = ("spot", "round", "final", "step", "collection")


class Migration(migrations.Migration):
    dependencies = [("disinfection", "0001_initial"), ("access", "0002_protect")]
    operations = [*protect(*(f"disinfection_{table}" for table in SCOPED))]
