"""Reports and what was sent exist only inside a scope; forms are read below the area that asks for them. What was sent stays."""

from pathlib import Path

from django.db import migrations

from shouwang.access.policies import protect, take_away

KEEP = (Path(__file__).parent.parent / "keep.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect("ledgers_report", "ledgers_snapshot", "ledgers_export"),
        *protect("ledgers_form", "ledgers_version", "ledgers_answer", "ledgers_question", also_above=True),
        *take_away("DELETE, TRUNCATE", "ledgers_snapshot", "ledgers_export"),
        migrations.RunSQL(KEEP, "DROP FUNCTION ledgers_keep() CASCADE;"),
    ]
