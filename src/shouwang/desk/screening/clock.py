"""A list's clock as a picture: how much of its hours is gone, where the warnings stand, how long is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shouwang.screening.models import PushedList

WIDTH = 240


@dataclass(frozen=True)
class ListClock:
    """Units: `gone` and `marks` in the picture's own, of WIDTH; `hours` the whole clock."""

    gone: int
    marks: tuple[int, ...]
    hours: float
    words: str
    tone: str


def clock_of(listed: PushedList, *, now: datetime, warnings: Sequence[float], left: int) -> ListClock:
    """The clock of a list; without rows left it stands still."""
    whole = (listed.due_at - listed.arrived_at).total_seconds()
    gone = min(max((now - listed.arrived_at).total_seconds(), 0), whole)
    hours = whole / 3600
    marks = tuple(round(WIDTH * at / hours) for at in warnings if at < hours)
    if not left:
        return ListClock(round(WIDTH * gone / whole), marks, hours, _("全部有结果"), "done")
    tone = "overdue" if now >= listed.due_at else "warned" if _warned(gone, warnings) else ""
    return ListClock(round(WIDTH * gone / whole), marks, hours, _left(listed.due_at, now), tone)


def _warned(gone_s: float, warnings: Sequence[float]) -> bool:
    return any(gone_s >= at * 3600 for at in warnings)


def _left(due_at: datetime, now: datetime) -> str:
    minutes = int(abs((due_at - now).total_seconds()) // 60)
    words = _("{hours} 小时 {minutes} 分").format(hours=minutes // 60, minutes=minutes % 60)
    said = _("还剩 {time}") if due_at > now else _("超过 {time}")
    return said.format(time=words)
