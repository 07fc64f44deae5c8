"""When a zone may end: a checklist that is computed, never ticked. Values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from shouwang.isolation.buildings.models import Seal
from shouwang.lib.clock import day_of, midnight
from shouwang.plans.actions import read as read_plan
from shouwang.plans.form.fieldwork import EndCondition, Zone
from shouwang.plans.form.wording import say


@dataclass(frozen=True)
class Condition:
    """One condition of the end. Shape: `holds` is None where nobody knows, `holds_from` the day from which it will.

    `words` names its number in braces, so that it is said in every language.
    """

    words: str
    days: int
    holds: bool | None
    holds_from: date | None = None


CLEAN = "连续 {days} 天没有新增"
CONTACTS = "最后一名密接离开满 {days} 天"
ROUND = "解除前 {days} 天内一轮检测全部阴性"
LISTED = (CLEAN, CONTACTS, ROUND, *(say("", one) for one in get_args(EndCondition)))


def conditions(
    zone: Zone,
    *,
    last_case_on: date | None,
    contacts_clear_on: date | None,
    clean_round_on: date | None,
    today: date,
) -> list[Condition]:
    """What must hold for the next step of a zone, each with whether it does, or from which day it will.

    Shape: days are None where they are not known; an unknown condition never counts as held.
    """
    found: list[Condition] = []
    for ending in zone.endings[:1]:
        if ending.clean_days:
            found.append(_after(CLEAN, last_case_on, ending.clean_days, today))
        if ending.contacts_clear_days:
            found.append(_after(CONTACTS, contacts_clear_on, ending.contacts_clear_days, today))
        if ending.negative_round_within_days:
            found.append(_within(clean_round_on, ending.negative_round_within_days, today))
        found += [Condition(say("", one), 0, None) for one in ending.conditions]
    return found


def conditions_of(row: Seal, today: date) -> list[Condition]:
    """The checklist of a sealed building, by the plan under which it was closed; empty where the plan names no end."""
    zone = zone_of(row)
    if zone is None:
        return []
    return conditions(
        zone, last_case_on=row.last_case_on, contacts_clear_on=row.contacts_clear_on, clean_round_on=row.clean_round_on,
        today=today,
    )  # fmt: skip


def becomes(row: Seal) -> Zone | None:
    """The kind of zone that it is next, once all of it holds; none where the building is then open."""
    zone = zone_of(row)
    following = zone.endings[0].becomes if zone and zone.endings else None
    return read_plan(row.plan).zones[following] if following and row.plan else None


def test_days_of(row: Seal) -> list[date]:
    """The days on which everybody inside is swabbed, as the plan counts them from the first, until it is over."""
    zone, first = zone_of(row), day_of(row.from_at)
    days = [first + timedelta(days=number - 1) for number in (zone.test_days if zone else ())]
    return [day for day in days if midnight(day) < row.until]


def zone_of(row: Seal) -> Zone | None:
    """The zone of the plan that a seal stands for."""
    return read_plan(row.plan).zones.get(row.zone) if row.plan else None


def ready_on(found: Sequence[Condition], today: date) -> date | None:
    """The first day on which all of them hold, if nothing happens; None while nobody can say."""
    if not found or any(one.holds is not True and one.holds_from is None for one in found):
        return None
    return max([today, *(one.holds_from for one in found if not one.holds and one.holds_from)])


def _after(words: str, since: date | None, days: int, today: date) -> Condition:
    if since is None:
        return Condition(words, days, None)
    holds_from = since + timedelta(days=days)
    return Condition(words, days, today >= holds_from, holds_from)


def _within(on: date | None, days: int, today: date) -> Condition:
    if on is None:
        return Condition(ROUND, days, None)
    return Condition(ROUND, days, on <= today <= on + timedelta(days=days))
