"""What holds on every page: the demo says so, nothing runs that is not ours, and pages are light."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.roles import permissions_of
from shouwang.access.scope import scope
from shouwang.desk.navigation import ways
from shouwang.desk.templatetags.assets import DESK, built
from shouwang.desk.watermark import watermark
from shouwang.plans.actions import activate, keep_shipped
from tests.world import XIANGYUN, at

PAGES = ["/", "/owed/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/", "/no-such-page/"]
KB = 1024
FIRST_LOAD = 400 * KB


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_a_script_a_style_or_an_address_of_elsewhere(browser_of, address):
    answer = browser_of("书记刘").get(address)
    page = answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]* src=)[^>]*>", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', page) == []


@pytest.mark.parametrize("address", ["/accounts/login/", *PAGES])
def test_a_demo_says_so_on_every_page_and_nothing_else_does(browser_of, settings_of, address):
    client = browser_of("书记刘") if "login" not in address else Client()
    assert "这里的人和数据都是编的" not in client.get(address).content.decode()
    settings_of(DEMO=True)
    assert "这里的人和数据都是编的" in client.get(address).content.decode()


def test_an_error_page_of_a_demo_says_so_too(settings_of, street):
    from shouwang.desk.wrong import broken

    settings_of(DEMO=True)
    answer = broken(None)
    assert answer.status_code == 500
    assert "这里的人和数据都是编的" in answer.content.decode()
    assert "请过一分钟再试一次" in answer.content.decode()


def test_the_demo_accounts_stand_on_the_login_page_of_a_demo_alone(street, settings_of):
    assert "书记刘" not in Client().get(reverse("account_login")).content.decode()
    settings_of(DEMO=True)
    page = Client().get(reverse("account_login")).content.decode()
    assert "社区书记" in page
    assert "书记刘" in page


def test_light_and_size_are_chosen_without_a_script(browser_of):
    client = browser_of("书记刘")
    client.post(reverse("look"), {"theme": "dark", "next": "/"})
    client.post(reverse("look"), {"size": "large", "next": "/"})
    page = client.get("/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert 'data-size="large"' in page
    client.post(reverse("look"), {"theme": "pink", "next": "/"})
    assert 'data-bs-theme="dark"' in client.get("/").content.decode()


def test_navigation_shows_only_what_opens(browser_of, newcomer):
    assert 'aria-current="page"' in browser_of("书记刘").get("/").content.decode()
    assert "今日看板</span>" not in newcomer("gate_guard", "410103008001").get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "module", "folded", "open_"),
    [
        ("secretary", "board", 7, []),
        ("secretary", "running.imports", 7, ["设置"]),
        ("secretary", "living.person", 7, ["住户和告知"]),
        ("volunteer", "door.my_day", 0, []),
    ],
)
def test_the_menu_lies_open_where_somebody_is_and_folds_where_it_is_long(role, module, folded, open_):
    menu = ways(permissions_of([role]), f"shouwang.desk.{module}")
    assert sum(way.folds for way in menu) == folded
    assert [way.group.words for way in menu if way.folds and way.unfolded] == open_


def test_the_watermark_names_who_and_when_and_holds_no_markup_of_theirs():
    from base64 import b64decode

    drawn = b64decode(watermark('刘<script>"', at(21, 9, 5)).partition("base64,")[2]).decode()
    assert "刘&lt;script&gt;" in drawn
    assert "2022-04-21 09:05" in drawn


def test_the_first_load_is_light(browser_of):
    page = browser_of("书记刘").get("/").content
    names = re.findall(r'/static/desk/dist/([^"#]*)', unescape(page.decode()))
    assert names
    compressed = sum(_sent(built(DESK, name)) for name in set(names))
    assert compressed + len(page) <= FIRST_LOAD
    assert len(browser_of("书记刘").get("/numbers/").content) <= 60 * KB
    assert "charts" not in page.decode()


def _sent(path) -> int:
    packed = path.with_name(path.name + ".gz")
    return (packed if packed.exists() else path).stat().st_size


def test_built_files_are_sent_compressed_and_kept_by_the_browser(street):
    name = re.search(r"assets/desk-[^\"]*\.css", built(DESK, ".vite/manifest.json").read_text())[0]
    answer = Client().get(f"/static/desk/dist/{name}", headers={"Accept-Encoding": "br, gzip"})
    assert answer["Content-Encoding"] == "br"
    assert "immutable" in answer["Cache-Control"]
    answer.close()


def test_the_menu_calls_things_as_the_plan_of_the_disease_does(browser_of):
    """Under a campaign against mosquitoes nobody is isolated: the entries are called by what is done."""
    client = browser_of("书记刘")
    assert "<span>居家隔离</span>" in client.get("/").content.decode()
    with scope([XIANGYUN]):
        version = keep_shipped("vector_campaign", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
    page = client.get("/").content.decode()
    assert "<span>居家隔离</span>" not in page
    for words in ("入户清积水", "健康监测"):
        assert f"<span>{words}</span>" in page
    assert (
        "<span>Health monitoring</span>"
        in client.get("/", headers={"accept-language": "en"}).content.decode()
    )
