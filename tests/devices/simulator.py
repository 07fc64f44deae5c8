"""A seeded simulator of what happens to phones: lost questions and answers, doubles, portals, halves, restarts, wrong clocks.

After every schedule one sentence is audited: every event that a phone made is on the server exactly once, or still on the
phone and counted; and when the line is good again nothing is left over but what nobody can read.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from shouwang.access.scope import scope
from shouwang.api.client import NotIn, Phone, Reply, Send
from shouwang.devices.models import Event, Quarantined
from shouwang.lib import clock
from shouwang.screening.models import Visit

PORTAL = Reply(200, {"Content-Type": "text/html"}, b"<html>Welcome, please log in to this network</html>")
NOTHING = Reply(0)
FUTURE = "elsewhere.happened"
POISON = ("{", ',"a":', "\ud800", "]}", "\x00", '"')
BAD = ({"payload": {"household": "x"}}, {"occurred_at": "tomorrow"}, {"kind": "Ä"}, {"worker": -1})


@dataclass
class Line:
    """A line to the server that may lose, double or replace what passes. Shape: `faults` counts what went wrong."""

    server: Send
    chance: Random
    fault_share: float = 0.35
    good: bool = False
    faults: Counter[str] = field(default_factory=Counter)

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        fault = self.chance.choice(("question", "answer", "twice", "portal"))
        if self.good or self.chance.random() > self.fault_share:
            return self.server(method, path, headers, body)
        self.faults[fault] += 1
        if fault == "portal":
            return PORTAL
        if fault == "question":
            return NOTHING
        self.server(method, path, headers, body)
        if fault == "twice":
            return self.server(method, path, headers, body)
        return NOTHING  # committed, and the answer is lost: the server may as well have been killed


@dataclass
class Worker:
    """Somebody with a phone, and everything that the phone ever made."""

    phone: Phone
    line: Line
    chance: Random
    doors: list[int]
    elsewhere: list[int]
    people: list[int]
    clock_off: timedelta = timedelta(0)
    made: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    def step(self) -> None:
        """One thing that happens."""
        do = self.chance.choices(
            (
                self.capture,
                self.capture_odd,
                self.spoil,
                self.send,
                self.send_some,
                self.restart,
                self.set_clock,
            ),
            (6, 2, 1, 4, 2, 1, 1),
        )[0]
        do()

    def now(self) -> datetime:
        """The phone's clock."""
        return clock.now() + self.clock_off

    def capture(self) -> None:
        """A visit, an attempt, a call, a temperature, or a taking back."""
        kind = self.chance.choice(
            ("screening.visit", "screening.visit", "screening.attempt", "isolation.temperature", "undo")
        )
        door, person = self.chance.choice(self.doors), self.chance.choice(self.people)
        said = {
            "screening.visit": {"household": door, "people_count": 2},
            "screening.attempt": {"household": door, "outcome": "no_answer"},
            "isolation.temperature": {"person": person, "how": "door", "temperature_c": "36.5"},
            "undo": {"of": self.chance.choice([*self.made, "00000000-0000-7000-8000-000000000000"])},
        }[kind]
        self._tell(kind, said, at=self.now() - timedelta(minutes=self.chance.randrange(600)))

    def capture_odd(self) -> None:
        """Another community's door, a kind of the future, a time of 2019 or of next year, somebody unknown."""
        odd = self.chance.randrange(4)
        if odd == 0:
            self._tell("screening.visit", {"household": self.chance.choice(self.elsewhere)}, at=self.now())
        elif odd == 1:
            self._tell(FUTURE, {"pass": "x"}, at=self.now())
        elif odd == 2:
            when = self.now() + timedelta(days=self.chance.choice((-1000, 400)))
            self._tell("screening.visit", {"household": self.chance.choice(self.doors)}, at=when)
        else:
            self._tell(
                "screening.visit", {"household": self.chance.choice(self.doors)}, at=self.now(), worker=10**6
            )

    def spoil(self) -> None:
        """Something writes nonsense into an event that has never been on its way: it will never be readable."""
        known = [
            name for name in self.phone.outbox if self.made[name] != FUTURE
        ]  # nobody reads what that says
        fresh = [name for name in known if name not in self.sent | self.unreadable]
        if not fresh:
            return
        name = self.chance.choice(fresh)
        text = self.phone.outbox[name]
        if self.chance.random() < 0.5:
            self.phone.outbox[name] = text[:-1] + self.chance.choice(POISON)
        else:
            self.phone.outbox[name] = json.dumps({**json.loads(text), **self.chance.choice(BAD)})
        self.unreadable.add(name)

    sent: set[str] = field(default_factory=set)

    def send(self) -> None:
        """Everything that waits, in batches of some size."""
        self.sent.update(self.phone.outbox)
        self._try(lambda: self.phone.send(at=self.now(), most=self.chance.choice((1, 3, 500))))

    def send_some(self) -> None:
        """A few, in any order."""
        names = list(self.phone.outbox)
        some = self.chance.sample(names, min(len(names), self.chance.randrange(1, 5)))
        self.sent.update(some)
        if some:
            self._try(lambda: self.phone.send_these(some, at=self.now()))

    def restart(self) -> None:
        """The app was closed: what is kept is there, the session and the page's own time are not."""
        self.phone.token, self.phone.boot_id = "", f"{self.chance.getrandbits(64):x}"

    def set_clock(self) -> None:
        """The clock is set: right, or a day wrong."""
        self.clock_off = timedelta(hours=self.chance.choice((0, 0, 24, -24, 3)))

    def finish(self) -> None:
        """The line is good again, and the app goes on trying."""
        self.line.good = True
        for _ in range(4):
            self.sent.update(self.phone.outbox)
            self._try(lambda: self.phone.send(at=self.now()))

    def _tell(self, kind: str, said: dict, *, at: datetime, worker: int | None = None) -> None:
        by = worker or self.chance.choice(self.phone.workers)["id"]
        name = str(self.phone.tell(kind, said, worker=by, at=at, offline=self.chance.random() < 0.5))
        self.made[name] = kind

    def _try(self, do: Callable[[], object]) -> None:
        with suppress(NotIn):  # the line failed while coming in
            do()


