"""Whose register a file is, and files that are no register at all."""

from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.access.scope import scope
from shouwang.lib.errors import Refusal
from shouwang.register.importing import import_register
from shouwang.register.importing.naming import community_in, compound_of
from shouwang.register.intake.files import import_workbook
from shouwang.register.models import Household, Person, Upload
from tests.register.towns import id_number, workbook
from tests.world import MORNING

NUMBERS = [id_number("19620521", order) for order in range(6)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("祥云社区电力楼院人口信息底册（截至4月20日）", "祥云社区"),
        ("2022年4月二七区京广路街道祥云社区台账", "祥云社区"),
        ("城关镇南门社区", "南门社区"), ("某某小区住户表", ""),
        ("梧桐社区.xlsx", "梧桐社区"), ("东风村委会人口", "东风村委会"),
    ],
)  # fmt: skip
def test_the_community_stands_in_a_title(text: str, name: str) -> None:
    assert community_in([text]) == name


@pytest.mark.parametrize(
    ("sheet", "title", "name"),
    [
        ("电力楼院", "祥云社区电力楼院人口信息底册（截至4月20日）", "电力楼院"),
        ("Sheet1", "祥云社区春晖新村住户登记表", "春晖新村"),
        ("1号楼", "祥云社区春晖新村人口台账", "春晖新村"),
        ("祥云社区河西天地", "", "河西天地"),
        ("Sheet1", "祥云社区人口底册", "全社区"),
        ("花园花园人口", "", "花园花园"),
    ],
)  # fmt: skip
def test_the_compound_stands_in_the_sheets_name_or_in_a_title(sheet: str, title: str, name: str) -> None:
    assert compound_of(sheet, [title], "祥云社区", "底册.xlsx") == name


def test_a_sheet_for_each_building(database: None) -> None:
    rows = [
        ["祥云社区春晖新村人口台账"],
        ["单元", "房号", "姓名", "身份证号"],
        ["1", "101", "王一", NUMBERS[0]],
    ]
    content = workbook({"1号楼": rows, "2号楼": [*rows[:2], ["1", "101", "李二", NUMBERS[1]]]})
    with scope([""]):
        report = import_register(content, "底册.xlsx", community=None, by=None, at=MORNING)
        assert (report.compounds, report.households) == (1, 2)
        assert sorted(str(door) for door in Household.objects.all()) == ["1-1-101", "2-1-101"]


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"", "a.xlsx"), (b"PK\x03\x04 cut off", "a.xlsx"), (b"%PDF-1.7", "a.pdf"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls"),
        (workbook({"Sheet1": []}), "a.xlsx"), (workbook({"Sheet1": [["只有一句话"]]}), "a.xlsx"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_register_is_refused_with_a_sentence_and_not_kept(
    database: None, settings_media: Path, content: bytes, filename: str
) -> None:
    with scope([""]), pytest.raises(Refusal) as refused:
        import_workbook(content, filename, community=None, by=None, at=MORNING)
    assert "。" in str(refused.value)
    assert not Upload.objects.exists()
    assert list(settings_media.iterdir()) == []


TOWNS = count(1)  # each example is a community of its own
ORDER = ("building", "unit", "room", "name", "number", "phone", "note")
ROOMS = st.sampled_from(["101", "102", "1102A", "地下室", "门面3", ""])
CELLS = st.fixed_dictionaries(
    {
        "building": st.sampled_from(["1", "2号楼", "三号楼", "别墅5", ""]),
        "unit": st.sampled_from(["1", "二单元", ""]),
        "room": ROOMS,
        "name": st.sampled_from(["王一", "王 一", "李二", "空户", "", "赵四（儿子）"]),
        "number": st.sampled_from(
            [*NUMBERS, NUMBERS[0][:-1] + "?", NUMBERS[1].lower(), "", "无", float(NUMBERS[2][:-1])]
        ),
        "phone": st.sampled_from(["13800001111", "13800001111/13900002222", "同户主", "无", "12", ""]),
        "note": st.sampled_from(["空户", "已搬走", "人户分离", "", "长" * 300]),
    }
)


@given(st.lists(CELLS, min_size=1, max_size=8))
@settings(max_examples=12)
def test_whatever_stands_in_the_rows_they_add_up_and_a_second_look_changes_nothing(
    database: None, rows: list[dict[str, object]]
) -> None:
    numerals = str(next(TOWNS)).translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    headings = ["楼号", "单元", "房号", "姓名", "身份证号", "联系电话", "备注"]
    content = workbook(
        {"梧桐苑": [[f"号{numerals}社区梧桐苑"], headings, *([row[name] for name in ORDER] for row in rows)]}
    )
    with scope([""]):
        try:
            first = import_register(content, "底册.xlsx", community=None, by=None, at=MORNING)
        except Refusal as refusal:
            assert refusal.code in ("register.nothing_to_import", "sheets.no_table")  # noqa: PT017
            return
        inside = {"area_code__startswith": first.community}
        assert first.rows_read == first.rows_taken + first.rows_skipped + first.rows_doubtful
        assert first.sheets_refused == []
        assert Household.objects.filter(**inside).count() == first.households
        assert Person.objects.filter(**inside).count() == first.people
        assert first.added == first.households + first.people
        again = import_register(content, "底册.xlsx", community=first.community, by=None, at=MORNING)
        assert (again.added, again.changed, again.missing) == (0, 0, 0), again.changes
