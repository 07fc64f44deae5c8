"""Phone numbers as people write them: several in one cell, with dashes, +86 or a remark behind."""

import re
from dataclasses import dataclass

import phonenumbers

from shouwang.lib.characters import plain

MOBILE = re.compile(r"1[3-9]\d{9}")
SPLIT = re.compile(r"[/、,，;；|]|\s{1,}(?=(?:\+?86[- ]?)?1[3-9]\d|0\d{2,3}-)|或|和")
NUMBERISH = re.compile(r"\+?[\d(][\d\-. ()*]{4,}\d")
SAME = re.compile(r"同(户主|上|父|母|父亲|母亲|配偶|丈夫|妻子|本人|房主|业主)")
NONE = frozenset(
    [
        "无",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "―",
        "〇",
        "0",
        "没有",
        "没",
        "暂无",
        "未知",
        "不详",
        "不清楚",
        "无电话",
        "无手机",
        "没手机",
        "空",
        "null",
        "none",
        "nil",
        "na",
        "n/a",
        "x",
    ]
)

SENTENCES = {
    "short": "位数不够，请核对。",
    "long": "位数多了，请核对。",
    "wrong": "不像电话号码，请核对。",
}


@dataclass(frozen=True, slots=True)
class Phones:
    """The numbers of one cell.

    Shape: `numbers` are digits only (a landline with its area code, `0371-6113270` as `03716113270`; abroad
    begins with +); `same_as` is 户主 or another word where the cell points to somebody else's number.
    """

    numbers: tuple[str, ...] = ()
    same_as: str = ""
    remark: str = ""
    problem: str = ""


def read_phones(text: str) -> Phones:
    """Find every number in what somebody wrote, and say what does not look like one."""
    text = plain(text).lstrip("'`")
    if MOBILE.fullmatch(text):
        return Phones((text,))
    if not text or text.lower() in NONE:
        return Phones()
    if same := SAME.fullmatch(text.replace(" ", "")):
        return Phones(same_as=same[1])
    return _several(text)


def _several(text: str) -> Phones:
    numbers: list[str] = []
    problem = ""
    remarks: list[str] = []
    for part in SPLIT.split(text):
        found = NUMBERISH.search(part)
        if not found:
            remarks.append(part.strip(" ()[]'"))
            continue
        number, wrong = _one(found[0])
        numbers += [number] if number and number not in numbers else []
        problem = problem or wrong
        remarks.append((part[: found.start()] + part[found.end() :]).strip(" ()[]':-"))
    if not numbers:
        problem = problem or "wrong"
    return Phones(tuple(numbers), remark=" ".join(filter(None, remarks)), problem=problem)


def _one(written: str) -> tuple[str, str]:
    """The digits of one number and what is wrong with them; a wrong number is kept as it was written."""
    digits = re.sub(r"[^\d+*]", "", written)
    if "*" in digits:
        return digits, ""
    digits = re.sub(r"^(\+|00)?86(?=1[3-9]\d{9}$|0?\d{2,3}\d{7,8}$)", "", digits)
    if MOBILE.fullmatch(digits) or re.fullmatch(r"0[1-9]\d{8,10}|[2-8]\d{6,7}|[48]00\d{7}", digits):
        return digits, ""
    if digits.startswith("+"):
        return digits, "" if _possible_abroad(digits) else "wrong"
    return digits, "long" if len(digits) > 11 else "short" if len(digits) < 11 else "wrong"


def _possible_abroad(digits: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(digits))
    except phonenumbers.NumberParseException:
        return False
