"""Teams at doors and sealed buildings: who is not at home is come back to, and how many share a tube follows the zone."""

from django.db.models import F
from django.urls import reverse

from shouwang import jobs
from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.duties.attempts import last_attempts
from shouwang.duties.board import board
from shouwang.duties.models import Attempt, Duty
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.isolation.models import Seal
from shouwang.lib import clock
from shouwang.lib.clock import day_end
from shouwang.lib.ids import uuid7
from shouwang.register.models import Household, Person
from shouwang.screening.lists.models import Inquiry, ListRow, PushedList
from shouwang.testing.duties import DOOR_SWAB, NOTHING, URGENT
from shouwang.testing.rounds.doors import due_at_doors
from shouwang.testing.rounds.routes import URGENT as FIRST
from tests.devices.phones import worker
from tests.testing.tubes_world import lay
from tests.world import BUILDING_1, XIANGYUN, at


def test_a_door_at_which_nobody_was_is_come_back_to_at_an_hour_when_people_are_home(street):
    table, now = lay(street), clock.now()
    with scope([XIANGYUN]):
        home = Person.objects.get(pk=table.people[0]).household_id
        behind = Person.objects.filter(household=home).annotate(subject=F("id"), about=NOTHING)
        plan(DOOR_SWAB, behind, Window(at(21, 5), day_end(now)), at=now, batch=table.round.pk)
    told = table.tell("采样孙", "testing.nobody_home", household=home, when=at(21, 9, 40))
    far = table.tell("采样孙", "testing.nobody_home", household=10**9, when=at(21, 9, 41))
    flags = table.send("采样孙")
    assert flags[str(told)] == ("stored", "")
    assert flags[str(far)][1] == "not_in_scope"
    with scope([XIANGYUN]):
        duties = list(Duty.objects.filter(kind=DOOR_SWAB.name).select_related("person"))
        tried = last_attempts(duties)
        assert set(tried) == {one.pk for one in duties}
        again = {one.next_try_at for one in tried.values()}
        assert [one.again_at for one in due_at_doors(XIANGYUN, now=at(21, 9, 50))] == [*again]
        assert again == {at(21, 11, 30)}  # the plan's lunch, within the day
        assert Event.objects.filter(kind="testing.nobody_home").count() == 2
        assert Attempt.objects.count() == len(duties)


def close_building(table):
    """Building 1 is closed as a high zone, in which nobody shares a tube; who lives there, and somebody who does not."""
    asks, agrees = (worker(table.world, name, [XIANGYUN]) for name in ("提出人", "批准人"))
    with scope([XIANGYUN]):
        inside = Person.objects.filter(area_code__startswith=BUILDING_1).order_by("area_code", "pk")
        outside = Person.objects.filter(pk__in=table.people).exclude(area_code__startswith=BUILDING_1)
        Seal.objects.create(
            id=uuid7(clock.now()), area_code=BUILDING_1, zone="high", plan=table.round.plan, from_at=at(21, 6), until=at(24, 6),
            proposed_at=at(21, 5), proposed_by=asks,
            approved_at=at(21, 6), approved_by=agrees,
            fire_exit="东门", key_holder="老刘", key_phone_sealed=b"", key_phone_mask="", reason="x", document="x",
            legal_basis="x", authority="x",
        )  # fmt: skip
        return list(inside.values_list("pk", flat=True)), outside.order_by("area_code", "pk").first()


def test_in_a_sealed_building_a_tube_is_for_as_many_as_its_zone_says(street):
    table = lay(street)
    inside, outside = close_building(table)
    told = [table.swab("采样孙", "Z1", inside[0]), table.swab("采样孙", "Z2", inside[1], capacity=1)]
    told.append(table.swab("采样孙", "Z3", outside.pk))
    flags = table.send("采样孙")
    assert [flags[str(one)][1] for one in told] == ["wrong_pool", "", ""]
    phone = table.phones["采样孙"]
    phone.fetch_package()
    assert phone.parts["rounds"][str(table.round.pk)]["sizes"] == {BUILDING_1: 1}


