"""报备 on a cheap phone in WeChat: a network that comes and goes, a tab that is killed, a phone without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from shouwang.access.scope import scope
from shouwang.screening.reports import posters
from shouwang.screening.reports.models import Poster, ReportedPerson, SelfReport
from tests.browser.conftest import PATIENT_MS
from tests.browser.test_accessible import AXE, LANGUAGES, RUN
from tests.browser.test_door import WECHAT
from tests.reporting import ask, form, page_of
from tests.world import MORNING, XIANGYUN, World

pytestmark = pytest.mark.browser
NARROW = {"width": 360, "height": 640}
MOST_BYTES = 60_000


@pytest.fixture
def poster(street: World) -> Poster:
    """A poster of 电力楼院."""
    with scope([XIANGYUN]):
        return posters.put_up([f"{XIANGYUN}01"], by=None, at=MORNING)[0]


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A small old phone; a mistake of a script fails the test."""
    context = chromium.new_context(
        viewport=NARROW, user_agent=WECHAT, locale="zh-CN", base_url=address, has_touch=True, is_mobile=True,
        service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(PATIENT_MS)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield context
    context.close()
    assert wrong == []


def fill(page: Page, name: str = "刘一一") -> None:
    """A couple back from Hangzhou, living in 1-2-201."""
    page.get_by_label("姓名", exact=True).first.fill(name)
    page.get_by_role("button", name="再加一个人").click()
    page.locator("[name=people-1-name]").fill("陈二二")
    page.get_by_label("从外地回来了").check()
    page.get_by_label("从哪里来（省、市、区）").fill("浙江杭州")
    page.locator("[name=arrived_on]").fill("2022-04-20")
    page.locator("[name=building]").select_option("1")
    page.locator("[name=unit]").select_option("2")
    page.locator("[name=room]").select_option("201")
    page.get_by_label("联系电话", exact=True).fill("19900001234")


def send(page: Page) -> None:
    page.get_by_role("button", name="报上去").click()


def says(page: Page, words: str) -> None:
    expect(page.locator("#state")).to_contain_text(words)


def on_the_server() -> list[str]:
    with scope([XIANGYUN]):
        people = ReportedPerson.objects.order_by("report__recorded_at", "number").values_list(
            "name", flat=True
        )
        return list(people)


def _answer_lost(route: Route) -> None:
    if route.request.method != "POST":
        return route.continue_()
    route.fetch()
    return route.abort()


def _portal(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>请登录</h1>")


def test_off_and_on_and_killed_it_arrives_once(poster: Poster, phone: BrowserContext):
    page = phone.new_page()
    page.goto(page_of(poster))
    fill(page)
    phone.set_offline(True)
    send(page)
    says(page, "还没传上去")
    page.close()  # the tab is killed while nothing got out
    assert on_the_server() == []
    phone.set_offline(False)
    phone.route(f"**{page_of(poster)}", _answer_lost)  # the server has it, the phone does not know
    page = phone.new_page()
    page.goto(page_of(poster))
    says(page, "还没传上去")
    assert on_the_server() == ["刘一一", "陈二二"]
    phone.unroute_all(behavior="wait")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    says(page, "已收到")
    assert on_the_server() == ["刘一一", "陈二二"]
    receipt = page.locator("#state strong").inner_text()
    assert len(receipt.replace(" ", "")) == 10
    assert page.evaluate("Object.keys(localStorage).join()") == "report.outbox,report.receipts"
    assert "刘一一" not in page.evaluate("JSON.stringify(localStorage)")
    page.locator("#kept a.main").first.click()
    expect(page.get_by_text("浙江杭州")).to_be_visible()
    page.get_by_role("link", name="改一改").click()
    page.locator("[name=from_place]").fill("浙江宁波")
    send(page)
    says(page, "已收到")
    with scope([XIANGYUN]):
        assert [one.from_place for one in SelfReport.objects.order_by("recorded_at")] == [
            "浙江杭州",
            "浙江宁波",
        ]


def test_half_filled_in_it_survives_and_a_portal_is_no_answer(poster: Poster, phone: BrowserContext):
    page = phone.new_page()
    page.goto(page_of(poster))
    fill(page, "周三三")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")  # the phone takes the tab away
    page.close()
    page = phone.new_page()
    page.goto(f"{page_of(poster)}?lang=en")
    expect(page.locator("[name=people-0-name]")).to_have_value("周三三")
    expect(page.locator("[name=room]")).to_have_value("201")
    page.goto(page_of(poster))
    says(page, "接着填就行")
    phone.route(f"**{page_of(poster)}", _portal)
    send(page)
    says(page, "还没传上去")
    phone.unroute_all(behavior="wait")
    phone.clear_cookies()  # an old page whose token is stale asks for a new one
    page.evaluate("window.dispatchEvent(new Event('online'))")
    says(page, "已收到")
    assert on_the_server() == ["周三三", "陈二二"]


def test_what_the_server_will_not_take_comes_back_into_the_form(poster: Poster, phone: BrowserContext):
    page = phone.new_page()
    page.goto(page_of(poster))
    send(page)
    says(page, "有几处要改")
    fill(page)
    page.locator("[name=people-0-id_number]").fill("990101199003071232")
    send(page)
    expect(page.locator("#people .invalid")).to_contain_text("末位校验码不对")
    expect(page.locator("[name=people-0-name]")).to_have_value("刘一一")
    page.locator("[name=people-0-id_number]").fill("")
    send(page)
    says(page, "已收到")
    assert on_the_server() == ["刘一一", "陈二二"]


def test_without_scripts_it_is_a_plain_form(poster: Poster, chromium: Browser, address: str):
    context = chromium.new_context(
        viewport=NARROW, java_script_enabled=False, locale="zh-CN", base_url=address
    )
    context.set_default_timeout(PATIENT_MS)
    page = context.new_page()
    page.goto(page_of(poster))
    page.get_by_role("button", name="再加一个人").click()
    page.locator("[name=people-0-name]").fill("刘一一")
    page.locator("[name=people-1-name]").fill("陈二二")
    page.get_by_label("从外地回来了").check()
    page.locator("[name=from_place]").fill("浙江杭州")
    page.locator("[name=arrived_on]").fill("2022-04-20")
    page.locator("[name=building]").fill("1号楼")
    page.locator("[name=unit]").fill("2")
    page.locator("[name=room]").fill("201")
    send(page)
    expect(page.get_by_text("这里要填。").first).to_be_visible()
    expect(page.locator("[name=people-1-name]")).to_have_value("陈二二")
    page.locator("[name=phone]").fill("19900001234")
    send(page)
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    context.close()
    assert on_the_server() == ["刘一一", "陈二二"]


def test_it_is_light_fits_and_can_be_read_by_everybody(poster: Poster, phone: BrowserContext):
    own = ask(page_of(poster), form({"name": "刘一一"})).json()["own"]
    page, bytes_sent = phone.new_page(), []
    page.on("requestfinished", lambda one: bytes_sent.append(len(one.response().body())))
    page.goto(page_of(poster), wait_until="networkidle")
    assert sum(bytes_sent) < MOST_BYTES  # as they are on the phone, not as they were packed on the way
    phone.add_init_script(path=Path(AXE))
    places = [f"{page_of(poster)}?lang={language}" for language in LANGUAGES]
    for place in (*places, f"{own}?lang=en", f"{own}correct/", "/r/receipt/"):
        page.goto(place)
        if page.locator("[name=state]").count():
            page.locator("[name=state]").first.check()
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(RUN) == [], place
        page.evaluate("document.documentElement.style.fontSize = '27px'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place


def test_a_poster_is_one_page_for_each(poster: Poster, street: World, chromium: Browser, address: str):
    secretary = Client()
    secretary.force_login(street.users["书记刘"])
    context = chromium.new_context(base_url=address, locale="zh-CN")
    context.add_cookies(
        [{"name": name, "value": one.value, "url": address} for name, one in secretary.cookies.items()]
    )
    page = context.new_page()
    page.goto("/reporting/posters/")
    page.get_by_role("button", name="给没有码的").click()
    page.get_by_role("link", name="全部打印").click()
    expect(page.locator("article")).to_have_count(3)
    expect(page.locator("article svg.qr")).to_have_count(3)
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 3
    context.close()


def test_what_was_changed_while_it_waited_is_not_lost(poster: Poster, phone: BrowserContext):
    page = phone.new_page()
    page.goto(page_of(poster))
    fill(page)
    phone.route(f"**{page_of(poster)}", _answer_lost)
    send(page)
    says(page, "还没传上去")
    page.locator("[name=people-1-name]").fill("陈三三")
    phone.unroute_all(behavior="wait")
    send(page)
    says(page, "已收到")
    expect(page.locator("#kept a.main")).to_have_count(2)
    assert sorted(on_the_server()) == sorted(["刘一一", "陈二二", "刘一一", "陈三三"])
