"""Rounds, points, tubes and who is in them exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = ("round", "exemption", "point", "tube", "swab")


class Migration(migrations.Migration):
    dependencies = [("testing", "0001_initial"), ("access", "0002_protect")]
    operations = [*protect(*(f"testing_{table}" for table in SCOPED))]
