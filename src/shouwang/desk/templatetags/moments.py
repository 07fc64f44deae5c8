"""Times as people say them: 今天 12:00, and the end of a day as 24:00 of that day, not 0:00 of the next."""

from datetime import datetime, timedelta

from django import template
from django.utils.translation import gettext

from shouwang.lib.clock import ZONE, day_of

register = template.Library()


@register.filter
def seen_from(at: datetime | None, now: datetime) -> str:
    """A moment, said shortly: the day only where it is not today's."""
    if at is None:
        return ""
    local = at.astimezone(ZONE)
    ends_day = (local.hour, local.minute) == (0, 0)
    day = day_of(local - timedelta(minutes=1)) if ends_day else day_of(local)
    hour = "24:00" if ends_day else f"{local:%H:%M}"
    said = gettext("今天") if day == day_of(now) else f"{day.month}-{day.day}"
    return f"{said} {hour}"
