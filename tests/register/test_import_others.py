"""Places, helpers and who answers for what: from their workbooks, twice, and with what is missing in them."""

from datetime import timedelta
from pathlib import Path

import pytest

from shouwang.access.scope import scope
from shouwang.lib.errors import Refusal
from shouwang.register.importing import Report
from shouwang.register.importing.responsibility import import_responsibility, labels
from shouwang.register.importing.vocabulary import what_is_it
from shouwang.register.intake.files import IMPORTS, import_workbook, keep, take_in
from shouwang.register.intake.workbook import rows_to_check
from shouwang.register.models import Area, Helper, Household, Person, Place, Responsibility, Upload
from tests.register.towns import id_number, table, workbook
from tests.world import CHUNHUI, DIANLI, MORNING, XIANGYUN, World

LATER = MORNING + timedelta(days=1)
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PLACES = [
    ["辖区场所一览"],
    ["类别", "名称", "地址", "负责人", "联系电话", "从业人数", "营业状态", "统一社会信用代码"],
    ["药店", "王记药店", "电力楼院沿街1号", "王一", "13800001111", 3, "营业", ""],
    ["饭店", "李家饭店", "春晖新村南门", "李二", "", "很多", "暂停", "12345"],
    ["饭店", "", "某处", "赵四", "", 2, "营业", ""],
    ["药店", "王记药店", "电力楼院沿街1号", "王一", "13800001111", 3, "营业", ""],
]
ROSTER = [
    ["防控力量花名册"],
    ["序号", "姓名", "类别", "所在单位", "电话", "特长", "可值班时段", "不宜安排"],
    [1, "王一", "志愿者", "区妇联", "13800001111", "驾驶、手语", "夜间", "高血压"],
    [2, "王一", "党员", "区财政局", "13800002222", "", "全天", ""],
    [3, "李二", "党员", "", "", "", "", ""],
]
PROPERTY = "电力物业 0371-6200001"
CHAIN = [
    ["祥云社区包保责任表"],
    [
        "小区",
        "楼栋",
        "单元",
        "楼长（单元长）",
        "联系电话",
        "网格长",
        "网格长电话",
        "包保干部",
        "物业及电话",
        "社区民警/医生",
    ],
    [
        "电力楼院",
        "1号楼",
        "1",
        "王一",
        "13800001111",
        "赵六",
        "13800003333",
        "孙七",
        PROPERTY,
        "邓警官/刘医生",
    ],
    ["", "1-2#", "全部", "李二", "13800002222", "", "", "", "", ""],
    ["春晖新村", "1号楼", "", "", "", "赵六", "13800003333", "孙七", "无物业", "邓警官/刘医生"],
]
SPANS = tuple((2, column, 3, column, CHAIN[2][column]) for column in (0, 5, 6, 7, 8, 9))


def take(kind: str, content: bytes, **more: object) -> Report:
    given = {"community": XIANGYUN, "by": None, "at": MORNING, **more}
    with scope([""]):
        return IMPORTS[kind](content, "表.xlsx", **given)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [(PLACES, "places"), (ROSTER, "helpers"), (CHAIN, "responsibility")],
)
def test_a_workbook_is_recognised_by_its_headings(rows: list[list[object]], kind: str) -> None:
    assert what_is_it(workbook({"Sheet1": rows}), "表.xlsx") == kind


def test_a_register_is_recognised_and_a_list_from_above_is_not_taken_for_one() -> None:
    assert what_is_it(table(["1", "1", "101", "王一", "户主", "", "", "", ""]), "表.xlsx") == "people"
    pushed = [
        ["姓名", "身份证号", "联系电话", "现住址"],
        ["王一", id_number("19620521", 1), "13800001111", "梧桐苑1-1-101"],
    ]
    with pytest.raises(Refusal) as refused:
        what_is_it(workbook({"名单": pushed}), "推送.xlsx")
    assert refused.value.code == "register.unknown_workbook"


