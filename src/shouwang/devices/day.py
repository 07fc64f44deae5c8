"""What a phone needs for the day at the doors of its areas: who lives where, what is owed there, who works with it.

Plain values, as few as will do: a phone that is lost holds nothing more. Numbers and phones of residents stand here masked, names
in clear only where the role may read the register.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q
from django.utils.translation import gettext, override

from shouwang.access.models import Grant, User
from shouwang.duties.models import OWED, Attempt, Duty
from shouwang.lib.clock import ZONE, day_end, day_of, midnight
from shouwang.lib.codes import merged
from shouwang.lib.identity import mask_name
from shouwang.lib.kinds import Asking, Kind, Part
from shouwang.plans.actions import hours_to_try, plan_of
from shouwang.plans.schema import Plan
from shouwang.register.models import HELPS, Household, Person

FULL_NAMES = "register.read"
AT_DOORS = frozenset({"visit.record", "swab.record"})
LANGUAGES = ("zh-hans", "zh-hant", "en")


def doors(asking: Asking) -> Mapping[str, Any]:
    """Every door, what is owed there by tonight, and the last try of today."""
    owed, tried = _owed("household_id", asking), _tried(asking)
    rows = (
        Household.objects.filter(in_areas(asking.codes), kept=F("id"))
        .order_by("id")
        .values_list("id", "area_code", "compound", "building", "unit", "floor", "room", "empty_on")
    )
    return {
        str(pk): plain_row(
            area=area, compound=compound, building=building, unit=unit, floor=floor, room=room,
            empty=empty is not None, owed=owed.get(pk), tried=tried.get(pk),
        )
        for pk, area, compound, building, unit, floor, room, empty in rows
    }  # fmt: skip


def people(asking: Asking) -> Mapping[str, Any]:
    """Who lives behind these doors, and what is owed about them by tonight."""
    owed = _owed("person_id", asking)
    rows = (
        Person.objects.filter(in_areas(asking.codes), kept=F("id"), left_at=None)
        .order_by("id")
        .values_list(
            "id", "household__kept_id", "name", "relation", "sex", "born_on", "id_mask", "phone_mask", "helps"
        )
    )
    clear = FULL_NAMES in asking.may
    return {
        str(pk): plain_row(
            door=door, name=name if clear else mask_name(name), relation=relation, sex=sex,
            born=born.year if born else None, id_mask=id_mask, phone_mask=phone_mask, helps=helps, owed=owed.get(pk),
        )
        for pk, door, name, relation, sex, born, id_mask, phone_mask, helps in rows
    }  # fmt: skip


def workers(asking: Asking) -> Mapping[str, Any]:
    """Who may use the phone: each puts in a PIN of their own."""
    names = User.objects.filter(pk__in=asking.workers).order_by("name", "id").values_list("id", "name")
    return {str(pk): {"name": name} for pk, name in names}


def rules(asking: Asking) -> Mapping[str, Any]:
    """The few numbers of the plan that a phone shows or asks by."""
    plan = _plan(asking)
    heat, isolation = plan and plan.temperature, plan and plan.isolation
    return {
        "fever_c": heat.fever_c if heat else None,
        "fever_comparison": heat.comparison if heat else None,
        "ask_again_below_c": heat.ask_again_below_c if heat else None,
        "symptoms": list(isolation.symptoms) if isolation else [],
        "try_again_at": [f"{hour:%H:%M}" for hour in hours_to_try(plan)],
        "photos": _photographed(plan),
    }


def words(kinds: Mapping[str, Kind], others: Mapping[str, str]) -> Part:
    """What the phone calls things, in the languages of the house."""

    def rows(asking: Asking) -> Mapping[str, Any]:
        plan = _plan(asking)
        asked = plan.isolation if plan else None
        listed = (*asked.symptoms, *asked.home_conditions) if asked else ()
        said = {name: kind.words for name, kind in kinds.items()} | dict(HELPS) | dict(others)
        said |= dict(zip(listed, listed, strict=True))
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for language in LANGUAGES:
            with override(language):
                for name, text in said.items():
                    found[name][language] = gettext(text)
        return found

    return Part("words", rows)


PARTS = (
    Part("doors", doors, AT_DOORS),
    Part("people", people, AT_DOORS),
    Part("workers", workers),
    Part("rules", rules),
)


def who_may_use(ids: Sequence[int], *, now: datetime) -> list[User]:
    """The workers of a phone who still are: an account with a password of its own holds something now."""
    users = User.objects.filter(pk__in=ids, is_active=True).order_by("name", "id")
    held = set(Grant.objects.filter(user__in=ids).in_force(now).values_list("user_id", flat=True))
    return [user for user in users if user.pk in held or not user.has_usable_password()]


def _plan(asking: Asking) -> Plan | None:
    """The plan by which the first of these areas works now."""
    found: Plan | None = asking.once("plan", lambda: plan_of(asking.codes[0], now=asking.now))
    return found


def _photographed(plan: Plan | None) -> list[str]:
    """The events of which the plan asks for a photograph; of nothing else does a phone take any."""
    asked = {
        "gates.incident": plan and plan.gates and plan.gates.incident_photos,
        "isolation.brought": plan and plan.isolation and plan.isolation.delivery_photos,
    }
    return [kind for kind, wanted in asked.items() if wanted]


def _owed(subject: str, asking: Asking) -> dict[int, list[list[str]]]:
    """What is owed until tonight: kind, from when, by when.

    Cost: a row for each window and not for each duty: most of a day's duties share a few windows.
    """
    rows = Duty.objects.filter(
        in_areas(asking.codes), Q(lapses_at=None) | Q(lapses_at__gt=asking.now), fact=OWED,
        opens_at__lt=day_end(asking.now), **{f"{subject}__isnull": False},
    )  # fmt: skip
    windows = rows.values_list("kind", "opens_at", "due_at").annotate(who=ArrayAgg(subject))
    found: defaultdict[int, list[list[str]]] = defaultdict(list)
    for kind, opens, due, who in windows.order_by("due_at", "opens_at", "kind"):
        told = [kind, minute(opens), minute(due)]
        for pk in who:
            found[pk].append(told)
    return found


def _tried(asking: Asking) -> dict[int, list[Any]]:
    today = midnight(day_of(asking.now))
    rows = Attempt.objects.filter(in_areas(asking.codes), household__isnull=False, at__gte=today).order_by(
        "at"
    )
    told = rows.values_list("household_id", "outcome", "at", "next_try_at")
    return {
        door: [outcome, minute(at), minute(again) if again else None] for door, outcome, at, again in told
    }


def in_areas(codes: Sequence[str]) -> Q:
    """What lies in these areas."""
    found = Q(pk=None)
    for low, high in merged(codes):
        found |= Q(area_code__gte=low, area_code__lt=high)
    return found


def minute(at: datetime) -> str:
    """A moment as a phone reads it, to the minute."""
    return at.astimezone(ZONE).isoformat(timespec="minutes")


def plain_row(**values: Any) -> dict[str, Any]:
    """A row without what is empty."""
    return {name: value for name, value in values.items() if value}
