"""Every night: what was to be kept for so many days, and is older, goes by itself; what went is counted."""

from collections.abc import Iterable
from datetime import datetime

import psycopg

from shouwang.access.audit import record as audit
from shouwang.lib.kinds import Retention
from shouwang.plans.actions import read
from shouwang.plans.models import Activation
from shouwang.retention.destroying import Span, destroy
from shouwang.retention.evidence import expired
from shouwang.retention.rules import by_days
from shouwang.retention.tables import in_order


def expire(owner: psycopg.Connection, rules: Iterable[Retention], *, now: datetime) -> dict[str, int]:
    """Destroys whatever the plan in force lets be kept no longer, area by area. How many rows of each table.

    Shape: `owner` has commits of its own. A row without an age of its own goes with what it hangs on.
    """
    tables = [rule for rule in in_order(owner, rules) if not rule.reduced]
    gone: dict[str, int] = {}
    for held in Activation.objects.in_force(now).select_related("plan").order_by("area_code"):
        for key, kept_for in by_days(read(held.plan)).items():
            span = Span(held.area_code, now, before=now - kept_for)
            amounts = {rule.store: destroy(owner, rule, span) for rule in tables if rule.rule == key}
            if any(amounts.values()):
                audit("retention.expire", at=now, area=held.area_code, rule=key, rows=amounts)
            gone |= {store: gone.get(store, 0) + amount for store, amount in amounts.items()}
    if over := expired(now=now):
        audit("retention.expire", at=now, rule="evidence", rows=over)
        gone["retention_evidence"] = over
    return gone
