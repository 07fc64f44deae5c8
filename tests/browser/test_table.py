"""The sampler's and the courier's phone: a morning at a table without a network, and every tube and box there afterwards."""

import pytest
from django.db.models import F
from playwright.sync_api import BrowserContext, expect

from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.duties.models import Attempt
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.lib import clock
from shouwang.lib.clock import day_end
from shouwang.register.models import Person
from shouwang.testing.duties import DOOR_SWAB, NOTHING
from shouwang.testing.models import Box, BoxStep, Swab, Tube
from shouwang.testing.rounds.doors import lay_out
from shouwang.testing.tubes.codes import person_code
from tests.browser.field import ALL_SENT, PIN, App
from tests.devices.phones import code_for, worker
from tests.testing.test_at_doors import close_building
from tests.testing.tubes_world import Table, lay
from tests.world import XIANGYUN, World

pytestmark = pytest.mark.browser
# As soon as the line says that everything is sent, the next card is under the scanner: a little later each time.
NEXT_WHEN_SENT = """([cards, sent]) => {
    const scan = (text) => {
        for (const key of [...text, "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    };
    let late = 0;
    const line = document.querySelector(".line");
    let busy = false;
    new MutationObserver(() => {
        if (busy || !cards.length || !line.textContent.includes(sent)) return;
        busy = true;
        const card = cards.shift();
        setTimeout(() => { scan(card); busy = false; }, late);
        late += 1;
    }).observe(line, { childList: true, characterData: true, subtree: true, attributes: true });
    scan(cards.shift());
}"""
PEOPLE_A_TUBE = 10


class TableApp(App):
    """The table's screen."""

    def come_in(self, code: str) -> None:
        """In with one worker."""
        self.page.goto(f"/field/#/enrol?code={code}")
        self.tap("登记这部手机")
        self.type_digits(PIN * 2)

    def come(self, code: str) -> None:
        """In with one sampler, at the one point there is."""
        self.come_in(code)
        self.tab("采样")
        expect(self.page.get_by_text("先扫一支采样管", exact=True)).to_be_visible()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def scan(self, text: str) -> None:
        """A scanner that types, as the driver of a keyboard does."""
        self.page.evaluate(
            """(text) => {
                for (const key of [...text, "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            }""",
            text,
        )

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("alert").first).to_contain_text(words)


@pytest.fixture
def table(street: World) -> Table:
    """A round and one point."""
    return lay(street)


@pytest.fixture
def app(street: World, table: Table, handset: BrowserContext) -> TableApp:
    """A sampler at the point of the compound, at nine in the morning."""
    handset.clock.install(time=clock.now())
    sampler = TableApp(handset.new_page())
    sampler.come(code_for(street, [XIANGYUN], [worker(street, "采样孙", [XIANGYUN])], role="sampler"))
    return sampler


def test_a_morning_at_the_table_without_a_network(
    app: TableApp, table: Table, handset: BrowserContext
) -> None:
    handset.set_offline(True)
    first, second = table.people[:2]
    app.scan(person_code(first))
    app.says("先扫一支采样管")
    app.scan(" ev0001\t")
    app.says("0 / 10 人")
    app.scan(person_code(first))
    app.says("第 1 个")
    app.scan(person_code(first))
    app.says("已经在这一管里了")
    app.tap("不采")
    app.scan(person_code(second))
    app.says("第 2 个")
    app.tap("撤销上一个")
    app.says("撤销了")
    app.tap("没有证件的人")
    app.page.get_by_label("姓名", exact=True).fill("路过的老周")
    app.tap("采好了")
    app.says("第 2 个")
    app.tap("这一管封口")
    expect(app.page.get_by_text("先扫一支采样管", exact=True)).to_be_visible()
    app.scan("EV0001")
    app.says("封口了")
    _a_box(app)
    handset.set_offline(False)
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        tube = Tube.objects.get(code="EV0001")
        swabs = Swab.objects.filter(tube=tube, void_at=None)
        assert {(one.person_id, one.name) for one in swabs} == {(first, ""), (None, "路过的老周")}
        assert tube.closed_at is not None
        steps = BoxStep.objects.filter(box=Box.objects.get(code="BX0001"), void_at=None).order_by("at")
        assert [one.kind for one in steps] == ["opened", "sealed", "gave"]
        assert [one.count for one in steps][1:] == [1, 1]


def test_what_is_captured_as_the_last_is_sent_is_sent_too(app: TableApp, table: Table) -> None:
    app.scan("EV0001")
    app.says("0 / 10 人")
    codes = [person_code(one) for one in table.people[:PEOPLE_A_TUBE]]
    app.page.evaluate(NEXT_WHEN_SENT, [codes, ALL_SENT])
    app.says("满 10 人了")
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Swab.objects.filter(void_at=None).count() == PEOPLE_A_TUBE


