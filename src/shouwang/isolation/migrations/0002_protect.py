"""Orders, readings, care, needs and objections exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = (
    "order", "reading", "care", "need", "objection", "transfer", "seat", "seal", "exitcheck", "medicalexit",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("isolation", "0001_initial"), ("access", "0002_protect")]
    operations = [*protect(*(f"isolation_{table}" for table in SCOPED))]
