"""People at home behind a closed door in the demo: two families and what they need, one who is driven away, one closed building."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from shouwang.demo.stage import Stage
from shouwang.flows.isolation_day import begin_isolation
from shouwang.flows.seal_building import close_building
from shouwang.isolation.asking import ask, bring, take_on
from shouwang.isolation.buildings import seals
from shouwang.isolation.buildings.exits import check_exit
from shouwang.isolation.caring import Done, record_cares
from shouwang.isolation.models import Order
from shouwang.isolation.moving import Trip, depart, hand_over, plan_transfer
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib.clock import day_of
from shouwang.lib.codes import BUILDING
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds

AUTHORITY, LAW = "区疫情防控指挥部", "《传染病防治法》第三十九条"
FAMILY, FAMILIES, APART = 3, 2, 8


def at_home(stage: Stage) -> None:
    """From eight in the morning to half past two."""
    homes = [door.id for door in stage.doors if len(door.people) == FAMILY][APART::APART][:FAMILIES]
    back = {"departure": Moment(day_of(stage.at(-24)))}
    held = _held(stage, homes, "returnee", back, hour=9)
    record_cares(
        [Done(row.pk, stage.at(10), "begin") for row in held], by=stage.users["grid_lead"], at=stage.at(10)
    )
    _needs(stage, homes)
    alone = [door.id for door in stage.doors if len(door.people) == 1][APART]
    met = {"last_exposure": Moment(day_of(stage.at(-24)))}
    _driven(stage, _held(stage, [alone], "close_contact", met, hour=11)[0])
    _closed(stage)


def _held(
    stage: Stage, homes: Sequence[int], category: str, evidence: Mapping[str, Moment], *, hour: int
) -> list[Order]:
    """Asked by one, the address seen by another, decided by a third."""
    people = Person.objects.filter(household__in=homes, left_at=None).order_by("id")
    wanted = [Proposal(one.pk, category, evidence) for one in people]
    rows = propose(wanted, version=stage.plan, by=stage.clerk, at=stage.at(hour))
    ids = [row.pk for row in rows]
    confirm_address(ids, by=stage.users["grid_lead"], at=stage.at(hour, 20))
    grounds = Grounds(category, "从外地回来或接触过患者", AUTHORITY, "〔2020〕17号", LAW)
    begin_isolation(ids, grounds, by=stage.secretary, at=stage.at(hour, 40))
    return rows


def _needs(stage: Stage, homes: Sequence[int]) -> None:
    """One has arrived and waits to be paid back, one is under way, one nobody has taken yet."""
    asked = [
        ask(home, what=what, words=words, how="phone", by=stage.clerk, at=stage.at(10, 30), due_at=stage.at(18))
        for home, what, words in (
            (homes[0], "food", "青菜、鸡蛋、一袋面"), (homes[0], "medicine", "降压药，处方在家里"), (homes[1], "goods", "婴儿纸尿裤 L 码"),
        )
    ]  # fmt: skip
    for need in asked[:2]:
        take_on(need.pk, way="worker", by=stage.users["volunteer"], at=stage.at(11))
    bring(
        asked[0].pk, brought_at=stage.at(13), by=stage.users["volunteer"], at=stage.at(13), amount=Decimal(46)
    )


def _driven(stage: Stage, order: Order) -> None:
    """To central isolation, from hand to hand."""
    trip = Trip("望春宾馆集中点", "central", "演A0001", "郑师傅 13900003002", stage.at(13))
    courier = stage.users["courier"]
    car = plan_transfer([order.pk], trip, by=stage.clerk, at=stage.at(12))
    depart(car.pk, disinfected_at=stage.at(12, 50), left_at=stage.at(13, 5), by=courier, at=stage.at(13, 5))
    there = stage.at(13, 40)
    hand_over(
        car.pk, received_by="集中点 王护士", arrived_at=there, disinfected_at=there, by=courier, at=there
    )


def _closed(stage: Stage) -> None:
    """One building, for three days, with an open exit that was walked to at noon."""
    row = seals.propose(
        stage.doors[-1].area_code[:BUILDING], "closed",
        Grounds("closed", "本栋有一名确诊病例", AUTHORITY, "〔2020〕18号", LAW),
        seals.WayOut("东侧楼梯到一楼后门", True, "值班 何师傅", "13900003003"),
        until=stage.at(24) + timedelta(days=3), by=stage.clerk, at=stage.at(8), version=stage.plan,
        living=seals.Living(supply_point="单元门口的架子", test_plan="每天上午采样一次"),
    )  # fmt: skip
    close_building(row.pk, exit_open=True, by=stage.secretary, at=stage.at(8, 30))
    check_exit(
        row.pk, passable=True, checked_at=stage.at(12), by=stage.users["property_company"], at=stage.at(12)
    )
