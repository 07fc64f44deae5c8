"""Which door of ours a written address means, or which place elsewhere it names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shouwang.lib.characters import NUMERAL, plain
from shouwang.lib.doors import NOT_HERE, parse_door
from shouwang.register.matching.names import traditional_signs

COMMUNITY = re.compile(
    r"([\u3400-\u9fff]{2,12}?(?:社区(?!服务)|居委会|村委会|新村村|(?<=[\u3400-\u9fff])村(?!\d)))"
)
STREET = re.compile(
    r"([\u3400-\u9fff]{2,8}?(?:街道办事处|街道|(?<=[\u3400-\u9fff]{2})镇|(?<=[\u3400-\u9fff]{2})乡))"
)
CITY = re.compile(r"([\u3400-\u9fff]{2,7}?(?:省|自治区|市|自治州|县))")
ABOVE = re.compile(r"^.*(?:街道办事处|街道|办事处|省|市|县|镇|乡|自治州|(?<!社|小)区)")
ENDINGS = re.compile(r"(?:小区|社区|家属院|家属楼|楼院|院)$")
LEAST_LABEL = 2


@dataclass(frozen=True)
class Place:
    """What an address says.

    Shape: door labels as the register has them, empty where not said; `community` is the code of one of ours; `elsewhere` names
    the place that is not ours; `in_words` where numbers were written in characters.
    """

    community: str = ""
    compound: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    elsewhere: str = ""
    in_words: bool = False


@dataclass(frozen=True)
class Known:
    """The names of our own areas, simplified."""

    communities: Mapping[str, str]  # name: code
    streets: frozenset[str]
    compounds: frozenset[str]
    _seen: dict[str, Place] = field(default_factory=dict, compare=False)

    @cached_property
    def _compound_words(self) -> dict[str, str]:
        """Every way to say a compound, with the compound; a short form only where one has it."""
        words = {label: label for label in self.compounds if len(label) >= LEAST_LABEL}
        stems: dict[str, set[str]] = {}
        for label in self.compounds:
            stems.setdefault(ENDINGS.sub("", label), set()).add(label)
        every = "\n".join(self.compounds)
        for stem, labels in stems.items():
            if len(labels) == 1 and len(stem) > LEAST_LABEL and every.count(stem) == 1:
                words.setdefault(stem, *labels)
        return words

    @cached_property
    def _any_compound(self) -> re.Pattern[str]:
        return _any_of(self._compound_words)

    @cached_property
    def _any_community(self) -> re.Pattern[str]:
        return _any_of(self.communities)

    def place(self, address: str) -> Place:
        """The door or the place elsewhere that an address means; the same address is read once."""
        if address not in self._seen:
            self._seen[address] = self._read(address)
        return self._seen[address]

    def _read(self, address: str) -> Place:
        text = plain(address).translate(traditional_signs()).replace(" ", "")
        if not text or NOT_HERE.match(text):
            return Place()
        words, compound = self._compound(text)
        rest = text.replace(words, "", 1)
        named = self._any_community.search(text)
        community = self.communities[named[0]] if named else ""
        elsewhere = "" if community else self._elsewhere(rest, bool(compound))
        door = parse_door(rest) or parse_door(text)
        if door is None or not door.room:
            return Place(community, compound, elsewhere=elsewhere)
        if not compound and not elsewhere and not self._only_ours(door.compound):
            words = compound = door.compound  # of which the register knows nothing
        in_words = bool(NUMERAL.search(text.rpartition(words)[2] if words else text))
        return Place(community, compound, door.building, door.unit, door.room, elsewhere, in_words)

    def _compound(self, text: str) -> tuple[str, str]:
        """The words that name one of our compounds, and which: the longest, where several stand there."""
        words = max(self._any_compound.findall(text), key=len, default="")
        return words, self._compound_words.get(words, "")

    def _only_ours(self, words: str) -> bool:
        """Whether what stands before a door is nothing but the names of our community and what lies above it."""
        rest = ABOVE.sub("", words)
        return not rest or any(
            rest == label or rest == re.sub("社区$", "", label) for label in self.communities
        )

    def _elsewhere(self, rest: str, compound: bool) -> str:
        """The community, street or town that an address names and that is not ours; empty if none is."""
        if found := COMMUNITY.search(ABOVE.sub("", rest)):
            return found[1]
        streets = {words.removesuffix("办事处") for words in STREET.findall(_below_town(rest))}
        if streets and not compound and self.streets and not streets & self.streets:
            return streets.pop()
        if compound:
            return ""
        towns = CITY.findall(rest)
        return "".join(towns) if towns else ""


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these words, the longest that stands at a place; nothing where there are none."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)")


def _below_town(text: str) -> str:
    return re.sub(r"^.*(?:省|市|县|(?<!社|小)区)", "", text)


def known(communities: Mapping[str, str], streets: Iterable[str], compounds: Iterable[str]) -> Known:
    """The names of our areas made comparable; of a community with its code."""
    ours = {plainly: code for name, code in communities.items() for plainly in _plainly([name])}
    return Known(ours, _plainly(streets), _plainly(compounds))


def _plainly(names: Iterable[str]) -> frozenset[str]:
    table = traditional_signs()
    return frozenset(plain(name).translate(table).replace(" ", "") for name in names if name)
