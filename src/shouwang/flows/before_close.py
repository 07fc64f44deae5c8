"""预结: what tonight's close would say, and the doors for which somebody still has to find a word.

Only doors that nobody tried need one; one word can be given to all of them, to a compound, to a building or to a
door, and the nearest one counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shouwang.duties.close import (
    UNTOLD,
    Proposal,
    as_if_closed,
    books_between,
    last_close,
    owed_at,
    still_owed,
)
from shouwang.duties.models import DayClose, Duty
from shouwang.flows.end_of_day import REASON_WORDS, proposals
from shouwang.lib.clock import day_of
from shouwang.lib.codes import ancestors
from shouwang.lib.errors import Refusal
from shouwang.plans.actions import plan_of

EVENING_LASTS_HOURS = 6
LONGEST_WORD = 100


class NoSuchReason(Refusal):
    code = "flows.no_such_reason"
    sentence = "没有“{reason}”这个转次日原因。"


@dataclass(frozen=True)
class Tonight:
    """All that a day would carry, and of it what was due and is not done, each with what is known about it."""

    carried: list[int]
    lines: list[tuple[Duty, Proposal]]


@dataclass(frozen=True)
class Evening:
    """A day as it would be closed now.

    Shape: `books` the account by kind; `lines` what was due and is not done, each with what is known about it;
    `running` how many are carried because they are not due yet.
    """

    day: date
    until: datetime
    books: dict[str, dict[str, int]]
    lines: list[tuple[Duty, Proposal]]

    @property
    def running(self) -> int:
        """Carried, but not due yet (未到期)."""
        return sum(columns["carried_out"] for columns in self.books.values()) - len(self.lines)

    @property
    def untold(self) -> list[tuple[Duty, Proposal]]:
        """The doors that nobody tried: for them somebody has to say a word."""
        return [line for line in self.lines if line[1].reason == UNTOLD]


def day_to_close(last: DayClose | None, *, now: datetime) -> date:
    """The day whose account is due: after midnight still yesterday's, until it is closed."""
    evening = day_of(now - timedelta(hours=EVENING_LASTS_HOURS))
    return day_of(now) if last and last.day >= evening else evening


def evening_of(
    community: str, day: date | None, *, now: datetime, answers: Mapping[str, tuple[str, ...]]
) -> Evening:
    """What closing this day now would say, or the day that is due; changes nothing. Raises: AlreadyClosed, NotYet."""
    last = last_close(community)
    day = day or day_to_close(last, now=now)
    with as_if_closed(community, day, last=last, now=now) as (since, until):
        books = books_between(community, since, until)
        carried = _tonight(community, until, now=now, answers=answers)
    return Evening(day, until, books, carried.lines)


def carried_tonight(
    community: str, day: date, *, last: DayClose | None, now: datetime, answers: Mapping[str, tuple[str, ...]]
) -> Tonight:
    """What closing this day now would carry; changes nothing. Raises: AlreadyClosed, NotYet."""
    with as_if_closed(community, day, last=last, now=now) as (_since, until):
        return _tonight(community, until, now=now, answers=answers)


def _tonight(
    community: str, until: datetime, *, now: datetime, answers: Mapping[str, tuple[str, ...]]
) -> Tonight:
    carried, plan = owed_at(community, until), plan_of(community, now=now)
    duties = still_owed(carried, until=until)
    known = {line.duty: line for line in proposals(duties, until, plan=plan, answers=answers)}
    return Tonight(carried, [(duty, known[duty.pk]) for duty in duties])


def words_for(
    evening: Evening, said: Mapping[str, str], *, doors: Mapping[int, str], word: str = ""
) -> dict[int, Proposal]:
    """What was said, as a word for each untried door: `doors` by duty, `said` by area, nearest first.

    Shape: the empty area in `said` is for all of them. Raises: NoSuchReason.
    """
    for reason in {*said.values(), *doors.values()} - {""}:
        if reason not in REASON_WORDS:
            raise NoSuchReason(reason=reason[:16])
    found = {}
    for duty, proposal in evening.untold:
        areas = (said.get(area, "") for area in (*ancestors(duty.area_code), ""))
        reason = doors.get(duty.pk, "") or next(filter(None, areas), "")
        if reason:
            found[duty.pk] = replace(proposal, reason=reason, word=word[:LONGEST_WORD])
    return found