def test_places_are_put_into_their_compound_and_doubts_are_named(world: World) -> None:
    content = workbook({"Sheet1": PLACES})
    report = take("places", content)
    assert (report.counts, report.added) == ({"places": 2}, 2)
    assert report.rows_read == report.rows_taken + report.rows_skipped + report.rows_doubtful == 6
    assert {(doubt.row, doubt.column) for doubt in report.doubts} == {(4, "F"), (4, "H"), (5, "B"), (6, "B")}
    with scope([""]):
        shop = Place.objects.get(name="王记药店")
        assert (shop.area_code, shop.phone_mask, shop.staff_count) == (DIANLI, "138****1111", 3)
        assert Place.objects.get(name="李家饭店").area_code == CHUNHUI
    assert (take("places", content, at=LATER).added, take("places", content, at=LATER).changed) == (0, 0)
    closed = [[*row[:6], "关停", ""] if "王记药店" in row else row for row in PLACES]
    changed = take("places", workbook({"Sheet1": closed}), at=LATER)
    assert [
        (change.field, change.before, change.after) for change in changed.changes if change.what == "changed"
    ] == [("营业状态", "营业", "关停")]


def test_helpers_are_known_by_phone_not_by_name(world: World) -> None:
    content = workbook({"Sheet1": ROSTER})
    report = take("helpers", content)
    assert (report.added, report.counts) == (3, {"helpers": 3})
    assert [(doubt.row, doubt.column) for doubt in report.doubts] == [(5, "E")]
    with scope([""]):
        first = Helper.objects.get(name="王一", kind="志愿者")
        assert (first.skills, first.unfit, first.phone_mask) == (["驾驶", "手语"], "高血压", "138****1111")
    again = take("helpers", content, at=LATER)
    assert (again.added, again.changed) == (0, 0)


def test_a_roster_says_who_is_a_woman_however_it_is_written_and_nobody_is_guessed(world: World) -> None:
    written = ("男", " 女性", "")
    rows = [
        ROSTER[0],
        [*ROSTER[1], "性 别"],
        *([*row, sex] for row, sex in zip(ROSTER[2:], written, strict=True)),
    ]
    assert what_is_it(workbook({"Sheet1": rows}), "表.xlsx") == "helpers"
    take("helpers", workbook({"Sheet1": ROSTER}))
    filled = take("helpers", workbook({"Sheet1": rows}), at=LATER)
    assert {(one.field, one.before, one.after) for one in filled.changes if one.what == "changed"} == {
        ("性别", "", "男"), ("性别", "", "女"),
    }  # fmt: skip
    odd = take("helpers", workbook({"Sheet1": [*rows[:4], [*ROSTER[4], "？男"]]}), at=LATER)
    assert "性 别：性别请写“男”或“女”。" in {doubt.what for doubt in odd.doubts}
    take("helpers", workbook({"Sheet1": ROSTER}), at=LATER)  # a file that does not ask takes nothing away
    with scope([""]):
        told = Helper.objects.filter(name__in=("王一", "李二"), kind__in=("志愿者", "党员"))
        assert dict(told.values_list("unit", "sex")) == {"区妇联": "m", "区财政局": "f", "": ""}


def test_who_answers_is_read_from_merged_cells_ranges_and_shared_cells(world: World) -> None:
    content = workbook({"Sheet1": CHAIN}, merges=SPANS)
    report = take("responsibility", content)
    with scope([""]):
        held = Responsibility.objects.filter(from_at=MORNING, role__gt="").select_related("helper")
        chain = {(each.role, each.area_code, each.helper.name) for each in held}
    building_1, building_2 = f"{DIANLI}001", f"{DIANLI}002"
    assert chain == {
        ("building_lead", building_1 + "01", "王一"), ("building_lead", building_1, "李二"),
        ("building_lead", building_2, "李二"), ("grid_lead", DIANLI, "赵六"), ("grid_lead", CHUNHUI, "赵六"),
        ("cadre", DIANLI, "孙七"), ("cadre", CHUNHUI, "孙七"), ("property_company", DIANLI, "电力物业"),
        ("police", DIANLI, "邓警官"), ("police", CHUNHUI, "邓警官"), ("medic", DIANLI, "刘医生"),
        ("medic", CHUNHUI, "刘医生"),
    }  # fmt: skip
    assert report.counts["gaps"] == 1
    assert [(doubt.row, doubt.column) for doubt in report.doubts if "没有人负责" in doubt.what] == [(5, "D")]
    again = take("responsibility", content, at=LATER)
    assert (again.added, again.changed) == (0, 0)


