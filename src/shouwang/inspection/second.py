"""抽查再访: some of the visited doors, drawn by chance, are asked again by somebody else; both answers stand side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from random import Random, SystemRandom
from uuid import UUID

from django.db.models import F, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import lock, plan
from shouwang.duties.windows import Window
from shouwang.inspection.duties import SECOND_VISIT
from shouwang.inspection.looking import CHECKED_WITHIN, find
from shouwang.inspection.models import Draw, SecondVisit
from shouwang.lib.clock import day_end
from shouwang.lib.codes import UNIT, community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7

WITHIN = timedelta(days=1)


class SamePerson(Refusal):
    code = "inspection.same_person"
    sentence = "第一次就是您去的，再访要换一个人。"


class AskedAlready(Refusal):
    code = "inspection.asked_already"
    sentence = "这一户已经再访过了。"


class NoAnswer(Refusal):
    code = "inspection.no_answer"
    sentence = "请写家里几个人，或者勾“上次没有人来过”。"


@dataclass(frozen=True)
class First:
    """A first visit, as the module that knows it tells of it."""

    id: UUID
    household: int
    area_code: str
    at: datetime
    by: int | None
    people: int | None


def draw(
    community: str, day: date, visits: Sequence[First], *, percent: int, at: datetime, chance: Random | None = None
) -> int:  # fmt: skip
    """So many of a hundred doors that were visited on a day are to be visited again by tomorrow night; once a day.

    Shape: `visits` are the valid visits of that day; a door is drawn once. How many are drawn, at least one where any was visited.
    """
    lock([community])
    doors = list({one.household: one for one in visits}.values())
    wanted = ceil(len(doors) * percent / 100)
    _row, made = Draw.objects.get_or_create(
        area_code=community, day=day, defaults={"doors": len(doors), "drawn": wanted, "at": at}
    )
    if not made or not wanted:
        return 0
    chosen = (chance or SystemRandom()).sample(doors, wanted)
    due = day_end(at + WITHIN)
    rows = [
        SecondVisit(
            id=uuid7(at), area_code=one.area_code, household_id=one.household, first=one.id, first_at=one.at,
            first_by_id=one.by, first_people=one.people, drawn_at=at, due_at=due,
        )
        for one in chosen
    ]  # fmt: skip
    SecondVisit.objects.bulk_create(rows)
    who = SecondVisit.objects.filter(pk__in=[row.pk for row in rows])
    plan(SECOND_VISIT, who.annotate(subject=F("household_id"), about=F("id")), Window(at, due), at=at)
    return wanted


def answer(
    second: UUID, *, people: int | None, was_visited: bool, by: User, at: datetime, note: str = ""
) -> SecondVisit:  # fmt: skip
    """What the door said the second time. Where it differs from the first answer it is a finding.

    Raises: NotInScope, NoAnswer, SamePerson, AskedAlready.
    """
    row = second_of(second)
    if people is None and was_visited:
        raise NoAnswer()
    if by.pk == row.first_by_id:
        raise SamePerson()
    if not SecondVisit.objects.filter(pk=second, at=None).update(
        at=at, recorded_at=at, by=by, people=people, was_visited=was_visited, note=note[:200]
    ):
        raise AskedAlready()
    settle_about(SECOND_VISIT, [second], communities=[community_of(row.area_code)], at=at)
    row = second_of(second)
    if words := differs(row):
        door = f"{row.household.compound} {row.household.door}"
        find(row.area_code[:UNIT], where=door, words=words, due_at=at + CHECKED_WITHIN, by=by, at=at)
    audit("inspection.second_visit", at=at, by=by, area=row.area_code, second=second)
    return row


def differs(row: SecondVisit) -> str:
    """How the second answer differs from the first, in words; nothing where it does not."""
    if row.at is None:
        return ""
    if row.was_visited is False:
        return "抽查再访：住户说上次没有人来过"
    if row.people is not None and row.first_people is not None and row.people != row.first_people:
        return f"抽查再访：第一次记 {row.first_people} 人，这次 {row.people} 人"
    return ""


def second_visits(area: str, *, asked: bool) -> QuerySet[SecondVisit]:
    """The doors that were drawn: those still to be asked, or those that were."""
    low, high = subtree(area)
    rows = SecondVisit.objects.filter(area_code__gte=low, area_code__lt=high, void_at=None)
    rows = rows.exclude(at=None).order_by("-at") if asked else rows.filter(at=None).order_by("area_code")
    return rows.select_related("household", "by", "first_by")


def second_of(pk: UUID) -> SecondVisit:
    """One of them. Raises: NotInScope."""
    return one_in_scope(SecondVisit.objects.select_related("household", "first_by", "by").filter(pk=pk))
