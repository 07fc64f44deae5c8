"""The figures of 数字 that records make up from the first day on: gates, leaflets, people at home; each opens its records."""

from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from shouwang.catalogue import FIELDS
from shouwang.ledgers.filled.counting import counted
from shouwang.ledgers.periods import Period
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.fields import NumberField

VEHICLES, PEOPLE, TIMES, COPIES = _("辆"), _("人"), _("次"), _("份")
AT_GATES: tuple[tuple[str, Promise | str, Promise | str], ...] = (
    ("gates.vehicles_ever", _("卡口登记的车"), VEHICLES),
    ("gates.people_ever", _("卡口登记的人"), PEOPLE),
    ("gates.province_ever", _("其中从省外来的"), PEOPLE),
    ("gates.within_ever", _("其中不是从省外来的"), PEOPLE),
    ("gates.turned_vehicles_ever", _("劝返的车"), VEHICLES),
    ("gates.turned_people_ever", _("劝返的人"), PEOPLE),
    ("gates.fevers_ever", _("卡口量到的发热"), TIMES),
)
WORK: tuple[tuple[str, Promise | str, Promise | str], ...] = (
    ("isolation.standing", _("正在居家隔离的人"), PEOPLE),
    ("isolation.central", _("正在集中隔离的人"), PEOPLE),
    ("outreach.leaflets_ever", _("发出去的宣传资料"), COPIES),
)
KEYS = tuple(key for key, _words, _unit in (*AT_GATES, *WORK))


def numbers_of(area: str, *, now: datetime) -> dict[str, int | None]:
    """What was counted there up to now, by the key of the number; None where nobody records it. Cost: one question."""
    known = [one for key in KEYS if isinstance(one := FIELDS[key], NumberField)]
    told = counted(known, area, len(area), Period(midnight(day_of(now)), now))
    return {key: tell(area).number for key, tell in told.items()}


def records_of(area: str, key: str) -> str:
    """The address of the records behind a number."""
    return f"{reverse('briefing_figure')}?{urlencode({'area': area, 'field': key})}"
