"""Two editions of a list laid side by side: rows that stayed, that changed cell by cell, that are new, that are gone.

No database here: rows as they are stored and rows as they were just read come in, pairs of them go out.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from shouwang.screening.lists.models import ListRow
from shouwang.screening.lists.reading import HEADINGS

HIDDEN = "（遮住的数字不同）"
CELLS: dict[str, tuple[str, str]] = {  # what is shown of a cell, and by what it is compared
    "name": ("name", "name"),
    "id_number": ("id_mask", "id_sealed"),
    "phone": ("phone_mask", "phone_digests"),
    "sex": ("sex", "sex"),
    "born_on": ("born_on", "born_on"),
    "address": ("address", "address"),
    "from_place": ("from_place", "from_place"),
    "happened": ("happened", "happened"),
    "transport": ("transport", "transport"),
    "reason": ("reason", "reason"),
}
WHO_IT_IS = frozenset(("name", "id_number"))
FINDS = WHO_IT_IS | {"phone", "sex", "born_on", "address"}  # by what somebody is found in the register
COUNTERS = (
    "序号",
    "序",
    "行号",
    "顺序号",
    "编号",
    "No",
    "No.",
    "NO",
    "NO.",
)  # a row in another place is the same row
SEXES = {"m": "男", "f": "女"}


@dataclass(frozen=True)
class Cell:
    """One cell that reads otherwise now. Shape: numbers masked; `field` is empty for a column that only the sender knows."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Pair:
    """A row of the older edition and the same row of the newer one, with the cells that differ."""

    before: ListRow
    after: ListRow
    cells: tuple[Cell, ...] = ()

    @property
    def finds_otherwise(self) -> bool:
        """Whether what changed may mean somebody else. A person's own decision outlives a new phone or address."""
        matters = WHO_IT_IS if self.before.decided_at else FINDS
        return any(cell.field in matters for cell in self.cells)


@dataclass
class Differences:
    """What a newer edition changes. Shape: `added` are rows as they were read, `gone` as they are stored."""

    same: list[Pair] = field(default_factory=list)
    changed: list[Pair] = field(default_factory=list)
    added: list[ListRow] = field(default_factory=list)
    gone: list[ListRow] = field(default_factory=list)

    @property
    def pairs(self) -> list[Pair]:
        """The rows that both editions have."""
        return self.same + self.changed

    def counts(self) -> dict[str, int]:
        """How many rows of each sort."""
        return {name: len(getattr(self, name)) for name in ("same", "changed", "added", "gone")}

    @property
    def is_the_same_list(self) -> bool:
        """At least half of the rows of either edition stand in the other one too."""
        both = len(self.pairs)
        return both * 2 >= max(both + len(self.added), both + len(self.gone), 1)


def compare(before: Iterable[ListRow], after: Iterable[ListRow]) -> Differences:
    """Finds each newer row among the older: first the same in every cell, then by what it says of the person."""
    older, newer = deque(before), deque(after)
    pairs: list[Pair] = []
    for key in (_all, _number, _name_and_phone, _name_and_address, _phone, _name):
        older, newer = _paired(older, newer, key, pairs)
    pairs.sort(key=lambda pair: pair.after.number)
    return Differences(
        same=[pair for pair in pairs if not pair.cells],
        changed=[pair for pair in pairs if pair.cells],
        added=list(newer),
        gone=list(older),
    )


def cells_that_differ(before: ListRow, after: ListRow) -> tuple[Cell, ...]:
    """Every cell that reads otherwise, the sender's own columns too."""
    found = [
        _cell(name, _said(before, shown), _said(after, shown))
        for name, (shown, compared) in CELLS.items()
        if _compared(before, compared) != _compared(after, compared)
    ]
    old, new = _own(before), _own(after)
    own = [(one, old.get(one, ""), new.get(one, "")) for one in dict.fromkeys((*old, *new))]
    return (*found, *(Cell("", one, said, says) for one, said, says in own if said != says))


def _paired(
    older: Sequence[ListRow],
    newer: Sequence[ListRow],
    key: Callable[[ListRow], Hashable],
    pairs: list[Pair],
) -> tuple[deque[ListRow], deque[ListRow]]:
    """Pairs those that have this in common, in their order; returns who is left on either side."""
    waiting: defaultdict[Hashable, deque[ListRow]] = defaultdict(deque)
    for row in older:
        waiting[key(row)].append(row)
    alone: deque[ListRow] = deque()
    for row in newer:
        common = key(row)
        if common and waiting[common]:
            match = waiting[common].popleft()
            pairs.append(Pair(match, row, cells_that_differ(match, row)))
        else:
            alone.append(row)
    left = deque(row for several in waiting.values() for row in several)
    return deque(sorted(left, key=lambda row: row.number)), alone


def _own(row: ListRow) -> dict[str, str]:
    """The sender's own columns, without the one that only counts the rows."""
    return {
        heading: said for heading, said in row.extra.items() if not (heading in COUNTERS and said.isdecimal())
    }


def _cell(name: str, before: str, after: str) -> Cell:
    return Cell(name, HEADINGS[name]["label"], before, after if before != after else f"{after}{HIDDEN}")


def _said(row: ListRow, attribute: str) -> str:
    value = getattr(row, attribute)
    return SEXES.get(value, value) if attribute == "sex" else str(value or "")


def _compared(row: ListRow, attribute: str) -> Hashable:
    value = getattr(row, attribute)
    if isinstance(value, list):
        return tuple(bytes(one) for one in value)
    return bytes(value) if isinstance(value, bytes | memoryview) else value


def _all(row: ListRow) -> Hashable:
    cells = tuple(_compared(row, compared) for _shown, compared in CELLS.values())
    return (*cells, *sorted(_own(row).items()))


def _number(row: ListRow) -> Hashable:
    return bytes(row.id_digest)


def _name_and_phone(row: ListRow) -> Hashable:
    return (row.name, bytes(row.phone_digests[0])) if row.name and row.phone_digests else None


def _name_and_address(row: ListRow) -> Hashable:
    return (row.name, row.address) if row.name and row.address else None


def _phone(row: ListRow) -> Hashable:
    return bytes(row.phone_digests[0]) if row.phone_digests else None


def _name(row: ListRow) -> Hashable:
    return row.name
