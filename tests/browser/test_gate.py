"""The guard's phone: three hours at two gates with a network and without, and every count equal to the server's afterwards."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.db.models import Sum
from playwright.sync_api import BrowserContext, expect

from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.gates.models import Fever, Incident, Passage, Watch
from shouwang.lib import clock
from shouwang.standing.models import Pass
from tests.browser.field import ALL_SENT
from tests.browser.gate import PATIENT, PLATE, STRANGE_PLATE, GateApp, Post, bar, build_gates
from tests.browser.test_accessible import AXE, RUN
from tests.browser.test_field_faults import EMPTY, FILL, little_room
from tests.devices.phones import code_for, worker
from tests.world import DIANLI, XIANGYUN, World

pytestmark = pytest.mark.browser
VECTORS = json.loads((Path(__file__).parents[1] / "standing" / "vectors.json").read_text(encoding="utf-8"))
# What the guard's phone says where no list names the pass.
BELIEVED = {"good": ("pass", "yes"), "not_yet": ("not_yet", "look"), "over": ("over", "look")}
FORGED, UNKNOWN = ("forged", "no"), ("by_door", "look")
TRUST = """async (key) => {
    const asked = indexedDB.open('shouwang-field');
    const kept = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const facts = kept.transaction('facts', 'readwrite').objectStore('facts');
    const device = await new Promise((done) => { const one = facts.get('device'); one.onsuccess = () => done(one.result); });
    facts.put({ name: 'device', value: { ...device.value, server_key: key } });
    facts.put({ name: 'ahead', value: 0 });
    await new Promise((done) => { facts.transaction.oncomplete = done; });
    kept.close();
}"""
SHEETS = (
    "heat", "vehicle", "door", "visitor", "group", "quick", "back", "number", "incident", "recent", "emergency", "end",
)  # fmt: skip
# Words that stand outside the screen, or are cut off.
NOT_CUT = """() => [...document.querySelectorAll('main button, main p, main h2, main label')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent.trim()).filter(Boolean)"""
LISTEN = """() => {
    window.heard = [];
    const make = BaseAudioContext.prototype.createOscillator;
    BaseAudioContext.prototype.createOscillator = function () { heard.push(Date.now()); return make.call(this); };
}"""


@pytest.fixture
def post(street: World) -> Post:
    """The compound has gates, and everybody a pass."""
    return build_gates(street)


@pytest.fixture
def app(street: World, post: Post, handset: BrowserContext) -> GateApp:
    """A guard on watch at the east gate."""
    handset.clock.install(time=clock.now())
    handset.add_init_script(path=AXE)
    handset.add_init_script(PATIENT)
    guard = GateApp(handset.new_page())
    guard.stand(code_for(street, [DIANLI], [worker(street, "门岗老陈", [DIANLI])], role="gate_guard"))
    return guard


def test_a_watch_with_and_without_a_network_counts_everybody_once(
    app: GateApp, post: Post, street: World, handset: BrowserContext
) -> None:
    _with_a_network(app, post, street)
    handset.set_offline(True)
    _residents(app, post)
    _strangers(app, post)
    _cars(app)
    _a_fever(app, post)
    app.page.close()

    app = GateApp(handset.new_page())
    app.page.goto("/field/")
    app.unlock()
    _taken_back(app)
    app.tap("交班")
    app.page.get_by_label("交给下一班的话").fill("架子上有一箱菜")
    app.button("交班").last.tap()
    app.unlock()
    handset.set_offline(False)
    expect(app.line).to_contain_text(ALL_SENT)
    _as_the_server_counts(post)


def _with_a_network(app: GateApp, post: Post, street: World) -> None:
    """The server decides, and knows what the list on the phone does not; what was asked counts as it was found out."""
    app.scan(post.code("1-1-101"))
    app.says("home", "yes")
    expect(app.page.locator("[data-basis=online]")).to_be_visible()
    with scope([XIANGYUN]):
        bar(street, post.passes["小周"])
    app.scan(post.code("小周"))
    app.says("withdrawn", "no")
    app.scan("6901234567892")
    app.tap("✓ 放行")
    app.says("pass", "yes")
    expect(app.line).to_contain_text(ALL_SENT)


def _residents(app: GateApp, post: Post) -> None:
    """Papers, no papers, a known face, and somebody who should stay at home and needs a doctor."""
    app.tap("↑ 出")
    app.scan(post.code("1-1-102"))
    app.says("pass", "yes")
    app.scan(post.code("1-1-102"))
    expect(app.page.get_by_text("刚才已经扫过")).to_be_visible()
    app.scan(post.code("1-1-202"))
    app.says("at_home", "no")
    app.tap("✚ 应急就医 放行")
    app.says("medical_exit", "yes")
    app.tap("↓ 进")
    app.tap("查门牌")
    app.type_digits("2-1-101")
    app.page.locator(".faces button").tap()
    app.says("by_door", "look")
    app.tap("✓ 放行")
    app.says("pass", "yes")
    app.tap("熟人")
    app.page.locator(".faces button", has_text="1-1-102").tap()
    expect(app.page.locator(".said.yes")).to_contain_text("1-1-102")
    app.tap("返回")
    app.says("home", "yes")


def _strangers(app: GateApp, post: Post) -> None:
    """Forged, barred, and unknown; in three languages; a delivery goes on the shelf, a niece is expected."""
    app.scan(post.code("2-1-101")[:-6] + "AAAAAA")
    app.says("forged", "no")
    app.scan(post.code("小钱"))
    app.says("withdrawn", "no")
    app.button("念给他听 EN").tap()
    expect(app.verdict).to_contain_text("this pass was withdrawn")
    app.button("念给他听 繁").tap()
    expect(app.verdict).to_contain_text("這張證已經收回")
    app.scan("6901234567892")
    app.says("by_door", "look")
    app.tap("货放货架")
    app.says("turned_back", "no")
    app.tap("来访")
    app.page.locator(".faces button", has_text="1-2-201").tap()
    app.says("fetched", "look")
    app.tap("✓ 住户来接，放行")


def _cars(app: GateApp) -> None:
    """A resident's car with three in it, one from another province, a bus that is turned back."""
    app.tap("车辆")
    app.type_digits(PLATE)
    app.button("车牌好了").tap()
    app.button("多一人").tap()
    app.button("多一人").tap()
    app.button("看能不能过").first.tap()
    app.says("home", "yes")
    app.tap("车辆")
    app.type_digits(STRANGE_PLATE)
    app.button("车牌好了").tap()
    app.tap("外省")
    app.page.get_by_label("从哪里来").fill("武汉")
    app.button("看能不能过").first.tap()
    app.says("outside_vehicle", "no")
    app.tap("多人")
    app.tap("20")
    app.tap("✕ 请回")
    app.says("turned_back", "no")


