"""Passes at the desk: a building gets its cards in one run, one is lost, one withdrawn by two; a list of outsiders gets its own."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.finding.keys import person_keys
from shouwang.register.finding.search import write_keys
from shouwang.register.models import Person
from shouwang.screening.lists.models import Check, Inquiry, ListRow, PushedList, Settlement
from shouwang.standing.cards import token_of
from shouwang.standing.models import Bar, Pass, Proposal
from tests.world import BUILDING_1, DIANLI, MORNING, XIANGYUN, at

NOON = at(21, 12)
UNTIL = "2022-05-05T00:00"
GROUNDS = {
    "reason_code": "transfer", "reason": "4月20日在东门把证借给别人", "authority": "祥云社区防控专班", "document": "祥防〔2022〕9号",
    "legal_basis": "本省疫情防控条例第三十条",
}  # fmt: skip


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def desk(browser_of, newcomer, street):
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_8th", at=MORNING), reason="文件", by=None, at=MORNING)
    return browser_of("书记刘"), newcomer("clerk", XIANGYUN)


def sent(browser, name, *args, **typed):
    return browser.post(reverse(name, args=args), typed, follow=True)


def only(kind="resident", **where):
    with scope([XIANGYUN]):
        return Pass.objects.select_related("person").get(kind=kind, **where)


def test_a_building_gets_its_cards_top_floor_first_and_nobody_gets_two(desk):
    _, clerk = desk
    typed = {"area": BUILDING_1, "kind": "resident", "until": UNTIL, "reason": "祥防〔2022〕8号"}
    answer = sent(clerk, "pass_new", **typed)
    assert "发了 8 张证" in answer.content.decode()
    assert "都有证了" in sent(clerk, "pass_new", **typed).content.decode()
    sheet = clerk.get(reverse("pass_sheet"), {"area": BUILDING_1}).content.decode()
    doors = [
        sheet.index(f"电力楼院 1-{door}") for door in ("1-201", "1-202", "2-201", "2-202", "1-101", "2-102")
    ]
    assert doors == sorted(doors)
    assert sheet.count('class="qr"') == 8
    with scope([XIANGYUN]):
        who = Person.objects.get(name="住户11201")
        write_keys("person_id", [(who.pk, who.area_code, person_keys(who.name, "", ()))])
    assert "1-1-201" in clerk.get(reverse("passes"), {"q": "住户11201"}).content.decode()
    sent(clerk, "pass_sheet")
    assert "没有等着打印的证" in clerk.get(reverse("pass_print")).content.decode()
    wrong = sent(clerk, "pass_new", **{**typed, "until": "2022-04-01T00:00"})
    assert wrong.status_code == 422
    assert "要晚于现在" in wrong.content.decode()


def test_a_card_is_found_by_scan_lost_and_replaced(desk):
    _, clerk = desk
    sent(clerk, "pass_new", area=BUILDING_1, kind="household", until=UNTIL)
    with scope([XIANGYUN]):
        old = Pass.objects.order_by("area_code").first()
    for typed in (token_of(old), f"{token_of(old)}\n", old.number, f"{old.number[:3]} {old.number[3:]}"):
        assert clerk.get(reverse("passes"), {"q": typed})["Location"] == reverse("pass", args=[old.pk])
    assert "没有找到这张证" in clerk.get(reverse("passes"), {"q": "SW1:x.y.z"}).content.decode()
    assert "已挂失" in sent(clerk, "pass_lost", old.pk).content.decode()
    first = sent(clerk, "pass_replace", old.pk)
    again = sent(clerk, "pass_replace", old.pk)
    assert first.redirect_chain == again.redirect_chain
    assert "已补办新证" in clerk.get(reverse("pass", args=[old.pk])).content.decode()
    with scope([XIANGYUN]):
        assert Pass.objects.filter(household=old.household_id).count() == 2


def test_a_pass_is_withdrawn_on_the_word_of_two_and_given_back(desk):
    secretary, clerk = desk
    sent(clerk, "pass_new", area=BUILDING_1, kind="resident", until=UNTIL)
    with scope([XIANGYUN]):
        card = Pass.objects.first()
    asked = {f"withdraw-{key}": value for key, value in GROUNDS.items()} | {
        "withdraw-until": "2022-04-24T12:00", "withdraw-receipt": "0007", "withdraw-id": "01804a00-0000-7000-8000-00000000000a",
    }  # fmt: skip
    assert sent(clerk, "pass_withdraw", card.pk, **{**asked, "withdraw-reason": ""}).status_code == 422
    assert "要有权的另一个人批准" in sent(clerk, "pass_withdraw", card.pk, **asked).content.decode()
    with scope([XIANGYUN]):
        proposal = Proposal.objects.get()
    assert sent(clerk, "pass_decide", proposal.pk).status_code == 403
    assert "批准收回" in secretary.get(reverse("pass", args=[card.pk])).content.decode()
    for _ in range(2):
        assert "暂时收回" in sent(secretary, "pass_decide", proposal.pk).content.decode()
    with scope([XIANGYUN]):
        bar = Bar.objects.get()
        assert (bar.receipt, bar.until) == ("0007", at(24, 12))
    assert sent(clerk, "pass_replace", card.pk).status_code == 422
    assert "4月20日在东门" in secretary.get(reverse("pass_bars")).content.decode()
    sent(secretary, "pass_bar_end", bar.pk, **{"back-reason": "查明是误会"})
    assert "查明是误会" in secretary.get(reverse("pass", args=[card.pk])).content.decode()


def test_nobody_approves_what_they_asked_for_themselves(desk):
    secretary, _ = desk
    typed = {**GROUNDS, "plate": "豫a·12345", "area": XIANGYUN, "until": "2022-04-24T12:00"}
    once = {"id": "01804a00-0000-7000-8000-00000000000b"}
    for _ in range(2):
        assert "等人批的" in sent(secretary, "pass_bars", **typed, **once).content.decode()
    with scope([XIANGYUN]):
        proposal = Proposal.objects.get()
    assert proposal.plate == "豫A12345"
    answer = sent(secretary, "pass_decide", proposal.pk)
    assert (answer.status_code, "不能自己批准" in answer.content.decode()) == (422, True)
    with scope([XIANGYUN]):
        other = User.objects.create_user("副书记", "一个很长的口令", name="副书记", created_at=MORNING)
        Grant.objects.create(user=other, role="secretary", area_codes=[XIANGYUN], from_at=MORNING)
    deputy = Client()
    deputy.force_login(other)
    assert "不让 豫A12345 进" in sent(deputy, "pass_decide", proposal.pk).content.decode()
    nobody = sent(
        secretary, "pass_bars", **{**typed, "plate": "", "id": "01804a00-0000-7000-8000-00000000000c"}
    )
    assert "请写明是收回哪张证" in nobody.content.decode()


def test_a_visitor_and_a_car_get_a_pass_of_their_own(desk):
    _, clerk = desk
    typed = {
        "kind": "temporary",
        "holder": "外来甲",
        "phone": "13900000001",
        "area": DIANLI,
        "until": UNTIL,
        "door": "1-1-101",
    }
    sent(clerk, "pass_single", **typed)
    made = only("temporary")
    assert (made.holder, made.host_id, made.area_code[:14]) == ("外来甲", made.host_id, DIANLI)
    assert made.phone_mask != "13900000001"
    assert "已经有一张同样的证了" in sent(clerk, "pass_single", **typed).content.decode()
    assert (
        "没有 9-9-909 这一户" in sent(clerk, "pass_single", **{**typed, "door": "9-9-909"}).content.decode()
    )
    assert (
        "是发给车辆的"
        in sent(clerk, "pass_single", **{**typed, "kind": "vehicle", "door": ""}).content.decode()
    )
    sent(clerk, "pass_single", kind="vehicle", plate="豫A·d12345", area=DIANLI, until=UNTIL)
    assert only("vehicle").plate == "豫AD12345"
    assert "豫AD12345" in clerk.get(reverse("passes"), {"q": "豫ad12345"}).content.decode()


def test_a_pass_ends_sooner_or_later_than_it_says(desk):
    _, clerk = desk
    sent(clerk, "pass_new", area=BUILDING_1, kind="resident", until="2022-04-23T00:00")
    with scope([XIANGYUN]):
        card = Pass.objects.first()
    assert "三天内到期的" in clerk.get(reverse("passes")).content.decode()
    sent(clerk, "pass_longer", card.pk, **{"longer-until": UNTIL})
    with scope([XIANGYUN]):
        card.refresh_from_db()
    assert card.until == at(21, 0) + timedelta(days=14)
    answer = sent(clerk, "pass_end", card.pk, **{"end-reason": "出门打工，证交回来了"})
    assert "出门打工" in answer.content.decode()
    assert "已到期" in answer.content.decode()


def test_whoever_was_asked_on_a_list_gets_a_temporary_pass_and_the_others_a_reason(desk, street):
    _, clerk = desk
    living = street.doors["电力楼院 1-1-101"]
    with scope([XIANGYUN]):
        listed = PushedList.objects.create(
            id=UUID(int=1), area_code=XIANGYUN, title="外来人员", sender="街道", arrived_at=MORNING, due_at=at(22, 8),
            received_at=MORNING,
        )  # fmt: skip
        known = Person.objects.get(household=living)
        for number, (name, person, asked, outcome) in enumerate(
            [
                ("外来甲", None, True, "new"),
                ("住户", known, True, "found"),
                ("外来乙", None, False, "new"),
                ("外来丙", None, True, "not_ours"),
            ],
            1,
        ):
            inquiry = Inquiry.objects.create(
                id=uuid7(MORNING), area_code=DIANLI, person=person, opened_at=MORNING
            )
            row = ListRow.objects.create(
                id=uuid7(MORNING),
                area_code=DIANLI,
                list=listed,
                inquiry=inquiry,
                number=number,
                name=name,
                outcome=outcome,
            )
            when = {"area_code": DIANLI, "at": MORNING, "recorded_at": MORNING}
            if asked:
                check = Check.objects.create(id=uuid7(MORNING), inquiry=inquiry, channel="phone", **when)
                Settlement.objects.create(
                    id=uuid7(MORNING), row=row, check_made=check, outcome="asked", **when
                )
    page = clerk.get(reverse("passes_of_list", args=[listed.pk])).content.decode()
    assert "还没核实" in page
    assert "没对上或者不是本辖区的" in page
    first = sent(clerk, "passes_of_list", listed.pk, kind="temporary", until=UNTIL)
    assert "发了 2 张证" in first.content.decode()
    assert (
        "都有证了" in sent(clerk, "passes_of_list", listed.pk, kind="temporary", until=UNTIL).content.decode()
    )
    with scope([XIANGYUN]):
        assert {(row.holder, row.person_id) for row in Pass.objects.all()} == {
            ("外来甲", None),
            ("", known.pk),
        }


def test_pages_of_a_compound_ask_few_questions(desk):
    _, clerk = desk
    sent(clerk, "pass_new", area=DIANLI, kind="resident", until=UNTIL)
    with scope([XIANGYUN]):
        card, person = Pass.objects.first(), Person.objects.first()
    assert person
    for address in (
        reverse("passes"),
        reverse("pass", args=[card.pk]),
        reverse("pass_bars"),
        reverse("pass_print"),
    ):
        clerk.get(address)
        with CaptureQueriesContext(connection) as asked:
            clerk.get(address)
        assert len(asked) <= 24, (address, len(asked))
