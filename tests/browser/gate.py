"""Two gates of a compound, the passes of whoever goes through them, and the guard's screen as a glove knows it."""

from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import Locator, expect

from shouwang.access.scope import scope
from shouwang.gates.models import Expected, Gate
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep_shipped, plan_of
from shouwang.standing.bearers import Bearer, everybody_in
from shouwang.standing.models import Bar, Hold, Pass
from shouwang.standing.passes import Terms, issue
from shouwang.standing.tokens import Token, write
from tests.browser.field import PIN, App
from tests.world import DIANLI, XIANGYUN, World

WEEK = timedelta(days=7)
PLATE, STRANGE_PLATE = "豫A12345", "鄂A66666"
# A phone that waits for an answer as long as a machine takes that is busy with something else.
PATIENT = (
    "{ const soon = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = (ms) => soon(ms * 50); }"
)


@dataclass
class Post:
    """The east gate, and passes by who carries them."""

    gate: Gate
    road: Gate
    passes: dict[str, Pass] = field(default_factory=dict)

    def code(self, whose: str) -> str:
        """What stands in the code of somebody's card."""
        card = self.passes[whose]
        return write(Token(card.pk, card.kind, card.area_code, card.from_at, card.until))


def build_gates(world: World) -> Post:
    """East gate and checkpoint, a pass for everybody of the compound and two couriers, one barred, and somebody who stays at home."""
    now = clock.now()
    with scope([XIANGYUN]):
        east, road = (
            Gate.objects.create(id=uuid7(now), area_code=DIANLI, kind=kind, name=name, added_at=now)
            for kind, name in (("compound", "东门"), ("road", "京广路卡口"))
        )
        post = Post(east, road, _passes(world))
        Expected.objects.create(
            id=uuid7(now), area_code=DIANLI, host=world.doors["电力楼院 1-2-201"], name="外甥女", people=2, from_at=now,
            until=now + timedelta(hours=6), told_at=now,
        )  # fmt: skip
        bar(world, post.passes["小钱"])
        Hold.objects.create(
            id=uuid7(now), person=post.passes["1-1-202"].person, about=uuid7(now), mode="home", **_why(world)
        )
    return post


def bar(world: World, card: Pass) -> None:
    """Two people take a pass away for a week."""
    Bar.objects.create(id=uuid7(clock.now()), card=card, **_why(world))


def _passes(world: World) -> dict[str, Pass]:
    now = clock.now()
    begun = now - WEEK
    activate(XIANGYUN, keep_shipped("covid_2020", at=now), reason="京办〔2022〕4号", by=None, at=begun)
    plan = plan_of(XIANGYUN, now=now)
    car = Bearer(DIANLI, household=world.doors["电力楼院 1-1-101"].pk, plate=PLATE)
    given = {
        kind: issue(Terms(kind, begun, now + WEEK), bearers, plan=plan, by=None, at=begun)
        for kind, bearers in (
            ("resident", [*everybody_in(DIANLI), car]),
            ("supplier", [Bearer(DIANLI, holder=name, phone="19900004555") for name in ("小周", "小钱")]),
        )
    }
    residents = Pass.objects.filter(pk__in=[one.pk for one in given["resident"]], plate="")
    couriers = {one.holder: one for one in given["supplier"]}
    return couriers | {one.person.household.door: one for one in residents if one.person}


def _why(world: World) -> dict[str, object]:
    now = clock.now()
    return {
        "area_code": DIANLI, "from_at": now - timedelta(days=1), "until": now + WEEK, "reason_code": "outside", "reason": "见通告",
        "authority": "京广路街道办事处", "document": "京办〔2022〕4号", "legal_basis": "突发公共卫生事件应急条例", "approved_at": now,
        "proposed_by": world.users["李楼长"], "approved_by": world.users["书记刘"],
    }  # fmt: skip


class GateApp(App):
    """The guard's screen."""

    def stand(self, code: str, gate: str = "东门") -> None:
        """In with one guard, on watch."""
        self.page.goto(f"/field/#/enrol?code={code}")
        self.tap("登记这部手机")
        self.type_digits(PIN * 2)
        self.tab("卡口")
        self.page.get_by_role("button", name=gate).tap()
        expect(self.button("↓ 进")).to_be_visible()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def scan(self, text: str) -> None:
        """A scanner that types, as the driver of a keyboard does."""
        expect(self.page.locator(".medical")).to_be_visible()
        self.page.evaluate(
            """(text) => {
                for (const key of [...text, "Enter"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            }""",
            text,
        )

    @property
    def verdict(self) -> Locator:
        """The coloured card."""
        return self.page.locator(".saying")

    def says(self, code: str, look: str) -> None:
        """Which verdict is shown, in which colour."""
        expect(self.page.locator(f".saying.{look}[data-code={code}]")).to_be_visible()
