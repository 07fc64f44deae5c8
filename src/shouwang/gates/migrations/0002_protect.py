"""Gates, and who went through them, exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = ("gate",)


class Migration(migrations.Migration):
    dependencies = [("gates", "0001_initial"), ("access", "0002_protect")]
    operations = [*protect(*(f"gates_{table}" for table in SCOPED))]