def _a_fever(app: GateApp, post: Post) -> None:
    """The first reading is never the last word; the second is told, and whoever lives here still goes home."""
    app.tap("体温")
    app.tap("下一位")
    app.type_digits("352")
    expect(app.page.locator("[data-code=cold_again]")).to_be_visible()
    app.type_digits("378")
    expect(app.page.locator("[data-code=fever_again]")).to_be_visible()
    app.button("再量").tap()
    app.type_digits("376")
    expect(app.page.locator("[data-code=aside]")).to_be_visible()
    app.page.get_by_label("是谁").fill("2-1-102 住户")
    app.tap("已记下，等人来接")
    expect(app.page.get_by_text("37.6 ℃ 记在下一位")).to_be_visible()
    app.scan(post.code("2-1-102"))
    app.says("aside", "look")
    app.tap("✓ 放行")
    app.says("pass", "yes")


def _taken_back(app: GateApp) -> None:
    app.scan("12345678")
    app.tap("✕ 请回")
    app.says("turned_back", "no")
    app.tap("记录")
    app.page.locator("li", has_text="请回，写一句原因").first.get_by_role("button").tap()
    expect(app.page.get_by_text("已撤回").first).to_be_visible()
    app.tap("返回")


def _as_the_server_counts(post: Post) -> None:
    """What the guard handed over is what the server has, and nobody stands there twice."""
    with scope([XIANGYUN]):
        told = Watch.objects.get(takes_over=False)
        standing = Passage.objects.filter(void_at=None, gate=post.gate)
        sums = {
            decision: standing.filter(decision=decision).aggregate(sum=Sum("people"))["sum"]
            for decision in ("admit", "refuse")
        }
        assert (told.passed, told.turned_back) == (sums["admit"], sums["refuse"])
        assert (told.passed, told.turned_back) == (12, 25), "as the story has it"
        assert told.note == "架子上有一箱菜"
        assert standing.filter(medical=True).get().card_id == post.passes["1-1-202"].pk
        assert standing.filter(outside="province").get().from_place == "武汉"
        assert [str(one.second_c) for one in Fever.objects.all()] == ["37.6"]
        assert standing.get(fever=True).card_id == post.passes["2-1-102"].pk
        assert Passage.objects.filter(goods_left=True).count() == 1
        assert Passage.objects.exclude(void_at=None).count() == 2
    assert not Event.objects.exclude(flag__in=("", "override_mattered")).exists()


