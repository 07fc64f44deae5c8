"""Incidents, who looked at them, and objections exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = ("incident", "review", "contest")


class Migration(migrations.Migration):
    dependencies = [("gates", "0005_incidents"), ("access", "0002_protect")]
    operations = [*protect(*(f"gates_{table}" for table in SCOPED))]
