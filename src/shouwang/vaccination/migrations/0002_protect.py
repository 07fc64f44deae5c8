"""Drives are read below the area that asks for them; what people said is seen inside their own alone."""

from django.db import migrations

from shouwang.access.policies import protect


class Migration(migrations.Migration):
    dependencies = [("vaccination", "0001_initial"), ("access", "0002_protect")]
    operations = [*protect("vaccination_said"), *protect("vaccination_drive", also_above=True)]
