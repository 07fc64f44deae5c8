"""Who answers for a door (包保): giving, ending, handing somebody's doors over, the doors of nobody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Left

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import UNIT, ancestors, is_code, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.answering import (
    ANSWERING_ROLES,
    Grid,
    GridArea,
    Helper,
    Responsibilities,
    Responsibility,
)
from shouwang.register.models import Household

ROLES = dict(ANSWERING_ROLES)


class NotARole(Refusal):
    code = "register.not_a_role"
    sentence = "没有“{role}”这种负责人。可以选：{known}。"


class HasLeft(Refusal):
    code = "register.helper_has_left"
    sentence = "{name}已经不在队伍里了，请换一个人。"


class NothingToHandOver(Refusal):
    code = "register.nothing_to_hand_over"
    sentence = "{name}现在没有负责的地方，不用移交。"


class ToThemselves(Refusal):
    code = "register.to_themselves"
    sentence = "移交给的是同一个人。请另选一个人。"


class AlreadyEnded(Refusal):
    code = "register.already_ended"
    sentence = "这项负责已经结束了。"


def give(
    *,
    role: str,
    helper: int,
    area_codes: Iterable[str],
    by: User | None,
    at: datetime,
    grid: int | None = None,
) -> list[Responsibility]:
    """From now on this helper answers for these areas in this role; what is held already stays as it is.

    Raises: NotARole, NotInScope, HasLeft.
    """
    if role not in ROLES:
        raise NotARole(role=role, known="、".join(ROLES.values()))
    codes = sorted(set(area_codes))
    if not all(map(is_code, codes)):
        raise NotInScope()
    who = _in_service(helper)
    held = Responsibility.objects.filter(role=role, helper=who, until=None, area_code__in=codes)
    there = set(held.values_list("area_code", flat=True))
    given = Responsibility.objects.bulk_create(
        Responsibility(area_code=code, role=role, helper=who, grid_id=grid, from_at=at, given_by=by)
        for code in codes
        if code not in there
    )
    for each in given:
        record("register.give", at=at, by=by, area=each.area_code, role=role, helper=who.pk, grid=grid)
    return given


def give_to_grid(*, role: str, helper: int, grid: int, by: User | None, at: datetime) -> list[Responsibility]:
    """From now on this helper answers for a grid: written out for each of its areas. Raises: as `give`."""
    codes = GridArea.objects.filter(grid_id=grid).values_list("area_code", flat=True)
    return give(role=role, helper=helper, area_codes=codes, by=by, at=at, grid=grid)


def make_grid(*, name: str, area_code: str, area_codes: Iterable[str], by: User | None, at: datetime) -> Grid:
    """A named set of areas of one community; a grid of that name gets exactly these areas.

    Whoever answers for the grid follows it: areas that leave it end, areas that join it are given.
    """
    codes = set(area_codes)
    grid, _ = Grid.objects.get_or_create(area_code=area_code, name=name)
    before = set(grid.areas.values_list("area_code", flat=True))
    GridArea.objects.filter(grid=grid, area_code__in=before - codes).delete()
    GridArea.objects.bulk_create(GridArea(grid=grid, area_code=code) for code in sorted(codes - before))
    held = Responsibility.objects.filter(grid=grid, until=None)
    leads = set(held.values_list("role", "helper_id"))
    held.filter(area_code__in=before - codes).update(until=at)
    for role, helper in sorted(leads):
        give(role=role, helper=helper, area_codes=codes - before, by=by, at=at, grid=grid.pk)
    record("register.make_grid", at=at, by=by, area=area_code, grid=grid.pk, areas=sorted(codes))
    return grid


def end(ids: Iterable[int], *, by: User | None, at: datetime) -> int:
    """These helpers answer for these areas no longer. Raises: AlreadyEnded when none of them still did."""
    open_ones = Responsibility.objects.filter(pk__in=list(ids)).filter(Q(until=None) | Q(until__gt=at))
    ended = list(open_ones.values_list("pk", "area_code"))
    if not open_ones.update(until=at):
        raise AlreadyEnded()
    for row, area in ended:
        record("register.end", at=at, by=by, area=area, responsibility=row)
    return len(ended)


def hand_over(
    *,
    from_helper: int,
    to_helper: int,
    by: User | None,
    at: datetime,
    roles: Sequence[str] = (),
    under: str = "",
) -> int:
    """All that somebody answers for goes to somebody else at once; returns how many areas that are.

    Shape: `roles` and `under` (an area) narrow it; without them everything in scope goes.
    Raises: ToThemselves, NotInScope, HasLeft, NothingToHandOver.
    """
    if from_helper == to_helper:
        raise ToThemselves()
    giver = one_in_scope(Helper.objects.filter(pk=from_helper))
    taker = _in_service(to_helper)
    low, high = subtree(under)
    held = Responsibility.objects.in_force(at).filter(helper=giver, area_code__gte=low, area_code__lt=high)
    held = held.filter(role__in=roles) if roles else held
    rows = list(held.select_for_update().order_by("id"))
    ended = Responsibility.objects.filter(pk__in=[row.pk for row in rows]).update(until=at)
    if not ended:
        raise NothingToHandOver(name=giver.name)
    for role in sorted({row.role for row in rows}):
        for grid in sorted({row.grid_id for row in rows if row.role == role}, key=str):
            codes = [row.area_code for row in rows if (row.role, row.grid_id) == (role, grid)]
            give(role=role, helper=taker.pk, area_codes=codes, by=by, at=at, grid=grid)
    record("register.hand_over", at=at, by=by, area=under, giver=giver.pk, taker=taker.pk, areas=ended)
    return ended


def who_answers(codes: Iterable[str], roles: Sequence[str], *, now: datetime) -> dict[str, Helper]:
    """For each area the helper nearest to it: in the nearest area above with somebody in one of the roles.

    Shape: where one area has several, the first of `roles` counts; areas with nobody are left out.
    Cost: one query, whatever the number of areas.
    """
    return who_answers_each({tuple(roles): codes}, now=now)[tuple(roles)]


def who_answers_each(
    wanted: Mapping[tuple[str, ...], Iterable[str]], *, now: datetime
) -> dict[tuple[str, ...], dict[str, Helper]]:
    """The same for several sets of roles at once, each with its own areas. Cost: one query."""
    each = {roles: set(codes) for roles, codes in wanted.items()}
    above = {area for codes in each.values() for code in codes for area in ancestors(code)}
    held = _answering(sorted({role for roles in each for role in roles}), now)
    rows = list(held.filter(area_code__in=above).select_related("helper")) if above else []
    return {roles: _nearest(codes, roles, rows) for roles, codes in each.items()}


def _nearest(codes: set[str], roles: Sequence[str], rows: Sequence[Responsibility]) -> dict[str, Helper]:
    order = {role: number for number, role in enumerate(roles)}
    best: dict[str, tuple[tuple[int, datetime, int], Helper]] = {}
    for each in (row for row in rows if row.role in order):
        rank = (order[each.role], each.from_at, each.pk)
        if each.area_code not in best or rank < best[each.area_code][0]:
            best[each.area_code] = (rank, each.helper)
    found = {}
    for code in codes:
        nearest = next((area for area in ancestors(code) if area in best), None)
        if nearest:
            found[code] = best[nearest][1]
    return found


def unanswered(area: str, roles: Sequence[str], *, now: datetime) -> list[Household]:
    """The doors of an area that nobody answers for in any of these roles (没人负责的门)."""
    low, high = subtree(area)
    doors = Household.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"))
    doors = doors.annotate(unit_code=Left("area_code", UNIT))
    held = set(_answering(roles, now).values_list("area_code", flat=True))
    units = doors.values_list("unit_code", flat=True).distinct()
    bare = [unit for unit in units if not held.intersection(ancestors(unit))]
    rows = doors.filter(unit_code__in=bare).order_by("area_code")
    return [row for row in rows if row.area_code not in held]


def _answering(roles: Sequence[str], now: datetime) -> Responsibilities:
    return Responsibility.objects.in_force(now).filter(role__in=roles, helper__left_at=None)


def _in_service(helper: int) -> Helper:
    """The helper, if there and still serving. Raises: NotInScope, HasLeft."""
    who = one_in_scope(Helper.objects.filter(pk=helper))
    if who.left_at:
        raise HasLeft(name=who.name)
    return who
