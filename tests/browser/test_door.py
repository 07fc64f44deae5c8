"""My day on a cheap phone in WeChat: from the card to the last door, with a network that comes and goes."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from shouwang.access.models import Card
from shouwang.access.scope import scope
from shouwang.duties.models import Attempt, Duty
from shouwang.lib.codes import child
from shouwang.register.models import Area, Household, Person
from shouwang.screening.actions import extend
from shouwang.screening.models import Round, Visit
from tests.browser.conftest import PATIENT_MS
from tests.door import card_for, give_phone
from tests.world import DIANLI, MORNING, XIANGYUN, World

pytestmark = pytest.mark.browser
WECHAT = (
    "Mozilla/5.0 (Linux; Android 8.1.0; V1818A Build/OPM1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/107.0.5304.141 Mobile Safari/537.36 XWEB/5023 MMWEBSDK/20230202 MicroMessenger/8.0.33.2320"
)
BUILDING_3, DOORS, TAIL = child(DIANLI, 3), 20, "4821"
TOLD = "**/door/told/"
ALL_SENT = "全部已上传"
# What a cheap phone does not have, and letters half as large again.
POOR_PHONE = """
  for (const name of ["mediaDevices", "serviceWorker"]) Object.defineProperty(Navigator.prototype, name, {value: undefined});
  delete window.speechSynthesis;
  addEventListener("DOMContentLoaded", () => { document.documentElement.style.fontSize = "27px"; });
"""


@pytest.fixture
def tower(street: World) -> list[Household]:
    """Building 3 with twenty doors on ten floors, all owed today."""
    with scope([XIANGYUN]):
        Area.objects.create(code=BUILDING_3, level="building", label="3号楼")
        unit = child(BUILDING_3, 1)
        doors = [
            Household.objects.create(
                area_code=child(unit, number), compound="电力楼院", building="3", unit="1", added_at=MORNING,
                floor=str((number + 1) // 2), room=f"{(number + 1) // 2}0{2 - number % 2}",
            )
            for number in range(1, DOORS + 1)
        ]  # fmt: skip
        for door in doors:
            Person.objects.create(household=door, area_code=door.area_code, name="住户", added_at=MORNING)
        extend(Round.objects.get(), at=MORNING)
    return doors


@pytest.fixture
def code(street: World) -> str:
    """A card for 王网格."""
    give_phone(street, "王网格", f"1990000{TAIL}")
    secretary = Client()
    secretary.force_login(street.users["书记刘"])
    return card_for(secretary, street.helpers["王网格"])


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A small old phone; a mistake of a script fails the test."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 640}, user_agent=WECHAT, locale="zh-CN", base_url=address,
        has_touch=True, is_mobile=True, service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(PATIENT_MS)
    context.add_init_script(POOR_PHONE)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield context
    context.close()
    assert wrong == []


class Thumb:
    """Taps, and counts them."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def nobody(self, page: Page, door: Household) -> None:
        self.tap(page.locator(f"#d{door.pk}").get_by_role("button", name="没人"))

    def unchanged(self, page: Page, door: Household) -> None:
        card = page.locator(f"#d{door.pk}")
        self.tap(card.locator("summary"))
        self.tap(card.get_by_role("button", name="人都在"))


def come_in(phone: BrowserContext, code: str) -> Page:
    page = phone.new_page()
    page.goto(reverse("door_enter_code", args=[code]))
    page.get_by_label("您手机号的后四位").fill(TAIL)
    page.get_by_role("button", name="开始上门").tap()
    page.wait_for_url("**/door/")
    page.goto(f"{reverse('door')}?in={BUILDING_3}")
    return page


def line(page: Page, words: str) -> None:
    expect(page.locator("#line")).to_contain_text(words)


def on_the_server(doors: list[Household]) -> tuple[int, int]:
    """How many visits and how many attempts these doors have; each door once."""
    with scope([XIANGYUN]):
        visits = Visit.objects.filter(household__in=doors, void_at=None)
        attempts = Attempt.objects.filter(household__in=doors)
        assert visits.values("household").distinct().count() == visits.count()
        assert attempts.values("household").distinct().count() == attempts.count()
        return visits.count(), attempts.count()


