"""The printed card that opens 我的任务: once, with the owner's phone, for a shift, and nothing but the own doors."""

from django.test import Client
from django.urls import reverse

from shouwang.access.models import Card, Grant
from shouwang.access.scope import scope
from tests.door import TAIL, card_for, come_in, door_addresses, give_phone
from tests.world import XIANGYUN

ROLES_OF_ALL_KINDS = ("commander", "grid_lead", "volunteer", "gate_guard")


def test_a_card_is_used_once_and_looking_at_it_uses_nothing(street, browser_of):
    give_phone(street, "王网格", "19900004821")
    code = card_for(browser_of("书记刘"), street.helpers["王网格"])
    assert Client().get(reverse("door_enter_code", args=[code])).status_code == 200
    assert come_in(code, TAIL).get(reverse("door")).status_code == 200
    again = Client().post(reverse("door_enter"), {"code": code, "tail": TAIL})
    assert "已经用过了" in again.content.decode()


def test_without_the_phone_of_its_owner_a_card_opens_nothing(street, browser_of):
    give_phone(street, "王网格", "19900004821")
    code = card_for(browser_of("书记刘"), street.helpers["王网格"])
    answers = [Client().post(reverse("door_enter"), {"code": code, "tail": f"000{n}"}) for n in range(5)]
    assert "还可以试 4 次" in answers[0].content.decode()
    assert "过期了或者收回了" in answers[4].content.decode()
    right = Client().post(reverse("door_enter"), {"code": code, "tail": TAIL})
    assert "过期了或者收回了" in right.content.decode()
    assert Grant.objects.filter(role="volunteer").count() == 0


def test_guessing_codes_is_stopped(street):
    for number in range(30):
        Client().post(reverse("door_enter"), {"code": f"{number:012}", "tail": TAIL})
    answer = Client().post(reverse("door_enter"), {"code": "9" * 12, "tail": TAIL})
    assert "试的次数太多了" in answer.content.decode()


def test_a_card_dies_after_a_day_and_its_session_after_the_shift(street, browser_of, monkeypatch):
    give_phone(street, "王网格", "19900004821")
    first = card_for(browser_of("书记刘"), street.helpers["王网格"])
    second_worker = come_in(first, TAIL)
    late = card_for(browser_of("书记刘"), street.helpers["王网格"])
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T02:01:00")
    answer = second_worker.get(reverse("door"))
    assert answer.status_code == 403
    assert "今天的班结束了" in answer.content.decode()
    told = second_worker.post(reverse("door_told"), "{}", content_type="application/json")
    assert told.status_code == 401
    assert "今天的班结束了" in told.json()["over"]
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T10:00:01")
    assert "过期了" in Client().post(reverse("door_enter"), {"code": late, "tail": TAIL}).content.decode()


def test_a_card_taken_back_puts_out_whoever_came_in_with_it(street, worker, browser_of):
    card = Card.objects.get()
    browser_of("书记刘").post(reverse("door_card_back", args=[card.pk]))
    assert worker.get(reverse("door"))["Location"] == reverse("door_enter")


def test_a_card_of_next_door_cannot_be_taken_back_or_printed(street, worker, browser_of):
    card = Card.objects.get()
    other = browser_of("书记赵")
    assert other.post(reverse("door_card_back", args=[card.pk])).status_code == 404
    answer = other.post(reverse("door_cards"), {"helper": [street.helpers["王网格"].pk]})
    assert "没有找到" in answer.content.decode()
    assert worker.get(reverse("door")).status_code == 200


def test_an_account_with_a_password_gets_no_card(street, browser_of):
    give_phone(street, "王网格", "19900004821")
    helper = street.helpers["王网格"]
    with scope([XIANGYUN]):
        type(helper).objects.filter(pk=helper.pk).update(user=street.users["书记刘"])
    answer = browser_of("书记刘").post(reverse("door_cards"), {"helper": [helper.pk]})
    assert "有自己的账号和密码" in answer.content.decode()


def test_a_card_opens_no_page_of_the_account(street, worker):
    for name in ("account_change_password", "mfa_index", "mfa_activate_totp", "account_reauthenticate"):
        assert worker.get(reverse(name)).status_code in (302, 403, 404), name
    assert reverse("account_change_password") not in worker.get(reverse("door_sheets")).content.decode()


def test_without_coming_in_every_page_leads_to_the_way_in(street):
    for name, args in door_addresses(street.doors["电力楼院 1-1-201"].pk, 1):
        if name.startswith("door_enter"):
            continue
        for answer in (Client().get(reverse(name, args=args)), Client().post(reverse(name, args=args))):
            way_in = ("/accounts/login/?next=", reverse("door_enter"))
            assert answer.status_code in (302, 405), name
            assert answer.get("Location", way_in[1]).startswith(way_in), name
