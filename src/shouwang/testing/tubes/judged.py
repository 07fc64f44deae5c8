"""What is odd about swabs: stored first, and looked at afterwards, half a thousand in one statement.

Source: DOMAIN 2f (two accounts at one tube), 1.5 (pool sizes, four hours at room temperature), RP22 (an expired lot).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from shouwang.lib.clock import ZONE
from shouwang.lib.codes import ancestors
from shouwang.lib.ids import as_array
from shouwang.testing.duties import RESAMPLE
from shouwang.testing.tubes.around import Rounds, plan_at

# In the order in which they weigh: of several only the first stands on the event.
AGAIN, ISOLATED, OTHER_ROUND, FULL, CLOSED = (
    "already_swabbed",
    "isolated_here",
    "tube_other_round",
    "tube_full",
    "tube_closed",
)
WRONG_POOL, EXPIRED, TWO_HANDS, TOO_OLD = "wrong_pool", "lot_expired", "two_hands", "tube_too_old"
SECONDS_PER_HOUR = 3600

# Each swab looks for its own kin by keys: joined, half a thousand would be compared with half a thousand while
# PostgreSQL has not counted them yet.
LOOK = """
WITH placed AS MATERIALIZED (      -- in the order in which they were told: who came last is the one too many
  SELECT id, area_code, tube_id, person_id, round_id, at, recorded_at, by_id, at_door,
         row_number() OVER told AS place, first_value(by_id) OVER told AS first_by
  FROM testing_swab WHERE tube_id = ANY(%(tubes)s::uuid[]) AND void_at IS NULL
  WINDOW told AS (PARTITION BY tube_id ORDER BY recorded_at, at, id)
)
SELECT mine.id, (mine.at AT TIME ZONE %(zone)s)::date, mine.area_code, tube.round_id, tube.capacity, tube.lot,
       extract(epoch FROM mine.at - tube.opened_at)::float8, mine.place,
       EXISTS (SELECT FROM testing_swab other
         WHERE other.person_id = mine.person_id AND other.round_id = mine.round_id AND other.void_at IS NULL
           AND (other.recorded_at, other.at, other.id) < (mine.recorded_at, mine.at, mine.id))
       AND NOT EXISTS (SELECT FROM duties_duty duty       -- whose tube has to be taken again is swabbed again
         WHERE duty.person_id = mine.person_id AND duty.kind = %(taken_again)s AND duty.void_at IS NULL
           AND duty.opens_at <= mine.at),
       NOT mine.at_door AND EXISTS (SELECT FROM standing_hold hold
         WHERE hold.person_id = mine.person_id AND hold.from_at <= mine.at
           AND mine.at < coalesce(hold.ended_at, hold.until)),
       tube.round_id IS DISTINCT FROM mine.round_id, coalesce(mine.at > tube.closed_at, false),
       mine.first_by IS DISTINCT FROM mine.by_id
FROM placed mine JOIN LATERAL (SELECT * FROM testing_tube WHERE id = mine.tube_id OFFSET 0) tube ON true
WHERE mine.id = ANY(%(ids)s::uuid[])
"""


@dataclass(frozen=True)
class Looked:
    """What the tables say of one swab and its tube. Units: `open_s` seconds that the tube had been open."""

    id: UUID
    on: date
    area: str
    round: UUID | None
    capacity: int
    lot: str
    open_s: float | None
    place: int
    again: bool
    isolated: bool
    other_round: bool
    closed: bool
    two_hands: bool


@dataclass(frozen=True)
class Limits:
    """What holds for a tube of a round where somebody lives: the sizes that there are, how many may share it, how long it may stand."""

    sizes: frozenset[int]
    most: int | None
    open_for_s: float | None


def judge(
    ids: Collection[UUID], tubes: Collection[UUID], rounds: Rounds, expired: Mapping[str, date], zones: Mapping[str, str]
) -> dict[UUID, str]:  # fmt: skip
    """What is odd about these new swabs, each by its heaviest flag.

    Shape: `expired` says the last good day of lots that are over, `zones` the zone of each sealed area.
    """
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            LOOK,
            {"ids": as_array(ids), "tubes": as_array(tubes), "taken_again": RESAMPLE.name, "zone": str(ZONE)},
        )
        rows = [Looked(*row) for row in cursor.fetchall()]
    limits: dict[tuple[UUID | None, str], Limits] = {}
    odd: dict[UUID, str] = {}
    for one in rows:
        key = one.round, zone_of(one.area, zones)
        if key not in limits:
            limits[key] = _limits(rounds, *key)
        if flag := flag_of(one, limits[key], expired):
            odd[one.id] = flag
    return odd


def flag_of(one: Looked, limits: Limits, expired: Mapping[str, date]) -> str:
    """The heaviest thing that is odd about a swab, or nothing."""
    if one.again:
        return AGAIN
    if one.isolated:
        return ISOLATED
    if one.other_round:
        return OTHER_ROUND
    if one.place > one.capacity:
        return FULL
    if one.closed:
        return CLOSED
    if (limits.sizes and one.capacity not in limits.sizes) or one.capacity > (limits.most or one.capacity):
        return WRONG_POOL
    if one.lot in expired and expired[one.lot] < one.on:
        return EXPIRED
    if one.two_hands:
        return TWO_HANDS
    stood = limits.open_for_s and one.open_s and one.open_s > limits.open_for_s
    return TOO_OLD if stood else ""


def zone_of(area: str, zones: Mapping[str, str]) -> str:
    """The zone of the smallest sealed area in which somebody lives; nothing where nothing is sealed."""
    if not zones:
        return ""
    return next((zones[code] for code in ancestors(area) if code in zones), "")


def _limits(rounds: Rounds, round: UUID | None, zone: str) -> Limits:
    plan = plan_at(rounds, round)
    hours = plan.testing.room_temperature_hours if plan and plan.testing else None
    return Limits(rounds.pools(round), rounds.most(round, zone), hours * SECONDS_PER_HOUR if hours else None)
