"""A round of everybody, from the order at eight in the evening to the account that balances: nobody forgotten, no tube lost.

Told twice with the same words: of a street, and of 12,500 people at seven points.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.register.models import Area, Person
from shouwang.standing.queries import in_force
from shouwang.supplies.models import DrawLine
from shouwang.testing.models import Box, Exemption, Round, Swab, Tube
from shouwang.testing.rounds import gap
from tests.browser.conftest import address
from tests.register.towns import id_number
from tests.stories.evening import followed_to_the_end, results
from tests.stories.everybody import (
    STREET,
    WHOLE,
    Size,
    Town,
    audit_phones,
    give_phones,
    make_town,
    taking_turns,
)
from tests.stories.morning import WAY, Table, doors_of, queues
from tests.world import XIANGYUN, at

__all__ = ["address"]
# What phones may be asked about afterwards; anything else would be a fault of ours.
ODD = {
    "already_swabbed", "isolated_here", "two_hands", "tube_full", "skewed_clock", "count_differs", "tube_in_two_boxes",
    "box_sealed", "no_temperature",
}  # fmt: skip


@pytest.mark.parametrize(
    "size", [pytest.param(STREET, id="street"), pytest.param(WHOLE, id="town", marks=pytest.mark.slow)]
)
def test_a_round_of_everybody(size: Size, world, address, monkeypatch):
    chance = Random(size.people)
    town = make_town(size, world, monkeypatch)
    row = _order(town)
    _plan(town, row)
    give_phones(town, address, chance)
    tables, teams = _morning(town, row, chance)
    lost = _a_box_is_lost(town, tables[0])
    for hour in range(6, 14):
        town.agenda.play(at(22, hour), *town.phones)
    _found(town, tables[0], lost, row)
    _at_five(town, row, chance)
    pools = results(town, row)
    followed_to_the_end(town, pools, teams[0])
    _boxes_balance(town, row)
    _people_balance(town, row)
    assert sum(hand.line.faults.total() for hand in town.phones) > 0
    assert sum(hand.wrong.total() - hand.wrong[""] for hand in town.phones) > 0


def _order(town: Town) -> Round:
    """20:00: an order for tomorrow, every two days from then; first it is said what it means."""
    size, secretary = town.size, town.desks["书记刘"]
    doors = size.disabled + size.kept
    secretary.open(reverse("testing_new")).tap("先看看多少人", area=XIANGYUN, repeat_every_days="2")
    assert f"到采样点的 {size.people - doors} 人" in secretary.said
    assert f"上门采的 {doors} 人" in secretary.said
    secretary.tap("就这样下达")
    assert f"下达了：采样点 {size.people - doors} 人，上门 {doors} 人" in secretary.said
    with scope([XIANGYUN]):
        return Round.objects.get()


def _plan(town: Town, row: Round) -> None:
    """Points, a timetable, what the store hands out by five, samplers from the hospital, teams for the doors."""
    size, secretary = town.size, town.desks["书记刘"]
    calls = reverse("testing_calls", args=[row.pk])
    with scope([XIANGYUN]):
        compounds = list(
            Area.objects.filter(level="compound", label__endswith="小区", code__startswith=XIANGYUN)
        )
    for number, compound in enumerate(compounds, 1):
        point = {"name": f"{number}号点", "compound": compound.code, "tables": size.tables, "per_hour": 150}
        secretary.open(calls).tap("加这个点", **point)
    secretary.open(calls).tap("排时间表")
    assert "排好了。排队最多" in secretary.said
    assert secretary.said.count("发到居民群") == size.points
    secretary.tap("做领用单", per_box=size.each)
    secretary.tap("加上", hospital="人民医院", people=size.points, vehicle="豫A00001", phone="13900000001")
    secretary.open(reverse("testing_doors", args=[row.pk])).tap("排路线")
    with scope([XIANGYUN]):
        needed = sum(DrawLine.objects.filter(item__kind="tube").values_list("needed", flat=True))
        assert needed >= (size.people - size.disabled - size.kept) / 10
        assert Duty.objects.get(kind="testing.fetch_medics").due_at == at(22, 7)
    town.clock(22, 5, 10)
    secretary.open(calls).tap("接到了")
    with scope([XIANGYUN]):
        assert not Duty.objects.filter(kind="testing.fetch_medics", fact="owed").exists()


def _morning(town: Town, row: Round, chance: Random) -> tuple[list[Table], list[Table]]:
    """Who comes when, who does not; at the tables happens what happens at tables."""
    size, agenda = town.size, town.agenda
    with scope([XIANGYUN]):
        lines, doors = queues(row), doors_of(row, at(22, 5, 40))
        kept = set(in_force(now=at(22, 6)).values_list("person", flat=True))
    missing = size.exempt + size.elsewhere + size.refuse + size.nowhere
    away = set(chance.sample([one for line in lines.values() for one in line], missing))
    strays = sorted(kept)[:1]  # somebody kept at home comes down all the same
    tables, begins = [], at(22, 5, 31)
    for number, (point, line_up) in enumerate(lines.items()):
        hands = town.hands["sampler"][number * size.tables : (number + 1) * size.tables]
        coming = [one for one in line_up if one not in away]
        for hand, queue in taking_turns(coming, hands):
            courier = town.hands["courier"][len(tables) % 3]
            tables.append(Table(town, hand, f"P{len(tables):02d}-", begins, courier, point))
            _at_the_table(tables[-1], queue, strays if len(tables) == 1 else [], min(away))
    first, second = tables[0], tables[1]
    agenda.add(begins + timedelta(minutes=3), second.hand, "testing.swab", tube="P00-0001", capacity=10, how="code",
               person=_first_person(second), point=first.point)  # fmt: skip
    for number in range(size.strangers):
        papers = {
            "name": f"来客{number}",
            "id_number": id_number("19800101", number + 1),
            "phone": "13900000002",
        }
        second.swab(None, **(papers if number else {"name": "没带证件的"}), category="visitor")
    second.shut()
    left = second.tubes.pop()  # under the table, and nobody sees it
    for table in tables:
        table.go_home()
    second.tubes, second.now = [left], at(22, 14, 20)
    second.box()
    teams = _from_door_to_door(town, doors, kept, set(strays))
    _wrong_counts(town, first)
    return tables, teams


def _at_the_table(table: Table, queue: list[int], strays: list[int], mistaken: int) -> None:
    """Person by person; at the first table somebody is scanned by mistake, and somebody comes who should be at home."""
    for number, person in enumerate(queue):
        table.swab(person)
        if strays and number == 3:
            table.swab(mistaken)
            table.town.agenda.add(table.now - timedelta(seconds=9), table.hand, "undo")
            table.filled -= 1
            for stray in strays:
                table.swab(stray)


def _first_person(table: Table) -> int:
    return next(
        said["person"]
        for _when, hand, kind, said in table.town.agenda.lines
        if hand is table.hand and kind == "testing.swab"
    )


def _from_door_to_door(
    town: Town, doors: list[list[list[int]]], kept: set[int], seen: set[int]
) -> list[Table]:
    """Each team its tours: one tube for each who is kept at home, ten to a tube for the others."""
    teams = [
        Table(town, hand, f"D{number}-", at(22, 5, 45), town.hands["courier"][2])
        for number, hand in enumerate(town.hands["team"])
    ]
    for number, tour in enumerate(doors):
        team = teams[number % len(teams)]
        for person in (one for door in tour for one in door if one not in seen):
            team.swab(person, alone=person in kept)
            team.now += timedelta(seconds=60)
    for team in teams:
        team.go_home()
    return teams


def _wrong_counts(town: Town, table: Table) -> None:
    """A box was miscounted at the seal, and a tube of it was scanned into the next one too."""
    one, other = list(table.boxes)[1:3]
    for _when, _hand, kind, said in town.agenda.lines:
        if kind == "testing.seal_box" and said["box"] == one:
            said["tubes"] += 1
    opened = next(
        when
        for when, _hand, kind, said in town.agenda.lines
        if (kind, said.get("box")) == ("testing.open_box", other)
    )
    town.agenda.add(opened, table.hand, "testing.box_tube", box=other, tube=table.boxes[one][0])


def _a_box_is_lost(town: Town, table: Table) -> str:
    """The courier took it, and at the hub it is not on the cart."""
    box = next(iter(table.boxes))
    taken = next(
        when for when, hand, kind, said in town.agenda.lines
        if kind == "testing.hand_over" and said["box"] == box and hand is table.courier
    )  # fmt: skip
    town.agenda.lines = [one for one in town.agenda.lines if one[3].get("box") != box or one[0] <= taken]
    lost = {"box": box, "reason": "车上没有", "where": "中转站门口"}
    town.agenda.add(taken + timedelta(minutes=20), town.hands["hub"][0], "testing.box_lost", **lost)
    return box


def _found(town: Town, table: Table, lost: str, row: Round) -> None:
    """13:00: the hub sees a box that is lost and a tube in no box; the box turns up under a seat and goes on."""
    clerk = town.desks["信息员孙"]
    assert "1 箱找不到" in clerk.open(reverse("samples")).said
    left = next(said["tube"] for _when, _hand, kind, said in town.agenda.lines if kind == "testing.box_tube")
    assert f"没装箱的管 {left}" in clerk.open(_account(row)).said
    assert "账还没平" in clerk.said
    with scope([XIANGYUN]):
        box = Box.objects.get(code=lost)
    clerk.open(reverse("testing_box", args=[box.pk])).tap("记下", near="", reason="在后座底下")
    assert "找不到" not in clerk.open(reverse("samples")).said
    table.send_off(lost, clock.now(), WAY[2:])
    for hour in (14, 15, 16, 17):
        town.agenda.play(at(22, hour), *town.phones)
    assert not town.agenda.lines


def _account(row: Round) -> str:
    return reverse("samples_account", args=[row.pk])


def _at_five(town: Town, row: Round, chance: Random) -> None:
    """17:00: exactly those are on the gap list who did not come. Each is asked; a stranger moves in and is known again."""
    size, clerk = town.size, town.desks["信息员孙"]
    audit_but_silent = [hand for hand in town.phones if hand.silent_until is None]
    for hand in audit_but_silent:
        hand.line.good = True
        hand.send()
        hand.send()
    missing = size.exempt + size.elsewhere + size.refuse + size.nowhere
    page = clerk.open(reverse("testing_missing", args=[row.pk]))
    assert f"应检 {size.people}，已检 {size.people - missing}，免检 0" in page.said
    with scope([XIANGYUN]):
        owed = [duty.pk for duty in gap.names(row, XIANGYUN)]
    assert len(owed) == missing
    chance.shuffle(owed)
    told = {
        "这一轮免检": (size.exempt, {"e-reason": "住院", "e-note": "市三院"}),
        "算采过了": (size.elsewhere, {"o-taken_at": "2022-04-22T08:30", "o-proof": "省医院报告截图"}),
        "记下来": (size.refuse + size.nowhere, {"t-outcome": "no_reply"}),
    }
    for words, (many, typed) in told.items():
        for number in range(many):
            refuses = words == "记下来" and number < size.refuse
            said = {"t-outcome": "refused"} if refuses else typed
            clerk.open(reverse("testing_one", args=[row.pk, owed.pop()])).tap(words, **said)
    page = clerk.open(reverse("testing_missing", args=[row.pk]))
    assert page.said.count("去做工作") == size.refuse
    _moves_in(town)
    asked = size.people + 1 - size.exempt
    done = asked - size.refuse - size.nowhere
    assert f"应检 {asked}，已检 {done}，免检 {size.exempt}" in clerk.open(page.address).said


def _moves_in(town: Town) -> None:
    """One of the strangers of this morning is in the register now: they owe a swab, and have given it."""
    from django.conf import settings

    from shouwang.lib.sealing import sealer

    number = id_number("19800101", 2)
    with scope([XIANGYUN]):
        home = Person.objects.filter(area_code__startswith=XIANGYUN).first().household
        digest = sealer(settings.SEALING_KEY_FILE).digest("id", number)
        Person.objects.create(
            household=home, area_code=home.area_code, name="来客1", id_digest=digest, added_at=clock.now()
        )
    jobs.look_after_rounds()
    jobs.match_swabs()


def _boxes_balance(town: Town, row: Round) -> None:
    """22:00: every phone has said everything; each difference has a reason, each box is reconciled, the account balances."""
    town.clock(22, 22)
    clerk = town.desks["信息员孙"]
    audit_phones(town)
    with scope([XIANGYUN]):
        boxes, tubes = list(Box.objects.order_by("code")), Tube.objects.filter(round=row).count()
        flags = Counter(Event.objects.values_list("flag", flat=True))
    assert tubes >= town.size.tubes
    assert len(boxes) >= town.size.boxes
    assert set(flags) - {""} <= ODD, flags
    for flag in ("already_swabbed", "isolated_here", "count_differs", "tube_in_two_boxes"):
        assert flags[flag], flag
    for box in boxes:
        page = clerk.open(reverse("testing_box", args=[box.pk]))
        while "数对不上，请逐处写原因" in page.said:
            page.tap("记下", reason="数错了一支，又点过，都在")
        assert "已核对" in page.tap("数都对，核对完").said
    account = clerk.open(_account(row)).said
    assert "账已平" in account, account
    assert f"{tubes} = 已收到 {tubes} + 在路上 0 + 没装箱 0 + 装了没收到 0" in account
    assert f"箱 {len(boxes)} · 已核对 {len(boxes)}" in account
    with scope([XIANGYUN]):
        assert not Duty.objects.filter(kind="testing.box", fact="owed").exists()


def _people_balance(town: Town, row: Round) -> None:
    """23:00: everybody of the register was swabbed, is exempt, or stands on the gap list by name; nobody is two of these."""
    size, now = town.size, town.clock(22, 23)
    with scope([XIANGYUN]):
        everybody = set(Person.objects.filter(area_code__startswith=XIANGYUN).values_list("pk", flat=True))
        swabbed = Swab.objects.filter(round=row, void_at=None, person__isnull=False).values_list(
            "person", flat=True
        )
        spared = Exemption.objects.filter(round=row, void_at=None)
        tested = set(swabbed) | set(spared.filter(elsewhere=True).values_list("person", flat=True))
        exempt = set(spared.filter(elsewhere=False).values_list("person", flat=True))
        named = gap.told(list(gap.names(row, XIANGYUN)), now=now)
    missing = {one.duty.person_id for one in named}
    assert (len(exempt), len(missing)) == (size.exempt, size.refuse + size.nowhere)
    assert tested | exempt | missing == everybody
    assert len(tested) + len(exempt) + len(missing) == len(everybody) == size.people + 1
    assert Counter(one.next for one in named) == {gap.TALK: size.refuse, gap.VISIT: size.nowhere}
    town.clock(23, 6)
    jobs.look_after_rounds()
    with scope([XIANGYUN]):
        following = Round.objects.get(repeats=row)
        assert following.opens_at == row.opens_at + timedelta(days=2)
        assert Duty.objects.filter(batch=following.pk, fact="owed").count() == len(everybody) - len(exempt)
