"""Forms about people on pushed lists: what the list said, what was found out, by whom, when and how."""

from datetime import date
from decimal import Decimal

import pytest

from shouwang.access.scope import scope
from shouwang.catalogue import FIELDS
from shouwang.ledgers.blank.forms import current, take_up
from shouwang.ledgers.models import Question, Version
from shouwang.ledgers.reports import plan_reports
from shouwang.lib.fields import NumberField
from shouwang.lib.ids import uuid7
from shouwang.register.models import Person
from shouwang.screening.fields import visits
from shouwang.screening.lists.asking import Told, record_checks
from shouwang.screening.lists.models import FOUND, NOT_OURS, Check, Inquiry, ListRow, PushedList
from shouwang.screening.returning import returned, returned_from_risk
from tests.ledgers.blanks import blank
from tests.ledgers.doing import numbers, report_on, sent
from tests.world import XIANGYUN, at

HOUSES = ("form.community", "register.doors")
RETURNED = [
    "序号", "姓名", "现住址", "去往湖北情况/去往地市", "去往湖北情况/返回时间", "去往湖北情况/交通方式及车次",
    "健康状况/当日体温", "健康状况/有无发热咳嗽", "核查方式(入户/电话)", "核查人", "核查时间", "包保责任人", "备注",
]  # fmt: skip


def row_of(listed: PushedList, person: Person, number: int, *, place: str, outcome: str = FOUND) -> Inquiry:
    asked = Inquiry.objects.create(
        id=uuid7(at(21, 8)), area_code=person.area_code, person=person, opened_at=at(21, 8)
    )
    ListRow.objects.create(
        id=uuid7(at(21, 8)), area_code=person.area_code, list=listed, inquiry=asked, number=number, name=person.name,
        from_place=place, transport="G77", happened_on=date(2022, 4, 18), outcome=outcome, why=[], candidates=[],
        doubts=[], phones_sealed=[], phone_digests=[],
    )  # fmt: skip
    return asked


@pytest.fixture
def asked(clerk):
    """Three people of 祥云社区 on a list: from Wuhan and asked, from Xi'an, and one who lives elsewhere."""
    with scope([XIANGYUN]):
        listed = PushedList.objects.create(
            id=uuid7(at(21, 8)), area_code=XIANGYUN, title="大数据下发", sender="大数据办", arrived_at=at(21, 8),
            due_at=at(22, 8), received_at=at(21, 8),
        )  # fmt: skip
        first, second, third = Person.objects.order_by("area_code", "id")[:3]
        inquiry = row_of(listed, first, 1, place="湖北武汉")
        row_of(listed, second, 2, place="陕西西安")
        row_of(listed, third, 3, place="湖北黄冈", outcome=NOT_OURS)
        told = Told(
            inquiry.pk,
            at(21, 10),
            "phone",
            from_place="湖北武汉洪山区",
            transport="G1234",
            temperature_c=Decimal("36.4"),
        )
        record_checks([told], by=clerk.users["信息员孙"], at=at(21, 10, 5))
    return clerk


def test_a_line_says_what_the_list_said_and_what_was_found_out(asked, use):
    with scope([XIANGYUN]):
        version = use(blank("返回湖北人员摸排登记台账", RETURNED))
        assert (version.lines, version.selection) == ("screening.listed", {"from_place": "湖北"})
        left = sent(asked, report_on(version.form, at(21, 9)), at(21, 17))
        assert left.table["cells"] == [
            [
                1, "住户11101", "电力楼院 1-1-101", "湖北武汉洪山区", "2022-04-18", "G1234", 36.4, "无", "电话",
                "信息员孙", "2022-04-21 10:00", "李楼长", "",
            ]
        ]  # fmt: skip
        everybody = use(blank("重点地区流入人员情况排查表", RETURNED[:6]))
        all_of_them = sent(asked, report_on(everybody.form, at(21, 9)), at(21, 17))
        assert [line[1] for line in all_of_them.table["cells"]] == ["住户11101", "住户11102"]


def test_calls_are_counted_and_a_struck_one_is_deducted_the_day_after(asked, use):
    with scope([XIANGYUN]):
        form = use(blank("核查日报", ["社区", "今日电话核查数", "累计电话核查数", "今日核查人次"])).form
        first = sent(asked, report_on(form, at(21, 9)), at(21, 17))
        assert numbers(first) == {
            "社区": "祥云社区",
            "今日电话核查数": 1,
            "累计电话核查数": 1,
            "今日核查人次": 1,
        }
        Check.objects.update(void_at=at(21, 20))
        second = sent(asked, report_on(form, at(22, 9)), at(22, 17))
        assert numbers(second) == {
            "社区": "祥云社区",
            "今日电话核查数": -1,
            "累计电话核查数": 0,
            "今日核查人次": -1,
        }


def test_who_came_back_from_another_province_is_counted_where_they_said_so(asked, use):
    with scope([XIANGYUN]):
        form = use(blank("防控工作日报", ["社区", "省外返回", "其中中高风险"])).form
        told = {"社区": "祥云社区", "省外返回": 1, "其中中高风险": 0}
        first = numbers(sent(asked, report_on(form, at(21, 9)), at(21, 17)))
        assert first == told
        Check.objects.update(category="medium_risk_stay", from_place="安徽合肥")
        second = numbers(sent(asked, report_on(form, at(22, 9)), at(22, 17)))
        assert (second["省外返回"], second["其中中高风险"]) == (0, 0)
        assert returned_from_risk(XIANGYUN).count() == 1
        Check.objects.update(from_place="河南开封")
        assert returned(XIANGYUN).count() == 0


def test_what_is_recorded_later_fills_its_column_from_the_next_period_on(clerk, use):
    """A module that comes later offers a field: the column that was 未统计 fills itself, what was sent stays."""
    later = NumberField(key="couplets.put_up", words="对联/张贴副数", span="day", source=visits)
    with scope([XIANGYUN]):
        form = use(
            blank("对联日报", ["社区", "辖区户数", "对联/张贴副数", "对联/没贴户数"]),
            questions=frozenset({2, 3}),
        ).form
        before = sent(clerk, report_on(form, at(21, 9)), at(21, 17))
        assert plan_reports(XIANGYUN, fields={**FIELDS, later.key: later}, at=at(21, 18))
        asked = [f"asked.{one.pk}" for one in Question.objects.order_by("id")]
        assert [one["field"] for one in current(form).columns] == [*HOUSES, "couplets.put_up", asked[1]]
        assert take_up(current(form), FIELDS, at=at(21, 19)) == []
        assert before.table["fields"] == [*HOUSES, *asked]
        assert [one.heading for one in Question.objects.filter(closed_at=None)] == ["对联/没贴户数"]
        assert Version.objects.count() == 1
