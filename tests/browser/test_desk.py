"""What only a browser shows: numbers that move by themselves, pages that fit a phone, the keyboard's way in."""

import pytest
from playwright.sync_api import Page, expect

from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.screening import actions
from tests.world import XIANGYUN, World

pytestmark = pytest.mark.browser
PAGES = ["/", "/owed/?state=left", "/accounts/2fa/", "/accounts/password/change/", "/no-such-page/"]
LEAST_PX = 48
A_LITTLE_LATER = 6_000  # ms: the board asks every five seconds


def log_in(window: Page) -> None:
    window.clock.install()
    window.goto("/")
    window.get_by_label("账号").fill("书记刘")
    window.get_by_label("密码").fill("一个很长的口令")
    window.get_by_role("button", name="登录").click()
    expect(window.get_by_role("heading", name="今日看板")).to_be_visible()
    at_work(window)


def at_work(window: Page) -> None:
    """The page's script, which comes after the first paint, is there: it has folded the menu of narrow screens."""
    expect(window.locator("a.menu")).to_have_attribute("aria-expanded", "false")


def test_the_board_moves_by_itself_when_somebody_visits_a_door(street: World, window: Page):
    log_in(window)
    expect(window.locator(".headline")).to_contain_text("15")
    with scope([XIANGYUN]):
        door = street.ids("电力楼院 1-1-101")[0]
        actions.record_visits([actions.Seen(household=door, at=clock.now())], by=None, at=clock.now())
    window.clock.fast_forward(A_LITTLE_LATER)
    expect(window.locator(".headline")).to_contain_text("14")


def test_a_lost_connection_is_said_and_taken_back(street: World, window: Page):
    log_in(window)
    window.context.set_offline(True)
    window.clock.fast_forward(A_LITTLE_LATER)
    expect(window.get_by_text("现在连不上服务器")).to_be_visible()
    window.context.set_offline(False)
    window.clock.fast_forward(A_LITTLE_LATER)
    expect(window.get_by_text("现在连不上服务器")).to_be_hidden()


def test_every_page_fits_a_phone_in_large_print(street: World, window: Page):
    log_in(window)
    window.set_viewport_size({"width": 360, "height": 740})
    window.locator("details.account summary").click()
    window.get_by_role("button", name="大字").click()
    window.set_viewport_size(
        {"width": 360, "height": 20_000}
    )  # rows far below are laid out only where somebody looks
    for page in PAGES:
        window.goto(page)
        assert window.evaluate("document.documentElement.scrollWidth") <= 360, page
        sizes = window.evaluate(
            "[...document.querySelectorAll('a.btn, button.btn, summary, td.num a')]"
            ".filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height)"
        )
        assert min(sizes) >= LEAST_PX, page


def test_the_keyboard_skips_to_the_content_and_closes_the_menu(street: World, window: Page):
    log_in(window)
    window.keyboard.press("Tab")
    expect(window.get_by_role("link", name="跳到正文")).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("main")).to_be_focused()
    window.locator("details.account summary").click()
    window.keyboard.press("Escape")
    expect(window.get_by_role("button", name="退出登录")).to_be_hidden()
