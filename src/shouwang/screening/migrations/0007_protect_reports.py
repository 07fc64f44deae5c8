"""Anybody may report; what was reported is read and answered only inside a scope that holds the area."""

from django.db import migrations

from shouwang.access.policies import anybody_adds, protect

SAID = ("screening_selfreport", "screening_reportedperson", "screening_wish")


class Migration(migrations.Migration):
    dependencies = [("screening", "0006_reports"), ("access", "0002_protect")]
    operations = [*protect(*SAID), *anybody_adds(*SAID)]
