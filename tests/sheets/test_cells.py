"""Each kind of cell against what people really write."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.lib.sheets import cells

REFERENCE = date(2022, 4, 21)
ID, ID_X = "410101197206220755", "41010119961214251X"

ID_NUMBERS = [
    (ID, ID, ""),
    ("'" + ID, ID, ""),
    ("41010119961214251x", ID_X, ""),
    ("41010119961214251×", ID_X, ""),
    ("４１０１０１１９７２０６２２０７５５", ID, ""),
    ("410101 19720622 0755", ID, ""),
    ("410101-19720622-0755", ID, ""),
    ("\u200b410101197206220755\u00a0", ID, ""),
    ("410101\n197206220755", ID, ""),
    ("41O1O11972O622O755", ID, ""),
    ("4l0l0I197206220755", ID, ""),
    ("身份证：410101197206220755", ID, ""),
    ("410101197206220756", "410101197206220756", "id.check_digit"),
    ("410101197213220755", "410101197213220755", "id.birth_date"),
    ("410101440323376", "410101440323376", "id.legacy"),
    (410101440323376.0, "410101440323376", "id.legacy"),
    ("410101441323376", "410101441323376", "id.birth_date"),
    ("410101********0775", "410101********0775", "id.masked"),
    ("410101＊＊＊＊＊＊＊＊0775", "410101********0775", "id.masked"),
    (4.101011963101646e17, "410101196310164***", "id.digits_lost"),
    ("4.10101E+17", "410101************", "id.digits_lost"),
    ("41010119720622075", "41010119720622075", "id.length"),
    ("13800001234", "13800001234", "id.phone"),
    (13800001234.0, "13800001234", "id.phone"),
    ("王芳", "王芳", "id.not_a_number"),
    ("E12345678", "E12345678", ""),
    ("H0012345678", "H0012345678", ""),
    ("01234567", "01234567", ""),
    ("", "", ""),
    ("无", "", ""),
    ("/", "", ""),
    ("不详", "", ""),
]
PHONES = [
    ("13800001234", "13800001234", (), ""),
    (13800001234.0, "13800001234", (), ""),
    ("+8613800001234", "13800001234", (), ""),
    ("86 138 0000 1234", "13800001234", (), ""),
    ("138-0000-1234", "13800001234", (), ""),
    ("１３８００００１２３４", "13800001234", (), ""),
    ("13700002303/0371-6113270", "13700002303", ("03716113270",), ""),
    ("13700002303、13800001234", "13700002303", ("13800001234",), ""),
    ("13700002303 13800001234", "13700002303", ("13800001234",), ""),
    ("13700002303\n13800001234", "13700002303", ("13800001234",), ""),
    ("13700002303；13700002303", "13700002303", (), ""),
    ("（0371）61132700", "037161132700", (), ""),
    ("61132700", "61132700", (), ""),
    ("138****1234", "138****1234", (), ""),
    ("+85291234567", "+85291234567", (), ""),
    ("同户主", "同户主", (), ""),
    ("同母亲", "同母亲", (), ""),
    ("无", "", (), ""),
    ("/", "", (), ""),
    ("——", "", (), ""),
    ("", "", (), ""),
    ("1300000001", "1300000001", (), "phone.short"),
    ("138000012345", "138000012345", (), "phone.long"),
    ("见备注", "见备注", (), "phone.wrong"),
]
NAMES = [
    ("张  伟", "张伟", ""),
    (" 白云涛 ", "白云涛", ""),
    ("王\u3000芳", "王芳", ""),
    ("张伟（儿子）", "张伟", "儿子"),
    ("张伟(已搬走)", "张伟", "已搬走"),
    ("买买提•艾力", "买买提·艾力", ""),
    ("John  Smith", "John Smith", ""),
    ("朱女士", "朱女士", ""),
    ("谢㛃", "谢㛃", ""),
    ("无", "", ""),
    ("空户", "", "空户"),
    ("（空）", "", "空户"),
    ("无人居住", "", "空户"),
]
DATES = [
    ("2022/4/17", "2022-04-17"),
    ("2022.4.17", "2022-04-17"),
    ("2022．4．17", "2022-04-17"),
    ("2022-04-20 06:15", "2022-04-20T06:15"),
    ("2022-04-20T06:15:30", "2022-04-20T06:15"),
    ("2022年4月20日", "2022-04-20"),
    ("2022年4月20日下午3点", "2022-04-20T15:00"),
    ("20220417", "2022-04-17"),
    (20220417.0, "2022-04-17"),
    (44652.0, "2022-04-01"),
    (44652.5, "2022-04-01T12:00"),
    ("44652", "2022-04-01"),
    ("二〇二二年四月十八日", "2022-04-18"),
    ("4/18/2022", "2022-04-18"),
    ("22.4.18", "2022-04-18"),
    (date(2022, 4, 1), "2022-04-01"),
    (datetime(2022, 4, 1), "2022-04-01"),  # noqa: DTZ001  as the reader of workbooks gives it
    ("4月18日", "2022-04-18"),
    ("4月18号", "2022-04-18"),
    ("4.18", "2022-04-18"),
    ("4月18日09时", "2022-04-18T09:00"),
    ("12月30日", "2021-12-30"),
]


@pytest.mark.parametrize(("written", "value", "problem"), ID_NUMBERS)
def test_id_numbers(written: object, value: str, problem: str) -> None:
    cell = cells.id_number(written)
    assert (cell.value, cell.problem) == (value, problem)
    assert bool(cell.sentence) == bool(problem)


@pytest.mark.parametrize(("written", "first", "others", "problem"), PHONES)
def test_phones(written: object, first: str, others: tuple[str, ...], problem: str) -> None:
    cell = cells.phone(written)
    assert (cell.value, cell.others, cell.problem) == (first, others, problem)


@pytest.mark.parametrize(
    ("written", "remark"),
    [("13800001234（儿子）", "儿子"), ("儿子13800001234", "儿子"), ("房东 13900008280", "房东")],
)
def test_a_word_beside_a_phone_is_kept(written: str, remark: str) -> None:
    assert cells.phone(written).remark == remark


@pytest.mark.parametrize(("written", "value", "remark"), NAMES)
def test_names(written: str, value: str, remark: str) -> None:
    assert cells.name(written)[:1] + cells.name(written)[4:] == (value, remark)


@pytest.mark.parametrize("written", ["张伟\n李娜", "张伟、李娜", "张伟/李娜", "张 伟，李娜"])
def test_two_people_in_one_cell_are_doubted(written: str) -> None:
    assert cells.name(written)[:2] == ("张伟、李娜", "name.several")


@pytest.mark.parametrize(("written", "value"), DATES)
def test_dates(written: object, value: str) -> None:
    cell = cells.day(written, REFERENCE)
    assert (cell.value, cell.problem) == (value, "")


def test_a_year_that_was_not_written_is_said_to_be_assumed() -> None:
    assert cells.day("4月18日", REFERENCE).remark == "assumed_year"
    assert cells.day("2022年4月18日", REFERENCE).remark == ""
    assert cells.day("4月18日", None).problem == "date.unreadable"


@pytest.mark.parametrize("written", ["昨天", "2022-13-01", "2022-02-30", "13月1日"])
def test_what_is_no_date_is_kept_and_doubted(written: str) -> None:
    assert cells.day(written, REFERENCE)[:2] == (written, "date.unreadable")


def test_a_month_without_a_day_is_doubted() -> None:
    assert cells.day("二〇二二年四月", REFERENCE)[:2] == ("2022-04-01", "date.no_day")


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("number", 1.0, "1"),
        ("number", "3针", "3"),
        ("number", "1,250", "1250"),
        ("number", "36.5℃", "36.5"),
        ("yes", "√", "是"),
        ("yes", True, "是"),
        ("yes", "否", "否"),
        ("yes", "高血压", "高血压"),
        ("sex", "男 ", "男"),
        ("sex", "F", "女"),
        ("building", 1.0, "1"),
        ("building", "1#", "1"),
        ("building", "一号楼", "1"),
        ("building", "十二栋", "12"),
        ("building", "A座", "A"),
        ("building", "别墅5", "别墅5"),
        ("building", "百货楼", "百货楼"),
        ("unit", "2单元", "2"),
        ("unit", "二单元", "2"),
        ("unit", "全部", "全部"),
        ("floor", "3层", "3"),
        ("floor", "负一层", "-1"),
        ("room", "502室", "502"),
        ("room", "五〇二", "502"),
        ("room", "1102a", "1102A"),
        ("room", "B1", "B1"),
        ("room", "地下室", "地下室"),
        ("room", "商1", "商1"),
        ("room", "门面3", "门面3"),
        ("text", "无", ""),
        ("text", 3.5, "3.5"),
        ("text", time(7, 30), "07:30"),
        ("text", timedelta(hours=26), "26:00"),
    ],
)
def test_words_and_labels(kind: str, written: object, value: str) -> None:
    cell = cells.CLEANERS[kind](written, REFERENCE)
    assert (cell.value, cell.problem) == (value, "")


def test_a_door_that_became_a_date_is_doubted() -> None:
    assert cells.building(date(2022, 3, 2), None)[:2] == ("3-2", "door.became_date")


@given(st.sampled_from(sorted(cells.CLEANERS)), st.one_of(st.text(max_size=40), st.floats(), st.integers()))
def test_no_cell_is_too_strange(kind: str, written: object) -> None:
    cell = cells.CLEANERS[kind](written, REFERENCE)
    assert isinstance(cell.value, str)
    assert not cell.problem or cell.sentence


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_usual_form_of_a_day_is_that_day(day: date) -> None:
    for form in (
        "{0.year}-{0.month}-{0.day}",
        "{0.year}年{0.month}月{0.day}日",
        "{0.year}.{0.month:02d}.{0.day:02d}",
    ):
        assert cells.day(form.format(day), None).value == day.isoformat()
