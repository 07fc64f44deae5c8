"""Keeping plans in versions, and switching from peacetime to emergency (平急转换)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time
from functools import lru_cache

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.codes import ancestors
from shouwang.lib.errors import Refusal
from shouwang.plans.differences import Change, differences
from shouwang.plans.form.people import Screening
from shouwang.plans.loader import load_text, shipped
from shouwang.plans.models import Activation, PlanVersion
from shouwang.plans.schema import Clocks, Plan

UNTIL_ACTIVATED = "covid_2020"
_answers: ContextVar[dict[tuple[str, datetime], Activation | None] | None] = ContextVar(
    "answers", default=None
)


class UnknownPlan(Refusal):
    code = "plans.unknown"
    sentence = "没有叫“{name}”的预案。现有：{known}。"


class NoReason(Refusal):
    code = "plans.no_reason"
    sentence = "启用预案要写明理由，例如上级的文件号。"


def keep(text: str, *, file: str, at: datetime, area: str = "", filling: int = 0) -> PlanVersion:
    """Keeps a plan exactly as it is; the same text again is the same version.

    Raises: PlanRefusal with every mistake in the file.
    """
    plan = load_text(text, file=file)
    version, _ = PlanVersion.objects.get_or_create(
        digest=plan.digest(),
        area_code=area,
        filling=filling,
        defaults={"name": plan.name, "text": text, "read_at": at},
    )
    return version


def keep_shipped(name: str, *, at: datetime) -> PlanVersion:
    """Keeps one of the plans that come with the system. Raises: UnknownPlan."""
    return keep(text_of(name), file=f"{name}.toml", at=at)


def text_of(name: str) -> str:
    """The file of a plan that comes with the system. Raises: UnknownPlan."""
    files = shipped()
    if name not in files:
        raise UnknownPlan(name=name, known="、".join(sorted(files)))
    return files[name].read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def of_text(text: str, name: str) -> Plan:
    """The plan that a text holds."""
    return load_text(text, file=f"{name}.toml", kept=True)


def read(version: PlanVersion) -> Plan:
    """The plan that a version holds."""
    return of_text(version.text, version.name)


@contextmanager
def asked_once() -> Iterator[None]:
    """While somebody only looks: which plan holds for an area at a moment is asked once, however many parts of a page ask."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def in_force(area: str, *, now: datetime) -> Activation | None:
    """The activation that holds for an area now: its own, or the nearest above it."""
    answers = _answers.get()
    if answers is None:
        return _looked_up(area, now=now)
    if (area, now) not in answers:
        answers[area, now] = _looked_up(area, now=now)
    return answers[area, now]


def _looked_up(area: str, *, now: datetime) -> Activation | None:
    found = Activation.objects.in_force(now).filter(area_code__in=ancestors(area)).select_related("plan")
    return max(found, key=lambda activation: len(activation.area_code), default=None)


def plan_of(area: str, *, now: datetime) -> Plan | None:
    """The plan that holds for an area now, read."""
    held = in_force(area, now=now)
    return read(held.plan) if held else None


def clocks_of(area: str, *, now: datetime) -> Clocks:
    """How long everybody has here: by the plan in force, or before any is activated by the first that is shipped."""
    plan = plan_of(area, now=now)
    if plan and plan.clocks:
        return plan.clocks
    return of_text(text_of(UNTIL_ACTIVATED), UNTIL_ACTIVATED).clocks or Clocks()


def hours_to_try(plan: Plan | None) -> tuple[time, ...]:
    """When people are at home: meal times and the evening (S3), within the hours of visits. Empty without a plan."""
    asked = plan.screening if plan else None
    hours = (asked.lunch_from, asked.supper_from, asked.supper_until) if asked else ()
    return tuple(hour for hour in hours if hour and asked and may_knock(asked, hour))


def most_tries(plan: Plan | None) -> int | None:
    """How often somebody is tried in vain before it is handed on; none where the plan says nothing."""
    return plan.screening.max_tries if plan and plan.screening else None


def may_knock(asked: Screening, hour: time) -> bool:
    """Whether this is an hour at which the plan sends people to doors; where it says nothing, any is."""
    return (asked.visit_from or time.min) <= hour < (asked.visit_until or time.max)


def what_changes(area: str, version: PlanVersion, *, now: datetime) -> list[Change]:
    """What would be different for people if this plan were activated here. Empty where none holds yet."""
    held = in_force(area, now=now)
    return differences(read(held.plan), read(version)) if held else []


def activate(area: str, version: PlanVersion, *, reason: str, by: User | None, at: datetime) -> Activation:
    """From now on this plan holds here. What began under the old one keeps it. Raises: NoReason."""
    if not reason.strip():
        raise NoReason()
    Activation.objects.filter(area_code=area, until=None).update(until=at)
    activation = Activation.objects.create(area_code=area, plan=version, from_at=at, reason=reason, by=by)
    audit("plans.activate", at=at, by=by, area=area, reason=reason, plan=version.name, digest=version.digest)
    return activation
