"""包保 in the browser: the tree with its gaps, giving, ending, and handing everything over in at most five taps."""

import re

from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.register.answering import Responsibility
from tests.desk.test_closing import shown, words_in
from tests.world import CHUNHUI, DIANLI, JIANXIN, XIANGYUN


def held_by(name: str) -> list[str]:
    with scope([XIANGYUN]):
        rows = Responsibility.objects.filter(helper__name=name, until=None)
        return sorted(rows.values_list("area_code", flat=True))


def test_the_tree_says_who_answers_and_a_gap_is_named_and_opens_its_doors(street, browser_of):
    client = browser_of("书记刘")
    assert "没人负责的门" not in shown(client.get(reverse("answering")))
    with scope([XIANGYUN]):
        lead = Responsibility.objects.get(helper=street.helpers["张干部"])
    page = words_in(shown(client.post(reverse("end_answering", args=[lead.pk]), follow=True)))
    assert "祥云社区 15 户 没人负责的门 3 户" in page
    assert "电力楼院 12 户 安排 电力楼院 网格长 王网格" in page
    assert "春晖新村 3 户 没人负责的门 3 户" in page
    doors = words_in(shown(client.get(reverse("nobodys_doors"), {"area": CHUNHUI})))
    assert "春晖新村 1-101" in doors
    assert client.post(reverse("end_answering", args=[lead.pk])).status_code == 422


def test_somebody_is_given_an_area_once(street, browser_of):
    client = browser_of("书记刘")
    told = {"area": CHUNHUI, "role": "grid_lead", "helper": street.helpers["王网格"].pk}
    for _twice in range(2):
        assert "已安排" in shown(client.post(reverse("give_area"), told, follow=True))
    assert held_by("王网格") == [DIANLI, CHUNHUI]
    assert 'role="alert"' in shown(client.post(reverse("give_area"), told | {"area": JIANXIN}))


def test_all_doors_of_somebody_go_to_somebody_else_in_five_taps(street, browser_of):
    client, taps = browser_of("书记刘"), 1
    tree = shown(client.get(reverse("answering")))
    link = re.search(r'href="([^"]+/hand-over/)">交给别人<span class="visually-hidden"> 李楼长', tree)[1]
    page, taps = shown(client.get(link)), taps + 1
    taker = street.helpers["王网格"].pk
    assert f'<option value="{taker}"' in page
    taps += 2
    said, taps = shown(client.post(link, {"taker": taker}, follow=True)), taps + 1
    assert "已移交 1 处" in said
    assert held_by("李楼长") == []
    assert len(held_by("王网格")) == 2
    assert taps <= 5
    assert "没有负责的地方" in shown(client.post(link, {"taker": taker}))


def test_nobody_touches_what_is_next_door(street, browser_of):
    client = browser_of("书记赵")
    assert "李楼长" not in shown(client.get(reverse("answering")))
    assert "李楼长" not in shown(client.get(reverse("helpers")))
    assert client.get(reverse("hand_over", args=[street.helpers["李楼长"].pk])).status_code == 404
    assert client.get(reverse("nobodys_doors"), {"area": CHUNHUI}).status_code == 404
    assert browser_of("李楼长").get(reverse("answering")).status_code == 403
