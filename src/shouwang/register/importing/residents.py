"""One row of a people's register as a person: what is certain, and a sentence for everything that is not."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from shouwang.lib.identity import IdNumber, check_id_number
from shouwang.lib.sheets import Row

NO_NAME = "未写姓名"
EMPTY_WORDS = re.compile(
    r"空户|空房|空置|空关|空挂户?|闲置|(长期|常年)?(无人|没人)(居住|住)?|未入住|没有?入住|无住户"
)
GONE = re.compile(r"搬走|搬离|迁出|去世|死亡|已故|离世")
NOT_LIVING_HERE = re.compile(r"人户分离|户在人不在|空挂|不在此|不住这|挂户|仅户口|另有住处")
DENIED = frozenset(
    ["否", "无", "不", "没", "没有", "不是", "×", "0", "未", "/", "-", "—", "☐", "□", "正常", "健康"]
)
AFFIRMED = frozenset(["是", "有", "√", "✓", "✔", "☑", "1", "对", "Y", "y", "是的", "需要"])
SPECIAL = (
    ("lives_alone", re.compile(r"独居|空巢|孤寡|独自")),
    ("disabled", re.compile(r"残")),
    ("pregnant", re.compile(r"孕|产妇|哺乳")),
    ("chronic", re.compile(r"慢性|慢病|高血压|糖尿病|冠心|透析|化疗|肿瘤|癌|心脏|基础病|尿毒")),
    ("no_phone", re.compile(r"智能手机|无手机|没手机|不会用手机")),
)
HELP_FIELDS = ("lives_alone", "disabled", "pregnant", "chronic", "no_phone")
CHILDREN = re.compile(r"子女|儿|女儿|子|孙|外孙|长子|次子|长女|次女")
OLDEST_CHILD_YEARS = 70
MOST_DOSES = 10
SEXES = {"男": "m", "女": "f"}

Doubting = Callable[[str, str], None]  # field, sentence


@dataclass(slots=True)
class Resident:
    """Somebody as one row of the file tells it.

    Shape: `identity` is the checked document; `sure` says that its number is whole, valid and nobody else's
    in the file, so that the person is known by it.
    """

    sheet: str
    row: int
    name: str
    relation: str = ""
    sex: str = ""
    born_on: date | None = None
    identity: IdNumber = field(default_factory=lambda: IdNumber("empty", ""))
    sure: bool = False
    phones: tuple[str, ...] = ()
    category: str = ""
    from_place: str = ""
    helps: tuple[str, ...] = ()
    help_note: str = ""
    doses: int | None = None
    note: str = ""
    lives_here: bool = True


def is_somebody(row: Row) -> bool:
    """Whether a row speaks of a person, named or not."""
    if row.values.get("name") and not EMPTY_WORDS.fullmatch(row.values["name"]):
        return True
    return any(row.values.get(name) for name in ("id_number", "sex", "born_on", "relation"))


def says_empty(row: Row) -> bool:
    """Whether a row says that nobody lives behind its door."""
    written = [row.values.get(name, "") for name in ("category", "name", "head", "note")]
    return any(EMPTY_WORDS.search(text) for text in (*written, *row.remarks.values()))


def resident(row: Row, sheet: str, head: str, doubt: Doubting, at: date) -> Resident:
    """The person of a row. Raises nothing: what cannot be read is doubted and left out."""
    values = row.values
    who = Resident(sheet, row.number, values.get("name", ""))
    if not who.name or EMPTY_WORDS.fullmatch(who.name):
        doubt("name", "没有写姓名，先按“未写姓名”收进来，请补上。")
        who.name = NO_NAME
    who.name = _fit(who.name, 64, "name", doubt)
    who.relation = _fit(values.get("relation") or ("户主" if who.name == head else ""), 16, "relation", doubt)
    who.category = _fit(values.get("category", ""), 16, "category", doubt)
    who.from_place = _fit(values.get("from_place", ""), 64, "from_place", doubt)
    _identify(who, values, doubt, at)
    who.phones = _phones(row)
    _needs(who, values, doubt)
    _notes(who, row, doubt)
    return who


def _identify(who: Resident, values: dict[str, str], doubt: Doubting, at: date) -> None:
    """Who this is on paper; a number that cannot be right is kept as it was written and identifies nobody."""
    who.identity = identity = check_id_number(values.get("id_number", ""))
    if identity.kind == "empty":
        doubt("id_number", "没有写证件号，只能按姓名和住址认人，请补上。")
    who.sure = not identity.problem and identity.kind != "empty"
    who.sex = SEXES.get(values.get("sex", ""), SEXES.get(identity.sex, ""))
    if who.sure and identity.sex and who.sex != SEXES[identity.sex]:
        doubt("sex", "性别和证件号对不上，请核对。")
    written = _day(values.get("born_on", ""))
    who.born_on = _birth(who, at) or written
    if written and identity.valid and written != identity.born_on:
        doubt("born_on", "出生日期和证件号对不上，请核对。")
    if who.born_on and who.born_on > at:
        doubt("born_on" if written else "id_number", "出生日期还没有到，请核对。")
        who.born_on = None


def _birth(who: Resident, at: date) -> date | None:
    """The birthday on the document; an old 15-digit number says 19xx even of a child born after 2000."""
    born_on = who.identity.born_on
    young = CHILDREN.search(who.relation) is not None
    if who.identity.kind == "legacy" and born_on and young and at.year - born_on.year > OLDEST_CHILD_YEARS:
        return None
    return born_on


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _phones(row: Row) -> tuple[str, ...]:
    first = row.values.get("phone", "")
    return tuple(filter(None, (first, *row.others.get("phone", ()))))


def _needs(who: Resident, values: dict[str, str], doubt: Doubting) -> None:
    """What help somebody needs, from a column for each kind or from one of words; and the vaccination."""
    helps, words = [], []
    for name in HELP_FIELDS:
        said = values.get(name, "")
        if not said or said in DENIED:
            continue
        helps.append(name)
        words += [said] if said not in AFFIRMED else []
    if (special := values.get("special", "")) and special not in DENIED:
        helps += [name for name, words_of in SPECIAL if words_of.search(special) and name not in helps]
        words.append(special)
    who.helps = tuple(helps)
    who.help_note = _fit("、".join(words), 100, "special", doubt)
    doses = values.get("doses", "")
    if doses.isdigit() and int(doses) <= MOST_DOSES:
        who.doses = int(doses)
    elif doses:
        doubt("doses", "看不懂打了几针，请写成数字。")


def _notes(who: Resident, row: Row, doubt: Doubting) -> None:
    """Remarks, also those written behind the name, the number or the phone."""
    remarks = [text for name, text in row.remarks.items() if text and name in ("name", "id_number", "phone")]
    words = "；".join(filter(None, [row.values.get("note", ""), *remarks]))
    who.note = _fit(words, 200, "note", doubt)
    said = who.note + who.category
    if GONE.search(said):
        doubt("note", "写着已经搬走或去世，先照旧收着，请核对后再改。")
    who.lives_here = not NOT_LIVING_HERE.search(said)


def _fit(text: str, most: int, name: str, doubt: Doubting) -> str:
    if len(text) > most:
        doubt(name, f"写得太长，只留了前{most}个字。")
    return text[:most]
