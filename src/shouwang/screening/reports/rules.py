"""What a self-report asks, and what follows from it: pure decisions. Values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shouwang.plans.schema import Plan

AHEAD_MOST_DAYS = 60
BACK_MOST_DAYS = 400
IDENTITY, TRANSPORT, TRIP = ("身份",), ("交通",), ("哪里来", "去过哪里")
SYMPTOMS = ("症状", "发热", "咳嗽", "皮疹")
EARLY, LATE, BEFORE_LEAVING = "early", "late", "before_leaving"


@dataclass(frozen=True)
class Asks:
    """What the plan in force wants to know of somebody; nothing else is asked. Units: days."""

    identity: bool = True
    trip: bool = True
    transport: bool = True
    travel_days: int | None = None
    ahead_days: int | None = None
    symptoms: tuple[str, ...] = ("发热", "干咳", "乏力")


def asks_of(plan: Plan | None) -> Asks:
    """What to ask under this plan: its checks, its days of travel, its symptoms. Without a plan the usual."""
    screening = plan.screening if plan else None
    if plan is None or screening is None:
        return Asks()
    checks = " ".join(screening.checks)
    symptoms = plan.isolation.symptoms if plan.isolation else ()
    return Asks(
        identity=_named(IDENTITY, checks),
        trip=_named(TRIP, checks),
        transport=_named(TRANSPORT, checks),
        travel_days=screening.travel_history_days,
        ahead_days=screening.return_report_ahead_days,
        symptoms=symptoms if _named(SYMPTOMS, checks) else (),
    )


def is_enough(plan: Plan | None, category: str, symptoms: Sequence[str]) -> bool:
    """Whether what somebody reported needs no worker to confirm it: the plan says so, for the category or for all.

    Without a word of the plan a worker confirms; whoever is ill is asked by a worker whatever the plan says.
    """
    if plan is None or symptoms:
        return False
    named = plan.categories.get(category)
    if named and named.self_report_settles is not None:
        return named.self_report_settles
    return bool(plan.screening and plan.screening.self_report_settles)


def wrong_days(left_on: date | None, arrived_on: date | None, *, today: date) -> str:
    """What cannot be about these days: far ahead, long ago, back before leaving. Empty when nothing is."""
    told = [day for day in (left_on, arrived_on) if day]
    if any(day > today + timedelta(days=AHEAD_MOST_DAYS) for day in told):
        return LATE
    if any(day < today - timedelta(days=BACK_MOST_DAYS) for day in told):
        return EARLY
    if left_on and arrived_on and arrived_on < left_on:
        return BEFORE_LEAVING
    return ""


def door_words(compound: str, building: str, unit: str, room: str) -> str:
    """A door as it is written on an envelope: 电力楼院3号楼2单元502室."""
    return "".join(
        part + ("" if not word or part.endswith(word) else word)
        for part, word in ((compound, ""), (building, "号楼"), (unit, "单元"), (room, "室"))
        if part
    )


def travel_words(travel: Sequence[dict[str, str]]) -> str:
    """The places of a look-back in one line: 杭州 4月12日至4月15日、上海."""
    return "、".join(" ".join(filter(None, (stop.get("place", ""), _days(stop)))) for stop in travel)


def _days(stop: dict[str, str]) -> str:
    days = [date.fromisoformat(stop[end]) for end in ("from", "until") if stop.get(end)]
    return "至".join(dict.fromkeys(f"{day.month}月{day.day}日" for day in days))


def _named(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)
