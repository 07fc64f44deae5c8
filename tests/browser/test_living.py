"""The register in a browser: search by keyboard, the second half of a page, pages that fit a phone."""

import pytest
from playwright.sync_api import Page, expect

from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.register.editing import Newcomer, add_person
from tests.browser.test_desk import LEAST_PX, log_in
from tests.world import XIANGYUN, World

pytestmark = pytest.mark.browser
PAGES = ["/living/", "/matrix/", "/households/1/", "/people/1/", "/places/", "/places/1/", "/find/?q=1-1-101"]


def test_search_answers_while_typing_and_opens_by_keyboard(street: World, window: Page):
    with scope([XIANGYUN]):
        door = street.ids("电力楼院 1-1-101")[0]
        add_person(door, Newcomer("孙新来"), by=None, at=clock.now())
    log_in(window)
    window.locator("#q").press_sequentially("sunxi")
    expect(window.locator("#hits a").first).to_contain_text("孙新来")
    window.locator("#q").fill("sunxin")
    expect(window.locator("#hits a").first).to_contain_text("孙新来")
    window.keyboard.press("ArrowDown")
    expect(window.locator("#hits a").first).to_be_focused()
    window.keyboard.press("ArrowUp")
    expect(window.locator("#q")).to_be_focused()
    window.keyboard.press("Escape")
    expect(window.locator("#hits a")).to_have_count(0)
    window.locator("#q").fill("孙新")
    expect(window.locator("#hits a").first).to_be_visible()
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("孙新来")


def test_a_door_of_the_drawing_opens_its_household_and_a_visit_is_two_taps(street: World, window: Page):
    log_in(window)
    window.goto("/matrix/")
    window.locator("a.door", has_text="101").first.click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("1-1-101")
    expect(window.get_by_text("导入以后没有改过。")).to_be_visible()
    window.get_by_text("见到人了").click()
    window.get_by_role("button", name="记下").first.click()
    expect(window.get_by_role("status")).to_contain_text("见到人了")
    window.goto("/matrix/")
    expect(window.locator("a.door.done")).to_have_count(1)


def test_the_pages_of_the_register_fit_a_phone_in_large_print(street: World, window: Page):
    log_in(window)
    window.set_viewport_size({"width": 360, "height": 740})
    window.locator("details.account summary").click()
    window.get_by_role("button", name="大字").click()
    for page in PAGES:
        window.goto(
            page, wait_until="networkidle"
        )  # the script comes after the first paint, and folds what it folds
        assert window.evaluate("document.documentElement.scrollWidth") <= 360, page
        sizes = window.evaluate(
            "[...document.querySelectorAll('a.btn, main button, summary, .chips a, .tabs a, a.door, .hits a')]"
            ".filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height)"
        )
        assert min(sizes, default=LEAST_PX) >= LEAST_PX, page


def test_a_door_drawn_wide_is_narrow_enough_for_one_screen(street: World, window: Page):
    log_in(window)
    window.goto("/matrix/")
    assert window.evaluate("document.documentElement.scrollWidth") <= 1440
    window.get_by_role("link", name="一屏看全").click()
    expect(window.locator("a.door").first).to_be_visible()
    assert window.locator("a.door .number").first.bounding_box()["width"] > 0
