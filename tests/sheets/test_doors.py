"""Written addresses taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.lib.doors import parse_area, parse_door


@pytest.mark.parametrize(
    ("written", "door"),
    [
        ("3#楼2单元502室", ("", "3", "2", "502")),
        ("3-2-502", ("", "3", "2", "502")),
        ("3—2—502", ("", "3", "2", "502")),
        ("3#2-502", ("", "3", "2", "502")),
        ("3号2单元502", ("", "3", "2", "502")),
        ("三号楼二单元五〇二", ("", "3", "2", "502")),
        ("十二号楼一单元一百零一室", ("", "12", "1", "101")),
        ("花园花园4-2-1103", ("花园花园", "4", "2", "1103")),
        ("祥云社区电力楼院7#楼2单元501号", ("祥云社区电力楼院", "7", "2", "501")),
        ("书院天地 3号楼 2501", ("书院天地", "3", "", "2501")),
        ("电力新村 7 栋 3 单元 6 楼 601", ("电力新村", "7", "3", "601")),
        ("百合花园3号楼2单元1102A", ("百合花园", "3", "2", "1102A")),
        ("八一小区二号楼东单元301", ("八一小区", "2", "东", "301")),
        ("花园路12号院3-2-502", ("花园路12号院", "3", "2", "502")),
        ("A座1205", ("", "A", "", "1205")),
        ("3栋2单元地下室", ("", "3", "2", "地下室")),
        ("书院天地3号楼B1", ("书院天地", "3", "", "B1")),
        ("别墅5号", ("", "别墅5", "", "")),
    ],
)
def test_an_address_is_taken_apart(written: str, door: tuple[str, str, str, str]) -> None:
    assert parse_door(written) == door


@pytest.mark.parametrize(
    "written",
    ["", "上海浦东", "户籍地：湖北省孝感市安陆市", "沿街1号", "2022-04-20", "13800001234", "3栋2单元"],
)
def test_what_is_no_door_is_none(written: str) -> None:
    assert parse_door(written) is None


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("2号楼", ("2", "")),
        ("2号楼一单元（共12户）", ("2", "1")),
        ("二单元", ("", "2")),
        ("幸福里小区3栋", ("3", "")),
        ("居民登记表", ("", "")),
        ("4月20日", ("", "")),
    ],
)
def test_a_line_above_a_list_names_its_building(words: str, area: tuple[str, str]) -> None:
    assert parse_area(words) == area


@given(st.integers(1, 99), st.integers(1, 9), st.integers(1, 40), st.integers(1, 12))
def test_every_way_of_writing_a_door_is_the_same_door(
    building: int, unit: int, floor: int, place: int
) -> None:
    room = f"{floor}{place:02d}"
    for form in ("幸福里{}-{}-{}", "幸福里{}号楼{}单元{}", "幸福里{}#楼{}单元{}室", "幸福里{}栋{}单元{}号"):
        assert parse_door(form.format(building, unit, room)) == ("幸福里", str(building), str(unit), room)


@given(st.text(alphabet="0123456789-号楼栋单元室#院路 一二三十百A（）", max_size=40))
def test_no_address_is_too_strange(written: str) -> None:
    door = parse_door(written)
    assert door is None or door.building
