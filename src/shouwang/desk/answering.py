"""按责任人: what each of those who answer still has to do, and the doors that nobody answers for."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from shouwang.catalogue import ANSWERS, DUTY_KINDS
from shouwang.duties.board import Line, board
from shouwang.duties.models import Duty
from shouwang.lib.codes import COMMUNITY, UNIT
from shouwang.register.models import Helper
from shouwang.register.responsibility import who_answers

NOBODY = 0


def by_helper(area: str, *, now: datetime) -> list[tuple[Helper | None, Line]]:
    """What is owed in an area by who answers for it: nobody first, then whoever has most left.

    Shape: empty for more than a community, where it would be a list of hundreds.
    """
    if len(area) < COMMUNITY:
        return []
    lines: dict[int, Line] = {}
    helpers: dict[int, Helper] = {}
    for kind in DUTY_KINDS:
        units = board(area, now=now, by="area_code", width=UNIT, kind=kind)
        answering = who_answers(units, ANSWERS[kind], now=now)
        helpers |= {helper.pk: helper for helper in answering.values()}
        for unit, line in units.items():
            who = answering[unit].pk if unit in answering else NOBODY
            lines[who] = lines.get(who, Line()) + line
    order = sorted(lines, key=lambda who: (who != NOBODY, -lines[who].left, who))
    return [(helpers.get(who), lines[who]) for who in order]


def answered_by(duties: QuerySet[Duty], helper: int, *, now: datetime) -> QuerySet[Duty]:
    """Those of the duties that this helper answers for; with NOBODY those that nobody does."""
    rows = duties.annotate(unit=Left("area_code", UNIT))
    wanted = Q(pk__in=[])
    for kind in DUTY_KINDS:
        units = set(rows.filter(kind=kind).order_by().values_list("unit", flat=True).distinct())
        wanted |= Q(kind=kind, unit__in=_of(helper, units, kind, now))
    return rows.filter(wanted)


def _of(helper: int, units: Iterable[str], kind: str, now: datetime) -> list[str]:
    answering = who_answers(units, ANSWERS[kind], now=now)
    return [unit for unit in units if (answering[unit].pk if unit in answering else NOBODY) == helper]
