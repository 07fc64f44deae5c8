"""The demo town on paper: exact numbers, people who cannot exist, a moment that is always a working afternoon."""

from datetime import date, datetime, timedelta

import pytest

from shouwang.demo.buildings import COMPOUNDS
from shouwang.demo.families import SEED, families
from shouwang.demo.invented import Inventor
from shouwang.demo.moment import clock_offset, moment_on, remember, remembered, working_day
from shouwang.demo.population import HELPERS, HOUSEHOLDS, PEOPLE
from shouwang.demo.staff import staff
from shouwang.lib.clock import ZONE
from shouwang.lib.identity import check_id_number

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def homes():
    return families(HOUSEHOLDS, PEOPLE, Inventor(SEED, TODAY))


def test_the_town_has_exactly_its_size(homes):
    assert len({home.door.compound for home in homes}) == 13
    assert len({home.door for home in homes}) == len(homes) == 4812
    assert sum(len(home.members) for home in homes) == 12_500


def test_nobody_in_it_can_exist(homes):
    members = [member.who for home in homes for member in home.members]
    assert len({who.id_number for who in members}) == len({who.phone for who in members}) == 12_500
    assert all(who.id_number.startswith("69") and check_id_number(who.id_number).valid for who in members)
    assert all(who.phone[3:7] == "0000" for who in members)


def test_the_same_seed_makes_the_same_people(homes):
    again = families(HOUSEHOLDS, PEOPLE, Inventor(SEED, TODAY))
    assert [home.members for home in again] == [home.members for home in homes]


@pytest.mark.parametrize(
    ("what", "is_so"),
    [
        ("an empty door", lambda home: not home.members),
        ("an old person alone", lambda home: home.kind == "old" and len(home.members) == 1),
        ("tenants with a landlord", lambda home: home.kind == "tenants" and home.landlord),
        ("children", lambda home: any(member.relation == "子女" for member in home.members)),
        ("a villa", lambda home: home.door.building.startswith("别墅")),
        ("a shop on the ground floor", lambda home: home.door.room.startswith("门面")),
        ("a basement", lambda home: home.door.floor == "-1"),
        ("a door with a letter", lambda home: home.door.room.endswith("A")),
        ("a building without units", lambda home: home.door.unit == "" and home.door.floor == "3"),
        ("a building with units", lambda home: home.door.unit == "2"),
    ],
)
def test_it_has_what_real_towns_have(homes, what, is_so):
    assert any(map(is_so, homes)), what


@pytest.mark.parametrize("households", [40, 96, 481])
def test_smaller_towns_are_exact_too(households):
    homes = families(households, households * 5 // 2, Inventor(SEED, TODAY))
    assert len({home.door for home in homes}) == len(homes) == households
    assert sum(len(home.members) for home in homes) == households * 5 // 2
    assert len({home.door.compound for home in homes}) == len(COMPOUNDS)


def test_all_posts_are_filled_from_one_roster_and_some_buildings_have_nobody(homes):
    town = staff([home.door for home in homes], HELPERS, Inventor(SEED, TODAY))
    assert len(town.hands) == len({hand.phone for hand in town.hands}) == 158
    leads = [post.building_lead for post in town.posts]
    assert 0 < leads.count(None) < len(leads) // 10
    assert {hand for hand in leads if hand} <= set(town.hands)


@pytest.mark.parametrize("days", range(14))
def test_the_moment_is_half_past_two_on_a_working_day_never_later_than_today(days):
    now = datetime(2026, 11, 16, 3, 20, tzinfo=ZONE) + timedelta(days=days)
    day = working_day(now)
    assert day.weekday() < 5
    assert timedelta() <= now.date() - day <= timedelta(days=2)
    assert (moment_on(day).hour, moment_on(day).minute) == (14, 30)


def test_the_clock_is_moved_to_the_moment_that_the_folder_remembers(tmp_path):
    now = datetime(2026, 11, 22, 3, 0, tzinfo=ZONE)
    assert remembered(tmp_path) is None
    assert clock_offset(tmp_path, now=now) == ""
    remember(tmp_path, moment_on(working_day(now)))
    assert now + timedelta(seconds=float(clock_offset(tmp_path, now=now))) == moment_on(date(2026, 11, 20))
