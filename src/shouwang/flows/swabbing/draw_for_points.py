"""What the points of a round need is drawn from the store by the plan's hour, point by point."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Sum

from shouwang.access.models import User
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import community_of
from shouwang.plans.actions import plan_of
from shouwang.plans.form.fieldwork import Testing
from shouwang.supplies.drawing import Need, by_norms, draw
from shouwang.supplies.models import ISSUED, DrawList, Item, Movement, Site
from shouwang.supplies.stock import posts
from shouwang.testing.models import Call, Point, Round
from shouwang.testing.rounds.needs import Wanted, used_at, wanted
from shouwang.testing.rounds.planning import calls_of, points_in

TUBE, BOX, FORM = "tube", "box", "form"
WORDS = {TUBE: "采样管", BOX: "转运箱", FORM: "采样登记表"}


def needed(
    row: Round, points: Sequence[Point], calls: Sequence[Call], rules: Testing | None, *, per_box: int
) -> list[Wanted]:
    """What each point needs; tubes that were drawn for it before and that nobody has used are counted off."""
    return wanted(row, points, calls, rules, per_box=per_box, left=unused_at(points))


def unused_at(points: Sequence[Point]) -> dict[UUID, int]:
    """The tubes that lie at each point with codes that nobody has used yet."""
    names = {point.name: point.pk for point in points}
    rows = Movement.objects.filter(kind=ISSUED, to_site__name__in=names, lot__item__kind=TUBE).order_by()
    drawn = {
        names[name]: many for name, many in rows.values_list("to_site__name").annotate(many=Sum("quantity"))
    }
    used = used_at(points)
    return {pk: max(many - used.get(pk, 0), 0) for pk, many in drawn.items()}


def draw_for_points(row: Round, area: str, *, per_box: int, by: User | None, at: datetime) -> DrawList:
    """One list for all points, due at the plan's hour of the day on which the round opens; asked twice it is one list.

    What the store has no item for is named in the refusal. Raises: as `supplies.drawing.draw`.
    """
    community = community_of(area)
    plan = plan_of(community, now=at)
    rules = plan.testing if plan else None
    points = needed(row, points_in(area), calls_of(row, area), rules, per_box=per_box)
    needs = [need for one in points for need in _needs(one)]
    sites = [
        _site(one, {site.name: site for site in posts(community)}, community) for one in points if one.people
    ]
    needs += [need for need in by_norms(community, now=at, among=sites) if need.kind != TUBE]
    known = set(Item.objects.filter(area_code=community).values_list("kind", flat=True)) | set(
        Item.objects.filter(area_code=community).values_list("name", flat=True)
    )
    asked = [need for need in needs if need.kind in known or need.kind in (TUBE, WORDS[TUBE])]
    day = f"{day_of(row.opens_at):%m-%d}"
    return draw(
        community, asked, title=f"{row.name} {day}"[:60], due_at=due_by(row, rules, now=at), by=by, at=at,
        id=uuid5(row.pk, f"draw {community}"),
    )  # fmt: skip


def due_by(row: Round, rules: Testing | None, *, now: datetime) -> datetime:
    """By when: the plan's hour of the day on which the round opens, in any case before it opens."""
    hour = rules.supplies_drawn_by if rules else None
    morning = midnight(day_of(row.opens_at)) + timedelta(
        hours=hour.hour if hour else 5, minutes=hour.minute if hour else 0
    )
    due = min(morning, row.opens_at)
    return due if due > now else now + timedelta(hours=1)


def _needs(one: Wanted) -> list[Need]:
    told = {TUBE: one.tubes, WORDS[BOX]: one.boxes, WORDS[FORM]: one.forms}
    return [Need(one.point.name, kind, many, one.point.area_code, one.heads) for kind, many in told.items()]


def _site(one: Wanted, known: dict[str, Site], community: str) -> Site:
    """The post by which the store knows the point, with the heads that work there for this round."""
    site = known.get(one.point.name) or Site(area_code=one.point.area_code or community, name=one.point.name)
    site.heads = one.heads
    return site
