"""What happens to phones at work: a network that lies, a wrong clock, no room left, closed in the middle, shared, lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from shouwang.access.scope import grants_of, scope
from shouwang.devices.enrolling import PERMISSION, revoke
from shouwang.devices.models import Device, Event
from shouwang.duties.models import Attempt
from shouwang.lib import clock
from shouwang.register.models import Household
from shouwang.screening.models import Visit
from tests.browser.field import ALL_SENT, BUILDING_3, PIN, App
from tests.devices.phones import code_for, worker
from tests.world import XIANGYUN, World

pytestmark = pytest.mark.browser
API, EVENTS, WELCOME = (
    "**/api/v1/**",
    "**/api/v1/events",
    "<html>Welcome! Please log in to this network.</html>",
)
OTHER_PIN, WRONG_PIN, MOST_TRIES, LONGEST_IDLE = "246802", "111111", 5, 15 * 60
ROOM_BYTES = 8_000_000
# What cannot be compressed, until nothing more goes in: then not even an event does.
FILL = """async () => {
    const other = await new Promise((done) => {
        const asked = indexedDB.open('pictures');
        asked.onupgradeneeded = () => asked.result.createObjectStore('one', { autoIncrement: true });
        asked.onsuccess = () => done(asked.result);
    });
    const picture = new Uint8Array(1 << 20);
    for (let at = 0; at < picture.length; at += 1 << 16) crypto.getRandomValues(picture.subarray(at, at + (1 << 16)));
    const put = (size) => new Promise((done) => {
        const adding = other.transaction('one', 'readwrite');
        adding.objectStore('one').add(picture.slice(0, size));
        adding.oncomplete = () => done(true);
        adding.onabort = () => done(false);
    });
    for (let size = picture.length; size > 128; size >>= 1) while (await put(size));
    other.close();
}"""
EMPTY = """() => new Promise((done) => {
    indexedDB.deleteDatabase('pictures').onsuccess = () => done();
})"""
KEPT = """async () => {
    const kept = await new Promise((done) => {
        const asked = indexedDB.open('shouwang-field');
        asked.onsuccess = () => done(asked.result);
    });
    const counts = [...kept.objectStoreNames].map((name) => new Promise((done) => {
        const asked = kept.transaction(name).objectStore(name).count();
        asked.onsuccess = () => done(asked.result);
    }));
    const sum = (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
    kept.close();
    return sum;
}"""


def test_a_network_that_lies_a_wrong_clock_no_room_and_a_closed_app_lose_nothing(
    tower: list[Household], street: World, handset: BrowserContext, address: str
) -> None:
    rooms, now = [door.room for door in tower], clock.now()
    handset.clock.install(time=now + timedelta(days=1))
    app = App(handset.new_page())
    little_room(app.page, address)
    app.enrol(code_for(street, [BUILDING_3], [street.users["书记刘"]], role="grid_lead"))

    handset.route(API, lambda route: route.fulfill(status=200, content_type="text/html", body=WELCOME))
    app.visit(rooms[0])
    expect(app.line).to_contain_text("连不上，会自己再传")
    handset.clock.set_system_time(now)  # somebody sets the clock right
    app.visit(rooms[1])

    app.page.evaluate(FILL)
    app.open_door(rooms[2])
    app.tap("没人")
    expect(app.page.get_by_text("手机存满了，这一条没有记下")).to_be_visible()
    expect(app.line).to_contain_text("还有 2 条没传")
    app.page.evaluate(EMPTY)
    app.tap("没人")
    expect(app.line).to_contain_text("还有 3 条没传")

    handset.unroute(API)
    handset.route(EVENTS, _taken_and_closed)
    app.line.tap()
    with app.page.expect_event("close"):
        app.tap("现在传")
    assert Event.objects.count() == 3

    handset.unroute(EVENTS)
    app = App(handset.new_page())
    app.page.goto("/field/")
    app.unlock()
    expect(app.line).to_contain_text(ALL_SENT)
    assert list(Event.objects.order_by("seq").values_list("seq", "flag")) == [
        (1, "from_the_future"),
        (2, ""),
        (3, ""),
    ]
    first = Event.objects.get(seq=1)
    assert first.occurred_at > now + timedelta(hours=23)
    assert now - timedelta(minutes=20) < first.at <= now
    with scope([XIANGYUN]):
        assert (Visit.objects.count(), Attempt.objects.count()) == (2, 1)


def test_a_shared_phone_knows_who_works_and_a_lost_one_forgets_all(
    tower: list[Household], street: World, handset: BrowserContext
) -> None:
    rooms, early, late = [door.room for door in tower], "书记刘", "晚班何"
    workers = [street.users[early], worker(street, late, [BUILDING_3])]
    handset.clock.install(time=clock.now())
    app = App(handset.new_page())
    app.page.goto(f"/field/#/enrol?code={code_for(street, [BUILDING_3], workers, role='grid_lead')}")
    app.tap("登记这部手机")
    for name, pin in ((early, PIN), (late, OTHER_PIN)):
        app.tap(name)
        app.type_digits(pin * 2)

    app.tap(early)
    app.unlock()
    expect(app.page.locator("h1")).to_contain_text("还差")
    handset.set_offline(True)
    app.visit(rooms[0])
    app.tab("我的")
    app.tap("换班")
    app.tap(late)
    for left in range(MOST_TRIES - 1, 0, -1):
        app.type_digits(WRONG_PIN)
        expect(app.page.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    app.type_digits(WRONG_PIN + OTHER_PIN)
    expect(app.page.get_by_text("试得太多了，请等")).to_be_visible()
    assert rooms[0] not in app.page.content()
    handset.clock.fast_forward(31_000)
    app.unlock(OTHER_PIN)
    handset.set_offline(False)
    app.tap("取最新任务")
    app.visit(rooms[1])
    expect(app.line).to_contain_text(ALL_SENT)
    told = Event.objects.order_by("seq").values_list("worker_id", flat=True)
    assert list(told) == [one.pk for one in workers]

    handset.clock.fast_forward(LONGEST_IDLE * 1000)
    expect(app.page.get_by_text("谁在用？")).to_be_visible()
    app.unlock(OTHER_PIN)
    _withdraw(street, wipe=False)
    app.visit(rooms[2])
    expect(app.line).to_contain_text("没传的记录还在手机里")
    assert app.page.evaluate(KEPT) > 0
    _withdraw(street, wipe=True)
    app.line.tap()
    with app.page.expect_event("load"):
        app.tap("现在传")
    expect(app.page.get_by_text("这部手机已经停用，上面的资料清空了。")).to_be_visible()
    assert app.page.evaluate(KEPT) == 0
    assert Device.objects.get().wiped_at


def little_room(page: Page, address: str) -> None:
    """Pictures and other apps have left a few megabytes on this phone."""
    room = {"origin": address, "quotaSize": ROOM_BYTES}
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", room)


def _taken_and_closed(route: Route) -> None:
    """The server has taken the batch; the app is closed before it hears so."""
    assert route.fetch().status == 201
    route.request.frame.page.close()
    route.abort()


def _withdraw(street: World, *, wipe: bool) -> None:
    now = clock.now()
    grants = grants_of(street.users["书记刘"], permission=PERMISSION, now=now)
    with scope(grants.codes):
        revoke(Device.objects.get().pk, reason="丢了", wipe=wipe, by=grants, at=now)
