"""What should not happen to somebody in isolation and does: each time a clear sentence, and nothing is lost."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.isolation_day import begin_isolation
from shouwang.flows.merge_rows import merge_rows
from shouwang.flows.move_household import move_people
from shouwang.isolation.models import Order, Reading
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds
from shouwang.standing.models import Hold
from shouwang.standing.queries import held
from tests.world import XIANGYUN, at

DOOR = "电力楼院 1-1-101"
GROUNDS = Grounds("secondary_contact", "与密接同住", "区防控指挥部", "17号", "传染病防治法第四十一条")


@pytest.fixture
def person(street, monkeypatch) -> Person:
    """程文 is held at home since the evening of the 20th, until the 26th."""
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 10).isoformat())
    with scope([XIANGYUN]):
        version = keep_shipped("covid_9th", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        found = add_person(street.doors[DOOR].pk, Newcomer(name="程文"), by=None, at=at(1, 8))
        _hold(street, found, at(20, 20), 18)
    return found


def _hold(street, who: Person, moment, exposed: int) -> Order:
    version = keep_shipped("covid_9th", at=at(1, 8))
    seen = {"last_exposure": Moment(at(exposed, 0).date())}
    order = propose(
        [Proposal(who.pk, "secondary_contact", seen)], version=version, by=street.users["书记刘"], at=moment
    )[0]
    confirm_address([order.pk], by=street.users["李楼长"], at=moment)
    begin_isolation([order.pk], GROUNDS, by=street.users["李楼长"], at=moment)
    return order


def order_of(who: Person) -> Order:
    with scope([XIANGYUN]):
        return Order.objects.select_related("plan").get(person=who.pk)


@pytest.mark.parametrize(
    ("degrees", "status", "sentence"),
    [
        ("43.5", 302, ""),  # hardly possible, and kept: somebody looks at it
        ("3.65", 422, "体温 3.6 不对，请再看一遍体温计"),
        ("三十七度二", 422, "体温 三十七度二 不对，请再看一遍体温计"),
        ("-36.5", 422, "体温 -36.5 不对"),
    ],
)
def test_temperatures_that_cannot_be(person, browser_of: Callable[[str], Client], degrees, status, sentence):
    row = order_of(person)
    told = {"id": str(uuid7(clock.now())), "degrees": degrees, "how": "door"}
    answer = browser_of("书记刘").post(reverse("order_reading", args=[row.pk]), told)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True), (
        answer.content.decode()[-3000:]
    )
    with scope([XIANGYUN]):
        assert Reading.objects.count() == (status == 302)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"exposed_on": "2022-05-01"}, "末次接触的日期 2022-05-01 还没有到，请核对。"),
        ({"exposed_on": "2022-02-30"}, "没有这样的日期"),
        ({"exposed_on": ""}, "要从末次接触算起，现在都不知道"),
        ({}, "程文已经有一份隔离通知（到 04月26日）"),
    ],
)
def test_days_that_cannot_be_and_two_orders(street, person, newcomer, changed, sentence):
    said = {
        "people": [person.pk], "category": "secondary_contact", "exposed_on": "2022-04-18", "source": "hand",
        "propose": "1", **changed,
    }  # fmt: skip
    page = f"{reverse('isolation_new')}?household={street.doors[DOOR].pk}"
    answer = newcomer("clerk", XIANGYUN).post(page, said)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    with scope([XIANGYUN]):
        assert Order.objects.count() == 1


def test_released_before_the_end_only_with_a_reason(person, newcomer):
    row = order_of(person)
    answer = newcomer("secretary", XIANGYUN).post(
        reverse("order_release", args=[row.pk]), {"release-reason": " "}
    )
    assert "还没到期（04月26日 00:00）。提前解除要写明理由。" in answer.content.decode()
    assert order_of(person).released_at is None


def test_who_is_held_is_not_written_down_as_moved_out(person, newcomer):
    answer = newcomer("clerk", XIANGYUN).post(reverse("person_left", args=[person.pk]), {"reason": "moved"})
    assert "程文还在隔离（到 04月26日 00:00），不能直接记为搬走" in answer.content.decode()
    with scope([XIANGYUN]):
        assert Person.objects.get(pk=person.pk).left_at is None


def test_who_dies_is_let_go_at_once_and_nobody_is_asked_to_call(person, newcomer):
    newcomer("clerk", XIANGYUN).post(reverse("person_left", args=[person.pk]), {"reason": "died"})
    assert order_of(person).released_at == at(21, 10)
    with scope([XIANGYUN]):
        assert held([person.pk], now=at(21, 10)) == {}
        assert not Duty.objects.filter(person=person, fact="owed", due_at__gt=at(21, 10)).exists()
        assert Hold.objects.get().ended_reason == "本人去世"


def test_who_moves_within_the_community_is_held_behind_the_new_door(street, person):
    new = street.doors["春晖新村 1-102"]
    with scope([XIANGYUN]):
        move_people([person.pk], new.pk, by=None, at=at(21, 10))
        row = order_of(person)
        assert (row.household_id, row.area_code, row.until) == (new.pk, new.area_code, at(26, 0))
        assert Hold.objects.get().area_code == new.area_code
        assert {one.area_code for one in Duty.objects.filter(person=person, fact="owed")} == {new.area_code}


def test_two_rows_that_are_one_person_keep_the_longer_time(street, person, browser_of):
    with scope([XIANGYUN]):
        twin = add_person(street.doors[DOOR].pk, Newcomer(name="程雯"), by=None, at=at(1, 8))
        longer = _hold(street, twin, at(20, 21), 19)
        merge_rows("person", lost=twin.pk, kept=person.pk, by=None, at=at(21, 10))
        assert held([person.pk], now=at(26, 12))[person.pk].about == longer.pk
        assert held([person.pk], now=at(21, 12))[person.pk].about == longer.pk
    for one in (order_of(person), longer):  # nothing is lost: each order still opens
        assert browser_of("书记刘").get(reverse("order", args=[one.pk])).status_code == 200


def test_a_plan_that_changes_in_the_middle_changes_no_page(person, browser_of):
    before = order_of(person)
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_ten", at=at(21, 9)), reason="新十条", by=None, at=at(21, 9))
    page = browser_of("书记刘").get(reverse("order", args=[before.pk])).content.decode()
    assert "次密接" in page  # a category that the new plan does not know
    assert order_of(person).until == before.until == at(26, 0)


def test_a_request_that_nobody_confirmed_says_so_on_the_page(street, person, newcomer):
    """The form to decide with does not stand there yet, or any more: the sentence does."""
    with scope([XIANGYUN]):
        other = add_person(street.doors[DOOR].pk, Newcomer(name="石兰"), by=None, at=at(1, 8))
        version = keep_shipped("covid_9th", at=at(1, 8))
        wanted = Proposal(other.pk, "secondary_contact", {"last_exposure": Moment(at(18, 0).date())})
        order = propose([wanted], version=version, by=street.users["书记刘"], at=at(21, 9))[0]
    grounds = {
        "authority": "区防控指挥部",
        "document": "17号",
        "legal_basis": "传染病防治法",
        "reason": "同住",
    }
    answer = newcomer("secretary", XIANGYUN).post(reverse("order_decide", args=[order.pk]), grounds)
    assert answer.status_code == 422
    assert "石兰的住址还没有第二个人核对到门牌，不能决定。" in answer.content.decode()


def test_whom_somebody_follows_is_found_and_pointed_at(street, person, newcomer):
    clerk, home = newcomer("clerk", XIANGYUN), street.doors["电力楼院 2-1-101"].pk
    with scope([XIANGYUN]):
        contact = Order.objects.get(person=person.pk)
        Order.objects.filter(pk=contact.pk).update(category="close_contact")
        other = add_person(home, Newcomer(name="林学"), by=None, at=at(1, 8))
    page = f"{reverse('isolation_new')}?household={home}"
    asked = {
        "people": [other.pk], "category": "secondary_contact", "exposed_on": "2022-04-18", "source": "case", "propose": "1",
    }  # fmt: skip
    for said, sentence in (
        ({"contact": "何东"}, "没有找到正在隔离的密接"),
        ({"contact": "程文", "category": "high_risk_stay"}, "不跟着别人的检测结果走"),
        ({"primary": str(uuid7(at(21, 9)))}, "请从列出来的里面选"),
    ):
        refused = clerk.post(page, asked | said)
        assert refused.status_code == 422
        assert sentence in refused.content.decode(), said
    assert f"primary={contact.pk}" in clerk.get(reverse("order", args=[contact.pk])).content.decode()
    pointed = clerk.get(f"{page}&primary={contact.pk}").content.decode()
    assert "程文 电力楼院 1-1-101" in pointed
    assert clerk.post(page, asked | {"contact": "程文"}).status_code == 302
    row = order_of(other)
    assert row.primary_id == contact.pk
    assert "跟着他的结果走的次密接" in clerk.get(reverse("order", args=[contact.pk])).content.decode()
    assert str(contact.pk) in clerk.get(reverse("order", args=[row.pk])).content.decode()


def test_a_reason_outside_the_plan_is_asked_for_here_and_decided_above(street, person, newcomer):
    clerk, home = newcomer("clerk", XIANGYUN), street.doors["电力楼院 2-1-101"].pk
    with scope([XIANGYUN]):
        other = add_person(home, Newcomer(name="林学"), by=None, at=at(1, 8))
    page = f"{reverse('isolation_outside')}?household={home}"
    said = {"people": [other.pk], "reason": "卡口冲突后自愿观察", "mode": "home", "days": "3"}
    assert clerk.post(page, said | {"days": "300"}).status_code == 422
    for _ in range(2):  # sent twice it is one request
        assert clerk.post(page, said).status_code == 302
    row = order_of(other)
    assert (row.outside, row.category, row.until) == ("卡口冲突后自愿观察", "", at(24, 10))
    newcomer("grid_lead", XIANGYUN).post(reverse("order_confirm", args=[row.pk]), {})
    grounds = {
        "authority": "区防控指挥部",
        "document": "17号",
        "legal_basis": "传染病防治法",
        "reason": row.outside,
    }
    here = newcomer("secretary", XIANGYUN).post(
        reverse("order_decide", args=[row.pk]), grounds | {"above": "on"}
    )
    assert here.status_code == 422
    assert "不在预案写的原因里，要由上一级决定。" in here.content.decode()
    above = newcomer("secretary", XIANGYUN[:9])
    assert above.post(reverse("order_decide", args=[row.pk]), grounds | {"above": "on"}).status_code == 302
    with scope([XIANGYUN]):
        assert Hold.objects.get(about=row.pk).reason_code == "outside"
    assert order_of(other).above
