"""What the list desk shows: lists with their numbers, the rows behind every number, who of a list waits for a decision."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from shouwang.lib.codes import BUILDING, COMPOUND, UNIT, ancestors, subtree
from shouwang.lib.doors import parse_door
from shouwang.register.answering import Helper
from shouwang.register.models import Area, Household
from shouwang.register.responsibility import who_answers
from shouwang.screening.duties import LIST_ROW
from shouwang.screening.lists.models import (
    CANDIDATES,
    NEW,
    NOT_OURS,
    OUTCOMES,
    ListReturn,
    ListRow,
    PushedList,
    Settlement,
)
from shouwang.screening.lists.settling import COUNTS

NOBODY = 0
TO_DECIDE = (CANDIDATES, NEW, NOT_OURS)
SETTLES = Settlement.objects.filter(COUNTS, row=OuterRef("pk"))


@dataclass
class ListLine:
    """A list with its numbers. Shape: `outcomes` counts rows by outcome, `waiting` those of them nothing settled yet."""

    listed: PushedList
    outcomes: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    returned_at: datetime | None = None

    @property
    def rows(self) -> int:
        """All rows of the list."""
        return sum(self.outcomes.values())

    @property
    def left(self) -> int:
        """The rows that nothing settled yet."""
        return sum(self.waiting.values())

    @property
    def settled(self) -> int:
        """The rows that have an answer."""
        return self.rows - self.left


@dataclass(frozen=True)
class Asked:
    """Which rows somebody wants to see.

    Shape: `state` is left, settled or empty; `area` a compound or building; `helper` who has to ask (NOBODY: nobody).
    """

    list: UUID | None = None
    source: str = ""
    outcome: str = ""
    state: str = ""
    area: str = ""
    helper: int | None = None
    text: str = ""


def lines_of(lists: Iterable[PushedList]) -> list[ListLine]:
    """These lists, each with its numbers."""
    lines = {listed.pk: ListLine(listed) for listed in lists}
    rows = ListRow.objects.filter(list__in=list(lines)).annotate(open=~Exists(SETTLES)).order_by()
    counted = rows.values("list", "outcome", "open").annotate(amount=Count("pk"))
    for pk, outcome, waits, amount in counted.values_list("list", "outcome", "open", "amount"):
        lines[pk].outcomes[outcome] += amount
        lines[pk].waiting[outcome] += amount if waits else 0
    returned = ListReturn.objects.filter(list__in=list(lines), void_at=None).values("list")
    for pk, at in returned.annotate(last=Max("at")).values_list("list", "last"):
        lines[pk].returned_at = at
    return list(lines.values())


def lists_of(areas: Sequence[str], *, since: datetime) -> QuerySet[PushedList]:
    """The lists that came to these communities since then, and older ones that are still open, the last first.

    A list of the street above is there too where it has rows of these communities.
    """
    above = {code for area in areas for code in ancestors(area)} - set(areas)
    here = Q(Exists(ListRow.objects.filter(list=OuterRef("pk"))), area_code__in=above)
    for area in areas:
        low, high = subtree(area)
        here |= Q(area_code__gte=low, area_code__lt=high)
    open_ones = Exists(ListRow.objects.filter(~Exists(SETTLES), list=OuterRef("pk")))
    wanted = PushedList.objects.filter(here).filter(Q(arrived_at__gte=since) | open_ones)
    return wanted.select_related("file").order_by("-arrived_at", "-id")


def rows_of(asked: Asked, *, now: datetime) -> QuerySet[ListRow]:
    """The rows behind a number, in the order of their lists; each with what settled it (`settled_as`), if anything."""
    last = SETTLES.order_by("-recorded_at")
    rows: QuerySet[ListRow] = ListRow.objects.annotate(
        settled_as=Subquery(last.values("outcome")[:1]), settled_on=Subquery(last.values("at")[:1])
    )
    if asked.list:
        rows = rows.filter(list=asked.list)
    if asked.source:
        rows = rows.filter(list__source=asked.source)
    if asked.outcome in OUTCOMES:
        rows = rows.filter(outcome=asked.outcome)
    if asked.state:
        rows = rows.filter(~Exists(SETTLES) if asked.state == "left" else Exists(SETTLES))
    if asked.area:
        low, high = subtree(asked.area)
        rows = rows.filter(area_code__gte=low, area_code__lt=high)
    if asked.text:
        rows = rows.filter(_says(asked.text))
    if asked.helper is not None:
        rows = _of_helper(rows, asked.helper, now)
    return rows.order_by("list__due_at", "list", "number")


def to_decide(outcome: str, listed: UUID | None = None) -> QuerySet[ListRow]:
    """The rows for which a person has to say whom they mean, those due first in front."""
    rows = ListRow.objects.filter(~Exists(SETTLES), outcome=outcome)
    rows = rows.filter(list=listed) if listed else rows
    return rows.select_related("list", "inquiry").order_by("list__due_at", "list", "number")


def how_many_to_decide(listed: UUID | None = None) -> dict[str, int]:
    """How many rows wait for a person, by outcome."""
    rows = ListRow.objects.filter(~Exists(SETTLES), outcome__in=TO_DECIDE).order_by()
    rows = rows.filter(list=listed) if listed else rows
    counted = dict(rows.values("outcome").annotate(amount=Count("pk")).values_list("outcome", "amount"))
    return {outcome: counted.get(outcome, 0) for outcome in TO_DECIDE}


def buildings_with_rows(listed: UUID | None = None) -> list[tuple[str, str, int]]:
    """The compounds and buildings in which people of the lists live: code, words, how many rows."""
    rows = ListRow.objects.filter(list=listed) if listed else ListRow.objects.all()
    counted = rows.order_by().annotate(building=Left("area_code", BUILDING)).values("building")
    found = dict(counted.annotate(amount=Count("pk")).values_list("building", "amount"))
    codes = sorted(code for code in found if len(code) == BUILDING)
    labels = dict(
        Area.objects.filter(code__in={*codes, *(code[:COMPOUND] for code in codes)}).values_list(
            "code", "label"
        )
    )
    return [
        (code, f"{labels.get(code[:COMPOUND], '')} {labels.get(code, code)}".strip(), found[code])
        for code in codes
    ]


def doors_written(address: str) -> list[Household]:
    """The doors of the register that an address may mean: those of the compound that it names first."""
    door = parse_door(address) if address else None
    if door is None or not door.room:
        return []
    rows = Household.objects.filter(building=door.building, room=door.room, kept_id=F("id"))
    rows = rows.filter(unit=door.unit) if door.unit else rows
    return sorted(rows, key=lambda home: (home.compound not in address, home.area_code))


def who_asks(rows: Iterable[ListRow], *, now: datetime) -> dict[UUID, Helper]:
    """Who has to ask about each row: whoever it was handed to, else who answers for the door."""
    several = list(rows)
    answering = who_answers({row.area_code for row in several}, LIST_ROW.answers, now=now)
    asks = {row.pk: row.inquiry.helper or answering.get(row.area_code) for row in several}
    return {pk: helper for pk, helper in asks.items() if helper}


def _says(text: str) -> Q:
    """A name, the end of a number, an address, as somebody types it."""
    typed = text.strip()
    found = Q(name__contains=typed) | Q(address__contains=typed) | Q(inquiry__person__name__contains=typed)
    if len(typed) >= 4 and typed[-4:].isascii():
        found |= Q(phone_mask__endswith=typed[-4:]) | Q(id_mask__endswith=typed[-4:].upper())
    return found


def _of_helper(rows: QuerySet[ListRow], helper: int, now: datetime) -> QuerySet[ListRow]:
    """Those handed to this worker, and those of nobody's where the worker answers for the door."""
    units = rows.order_by().annotate(unit=Left("area_code", UNIT)).filter(inquiry__helper=None)
    codes = set(units.values_list("unit", flat=True).distinct())
    answering = who_answers(codes, LIST_ROW.answers, now=now)
    own = [code for code in codes if (answering[code].pk if code in answering else NOBODY) == helper]
    rows = rows.annotate(unit=Left("area_code", UNIT))
    mine = Q(unit__in=own, inquiry__helper=None)
    return rows.filter(mine | Q(inquiry__helper=helper) if helper else mine)


def people_left(listed: UUID) -> int:
    """How many people of a list have not been asked."""
    rows = ListRow.objects.filter(~Exists(SETTLES), list=listed)
    return rows.aggregate(people=Count("inquiry", distinct=True))["people"]


def returns_of(listed: UUID) -> QuerySet[ListReturn]:
    """When the list went back, the last first."""
    return (
        ListReturn.objects.filter(list=listed)
        .select_related("by")
        .order_by("-at")
        .annotate(left=F("rows") - F("settled"))
    )