def test_who_was_pushed_this_evening_is_swabbed_at_the_door_tonight_and_first(street, newcomer, monkeypatch):
    """The clock of 当晚急采: owed until the hour that was said, done by a swab since the list came, late afterwards on the board."""
    table, evening, secretary = lay(street), at(21, 18), newcomer("secretary", XIANGYUN)
    with scope([XIANGYUN]):
        pushed = PushedList.objects.create(
            id=uuid7(evening), area_code=XIANGYUN, title="今晚推送", sender="街道", arrived_at=evening, due_at=at(22, 8),
            received_at=evening,
        )  # fmt: skip
        for number, pk in enumerate(table.people[:3], 1):
            person = Person.objects.get(pk=pk)
            same = {"id": uuid7(evening), "area_code": person.area_code}
            inquiry = Inquiry.objects.create(**same, person=person, opened_at=evening)
            ListRow.objects.create(
                **same, list=pushed, inquiry=inquiry, number=number, name="某", outcome="found"
            )
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 19).isoformat())
    for _twice in range(2):
        secretary.post(reverse("testing_urgent"), {"lists": [str(pushed.pk)], "due_at": "2022-04-21T22:00"})
    table.swab("采样孙", "U1", table.people[0], capacity=1, at_door=True, when=at(21, 18, 50))
    table.send("采样孙")
    with scope([XIANGYUN]):
        owed = Duty.objects.filter(kind=URGENT.name)
        assert sorted(owed.values_list("fact", flat=True)) == ["done", "owed", "owed"]
        assert {one.due_at for one in owed} == {at(21, 22)}
        doors = due_at_doors(XIANGYUN, now=at(21, 19))
        assert [one.rank for one in doors] == [FIRST, FIRST]
        line = board(XIANGYUN, now=at(21, 22, 30))[URGENT.name]
        assert (line.overdue, line.done) == (2, 1)


def test_the_ways_change_by_themselves_where_nobody_is_home_and_nobody_is_sent_running(
    street, newcomer, monkeypatch
):
    """Two closed doors within minutes are one change: the door done and the next three stay, the two come again at lunch."""
    table, secretary = lay(street), newcomer("secretary", XIANGYUN)

    def hour(*told: int) -> None:
        monkeypatch.setenv("SHOUWANG_CLOCK", at(21, *told).isoformat())
        jobs.change_ways()

    with scope([XIANGYUN]):
        behind = Person.objects.filter(pk__in=table.people).annotate(subject=F("id"), about=NOTHING)
        plan(DOOR_SWAB, behind, Window(at(21, 5), at(21, 24)), at=at(21, 8), batch=table.round.pk)
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 9).isoformat())
    page = reverse("testing_doors", args=[table.round.pk])
    secretary.post(reverse("testing_tours_lay_out", args=[table.round.pk]))
    assert "自动重排过" not in secretary.get(page).content.decode()
    phone = table.phones["采样孙"]
    first = ways(phone)
    assert len(first) >= 7
    with scope([XIANGYUN]):
        at_first = list(Person.objects.filter(household=first[0]).values_list("pk", flat=True))
    for number, pk in enumerate(at_first):
        table.swab("采样孙", f"W{number}", pk, capacity=1, at_door=True, when=at(21, 9, 10))
    table.tell("采样孙", "testing.nobody_home", household=first[1], when=at(21, 9, 15))
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 9, 16).isoformat())
    table.send("采样孙")
    table.tell("采样孙", "testing.nobody_home", household=first[3], when=at(21, 9, 17))
    hour(9, 18)
    table.send("采样孙")
    assert ways(phone) == first  # more reports may come: nothing has moved yet
    assert [one["tried"] for one in placed(phone)] == [False, True, False, True, *[False] * (len(first) - 4)]
    hour(9, 20)
    again = ways(phone)
    assert again[:4] == [first[0], first[2], first[4], first[5]]
    assert set(again) == set(first)
    assert {one["door"] for one in placed(phone) if one["at"] >= at(21, 11, 30).isoformat()} >= {
        first[1],
        first[3],
    }
    assert {one["number"] for one in placed(phone)} == {1}
    assert not any(one["tried"] for one in placed(phone))
    said = secretary.get(page).content.decode()
    with scope([XIANGYUN]):
        doors = [
            str(one) for one in Household.objects.filter(pk__in=[first[1], first[3]]).order_by("area_code")
        ]
    assert f"自动重排过：{doors[0]} 等 2 户没人在家" in said
    hour(9, 40)
    assert ways(phone) == again  # nobody reported anything since
    with scope([XIANGYUN]):
        assert Audit.objects.filter(action="testing.change_tours").count() == 1


def placed(phone):
    """The stops as the phone has them after its next package, in their order."""
    phone.fetch_package()
    return sorted(phone.parts["stops"].values(), key=lambda one: (one["number"], one["place"]))


def ways(phone):
    return [one["door"] for one in placed(phone)]
