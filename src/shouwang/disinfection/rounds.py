"""A spot was disinfected: one tap, with everything that stands on its sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.disinfection.duties import ROUND
from shouwang.disinfection.models import Collection, Round, Spot
from shouwang.disinfection.spots import spot_of
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import communities_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Household

SOON = timedelta(minutes=10)


class FromTheFuture(Refusal):
    code = "disinfection.from_the_future"
    sentence = "记录的时间还没到，请检查手机上的时间。"


class NoBags(Refusal):
    code = "disinfection.no_bags"
    sentence = "请写收了几袋。"


@dataclass(frozen=True)
class Done:
    """One round as somebody did it. Shape: what is not told is as the spot's sheet says; `id` makes twice count once."""

    spot: UUID
    at: datetime
    who: str = ""
    agent: str = ""
    chlorine_mg_per_l: int | None = None
    area_m2: int | None = None
    note: str = ""
    id: UUID | None = None


@dataclass(frozen=True)
class Fetched:
    """Bags from a spot or from a door. Shape: `id` makes twice count once."""

    what: str
    bags: int
    at: datetime
    spot: UUID | None = None
    household: int | None = None
    id: UUID | None = None


def record_rounds(done: Sequence[Done], *, by: User | None, at: datetime) -> list[Round]:
    """Writes rounds down and settles what was owed; told twice they count once. Those that are new.

    Raises: NotInScope, FromTheFuture.
    """
    spots = Spot.objects.in_bulk({one.spot for one in done})
    if len(spots) != len({one.spot for one in done}):
        raise NotInScope()
    if any(one.at > at + SOON for one in done):
        raise FromTheFuture()
    known = set(Round.objects.filter(pk__in=[one.id for one in done if one.id]).values_list("pk", flat=True))
    rows = [_row(one, spots[one.spot], by, at) for one in done if one.id not in known]
    Round.objects.bulk_create(rows, ignore_conflicts=True)
    _settle({row.spot_id for row in rows}, spots.values(), at)
    return rows


def strike(round_id: UUID, *, reason: str, by: User, at: datetime) -> None:
    """It was written down by mistake: the window is owed again. Raises: NotInScope."""
    row = one_in_scope(Round.objects.filter(pk=round_id).select_related("spot"))
    Round.objects.filter(pk=round_id, void_at=None).update(void_at=at, void_by=by, void_reason=reason[:100])
    _settle({row.spot_id}, [row.spot], at)
    audit("disinfection.strike", at=at, by=by, area=row.area_code, reason=reason, round=round_id)


def record_collections(fetched: Sequence[Fetched], *, by: User | None, at: datetime) -> list[Collection]:
    """So many bags were fetched; told twice they count once. Those that are new. Raises: NotInScope, NoBags."""
    if any(one.bags < 1 for one in fetched):
        raise NoBags()
    known = set(
        Collection.objects.filter(pk__in=[one.id for one in fetched if one.id]).values_list("pk", flat=True)
    )
    rows = [_collection(one, by, at) for one in fetched if one.id not in known]
    Collection.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def _settle(abouts: Iterable[UUID], spots: Iterable[Spot], at: datetime) -> None:
    communities = sorted(communities_of(spot.area_code for spot in spots))
    settle_about(ROUND, list(abouts), communities=communities, at=at)


def _row(one: Done, spot: Spot, by: User | None, at: datetime) -> Round:
    return Round(
        id=one.id or uuid7(at), area_code=spot.area_code, spot=spot, at=one.at, recorded_at=at, by=by,
        who=one.who.strip()[:40], agent=(one.agent.strip() or spot.agent)[:40], note=one.note[:200],
        chlorine_mg_per_l=one.chlorine_mg_per_l or spot.chlorine_mg_per_l, area_m2=one.area_m2 or spot.area_m2,
        contact_minutes=spot.contact_minutes,
    )  # fmt: skip


def _collection(one: Fetched, by: User | None, at: datetime) -> Collection:
    door = Household.objects.filter(pk=one.household).first() if one.household else None
    spot = spot_of(one.spot) if one.spot else None
    where = door or spot
    if where is None:
        raise NotInScope()
    return Collection(
        id=one.id or uuid7(at), area_code=where.area_code, what=one.what, bags=one.bags, spot=spot, household=door,
        at=one.at, recorded_at=at, by=by,
    )  # fmt: skip
