"""Goods exist only inside a scope that holds the area; movements are added and never changed, balances follow by themselves."""

from pathlib import Path

from django.db import migrations

from shouwang.access.policies import protect, take_away

BALANCE = (Path(__file__).parent.parent / "balance.sql").read_text(encoding="utf-8")
SCOPED = (
    "item", "site", "donation", "lot", "movement", "balance", "drawlist", "drawline", "asked", "stockcount", "loan",
    "meal",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("supplies", "0001_initial"), ("access", "0002_protect")]
    operations = [
        *protect(*(f"supplies_{table}" for table in SCOPED)),
        *take_away("UPDATE, DELETE, TRUNCATE", "supplies_movement"),
        *take_away("INSERT, UPDATE, DELETE, TRUNCATE", "supplies_balance"),
        migrations.RunSQL(BALANCE, "DROP FUNCTION supplies_keep_balance() CASCADE;"),
    ]
