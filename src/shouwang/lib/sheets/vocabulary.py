"""What the caller hopes to find: its fields, the headings people give them, the content under them."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from shouwang.lib.characters import plain, simplified

BRACKETS = re.compile(r"[(\[【<《{].*?[)\]】>》}]")
PUNCTUATION = re.compile(r"[^\w℃%]|_")
NUMBERED = re.compile(r"^[(]?\d{1,2}\s*[、.)]\s*(?=\D)")  # questionnaires number their headings
SURE_WORDS = 0.8
# Words that do not change what a column means when they stand before or behind a known heading.
HARMLESS = re.compile(
    r"(您的|你的|本人|居民|人员|住户|被采样人|被隔离人|受检人|必填|选填|填写|请|的|现|目前|所在|情况|信息|号码|名称|栏|列|号|数|全称)*"
)


@dataclass(frozen=True)
class Field:
    """One thing the caller wants from a sheet.

    Shape: `kind` is a key of `cells.CLEANERS` and says how the cells are read; `headings` are written as
    people write them; `fill_down` marks what is written once per household. Household fields stand in the
    vocabulary from the widest to the narrowest (compound, building, unit, floor, room, head). `by_content`
    is False where a column must never be taken for this field without its heading.
    """

    name: str
    label: str
    kind: str = "text"
    headings: Sequence[str] = ()
    fill_down: bool = False
    by_content: bool = True


@dataclass(frozen=True)
class Vocabulary:
    """All fields a caller knows, in its own order."""

    fields: Sequence[Field]
    by_name: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.fields})

    @cached_property
    def known(self) -> dict[str, list[str]]:
        """Every known heading, made plain, with the names of the fields that it may mean."""
        known: dict[str, list[str]] = {}
        for each in self.fields:
            for heading in {normal(words) for words in (*each.headings, each.label)}:
                known.setdefault(heading, []).append(each.name)
        return known

    def knows(self, heading: str) -> bool:
        """Whether a cell is one of the headings, perhaps with harmless words around it."""
        return max(self._meanings(heading).values(), default=0.0) > SURE_WORDS

    def meanings(self, heading: str) -> dict[str, float]:
        """The fields that a heading may mean, each with how sure that is (0 to 1)."""
        found: dict[str, float] = {}
        group, _, own = BRACKETS.sub("", plain(heading)).rpartition("/")  # not the one in 方式(入户/电话)
        for words, sure in (
            (heading, 1.0),
            (own, 0.97 if not group else 0.9),
            (group, 0.5 if group else 0.0),
        ):
            for name, score in self._meanings(words).items() if words and sure else ():
                found[name] = max(found.get(name, 0.0), score * sure)
        return found

    def _meanings(self, words: str) -> dict[str, float]:
        exact = self.known.get(normal(words))
        if exact:
            return dict.fromkeys(exact, 1.0)
        short = without_brackets(words)
        if short in self.known:
            return dict.fromkeys(self.known[short], 0.95)
        found: dict[str, float] = {}
        for known, names in self.known.items():
            if len(known) > 1 and (score := _within(known, short)):
                for name in names:
                    found[name] = max(found.get(name, 0.0), score)
        return found


def _within(known: str, heading: str) -> float:
    """How well a longer heading says the known one: harmless words around it cost little."""
    before, found, after = heading.partition(known)
    if not found:
        return 0.0
    if HARMLESS.fullmatch(before) and HARMLESS.fullmatch(after):
        return 0.85
    if not before and re.match(r"[及和与或]", after):
        return 0.7
    # 房东电话 is not 电话 and 户主姓名 is not 姓名: content must speak for such a column too.
    return 0.3 if len(known) * 2 >= len(heading) else 0.15


@lru_cache(maxsize=4096)
def normal(words: str) -> str:
    """A heading without blanks, brackets and punctuation, in half-width simplified characters."""
    return PUNCTUATION.sub("", NUMBERED.sub("", simplified(plain(words)))).lower()


@lru_cache(maxsize=4096)
def without_brackets(words: str) -> str:
    """The same without what stands in brackets: 流入前所在地（省市区） is 流入前所在地."""
    return normal(BRACKETS.sub("", plain(words)))


def shape_of(headings: Iterable[str]) -> str:
    """A fingerprint of a sheet's headings, under which a corrected mapping is remembered."""
    joined = "|".join(normal(heading) for heading in headings)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]
