"""The stage on which the demo's day is played: where, who acts, and the things that are done again and again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from shouwang.access.models import User
from shouwang.demo.at_the_door import Known, arrivals, said
from shouwang.demo.families import SEED
from shouwang.demo.log_ins import Users
from shouwang.duties.models import Duty
from shouwang.duties.plan import waive
from shouwang.duties.windows import Window
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.lib.codes import COMPOUND
from shouwang.plans.actions import hours_to_try, read
from shouwang.plans.models import PlanVersion
from shouwang.screening.actions import Seen, open_round, record_attempt, record_visits
from shouwang.screening.duties import VISIT

OUTCOMES = ("no_answer",) * 7 + ("no_reply",) * 2 + ("appointed", "refused")
# Whoever has been out for this long sends what was written down.
SENT_EVERY_HOURS = 1

Hours = Sequence[tuple[int, int]]  # hour, how many come in it compared with the others


@dataclass
class Stage:
    """Where, who, and until when."""

    community: str
    users: Users
    teams: dict[str, list[User]]
    moment: datetime
    plan: PlanVersion
    doors: list[Known] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(SEED))

    @property
    def clerk(self) -> User:
        """Who keeps the data."""
        return self.users["clerk"]

    @property
    def secretary(self) -> User:
        """Who gives the orders."""
        return self.users["secretary"]

    def at(self, hour: int, minute: int = 0) -> datetime:
        """A moment of today; hours below zero are yesterday's, counted back from midnight."""
        return midnight(day_of(self.moment)) + timedelta(hours=hour, minutes=minute)

    def open(self, kind: str, title: str, window: Window) -> None:
        """The secretary opens a round over the whole community when its window begins."""
        open_round(
            self.community, kind=kind, title=title, window=window, by=self.secretary, at=window.opens_at,
            plan_version=self.plan,
        )  # fmt: skip

    def chosen(self, share: float) -> tuple[list[Known], list[Known]]:
        """Some of the doors by chance, and the others."""
        lucky = set(self.random.sample(range(len(self.doors)), round(len(self.doors) * share)))
        return (
            [door for number, door in enumerate(self.doors) if number in lucky],
            [door for number, door in enumerate(self.doors) if number not in lucky],
        )

    def visits(self, doors: Sequence[Known], hours: Hours) -> list[Seen]:
        """What these doors say, each in one of the hours."""
        starts = [(self.at(hour), weight) for hour, weight in hours]
        return [said(door, when, self.random) for when, door in arrivals(doors, starts, self.random)]

    def send(self, visits: Sequence[Seen]) -> None:
        """Each team sends what it saw in an hour, at the end of the hour."""
        areas = {door.id: door.area_code for door in self.doors}
        for sent_at, hour in _by_hour(visits):
            for code, batch in groupby(
                sorted(hour, key=lambda seen: areas[seen.household]),
                lambda seen: areas[seen.household][:COMPOUND],
            ):
                record_visits(list(batch), by=self._worker(code), at=min(sent_at, self.moment))

    def attempts(self, doors: Sequence[Known], first: datetime, minutes: int) -> None:
        """Nobody was met at these doors, at different times from `first` on."""
        hours = hours_to_try(read(self.plan))
        tries = [(first + timedelta(minutes=self.random.randrange(minutes)), door) for door in doors]
        for when, door in sorted(tries, key=lambda tried: tried[0]):
            record_attempt(
                door.id, outcome=self.random.choice(OUTCOMES), tried_at=when, hours=hours,
                by=self._worker(door.area_code[:COMPOUND]), at=when,
            )  # fmt: skip

    def waive(self, doors: Sequence[Known], reason: str, at: datetime) -> None:
        """These doors need no visit in the rounds that are open."""
        owed = Duty.objects.filter(kind=VISIT.name, household__in=[door.id for door in doors], fact="owed")
        if doors:
            waive(owed, reason=reason, by=self.clerk, at=at)

    def _worker(self, compound: str) -> User:
        """Somebody of the compound's team."""
        return self.random.choice(self.teams.get(compound) or [self.clerk])


def _by_hour(visits: Sequence[Seen]) -> Iterator[tuple[datetime, list[Seen]]]:
    def sent_at(seen: Seen) -> datetime:
        return seen.at.astimezone(ZONE).replace(minute=0, second=0) + timedelta(hours=SENT_EVERY_HOURS)

    for when, hour in groupby(sorted(visits, key=lambda seen: seen.at), sent_at):
        yield when, list(hour)
