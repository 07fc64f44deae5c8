"""Passages and whoever is named beside them exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = ("passage", "companion", "watch", "fever", "expected")


class Migration(migrations.Migration):
    dependencies = [("gates", "0003_passages"), ("access", "0002_protect")]
    operations = [*protect(*(f"gates_{table}" for table in SCOPED))]
