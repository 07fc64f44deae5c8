"""A round from the order to the last door: who owes where, who is missing, who is exempt, what is called when."""

from itertools import pairwise
from random import Random

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from shouwang.lib.codes import BUILDING
from shouwang.testing.rounds.routes import LAST, URGENT, USUAL, Door, Load, Pace, Team, onward, tours
from shouwang.testing.rounds.timetable import Counter, Day, Group, Rules, timetable

COMMUNITY = "410103008004"


def town(people: int, chance: Random) -> list[Group]:
    """Units of twenty to ninety people, three to a building, twelve buildings to a compound."""
    groups, left, number = [], people, 0
    while left:
        many = min(chance.randint(20, 90), left)
        building, unit = divmod(number, 3)
        compound, house = divmod(building, 12)
        groups.append(Group(f"{COMMUNITY}{compound + 1:02}{house + 1:03}{unit + 1:02}", many))
        left, number = left - many, number + 1
    return groups


def seven_points() -> list[Counter]:
    return [
        Counter(f"p{n}", f"{COMMUNITY}{1 + n % 5:02}", 5 if n % 2 else 4, 120 if n % 3 else 150)
        for n in range(7)
    ]


def walked_through(day: Day, point: Counter, chance: Random) -> tuple[float, float]:
    """The same day with people who come when they come and tables that take now longer, now less: minute of the last, longest queue."""
    world = simpy.Environment()
    tables = simpy.Resource(world, capacity=point.tables)
    ended, longest = [0.0], [0]

    def person(comes: float):
        yield world.timeout(comes)
        with tables.request() as turn:
            longest[0] = max(longest[0], len(tables.queue))
            yield turn
            yield world.timeout(chance.expovariate(point.per_hour / 60))
        ended[0] = max(ended[0], world.now)

    for one in day.called:
        for _ in range(one.people):
            world.process(
                person(one.minute + (one.first - one.minute) + chance.random() * (one.last - one.first))
            )
    world.run()
    return ended[0], longest[0]


def test_a_timetable_for_12500_says_what_a_queue_of_single_people_would_do():
    groups, points = town(12_500, Random(4)), seven_points()
    days = timetable(groups, points, Rules())
    assert sum(day.people for day in days) == 12_500
    ends = [day.through for day in days]
    assert max(ends) < 1.25 * min(ends)  # the points share the work
    for day, point in zip(days, points, strict=True):
        told = [one.minute for one in day.called]
        assert told == sorted(told)
        assert day.wait <= 30 + 10
        through, queue = walked_through(day, point, Random(9))
        assert through == pytest.approx(day.through, rel=0.08)
        assert queue <= day.queue + 60


@given(st.lists(st.integers(0, 400), max_size=40), st.integers(1, 4), st.integers(0, 300))
def test_everybody_is_called_once_and_nobody_before_the_one_in_front(sizes, many_points, opens):
    groups = [Group(f"{COMMUNITY}01{1 + n // 3:03}{1 + n % 3:02}", size) for n, size in enumerate(sizes)]
    points = [Counter(str(n), COMMUNITY, 2, 60, opens * (n == 0)) for n in range(many_points)]
    days = timetable(groups, points, Rules())
    called = [one for day in days for one in day.called]
    assert sum(one.people for one in called) == sum(sizes)
    assert len({one.code for one in called}) == len(called)
    parts = {one.code[:BUILDING] for one in called if len(one.code) > BUILDING}
    assert not parts & {one.code for one in called}
    for day, point in zip(days, points, strict=True):
        assert all(one.first >= point.from_minute and one.minute >= 0 for one in day.called)
        assert all(after.through >= before.through for before, after in pairwise(day.called))


def doors(chance: Random, many: int) -> list[Door]:
    found = []
    for number in range(many):
        house, floor = chance.randrange(30), chance.randint(1, 6)
        code = f"{COMMUNITY}{1 + house // 8:02}{1 + house % 8:03}{chance.randint(1, 3):02}{floor:02}{number % 100:02}"
        rank = chance.choices((URGENT, USUAL, LAST), (1, 16, 2))[0]
        found.append(Door(number, code, floor, chance.randint(1, 6), rank))
    return found


def test_tours_take_every_door_once_within_what_a_team_takes_on_and_the_urgent_first():
    chance = Random(3)
    asked = [
        *doors(chance, 70),
        Door(900, f"{COMMUNITY}010010101", 1, 80),
        Door(901, f"{COMMUNITY}010010102", 1, 2, not_before=7200),
    ]
    made = tours(asked, base=COMMUNITY, load=Load(30, 50), most_steps=60, seconds=20)
    visits = [visit for tour in made.tours for visit in tour.visits]
    assert sorted(visit.door.key for visit in visits) == sorted(door.key for door in asked)
    for tour in made.tours:
        assert len(tour.visits) <= 30
        assert tour.people <= 50 or [visit.door.key for visit in tour.visits] == [900]
        ranks = [visit.door.rank for visit in tour.visits]
        assert ranks == sorted(ranks)
        arrives = [visit.arrives for visit in tour.visits]
        assert arrives == sorted(arrives)
        assert tour.back >= arrives[-1] + Pace().door
    assert next(visit.arrives for visit in visits if visit.door.key == 901) >= 7200
    assert made.cost == sum(tour.back - tour.leaves for tour in made.tours)
    assert tours([], base=COMMUNITY, load=Load()).tours == ()


def test_teams_under_way_go_to_their_next_doors_and_share_what_is_left():
    """Who waits for a door waits there and nobody else for it; what nobody has room for is a further tour."""
    chance = Random(5)
    asked = doors(chance, 60)
    closed = Door(900, f"{COMMUNITY}010010101", 1, 2, not_before=9000)
    teams = [
        Team(asked[0].code, asked[0].floor, 0, tuple(asked[1:4]), Load(12, 40)),
        Team(COMMUNITY, 1, 1800, tuple(asked[4:7]), Load(12, 40)),
        Team(asked[7].code, asked[7].floor, 0, (), Load(0, 0)),
    ]
    made = onward(teams, [*asked[8:], closed], base=COMMUNITY, load=Load(30, 50), most_steps=60, seconds=20)
    went = [[visit.door for visit in one.visits] for one in made]
    assert [tuple(one[:3]) for one in went[:2]] == [team.stays for team in teams[:2]]
    assert went[2] == []
    assert sorted(door.key for one in went for door in one) == [*range(1, 7), *range(8, 60), 900]
    assert all(len(one) <= 15 for one in went[:2])
    assert len(made) > len(teams)
    for one in made:
        arrives = [visit.arrives for visit in one.visits]
        assert arrives == sorted(arrives)
        assert not arrives or one.back >= arrives[-1] + Pace().door
    assert made[1].visits[0].arrives >= 1800
    assert next(visit.arrives for one in made for visit in one.visits if visit.door.key == 900) >= 9000
    assert [tour.back for tour in onward(teams[2:], [], base=COMMUNITY, load=Load())] == [made[2].back]
