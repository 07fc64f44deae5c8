"""What a duty kind is, as a plain value: modules declare them, the catalogue lists them, the engine is handed them."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

Rows = Any  # a Django queryset; this floor knows no Django


@dataclass(frozen=True)
class Kind:
    """Something that is owed about a subject.

    Shape: `records()` is a queryset with the columns `subject`, `about`, `at`, `id`: what really happened and counts.
    `answers` are the roles that answer for it, nearest first; a response plan may say otherwise. `about`
    is the table of the rows that such duties are about, `page` the page that opens one of them. `at_door`: whoever walks
    from door to door can do it there.
    """

    name: str
    words: str
    subject: str
    records: Callable[[], Rows]
    answers: tuple[str, ...] = ("unit_lead", "building_lead", "grid_lead", "cadre")
    about: str = ""
    page: str = ""
    at_door: bool = True


@dataclass(frozen=True)
class Retention:
    """A table (or a folder of the data folder, with a slash) that holds personal data, and the rule it follows.

    Shape: `rule` is a key of the plan's retention; `words` name what it is on the certificate of destruction. `only`: SQL that
    says which rows are meant, of a row `r`, with %(low)s, %(high)s, %(decided_at)s. `reduced`: what a row becomes instead of
    going. `since` is the column from which days count, where it is not one of the usual ones.
    """

    rule: str
    store: str
    words: str
    only: str = ""
    reduced: str = ""
    since: str = ""


class Told(NamedTuple):
    """One event of a phone as a module is handed it.

    Shape: `at` is when it happened by the server's clock, never in the future; `by` the worker who holds the phone;
    `payload` is of the kind's own shape; `basis` on what the phone decided, by a list that it had at `list_at`; `scanned` raw.
    """

    id: UUID
    at: datetime
    by: Any
    payload: Any
    basis: str = ""
    scanned: str = ""
    list_at: datetime | None = None


def by_worker(told: Iterable[Told]) -> list[list[Told]]:
    """What each worker told, in the order in which it came."""
    found: dict[int, list[Told]] = {}
    for one in told:
        found.setdefault(one.by.id, []).append(one)
    return list(found.values())


# What a handler found odd, by event: the codes of `devices/flags.py`. What is not named was taken as it was told.
Odd = Mapping[UUID, str]
Handle = Callable[[Sequence[Told], datetime], Odd]
# Where the record lies of which a photograph came, by its event's id, what that said, and the file; nothing where none is in scope.
Pictured = Callable[[UUID, Any, Any], str | None]


@dataclass(frozen=True)
class EventKind:
    """Something that a phone can tell.

    Shape: `payload` is a msgspec Struct; `handle(told, at)` writes many down at once, inside the transaction and the
    scope of their batch, and names the odd ones; `undo(told, at)` takes back what their `payload.of` names. `pictured` where
    photographs may come of it.
    """

    name: str
    words: str
    payload: type
    handle: Handle
    permission: str
    undo: Handle | None = None
    pictured: Pictured | None = None


class Asking(NamedTuple):
    """For whom a package is made: its areas, what may be done there, who works with the phone, and the moment.

    Shape: `known` holds what one part found that another needs too, as long as the package is made.
    """

    codes: tuple[str, ...]
    may: frozenset[str]
    workers: tuple[int, ...]
    now: datetime
    known: dict[str, Any]

    def once(self, name: str, find: Callable[[], Any]) -> Any:
        """What was found under this name before, otherwise found now."""
        if name not in self.known:
            self.known[name] = find()
        return self.known[name]


@dataclass(frozen=True)
class Part:
    """One part of what a phone downloads: rows by their key, plain values that JSON can say.

    Shape: only phones whose role carries one of `permissions` get it; everybody does where none is named.
    """

    name: str
    rows: Callable[[Asking], Mapping[str, Any]]
    permissions: frozenset[str] = frozenset()

    def goes_to(self, may: Set[str]) -> bool:
        """Whether a phone on which these things may be done takes it along."""
        return not self.permissions or not self.permissions.isdisjoint(may)
