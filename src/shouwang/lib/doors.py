"""Doors as people write them: building, unit and room as short labels, whole addresses taken apart."""

import re
from functools import lru_cache
from typing import NamedTuple

from shouwang.lib.characters import NUMERAL, chinese_number, plain

BUILDING_WORD = r"(?:号楼|號樓|#楼|栋楼|栋|棟|幢|号幢|座|#|楼)"
UNIT_WORD = r"(?:单元|單元|单无|门洞|梯|门)"
ROOM_WORD = r"(?:房间|室|号室|號|号|户|房|#)"
SPECIAL = r"(?:地下室|地下|车库|车位|储藏室|阁楼|门面房?|门店|商铺|商|铺|网点|门卫室|值班室|架空层)"
NUMBER = r"[A-Z]?\d{1,3}[A-Z]?|[A-Z]"
ROOM = rf"(?:{SPECIAL}-?[A-Z]?\d{{0,4}}|[A-Z]{{0,2}}\d{{1,5}}[A-Z]?(?:-[A-Z0-9]{{1,2}})?)"

WITH_WORDS = re.compile(
    rf"(?P<before>.*?)(?P<building>(?:别墅)?(?:{NUMBER}|[东南西北中]))\s*-?{BUILDING_WORD}\s*[-,，、]?\s*"
    rf"(?:(?P<unit>\d{{1,2}}|[A-Z]|[甲乙丙丁东南西北中])\s*-?(?:{UNIT_WORD}|(?=-))\s*[-,，、]?\s*)?"
    rf"(?:(?:\d{{1,2}}|-\d)\s*(?:楼|层|F)\s*)?(?P<room>{ROOM})(?!\s*{UNIT_WORD})\s*{ROOM_WORD}?(?P<after>\D.*)?"
)
WITH_UNIT = re.compile(
    rf"(?P<before>.*?)(?P<building>{NUMBER})\s*[-号]?\s*(?P<unit>\d{{1,2}}|[甲乙丙丁东南西北中]){UNIT_WORD}\s*-?"
    rf"(?P<room>{ROOM})\s*{ROOM_WORD}?(?P<after>\D.*)?"
)
DASHED = re.compile(
    rf"(?P<before>.*?)(?<![\dA-Z-])(?P<building>{NUMBER})\s*[-/]\s*(?:(?P<unit>\d{{1,2}}|[A-Z])\s*[-/]\s*)?"
    rf"(?:\d{{1,2}}\s*-\s*(?=\d{{3}}))?(?P<room>{ROOM}){ROOM_WORD}?(?P<after>[^\d-].*)?"
)
VILLA = re.compile(rf"(?P<before>.*?)(?P<building>别墅(?:{NUMBER})){ROOM_WORD}?")
AREA = re.compile(
    rf"(?:[^\d]*[^\dA-Z])?(?:(?P<building>{NUMBER})\s*{BUILDING_WORD})?\s*(?:(?P<unit>\d{{1,2}}|[甲乙丙丁东南西北中]){UNIT_WORD})?"
    r"\s*(?:[(]?共?\d+[户人].*|:)?"
)
# A numeral is a number only beside one of these words: 百合花园 and 八一小区 are names.
COUNTED = re.compile(
    rf"(?<=单元|号楼)\s*{NUMERAL.pattern}|(?<=[栋幢座#层-])\s*{NUMERAL.pattern}"
    rf"|{NUMERAL.pattern}(?=\s*(?:号|#|栋|棟|幢|座|楼(?!院)|单元|單元|层|室|房(?!家)|-))|^{NUMERAL.pattern}$"
)
NOT_HERE = re.compile(r"户籍地|户籍:")


class Door(NamedTuple):
    """A written address taken apart; `compound` is all that stood before the building."""

    compound: str
    building: str
    unit: str
    room: str


def parse_door(text: str) -> Door | None:
    """Find the door in a written address: 三号楼二单元五〇二, 3-2-502 and 3#楼2单元502室 are one door."""
    text = _counted(plain(text)).upper()
    if NOT_HERE.match(text):
        return None
    for pattern in (WITH_WORDS, WITH_UNIT, DASHED, VILLA):
        if found := pattern.fullmatch(text):
            return _door(found)
    return None


def parse_area(text: str) -> tuple[str, str]:
    """The building and unit that a line above a list names (2号楼一单元); empty where it names none."""
    found = AREA.fullmatch(_counted(plain(text)).upper())
    if found is None:
        return "", ""
    return building_label(found["building"] or ""), unit_label(found["unit"] or "")


def _door(found: re.Match[str]) -> Door | None:
    parts = found.groupdict()
    room, building = parts.get("room") or "", parts["building"]
    if found.re is DASHED and not parts["unit"] and len(re.sub(r"\D", "", room)) < 3:
        return None
    unit = parts.get("unit") or ""
    compound = parts["before"].strip(" -,，、:;")
    return Door(compound, building_label(building), unit_label(unit), room_label(room))


@lru_cache(maxsize=20_000)
def building_label(text: str) -> str:
    """The short label of a building: 1, 1.0, 1#, 一号楼 and 1栋 are all 1."""
    label = _short(text)
    if found := re.fullmatch(
        rf"(别墅)?([A-Z]?\d+[A-Z]?|[A-Z]|[东南西北中甲乙丙丁]){BUILDING_WORD}*(?:号)?", label
    ):
        return (found[1] or "") + found[2]
    return label


@lru_cache(maxsize=20_000)
def unit_label(text: str) -> str:
    """The short label of a unit: 2, 2单元 and 二单元 are all 2."""
    return re.sub(rf"{UNIT_WORD}$", "", _short(text))


@lru_cache(maxsize=20_000)
def floor_label(text: str) -> str:
    """The short label of a floor: 3, 3层 and 三楼 are 3; 负一层 is -1."""
    label = re.sub(r"^负", "-", _short(text))
    return re.sub(r"(?:层|楼|F)$", "", re.sub(r"^(?:第|F(?=\d))", "", label))


@lru_cache(maxsize=20_000)
def room_label(text: str) -> str:
    """The short label of a room: 502室, 五〇二 and 502.0 are 502; 1102A, 地下室 and 门面3 stay."""
    label = _short(text)
    if found := re.fullmatch(rf"([A-Z0-9-]+){ROOM_WORD}", label):
        return found[1]
    return label


def _short(text: str) -> str:
    """Without blanks, decorations and leading zeros, Chinese numbers as digits, letters upper case."""
    label = _counted(plain(text)).upper().replace(" ", "").strip("'`")
    label = re.sub(r"(?<=\d)\.0$", "", label)
    return re.sub(r"^(第)?0+(?=\d)", "", label)


def _counted(text: str) -> str:
    """The text with the Chinese numbers that count something written as digits."""
    return COUNTED.sub(lambda found: chinese_number(found[0].strip()), text)
