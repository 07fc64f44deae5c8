"""Making a roster: the case from the rows, the solver's answer as turns, and a sentence for every place left open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.clock import midnight
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Helper
from shouwang.roster import posts
from shouwang.roster.abilities import ABILITY_WORDS
from shouwang.roster.models import Making, Shift, Turn
from shouwang.roster.solver import Case, Gap, Roster, Way, gaps
from shouwang.roster.solver import Shift as Asked
from shouwang.roster.workers import helpers_in, limits_in, workers

SECONDS = 25
GIVEN_UP = timedelta(minutes=10)  # so long no roster takes: its worker died
WAYS = {
    "rest": "{name}少歇{by}小时（两班之间要歇{rest}小时）",
    "days": "{name}连着多上一天（七天里最多上{days}天）",
    "hours": "{name}在自己没报的时段来",
    "skill": "让{name}顶，他没有“{skill}”这一项",
}
KEPT = {
    "away": "请假或生病的{many}人",
    "must_not": "不宜安排的{many}人",
    "skill": "缺特长的{many}人",
    "hours": "时段不对的{many}人",
    "rest": "没歇够的{many}人",
    "tired": "歇不到八小时的{many}人",
    "days": "已经上满的{many}人",
    "twice": "同时有别的班的{many}人",
}


class NothingToFill(Refusal):
    code = "roster.nothing_to_fill"
    sentence = "这几天没有要排的班。请先给岗位定上班的时间。"


class AtWork(Refusal):
    code = "roster.at_work"
    sentence = "正在排，请等一会儿。"


def ask_for(area: str, *, from_on: date, until_on: date, by: User | None, at: datetime) -> Making:
    """Lays the shifts out and asks a worker to fill them. Raises: NoSuchDays, NothingToFill, AtWork."""
    posts.lay_out(area, from_on=from_on, until_on=until_on, at=at)
    if not posts.shifts_in(area, from_on=from_on, until_on=until_on).exists():
        raise NothingToFill()
    if Making.objects.filter(area_code=area, finished_at=None, asked_at__gt=at - GIVEN_UP).exists():
        raise AtWork()
    making = Making.objects.create(
        id=uuid7(at), area_code=area, from_on=from_on, until_on=until_on, asked_at=at, by=by
    )
    audit("roster.make", at=at, by=by, area=area, making=making.pk)
    app.configure_task("shouwang.jobs.make_roster", lock=f"roster {area}").defer(
        making_id=str(making.pk), area=area
    )
    return making


@dataclass(frozen=True)
class Work:
    """A roster that is being worked on: what was asked, the case, and which places of each shift its numbers are."""

    making: Making
    case: Case
    places: dict[str, list[int]]


def begin(making: UUID, *, at: datetime) -> Work | None:
    """What is to be filled: what is open in these days; turns that somebody has stay theirs. None when it is done already."""
    row = Making.objects.filter(pk=making, finished_at=None).first()
    if row is None:
        return None
    Making.objects.filter(pk=making).update(begun_at=at)
    case, places = case_of(row.area_code, from_on=row.from_on, until_on=row.until_on, at=at)
    return Work(row, case, places)


def tell(making: UUID, cost: int, bound: int) -> None:
    """How far it is: what the best one so far costs, and what no better one can be below."""
    Making.objects.filter(pk=making, finished_at=None).update(cost=cost, bound=bound)


def keep(work: Work, roster: Roster, *, at: datetime) -> None:
    """The answer becomes turns, which nobody has been told of yet; each open place gets its sentence."""
    row, places = work.making, work.places
    shifts = Shift.objects.in_bulk([UUID(key) for key in places])
    Turn.objects.bulk_create(
        (
            Turn(
                id=uuid7(at), area_code=shifts[UUID(one.shift)].area_code, shift=shifts[UUID(one.shift)],
                helper_id=one.worker, place=places[one.shift][one.place], from_at=shifts[UUID(one.shift)].starts_at,
                given_at=at, given_by=row.by,
            )
            for one in roster.given
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    found = gaps(work.case, roster)
    people = Helper.objects.in_bulk([way.worker for gap in found for way in gap.ways])
    names = {pk: helper.name for pk, helper in people.items()}
    Making.objects.filter(pk=row.pk).update(
        cost=roster.cost, bound=roster.bound, given=len(roster.given), finished_at=at,
        open=[[gap.shift, places[gap.shift][gap.place], sentence_of(gap, work.case, names)] for gap in found],
    )  # fmt: skip


def case_of(area: str, *, from_on: date, until_on: date, at: datetime) -> tuple[Case, dict[str, list[int]]]:
    """The open places of these days and everybody who could take one; and which places of each shift these are.

    Shape: the solver numbers a shift's open places from 0; the list says which they are.
    """
    shifts = list(posts.shifts_in(area, from_on=from_on, until_on=until_on).filter(ends_at__gt=at))
    held: dict[UUID, set[int | None]] = {}
    for taken, place in Turn.objects.filter(shift__in=shifts, ended_at=None).values_list("shift_id", "place"):
        held.setdefault(taken, set()).add(place)
    asked, keys = [], {}
    for shift in shifts:
        full = posts.asked_of(shift)
        still = [number for number in range(len(full.places)) if number not in held.get(shift.pk, ())]
        if still:
            asks = tuple(full.places[number] for number in still)
            asked.append(Asked(full.key, full.post, full.span, asks, full.strains, full.area))
            keys[full.key] = still
    everybody = workers(helpers_in(area[:COMMUNITY]), from_at=midnight(from_on), until=midnight(until_on))
    return Case(tuple(everybody), tuple(asked), limits_in(area, now=at)), keys


def sentence_of(gap: Gap, case: Case, names: dict[int, str]) -> str:
    """Why nobody is there and what would change it, in words that the one who decides can say to those concerned."""
    shift = next(one for one in case.shifts if one.key == gap.shift)
    ways = [_way(way, shift.places[gap.place], case, names) for way in gap.ways]
    if ways:
        return "可以这样补上：" + "；或者".join(ways) + "。要本人同意。"
    kept = [KEPT[rule].format(many=many) for rule, many in gap.kept_away if rule in KEPT]
    return ("没有人能上：" + "、".join(kept) if kept else "没有人手") + "。请再叫人，或者减这一班的人数。"


def latest(area: str) -> Making | None:
    """The last roster that was asked for here."""
    low, high = subtree(area)
    rows = Making.objects.filter(area_code__gte=low, area_code__lt=high)
    return rows.select_related("by").order_by("-asked_at").first()


def _way(way: Way, asks: frozenset[str], case: Case, names: dict[int, str]) -> str:
    skills = "、".join(ABILITY_WORDS.get(one, one) for one in sorted(asks))
    return WAYS[way.rule].format(
        name=names.get(way.worker, ""), by=f"{way.by:g}", skill=skills, days=case.limits.days_in_seven,
        rest=f"{case.limits.rest.total_seconds() / 3600:g}",
    )  # fmt: skip


__all__ = ["Work", "ask_for", "begin", "case_of", "keep", "latest", "sentence_of", "tell"]
