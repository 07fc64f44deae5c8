"""Invented towns with their own mess: the same people written by different hands, the counts known."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from stdnum.cn import ric

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "一二三明芳秀英敏静丽强磊军洋勇艳杰娟涛超兰霞平刚桂"
COMPOUNDS = ("梧桐苑", "铁路三局家属院", "锦绣江南", "八一路小区")
AREA = "990101"  # given to nobody


def id_number(born: str, order: int) -> str:
    """A valid number of an area that does not exist."""
    stem = f"{AREA}{born}{order % 1000:03d}"
    return stem + ric.calc_check_digit(stem + "0")


@dataclass
class Living:
    """Somebody as the town knows them."""

    name: str
    relation: str
    sex: str
    number: str
    phone: str


@dataclass
class Home:
    """A door as the town knows it."""

    compound: str
    building: str
    unit: str
    room: str
    people: list[Living] = field(default_factory=list)


def town(seed: int, homes: int = 40) -> list[Home]:
    """Doors in several compounds, some empty, some without units, with 0 to 5 people each."""
    chance = random.Random(seed)
    found, order = [], 0
    for number in range(homes):
        compound = COMPOUNDS[number * len(COMPOUNDS) // homes]
        units = compound != COMPOUNDS[1]
        place = number % (homes // len(COMPOUNDS))
        home = Home(
            compound,
            str(1 + place // 6),
            str(1 + place % 2) if units else "",
            f"{1 + place // 2}0{1 + place % 2}",
        )
        if compound == COMPOUNDS[2] and place % 5 == 0:
            home.room += "A"
        for member in range(chance.choice((0, 1, 1, 2, 3, 5))):
            order += 1
            born = f"{chance.randint(1935, 2019)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
            number_ = id_number(born, order)
            home.people.append(
                Living(
                    chance.choice(SURNAMES) + chance.choice(GIVEN) + GIVEN[order % len(GIVEN)],
                    "户主" if member == 0 else chance.choice(("子女", "父母", "租户")),
                    "男" if int(number_[16]) % 2 else "女",
                    number_,
                    f"138{chance.randint(0, 9999):04d}{order:04d}",
                )
            )
        found.append(home)
    return found


Rows = list[list[object]]


def one_sheet(homes: Sequence[Home]) -> bytes:
    """All compounds in one sheet with a column for the compound, every cell filled."""
    rows: Rows = [
        ["梧桐社区人员信息台账"],
        [
            "序号",
            "小区名称",
            "楼栋",
            "单元",
            "室号",
            "户主",
            "家庭成员",
            "关系",
            "性别",
            "公民身份号码",
            "手机",
        ],
    ]
    for home in homes:
        head = home.people[0].name if home.people else ""
        place: list[object] = [
            home.compound,
            f"{home.building}栋",
            f"{home.unit}单元" if home.unit else "",
            home.room,
            head,
        ]
        for one in home.people:
            rows.append([len(rows) - 1, *place, one.name, one.relation, one.sex, one.number, one.phone])
        if not home.people:
            rows.append([len(rows) - 1, *place, "空户", "", "", "", ""])
    return workbook({"底册": rows})


def two_line_headings(homes: Sequence[Home]) -> bytes:
    """A sheet per compound, headings in two lines, the door written once per household."""
    sheets = {}
    for compound in dict.fromkeys(home.compound for home in homes):
        rows: Rows = [
            [f"梧桐社区{compound}住户登记表"],
            ["房屋信息", "", "", "个人信息", "", "", "", "备注"],
            ["楼号", "单元号", "房间号", "姓名", "与户主关系", "身份证号", "联系电话", ""],
        ]
        for home in (home for home in homes if home.compound == compound):
            place: list[object] = [f"{home.building}#", home.unit, home.room]
            for one in home.people:
                rows.append([*place, one.name, one.relation, one.number, one.phone, ""])
                place = ["", "", ""]
            if not home.people:
                rows.append([*place, "", "", "", "", "空房"])
        rows.append(["合计", "", "", f"{len(rows)}人"])
        sheets[compound] = rows
    return workbook(sheets, merges=((1, 0, 1, 2, "房屋信息"), (1, 3, 1, 6, "个人信息")))


def no_headings(homes: Sequence[Home]) -> bytes:
    """A sheet per compound that begins with the data; empty doors cannot be told and are left out."""
    sheets: dict[str, Rows] = {}
    for home in homes:
        for one in home.people:
            row: list[object] = [f"{home.building}号楼", f"{home.unit}单元" if home.unit else "", home.room]
            sheets.setdefault(home.compound, []).append([*row, one.name, one.sex, one.number, one.phone])
    return workbook(sheets)


def old_csv(homes: Sequence[Home]) -> bytes:
    """A GB18030 file with whole addresses instead of columns for the door."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["姓名", "与户主关系", "证件号码", "现住址", "联系方式", "备注"])
    for home in homes:
        unit = f"{home.unit}单元" if home.unit else ""
        address = f"{home.compound}{home.building}号楼{unit}{home.room}"
        for one in home.people:
            lines.writerow([one.name, one.relation, f"'{one.number}", address, one.phone, ""])
        if not home.people:
            lines.writerow(["", "", "", address, "", "空户"])
    return out.getvalue().encode("gb18030")


HANDS: dict[str, tuple[str, Callable[[Sequence[Home]], bytes]]] = {
    "one sheet": ("梧桐社区台账.xlsx", one_sheet),
    "two-line headings": ("住户登记.xlsx", two_line_headings),
    "no headings": ("梧桐社区.xlsx", no_headings),
    "old csv": ("梧桐社区底册.csv", old_csv),
}


def workbook(sheets: dict[str, Rows], merges: Sequence[tuple[int, int, int, int, str]] = ()) -> bytes:
    """An .xlsx file of these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as file:
        for name, rows in sheets.items():
            sheet = file.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for top, left, bottom, right, words in merges:
                sheet.merge_range(top, left, bottom, right, words)
    return out.getvalue()


def table(*rows: Sequence[object], sheet: str = "梧桐苑", title: str = "梧桐社区梧桐苑人口底册") -> bytes:
    """A small register of one compound: the usual headings, then these rows."""
    headings = ["楼号", "单元", "房号", "姓名", "与户主关系", "身份证号", "联系电话", "人员类型", "备注"]
    return workbook({sheet: [[title], headings, *map(list, rows)]})
