"""A list runs out of time: at the plan's hours everybody who has people left on it is told how many, once."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from django.conf import settings

from shouwang.lib.clock import ZONE
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.plans.actions import clocks_of
from shouwang.register.models import Helper
from shouwang.screening.lists.models import ListRow, PushedList
from shouwang.screening.lists.queries import who_asks
from shouwang.screening.lists.settling import unsettled

MINE, GROUP, QUEUE = "clock_mine", "clock", "/work/"
Due = tuple[str, datetime, float]  # community, when the lists are due, the hour of the warning


def warn_of_clocks(*, now: datetime) -> Sent:
    """One message to every worker with people left, and one to the workers' group; lists of one clock together.

    Shape: called often; what was told once is not told again.
    """
    wanted: list[Wanted] = []
    for due, lists in _running_out(now).items():
        rows = unsettled(ListRow.objects.filter(list__in=lists)).select_related("list", "inquiry__helper")
        wanted += _messages(due, list(rows), now)
    return send(wanted, by=None, at=now)


def _running_out(now: datetime) -> dict[Due, list[PushedList]]:
    """The lists that are past a warning and not yet due, by community and clock."""
    found: defaultdict[Due, list[PushedList]] = defaultdict(list)
    for listed in PushedList.objects.filter(due_at__gt=now, arrived_at__lt=now):
        hours = clocks_of(listed.area_code, now=now).list_warning_hours
        passed = [hour for hour in hours if listed.arrived_at + timedelta(hours=hour) <= now]
        if passed:
            found[listed.area_code, listed.due_at, max(passed)].append(listed)
    return found


def _messages(due: Due, rows: list[ListRow], now: datetime) -> list[Wanted]:
    if not rows:
        return []
    area, due_at, hour = due
    asks, once = who_asks(rows, now=now), f"{area} {due_at:%Y%m%d%H%M} {hour:g}"
    people = {row.inquiry_id: asks.get(row.pk) for row in rows}
    left: Counter[Helper] = Counter(helper for helper in people.values() if helper)
    said = f"{due_at.astimezone(ZONE):%H:%M}"
    told = [_to_helper(helper, amount, said, area, once) for helper, amount in left.items()]
    group = Wanted(
        phone="", purpose=GROUP, once=once, area_code=area, params={"left": str(len(rows)), "due": said},
        urgent=True,
    )  # fmt: skip
    return [group, *told]


def _to_helper(helper: Helper, left: int, due: str, area: str, once: str) -> Wanted:
    return Wanted(
        phone=sealer(settings.SEALING_KEY_FILE).open(helper.phone_sealed), purpose=MINE,
        once=f"{once} {helper.pk}", area_code=area,
        params={"left": str(left), "due": due, "path": QUEUE}, urgent=True,
    )  # fmt: skip
