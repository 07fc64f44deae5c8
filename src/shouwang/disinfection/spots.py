"""The spots of an area: listed once, each with the code that hangs there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.disinfection.duties import ROUND
from shouwang.disinfection.models import AFTER_CASE, Spot
from shouwang.disinfection.rules import windows
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan, void
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.register.models import Area

SPOT = "spot"  # what the link on a spot's sheet is about
LEVELS = ("compound", "building", "unit")


class SpotTwice(Refusal):
    code = "disinfection.spot_twice"
    sentence = "这里已经有“{name}”了。"


class NoAreas(Refusal):
    code = "disinfection.no_areas"
    sentence = "这里没有这一级的区域，请换一级。"


def add_spots(
    area: str, *, kind: str, name: str, agent: str, by: User | None, at: datetime, each: str = "",
    chlorine_mg_per_l: int | None = None, area_m2: int | None = None, contact_minutes: int | None = None,
) -> list[Spot]:  # fmt: skip
    """A spot in this area, or one in each compound, building or unit of it; their rounds are owed from today.

    Raises: NotInScope, SpotTwice, NoAreas.
    """
    places = _places(area, each)
    there = set(Spot.objects.filter(kind=kind, ended_at=None).values_list("area_code", "name"))
    rows = [
        Spot(
            id=uuid7(at), area_code=code, kind=kind, name=words[:60], agent=agent.strip()[:40], added_at=at, added_by=by,
            chlorine_mg_per_l=chlorine_mg_per_l, area_m2=area_m2, contact_minutes=contact_minutes,
        )
        for code, words in ((code, f"{label}{name.strip()}") for code, label in places)
        if (code, words) not in there
    ]  # fmt: skip
    if not rows:
        raise SpotTwice(name=name.strip()) if places else NoAreas()
    Spot.objects.bulk_create(rows)
    owe_rounds(Spot.objects.filter(pk__in=[row.pk for row in rows]), at=at)
    audit("disinfection.add_spots", at=at, by=by, area=area, kind=kind, spots=len(rows))
    return rows


def end_spot(spot: UUID, *, by: User, at: datetime) -> None:
    """It is disinfected no longer; what was to come is struck. Raises: NotInScope."""
    row = spot_of(spot)
    if Spot.objects.filter(pk=spot, ended_at=None).update(ended_at=at, ended_by=by):
        void(Duty.objects.filter(kind=ROUND.name, about=spot, fact="owed"), reason="ended", by=by, at=at)
        audit("disinfection.end_spot", at=at, by=by, area=row.area_code, spot=spot)


def owe_the_day(community: str, *, now: datetime) -> int:
    """Every spot of a community owes today's rounds; told again, nothing is owed twice. How many are new."""
    return owe_rounds(inside(community), at=now)


def owe_rounds(spots: QuerySet[Spot], *, at: datetime) -> int:
    """Today's rounds of these spots that can still be done. Nothing without a plan."""
    asked = spots.filter(ended_at=None).exclude(kind=AFTER_CASE).order_by()
    communities = {community_of(code) for code in asked.values_list("area_code", flat=True)}
    return sum(_owe_in(community, asked, at) for community in sorted(communities))


def _owe_in(community: str, asked: QuerySet[Spot], at: datetime) -> int:
    rules = plan_of(community, now=at)
    low, high = subtree(community)
    made = 0
    for kind, rule in rules.disinfection.items() if rules else ():
        who = asked.filter(kind=kind, area_code__gte=low, area_code__lt=high)
        who = who.annotate(subject=F("area_code"), about=F("id"))
        ahead = [window for window in windows(rule, day_of(at)) if window.due_at > at]
        made += sum(plan(ROUND, who, window, at=at) for window in ahead)
    return made


def inside(area: str) -> QuerySet[Spot]:
    """The spots of an area that are in use, in the order in which somebody walks."""
    low, high = subtree(area)
    rows = Spot.objects.filter(area_code__gte=low, area_code__lt=high, ended_at=None)
    return rows.exclude(kind=AFTER_CASE).order_by("area_code", "kind", "name")


def spot_of(pk: UUID) -> Spot:
    """One spot. Raises: NotInScope."""
    return one_in_scope(Spot.objects.filter(pk=pk))


def _places(area: str, each: str) -> Iterable[tuple[str, str]]:
    """The areas to put a spot in, with what stands before its name: nothing where there is only one."""
    if not each:
        if not Area.objects.filter(pk=area).exists():
            raise NotInScope()
        return [(area, "")]
    low, high = subtree(area)
    labels = dict(
        Area.objects.filter(code__gte=low, code__lt=high).order_by("code").values_list("code", "label")
    )
    levels = dict(Area.objects.filter(code__gte=low, code__lt=high, level=each).values_list("code", "level"))
    return [
        (code, "".join(labels.get(code[:width], "") for width in (14, 17, 19) if width <= len(code)))
        for code in levels
    ]
