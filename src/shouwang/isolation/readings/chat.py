"""Temperatures as people write them in a chat group (接龙): each line read to a door, a name, degrees, or a doubt.

No database here. "3号楼1单元1403 白雨栋 体温36.4度", "3-1-204 一家1口都正常", "覃明春 37.1", "6-2-203 郑胜365",
"1-1-103 李英37.4、李梅36.6".
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.lib.characters import chinese_number, plain
from shouwang.lib.doors import Door, parse_door

NUMBERED = re.compile(r"^\s*(\d{1,3})\s*[.、．)]\s*(?=\S)")
SPOKEN = re.compile(r"(三十|四十)([一二三四五六七八九])度?(?:点)?([零一二三四五六七八九])?")
DEGREES = re.compile(
    r"(?<![\d-])(\d{2}(?:\.\d{1,2})|3[4-9]\d|4[0-3]\d|3[4-9]|4[0-3])(?=$|[^\d-])\s*(?:度|℃|°C?)?"
)
EVERYBODY = re.compile(
    r"(?:一家|全家)\s*(\d{1,2}|[一二三四五六七八九])?\s*(?:口|人)?.{0,4}(?:正常|都好|没事)"
)
SYMPTOMS = re.compile(r"发热|发烧|咳嗽|干咳|乏力|咽痛|嗓子|腹泻|拉肚子|没胃口|不舒服|流涕|头痛|胸闷")
NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")
NOT_A_NAME = re.compile(r"体温|正常|同上|一家|全家|有点|单元|号楼|早上|晚上|今天|今早|大家|接龙")
DOOR = re.compile(
    r"^\s*(\S*?\d+\s*(?:[-—－]\s*\d+){1,2}|\S*?\d+\s*(?:号楼|栋|#楼?|幢).*?\d{3,4}(?:室|号)?)\s*(.*)$"
)
TENFOLD = Decimal(10)


@dataclass(frozen=True)
class Said:
    """What one line said of one person, or of everybody behind a door.

    Units: °C. Shape: `line` is the number of the line in the text; `doubt` says what a person must look at.
    """

    line: int
    text: str
    door: Door | None = None
    name: str = ""
    temperature_c: Decimal | None = None
    symptoms: tuple[str, ...] = ()
    everybody: int = 0
    doubt: str = ""


def read_chat(text: str) -> list[Said]:
    """Every line of a copied chat that reports something; headings and empty lines are passed over."""
    found: list[Said] = []
    for number, line in enumerate(text.splitlines(), start=1):
        shown = plain(line).strip()
        body = NUMBERED.sub("", shown)
        if body == shown and not DOOR.match(body):
            continue  # the heading, and how to fill it in
        found += _line(number, body)
    return found


def _line(number: int, body: str) -> list[Said]:
    door, rest = _door(body)
    symptoms = tuple(dict.fromkeys(SYMPTOMS.findall(rest)))
    rest = _spoken(rest)
    everybody = EVERYBODY.search(rest)
    if everybody:
        count = everybody[1] or "0"
        people = int(count) if count.isdigit() else int(chinese_number(count) or 0)
        doubt = "只说都正常，没有写度数，请问一下。"
        return [Said(number, body, door, everybody=people or 1, symptoms=symptoms, doubt=doubt)]
    readings = [_said(number, body, door, part, symptoms) for part in _parts(rest)]
    if len(readings) > 1 and symptoms:
        return [Said(**{**vars(one), "doubt": "不知道是谁不舒服，请问一下。"}) for one in readings]
    return readings


def _said(number: int, body: str, door: Door | None, part: str, symptoms: tuple[str, ...]) -> Said:
    degrees = _degrees(part)
    left = SYMPTOMS.sub(" ", DEGREES.sub(" ", part))
    name = next((word for word in NAME.findall(left) if not NOT_A_NAME.search(word)), "")
    doubt = ""
    if degrees is None:
        doubt = "没有看到体温，请问一下。"
    elif not name and door is None:
        doubt = "没有写门牌和姓名，不知道是谁。"
    return Said(number, body, door, name, degrees, symptoms, doubt=doubt)


def _door(body: str) -> tuple[Door | None, str]:
    found = DOOR.match(body)
    if not found:
        return None, body
    door = parse_door(found[1])
    return (door, found[2]) if door else (None, body)


def _parts(rest: str) -> list[str]:
    """Several people in one line: each with a reading of its own."""
    parts = [part for part in re.split(r"[、,，;；]", rest) if part.strip()]
    with_degrees = [part for part in parts if DEGREES.search(part)]
    return with_degrees if len(with_degrees) > 1 else [rest]


def _degrees(part: str) -> Decimal | None:
    """36.5, 365 typed without its point, 37: degrees; nothing else is guessed."""
    found = DEGREES.search(part)
    if not found:
        return None
    value = Decimal(found[1])
    return value / TENFOLD if value > TENFOLD * TENFOLD else value


def _spoken(text: str) -> str:
    """三十六度五 as 36.5."""

    def degrees(found: re.Match[str]) -> str:
        tens = 30 if found[1] == "三十" else 40
        whole = tens + int(chinese_number(found[2]) or 0)
        tenth = chinese_number(found[3]) if found[3] and found[3] != "零" else 0
        return f"{whole}.{int(tenth or 0)}"

    return SPOKEN.sub(degrees, text)