def audit(worker: Worker, areas: list[str]) -> None:
    """Every event is on the server exactly once, or still on the phone and counted."""
    phone = worker.phone
    names = set(worker.made)
    with scope(areas):
        stored = [
            str(name) for name in Event.objects.filter(device=phone.device_id).values_list("pk", flat=True)
        ]
        apart = {
            str(name)
            for name in Quarantined.objects.filter(device=phone.device_id).values_list("event_id", flat=True)
        }
        visits = [str(pk) for pk in Visit.objects.filter(pk__in=names).values_list("pk", flat=True)]
    held, here, aside = set(stored), set(phone.outbox), set(phone.quarantine)
    assert len(stored) == len(held)
    assert held <= names
    assert names == held | here | aside, "an event is nowhere"
    assert not held & aside, "set aside on the phone, and taken by the server"
    assert aside <= worker.unreadable
    assert aside <= apart | {name for name in aside if _illegible(phone.quarantine[name])}
    assert set(visits) <= held
    assert len(visits) == len(set(visits))


def audit_the_end(worker: Worker, areas: list[str]) -> None:
    """With a good line nothing is left over but what nobody can read, and the server knows every place."""
    audit(worker, areas)
    phone = worker.phone
    assert not phone.outbox
    assert set(phone.quarantine) == worker.unreadable
    legible = {name for name in worker.unreadable if not _illegible(phone.quarantine[name])}
    if legible == worker.unreadable:
        assert phone.confirmed_seq == phone.seq


def _illegible(text: str) -> bool:
    """Whether not even the name can be read out of it for sure."""
    return text.count('"event_id"') != 1 or text.count('"seq"') != 1
