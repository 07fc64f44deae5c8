"""The town's four workbooks, as its clerk would hand them over."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from shouwang.demo.buildings import COMPOUNDS
from shouwang.demo.families import Family
from shouwang.demo.shops import Shop
from shouwang.demo.staff import Hand, Post, Staff

COMMUNITY = "望春社区"
REGISTER, PLACES, RESPONSIBILITY, HELPERS = (
    f"{COMMUNITY}_{name}.xlsx" for name in ("人口信息底册", "重点场所底册", "包保责任表", "防控力量花名册")
)
HELPS = ("lives_alone", "disabled", "pregnant", "chronic", "no_phone")
PEOPLE_HEADINGS = (
    "楼号", "单元", "楼层", "房号", "户主姓名", "姓名", "与户主关系", "性别", "身份证号", "联系电话", "户籍地",
    "人员类型", "独居老人", "残疾", "孕产妇", "慢性病", "没有智能手机", "疫苗剂次", "房东及电话", "备注",
)  # fmt: skip
PLACE_HEADINGS = ("类别", "名称", "地址", "负责人", "联系电话", "从业人数", "营业状态", "备注")
POST_HEADINGS = (
    "小区", "楼号", "楼长", "楼长电话", "包保干部", "包保干部电话", "物业及电话",
    "社区民警", "民警电话", "社区医生", "医生电话",
)  # fmt: skip
HAND_HEADINGS = ("姓名", "类别", "所在单位", "电话", "特长", "可值班时段", "不宜安排")

Line = Sequence[object]
Sheets = Iterable[tuple[str, str, Iterable[Line]]]  # name, title, lines


def write_register(folder: Path, homes: Sequence[Family]) -> Path:
    """Households and people, one sheet for each compound."""
    sheets = (
        (compound.name, f"{COMMUNITY}{compound.name}人口信息底册", _people(homes, compound.name))
        for compound in COMPOUNDS
    )
    return _write(folder / REGISTER, PEOPLE_HEADINGS, sheets)


def write_places(folder: Path, places: Sequence[Shop]) -> Path:
    """Shops, restaurants, hotels and venues."""
    lines = (
        (
            each.kind,
            each.name,
            each.address,
            each.in_charge,
            each.phone,
            each.staff_count,
            each.state,
            each.note,
        )
        for each in places
    )
    return _write(folder / PLACES, PLACE_HEADINGS, [("场所", f"{COMMUNITY}重点场所底册", lines)])


def write_responsibility(folder: Path, town: Staff) -> Path:
    """Who answers for which building."""
    lines = (_post(post) for post in town.posts)
    return _write(folder / RESPONSIBILITY, POST_HEADINGS, [("包保", f"{COMMUNITY}疫情防控包保责任表", lines)])


def write_helpers(folder: Path, town: Staff) -> Path:
    """The roster of helpers."""
    lines = (
        (hand.name, hand.kind, hand.unit, hand.phone, hand.skills, hand.available, hand.unfit)
        for hand in town.hands
    )
    return _write(folder / HELPERS, HAND_HEADINGS, [("花名册", f"{COMMUNITY}防控力量花名册", lines)])


def _people(homes: Sequence[Family], compound: str) -> Iterable[Line]:
    for home in homes:
        door = home.door
        if door.compound != compound:
            continue
        place = (door.building, door.unit, door.floor, door.room, home.head)
        if not home.members:
            yield (*place, "", "", "", "", "", "", "空户")
        for member in home.members:
            who, helps = member.who, (member.helps.get(name, "") for name in HELPS)
            phone = who.phone if who.born_on.year < 2010 else ""
            yield (
                *place, who.name, member.relation, who.sex, who.id_number, phone, member.from_place,
                member.category, *helps, member.doses, home.landlord,
            )  # fmt: skip


def _post(post: Post) -> Line:
    def pair(hand: Hand | None) -> tuple[str, str]:
        return (hand.name, hand.phone) if hand else ("", "")

    owner = " ".join(pair(post.property_company))
    chain = (*pair(post.building_lead), *pair(post.cadre))
    return (post.compound, post.building, *chain, owner, *pair(post.police), *pair(post.medic))


def _write(file: Path, headings: Line, sheets: Sheets) -> Path:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        for name, title, lines in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, (title,))
            sheet.write_row(1, 0, headings)
            for number, line in enumerate(lines, 2):
                sheet.write_row(number, 0, line)
    return file
