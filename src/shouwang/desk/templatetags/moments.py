"""Times as people say them: 今天 12:00, on paper with the whole day, and the end of a day as 24:00 of that day, not 0:00 of the next."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext

from shouwang.lib.clock import ZONE, day_of

register = template.Library()


@register.filter
def seen_from(at: datetime | None, now: datetime) -> str:
    """A moment, said shortly: the day only where it is not today's."""
    if at is None:
        return ""
    day, hour = _day_and_hour(at)
    said = gettext("今天") if day == day_of(now) else f"{day.month}-{day.day}"
    return f"{said} {hour}"


@register.filter
def on_paper(at: datetime | None) -> str:
    """A moment as it is still right on a paper that is read next week."""
    if at is None:
        return ""
    day, hour = _day_and_hour(at)
    said = f"{day.year}-{day.month}-{day.day} {hour}"
    return format_html('<span class="moment">{}</span>', said)  # never broken in two


def _day_and_hour(at: datetime) -> tuple[date, str]:
    local = at.astimezone(ZONE)
    if (local.hour, local.minute) == (0, 0):
        return day_of(local - timedelta(minutes=1)), "24:00"
    return day_of(local), f"{local:%H:%M}"
