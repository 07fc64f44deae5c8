"""The demo's moment: half past two in the afternoon of a working day, whatever the hour at which it is started."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

from shouwang.lib.clock import ZONE, day_of

FILE = "demo.json"
HALF_PAST_TWO = time(14, 30)
FRIDAY = 4


def working_day(now: datetime) -> date:
    """The latest weekday that is not later than today."""
    today = day_of(now)
    return today - timedelta(days=max(0, today.weekday() - FRIDAY))


def moment_on(day: date) -> datetime:
    """When the demo's clock starts on that day."""
    return datetime.combine(day, HALF_PAST_TWO, tzinfo=ZONE)


def remember(data_folder: Path, moment: datetime) -> None:
    """Writes down that this data folder holds a demo, and when its clock starts."""
    (data_folder / FILE).write_text(json.dumps({"moment": moment.isoformat()}) + "\n", encoding="utf-8")


def remembered(data_folder: Path) -> datetime | None:
    """When the clock of this folder's demo starts; nothing where the folder holds no demo."""
    file = data_folder / FILE
    if not file.exists():
        return None
    return datetime.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["moment"])


def clock_offset(data_folder: Path, *, now: datetime) -> str:
    """What SHOUWANG_CLOCK must be for the demo's clock to start now; empty where the folder holds no demo.

    Units: seconds, with a sign. The same value given to every process keeps their clocks together.
    """
    moment = remembered(data_folder)
    return f"{(moment - now).total_seconds():+.0f}" if moment else ""
