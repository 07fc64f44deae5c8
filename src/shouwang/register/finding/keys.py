"""The words under which somebody is found while typing: made when writing, so that a search is one range."""

from collections.abc import Sequence
from functools import cache, lru_cache

# As a surname these are read otherwise than in most words.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "朴": "piao", "翟": "zhai",
    "盖": "ge", "曾": "zeng", "任": "ren", "覃": "qin", "缪": "miao", "乐": "yue", "召": "shao",
    "尉": "yu", "长": "zhang", "折": "she", "种": "chong", "员": "yun", "繁": "po", "黑": "he",
    "秘": "bi", "冼": "xian", "纪": "ji", "那": "na", "宁": "ning", "牟": "mu", "哈": "ha",
    "芮": "rui", "燕": "yan", "葛": "ge", "华": "hua", "万": "wan",
}  # fmt: skip
MOST = 10
LONGEST = 64


@cache
def _syllable(sign: str) -> str:
    from pypinyin import Style, pinyin

    return str(pinyin(sign, style=Style.NORMAL, errors=lambda other: other)[0][0]).lower()


@lru_cache(maxsize=4096)
def syllables(name: str) -> tuple[str, ...]:
    """How a name is spoken, sign by sign: 单小明 is shan xiao ming."""
    return tuple(
        SURNAMES[sign] if not number and sign in SURNAMES else _syllable(sign)
        for number, sign in enumerate(name)
        if not sign.isspace()
    )


def name_key(name: str) -> str:
    """What sorts people as Chinese readers expect."""
    return " ".join(syllables(name))[:128]


def person_keys(name: str, id_number: str, phones: Sequence[str]) -> list[str]:
    """Name from each of its characters on, pinyin, initials, last four of ID number and phones."""
    spoken = syllables(name)
    keys = [name, "".join(spoken), "".join(sound[:1] for sound in spoken)]
    keys += [name[start:] for start in range(1, min(len(name), 4))]
    keys += [
        number[-4:] for number in (id_number, *phones[:2]) if len(number) >= 7 and "*" not in number[-4:]
    ]
    return _fitted(keys)


def household_keys(compound: str, building: str, unit: str, room: str) -> list[str]:
    """The door as people write it, and its room."""
    door = "-".join(part for part in (building, unit, room) if part)
    return _fitted([door, f"{building}-{room}" if building else room, compound + door])


def place_keys(name: str, in_charge: str, phones: Sequence[str]) -> list[str]:
    """The place's name from several points on, its pinyin and initials, who is in charge, the phone."""
    spoken = syllables(name)
    keys = [name, "".join(spoken), "".join(sound[:1] for sound in spoken)]
    keys += [name[start:] for start in range(1, min(len(name) - 1, 5))]
    return _fitted([*keys, in_charge, *(phone[-4:] for phone in phones[:1] if len(phone) >= 7)])


def _fitted(keys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(key[:LONGEST].lower() for key in keys if key))[:MOST]
