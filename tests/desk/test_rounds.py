"""排查 in the browser: who will owe is said before, opening happens once, ending strikes what is still owed."""

import pytest
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.screening import actions
from shouwang.screening.models import Round
from tests.desk.test_closing import shown, words_in
from tests.world import BUILDING_1, CHUNHUI, DIANLI, JIANXIN, XIANGYUN

ASKED = {
    "area": DIANLI, "kind": "screening.visit", "only": "", "title": "第二轮", "due_on": "2022-04-22", "due_hour": "20",
}  # fmt: skip


def rounds_of(area: str) -> list[Round]:
    with scope([area]):
        return list(Round.objects.filter(area_code__gte=area, area_code__lt=area + "~").order_by("opened_at"))


def test_before_it_is_opened_it_is_said_who_will_owe_how_many(browser_of):
    client = browser_of("书记刘")
    page = shown(client.get(reverse("new_round")))
    assert f'<option value="{BUILDING_1}"' in page
    assert JIANXIN not in page
    said = words_in(shown(client.post(reverse("new_round"), ASKED)))
    assert "一共应办 12 户" in said
    assert "李楼长 8 户 王网格 4 户" in said
    assert [one.title for one in rounds_of(XIANGYUN)] == ["今日入户"]


def test_opening_twice_opens_once(browser_of):
    client = browser_of("书记刘")
    said = words_in(shown(client.post(reverse("new_round"), ASKED | {"open": "1"}, follow=True)))
    assert "已开“第二轮”：应办 12" in said
    assert "12 里办了 0" in said
    again = words_in(shown(client.post(reverse("new_round"), ASKED | {"open": "1"}, follow=True)))
    assert "已经开过了" in again
    assert len(rounds_of(XIANGYUN)) == 2


def test_what_is_ended_is_owed_no_longer_and_what_was_done_stays(browser_of, street):
    client, now = browser_of("书记刘"), clock.now()
    opened = rounds_of(XIANGYUN)[0]
    with scope([XIANGYUN]):
        seen = street.ids("电力楼院 1-1-101")
        actions.record_visits([actions.Seen(seen[0], now)], by=None, at=now)
    said = words_in(shown(client.post(reverse("stop_round", args=[opened.pk]), follow=True)))
    assert "还没办的 14 户（处）已撤销" in said
    with scope([XIANGYUN]):
        assert sorted(set(Duty.objects.values_list("fact", flat=True))) == ["done", "void"]
    answer = client.post(reverse("stop_round", args=[opened.pk]))
    assert (answer.status_code, "已经结束了" in answer.content.decode()) == (422, True)


def test_new_doors_owe_too_when_somebody_says_so(browser_of, street):
    from shouwang.lib.codes import child
    from shouwang.register.models import Household

    client, opened = browser_of("书记刘"), rounds_of(XIANGYUN)[0]
    with scope([XIANGYUN]):
        code = child(child(child(CHUNHUI, 1), 0), 9)
        Household.objects.create(
            area_code=code, compound="春晖新村", building="1", room="901", added_at=clock.now()
        )
    assert "补进了 1 户" in words_in(
        shown(client.post(reverse("extend_round", args=[opened.pk]), follow=True))
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"due_on": "2022-04-20"}, "要在今天和一个月以内"),
        ({"due_on": "2022-04-21", "due_hour": "8"}, "这个时间已经过了"),
        ({"due_on": "2022-02-31"}, "role=\"alert\""),
        ({"due_on": "99999-01-01"}, "role=\"alert\""),
        ({"area": JIANXIN}, "role=\"alert\""),
        ({"kind": "isolation.begin"}, "role=\"alert\""),
        ({"title": "长" * 10000}, "role=\"alert\""),
        ({"only": "kind=商铺"}, "对不上"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field_and_the_rest_stays(browser_of, wrong, said):
    page = shown(browser_of("书记刘").post(reverse("new_round"), ASKED | wrong | {"open": "1"}))
    assert said in page
    assert "长" * 100 in page or 'value="第二轮"' in page
    assert len(rounds_of(XIANGYUN)) == 1


def test_nobody_ends_a_round_next_door_or_above(browser_of, newcomer):
    opened = rounds_of(XIANGYUN)[0]
    for client in (browser_of("书记赵"), newcomer("clerk", DIANLI)):
        assert client.post(reverse("stop_round", args=[opened.pk])).status_code == 404
    assert browser_of("李楼长").get(reverse("rounds")).status_code == 403
