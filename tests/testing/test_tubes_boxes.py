"""Where a box is and what of it is accounted for, from facts in whatever order they arrived; and a box's day through phones."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.access.models import Grant
from shouwang.access.scope import scope
from shouwang.devices.models import Device
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.testing.models import Tube
from shouwang.testing.tubes.accounts import facts_of
from shouwang.testing.tubes.codes import row_of
from shouwang.testing.tubes.rules import Difference, Move, Step, account
from tests.testing.tubes_world import Table, lay
from tests.world import XIANGYUN, at

BOX, OTHER = UUID(int=1), UUID(int=2)
T1, T2, T3 = (UUID(int=n) for n in (11, 12, 13))
TEN = datetime(2022, 4, 21, 10, tzinfo=clock.ZONE)


@pytest.fixture
def table(street) -> Table:
    return lay(street)


def step(minute: int, kind: str, station: str = "", count: int | None = None, by: int = 1) -> Step:
    return Step(UUID(int=1000 + minute), kind, TEN + timedelta(minutes=minute), by, station, count)


def move(minute: int, kind: str, tube: UUID, box: UUID = BOX) -> Move:
    return Move(UUID(int=2000 + minute * 100 + tube.int), kind, TEN + timedelta(minutes=minute), box, tube)


IN = (move(1, "in", T1), move(2, "in", T2))
SEAL, GIVE, TAKE = (
    step(5, "sealed", "point", 2),
    step(10, "gave", "point", 2),
    step(11, "took", "courier", 2, 7),
)
ON = (GIVE, TAKE, step(40, "gave", "courier", 2, 7), step(41, "took", "hub", 2, 8))
COUNTED = (move(45, "received", T1), move(46, "received", T2))

WAYS = [
    ("draft", (step(0, "opened"),), IN),
    ("ready", (step(0, "opened"), SEAL), IN),
    ("sent", (SEAL, GIVE), IN),
    ("in_transit", (SEAL, GIVE, TAKE), IN),
    ("in_transit", (SEAL, TAKE), IN),  # the point forgot its side
    ("in_transit", (SEAL, step(12, "gave", "point", 2), TAKE), IN),  # its clock is a minute fast
    ("sent", (SEAL, *ON[:3]), IN),
    ("received", (SEAL, *ON), IN),  # as many by hand as by scan
    ("partly_received", (SEAL, GIVE, TAKE, step(41, "took", "hub", 1, 8)), IN),
    ("partly_received", (SEAL, *ON), (*IN, COUNTED[0])),
    ("received", (SEAL, *ON), (*IN, *COUNTED)),
    ("received", (SEAL,), (*IN, *COUNTED)),  # the courier was offline all day
    ("sent", (SEAL, *ON, step(60, "gave", "hub", 2, 8)), (*IN, *COUNTED)),
    ("reconciled", (SEAL, *ON, step(70, "reconciled")), (*IN, *COUNTED)),
    (
        "partly_received",
        (SEAL, *ON, step(70, "reconciled")),
        (*IN, COUNTED[0]),
    ),  # not while a tube is missing
    ("lost", (SEAL, GIVE, step(30, "lost")), IN),
    ("sent", (SEAL, GIVE, step(30, "lost"), step(35, "found")), IN),
    ("in_transit", (SEAL, GIVE, step(8, "lost"), TAKE), IN),  # it was on the cart all along
]


@pytest.mark.parametrize(
    ("state", "steps", "moves"), WAYS, ids=[f"{n}-{way[0]}" for n, way in enumerate(WAYS)]
)
def test_where_a_box_is(state, steps, moves):
    assert account(BOX, steps, moves).state == state


def test_every_count_that_differs_is_named_until_somebody_says_why():
    moves = (*IN, move(3, "in", T3), move(4, "in", T3, OTHER), COUNTED[0], move(47, "received", UUID(int=99)))
    steps = (step(5, "sealed", "point", 3), step(41, "took", "hub", 1, 8))
    found = account(BOX, steps, moves)
    assert found.contents == {T1, T2}  # the third was laid into another box last
    assert found.differences == (
        Difference("seal_count", None, 3, 2),
        Difference("hand_count", None, 1, 2),
        Difference("missing", T2),
        Difference("extra", UUID(int=99)),
    )
    said = frozenset({("seal_count", None), ("hand_count", None), ("missing", T2), ("extra", UUID(int=99))})
    assert account(BOX, (*steps, step(70, "reconciled")), moves, said).state == "reconciled"


def test_a_tube_laid_from_one_box_into_another_belongs_there_and_is_missed_nowhere():
    moves = (*IN, *COUNTED, move(50, "out", T2), move(51, "in", T2, OTHER), move(60, "received", T2, OTHER))
    here, there = account(BOX, (SEAL, *ON), moves), account(OTHER, (), moves)
    assert (here.differences, here.contents, there.contents, there.differences) == ((), {T1}, {T2}, ())


@given(
    order=st.permutations(
        [*(SEAL, *ON, step(30, "lost"), step(35, "found")), *IN, *COUNTED, move(50, "out", T1)]
    )
)
def test_the_account_is_the_same_in_whatever_order_two_phones_told_it(order):
    steps = [fact for fact in order if isinstance(fact, Step)]
    moves = [fact for fact in order if isinstance(fact, Move)]
    straight = account(
        BOX, (SEAL, *ON, step(30, "lost"), step(35, "found")), (*IN, *COUNTED, move(50, "out", T1))
    )
    assert account(BOX, steps, moves) == straight


def tell_a_day(table: Table, box: str, tubes: tuple[str, ...]) -> None:
    """A point, a courier, a hub and a laboratory, each on the own phone."""
    for number, tube in enumerate(tubes):
        table.swab("采样孙", tube, table.people[number], when=at(21, 9, number))
    table.tell("采样孙", "testing.open_box", box=box, point=str(table.point.pk), when=at(21, 9, 20))
    for tube in tubes:
        table.tell("采样孙", "testing.box_tube", box=box, tube=tube, when=at(21, 9, 21))
    table.tell("采样孙", "testing.seal_box", box=box, tubes=len(tubes), when=at(21, 9, 25))
    hands = (
        ("采样孙", "give", "point", 30), ("转运周", "take", "courier", 31), ("转运周", "give", "courier", 40),
        ("中转吴", "take", "hub", 41), ("中转吴", "give", "hub", 50), ("转运周", "take", "courier", 51),
        ("检测郑", "take", "laboratory", 58),
    )  # fmt: skip
    for who, side, station, minute in hands:
        said = {"side": side, "station": station, "count": len(tubes), "disinfected": True, "box": box}
        table.tell(who, "testing.hand_over", **said, when=at(21, 9, minute))
    for number, tube in enumerate(tubes):
        table.tell("中转吴", "testing.receive_tube", box=box, tube=tube, when=at(21, 9, 42 + number))


def test_a_box_goes_to_the_laboratory_and_the_way_is_owed_until_it_is_there(table):
    tell_a_day(table, "X1", ("T1", "T2"))
    assert {flag for _, flag in table.send("采样孙").values()} == {""}
    with scope([XIANGYUN]):
        duty = Duty.objects.get(kind="testing.box", void_at=None)
    assert (duty.about, duty.due_at, duty.done_at) == (
        row_of("box", "X1"),
        at(21, 13),
        None,
    )  # four hours of the first swab
    table.send("转运周")
    table.send("检测郑")
    with scope([XIANGYUN]):
        duty.refresh_from_db()
        assert duty.done_at == at(21, 9, 58)
        assert facts_of([duty.about])[duty.about].account().unexplained == ()
    table.send("中转吴")
    with scope([XIANGYUN]):
        assert facts_of([duty.about])[duty.about].account().state == "received"


def test_phones_send_in_any_order_and_the_account_is_the_same(table):
    states = []
    for number in range(4):
        box, tubes = f"R{number}", tuple(f"R{number}-{n}" for n in range(3))
        tell_a_day(table, box, tubes)
        chance = Random(number)
        parts = [(phone, one) for phone in table.phones.values() for one in list(phone.outbox)]
        chance.shuffle(parts)
        for phone, one in parts:
            phone.send_these([one], at=clock.now())
        with scope([XIANGYUN]):
            found = facts_of([row_of("box", box)])[row_of("box", box)].account()
            due = Duty.objects.get(kind="testing.box", about=row_of("box", box), void_at=None)
        states.append((found.state, len(found.contents), len(found.received), found.differences, due.done_at))
    assert states == [("received", 3, 3, (), at(21, 9, 58))] * 4


def test_a_courier_of_the_street_is_heard_in_the_community_whose_box_it_is(table):
    tell_a_day(table, "C1", ("T1", "T2"))
    street = XIANGYUN[:9]
    for who in ("转运周", "中转吴", "检测郑"):
        Device.objects.filter(pk=table.phones[who].device_id).update(area_codes=[street])
        Grant.objects.filter(user=table.world.users[who]).update(area_codes=[street])
        table.send(who)  # before the point has said anything
    table.send("采样孙")
    table.tell("中转吴", "testing.box_tube", box="C1", tube="T3", when=at(21, 9, 59))
    table.send("中转吴")
    with scope([XIANGYUN]):
        found = facts_of([row_of("box", "C1")])[row_of("box", "C1")]
        assert Tube.objects.filter(code__startswith="T").count() == 3
    account = found.account()
    assert (len(account.steps), len(account.contents), len(account.received)) == (9, 3, 2)


def test_what_is_odd_about_boxes_is_said_and_stored_all_the_same(table):
    told = {}

    def say(who: str, kind: str, flag: str, minute: int, **said: object) -> None:
        told[str(table.tell(who, f"testing.{kind}", when=at(21, 9, minute), **said))] = flag

    say("采样孙", "open_box", "", 10, box="A1")
    for tube in ("T1", "T2"):
        say("采样孙", "box_tube", "", 11, box="A1", tube=tube)
    say("采样孙", "seal_box", "count_differs", 15, box="A1", tubes=3)
    say("采样孙", "open_box", "", 16, box="A2")
    say("采样孙", "box_tube", "tube_in_two_boxes", 17, box="A2", tube="T1")
    say(
        "采样孙",
        "hand_over",
        "not_disinfected",
        20,
        box="A1",
        side="give",
        station="point",
        count=1,
        disinfected=False,
    )
    say("采样孙", "box_tube", "odd_code", 21, box="null", tube="T9")
    found = table.send("采样孙")
    say("采样钱", "open_box", "box_used", 22, box="A1")
    say("采样钱", "receive_tube", "tube_not_in_box", 23, box="A1", tube="T7")
    found |= table.send("采样钱")
    assert {key: found[key][1] for key in told} == told


def test_a_wrong_scan_is_taken_back(table):
    table.tell("采样孙", "testing.open_box", box="U1")
    wrong = table.tell("采样孙", "testing.box_tube", box="U1", tube="T1")
    table.tell("采样孙", "undo", of=str(wrong))
    assert set(table.send("采样孙").values()) == {("stored", "")}
    with scope([XIANGYUN]):
        assert facts_of([row_of("box", "U1")])[row_of("box", "U1")].account().contents == frozenset()
