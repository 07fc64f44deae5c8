"""Invented towns, rows damaged by chance: nobody wrong is ever found, an exact copy always is, and order is nothing."""

from random import Random

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.pushed import Pushed, Sender
from bench.settled import settle
from bench.town import Founder, Resident, Town
from shouwang.access.scope import scope
from shouwang.register.matching import Match, Written, match
from tests.conftest import Sweeper

COMMUNITY = "990101001001"
seldom = settings(max_examples=4)


def settled(seed: int, sweeper: Sweeper, owner: psycopg.Connection, people: int = 250) -> Town:
    sweeper.sweep()
    town = Founder(seed).town(people, COMMUNITY)
    settle([town], owner)
    return town


def answers(rows: list[Written]) -> dict[int, Match]:
    with scope([COMMUNITY]):
        return {answer.number: answer for answer in match(rows, areas=[COMMUNITY])}


def wrong(pushed: list[Pushed], found: dict[int, Match]) -> list[tuple[Pushed, Match]]:
    answered = [(one, found[one.row.number]) for one in pushed]
    return [
        (one, answer)
        for one, answer in answered
        if answer.outcome == "found" and answer.candidates[0].person != one.person
    ]


@given(town_seed=st.integers(1, 10**6), list_seed=st.integers(1, 10**6))
@seldom
def test_no_damaged_row_finds_somebody_wrong_in_whatever_order(
    database: None, sweeper: Sweeper, owner: psycopg.Connection, town_seed: int, list_seed: int
) -> None:
    town = settled(town_seed, sweeper, owner)
    pushed = Sender(town, list_seed).rows(400)
    rows = [one.row for one in pushed]
    found = answers(rows)
    assert wrong(pushed, found) == []
    Random(list_seed).shuffle(rows)
    assert answers(rows) == found


@given(seed=st.integers(1, 10**6))
@seldom
def test_an_exact_copy_is_found_or_asked_where_a_twin_row_exists(
    database: None, sweeper: Sweeper, owner: psycopg.Connection, seed: int
) -> None:
    town = settled(seed, sweeper, owner)
    found = answers([copied(person) for person in town.people])
    alike = Random(seed).sample(town.people, 10)
    for person in town.people:
        assert (found[person.id].outcome, found[person.id].candidates[0].person) == ("found", person.id)
    written_twice(alike, owner)
    found = answers([copied(person) for person in alike])
    for person in alike:
        first, second = found[person.id].candidates[:2]
        assert found[person.id].outcome == "candidates"
        assert {first.person, second.person} == {person.id, person.id + TWICE}


TWICE = 1_000_000


def copied(person: Resident) -> Written:
    """A row that says just what the register says."""
    home = person.home
    assert home is not None
    phones = (person.phone,) if person.phone else ()
    return Written(
        person.id,
        person.name,
        person.registered_number,
        phones,
        person.sex,
        address=f"{home.compound}{home.door}",
    )


def written_twice(people: list[Resident], owner: psycopg.Connection) -> None:
    """The same people once more, in rows of their own that nobody has merged."""
    columns = "area_code, added_at, household_id, name, name_key, relation, sex, born_on, id_kind, id_sealed, id_digest"
    columns += (
        ", id_mask, phones_sealed, phone_digests, phone_mask, match_digests, category, from_place, helps"
    )
    columns += ", help_note, note, left_reason"
    owner.execute(
        f"INSERT INTO register_person (id, {columns}) SELECT id + %s, {columns} FROM register_person WHERE id = ANY(%s)",
        [TWICE, [person.id for person in people]],
    )