def test_from_a_printed_card_to_the_first_door_in_two_taps_and_two_pages(
    tower: list[Household], code: str, phone: BrowserContext
):
    page, thumb, pages = phone.new_page(), Thumb(), []
    page.on("load", lambda one: pages.append(one.url))
    page.goto(reverse("door_enter_code", args=[code]))
    field = page.get_by_label("您手机号的后四位")
    thumb.tap(field)
    page.keyboard.type(TAIL)
    thumb.tap(page.get_by_role("button", name="开始上门"))
    page.wait_for_url("**/door/")
    expect(page.locator("section[data-door] h3").first).to_be_in_viewport()
    assert (thumb.taps, len(pages)) == (2, 2)
    assert page.evaluate("[typeof speechSynthesis, navigator.mediaDevices, navigator.serviceWorker]") == [
        "undefined",
        None,
        None,
    ]


def test_a_new_tenant_waits_for_the_network_and_leaves_nothing_on_the_phone(
    tower: list[Household], code: str, phone: BrowserContext
):
    page = come_in(phone, code)
    page.goto(reverse("door_household", args=[tower[0].pk]))
    page.get_by_text("新来了一个人").tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("姓名").fill("钱小")
    assert page.locator("details.tenant :is(input, select):visible").count() <= 8
    page.get_by_label("身份证号").first.fill("999103198001010015")
    phone.set_offline(True)
    page.get_by_role("button", name="登记这个人").tap()
    line(page, "还有 1 户没发出去")
    phone.set_offline(False)
    expect(page.locator("main")).to_contain_text("登记了 2 人")
    line(page, ALL_SENT)
    assert "9991031980" not in page.evaluate("JSON.stringify(localStorage)")
    with scope([XIANGYUN]):
        assert Person.objects.filter(household=tower[0], name="钱小", sex="m").count() == 1
        assert Duty.objects.filter(household=tower[0], fact="owed").count() == 1


def test_twenty_doors_with_a_network_that_comes_and_goes(
    tower: list[Household], code: str, phone: BrowserContext
):
    page, thumb = come_in(phone, code), Thumb()
    line(page, ALL_SENT)
    for door in tower[:5]:
        thumb.unchanged(page, door)
    assert thumb.taps == 10
    line(page, ALL_SENT)
    expect(page.locator("section[data-state=kept]")).to_have_count(5)

    phone.set_offline(True)  # in the lift
    for door in tower[5:10]:
        thumb.nobody(page, door)
    assert thumb.taps == 15
    line(page, "已收到 5 户，还有 5 户没发出去")
    expect(page.locator("section[data-state=kept]")).to_have_count(5)
    assert on_the_server(tower) == (5, 0)
    phone.set_offline(False)
    line(page, ALL_SENT)

    phone.route(TOLD, lambda route: route.abort())  # the tab is closed before anything got out
    for door in tower[10:15]:
        thumb.unchanged(page, door)
    line(page, "还有 5 户没发出去")
    page.close()
    assert on_the_server(tower) == (5, 5)
    page = phone.new_page()
    page.goto(f"{reverse('door')}?in={BUILDING_3}")
    line(page, "还有 5 户没发出去")
    page.locator("#line").tap()
    expect(page.locator("#unsent li")).to_have_count(5)
    phone.unroute_all(behavior="wait")

    phone.route(TOLD, _answer_lost)  # the server has it, the phone does not know
    for door in tower[15:]:
        thumb.nobody(page, door)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    line(page, "没发出去")
    phone.unroute_all(behavior="wait")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    line(page, ALL_SENT)
    assert on_the_server(tower) == (10, 10)
    with scope([XIANGYUN]):
        assert Duty.objects.filter(household__in=tower, fact="done").count() == 10


def _answer_lost(route: Route) -> None:
    route.fetch()
    route.abort()


