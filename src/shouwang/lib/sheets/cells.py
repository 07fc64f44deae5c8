"""One cell at a time: what was meant, and what a person should look at.

Every cleaner takes a cell as the file held it and returns a `Cell`. Nothing is guessed silently: what
cannot be right is kept as it was written and doubted.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from shouwang.lib import doors
from shouwang.lib.characters import plain, tidy
from shouwang.lib.identity import check_id_number
from shouwang.lib.phones import SENTENCES as PHONE_SENTENCES
from shouwang.lib.phones import read_phones
from shouwang.lib.written_dates import read_when

EXACT_DIGITS = 15  # a spreadsheet keeps this many digits of a number and makes the rest zero
NOTHING = frozenset(
    [
        "无",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "〇",
        "暂无",
        "没有",
        "空",
        "null",
        "NULL",
        "none",
        "None",
        "nan",
        "NaN",
        "#N/A",
        "N/A",
    ]
)
NO_DOCUMENT = NOTHING | frozenset(
    ["不详", "未知", "不清楚", "无证", "无身份证", "未办", "未上户", "没带", "拒绝提供"]
)
LETTERS_FOR_DIGITS = str.maketrans("OoQDIilL|", "000011111")
DIGITS_MEANT = re.compile(r"[\dOoIl|L]{14,17}[\dOoIl|LXx]")
STARS = re.compile(r"[*＊✱×•●xX?？#_]{3,}")
REMARK = re.compile(r"\s*[（(\[【〔]\s*([^）)\]】〕]*)[）)\]】〕]?\s*$")
HAN_SPACE = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
NOBODY = re.compile(
    r"[（(]?(空|空户|空房|空置|空置房|空关房|无人|无人居住|无人住|没人住|未入住|未住人|待售|毛坯)[)）]?"
)
BETWEEN = re.compile(r"[\n\r、,，;；/]")
FULL_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}")
YES = frozenset(
    [
        "是",
        "有",
        "对",
        "√",
        "✓",
        "✔",
        "☑",
        "1",
        "y",
        "yes",
        "true",
        "t",
        "v",
        "需要",
        "已",
        "已办",
        "是的",
        "√√",
    ]
)
NO = frozenset(
    [
        "否",
        "无",
        "不",
        "×",
        "✗",
        "✘",
        "x",
        "0",
        "n",
        "no",
        "false",
        "f",
        "没有",
        "没",
        "不是",
        "未",
        "不需要",
        "/",
        "-",
        "—",
        "☐",
        "□",
    ]
)
SEXES = {"男": "男", "女": "女", "M": "男", "F": "女", "男性": "男", "女性": "女", "1": "男", "2": "女"}
SEXES |= {"MALE": "男", "FEMALE": "女", "男♂": "男", "女♀": "女", "♂": "男", "♀": "女"}


class Cell(NamedTuple):
    """A cleaned cell: `others` are further phone numbers, `remark` what stood beside the value."""

    value: str
    problem: str = ""
    sentence: str = ""
    others: tuple[str, ...] = ()
    remark: str = ""


EMPTY = Cell("")


def as_text(value: object) -> str:
    """A cell as a person sees it: 1.0 is 1, a day is written as a day, nothing is empty."""
    if isinstance(value, str):
        return tidy(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    return _moment_text(value)


def _moment_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)


def text(value: object, reference: date | None = None) -> Cell:
    """Any words, made tidy."""
    written = as_text(value).removeprefix("'")
    return EMPTY if written in NOTHING else Cell(written)


def id_number(value: object, reference: date | None = None) -> Cell:
    """An identity document number; digits that the spreadsheet destroyed are said to be gone."""
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value < 1e21:
        return _number_as_id(value)
    written = as_text(value)
    if not written or written in NO_DOCUMENT:
        return EMPTY
    if re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d{2}", plain(written)):
        return _number_as_id(float(plain(written)), shown=plain(written))
    remark = REMARK.search(written)
    number = REMARK.sub("", written) if remark and remark.start() else written
    return _judged(_id_plain(number), remark[1] if remark and remark.start() else "")


def _id_plain(written: str) -> str:
    """The number without blanks, dashes, apostrophes; letters become digits only where digits must be."""
    number = re.sub(r"[\s\-.'`’‘\"“”:：]", "", plain(written).translate({0x2019: None, 0x2018: None}))
    number = re.sub(r"^(身份证号?码?|证件号码?|护照号?)", "", number)
    if DIGITS_MEANT.fullmatch(number) and sum(sign.isdigit() for sign in number) >= 12:
        number = number[:-1].translate(LETTERS_FOR_DIGITS) + number[-1].translate(LETTERS_FOR_DIGITS)
    number = re.sub(r"(?<=\d)[×✕](?=$)", "X", number)
    if len(number) in (15, 18) or "*" in number:
        number = STARS.sub(lambda found: "*" * len(found[0]), number)
    return number.upper()


def _judged(number: str, remark: str) -> Cell:
    checked = check_id_number(number)
    problem = f"id.{checked.problem}" if checked.problem else ""
    return Cell(checked.value, problem, checked.sentence, (), remark)


def _number_as_id(value: float, shown: str = "") -> Cell:
    digits = str(int(value))
    if len(digits) <= EXACT_DIGITS and not shown:
        return _judged(digits, "") if digits != "0" else EMPTY
    known = len(re.sub(r"[Ee].*|\D", "", shown)) if shown else EXACT_DIGITS
    kept = digits[:known] + "*" * max(len(digits) - known, 0)
    lost = len(digits) - known
    sentence = f"证件号被表格软件当成了数字，最后{lost}位已经丢了，只剩前{known}位，请找原件补全。"
    return Cell(kept, "id.digits_lost", sentence)


def phone(value: object, reference: date | None = None) -> Cell:
    """Telephone numbers: the first is the value, the others follow; 同户主 stays for the caller."""
    if NOBODY.fullmatch(as_text(value)):
        return Cell("", remark="空户")
    phones = read_phones(as_text(value))
    if phones.same_as:
        return Cell("同" + phones.same_as)
    if not phones.numbers and not phones.problem:
        return EMPTY
    problem = f"phone.{phones.problem}" if phones.problem else ""
    first = phones.numbers[0] if phones.numbers else as_text(value)
    remark = phones.remark if phones.numbers else ""
    return Cell(first, problem, PHONE_SENTENCES.get(phones.problem, ""), phones.numbers[1:], remark)


def name(value: object, reference: date | None = None) -> Cell:
    """A person's name without inner blanks; a remark in brackets is kept apart, 空户 is nobody's name."""
    if isinstance(value, str) and BETWEEN.search(value) and len(people := _people(value)) > 1:
        return Cell("、".join(people), "name.several", "一格里写了不止一个人，请一人一行。")
    written = HAN_SPACE.sub("", as_text(value)).removeprefix("'")
    if not written or written in NOTHING:
        return EMPTY
    if NOBODY.fullmatch(written):
        return Cell("", remark="空户")
    found = REMARK.search(written)
    remark = found[1] if found and found.start() else ""
    kept = written[: found.start()].strip() if found and found.start() else written
    kept = re.sub(r"[•・‧∙．]", "·", kept)
    if re.search(r"\d", kept):
        return Cell(kept, "name.digits", "姓名里有数字，请核对。", (), remark)
    return Cell(kept, "", "", (), remark)


def _people(written: str) -> list[str]:
    """The names in a cell that holds several, one below the other or with a sign between."""
    parts = [HAN_SPACE.sub("", tidy(part)) for part in BETWEEN.split(written)]
    return [part for part in parts if FULL_NAME.fullmatch(part)]


def sex(value: object, reference: date | None = None) -> Cell:
    """男 or 女, however it was written."""
    written = plain(as_text(value)).upper()
    if written in SEXES or not written or written in NOTHING:
        return Cell(SEXES.get(written, ""))
    return Cell(written, "sex.unknown", "性别请写“男”或“女”。")


def day(value: object, reference: date | None = None) -> Cell:
    """A day or a moment as ISO text (2022-04-17, 2022-04-20T06:15)."""
    if as_text(value) in NOTHING or not as_text(value):
        return EMPTY
    when = read_when(value, reference)
    if when is None:
        return Cell(as_text(value), "date.unreadable", "看不懂这个日期，请写成“2022-04-20”的样子。")
    written = (
        when.value.isoformat(timespec="minutes") if isinstance(when.value, datetime) else str(when.value)
    )
    if when.assumed_day:
        return Cell(written, "date.no_day", "只写了年月，没有写日。")
    return Cell(written, remark="assumed_year" if when.assumed_year else "")


def number(value: object, reference: date | None = None) -> Cell:
    """A number: 1.0 is 1, 3针 and 50份 are 3 and 50."""
    written = plain(as_text(value)).replace(",", "")
    if not written or written in NOTHING:
        return EMPTY
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*([^\d\s]{0,4})", written)
    if found is None:
        return Cell(as_text(value), "number.unreadable", "这里应该是一个数。")
    digits = re.sub(r"\.0+$", "", found[1])
    return Cell(digits)


def yes(value: object, reference: date | None = None) -> Cell:
    """A tick or a word for yes or no; other words stay, because they often say what it is (高血压)."""
    written = plain(as_text(value)).lower()
    if written in NO or not written:
        return Cell("否" if written and written not in NOTHING else "")
    return Cell("是") if written in YES else Cell(as_text(value))


def _label(short: Callable[[str], str]) -> Callable[[object, date | None], Cell]:
    def clean(value: object, reference: date | None = None) -> Cell:
        if isinstance(value, date):
            written = f"{value.month}-{value.day}"
            sentence = f"被表格软件当成了日期，大概原来是“{written}”，请核对。"
            return Cell(written, "door.became_date", sentence)
        written = as_text(value)
        return EMPTY if not written or written in NOTHING else Cell(short(written))

    return clean


CLEANERS: dict[str, Callable[[object, date | None], Cell]] = {
    "id_number": id_number,
    "phone": phone,
    "name": name,
    "sex": sex,
    "date": day,
    "number": number,
    "yes": yes,
    "building": _label(doors.building_label),
    "unit": _label(doors.unit_label),
    "floor": _label(doors.floor_label),
    "room": _label(doors.room_label),
    "door": _label(tidy),
    "text": text,
}
building, unit, floor, room = (CLEANERS[kind] for kind in ("building", "unit", "floor", "room"))
parse_door = doors.parse_door
