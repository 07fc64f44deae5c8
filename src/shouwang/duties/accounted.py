"""The duties behind each number of a day's account: of a day that is closed, or as it would be closed now."""

from datetime import datetime

from django.db import connection

from shouwang.duties.close import LINES, OUT, owed_at
from shouwang.duties.models import DayClose, Duty
from shouwang.lib.codes import subtree

INCOMING = ("carried_in", "opened", "moved_in", "corrected")
OUTGOING = (*OUT, "moved_out", "carried_out")
COLUMNS = (*INCOMING, *OUTGOING)
# Which change of a day stands in which column.
WHICH = {
    "opened": "was = 'absent'",
    "moved_in": "was = 'elsewhere'",
    "corrected": "was NOT IN ('absent', 'elsewhere', 'owed')",
    "moved_out": "became = 'elsewhere'",
}


def accounts_of(closing: DayClose) -> dict[str, dict[str, int]]:
    """The account of a closed day, by kind."""
    rows = closing.accounts.order_by("kind").values("kind", *COLUMNS)
    return {row["kind"]: {name: row[name] for name in COLUMNS} for row in rows}


def behind_account(
    community: str, column: str, *, since: datetime | None, until: datetime, kind: str = ""
) -> dict[int, tuple[str, str]]:
    """The duties in one column of an account: what each was when the day began, and what it became.

    Shape: as many as the number in the account; all kinds together where none is named.
    """
    if column in ("carried_in", "carried_out"):
        moment = since if column == "carried_in" else until
        found = owed_at(community, moment) if moment else []
        own = Duty.objects.filter(pk__in=found, kind=kind).values_list("pk", flat=True) if kind else found
        return dict.fromkeys(own, ("owed", "owed"))
    return _changed(community, WHICH.get(column, "became = %(became)s"), column, since, until, kind)


def _changed(
    community: str, which: str, column: str, since: datetime | None, until: datetime, kind: str
) -> dict[int, tuple[str, str]]:
    low, high = subtree(community)
    asked = {"community": community, "low": low, "high": high, "since": since or "-infinity", "until": until}
    words = f"{LINES} SELECT duty, was, became FROM lines WHERE was <> became AND {which}"
    words += " AND kind = %(kind)s" if kind else ""
    with connection.cursor() as cursor:
        cursor.execute(words, {**asked, "became": column, "kind": kind})
        return {duty: (was, became) for duty, was, became in cursor.fetchall()}
