"""What the pages of the roster say in the same words: days, rules that would be broken, and whom a form names."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shouwang.desk.asked.times import day_written
from shouwang.desk.doors import DeskRequest
from shouwang.desk.wording import in_language
from shouwang.lib.clock import day_of
from shouwang.register.models import Helper
from shouwang.roster.solver import Way
from shouwang.roster.workers import squads_of


def day_asked(request: DeskRequest, name: str = "day") -> date:
    """The day in the address; today without one."""
    return day_written(request.GET.get(name, "")) or day_of(request.now)


def uuid_of(text: str) -> UUID | None:
    """What somebody sent as an identity; nothing where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def against_words(against: Iterable[Way]) -> str:
    """What speaks against somebody at a place, in one short word each."""
    said = {
        "rest": _("要少歇 {by} 小时"),
        "days": _("七天里会多上一天"),
        "hours": _("不是自己报的时段"),
        "skill": _("没有要的特长"),
    }
    return "、".join(said[way.rule].format(by=f"{way.by:g}") for way in against if way.rule in said)


def named(helpers: Iterable[Helper]) -> list[tuple[int, str]]:
    """People to choose from, with the unit where two have the same name."""
    return [(one.pk, f"{one.name} {one.unit or one.kind}".strip()) for one in helpers]


def squads_in(area: str, *, now: datetime) -> dict[str, str]:
    """The squads of the plan in force, each as the reader says it."""
    return {key: in_language(words) for key, words in squads_of(area, now=now).items()}
