"""The period of a form: from which hour to which, and by when it is due, as its own words say.

A period ends at the cut-off and is a day long. 0:00 is midnight at the end of the day: the natural day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shouwang.lib.clock import ZONE, day_of

DAY = timedelta(days=1)
HOUR = r"(\d{1,2})\s*(?:[:：]\s*(\d{2})|[时点])"
SINCE_YESTERDAY = re.compile(rf"(?:昨日|前一日|昨天)\s*{HOUR}\s*[至到—-]+\s*(?:今日|当日|今天)\s*{HOUR}")
CUT_OFF = re.compile(rf"截[至止]到?(?:当日|今日|每日)?\s*{HOUR}")
DUE = re.compile(rf"(?:每日|每天|当日|次日)?\s*{HOUR}\s*(?:之?前)\s*(?:报送|上报|报)")


@dataclass(frozen=True)
class Rhythm:
    """At which hour a period ends and when its report is due; `said` where the form's own words say so."""

    cut_off: time = time()
    due: time = time()
    said: str = ""


def rhythm_of(texts: Iterable[str], *, usual: time | None = None) -> Rhythm:
    """The rhythm that the titles and footnotes of a form tell; where they tell none, until the `usual` hour of reports, else
    the natural day.

    A form that only says by when it must be there (每日17时前报送) counts until that hour.
    """
    for text in texts:
        since, cut, due = SINCE_YESTERDAY.search(text), CUT_OFF.search(text), DUE.search(text)
        if not (since or cut or due):
            continue
        due_at = _hour(due[1], due[2]) if due else None
        ends = _hour(since[3], since[4]) if since else _hour(cut[1], cut[2]) if cut else due_at
        said = "，".join(found[0].strip() for found in (due, since, cut) if found)
        return Rhythm(ends or time(), due_at or ends or time(), said)
    return Rhythm(usual, usual) if usual else Rhythm()


def _hour(hour: str, minute: str | None) -> time:
    return time(int(hour) % 24, int(minute or 0)) if int(hour) <= 24 and int(minute or 0) < 60 else time()


@dataclass(frozen=True)
class Period:
    """What counts: whatever was booked from one moment up to, not including, another."""

    from_at: datetime
    until: datetime


def period_of(day: date, cut_off: time) -> Period:
    """The period that ends on this day (at its midnight where the cut-off is 0:00)."""
    until = _at(day, cut_off)
    return Period(until - DAY, until)


def due_at(day: date, cut_off: time, due: time) -> datetime:
    """When the report of this day is due: the first such hour that is not before the cut-off."""
    until = _at(day, cut_off)
    moment = datetime.combine(day, due, tzinfo=ZONE)
    return moment if moment >= until else moment + DAY


def day_at(now: datetime, cut_off: time) -> date:
    """The day whose period is running at this moment."""
    today = day_of(now)
    return today if now < _at(today, cut_off) else today + DAY


def _at(day: date, cut_off: time) -> datetime:
    moment = datetime.combine(day, cut_off, tzinfo=ZONE)
    return moment if cut_off != time() else moment + DAY
