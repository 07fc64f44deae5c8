"""Days and times as people write them: 2022.4.17, 4月18日, 二〇二二年四月, Excel's numbers."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from shouwang.lib.characters import NUMERAL, chinese_number, plain

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  cells know no zone
SERIALS = range(10_000, 80_000)  # Excel counts days from 1900: these are 1927 to 2119
YEARS = range(1900, 2100)

TIME = (
    r"(?:[ T日号,，]*(?P<half>上午|下午|晚上?|中午|凌晨|早上?)?\s*"
    r"(?P<hour>\d{1,2})(?:[:：时点](?P<minute>\d{1,2})?(?::\d{1,2}(?:\.\d+)?)?分?))?"
)
ZONE = r"(?:Z|[+-]\d{2}:?\d{2})?"
FULL = re.compile(
    rf"(?P<year>\d{{4}}|\d{{2}}(?=[./年-]\d{{1,2}}[./月-]))\s*[-./年]\s*(?P<month>\d{{1,2}})\s*[-./月]\s*(?P<day>\d{{1,2}})\s*[日号]?{TIME}{ZONE}"
)
PACKED = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:[ T]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?\d{2})?)?"
)
NO_YEAR = re.compile(rf"(?P<month>\d{{1,2}})\s*[月./-]\s*(?P<day>\d{{1,2}})\s*[日号]?{TIME}")
NO_DAY = re.compile(r"(?P<year>\d{4})\s*[-./年]\s*(?P<month>\d{1,2})\s*月?")
AMERICAN = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})")
AFTERNOON = frozenset(["下午", "晚", "晚上"])


class When(NamedTuple):
    """A written day or moment; `assumed_year` where the year came from the reference day."""

    value: date | datetime
    assumed_year: bool = False
    assumed_day: bool = False


def read_when(value: object, reference: date | None) -> When | None:
    """The day or moment in a cell, or None where there is none to be read.

    Shape: `reference` is a day near which the sheet was written; without it a date without a year is not
    read.
    """
    if isinstance(value, datetime):
        return When(value.date() if value.time() == time() else value.replace(tzinfo=None, microsecond=0))
    if isinstance(value, date):
        return When(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    return _from_text(value, reference) if isinstance(value, str) else None


def _from_number(value: float) -> When | None:
    if not 0 <= value < 1e9:
        return None
    if int(value) in SERIALS:
        moment = EXCEL_EPOCH + timedelta(minutes=round(value * 1440))
        return When(moment.date() if moment.time() == time() else moment)
    return _from_text(str(int(value)), None) if value == int(value) and len(str(int(value))) == 8 else None


@lru_cache(maxsize=20_000)
def _from_text(text: str, reference: date | None) -> When | None:
    text = NUMERAL.sub(lambda found: chinese_number(found[0]), plain(text)).strip("'`")
    for pattern in (FULL, PACKED, AMERICAN, NO_DAY):
        if (found := pattern.fullmatch(text)) and (value := _built(found.groupdict(), None)):
            return When(value, assumed_day=pattern is NO_DAY)
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_number(float(text))
    found = NO_YEAR.fullmatch(text)
    if found and reference and (value := _built(found.groupdict(), reference)):
        return When(value, assumed_year=True)
    return None


def _built(parts: dict[str, str | None], reference: date | None) -> date | datetime | None:
    year = int(parts["year"] or 0) if reference is None else reference.year
    year += 2000 if year < 100 else 0
    try:
        day = date(year, int(parts["month"] or 0), int(parts.get("day") or 1))
        # 12月30日 written in a list of January is last year's: people do not write lists of next winter.
        if reference and (day - reference).days > 183:
            day = day.replace(year=year - 1)
        return _at_hour(day, parts) if year in YEARS else None
    except ValueError:
        return None


def _at_hour(day: date, parts: dict[str, str | None]) -> date | datetime:
    if parts.get("hour") is None:
        return day
    hour = int(parts["hour"] or 0)
    hour += 12 if parts.get("half") in AFTERNOON and hour < 12 else 0
    moment = datetime.combine(day, time(hour % 24, int(parts.get("minute") or 0)))
    return moment + timedelta(days=1) if hour == 24 else moment
