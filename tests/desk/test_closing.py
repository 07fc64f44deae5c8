"""今日结账 in the browser: the account balances, every number opens its list, and nothing left open stops the close."""

import re
from html import unescape

import pytest
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Carried, DayClose, Duty
from shouwang.lib import clock
from shouwang.screening import actions
from tests.world import BUILDING_1, DIANLI, JIANXIN, XIANGYUN

DOORS = 15
LINK = re.compile(r'<a href="([^"]*/close/list/[^"]*)">(\d+)</a>')


@pytest.fixture
def night(street, monkeypatch):
    """Midnight has just gone by: three doors were seen, two were tried, ten nobody went to."""
    now = clock.now()
    with scope([XIANGYUN]):
        seen = street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "春晖新村 1-101")
        actions.record_visits([actions.Seen(one, now) for one in seen], by=None, at=now)
        for door, outcome in (("电力楼院 1-1-201", "no_answer"), ("春晖新村 1-102", "refused")):
            one = street.ids(door)[0]
            actions.record_attempt(one, outcome=outcome, tried_at=now, hours=[], by=None, at=now)
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T00:02:00")
    return street


def shown(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def words_in(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def fields(page: str) -> dict[str, str]:
    """The fields of the close form as the page has them."""
    form = page[page.index('id="close"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(community|day)" value="([^"]*)"', form))
    return hidden | dict.fromkeys(re.findall(r'<select name="([^"]+)"', form), "")


def test_the_account_says_itself_and_balances(night, browser_of):
    said = words_in(shown(browser_of("书记刘").get(reverse("closing"))))
    assert "4-21 · 预结，还没有封账" in said
    assert "今日新增 15" in said
    assert "已办 3" in said
    assert "转次日 12" in said
    assert "账已平：转入和新增共 15，去向共 15。" in said
    assert "没人去过的 10 处" in said


def test_every_number_opens_a_list_of_that_many_before_and_after_the_close(night, browser_of):
    client = browser_of("书记刘")
    page = shown(client.get(reverse("closing")))
    before = LINK.findall(page)
    assert [number for _, number in before] == ["15", "3", "12"]
    client.post(reverse("closing"), fields(page))
    after = LINK.findall(shown(client.get(reverse("closed_day"), {"day": "2022-04-21"})))
    assert after == before
    for address, number in before:
        listed = shown(client.get(unescape(address)))
        assert f'<span class="count">{number}</span>' in listed
        assert listed.count('<th scope="row">') == int(number)


def test_the_carried_list_knows_reason_and_owner_before_and_after(night, browser_of):
    client = browser_of("书记刘")
    asked = {"day": "2022-04-21", "column": "carried_out"}
    before = words_in(shown(client.get(reverse("account_list"), asked)))
    client.post(reverse("closing"), fields(shown(client.get(reverse("closing")))))
    after = words_in(shown(client.get(reverse("account_list"), asked)))
    for said in (before, after):
        assert re.search(r"电力楼院 1-1-201 入户走访 多次无人 .*?李楼长", said)
        assert re.search(r"春晖新村 1-102 入户走访 不配合 .*?张干部", said)


def test_one_word_for_all_a_nearer_one_for_a_building_the_nearest_for_a_door(night, browser_of):
    client = browser_of("书记刘")
    told = fields(shown(client.get(reverse("closing"))))
    with scope([XIANGYUN]):
        duty = Duty.objects.get(household__in=night.ids("电力楼院 1-2-101"))
    told |= {"area_": "short_of_hands", f"area_{DIANLI}": "moved", f"area_{BUILDING_1}": "appointed"}
    told |= {f"door_{duty.pk}": "refused", "word": "两人请假"}
    client.post(reverse("closing"), told)
    with scope([XIANGYUN]):
        rows = Carried.objects.select_related("duty__household")
        reasons = {f"{row.duty.household.compound} {row.duty.household.door}": row.reason for row in rows}
        assert Carried.objects.get(duty=duty.pk).word == "两人请假"
    assert reasons["春晖新村 1-201"] == "short_of_hands"
    assert reasons["电力楼院 2-1-101"] == "moved"
    assert reasons["电力楼院 1-2-102"] == "appointed"
    assert reasons["电力楼院 1-2-101"] == "refused"
    assert reasons["电力楼院 1-1-201"] == "nobody_home"


def test_a_form_sent_twice_closes_once_and_a_stale_one_closes_nothing_else(night, browser_of, monkeypatch):
    client = browser_of("书记刘")
    told = fields(shown(client.get(reverse("closing"))))
    first = client.post(reverse("closing"), told)
    again = client.post(reverse("closing"), told, follow=True)
    assert again.redirect_chain[-1][0] == first["Location"]
    assert "已经结账" in words_in(shown(again))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T20:00:00")
    client.post(reverse("closing"), told)
    with scope([XIANGYUN]):
        assert DayClose.objects.count() == 1


@pytest.mark.parametrize("impossible", [{"area_": "天气好"}, {"word": "长" * 10000}])
def test_an_impossible_word_is_refused_beside_the_field_and_the_rest_stays(night, browser_of, impossible):
    client = browser_of("书记刘")
    told = fields(shown(client.get(reverse("closing")))) | {f"area_{DIANLI}": "moved"} | impossible
    answer = shown(client.post(reverse("closing"), told))
    assert 'role="alert"' in answer
    assert '<option value="moved" selected>' in answer
    with scope([XIANGYUN]):
        assert not DayClose.objects.exists()


def test_a_correction_of_an_earlier_day_stands_on_the_day_on_which_it_came(night, browser_of, monkeypatch):
    client = browser_of("书记刘")
    client.post(reverse("closing"), fields(shown(client.get(reverse("closing")))))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T20:00:00")
    with scope([XIANGYUN]):
        visit = actions.Visit.objects.order_by("household").first()
        actions.void_visit(visit.pk, reason="走错门", by=None, at=clock.now())
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T20:01:00")
    page = shown(client.get(reverse("closing")))
    assert "更正 1" in words_in(page)
    client.post(reverse("closing"), fields(page))
    closed = words_in(shown(client.get(reverse("closed_day"), {"day": "2022-04-22"})))
    assert "更正：以前封过的账，这一天才改过来的 1" in closed
    assert "入户走访 已办 待办" in closed


def test_past_days_are_a_list_and_an_empty_one_says_what_to_do(night, browser_of):
    client = browser_of("书记刘")
    assert "还没有封过账" in shown(client.get(reverse("past_days")))
    client.post(reverse("closing"), fields(shown(client.get(reverse("closing")))))
    said = words_in(shown(client.get(reverse("past_days"))))
    assert "2022-4-21" in said
    assert "书记刘" in said


@pytest.mark.parametrize("asked", [{}, {"day": "2022-02-31"}, {"day": "2022-04-20"}, {"day": "x" * 10000}])
def test_a_day_that_is_not_there_is_not_found(night, browser_of, asked):
    assert browser_of("书记刘").get(reverse("closed_day"), asked).status_code == 404


def test_somebody_of_the_street_picks_the_community(night, newcomer):
    page = shown(newcomer("commander", XIANGYUN[:9]).get(reverse("closing"), {"community": JIANXIN}))
    assert "建新社区 · 4-21" in words_in(page)
    assert "祥云社区</option>" in page


def test_somebody_with_a_part_of_a_community_is_told_so(night, newcomer):
    assert "这一页按整个社区来做" in newcomer("clerk", DIANLI).get(reverse("closing")).content.decode()
