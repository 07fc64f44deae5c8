"""What a row of a list of codes says: colour, where and when somebody was, papers, when it was asked for. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.written_dates import read_when

COLOUR = {"黄": "yellow", "红": "red"}
WHEN = re.compile(r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}(?::\d{2}|时|点)(?:\d{1,2}分)?)?")
WHERE_HEADINGS, PAPER_HEADINGS, ASKED_HEADINGS = (
    ("原因", "场所", "轨迹"),
    ("核酸", "材料", "证明"),
    ("申请时间", "申请日期"),
)


@dataclass(frozen=True)
class WrittenCode:
    """Shape: `exposed` is the time as it was written, `exposed_on` its day where it could be read."""

    colour: str = ""
    place: str = ""
    exposed: str = ""
    exposed_on: date | None = None
    papers: str = ""
    requested_at: datetime | None = None


def read_code(reason: str, extra: Mapping[str, str], *, at: datetime) -> WrittenCode:
    """The request behind a row: its own reason, and the columns that no field of a list holds."""
    where = _under(extra, WHERE_HEADINGS) or ("" if _colour(reason) else reason)
    said = WHEN.search(where)
    exposed = said[0] if said else ""
    when = read_when(exposed, day_of(at)) if exposed else None
    return WrittenCode(
        colour=_colour(" ".join((reason, *extra.values()))),
        place=where.replace(exposed, "").strip(" 　，,、;；")[:80],
        exposed=exposed[:40],
        exposed_on=_day(when.value) if when else None,
        papers=_under(extra, PAPER_HEADINGS)[:160],
        requested_at=_moment(_under(extra, ASKED_HEADINGS), at),
    )


def _colour(text: str) -> str:
    found = re.search("([黄红])码", text)
    return COLOUR[found[1]] if found else ""


def _under(extra: Mapping[str, str], words: tuple[str, ...]) -> str:
    return next((text for heading, text in extra.items() if any(word in heading for word in words)), "")


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _moment(text: str, at: datetime) -> datetime | None:
    """When it was asked for, if that can be read and is over."""
    when = read_when(text, day_of(at)) if text else None
    if when is None or not isinstance(when.value, datetime):
        return None
    told = when.value if when.value.tzinfo else when.value.replace(tzinfo=ZONE)
    return told if told <= at else None
