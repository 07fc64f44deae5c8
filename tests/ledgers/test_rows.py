"""Forms with one line for each person: every cell as the register says, numbers masked, more lines than the form has."""

from datetime import date

import pytest
from django.conf import settings

from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.ledgers.blank.forms import MayNotSee
from shouwang.ledgers.exports import ApprovedByAnother, NotOpen, approve, ask, take
from shouwang.ledgers.snapshots import prepare, printed
from shouwang.lib.errors import NotInScope
from shouwang.lib.identity import mask_id
from shouwang.lib.sealing import sealer
from shouwang.register.models import Person
from tests.ledgers.blanks import FOOTNOTE, PEOPLE, blank
from tests.ledgers.doing import CATALOGUE, grants, look, opened, printed_sheet, report_on, sent
from tests.world import BUILDING_1, BUILDING_2, CHUNHUI, XIANGYUN, at

NUMBER = "990103196205210018"
LEADS = {BUILDING_1: "李楼长", BUILDING_2: "王网格", CHUNHUI: "张干部"}


@pytest.fixture
def people(clerk):
    """Everybody of 电力楼院 1-1-101 has a number, a sex, a birthday and a name that looks like a formula."""
    with scope([XIANGYUN]):
        Person.objects.filter(household=clerk.doors["电力楼院 1-1-101"]).update(
            name="=1+1", sex="f", born_on=date(1962, 5, 21), id_mask=mask_id(NUMBER),
            id_sealed=sealer(settings.SEALING_KEY_FILE).seal(NUMBER), phone_mask="100****0001", category="流动",
        )  # fmt: skip
    return clerk


def test_every_person_has_a_line_and_the_footnote_stays_below(people, use):
    content = blank("居民台账", PEOPLE, rows=3)
    with scope([XIANGYUN]):
        version = use(content)
        left = sent(people, report_on(version.form, at(21, 9)), at(21, 17))
        everybody = list(Person.objects.select_related("household").order_by("area_code", "id"))
        filled, before = printed_sheet(left, at(21, 17)), opened(content)
    assert (version.lines, len(everybody)) == ("person", 15)
    for number, person in enumerate(everybody, 1):
        line = [cell.value for cell in filled[4 + number]]
        lead = next(name for code, name in LEADS.items() if person.area_code.startswith(code))
        known = person.name == "=1+1"
        assert line == [
            number, person.name, "女" if known else None, 59 if known else None, mask_id(NUMBER) if known else None,
            "100****0001" if known else None, f"{person.household.compound} {person.household.door}", None, None, lead, None,
        ]  # fmt: skip
        assert [look(cell) for cell in filled[4 + number]] == [look(cell) for cell in before[5]]
        assert filled.row_dimensions[4 + number].height == 22
    assert filled["B5"].data_type == "s"
    assert filled["E5"].number_format == "@"
    assert filled["A20"].value == FOOTNOTE
    assert "A20:K20" in map(str, filled.merged_cells.ranges)
    assert filled["A21"].value == "说明：未统计：健康状况/当日体温、健康状况/是否就医。"


def test_a_selection_takes_some_and_nobody_is_also_reported(people, use):
    with scope([XIANGYUN]):
        some = use(blank("流动人口台账", PEOPLE), selection={"category": "流动"})
        left = sent(people, report_on(some.form, at(21, 9)), at(21, 17))
        assert ([line[1] for line in left.table["cells"]], left.zero) == (["=1+1"], False)
        nobody = use(blank("外来台账", PEOPLE), selection={"category": "外来"})
        none = sent(people, report_on(nobody.form, at(21, 9)), at(21, 17))
        assert (none.table["cells"], none.zero) == ([], True)
        assert none.table["notes"][0] == "零报告：这一期没有要登记的。"


def test_what_only_another_module_could_know_prints_no_line(people, use):
    with scope([XIANGYUN]):
        version = use(blank("样本转运交接单", ["箱编号", "姓名", "时间"]))
        left = sent(people, report_on(version.form, at(21, 9)), at(21, 17))
    assert (version.lines, left.table["cells"]) == ("testing.box", [])
    assert left.table["notes"] == ["这张表要的登记系统里还没有，没有填行。"]


def test_numbers_in_clear_want_a_second_person_and_are_marked_and_logged(people, use):
    secretary, other = people.users["书记刘"], people.users["信息员孙"]
    with scope([XIANGYUN]):
        version = use(blank("流动人口台账", PEOPLE), selection={"category": "流动"})
        left = sent(people, report_on(version.form, at(21, 9)), at(21, 17))
        assert NUMBER.encode() not in printed(left, by=secretary, at=at(21, 18))
        asked = ask(left, reason="报区疾控", by=secretary, at=at(21, 18))
        assert ask(left, reason="报区疾控", by=secretary, at=at(21, 18)) == asked
        for hour in (18, 19):
            with pytest.raises(NotOpen):
                take(asked, catalogue=CATALOGUE, as_csv=False, by=secretary, at=at(21, hour))
        with pytest.raises(ApprovedByAnother):
            approve(asked, by=secretary, at=at(21, 19))
        approve(asked, by=other, at=at(21, 19))
        asked.refresh_from_db()
        with pytest.raises(NotInScope):
            take(asked, catalogue=CATALOGUE, as_csv=False, by=other, at=at(21, 20))
        sheet = opened(take(asked, catalogue=CATALOGUE, as_csv=False, by=secretary, at=at(21, 20)))
        assert (sheet["E5"].value, sheet["E5"].data_type) == (NUMBER, "s")
        assert "书记刘 2022-04-21 20:00 取用" in (sheet.oddFooter.center.text or "")
        lines = take(asked, catalogue=CATALOGUE, as_csv=True, by=secretary, at=at(21, 20)).decode("utf-8-sig")
        assert lines.splitlines()[0].startswith("序号,姓名,性别")
        assert "'=1+1" in lines
        assert NUMBER in lines
        with pytest.raises(NotOpen):
            take(asked, catalogue=CATALOGUE, as_csv=False, by=secretary, at=at(22, 19))
        logged = list(Audit.objects.filter(action="ledgers.take_clear").values_list("reason", flat=True))
        assert logged == ["报区疾控"] * 2


def test_nobody_fills_a_column_that_they_may_not_see(people, use):
    user = people.users["李楼长"]
    with scope([XIANGYUN]):
        version = use(blank("居民台账", PEOPLE))
        report = report_on(version.form, at(21, 9))
        with pytest.raises(MayNotSee, match="“姓名”不能填成“姓名”"):
            prepare(report, catalogue=CATALOGUE, grants=grants(user, role="volunteer"), by=user, at=at(21, 9))
