"""What a community fills in where a plan leaves something open: kept beside the file, so a newer file keeps it."""

from datetime import datetime

from django.db import transaction

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.codes import ancestors
from shouwang.lib.errors import Refusal
from shouwang.plans.actions import keep, of_text, text_of
from shouwang.plans.form.filled import Value, values_in, written
from shouwang.plans.loader import shipped
from shouwang.plans.models import PlanVersion
from shouwang.plans.schema import Plan


class NothingFilled(Refusal):
    code = "plans.nothing_filled"
    sentence = "一项也没有填。至少填一项再存。"


def last_filled(area: str) -> dict[str, PlanVersion]:
    """The versions in which this area, or the nearest above it, last filled in plans. Shape: by name."""
    found = PlanVersion.objects.filter(area_code__in=ancestors(area), filling__gt=0)
    return {version.name: version for version in sorted(found, key=lambda one: (len(one.area_code), one.pk))}


def filled(name: str, last: PlanVersion | None) -> tuple[dict[str, Value], str]:
    """What was filled in last and on whose word; what a newer file answers itself, or asks no more, is left out."""
    values, because = values_in(last.text) if last else ({}, "")
    still_open = {setting.key for setting in of_text(text_of(name), name).to_be_set}
    return {key: value for key, value in values.items() if key in still_open}, because


def as_filled(area: str) -> dict[str, Plan]:
    """The shipped plans as they would hold in an area: each file with what was filled in there."""
    last = last_filled(area)
    return {name: of_text(_text(name, *filled(name, last.get(name))), name) for name in shipped()}


def keep_filled(name: str, *, area: str, at: datetime) -> PlanVersion:
    """Keeps a shipped plan as it would hold in an area. Raises: UnknownPlan."""
    last = last_filled(area).get(name)
    text = _text(name, *filled(name, last))
    return keep(
        text,
        file=f"{name}.toml",
        at=at,
        area=last.area_code if last else "",
        filling=last.filling if last else 0,
    )


@transaction.atomic
def fill(
    name: str, values: dict[str, Value], *, area: str, because: str, by: User | None, at: datetime
) -> PlanVersion:
    """Saves what is filled in as the next version for this area; the same once more is no new version.

    Raises: NothingFilled, UnknownPlan, PlanRefusal with every value that does not fit.
    """
    last = last_filled(area).get(name)
    if not values and not last:
        raise NothingFilled()
    if last and (values, because) == filled(name, last):
        return last
    number = 1 + (last.filling if last else 0)
    version = keep(_text(name, values, because), file=f"{name}.toml", at=at, area=area, filling=number)
    audit(
        "plans.fill", at=at, by=by, area=area, reason=because,
        plan=name, digest=version.digest, filling=number, keys=sorted(values),
    )  # fmt: skip
    return version


def _text(name: str, values: dict[str, Value], because: str) -> str:
    return text_of(name) + (written(values, because=because) if because else "")
