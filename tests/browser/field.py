"""The phone in the hand as a thumb knows it, and a building of twenty-two doors in which there is something to do."""

from django.db.models import F, UUIDField, Value
from django.db.models.functions import Cast
from playwright.sync_api import Locator, Page, expect

from shouwang.access.scope import scope
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.isolation.duties import TEMPERATURE
from shouwang.lib import clock
from shouwang.lib.codes import child
from shouwang.register.models import Area, Household, Person
from shouwang.screening.actions import extend
from shouwang.screening.models import Round
from tests.world import DIANLI, MORNING, XIANGYUN

BUILDING_3, DOORS, ILL = child(DIANLI, 3), 22, 5
PIN = "135790"
ALL_SENT = "全部已上传"


def build_tower() -> list[Household]:
    """Building 3: twenty-two doors owed today, and five people whose temperature is owed."""
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
            Person.objects.create(
                household=door, area_code=door.area_code, name=f"住户{door.room}", added_at=MORNING
            )
        extend(Round.objects.get(), at=MORNING)
        _owe_temperatures(doors[:ILL])
    return doors


def _owe_temperatures(doors: list[Household]) -> None:
    now = clock.now()
    people = Person.objects.filter(household__in=doors)
    who = people.annotate(subject=F("id"), about=Cast(Value(None), UUIDField()))
    plan(TEMPERATURE, who, Window(clock.midnight(clock.day_of(now)), clock.day_end(now)), at=now)


class App:
    """The app, by what is written on it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=words, exact=True)

    def tap(self, words: str) -> None:
        self.button(words).first.tap()

    def type_digits(self, digits: str) -> None:
        for digit in digits:
            self.tap(digit)

    def tab(self, words: str) -> None:
        self.page.locator("nav").get_by_text(words, exact=True).tap()

    def open_door(self, room: str) -> None:
        self.tab("我的任务")
        self.page.locator(".card.door", has=self.page.get_by_text(room, exact=True)).tap()
        expect(self.page.locator("h1")).to_contain_text(f"-{room}")

    def enrol(self, code: str) -> None:
        """In, with one worker, whose day is there."""
        self.page.goto(f"/field/#/enrol?code={code}")
        self.tap("登记这部手机")
        self.type_digits(PIN * 2)
        expect(self.page.locator("h1")).to_contain_text("还差")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def unlock(self, pin: str = PIN) -> None:
        """Opened again after it was closed or locked."""
        self.type_digits(pin)
        expect(self.line).to_be_visible()

    def visit(self, room: str) -> None:
        """Somebody opened, and nothing has changed."""
        self.open_door(room)
        self.tap("无变化")
        self.tap("点两下：确认无变化")
        expect(self.page.get_by_text("已记在手机上")).to_be_visible()

    @property
    def line(self) -> Locator:
        """The line at the bottom that says what the server has not proved to hold."""
        return self.page.locator(".line")
