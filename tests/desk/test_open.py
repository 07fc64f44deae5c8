"""The open door: anybody may come in, nobody can see who lives here, nobody can try ten thousand times."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from shouwang.access.scope import scope
from shouwang.access.tries import one_more, sender, so_far
from shouwang.desk.doors import open_page
from shouwang.lib.errors import Refusal
from shouwang.register.models import Person
from tests.world import DIANLI, XIANGYUN, at

SENDERS = [
    (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
    (1, "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    (2, "127.0.0.1", "198.51.100.1, 203.0.113.9", "198.51.100.1"),
    (2, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
    (1, "127.0.0.1", "", "127.0.0.1"),
    (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    (0, "", "", ""),
]


class NotToday(Refusal):
    sentence = "今天不行，请打 {phone}。"


@open_page(tries=3, area_tries=5)
def who_lives_here(request, area):
    if request.POST.get("refuse"):
        raise NotToday(phone="66000000")
    return HttpResponse(str(Person.objects.filter(area_code__startswith=area).count()))


def ask(method: str = "get", area: str = XIANGYUN, address: str = "203.0.113.7", **sent: str):
    request = getattr(RequestFactory(REMOTE_ADDR=address), method)(f"/who/{area}/", sent)
    return who_lives_here(request, area=area)


def test_nobody_exists_behind_it_and_nobody_keeps_a_copy(world):
    with scope([DIANLI]):
        assert Person.objects.exists()
    answer = ask()
    assert answer.content == b"0"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_refusal_is_a_sentence_without_cookies_in_the_readers_language(world):
    answer = ask("post", refuse="1")
    assert (answer.status_code, bool(answer.cookies)) == (422, False)
    assert "今天不行，请打 66000000。" in answer.content.decode()
    assert ask(area="410103x").status_code == 404
    assert ask(lang="en")["Content-Language"] == "en"
    assert ask(lang="tlh")["Content-Language"] == "zh-hans"


def test_what_is_sent_is_counted_by_sender_and_by_area_what_is_read_is_not(world, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:00:00")
    assert [ask("post").status_code for _ in range(4)] == [200, 200, 200, 429]
    late = ask("post")
    assert late["Retry-After"] == "600"
    assert "请过 10 分钟再试" in late.content.decode()
    assert ask("post", address="203.0.113.8").status_code == 429  # the area has had its five
    assert ask("post", address="203.0.113.8", area=DIANLI).status_code == 200
    assert [ask().status_code for _ in range(9)] == [200] * 9
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:10:00")
    assert ask("post").status_code == 200


def test_counts_begin_again_and_what_is_over_is_forgotten(database, owner):
    half = timedelta(minutes=30)
    assert [one_more("a", within=half, at=at(21, 8, minute)) for minute in (0, 10, 29)] == [1, 2, 3]
    assert so_far("a", at=at(21, 8, 29)) == 3
    assert so_far("a", at=at(21, 8, 30)) == so_far("b", at=at(21, 8)) == 0
    assert one_more("b", within=half, at=at(21, 8, 30)) == 1
    assert owner.execute("SELECT count(*) FROM access_tries").fetchone() == (1,)
    assert one_more("b", within=half, at=at(21, 9)) == 1


@pytest.mark.parametrize(("proxies", "seen", "passed", "expected"), SENDERS)
def test_the_sender_is_whom_our_own_proxies_saw(settings_of, proxies, seen, passed, expected):
    settings_of(PROXIES=proxies)
    request = RequestFactory(REMOTE_ADDR=seen, HTTP_X_FORWARDED_FOR=passed).get("/")
    assert sender(request) == expected