def test_the_phone_believes_what_python_believes(app: GateApp, handset: BrowserContext) -> None:
    handset.set_offline(True)  # from now on nobody tells the phone what time it is
    app.page.evaluate(TRUST, VECTORS["key"])
    app.page.reload()
    app.unlock()
    for case in VECTORS["tokens"]:
        scanned = case["scanned"].strip()
        if len(scanned) < 4:
            continue  # no scanner types so little
        handset.clock.set_system_time(datetime.fromisoformat(case["now"]))
        app.scan(scanned)
        marked = scanned.startswith("SW1:")
        app.says(*BELIEVED.get(case["state"], FORGED if marked else UNKNOWN))
        app.tab("我的")  # nobody stands there any more
        app.tab("卡口")


def test_the_guard_chooses_the_language(app: GateApp, post: Post) -> None:
    app.tab("我的")
    app.tap("English")
    app.tab("Gate")
    app.scan(post.code("1-1-101"))
    expect(app.verdict).to_contain_text("Welcome home, please come in.")
    expect(app.button("✚ Medical exit")).to_be_visible()
    app.tab("Mine")
    app.tap("繁體中文")
    app.tab("卡口")
    app.scan(post.code("1-1-102"))
    expect(app.verdict).to_contain_text("歡迎回家，請進。")


def test_a_forged_card_is_taken_against_a_receipt_without_a_network(
    app: GateApp, post: Post, handset: BrowserContext
) -> None:
    handset.set_offline(True)
    app.scan(post.code("小周"))
    app.says("pass", "yes")
    app.tap("出事了")
    app.tap("假证冒用")
    app.page.get_by_label("经过：谁、做了什么、怎么处理的").fill("拿别人的证，证收了，人劝返")
    app.tap("证收上来了，给收条")
    app.tap("记下")
    receipt = app.page.locator(".receipt strong").inner_text()
    app.button("下一位").last.tap()
    handset.set_offline(False)
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        told = Incident.objects.get()
        assert (told.kind, told.taken, told.receipt) == ("forged", True, receipt)
        assert (told.card_id, told.note) == (post.passes["小周"].pk, "拿别人的证，证收了，人劝返")
        assert Pass.objects.get(pk=told.card_id).taken_until == told.review_due_at
    app.scan(post.code("小周"))
    app.tap("另一位，再记一次")
    app.says("withdrawn", "no")


def test_where_the_phone_is_full_the_colour_goes_again(
    app: GateApp, post: Post, address: str, handset: BrowserContext
) -> None:
    """Shown before it is stored; what cannot be stored has not happened, and the guard sees and hears so."""
    handset.set_offline(True)
    little_room(app.page, address)
    app.page.evaluate(FILL)
    app.scan(post.code("1-1-101"))
    expect(app.page.get_by_text("手机存满了，这一条没有记下")).to_be_visible()
    expect(app.verdict).to_have_count(0)
    app.page.evaluate(EMPTY)
    app.scan(post.code("1-1-101"))
    app.says("home", "yes")
    expect(app.line).to_contain_text("还有 1 条没传")
    expect(app.page.get_by_text("手机存满了，这一条没有记下")).to_have_count(0)


def test_every_screen_of_the_guard_is_loud_and_can_be_used_by_everybody(app: GateApp, post: Post) -> None:
    for tab, language in (("我的", "English"), ("Mine", "繁體中文"), ("我的", "简体中文")):
        app.tab(tab)
        app.tap(language)
        for name in ("", *SHEETS):
            app.page.goto(f"/field/#/gate/{name}")
            expect(app.page.locator(".always")).to_be_visible()
            assert app.page.evaluate(NOT_CUT) == [], (language, name)
            assert app.page.evaluate(RUN) == [], (language, name)
    app.page.goto("/field/#/gate")
    app.page.evaluate(LISTEN)
    app.scan(post.code("1-1-101"))
    app.says("home", "yes")
    app.scan(post.code("小钱"))
    app.says("withdrawn", "no")
    assert app.page.evaluate("heard.length") >= 2
