"""What phones tell of swabs at a table: everything is stored, and what is odd is said afterwards (DOMAIN 2f, RP22)."""

from datetime import date

import pytest

from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.standing.models import Hold
from shouwang.supplies.models import Item, Lot
from shouwang.testing.models import Swab, Tube
from shouwang.testing.tubes.codes import clean, is_odd, person_code
from tests.testing.tubes_world import Table, lay
from tests.world import XIANGYUN, at

OLD, OLD_AS_NEW = "110105490123002", "110105194901230024"


@pytest.fixture
def table(street) -> Table:
    return lay(street)


@pytest.mark.parametrize(
    ("scanned", "code", "odd"),
    [
        ("A0420001", "A0420001", False),
        (" a0420001\r\n", "A0420001", False),
        ("Ａ０４２\x1d０００１", "A0420001", False),  # full-width, and the separator that some scanners add
        ("A042\u200b0001", "A0420001", False),
        ("A042<script>0001", "A042SCRIPT0001", True),
        ("管#A042’0001", "A0420001", True),
        ("null", "", True),
        ("\x1d \t", "", True),
        ("7" * 60, "7" * 40, True),
    ],
)
def test_a_code_is_the_same_however_it_was_scanned(scanned, code, odd):
    assert (clean(scanned), is_odd(scanned)) == (code, odd)


def test_a_residents_code_ends_in_two_digits_that_catch_a_misread_one():
    assert person_code(12345) == "SWP:12345.26"
    assert person_code(12346) == "SWP:12346.27"


def test_ten_go_into_a_tube_and_everything_that_is_odd_is_said(table):
    people = table.people
    hold(table, people[7])
    lot_over()
    first = [table.swab("采样孙", "T1", one) for one in people[:6]]
    expected = dict.fromkeys(first, "")
    told = (
        (table.swab("采样孙", "T1", people[0]), "already_swabbed"),
        (table.swab("采样孙", "T2", people[7]), "isolated_here"),
        (table.swab("采样孙", "T2", people[7], at_door=True, capacity=1), "already_swabbed"),
        (table.swab("采样孙", "T3", people[8], capacity=7), "wrong_pool"),
        (table.swab("采样孙", "T4", people[9], lot="P2203"), "lot_expired"),
        (table.swab("采样孙", "管T5#", people[10]), "odd_code"),
        (table.swab("采样孙", "T6", 10**12), "not_in_scope"),
        (table.swab("采样孙", "T6", name="过路的", id_number="41010319900101123X"), "odd_papers"),
        (table.swab("采样孙", "T6", name="没带证件的", category="visitor", note="身份证在家"), ""),
    )
    expected |= dict(told)
    found = table.send("采样孙")
    assert {key: found[str(key)] for key in expected} == {
        key: ("flagged" if flag else "stored", flag) for key, flag in expected.items()
    }
    with scope([XIANGYUN]):
        assert Swab.objects.count() == len(expected)
        assert Tube.objects.get(code="T1").round_id == table.round.pk


def test_a_full_tube_a_second_account_a_closed_tube_and_four_hours(table):
    full = [table.swab("采样孙", "F1", capacity=1, name=f"路人{n}") for n in range(2)]
    old = table.swab("采样孙", "F2", when=at(21, 5, 30))
    later = table.swab("采样孙", "F2", when=at(21, 9, 31))
    table.tell("采样孙", "testing.close_tube", tube="F3", when=at(21, 9, 40))
    shut = table.swab("采样孙", "F3", when=at(21, 9, 50))
    found = table.send("采样孙")
    other = table.swab("采样钱", "F2", when=at(21, 8))
    again = table.send("采样钱")
    flags = [found[str(one)][1] for one in (*full, old, later, shut)] + [again[str(other)][1]]
    assert flags == [
        "",
        "tube_full",
        "",
        "tube_too_old",
        "",
        "two_hands",
    ]  # closed by a later event of the same batch
    table.swab("采样孙", "F3", when=at(21, 9, 55))
    assert "tube_closed" in str(table.send("采样孙"))


def test_papers_find_the_person_also_by_the_fifteen_digits_of_old(table):
    from shouwang.register.models import Person
    from shouwang.testing.tubes.swabs import sealer, settings

    keys = sealer(settings.SEALING_KEY_FILE)
    with scope([XIANGYUN]):
        Person.objects.filter(pk=table.people[3]).update(id_digest=keys.digest("id", OLD_AS_NEW))
    told = table.tell(
        "采样孙",
        "testing.swab",
        tube="P1",
        capacity=10,
        how="id",
        id_number=OLD,
        name="老张",
        phone="13800000000",
    )
    assert table.send("采样孙")[str(told)] == ("stored", "")
    with scope([XIANGYUN]):
        found = Swab.objects.get(pk=told)
    assert (found.person_id, found.name, bytes(found.id_sealed)) == (table.people[3], "", b"")


def hold(table: Table, person: int) -> None:
    users = table.world.users
    with scope([XIANGYUN]):
        Hold.objects.create(
            id=uuid7(clock.now()), area_code=XIANGYUN, person_id=person, about=uuid7(clock.now()), mode="home",
            from_at=at(20, 8), until=at(27, 8), reason_code="close_contact", reason="密接", authority="区指挥部",
            document="1号", legal_basis="法", proposed_by=users["李楼长"], approved_by=users["书记刘"], approved_at=at(20, 8),
        )  # fmt: skip


def lot_over() -> None:
    with scope([XIANGYUN]):
        item = Item.objects.create(
            id=uuid7(clock.now()), area_code=XIANGYUN, name="采样管", unit="支", added_at=at(1, 8)
        )
        Lot.objects.create(
            id=uuid7(clock.now()), area_code=XIANGYUN, item=item, code="P2203", expires_on=date(2022, 4, 20),
            added_at=at(1, 8),
        )  # fmt: skip