def test_two_without_a_code_one_after_the_other_each_with_their_own_papers(app: TableApp) -> None:
    form = app.page.locator("form.papers")
    phone, number = form.get_by_label("电话", exact=True), form.get_by_label("证件号", exact=True)
    app.scan("EV0002")
    app.tap("没有证件的人")
    assert phone.get_attribute("inputmode") == "tel"
    form.get_by_label("姓名", exact=True).fill("老李")
    phone.fill("13900000001")
    number.fill("110105194901230025")
    app.tap("采好了")
    app.says("证件号不对，请再看一遍")
    app.tap("还是要采")
    app.says("第 1 个，老李")
    app.tap("没有证件的人")
    expect(phone).to_have_value("")  # nothing of whoever came before
    form.get_by_label("姓名", exact=True).fill("小兵")
    app.tap("其他证件")
    number.fill("士字第0012号")
    form.get_by_label("备注（可不填）").fill("在门口站岗")
    app.tap("来访")
    app.tap("采好了")
    app.says("第 2 个，小兵")
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        events = Event.objects.filter(kind="testing.swab").order_by("seq")
        first, second = (Swab.objects.get(pk=event.pk) for event in events)
        flags = [event.flag for event in events]
    assert (first.name, first.phone_mask, flags) == ("老李", "139****0001", ["odd_papers", ""])
    assert (second.id_kind, second.category, second.note, second.phone_mask) == (
        "other",
        "visitor",
        "在门口站岗",
        "",
    )


def test_a_tube_for_too_many_is_said_where_the_building_is_closed(
    street: World, table: Table, handset: BrowserContext
) -> None:
    inside, outside = close_building(table)
    handset.clock.install(time=clock.now())
    app = TableApp(handset.new_page())
    app.come(code_for(street, [XIANGYUN], [worker(street, "采样孙", [XIANGYUN])], role="sampler"))
    handset.set_offline(True)
    app.scan("ZA0001")
    app.scan(person_code(outside.pk))
    app.says("第 1 个")
    app.scan(person_code(inside[0]))
    app.says("这栋楼今天 1 人一管，这支管是 10 人的")
    app.tap("不采")
    app.tap("换一管")
    for _ in range(9):
        app.tap("少一个")
    app.scan("ZA0002")
    app.says("0 / 1 人")
    app.scan(person_code(inside[0]))
    app.says("满 1 人了")
    handset.set_offline(False)
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert {one.tube.code: one.person_id for one in Swab.objects.select_related("tube")} == {
            "ZA0001": outside.pk,
            "ZA0002": inside[0],
        }
        assert set(Event.objects.values_list("flag", flat=True)) == {""}


def _a_box(app: TableApp) -> None:
    app.tab("转运箱")
    expect(app.page.get_by_role("heading", name="转运箱")).to_be_visible()
    app.scan("BX0001")
    app.says("箱 BX0001")
    app.tap("装箱")
    app.scan("EV0001")
    app.says("装了 1 管")
    app.tap("返回")
    app.tap("封箱")
    app.button("封箱").last.tap()
    app.says("封箱了")
    app.scan("BX0001")
    app.tap("交出")
    app.page.get_by_role("button", name="少一个").wait_for()
    app.page.get_by_role("button", name="还没消毒").tap()
    app.button("交出").last.tap()
    app.says("交接记下了")


def test_a_team_goes_from_door_to_door_with_two_taps_for_each_person(
    street: World, handset: BrowserContext
) -> None:
    """The tours are on the phone; a tube is scanned, a name is tapped; where nobody is the team comes again."""
    table = lay(street)
    with scope([XIANGYUN]):
        people = Person.objects.filter(pk__in=table.people[:3]).annotate(subject=F("id"), about=NOTHING)
        plan(
            DOOR_SWAB, people, Window(clock.now(), day_end(clock.now())), at=clock.now(), batch=table.round.pk
        )
        lay_out(table.round, XIANGYUN, None, by=None, at=clock.now(), seconds=0.2)
        doors = {one.pk: one.household for one in people.select_related("household")}
    handset.clock.install(time=clock.now())
    team = TableApp(handset.new_page())
    team.come_in(code_for(street, [XIANGYUN], [worker(street, "医护李", [XIANGYUN])], role="medic"))
    team.tab("上门")
    expect(team.page.get_by_role("heading", name="上门采样")).to_be_visible()
    handset.set_offline(True)
    cards = team.page.locator("article.stop")
    expect(cards).to_have_count(len({door.pk for door in doors.values()}))
    first = cards.first
    team.scan("DR0001")
    first.get_by_role("button").first.click()
    team.says("第 1 个")
    expect(first.get_by_role("button", name="✓")).to_have_count(1)
    team.tap("家里没人")
    expect(team.page.get_by_text("没人，晚点再来").first).to_be_visible()
    handset.set_offline(False)
    expect(team.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Swab.objects.get(void_at=None).at_door
        tried = Attempt.objects.filter(kind=DOOR_SWAB.name)
        assert {one.outcome for one in tried} == {"no_answer"}
        assert all(one.next_try_at is None or one.next_try_at > one.at for one in tried)
