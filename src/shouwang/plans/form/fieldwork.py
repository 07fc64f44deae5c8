"""What a plan says about work outside: testing, zones, gates, disinfection, supplies."""

from datetime import time
from typing import Annotated, Literal

from msgspec import Meta

from shouwang.plans.form.vocabulary import (
    Colour,
    Count,
    DayNumber,
    Days,
    Hours,
    Key,
    Metres,
    Minutes,
    Part,
    Role,
    Text,
    Words,
)

EndCondition = Literal["other_zones_lifted", "index_below_stop", "environment_negative", "final_disinfection"]
PoolSize = Annotated[int, Meta(ge=1, le=50)]


class Testing(Part, frozen=True, kw_only=True):
    """Who is swabbed with how many others, by how many hands, and how fast the result must be back."""

    pool_sizes_allowed: tuple[PoolSize, ...] = ()
    pool_sizes: dict[Key, PoolSize] = {}
    round_hours: Hours | None = None
    repeat_every_days: Days | None = None
    persons_per_point: tuple[Count, Count] | None = None
    persons_per_sampler: Count | None = None
    teams_per_point: tuple[Count, Count] | None = None
    persons_per_team_day: Count | None = None
    points_open_within_hours: tuple[Hours, Hours] | None = None
    walk_minutes: Minutes | None = None
    queue_minutes: Minutes | None = None
    line_distance_m: Metres | None = None
    tubes_in_a_strip: Count | None = None
    supplies_drawn_by: time | None = None
    medics_fetched_by: time | None = None
    door_team_from: time | None = None
    door_team_staff: Count | None = None
    door_team_households: Count | None = None
    door_team_persons: Count | None = None
    room_temperature_hours: Hours | None = None
    deliver_within_hours: tuple[Hours, Hours] | None = None
    log_temperature_over_hours: Hours | None = None
    resample_within_hours: Hours | None = None
    hold_pool_hours: Hours | None = None
    result_hours: dict[Literal["pooled", "single"], Hours] = {}
    positive_told: tuple[Text, ...] = ()
    positive_told_hours: Hours | None = None
    positive_category: Key | None = None
    household_category: Key | None = None


class ZoneEnding(Part, frozen=True, kw_only=True):
    """What must hold for the zone to become the next kind; without a next kind it is lifted.

    Shape: the endings of a zone are gone through one after another, each counting from the one before.
    """

    clean_days: Days | None = None
    contacts_clear_days: Days | None = None
    negative_round_within_days: Days | None = None
    conditions: tuple[EndCondition, ...] = ()
    becomes: Key | None = None


class Zone(Part, frozen=True, kw_only=True):
    """A kind of zone: what people read about it, who may move, when it ends."""

    words: Words
    rule: Text
    movement: Literal["stay_home", "stay_inside", "free"]
    test_days: tuple[DayNumber, ...] = ()
    endings: tuple[ZoneEnding, ...] = ()


class Pass(Part, frozen=True, kw_only=True):
    """A kind of pass: who holds it, how often it opens the gate, for how long."""

    words: Words
    colour: Colour | None = None
    per: Literal["person", "household", "vehicle"]
    persons: Count | None = None
    exits: Count | None = None
    every_days: Days | None = None
    max_stay_hours: Hours | None = None
    from_hour: time | None = None
    until_hour: time | None = None
    check: tuple[Text, ...] = ()
    brought_in_by_resident: bool = False


class Gates(Part, frozen=True, kw_only=True):
    """What a guard does, in order, and which passes open the gate."""

    order: tuple[Text, ...]
    on_fever: Literal["turn_back", "hold_aside"] | None = None
    fever_told: tuple[Role, ...] = ()
    scan_out: bool = False
    outside_vehicles: Literal["admit", "refuse"] = "admit"
    passes: dict[Key, Pass] = {}
    incident_review_hours: Hours | None = None
    incident_photos: bool = False
    withdrawn_pass_days: Days | None = None
    shifts_per_day: Count | None = None
    rest_hours: Hours | None = None
    work_days_in_seven: Annotated[int, Meta(ge=1, le=7)] | None = None


class Disinfection(Part, frozen=True, kw_only=True):
    """A kind of spot and how often it is disinfected, with what."""

    words: Words
    per_day: Count | None = None
    every_hours: Hours | None = None
    from_hour: time | None = None
    until_hour: time | None = None
    chlorine_mg_per_l: tuple[Count, Count] | None = None
    contact_minutes: Minutes | None = None


class Supply(Part, frozen=True, kw_only=True):
    """A thing handed out, how many each gets, and from how few days of stock an alarm is raised."""

    words: Words
    per: Literal["person", "household", "worker", "point", "visit"]
    quantity: Count | None = None
    alarm_below_days: Days | None = None
