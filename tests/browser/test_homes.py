"""At the door without a network: what the plan asks of a home is gone through once, and nothing of it is taken for granted."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.homes.fit import conditions
from shouwang.isolation.models import Change, Order
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Household, Person
from shouwang.standing.actions import Grounds
from tests.browser.field import ALL_SENT, App
from tests.devices.phones import code_for, worker
from tests.world import DIANLI, XIANGYUN, World

pytestmark = pytest.mark.browser
GROUNDS = Grounds("close_contact", "同住人阳性", "区防控指挥部", "17号", "传染病防治法第四十一条")


def hold(street: World, door: Household) -> Order:
    """Whoever lives behind this door is held at home because a list asked for it; nobody has looked."""
    now = clock.now() - timedelta(hours=1)
    with scope([XIANGYUN]):
        version = keep_shipped("covid_ten", at=now)
        activate(XIANGYUN, version, reason="文件", by=None, at=now)
        wanted = [
            Proposal(
                one.pk, "close_contact", {"last_exposure": Moment(clock.day_of(now))}, origin_row=uuid7(now)
            )
            for one in Person.objects.filter(household=door)
        ]
        orders = [one.pk for one in propose(wanted, version=version, by=street.users["书记刘"], at=now)]
        confirm_address(orders, by=street.users["李楼长"], at=now)
        begin_isolation(orders, GROUNDS, by=street.users["李楼长"], at=now)
        return Order.objects.select_related("plan").get(pk=orders[0])


def test_whoever_stands_at_the_door_ticks_what_the_home_offers(
    street: World, tower: list[Household], handset: BrowserContext
) -> None:
    order = hold(street, tower[-1])
    asks = conditions(order.plan)
    handset.clock.install(time=clock.now())
    lead = App(handset.new_page())
    lead.enrol(code_for(street, [DIANLI], [worker(street, "李楼长", [DIANLI])]))
    handset.set_offline(True)
    expect(lead.page.locator(".card.door", has_text="1102")).to_contain_text("看家里能不能隔离")
    lead.open_door("1102")
    lead.tap("看家里能不能隔离")
    save = lead.page.locator("form").get_by_role("button", name="记下")
    for number, one in enumerate(asks):
        expect(save).to_be_disabled()
        expect(lead.page.get_by_text(f"还有 {len(asks) - number} 条没选")).to_be_visible()
        line = lead.page.get_by_role("group", name=one)
        line.get_by_role("button", name="不符合" if number == 1 else "符合", exact=True).tap()
    expect(lead.page.get_by_text("家里不适合隔离")).to_be_visible()
    assert lead.page.evaluate("document.documentElement.scrollWidth") == 360
    save.tap()
    expect(lead.page.get_by_text("已记在手机上")).to_be_visible()
    expect(lead.button("看家里能不能隔离")).to_have_count(0)
    expect(lead.line).to_contain_text("还有 1 条没传")
    lead.tap("撤回")
    expect(lead.button("看家里能不能隔离")).to_be_visible()
    lead.tap("看家里能不能隔离")
    for number, one in enumerate(asks):
        line = lead.page.get_by_role("group", name=one)
        line.get_by_role("button", name="不符合" if number == 2 else "符合", exact=True).tap()
    save.tap()
    expect(lead.line).to_contain_text("还有 3 条没传")
    handset.set_offline(False)
    expect(lead.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        found = Order.objects.get(pk=order.pk)
        assert (found.home_fit, found.home_unmet, found.mode) == (False, [asks[2]], "home")
        assert Change.objects.get(approved_at=None, refused_at=None).order_id == order.pk
        assert not Duty.objects.filter(kind="isolation.home_check", fact="owed").exists()
