"""axe-core looks at every page of the desk: nothing serious, in any language, light or dark, on a phone."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse

from shouwang.desk import look
from tests.world import DIANLI

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = Path(__file__).resolve().parents[2] / "frontend/desk/node_modules/axe-core/axe.min.js"
PHONE = {"width": 360, "height": 780}
PAGES = {
    "board": "",
    "board_list": "?state=total",
    "living": "",
    "find": "?q=1-1-101",
    "matrix": f"?area={DIANLI}",
    "places": "",
    "closing": "",
    "past_days": "",
    "rounds": "",
    "new_round": "",
    "imports": "",
    "answering": "",
    "helpers": "",
    "plans": "",
    "people": "",
    "door": "",
    "door_sheets": "",
    "door_cards": "",
}
ABOUT_ONE = ("household", "person", "place")
RUN = "async () => (await axe.run()).violations.filter(v => ['serious', 'critical'].includes(v.impact))"

pytestmark = pytest.mark.browser


def addresses() -> list[str]:
    plain = [reverse(name) + query for name, query in PAGES.items()]
    return [reverse("account_login"), *plain, *(reverse(name, args=[1]) for name in ABOUT_ONE)]


def wrong_on(chromium: "Browser", base: str, client, *, language: str, theme: str) -> dict[str, list[str]]:
    """What axe calls serious, by page."""
    context = chromium.new_context(viewport=PHONE, base_url=base)
    session = client.cookies["sessionid"].value
    cookies = {"sessionid": session, settings.LANGUAGE_COOKIE_NAME: language, look.COOKIE: f"{theme}.normal"}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    page, found = context.new_page(), {}
    for address in addresses():
        page.goto(address)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        wrong = page.evaluate(RUN)
        if wrong:
            found[address] = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in wrong]
    context.close()
    return found


def test_axe_finds_nothing_serious_on_any_page(chromium, address, browser_of) -> None:
    client = browser_of("书记刘")
    assert wrong_on(chromium, address, client, language="zh-hans", theme="light") == {}


@pytest.mark.slow
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh-hant", "light"), ("zh-hans", "dark")])
def test_axe_finds_nothing_serious_in_other_languages_and_in_the_dark(
    chromium, address, browser_of, language, theme
) -> None:
    client = browser_of("书记刘")
    assert wrong_on(chromium, address, client, language=language, theme=theme) == {}
