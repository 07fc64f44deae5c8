"""What modules offer to ledgers, as plain values: numbers of an area, cells of a line, and what lines there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

Rows = Any  # a Django queryset; this floor knows no Django


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something that a form from above may ask for, and that is recorded here.

    Shape: `words` and `synonyms` are headings as forms write them, a group before a slash (居家隔离/今日新增); `means`
    says what is counted or shown (口径); `needs` is the permission without which nobody maps a column to it.
    """

    key: str
    words: str
    synonyms: tuple[str, ...] = ()
    means: str = ""
    needs: str = "board"
    shape: ClassVar[str] = ""


@dataclass(frozen=True, kw_only=True)
class NumberField(Field):
    """A number of an area and a period, in a form with one line for each area.

    Shape: `source(area)` is a queryset with the columns `area_code`, `happened_at`, `came_at` (booked), `gone_at`
    (struck, released, left), `amount` and `subject`; None where it is not recorded. `span` says which are counted: "day"
    (今日: booked in the period, less what was struck), "ever" (累计), "added" (新增), "removed" (解除), "standing" (现有).
    `silent`: where nobody said anything there is no number, not even none.
    `once` counts each subject of a period once, however many records it has. `recorded(area)` says for several numbers at
    once whether anything of the kind is recorded there at all.
    """

    span: str
    source: Callable[[str], Rows | None]
    recorded: Callable[[str], bool] | None = None
    subject: str = "household"
    silent: bool = False
    once: bool = False
    shape: ClassVar[str] = "number"


@dataclass(frozen=True, kw_only=True)
class RowField(Field):
    """A cell of a form with one line for each person, household, box …

    Shape: `lines` names what a line is about; `source(rows, at)` gives one value for each row, None where it is not
    known; `clear` the same without the mask.
    """

    lines: str
    source: Callable[[Sequence[Any], datetime], Sequence[object]]
    clear: Callable[[Sequence[Any]], Sequence[object]] | None = None
    shape: ClassVar[str] = "row"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """What one line of a form can be about, and which of them a selection takes.

    Shape: `rows(area, selection, at)` is a queryset; `titles` are words in a form's title that give it away;
    `subject` names the page that a line opens, `selects` what a selection may ask (category, from_place, list, since).
    """

    key: str
    words: str
    rows: Callable[[str, Mapping[str, str], datetime], Rows]
    titles: tuple[str, ...] = ()
    subject: str = "person"
    selects: tuple[str, ...] = ()


def cells_of(lines: Lines, module: str) -> Callable[..., RowField]:
    """How a module offers the cells of its lines, to whoever may read the register: one value for each row."""

    def cell(
        key: str,
        words: str,
        *synonyms: str,
        value: Callable[[Any, datetime], object],
        clear: Callable[[Sequence[Any]], Sequence[object]] | None = None,
    ) -> RowField:
        return RowField(
            key=f"{module}.{key}",
            words=words,
            synonyms=synonyms,
            needs="register.read",
            lines=lines.key,
            source=lambda rows, at: [value(row, at) for row in rows],
            clear=clear,
        )

    return cell
