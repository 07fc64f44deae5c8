"""按责任人: what each of those who answer still has to do, and the doors that nobody answers for."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from shouwang.catalogue import ANSWERS
from shouwang.duties.board import Line, crossed
from shouwang.duties.models import Duty
from shouwang.lib.codes import COMMUNITY, UNIT
from shouwang.register.models import Helper
from shouwang.register.responsibility import who_answers_each

NOBODY = 0


def by_helper(area: str, *, now: datetime) -> list[tuple[Helper | None, Line]]:
    """What is owed in an area by who answers for it: nobody first, then whoever has most left.

    Shape: empty for more than a community, where it would be a list of hundreds.
    """
    if len(area) < COMMUNITY:
        return []
    lines: dict[int, Line] = {}
    owed = crossed(area, now=now, width=UNIT)
    asked: dict[tuple[str, ...], set[str]] = {}
    for kind, unit in owed:
        asked.setdefault(ANSWERS[kind], set()).add(unit)
    answering = who_answers_each(asked, now=now)
    helpers = {helper.pk: helper for units in answering.values() for helper in units.values()}
    for (kind, unit), line in owed.items():
        who = _who(answering[ANSWERS[kind]], unit)
        lines[who] = lines.get(who, Line()) + line
    order = sorted(lines, key=lambda who: (who != NOBODY, -lines[who].left, who))
    return [(helpers.get(who), lines[who]) for who in order]


def answered_by(duties: QuerySet[Duty], helper: int, *, now: datetime) -> QuerySet[Duty]:
    """Those of the duties that this helper answers for; with NOBODY those that nobody does."""
    rows = duties.annotate(unit=Left("area_code", UNIT))
    wanted = Q(pk__in=[])
    asked: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for kind, unit in rows.order_by().values_list("kind", "unit").distinct():
        asked.setdefault(ANSWERS[kind], {}).setdefault(kind, set()).add(unit)
    units = {roles: set().union(*kinds.values()) for roles, kinds in asked.items()}
    answering = who_answers_each(units, now=now)
    for roles, kinds in asked.items():
        for kind, codes in kinds.items():
            wanted |= Q(kind=kind, unit__in=[one for one in codes if _who(answering[roles], one) == helper])
    return rows.filter(wanted)


def answers_of(duties: Iterable[Duty], *, now: datetime) -> dict[int, Helper]:
    """Who answers for each of these; those that nobody answers for are left out."""
    rows = [(duty.pk, ANSWERS[duty.kind], duty.area_code) for duty in duties]
    asked: dict[tuple[str, ...], set[str]] = {}
    for _pk, roles, code in rows:
        asked.setdefault(roles, set()).add(code)
    answering = who_answers_each(asked, now=now)
    return {pk: answering[roles][code] for pk, roles, code in rows if code in answering[roles]}


def _who(answering: dict[str, Helper], unit: str) -> int:
    return answering[unit].pk if unit in answering else NOBODY
