"""axe-core looks at every page: nothing serious, in any language, light or dark, on a phone and on a wide screen."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from shouwang import jobs
from shouwang.access.models import Card
from shouwang.access.scope import scope
from shouwang.desk import look
from shouwang.register.uploads import Upload
from tests.browser.conftest import PATIENT_MS
from tests.desk.test_doors import ADDRESSES
from tests.desk.test_few_questions import evening, existing  # noqa: F401
from tests.desk.test_imports import bring, files, workbook  # noqa: F401
from tests.door import card_for, come_in, door_addresses, give_phone
from tests.world import XIANGYUN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = Path(__file__).resolve().parents[2] / "frontend/desk/node_modules/axe-core/axe.min.js"
PHONE, WIDE = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
RUN = (
    "async () => (await axe.run({resultTypes: ['violations']})).violations"
    ".filter(one => ['serious', 'critical'].includes(one.impact))"
)
LANGUAGES = ("zh-hans", "zh-hant", "en")
# A page that was loaded wide is looked at once more as narrow as a phone.
OTHERS = [("zh-hans", (WIDE,), "light"), ("zh-hans", (PHONE,), "dark")]
OTHERS += [(language, (WIDE, PHONE), "light") for language in LANGUAGES[1:]]

pytestmark = pytest.mark.browser
Pages = list[tuple[Client, str]]


@pytest.fixture
def pages(evening, browser_of, newcomer) -> Pages:  # noqa: F811
    """Every address at which a page stands, with somebody who may open it."""
    secretary, auditor = browser_of("书记刘"), newcomer("auditor", XIANGYUN)
    bring(secretary, workbook())
    jobs.preview_upload(Upload.objects.get().pk)
    give_phone(evening, "王网格", "19900004821")
    phone = come_in(card_for(secretary, evening.helpers["王网格"]), "4821")
    with scope([XIANGYUN]):
        at_the_desk = [existing(name) + query for name, query in ADDRESSES.items()]
        at_the_door = door_addresses(evening.doors["电力楼院 1-1-201"].pk, Card.objects.get().pk)
    asked = [((Client(),), reverse("account_login"))]
    asked += [((secretary, auditor), place) for place in at_the_desk]
    asked += [((phone, secretary), reverse(name, args=arguments)) for name, arguments in at_the_door]
    found = ((next((one for one in clients if opens(one, place)), None), place) for clients, place in asked)
    return [(client, place) for client, place in found if client]


def opens(client: Client, address: str) -> bool:
    """Whether a whole page stands there."""
    answer = client.get(address)
    answer.close()
    return answer.status_code == 200 and not answer.streaming and b"<html" in answer.content


def wrong_on(
    chromium: "Browser",
    base: str,
    pages: Pages,
    *,
    language: str,
    sizes: tuple[dict[str, int], ...],
    theme: str,
) -> dict[str, list[str]]:
    """What axe calls serious, by page. Shape: loaded in the first size, looked at in each."""
    found = {}
    for client in {id(client): client for client, _ in pages}.values():
        context = chromium.new_context(base_url=base, color_scheme=theme)
        context.set_default_timeout(PATIENT_MS)
        context.add_init_script(path=AXE)
        kept = {name: one.value for name, one in client.cookies.items()}
        cookies = kept | {settings.LANGUAGE_COOKIE_NAME: language, look.COOKIE: f"{theme}.normal"}
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
        page = context.new_page()
        for address in (address for owner, address in pages if owner is client):
            for size in sizes:
                page.set_viewport_size(size)
                if size is sizes[0]:
                    page.goto(address)
                for one in page.evaluate(RUN):
                    found.setdefault(address, []).append(f"{one['id']}: {one['nodes'][0]['html'][:160]}")
        context.close()
    return found


def test_axe_finds_nothing_serious_on_any_page(chromium, address, pages) -> None:
    names = {place.split("?")[0] for _client, place in pages}
    assert {"/", "/close/", "/matrix/", "/door/", "/answering/", "/audit/", "/households/1/"} <= names
    assert wrong_on(chromium, address, pages, language="zh-hans", sizes=(PHONE,), theme="light") == {}


@pytest.mark.slow
@pytest.mark.parametrize(("language", "sizes", "theme"), OTHERS)
def test_axe_finds_nothing_serious_in_other_languages_widths_and_in_the_dark(
    chromium, address, pages, language, sizes, theme
) -> None:
    assert wrong_on(chromium, address, pages, language=language, sizes=sizes, theme=theme) == {}
