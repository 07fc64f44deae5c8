"""What each line under the headings is: data, or a total, footnote, section, repeated heading or nothing."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from shouwang.lib.characters import plain
from shouwang.lib.doors import parse_area
from shouwang.lib.sheets.cells import as_text
from shouwang.lib.sheets.columns import ID, PHONE
from shouwang.lib.sheets.layout import filled
from shouwang.lib.sheets.vocabulary import Field, normal

SERIAL = frozenset(["序号", "编号", "序", "no", "号", "行号", "编码", "顺序号", "户编号", "户号"])
TOTAL = re.compile(
    r".{0,8}[合小总共累]计([:：(（]?\d.*|[:：]?|[人户]数.*)|总(人|户)?数.*|汇总.*|(以上)?共\d+[人户名栋].*|本页\d+人.*"
)
FOOTNOTE = re.compile(
    r"[*※]?\s*(注|备注|说明|填表说明|填报说明|填写说明|附注|提示|要求|联系人|联系电话|值班电话|填报人|填表人|制表|审核|填报单位|单位负责人|负责人签字"
    r"|报送|盖章|签字|签名|此表|本表|以上|第\d+页|共\d+页|日期|填报时间|填报日期|领导|经办)\s*([:：(（\d、.]|$|.{6,})"
)
SAID = re.compile(
    r"[*※]?\s*(注|备注|说明|填表说明|填报说明|填写说明|附注|提示|联系人|填报人|填表人|审核人|制表人|负责人|楼长签字|网格员签字)\s*[:：]"
)
NUMBERED = re.compile(r"[（(]?[\d一二三四五六七八九]{1,2}[)）、.．]\s*\D.{7,}")
LONG_TEXT = 25
WIDE_MERGE = 3  # columns
# A line in which such a cell stands is somebody's line, however empty it is otherwise.
STRONG = frozenset({"id_number", "phone", "name", "door", "room"})
AREAS = frozenset({"building", "unit", "floor"})


@dataclass(frozen=True)
class Reader:
    """Knows one table's columns and names the lines under its headings."""

    kinds: Mapping[int, Field]
    serial: frozenset[int]
    headings: frozenset[str]
    wide: frozenset[int]
    spread: Set[tuple[int, int]]

    def reason(self, number: int, row: list[object], rest: bool) -> str:
        """Why a line holds no data; empty where it does. `rest` says that no full line follows."""
        columns = filled(row)
        own = [
            column for column in columns if column not in self.serial and (number, column) not in self.spread
        ]
        first = plain(as_text(row[columns[0]])) if columns else ""
        if not own and (not columns or (len(first) <= 6 and re.fullmatch(r"\d+", first))):
            return "blank"
        if len(columns) > max(4, len(self.kinds) // 2) and not self._repeats(row, columns):
            return "total" if _is_total(row, columns) else ""
        return self._sparse(number, row, columns, rest)

    def _sparse(self, number: int, row: list[object], columns: list[int], rest: bool) -> str:
        if _is_total(row, columns):
            return "total"
        if self._repeats(row, columns):
            return "heading"
        first = as_text(row[columns[0]])
        if len(columns) <= 3 and self._is_footnote(row, columns, first):
            return "footnote"
        if len(columns) == 1 and any(parse_area(first)) and not self._is_area(columns[0]):
            return "section"
        if len(columns) == 1 and number in self.wide:
            return "footnote" if rest and len(first) > 8 else "section"
        if self._somebody(row, columns) or len(columns) > 2:
            return "" if not self._only_area(columns) else "section"
        if len(columns) == 1 and len(first) > LONG_TEXT:
            return "footnote"
        if any(self.kinds.get(column) and self._suits(self.kinds[column], row[column]) for column in columns):
            return "section" if self._only_area(columns) else ""
        if rest:
            return "footnote"
        return "section" if len(columns) == 1 else ""

    def _is_footnote(self, row: list[object], columns: list[int], first: str) -> bool:
        if SAID.match(first):
            return True
        return bool(FOOTNOTE.match(first) or NUMBERED.fullmatch(first)) and not self._somebody(row, columns)

    def _is_area(self, column: int) -> bool:
        """Whether a building that stands alone in this column is a row of its own, as in a duty roster."""
        knows_rooms = any(field.kind in {"room", "door"} for field in self.kinds.values())
        return not knows_rooms and column in self.kinds and self.kinds[column].kind in AREAS

    def _somebody(self, row: list[object], columns: list[int]) -> bool:
        return any(
            column in self.kinds
            and self.kinds[column].kind in STRONG
            and self._suits(self.kinds[column], row[column])
            for column in columns
        )

    def _suits(self, field: Field, value: object) -> bool:
        text = plain(as_text(value))
        if field.kind == "name":
            return (
                len(text.replace(" ", "")) <= 12
                and not FOOTNOTE.match(text)
                and not re.search(r"[:,。;]", text)
            )
        if field.kind == "id_number":
            return bool(ID.fullmatch(re.sub(r"[\s'-]", "", text).upper())) or isinstance(value, float)
        if field.kind == "phone":
            return bool(PHONE.fullmatch(re.sub(r"[\s'-]", "", text)))
        if field.kind in {"room", "building", "unit", "floor"}:
            return len(text) <= 8 and not re.search(r"[:,。;]|年.*月", text)
        return field.kind == "door" and len(text) <= LONG_TEXT

    def _only_area(self, columns: Sequence[int]) -> bool:
        """Whether only a building stands in a table that knows rooms: it heads the rooms below."""
        if not any(field.kind in {"room", "door"} for field in self.kinds.values()):
            return False
        return all(column in self.kinds and self.kinds[column].kind in AREAS for column in columns)

    def _repeats(self, row: list[object], columns: list[int]) -> bool:
        words = [value for column in columns if isinstance(value := row[column], str)]
        if len(words) < 2 or len(words) * 10 < len(columns) * 7:
            return False
        if not any(normal(word) in self.headings for word in words[:3]):
            return False  # nearly every line of data ends here
        return sum(normal(word) in self.headings for word in words) * 10 >= len(columns) * 7


def _is_total(row: list[object], columns: list[int]) -> bool:
    for column in columns[:3]:
        value = row[column]
        if isinstance(value, str) and TOTAL.fullmatch(re.sub(r"\s", "", plain(value))):
            return not any(ID.fullmatch(plain(as_text(row[other]))) for other in columns)
    return False