def test_a_newer_chain_ends_whom_it_replaces_and_nobody_else(world: World) -> None:
    take("responsibility", workbook({"Sheet1": CHAIN}, merges=SPANS))
    newer = [list(row) for row in CHAIN]
    newer[2][3:5] = ["周八", "13800004444"]
    report = take("responsibility", workbook({"Sheet1": newer}, merges=SPANS), at=LATER)
    assert (report.added, report.changed) == (2, 1)  # a helper and what he answers for; one ended
    with scope([""]):
        ended = Responsibility.objects.select_related("helper").get(until=LATER)
        assert (ended.helper.name, ended.area_code) == ("王一", f"{DIANLI}00101")
        assert Responsibility.objects.in_force(LATER).filter(helper__name="张干部").exists()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1", ["1"]), ("1-3号楼", ["1", "2", "3"]), ("1、2", ["1", "2"]), ("2#", ["2"]), ("1-2，5", ["1", "2", "5"]),
        ("三号楼", ["3"]), ("A座", ["A"]), ("", []), ("1~2单元", ["1", "2"]),
    ],
)  # fmt: skip
def test_several_buildings_in_one_cell(written: str, meant: list[str]) -> None:
    assert labels(written) == meant


def test_the_same_file_again_does_not_undo_what_people_corrected(database: None) -> None:
    content = table(["1", "1", "101", "王一", "户主", id_number("19620521", 1), "13800001111", "", ""])
    with scope([""]):
        first = import_workbook(content, "底册.xlsx", community=None, by=None, at=MORNING)
        Person.objects.update(category="流动", name="王壹")
        again = import_workbook(content, "底册.xlsx", community=None, by=None, at=LATER)
        assert (first.added, again.added, again.changed) == (2, 0, 0)
        assert Person.objects.get().name == "王壹"
    upload = Upload.objects.order_by("id").first()
    assert upload is not None
    assert upload.finished_at == MORNING
    assert upload.summary["people"] == 1


def test_a_kept_file_is_untouched_and_private_and_a_preview_takes_nothing(
    database: None, settings_media: Path
) -> None:
    content = table(["1", "1", "101", "王一", "户主", "", "", "", ""])
    upload = keep(content, "底册.xlsx", community=None, by=None, at=MORNING)
    kept = settings_media / upload.stored
    assert kept.read_bytes() == content
    assert kept.stat().st_mode & 0o777 == 0o600
    with scope([""]):
        preview = take_in(upload, by=None, at=MORNING, dry_run=True)
        assert (preview.added, Household.objects.count()) == (2, 0)
        assert not Area.objects.exists()
    assert Upload.objects.get().finished_at is None


def test_the_rows_that_need_a_person_come_as_a_workbook(database: None) -> None:
    report = take("people", table(["1", "1", "101", "王一", "户主", "", "123", "", ""]), community=None)
    from shouwang.lib.sheets.opening import open_file

    sheets = {grid.sheet: grid.cells for grid in open_file(rows_to_check(report), "核对.xlsx")}
    lines = [[str(cell) for cell in row] for row in sheets["请核对"][1:]]
    assert [(line[0], line[2]) for line in lines] == [("梧桐苑", "F"), ("梧桐苑", "G")]
    assert all("王一" in line[5] for line in lines)


@pytest.mark.slow
def test_the_communitys_own_workbooks_are_taken_whole(database: None) -> None:
    with scope([""]):
        for name in ("祥云社区_人口信息底册", "重点场所底册", "防控力量花名册", "包保责任表"):
            content = (DATA / f"{name}.xlsx").read_bytes()
            report = import_workbook(content, f"{name}.xlsx", community=None, by=None, at=MORNING)
            assert report.rows_read == report.rows_taken + report.rows_skipped + report.rows_doubtful
            again = IMPORTS[report.kind](content, f"{name}.xlsx", community=None, by=None, at=LATER)
            assert (again.added, again.changed, again.missing) == (0, 0, 0)
        assert (Household.objects.count(), Person.objects.count(), Place.objects.count()) == (
            4_812,
            12_500,
            370,
        )
        assert Area.objects.filter(level="compound").count() == 13
        assert Helper.objects.filter(
            kind__in=["志愿者", "党员", "社区干部", "退役军人", "机关下沉干部"]
        ).exists()


def test_an_area_that_is_not_in_the_register_is_made_and_said(world: World) -> None:
    rows = [CHAIN[0], CHAIN[1], ["电力楼院", "9号楼", "", "王一", "", "", "", "", "", ""]]
    with scope([""]):
        report = import_responsibility(
            workbook({"Sheet1": rows}), "表.xlsx", community=XIANGYUN, by=None, at=MORNING
        )
        assert Area.objects.filter(label="9号楼", code__startswith=DIANLI).exists()
    assert any("底册里没有这栋楼" in doubt.what for doubt in report.doubts)
