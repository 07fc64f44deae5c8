"""预案设置, 人员权限, 审计 in the browser: said before it is done, done once, nobody gives more than their own."""

import ast

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.desk.running.audit import ACTION_WORDS
from shouwang.plans.loader import shipped
from shouwang.plans.models import Activation
from tests.desk.test_closing import shown, words_in
from tests.structure.source import modules
from tests.world import BUILDING_1, JIANXIN, XIANGYUN

ACCOUNT = {
    "name": "孙信息", "username": "sun", "password": "春天的楼院-2022", "role": "clerk", "area": XIANGYUN, "days": "14",
}  # fmt: skip


def test_a_plan_says_what_changes_and_what_must_be_set_before_it_holds(street, browser_of):
    client = browser_of("书记刘")
    assert "还没有启用预案" in shown(client.get(reverse("plans")))
    assert 'role="alert"' in shown(client.post(reverse("switch_plan", args=["covid_9th"]), {"reason": " "}))
    for _twice in range(2):
        client.post(reverse("switch_plan", args=["covid_9th"]), {"reason": "指〔2022〕7号"})
    with scope([XIANGYUN]):
        assert Activation.objects.get().reason == "指〔2022〕7号"
    page = words_in(shown(client.get(reverse("switch_plan", args=["covid_2020"]))))
    assert "会变什么 0" not in page
    assert "由" in page
    assert "改为" in page
    assert "没有统一规定，要本地定的" in page
    assert "指〔2022〕7号" in shown(client.get(reverse("plans")))


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_plan_can_be_read(street, browser_of, name):
    page = words_in(shown(browser_of("书记刘").get(reverse("plan_page", args=[name]))))
    assert "规定" in page
    assert "出处" in page


def test_a_plan_that_is_not_there_is_not_found(street, browser_of):
    client = browser_of("书记刘")
    for name in ("plan_page", "switch_plan"):
        assert client.get(reverse(name, args=["no-such-plan"])).status_code == 404
    assert browser_of("李楼长").get(reverse("plans")).status_code == 403
    with_other = {"reason": "越界", "community": JIANXIN}
    assert client.post(reverse("switch_plan", args=["covid_9th"]), with_other).status_code == 404


def test_an_account_is_made_works_and_ends(street, browser_of):
    client = browser_of("书记刘")
    page = words_in(shown(client.post(reverse("new_account"), ACCOUNT, follow=True)))
    assert "孙信息 sun 信息员 · 祥云社区 · 到 5-5" in page
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": "sun", "password": ACCOUNT["password"]})
    assert "祥云社区" in shown(theirs.get("/"))
    given = Grant.objects.get(user__username="sun")
    assert "已收回" in shown(client.post(reverse("take_back", args=[given.pk]), follow=True))
    assert theirs.get("/").status_code == 403
    assert client.post(reverse("take_back", args=[given.pk])).status_code == 404


def test_one_more_role_is_given_once(street, browser_of):
    client, lead = browser_of("书记刘"), street.users["李楼长"]
    told = {"role": "volunteer", "area": BUILDING_1, "days": ""}
    for _twice in range(2):
        assert "已给出" in shown(client.post(reverse("more_for", args=[lead.pk]), told, follow=True))
    assert Grant.objects.filter(user=lead, role="volunteer").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "书记刘"},
        {"password": "short"},
        {"role": "auditor"},
        {"area": JIANXIN},
        {"area": XIANGYUN[:6]},
        {"days": "99999"},
        {"name": "长" * 10000},
    ],
)
def test_what_cannot_be_given_is_said_beside_the_field_and_nothing_is_made(street, browser_of, wrong):
    before = User.objects.count()
    page = shown(browser_of("书记刘").post(reverse("new_account"), ACCOUNT | wrong))
    assert 'role="alert"' in page
    assert User.objects.count() == before


def test_nobody_sees_or_takes_what_is_next_door(street, browser_of):
    client = browser_of("书记赵")
    assert "李楼长" not in shown(client.get(reverse("people")))
    assert client.get(reverse("more_for", args=[street.users["李楼长"].pk])).status_code == 404
    theirs = Grant.objects.get(user=street.users["李楼长"])
    assert client.post(reverse("take_back", args=[theirs.pk])).status_code == 404
    assert browser_of("李楼长").get(reverse("people")).status_code == 403


def test_the_log_is_read_by_day_and_action_inside_ones_areas(street, browser_of, newcomer):
    browser_of("书记刘").post(reverse("new_account"), ACCOUNT)
    own, next_door = newcomer("auditor", XIANGYUN), newcomer("auditor", JIANXIN)
    asked = {"day": "2022-04-21", "action": "access.grant"}
    said = words_in(shown(own.get(reverse("audit"), asked)))
    assert "书记刘 给权限 祥云社区" in said
    assert "书记刘" not in shown(next_door.get(reverse("audit"), asked))
    assert "这一天没有记录" in shown(own.get(reverse("audit"), asked | {"day": "2022-04-20"}))
    for day in ("2022-02-31", "9999-12-31", "x" * 10000):
        assert own.get(reverse("audit"), {"day": day}).status_code == 200
    assert browser_of("书记刘").get(reverse("audit")).status_code == 403


def test_a_long_day_has_pages(street, newcomer):
    from shouwang.access.audit import record
    from shouwang.lib import clock

    for _number in range(130):
        record("register.give", at=clock.now(), area=XIANGYUN)
    client = newcomer("auditor", XIANGYUN)
    first = shown(client.get(reverse("audit"), {"day": "2022-04-21", "action": "register.give"}))
    assert first.count('<th scope="row">') == 100
    after = first.partition('btn-primary" href="?')[2].partition('"')[0].replace("&amp;", "&")
    assert shown(client.get(reverse("audit") + "?" + after)).count('<th scope="row">') == 30


def test_every_action_that_is_logged_has_its_words():
    calls = [node for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    logged = {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", "") in ("audit", "record")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert logged - set(ACTION_WORDS) == set()
