"""Whatever happens in whatever order, the same board comes out and the account of every day balances.

What happens in a small block is dealt in two orders: rounds are planned, doors are visited, visits are struck out,
two rows turn out to be one door and sometimes not after all. Days are closed in between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.access.scope import scope
from shouwang.duties.board import behind, board
from shouwang.duties.close import OUT, account, close, owed_at
from shouwang.duties.models import Account, Count, DayClose, Duty
from shouwang.duties.windows import Facts, Window, state
from shouwang.flows.merge_rows import merge_rows, unmerge_rows
from shouwang.register.models import Merge
from shouwang.screening.actions import Seen, open_round, record_visits, void_visit
from tests.conftest import Sweeper
from tests.world import DIANLI, XIANGYUN, World, at, build

ROUNDS = [
    Window(at(21, 0), at(22, 0), at(23, 0)),
    Window(at(21, 12), at(22, 12)),
    Window(at(22, 0), at(23, 0), at(23, 0)),
]
DOORS = ["电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201", "电力楼院 2-1-101"]
HOURS = [at(20, 23), at(21, 9), at(21, 13), at(21, 23), at(22, 1), at(22, 11), at(22, 20), at(22, 23, 59)]
FIRST_TOLD, STEP = at(23, 1), timedelta(hours=5)  # everything is told late, and on several days

rounds = st.tuples(st.just("plan"), st.integers(0, len(ROUNDS) - 1))
visits = st.tuples(st.just("visit"), st.integers(0, len(DOORS) - 1), st.integers(0, len(HOURS) - 1))
CAUSE = {"void": "visit", "unmerge": "merge"}


@st.composite
def stories(draw):
    """What happened, told in two orders, each with closes somewhere in between."""
    happened = draw(st.lists(rounds, min_size=1, max_size=3, unique=True))
    seen = draw(st.lists(visits, max_size=6, unique=True))
    struck = [("void", *visit[1:]) for visit in seen if draw(st.booleans())]
    merging = draw(st.sampled_from([[], [("merge",)], [("merge",), ("unmerge",)]]))
    events = happened + seen + struck + merging
    closes = draw(st.sets(st.integers(0, len(events) - 1), max_size=3))
    return [causes_first(draw(st.permutations(events))) for _ in range(2)], closes


def causes_first(events):
    """An effect that is dealt before its cause waits for it."""
    told, waiting = [], []
    for event in events:
        cause = (CAUSE[event[0]], *event[1:]) if event[0] in CAUSE else None
        (waiting if cause and cause not in told else told).append(event)
        told += [late for late in waiting if (CAUSE[late[0]], *late[1:]) == event]
        waiting = [late for late in waiting if late not in told]
    return told


class Teller:
    """Tells what happened through the doors of the modules, a few hours apart."""

    def __init__(self, world: World) -> None:
        self.world, self.now = world, FIRST_TOLD

    def tell(self, events, closes) -> None:
        for number, event in enumerate(events):
            self.now += STEP
            with scope([XIANGYUN]):
                getattr(self, event[0])(*event[1:])
            if number in closes:
                self.close()

    def plan(self, number) -> None:
        open_round(DIANLI, kind="screening.visit", title="入户", window=ROUNDS[number], by=None, at=self.now)

    def visit(self, door, hour) -> None:
        household = self.world.doors[DOORS[door]].pk
        record_visits([Seen(household, HOURS[hour], id=visit_id(door, hour))], by=None, at=self.now)

    def void(self, door, hour) -> None:
        void_visit(visit_id(door, hour), reason="录错了门", by=None, at=self.now)

    def merge(self) -> None:
        lost, kept = self.world.ids(*DOORS[:2])
        merge_rows("household", lost=lost, kept=kept, by=None, at=self.now)

    def unmerge(self) -> None:
        unmerge_rows(Merge.objects.get(undone_at=None), by=None, at=self.now)

    def close(self) -> None:
        """Closes yesterday; what the account carries is what is still owed."""
        day = (self.now - timedelta(days=1)).date()
        with scope([XIANGYUN]):
            if DayClose.objects.filter(day__gte=day).exists():
                return
            closing = close(XIANGYUN, day, now=self.now, propose=lambda duties, until: [])
            carried = sum(Account.objects.filter(close=closing).values_list("carried_out", flat=True))
            assert carried == len(owed_at(XIANGYUN, closing.until))


def visit_id(door, hour):
    return UUID(int=(door + 1) * 100 + hour)


def outcome(now):
    """What the board says and which door is in which state, merged rows seen as the one they are."""
    with scope([XIANGYUN]):
        duties = list(Duty.objects.filter(void_at=None).select_related("household"))
        doors = sorted(
            (duty.household.kept_id, duty.opens_at, state(facts(duty), now), duty.done_at) for duty in duties
        )
        return doors, board(DIANLI, now=now), counted()


def facts(duty):
    window = Window(duty.opens_at, duty.due_at, duty.lapses_at)
    return Facts(window, duty.done_at, duty.waived_at, None, duty.void_at)


def counted():
    """The kept counts without the rows struck by merging, and whether they equal the duties themselves."""
    kept = {
        (c.area_code, c.opens_at, "owed" if c.fact == "missed" else c.fact): 0 for c in Count.objects.all()
    }
    for count in Count.objects.exclude(fact="void"):
        kept[count.area_code, count.opens_at, "owed" if count.fact == "missed" else count.fact] += (
            count.amount
        )
    return {key: amount for key, amount in kept.items() if amount}


def check_counts():
    with scope([XIANGYUN]):
        for count in Count.objects.all():
            rows = Duty.objects.filter(
                area_code__startswith=count.area_code, kind=count.kind, fact=count.fact,
                opens_at=count.opens_at, due_at=count.due_at, lapses_at=count.lapses_at,
            )  # fmt: skip
            assert count.amount == rows.count()


def check_account(now):
    """Today, not closed yet: both sides are equal, and what is carried is owed."""
    with scope([XIANGYUN]):
        for kind, columns in account(XIANGYUN, now.date(), now=now).items():
            incoming = columns["carried_in"] + columns["opened"] + columns["moved_in"] + columns["corrected"]
            outgoing = sum(columns[name] for name in (*OUT, "moved_out")) + columns["carried_out"]
            assert incoming == outgoing
            assert columns["carried_out"] == Duty.objects.filter(kind=kind, fact="owed").count()


@contextmanager
def fresh(sweeper: Sweeper) -> Iterator[World]:
    sweeper.sweep()
    yield build()


@settings(max_examples=30)
@given(stories())
def test_any_order_ends_in_the_same_board_and_a_balanced_account(database, sweeper, story) -> None:
    orders, closes = story
    ends = []
    for events in orders:
        with fresh(sweeper) as world:
            teller = Teller(world)
            teller.tell(events, closes)
            check_counts()
            check_account(teller.now + timedelta(minutes=1))
            ends.append(outcome(at(30, 0)))
    assert ends[0] == ends[1]


def test_every_number_of_the_board_opens_its_list(world: World) -> None:
    teller = Teller(world)
    teller.tell(
        [("plan", 0), ("plan", 1), ("plan", 2), ("visit", 0, 1), ("visit", 1, 5), ("visit", 2, 7)], ()
    )
    with scope([XIANGYUN]):
        for hour in (at(21, 10), at(21, 23), at(22, 1), at(22, 13), at(23, 0)):
            for line in board(DIANLI, now=hour).values():
                for name in ("owed", "overdue", "done", "late", "waived", "missed", "running", "left"):
                    assert getattr(line, name) == behind(DIANLI, name, now=hour).count(), (hour, name)
