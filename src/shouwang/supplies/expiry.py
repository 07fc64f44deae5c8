"""Lots that are over: what no table may use any more (RP22)."""

from collections.abc import Mapping
from datetime import date

from shouwang.access.scope import whole
from shouwang.supplies.models import Lot


def last_good_days() -> Mapping[str, date]:
    """The last good day of every lot that has one, by its code to scan and by the number printed on it.

    A lot names nobody: whoever uses it may know when it is over, wherever it was bought.
    """
    with whole():
        rows = Lot.objects.filter(expires_on__isnull=False).values_list("code", "number", "expires_on")
        return {name: until for code, number, until in rows for name in (code, number) if name and until}