def _log_in_here(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>请登录</h1>")


def _names_nothing(route: Route) -> None:
    route.fulfill(status=200, content_type="application/json", body='{"kept": []}')


PORTALS = (_log_in_here, _names_nothing)


def test_a_portals_friendly_page_is_no_answer(tower: list[Household], code: str, phone: BrowserContext):
    page, thumb = come_in(phone, code), Thumb()
    for portal in PORTALS:
        phone.route(TOLD, portal)  # in place of the one before: in between nothing gets out
        with page.expect_response(TOLD):
            thumb.nobody(page, tower.pop())
        line(page, "没发出去")
        expect(page.locator("section[data-state=kept]")).to_have_count(0)
    phone.unroute_all(behavior="wait")
    page.reload()
    line(page, ALL_SENT)


def test_after_the_shift_the_phone_keeps_what_was_not_sent(
    tower: list[Household], code: str, phone: BrowserContext, street: World
):
    page, thumb = come_in(phone, code), Thumb()
    secretary = Client()
    secretary.force_login(street.users["书记刘"])
    secretary.post(reverse("door_card_back", args=[Card.objects.get().pk]))
    thumb.nobody(page, tower[0])
    expect(page.locator("#say")).to_contain_text("今天的班结束了")
    line(page, "还有 1 户没发出去")
    again = card_for(secretary, street.helpers["王网格"])
    come_in(phone, again)
    line(phone.pages[-1], ALL_SENT)
    assert on_the_server(tower) == (0, 1)


def test_a_wrong_tap_is_taken_back_and_a_call_told(tower: list[Household], code: str, phone: BrowserContext):
    page, thumb = come_in(phone, code), Thumb()
    thumb.nobody(page, tower[0])
    line(page, ALL_SENT)
    card = page.locator(f"#d{tower[0].pk}")
    card.get_by_role("button", name="点错了").tap()
    expect(card.get_by_role("button", name="没人")).to_be_visible()
    assert on_the_server(tower) == (0, 0)
    thumb.unchanged(page, tower[1])
    line(page, ALL_SENT)
    page.reload()
    page.locator("#last").get_by_role("button", name="点错了").tap()
    expect(page.locator("#last")).to_be_hidden()
    line(page, ALL_SENT)
    assert on_the_server(tower) == (0, 0)
    page.reload()
    card.get_by_role("button", name="打电话").tap()
    page.get_by_role("button", name="没接电话").tap()
    page.wait_for_url("**/door/?in=*")
    expect(page.locator(f"#d{tower[0].pk} .tried")).to_contain_text("没接电话")
    assert on_the_server(tower) == (0, 1)


def test_it_fits_at_360_px_in_letters_of_150_percent(
    tower: list[Household], code: str, phone: BrowserContext
):
    page = come_in(phone, code)
    for address in (page.url, reverse("door_household", args=[tower[0].pk]), reverse("door_enter")):
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = ''")
        smallest = "Math.min(...[...document.querySelectorAll('main *')].filter(one => one.checkVisibility())"
        assert page.evaluate(f"{smallest}.map(one => parseFloat(getComputedStyle(one).fontSize)))") >= 18
        page.evaluate("document.documentElement.style.fontSize = '27px'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        heights = page.evaluate(
            "[...document.querySelectorAll('button, summary, .acts > a, nav a, input:not([type=hidden]):not([type=checkbox])')]"
            ".filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height)"
        )
        assert min(heights) >= 48, address


def test_sixty_doors_fit_on_two_sheets_of_paper(street: World, window: Page):
    from tests.browser.test_desk import log_in

    unit = child(child(DIANLI, 4), 1)
    with scope([XIANGYUN]):
        Area.objects.create(code=child(DIANLI, 4), level="building", label="4号楼")
        for number in range(1, 61):
            Household.objects.create(
                area_code=child(unit, number), compound="电力楼院", building="4", unit="1", added_at=MORNING,
                floor=str(number // 4), room=f"{number:04}",
            )  # fmt: skip
    log_in(window)
    window.goto(reverse("door_sheets"))
    window.get_by_label("哪一栋").select_option(child(DIANLI, 4))
    window.get_by_role("button", name="打印走访表").click()
    expect(window.locator("tbody tr")).to_have_count(60)
    assert 1 <= window.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 2
