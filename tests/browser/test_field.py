"""The phone in the hand: a day at the doors with the network off, the app closed in between, and everything there once."""

import pytest
from playwright.sync_api import BrowserContext, expect

from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.duties.models import Attempt, Duty
from shouwang.isolation.duties import TEMPERATURE
from shouwang.isolation.models import Reading
from shouwang.register.models import Household
from shouwang.screening.duties import VISIT
from shouwang.screening.models import Visit
from tests.browser.field import ALL_SENT, BUILDING_3, ILL, App
from tests.devices.phones import code_for
from tests.world import XIANGYUN, World

pytestmark = pytest.mark.browser


def test_a_day_without_a_network_arrives_once(
    tower: list[Household], street: World, handset: BrowserContext
) -> None:
    app = App(handset.new_page())
    app.enrol(code_for(street, [BUILDING_3], [street.users["书记刘"]], role="grid_lead"))
    expect(app.line).to_contain_text(ALL_SENT)

    handset.set_offline(True)
    rooms = [door.room for door in tower]
    for room in rooms[:20]:
        app.visit(room)
    for room in rooms[20:]:
        app.open_door(room)
        app.tap("没人")
    for room in rooms[:ILL]:
        app.open_door(room)
        app.tap("体温")
        app.type_digits("366")
        app.tap("记下")
    expect(app.line).to_contain_text("还有 27 条没传")
    with scope([XIANGYUN]):
        assert not Visit.objects.exists()

    app.page.close()
    app = App(handset.new_page())
    app.page.goto("/field/")
    app.unlock()
    expect(app.line).to_contain_text("还有 27 条没传")

    handset.set_offline(False)
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        assert Visit.objects.count() == 20
        assert Attempt.objects.count() == 2
        assert {str(one.temperature_c) for one in Reading.objects.all()} == {"36.6"}
        assert Reading.objects.count() == ILL
        assert Duty.objects.filter(kind=VISIT.name, done_at__isnull=False).count() == 20
        assert Duty.objects.filter(kind=TEMPERATURE.name, done_at__isnull=False).count() == ILL
    assert Event.objects.count() == 27
