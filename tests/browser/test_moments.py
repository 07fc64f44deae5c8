"""Moments that come once in a thousand shifts, provoked: two things at once, an answer for somebody who has gone."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from shouwang.access.scope import scope
from shouwang.duties.models import Attempt
from shouwang.gates.models import Passage
from shouwang.lib import clock
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Household
from shouwang.screening.reports.models import Poster
from shouwang.testing.models import Swab
from shouwang.testing.tubes.codes import person_code
from tests.browser import test_reports as reporting
from tests.browser.field import ALL_SENT, BUILDING_3, PIN, App
from tests.browser.gate import GateApp, Post
from tests.browser.test_desk import log_in
from tests.browser.test_gate import app as guard
from tests.browser.test_gate import post
from tests.browser.test_reports import phone, poster
from tests.browser.test_table import TableApp, table
from tests.browser.test_table import app as sampler
from tests.devices.phones import code_for, worker
from tests.reporting import page_of
from tests.testing.tubes_world import Table
from tests.world import XIANGYUN, World

__all__ = ["guard", "phone", "post", "poster", "sampler", "table"]
pytestmark = pytest.mark.browser
EVENTS, CHECK, PACKAGE, SEARCH = (
    "**/api/v1/events",
    "**/api/v1/gate/check",
    "**/api/v1/package*",
    "**/find/?q=*",
)
UNREACHED, OTHER_PIN, PEOPLE = "连不上，会自己再传", "246802", 8
# There is a network again; as soon as the line says that everything is sent, the next card is under the scanner, or a little later.
REACHED_AGAIN = """([card, late, sent]) => {
    const scan = () => {
        for (const key of [...card, "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    };
    const line = document.querySelector(".line");
    new MutationObserver((_, watching) => {
        if (!line.textContent.includes(sent)) return;
        watching.disconnect();
        if (late) setTimeout(scan, late); else scan();
    }).observe(line, { childList: true, characterData: true, subtree: true, attributes: true });
    window.dispatchEvent(new Event("online"));
}"""
# A scanner that types its text twice in a moment.
TWICE = """(text) => {
    const keys = [...text, "Enter", ...text, "Enter"];
    for (const key of keys) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}"""
# To the doors and, as soon as their page begins, back to the table.
THERE_AND_BACK = """() => {
    new MutationObserver((_, watching) => {
        if (document.querySelector("nav [aria-current]")) return;
        watching.disconnect();
        document.documentElement.dataset.back = "";
        location.hash = "#/table";
    }).observe(document.querySelector("nav"), { attributes: true, subtree: true });
    location.hash = "#/team";
}"""
# A camera that takes its time: `come()` lets the oldest that was asked for begin. The page says how many were asked for, and how many burn.
SLOW_CAMERA = """() => {
    const waiting = [], said = document.documentElement.dataset;
    Object.assign(said, { asked: 0, lit: 0 });
    window.come = () => waiting.shift()();
    navigator.mediaDevices.getUserMedia = () => new Promise((done) => {
        said.asked = Number(said.asked) + 1;
        waiting.push(() => {
            const canvas = document.createElement("canvas");
            canvas.getContext("2d").fillRect(0, 0, 9, 9);
            const stream = canvas.captureStream(5), [track] = stream.getTracks(), stop = track.stop.bind(track);
            track.stop = () => { said.lit = Number(said.lit) - 1; stop(); };
            said.lit = Number(said.lit) + 1;
            done(stream);
        });
    });
}"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Held:
    """Questions that wait on the line until the test lets them go."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.routes: list[Route] = []
        page.route(address, lambda route: self.routes.append(route))

    def let_go(self) -> None:
        for route in self.routes:
            route.continue_()
        self.page.unroute(self.address)


def test_what_is_captured_as_the_first_run_after_a_lost_network_ends_is_sent_too(
    sampler: TableApp, table: Table
) -> None:
    sampler.scan("EV0001")
    sampler.says("0 / 10 人")
    for place in range(0, PEOPLE, 2):
        first, next_one = (person_code(one) for one in table.people[place : place + 2])
        sampler.page.route(EVENTS, lambda route: route.abort())
        sampler.scan(first)
        expect(sampler.line).to_contain_text(UNREACHED)
        sampler.page.unroute(EVENTS)
        sampler.page.evaluate(REACHED_AGAIN, [next_one, place // 2, ALL_SENT])
        sampler.says(f"第 {place + 2} 个")
        expect(sampler.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Swab.objects.filter(void_at=None).count() == PEOPLE


def test_one_card_read_twice_at_once_is_one_swab(sampler: TableApp, table: Table) -> None:
    sampler.scan("EV0001")
    sampler.says("0 / 10 人")
    sampler.page.evaluate(TWICE, person_code(table.people[0]))
    sampler.says("已经在这一管里了")
    expect(sampler.page.get_by_text("1 / 10 人")).to_be_visible()
    expect(sampler.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Swab.objects.filter(void_at=None).count() == 1


def test_who_has_gone_back_to_the_table_does_not_swab_at_doors(sampler: TableApp, table: Table) -> None:
    sampler.page.evaluate(THERE_AND_BACK)
    expect(sampler.page.locator("html[data-back] nav [aria-current]")).to_have_text("采样")
    expect(sampler.page.get_by_text("先扫一支采样管", exact=True)).to_be_visible()
    sampler.scan("EV0001")
    sampler.says("0 / 10 人")
    sampler.scan(person_code(table.people[0]))
    sampler.says("第 1 个")
    expect(sampler.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert not Swab.objects.get(void_at=None).at_door


def test_a_camera_switched_off_and_on_before_it_came_burns_once(
    sampler: TableApp, handset: BrowserContext
) -> None:
    page = sampler.page
    page.evaluate(SLOW_CAMERA)
    for words, asked in (("相机", "1"), ("关相机", "1"), ("相机", "2")):
        sampler.tap(words)
        expect(page.locator("html")).to_have_attribute("data-asked", asked)
    page.evaluate("() => { come(); come(); }")
    expect(page.locator("html")).to_have_attribute("data-lit", "1")
    sampler.tap("关相机")
    expect(page.locator("html")).to_have_attribute("data-lit", "0")


def test_an_answer_about_one_and_a_batch_with_the_next_cross_and_all_is_sent(
    guard: GateApp, post: Post
) -> None:
    held = Held(guard.page, CHECK)
    with guard.page.expect_request(CHECK):
        guard.scan(post.code("1-1-101"))
    guard.says("home", "yes")
    with guard.page.expect_response(EVENTS):
        guard.tap("✚ 应急就医 放行")
    guard.says("medical_exit", "yes")
    held.let_go()
    expect(guard.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Passage.objects.filter(void_at=None).count() == 2


def test_who_was_taken_back_before_the_server_asks_about_them_holds_up_nothing(
    guard: GateApp, post: Post
) -> None:
    held = Held(guard.page, CHECK)
    with guard.page.expect_request(CHECK):
        guard.scan(post.code("1-1-101"))
    guard.says("home", "yes")
    guard.tap("撤回")
    expect(guard.verdict).to_have_count(0)
    asks = {"decision": "ask", "code": "copied", "until": None, "stored": False, "copied": True}
    held.routes.pop().fulfill(json=asks)
    expect(guard.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Passage.objects.get().void_at is not None


def test_the_reason_for_one_is_not_the_reason_for_the_next(guard: GateApp, post: Post) -> None:
    guard.scan(post.code("小钱"))
    guard.says("withdrawn", "no")
    guard.tap("还是放行")
    guard.page.get_by_label("为什么放行（要写）").fill("居委会来电")
    guard.scan("SW1:someone.else.altogether")
    guard.says("forged", "no")
    expect(guard.page.get_by_label("为什么放行（要写）")).to_have_count(0)


def test_a_thumb_that_trembles_tries_a_door_once(
    tower: list[Household], street: World, handset: BrowserContext
) -> None:
    handset.clock.install(time=clock.now())
    app = App(handset.new_page())
    app.enrol(code_for(street, [BUILDING_3], [street.users["书记刘"]], role="grid_lead"))
    app.open_door(tower[0].room)
    app.button("没人").evaluate("(button) => { for (let tap = 0; tap < 3; tap += 1) button.click(); }")
    expect(app.page.get_by_text("已记在手机上")).to_be_visible()
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Attempt.objects.filter(household=tower[0]).count() == 1


def test_a_day_on_its_way_to_one_worker_is_fetched_for_the_next_who_opened_the_phone(
    tower: list[Household], street: World, handset: BrowserContext
) -> None:
    early, late = street.users["书记刘"], worker(street, "晚班何", [BUILDING_3])
    app = App(handset.new_page())
    app.page.goto(f"/field/#/enrol?code={code_for(street, [BUILDING_3], [early, late], role='grid_lead')}")
    app.tap("登记这部手机")
    for name, pin in ((early.name, PIN), (late.name, OTHER_PIN)):
        app.tap(name)
        app.type_digits(pin * 2)
    app.tap(late.name)
    app.unlock(OTHER_PIN)
    expect(app.page.locator("h1")).to_contain_text("还差 22")
    app.visit(tower[0].room)
    expect(app.line).to_contain_text(ALL_SENT)
    held = Held(app.page, PACKAGE)
    with app.page.expect_request(PACKAGE):  # only what has changed
        app.tab("我的任务")
    app.tab("我的")
    app.tap("换班")
    app.tap(early.name)
    app.unlock()  # who has no day yet
    held.let_go()
    expect(app.page.locator("h1")).to_contain_text("还差")


def test_what_was_typed_last_is_no_draft_once_it_was_sent(poster: Poster, phone: BrowserContext) -> None:
    phone.clock.install(time=clock.now())
    page = phone.new_page()
    page.goto(page_of(poster))
    reporting.fill(page)
    page.clock.pause_at(clock.now() + timedelta(hours=1))
    page.get_by_label("联系电话", exact=True).fill("19900001235")
    reporting.send(page)
    reporting.says(page, "已收到")
    page.clock.run_for(1_000)
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('draft'))") == []


def test_an_answer_to_a_search_that_was_left_opens_nothing(street: World, window: Page) -> None:
    with scope([XIANGYUN]):
        add_person(street.ids("电力楼院 1-1-101")[0], Newcomer("孙新来"), by=None, at=clock.now())
    log_in(window)
    held = Held(window, SEARCH)
    with window.expect_request(SEARCH):
        window.locator("#q").fill("sunxin")
    window.locator("h1").click()
    with window.expect_response(SEARCH):
        held.let_go()
    window.evaluate(PAINTED)
    expect(window.locator("#hits a")).to_have_count(0)
    window.locator("#q").fill("孙新")
    expect(window.locator("#hits a").first).to_be_visible()
