"""Looks, findings, second visits, prices, closures and briefings exist only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import protect

SCOPED = ("look", "price", "finding", "draw", "secondvisit", "closure", "briefing")


class Migration(migrations.Migration):
    dependencies = [("inspection", "0001_initial"), ("access", "0002_protect")]
    operations = [*protect(*(f"inspection_{table}" for table in SCOPED))]
