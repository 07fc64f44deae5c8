"""From when to when each round of a day counts. Values in, values out."""

from datetime import date, datetime, time, timedelta

from shouwang.duties.windows import Window
from shouwang.lib.clock import ZONE, midnight
from shouwang.plans.form.fieldwork import Disinfection


def windows(rule: Disinfection, day: date) -> list[Window]:
    """The windows of a day: so many equal parts of it, or one every so many hours of the hours that the plan names.

    Shape: a window lapses when it is due: what was missed in the morning is not made up for in the evening. Every so
    many hours, with no working hours set, asks for nothing: nobody is asked to come at three in the night.
    """
    begins = _on(day, rule.from_hour) or midnight(day)
    ends = _on(day, rule.until_hour) or midnight(day + timedelta(days=1))
    if rule.every_hours and rule.from_hour and rule.until_hour:
        step = timedelta(hours=float(rule.every_hours))
    elif rule.per_day:
        step = (ends - begins) / rule.per_day
    else:
        return []
    found, start = [], begins
    while start + step <= ends:
        found.append(Window(start, start + step, start + step))
        start += step
    return found


def _on(day: date, hour: time | None) -> datetime | None:
    return datetime.combine(day, hour, tzinfo=ZONE) if hour else None
