"""A motorway checkpoint: its register has a line for each passage, and three weeks of it are the numbers that were reported."""

from collections import Counter
from datetime import timedelta
from uuid import uuid5

import pytest

from shouwang.access.scope import scope
from shouwang.gates.events import Named, Passed
from shouwang.gates.keeping import add_gate
from shouwang.gates.models import Gate, Passage
from shouwang.gates.queries import tallies
from shouwang.gates.recording import record_passages
from shouwang.lib.kinds import Told
from tests.ledgers.blanks import blank
from tests.ledgers.doing import numbers, printed_sheet, report_on, sent
from tests.world import XIANGYUN, at

REGISTER = ["时间", "车牌号", "姓名", "身份证号", "电话", "出发地", "目的地", "体温", "处置", "登记人"]
DAILY = [
    "社区",
    "累计登记车辆",
    "累计登记人员",
    "累计省外人员",
    "累计省内人员",
    "累计劝返车辆",
    "累计劝返人员",
    "今日登记车辆",
]
# Three weeks at the motorway exit of 会泽 in 2020, as its street reported them.
VEHICLES, PEOPLE, PROVINCE, TURNED_VEHICLES, TURNED_PEOPLE = 20_155, 48_223, 386, 1_029, 2_698
DAYS, SHIFTS, AT_ONCE = 21, 3, 2_000


def road(world, *names: str) -> list[Gate]:
    return [
        add_gate(XIANGYUN, kind="road", name=name, by=world.users["书记刘"], at=at(1, 8)) for name in names
    ]


def tell(world, gates, came: list[tuple[int, dict]]) -> None:
    """What a guard told, each at its minute; written down at once."""
    told = [
        Told(uuid5(gates[0].pk, f"{number}"), moment, world.users["书记刘"], Passed(**said))
        for number, (moment, said) in enumerate(came)
    ]
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        record_passages(some, {gate.pk: gate for gate in gates}, max(one.at for one in some))


def test_the_register_has_a_line_for_each_who_came_in_with_numbers_masked(clerk, use):
    with scope([XIANGYUN]):
        version = use(blank("疫情防控卡口车辆人员登记表", REGISTER))
        (gate,) = road(clerk, "高速出口卡口")
        common = {"gate": gate.pk, "direction": "in"}
        driver = Named("李师傅", "990103196205210018", "10000001234")
        came = [
            (at(21, 9), common | {
                "kind": "outsider", "decision": "admit", "people": 3, "plate": "豫A12345", "names": [driver],
                "from_place": "郑州", "to_place": "电力楼院", "temperature_c": "36.6",
            }),
            (at(21, 10), common | {
                "kind": "outsider", "decision": "refuse", "people": 2, "plate": "鄂A66666", "from_place": "武汉",
                "outside": "province", "temperature_c": "37.6", "second_c": "37.4",
            }),
            (at(21, 11), common | {"kind": "resident", "decision": "admit", "direction": "out"}),
            (at(20, 9), common | {"kind": "outsider", "decision": "admit", "plate": "豫A00009"}),
        ]  # fmt: skip
        tell(clerk, [gate], came[3:])
        tell(clerk, [*road(clerk, "国道卡口"), gate], came[:3])
        left = sent(clerk, report_on(version.form, at(21, 9)), at(21, 17))
        sheet = printed_sheet(left, at(21, 17))
    assert version.lines == "gates.passage"
    first, second = ([cell.value for cell in sheet[row]] for row in (4, 5))
    assert first == [
        "2022-04-21 09:00", "豫A12345", "李师傅（共3人）", "990103********0018", "100****1234", "郑州", "电力楼院", 36.6, "放行",
        "书记刘",
    ]  # fmt: skip
    assert second == [
        "2022-04-21 10:00", "鄂A66666", "共2人", None, None, "武汉", None, 37.4, "劝返", "书记刘",
    ]  # fmt: skip
    assert len(left.table["cells"]) == 2


@pytest.mark.slow
def test_three_weeks_at_a_motorway_are_the_numbers_that_were_reported(clerk, use):
    with scope([XIANGYUN]):
        version = use(blank("卡口日报表", DAILY), moment=at(1, 7))
        gates = road(clerk, "高速出口东", "高速出口西")
        came = [_came(number, gates) for number in range(VEHICLES)]
        tell(clerk, gates, sorted(came, key=lambda one: one[0]))
        expected = Counter()
        for moment, said in came:
            key = said["gate"], moment.day, moment.hour // (24 // SHIFTS)
            expected.update({(*key, "vehicles"): 1, (*key, "people"): said["people"]})
            expected.update({(*key, "turned"): said["people"]} if said["decision"] == "refuse" else {})
        found = Counter()
        for day in range(1, DAYS + 1):
            midnight = at(day, 0)
            for one in tallies(
                [gate.pk for gate in gates],
                from_at=midnight,
                until=midnight + timedelta(days=1),
                shifts=SHIFTS,
            ):
                key = one.gate, day, one.shift
                found.update({(*key, "vehicles"): one.vehicles, (*key, "people"): one.people})
                found.update({(*key, "turned"): one.turned_people} if one.turned_people else {})
        assert found == expected
        left = sent(clerk, report_on(version.form, at(22, 9)), at(22, 17))
        assert Passage.objects.filter(fever=True).count() == 0
    said = numbers(left)
    assert said["累计登记车辆"] == VEHICLES
    assert (said["累计登记人员"], said["累计省外人员"], said["累计省内人员"]) == (
        PEOPLE,
        PROVINCE,
        PEOPLE - PROVINCE,
    )
    assert (said["累计劝返车辆"], said["累计劝返人员"]) == (TURNED_VEHICLES, TURNED_PEOPLE)


def _came(number: int, gates: list[Gate]) -> tuple:
    """One of the cars: two or three people each, so that the sums are those that were reported."""
    more = PEOPLE - 2 * VEHICLES
    many_turned = TURNED_PEOPLE - 2 * TURNED_VEHICLES
    turned = number < many_turned or more <= number < more + TURNED_VEHICLES - many_turned
    moment = at(1 + number % DAYS, number // DAYS % 24, number // (DAYS * 24) % 60)
    return moment, {
        "gate": gates[number % 2].pk, "direction": "in", "kind": "outsider", "people": 3 if number < more else 2,
        "decision": "refuse" if turned else "admit", "plate": f"云D{number:05d}", "temperature_c": "36.5",
        "outside": "province" if number >= VEHICLES - PROVINCE // 2 else "",
    }  # fmt: skip
