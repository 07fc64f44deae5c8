"""A small block in which nearly everybody is easily taken for somebody else."""

from shouwang.access.scope import scope
from shouwang.register.importing import import_register
from tests.register.towns import id_number, workbook
from tests.world import MORNING

HEADINGS = ["楼号", "单元", "房号", "姓名", "与户主关系", "性别", "身份证号", "联系电话"]


def number(born: str, order: int) -> str:
    """A valid number; an odd order is a man's."""
    return id_number(born, order)


FATHER, SON = number("19680304", 11), number("19950607", 13)
TWIN, OTHER_TWIN = number("20100809", 21), number("20100809", 23)
SISTER_HERE, SISTER_AWAY = number("19880101", 32), number("19910202", 34)
WIFE, NAMESAKE, OTHER_NAMESAKE = number("19700506", 42), number("19850911", 52), number("19550912", 54)
NEIGHBOUR, PINYIN, TRADITIONAL = number("19790103", 61), number("19900228", 62), number("19830313", 71)

BLOCK = {
    "青松苑": [
        ["3", "2", "502", "王建国", "户主", "男", FATHER, "13800001001"],
        ["", "", "", "赵玉梅", "配偶", "女", WIFE, "13800001002"],
        ["", "", "", "王建军", "子女", "男", SON, "13800001003"],
        ["3", "2", "503", "李春燕", "户主", "女", SISTER_HERE, "13800001004"],
        ["3", "1", "502", "孙大双", "子女", "男", TWIN, ""],
        ["", "", "", "孙小双", "子女", "男", OTHER_TWIN, ""],
        ["", "", "", "孙立", "户主", "男", NEIGHBOUR, "13800001005"],
        ["4", "1", "101", "张敏", "户主", "女", NAMESAKE, "13800001006"],
        ["4", "2", "101", "张敏", "户主", "女", OTHER_NAMESAKE, "13800001007"],
        ["4", "2", "301", "欧阳秀英", "户主", "女", PINYIN, "13800001008"],
        ["4", "2", "302", "刘国华", "户主", "男", TRADITIONAL, "13800001009"],
        ["4", "2", "401", "何静", "户主", "女", "", "13800001010"],
    ],
    "八一路小区": [
        ["3", "2", "502", "周海", "户主", "男", number("19660101", 81), "13800001011"],
        ["3", "2", "503", "吴莉莉", "户主", "女", number("19760101", 82), "13800001012"],
    ],
}


def settled() -> str:
    """The block in the register. Returns the code of its community."""
    sheets = {
        compound: [[f"松柏社区{compound}人口底册"], HEADINGS, *people] for compound, people in BLOCK.items()
    }
    with scope([""]):
        report = import_register(workbook(sheets), "松柏社区底册.xlsx", community=None, by=None, at=MORNING)
    return report.community
