"""The secretary's night: 400 doors are not done, 380 of them were tried, and the day is closed in at most ten taps."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Attempt, Carried, DayClose, Duty
from shouwang.duties.windows import Window
from shouwang.lib.codes import child
from shouwang.lib.ids import uuid7
from shouwang.register.models import Area, Household
from shouwang.screening.actions import open_round
from shouwang.screening.duties import VISIT
from tests.world import MORNING, XIANGYUN, at

if TYPE_CHECKING:
    from tests.world import World

DOORS, TRIED, MOST_TAPS = 400, 380, 10
OUTCOMES = ("no_answer", "no_reply", "refused", "appointed")


class Finger:
    """A browser that counts what somebody does in it: every link, select and button is a tap."""

    def __init__(self, user: object) -> None:
        self.client, self.taps, self.page, self.told = Client(), 0, "", {}
        self.client.force_login(user)

    def open(self, address: str) -> None:
        """A tap on a link."""
        self.taps += 1
        self._take(self.client.get(address, follow=True))

    def choose(self, name: str, value: str) -> None:
        """A tap on a select and one on what it offers."""
        self.taps += 2
        assert f'<option value="{value}"' in self.page
        self.told[name] = value

    def press(self, words: str) -> None:
        """A tap on the button of the page's form."""
        self.taps += 1
        assert re.search(rf"<button[^>]*>{words}</button>", self.page)
        self._take(self.client.post(self.address, self.told, follow=True))

    def _take(self, answer: object) -> None:
        self.address, self.page = answer.request["PATH_INFO"], answer.content.decode()
        assert answer.status_code == 200
        hidden = re.findall(r'<input type="hidden" name="(community|day)" value="([^"]*)"', self.page)
        self.told = dict(hidden) | dict.fromkeys(re.findall(r'<select name="([^"]+)"', self.page), "")


@pytest.fixture
def block(world: "World", monkeypatch: pytest.MonkeyPatch) -> "World":
    """Twenty buildings of twenty doors owe a visit by eight; at ten nobody has been met, 380 were tried."""
    compound = child(XIANGYUN, 3)
    with scope([XIANGYUN]):
        codes = [child(compound, number) for number in range(1, 21)]
        Area.objects.create(code=compound, level="compound", label="新建小区")
        Area.objects.bulk_create(
            Area(code=code, level="building", label=f"{number}号楼") for number, code in enumerate(codes, 1)
        )
        Household.objects.bulk_create(
            Household(
                area_code=child(child(code, 1), door), compound="新建小区", building=str(number), unit="1",
                room=f"{door:03d}", floor="1", added_at=MORNING,
            )
            for number, code in enumerate(codes, 1)
            for door in range(1, 21)
        )  # fmt: skip
        open_round(
            compound,
            kind=VISIT.name,
            title="今日入户",
            window=Window(at(21, 0), at(21, 20)),
            by=None,
            at=MORNING,
        )
        duties = list(Duty.objects.order_by("area_code"))
        Attempt.objects.bulk_create(
            Attempt(
                id=uuid7(MORNING + timedelta(milliseconds=number)), kind=duty.kind, household_id=duty.household_id,
                area_code=duty.area_code, at=at(21, 10), recorded_at=at(21, 10), outcome=OUTCOMES[number % 4],
            )
            for number, duty in enumerate(duties[:TRIED])
        )  # fmt: skip
    assert len(duties) == DOORS
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 22).isoformat())
    return world


def test_four_hundred_doors_in_at_most_ten_taps(block: "World") -> None:
    finger = Finger(block.users["书记刘"])
    finger.open(reverse("board"))
    finger.open(reverse("closing"))
    assert "没人去过的 20 处" in finger.page
    finger.choose("area_", "short_of_hands")
    finger.press("正式结账")
    assert "账已平，已封账" in finger.page
    assert finger.taps <= MOST_TAPS
    with scope([XIANGYUN]):
        assert DayClose.objects.get().accounts.get().carried_out == DOORS
        reasons = list(Carried.objects.values_list("reason", flat=True))
    assert len(reasons) == DOORS
    assert reasons.count("short_of_hands") == DOORS - TRIED
    assert "untold" not in reasons


def test_each_untried_door_has_its_own_word_only_where_somebody_wants_it(block: "World") -> None:
    finger = Finger(block.users["书记刘"])
    finger.open(reverse("closing"))
    building = child(child(XIANGYUN, 3), 20)
    finger.choose(f"area_{building}", "appointed")
    finger.press("正式结账")
    with scope([XIANGYUN]):
        own = Carried.objects.filter(area_code__startswith=building)
        assert set(own.values_list("reason", flat=True)) == {"appointed"}
        assert own.count() == DOORS - TRIED
