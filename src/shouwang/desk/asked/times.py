"""Days and moments, typed with the browser's own calendar and clock; and what makes a form that is sent twice count once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.lib.clock import ZONE
from shouwang.lib.ids import uuid7

MOMENT = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 1900, 2100


def possible(day: date) -> None:
    """Refuses a year in which nobody now alive was born or will be asked. Raises: ValidationError."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("没有这样的日期，请看一看年份。"), code="impossible")


class DayField(forms.DateField):
    """A day that can be: the year is looked at before anything is reckoned with it."""

    default_validators = [possible]


class MomentField(forms.DateTimeField):
    """A day and an hour that can be."""

    default_validators = [possible]


def day_written(text: str) -> date | None:
    """A day out of an address; nothing where there is no such day."""
    try:
        day = date.fromisoformat(text)
        possible(day)
    except (ValueError, forms.ValidationError):
        return None
    return day


def moment_field(label: object, **options: Any) -> MomentField:
    """A day and an hour."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return MomentField(label=label, input_formats=[MOMENT], widget=widget, **options)  # type: ignore[arg-type]


def day_field(label: object, *, required: bool = False) -> DayField:
    """A day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(label=label, required=required, widget=widget)  # type: ignore[arg-type]


def once_field() -> forms.UUIDField:
    """What makes a form that is sent twice count once."""
    return forms.UUIDField(widget=forms.HiddenInput)


def once(now: datetime) -> dict[str, UUID]:
    """A fresh one, for the form as it is shown."""
    return {"id": uuid7(now)}


def in_zone(at: datetime) -> datetime:
    """As the community's clock shows it."""
    return at.astimezone(ZONE)
