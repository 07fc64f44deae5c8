"""One family through the pages: asked, confirmed, decided, told, looked after, let out; and who may not."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.isolation_day import owe_the_day
from shouwang.flows.swabbing.rounds_day import owe_test_days
from shouwang.isolation.asking import object_to
from shouwang.isolation.changing import approve_change, propose_category
from shouwang.isolation.models import Change, Need, Objection, Order, Reading
from shouwang.isolation.moving import Trip, depart, hand_over, plan_transfer
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.outreach.models import Message
from shouwang.plans.actions import activate, keep, keep_shipped, text_of
from shouwang.plans.form.filled import written
from shouwang.plans.loader import shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.screening.models import Referral
from shouwang.testing.models import Tour
from tests.desk.test_closing import shown, words_in
from tests.testing.tubes_world import lay
from tests.world import XIANGYUN, at

GROUNDS = {
    "authority": "区防控指挥部", "document": "17号", "legal_basis": "传染病防治法第四十一条", "reason": "与密接同住",
}  # fmt: skip


@pytest.fixture
def set_clock(monkeypatch):
    return lambda day, hour: monkeypatch.setenv("SHOUWANG_CLOCK", at(day, hour).isoformat())


@pytest.fixture
def family(street, set_clock):
    """程文 and 石兰 live behind one door, under the ninth plan, on the evening of the 20th."""
    set_clock(20, 20)
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(1, 8)), reason="上级文件", by=None, at=at(1, 8))
        door = street.doors["电力楼院 1-1-101"].pk
        return [
            add_person(door, Newcomer(name=name, phone=phone), by=None, at=at(1, 8)).pk
            for name, phone in (("程文", "13900004321"), ("石兰", ""))
        ]


def ask(client: Client, street, people, **changed):
    asked = {
        "people": people, "category": "secondary_contact", "exposed_on": "2022-04-18", "source": "hand",
        "fits": list(HOME), "propose": "1", **changed,
    }  # fmt: skip
    door = street.doors["电力楼院 1-1-101"].pk
    return client.post(f"{reverse('isolation_new')}?household={door}", asked)


HOME = (
    "一人独住，或有独立通风的房间和单独的卫生间",
    "不与其他房间共用中央空调",
    "污水排放符合要求，有独立化粪池",
    "不是集体宿舍",
    "照护人不是慢性病人或老人",
)


def orders() -> list[Order]:
    with scope([XIANGYUN]):
        return list(Order.objects.order_by("person"))


def open_duties(kind: str) -> int:
    with scope([XIANGYUN]):
        return Duty.objects.filter(kind=f"isolation.{kind}", fact="owed").count()


def count_of(client: Client, which: str) -> int:
    page = client.get(reverse("isolation"), {"which": which}).content.decode()
    return int(re.search(r'<h2>.*?<span class="count">(\d+)</span>', page)[1])


def held(newcomer, browser_of, street, family) -> list[Order]:
    ask(newcomer("clerk", XIANGYUN), street, family)
    rows = [str(one.pk) for one in orders()]
    browser_of("李楼长").post(reverse("order_confirm", args=[rows[0]]), {"orders": rows})
    browser_of("书记刘").post(reverse("order_decide", args=[rows[0]]), {"orders": rows, **GROUNDS})
    return orders()


def test_a_family_from_the_request_to_the_hour_of_the_end(street, family, newcomer, browser_of, set_clock):
    clerk, lead, secretary = newcomer("clerk", XIANGYUN), browser_of("李楼长"), browser_of("书记刘")
    door = street.doors["电力楼院 1-1-101"].pk
    seen = clerk.post(f"{reverse('isolation_new')}?household={door}", {
        "people": family, "category": "secondary_contact", "exposed_on": "2022-04-18", "source": "hand",
        "fits": list(HOME), "look": "1",
    })  # fmt: skip
    assert "到 4-25 24:00 结束" in seen.content.decode()
    assert orders() == []
    for _ in range(2):  # sent twice it is one request
        assert ask(clerk, street, family).status_code == 302
    first, second = orders()
    assert second.bound_to_id == first.pk
    assert count_of(clerk, "waiting") == 2

    both, page = {"orders": [str(first.pk), str(second.pk)]}, reverse("order", args=[first.pk])
    assert "决定，从现在起" not in secretary.get(page).content.decode()  # nobody has seen the address
    assert (
        clerk.post(reverse("order_confirm", args=[first.pk]), both).status_code == 422
    )  # it was the clerk's request
    lead.post(reverse("order_confirm", args=[first.pk]), both)
    without = secretary.post(reverse("order_decide", args=[first.pk]), {**both, **GROUNDS, "document": ""})
    assert without.status_code == 422
    assert "区防控指挥部" in without.content.decode()  # what was typed stays
    for _ in range(2):
        answer = secretary.post(reverse("order_decide", args=[first.pk]), {**both, **GROUNDS})
        assert answer.status_code == 302
    assert count_of(lead, "telling") == 2

    notice = lead.get(reverse("order_notice", args=[first.pk])).content.decode()
    for said in (
        "与密接同住",
        "不是处罚",
        ">2022-4-25 24:00</span></strong>",
        "看病从不受限制",
        "17号",
        "48 小时",
        "<svg",
    ):
        assert said in notice
    tap = {"id": "0192f000-0000-7000-8000-000000000001", "what": "begin", "everybody": "1"}
    for _ in range(2):
        lead.post(reverse("order_care", args=[first.pk]), tap)
    assert open_duties("begin") == 0
    assert count_of(lead, "telling") == 0

    set_clock(21, 9)
    with scope([XIANGYUN]):
        owe_the_day(XIANGYUN, now=clock.now())
    assert count_of(lead, "missing") == 2
    assert "程文" in lead.get(reverse("isolation_temperatures")).content.decode()
    wrong = lead.post(
        reverse("order_reading", args=[first.pk]), {"id": str(first.pk), "degrees": "3.65", "how": "door"}
    )
    assert "请再看一遍体温计" in wrong.content.decode()
    fever = {"id": str(first.pk), "degrees": "382", "how": "door", "back": "temperatures"}
    for _ in range(2):
        answer = lead.post(reverse("order_reading", args=[first.pk]), fever, follow=True)
    assert "发热或不舒服" in lead.get(page).content.decode()
    with scope([XIANGYUN]):
        referral = Referral.objects.get()
    assert (referral.person_id, referral.due_at) == (first.person_id, at(21, 11))
    ill = reverse("referral", args=[referral.pk])
    assert "没有人收到" in lead.get(ill).content.decode()  # nobody here has a phone in the roster
    for _ in range(2):
        lead.post(reverse("referral_doctor", args=[referral.pk]), {"hospital": "市一院发热门诊"})
    assert "医生看过了" in lead.get(ill).content.decode()
    with scope([XIANGYUN]):
        assert Duty.objects.get(kind="screening.referral").fact == "done"

    text = "#接龙\n1. 1-1-101 石兰 36.4\n2. 1-1-101 王五 36.5\n3. 全家都正常"
    preview = lead.post(reverse("isolation_chat"), {"text": text}).content.decode()
    assert "把认得准的记下" in preview
    assert "这一户隔离的人里没有叫王五的。" in preview
    lead.post(reverse("isolation_chat"), {"text": text, "record": "1"})
    with scope([XIANGYUN]):
        assert Reading.objects.count() == 2
    assert count_of(lead, "missing") == 0

    wanted = {"id": str(uuid7(at(21, 9))), "what": "food", "words": "一袋米", "due_at": "2022-04-21T18:00"}
    secretary.post(reverse("need_new", args=[first.household_id]), wanted)
    with scope([XIANGYUN]):
        need = Need.objects.get()
    lead.post(reverse("need_take", args=[need.pk]), {"way": "worker"})
    for _ in range(2):
        assert lead.post(reverse("need_bring", args=[need.pk]), {"bring-amount": "12.50"}).status_code == 302
    assert open_duties("need") == 0

    early = secretary.post(reverse("order_release", args=[first.pk]), {"release-reason": ""})
    assert "提前解除要写明理由" in early.content.decode()
    set_clock(26, 0)
    for one in (first, second, first):
        assert clerk.post(reverse("order_release", args=[one.pk]), {"release-reason": ""}).status_code == 302
    assert [one.released_at for one in orders()] == [at(26, 0)] * 2
    assert count_of(clerk, "held") == 0
    paper = lead.get(reverse("order_certificate", args=[first.pk])).content.decode()
    for said in ("解除告知书", "程文", "和别人一样", "17号"):
        assert said in paper
    assert open_duties("welcome_call") == 2
    lead.post(reverse("order_care", args=[first.pk]), {"what": "welcome", "id": str(second.pk)})
    assert open_duties("welcome_call") == 1
    with scope([XIANGYUN]):
        told = Message.objects.get(purpose="let_go")  # only one of them has a telephone
        assert told.person_id == first.person_id


def test_whoever_cares_sees_no_names_and_decides_nothing(street, family, newcomer, browser_of):
    row = held(newcomer, browser_of, street, family)[0]
    volunteer = newcomer("volunteer", XIANGYUN)
    page = volunteer.get(reverse("order", args=[row.pk])).content.decode()
    assert "程文" not in page
    assert "程**" in page
    assert "程文" not in volunteer.get(reverse("isolation")).content.decode()
    for step in ("order_decide", "order_withdraw", "order_release", "order_confirm"):
        assert volunteer.post(reverse(step, args=[row.pk]), GROUNDS).status_code == 403, step
    assert volunteer.get(reverse("order_notice", args=[row.pk])).status_code == 403
    assert volunteer.get(reverse("isolation_new")).status_code == 403
    assert browser_of("李楼长").post(reverse("order_decide", args=[row.pk]), GROUNDS).status_code == 403
    clerk = newcomer("grid_lead", XIANGYUN)
    assert clerk.post(reverse("order_release", args=[row.pk]), {"release-reason": "x"}).status_code == 403


def test_a_home_that_does_not_fit_leads_elsewhere_and_a_request_lapses(street, family, newcomer, set_clock):
    clerk = newcomer("clerk", XIANGYUN)
    ask(clerk, street, family[:1], category="high_risk_stay", fits=[])
    row = orders()[0]
    assert row.home_unmet == list(HOME)
    page = clerk.get(reverse("order", args=[row.pk])).content.decode()
    assert HOME[1] in page
    set_clock(20, 23)
    assert "已经作废" in clerk.get(reverse("order", args=[row.pk])).content.decode()
    assert ask(clerk, street, family[:1], exposed_on="2022-05-01").status_code == 422  # has not happened yet


def test_longer_on_the_word_of_two_and_an_objection_by_a_third(
    street, family, newcomer, browser_of, set_clock
):
    row = held(newcomer, browser_of, street, family)[0]
    secretary, other = browser_of("书记刘"), newcomer("grid_lead", XIANGYUN)
    change = reverse("order_change", args=[row.pk, "longer"])
    longer = {
        "longer-what": "longer",
        "longer-until": "2022-04-27T00:00",
        "longer-reason": "结果未出",
        "longer-document": "18号",
    }
    earlier = {**longer, "longer-until": "2022-04-25T00:00"}
    assert "新的结束时间要晚于" in secretary.post(change, earlier).content.decode()
    for _ in range(2):
        assert secretary.post(change, longer).status_code == 302
    with scope([XIANGYUN]):
        asked = Change.objects.get()
    approve = reverse("change_approve", args=[asked.pk])
    assert orders()[0].until == at(26, 0)  # nothing has moved yet
    assert "提出的人不能自己批准" in secretary.post(approve).content.decode()
    assert other.post(approve).status_code == 403
    second = newcomer("secretary", XIANGYUN)
    assert "批准更改" in second.get(reverse("order", args=[row.pk])).content.decode()
    for _ in range(2):
        assert second.post(approve).status_code == 302
    assert orders()[0].until == at(27, 0)
    category = {
        "category-what": "category",
        "category-category": "close_contact",
        "category-reason": "流调改判",
        "category-document": "19号",
    }
    other.post(reverse("order_change", args=[row.pk, "category"]), category)
    with scope([XIANGYUN]):
        asked = Change.objects.exclude(pk=asked.pk).get()
    without = second.post(reverse("change_refuse", args=[asked.pk]), {})
    assert without.status_code == 422
    second.post(reverse("change_refuse", args=[asked.pk]), {"refuse-reason": "没有新的依据"})
    assert "没有新的依据" in secretary.get(reverse("order", args=[row.pk])).content.decode()
    assert orders()[0].category == "secondary_contact"
    with scope([XIANGYUN]):
        objection = object_to(row.pk, words="我那天在外地", at=clock.now()).pk
    assert count_of(other, "objected") == 1
    address, said = reverse("objection", args=[objection]), {"upheld": "yes", "words": "车票核实，当天在外地"}
    assert "异议要由别人复核" in secretary.post(address, said).content.decode()
    for _ in range(2):
        assert other.post(address, said).status_code == 302
    with scope([XIANGYUN]):
        assert Objection.objects.get().upheld is True
    assert orders()[0].released_at is not None


def test_the_overview_takes_few_questions(street, family, newcomer, browser_of):
    held(newcomer, browser_of, street, family)
    client = browser_of("书记刘")
    for address in (reverse("isolation"), reverse("isolation_temperatures"), reverse("needs")):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 15, (address, [one["sql"][:90] for one in asked])


@pytest.mark.parametrize(
    ("role", "area", "status"), [("secretary", XIANGYUN, 422), ("commander", XIANGYUN[:9], 302)]
)
def test_many_at_once_are_decided_by_the_level_above_alone(
    street, family, newcomer, browser_of, role, area, status
):
    text = shipped()["covid_9th"].read_text(encoding="utf-8")
    open_setting = 'to_be_set = ["level_above_from_people", '
    assert open_setting in text
    text = text.replace(open_setting, "level_above_from_people = 2\nto_be_set = [")
    with scope([XIANGYUN]):
        strict = keep(text, file="covid_9th.toml", at=clock.now())
        activate(XIANGYUN, strict, reason="上级文件", by=None, at=clock.now())
    ask(newcomer("clerk", XIANGYUN), street, family)
    rows = [str(one.pk) for one in orders()]
    browser_of("李楼长").post(reverse("order_confirm", args=[rows[0]]), {"orders": rows})
    answer = newcomer(role, area).post(
        reverse("order_decide", args=[rows[0]]), {"orders": rows, **GROUNDS, "above": "on"}
    )
    assert answer.status_code == status


@pytest.fixture
def eight_hours(family):
    """The eighth plan, with the hours within which whoever goes elsewhere is there."""
    text = text_of("covid_8th") + written({"clocks.transfer_hours": 8.0}, because="区指挥部")
    with scope([XIANGYUN]):
        version = keep(text, file="covid_8th.toml", at=at(20, 19), area=XIANGYUN, filling=1)
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(20, 19))


def test_whoever_goes_elsewhere_is_there_within_the_plans_hours_and_knows_how_they_are_swabbed(
    street, family, eight_hours, newcomer, browser_of, set_clock
):
    ask(newcomer("clerk", XIANGYUN), street, family, category="close_contact")
    rows = [str(one.pk) for one in orders()]
    page, told = reverse("order", args=[rows[0]]), {"orders": rows, **GROUNDS}
    browser_of("李楼长").post(reverse("order_confirm", args=[rows[0]]), {"orders": rows})
    set_clock(20, 21)
    browser_of("书记刘").post(reverse("order_decide", args=[rows[0]]), told)
    assert open_duties("transfer") == 2
    said = words_in(shown(browser_of("书记刘").get(page)))
    assert "转去集中点 · 明天 05:00" in said or "转去集中点 · 4-21 05:00" in said
    assert "采样的日子 4-19 鼻咽拭子 4-22 鼻咽拭子 4-25 鼻咽拭子 5-2 鼻咽拭子，双采双检" in said
    assert "几包一小组 社区干部、网格员、社区医务人员、社区民警、志愿者" in said
    set_clock(21, 9)
    assert re.search(r"转去集中点 · \S+ 05:00 已超时", words_in(shown(browser_of("书记刘").get(page))))
    with scope([XIANGYUN]):
        by = street.users["书记刘"]
        trip = Trip("区集中隔离点", "central", "甲A00001", "孙师傅", at(21, 10))
        car = plan_transfer([UUID(one) for one in rows], trip, by=by, at=at(21, 9)).pk
        depart(car, disinfected_at=at(21, 9, 50), left_at=at(21, 10), by=by, at=at(21, 10))
        hand_over(car, received_by="钱护士", arrived_at=at(21, 11), disinfected_at=None, by=by, at=at(21, 11))
        facts = Duty.objects.filter(kind="isolation.transfer").values_list("fact", flat=True)
        assert list(facts) == ["late", "late"]


def test_the_teams_sheet_says_how_each_door_is_swabbed(street, family, newcomer, browser_of, set_clock):
    ask(newcomer("clerk", XIANGYUN), street, family, category="close_contact")
    rows = [str(one.pk) for one in orders()]
    browser_of("李楼长").post(reverse("order_confirm", args=[rows[0]]), {"orders": rows})
    browser_of("书记刘").post(reverse("order_decide", args=[rows[0]]), {"orders": rows, **GROUNDS})
    set_clock(21, 9)
    table, secretary = lay(street), browser_of("书记刘")
    with scope([XIANGYUN]):
        assert owe_test_days(XIANGYUN, now=clock.now()) == 2
    secretary.post(reverse("testing_tours_lay_out", args=[table.round.pk]))
    with scope([XIANGYUN]):
        tour = Tour.objects.get()
    assert "<td>口咽拭子" in secretary.get(reverse("testing_sheet", args=[tour.pk])).content.decode()


def test_whose_home_turns_out_unfit_is_owed_the_way_elsewhere_from_then_on(
    street, family, newcomer, browser_of, set_clock
):
    """At home no transfer is owed; once a second person agrees that they move, the plan's hours run."""
    text = text_of("covid_9th") + written({"clocks.transfer_hours": 8.0}, because="区指挥部")
    with scope([XIANGYUN]):
        version = keep(text, file="covid_9th.toml", at=at(20, 19), area=XIANGYUN, filling=1)
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(20, 19))
    first = held(newcomer, browser_of, street, family)[0]
    assert (first.mode, open_duties("transfer")) == ("home", 0)
    set_clock(21, 9)
    with scope([XIANGYUN]):
        by, other = street.users["书记刘"], street.users["李楼长"]
        change = propose_category(
            first.pk, "close_contact", reason="单人结果阳性的同住人", document="9号", by=other, at=at(21, 9)
        )
        approve_change(change.pk, by=by, at=at(21, 9))
        assert Order.objects.get(pk=first.pk).mode == "central"
        assert Duty.objects.get(kind="isolation.transfer").due_at == at(21, 17)
