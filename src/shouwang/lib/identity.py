"""Who somebody is on paper: identity documents checked, and shown with most of their digits hidden.

Source: GB 11643 through python-stdnum; the other documents by length and characters only, because no reliable
public rule was found for them.
"""

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

RESIDENT = re.compile(r"[1-9]\d{16}[\dX]")
MASKED = re.compile(r"[0-9A-Z]+\*{2,}[0-9A-Z]*|\*{2,}[0-9A-Z]+")
MOBILE = re.compile(r"1[3-9]\d{9}")
NUMBER = re.compile(r"\d[\d -]{5,}[\dXx]")
OTHERS = (
    ("hk_macau_permit", re.compile(r"[HM](\d{8}|\d{10})")),
    ("foreign_permit", re.compile(r"[A-Z]{3}\d{12}")),
    ("passport", re.compile(r"[A-Z]{1,2}\d{7,8}|[A-Z]{2,3}\d{5,7}")),
    ("taiwan_permit", re.compile(r"\d{8}|\d{10}")),
    ("other", re.compile(r"(?=.*\d)[0-9A-Z]{6,12}|.{1,2}字第\d{4,10}号?")),
)
PERMIT_AREAS = {"81": "residence_permit", "82": "residence_permit", "83": "residence_permit"}

SENTENCES = {
    "check_digit": "末位校验码不对，可能有一位写错了，请核对。",
    "birth_date": "里面的出生日期不存在，请核对。",
    "legacy": "是15位的老证号，请换成18位的新证号。",
    "masked": "有几位被星号遮住了，只能按看得见的部分比对。",
    "phone": "看起来是手机号，不是证件号，请核对。",
    "length": "位数不对，请核对。",
    "not_a_number": "不像证件号，请核对。",
}


@dataclass(frozen=True, slots=True)
class IdNumber:
    """One identity document number as it was understood.

    Shape: `kind` is resident, legacy, residence_permit, hk_macau_permit, taiwan_permit, foreign_permit,
    passport, other, masked, unknown or empty; `valid` is None where no check exists; `sex` is 男, 女 or
    empty; `problem` is a key of SENTENCES or empty.
    """

    kind: str
    value: str
    valid: bool | None = None
    born_on: date | None = None
    sex: str = ""
    problem: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, for people; empty when nothing is."""
        return SENTENCES.get(self.problem, "")


def check_id_number(text: str) -> IdNumber:
    """Say what kind of document a number belongs to and whether it can be right.

    Shape: `text` is already plain: half-width, upper case, no blanks.
    """
    if not text:
        return IdNumber("empty", "")
    if RESIDENT.fullmatch(text):
        return _resident(text)
    if text.isdigit() and len(text) == 15:
        return _legacy(text)
    if MASKED.fullmatch(text):
        return IdNumber("masked", text, None, _date(text[6:14]), _sex(text[16:17]), "masked")
    if MOBILE.fullmatch(text):
        return IdNumber("unknown", text, False, problem="phone")
    for kind, pattern in OTHERS:
        if pattern.fullmatch(text):
            return IdNumber(kind, text)
    problem = "length" if re.fullmatch(r"\d{6,}X?", text) else "not_a_number"
    return IdNumber("unknown", text, False, problem=problem)


def _resident(text: str) -> IdNumber:
    kind = PERMIT_AREAS.get(text[:2], "foreign_permit" if text[0] == "9" else "resident")
    born_on, sex = _date(text[6:14]), _sex(text[16])
    if born_on is None:
        return IdNumber(kind, text, False, None, sex, "birth_date")
    if ric.calc_check_digit(text) != text[17]:
        return IdNumber(kind, text, False, born_on, sex, "check_digit")
    return IdNumber(kind, text, True, born_on, sex)


def _legacy(text: str) -> IdNumber:
    born_on = _date("19" + text[6:12])
    problem = "legacy" if born_on else "birth_date"
    return IdNumber("legacy", text, None if born_on else False, born_on, _sex(text[14]), problem)


def _date(digits: str) -> date | None:
    if len(digits) != 8 or not digits.isdigit():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _sex(digit: str) -> str:
    if not digit.isdigit():
        return ""
    return "男" if int(digit) % 2 else "女"


def mask_id(value: str) -> str:
    """An identity number for a screen: the area and the last four stay, the birthday is hidden."""
    if len(value) >= 15:
        return value[:6] + "*" * (len(value) - 10) + value[-4:]
    return value[:1] + "*" * max(len(value) - 3, 1) + value[-2:] if len(value) > 3 else "*" * len(value)


def mask_phone(value: str) -> str:
    """A phone number for a screen: enough to recognise, not enough to call."""
    if len(value) >= 11:
        return value[:3] + "*" * (len(value) - 7) + value[-4:]
    return "*" * max(len(value) - 2, 0) + value[-2:]


def mask_contact(value: str) -> str:
    """Somebody and how to reach them, as one writes both into one cell: the first character, and each number as a phone."""
    numbers = NUMBER.findall(value)
    name = NUMBER.sub("", value).strip()
    return " ".join(filter(None, (name[:1] + "*" * min(len(name) - 1, 2), *map(mask_phone, numbers))))


def mask_name(value: str) -> str:
    """A name for a screen or a wall: the family name and one star for each other character."""
    return value[:1] + "*" * (len(value) - 1) if len(value) > 1 else value
