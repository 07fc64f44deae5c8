"""An invented town written into the register as the import writes it, but many rows at once and without history."""

from collections.abc import Iterable, Iterator, Sequence

import psycopg
from django.conf import settings

from bench.district import MORNING
from bench.town import Home, Resident, Town
from shouwang.lib.identity import check_id_number
from shouwang.lib.sealing import Sealer, sealer
from shouwang.register.finding.sealed import match_digests
from shouwang.register.importing.residents import Resident as Row
from shouwang.register.importing.storing import person_values

HOUSEHOLD = "id, area_code, kept_id, added_at, compound, building, unit, floor, room, landlord_sealed, note"
PERSON = (
    "id, area_code, kept_id, added_at, household_id, name, name_key, relation, sex, born_on, id_kind, id_sealed, id_digest,"
    " id_mask, phones_sealed, phone_digests, phone_mask, match_digests, category, from_place, helps, help_note, note,"
    " left_reason"
)
TABLES = ("register_area", "register_household", "register_person")


def settle(towns: Iterable[Town], connection: psycopg.Connection) -> int:
    """Writes towns one after the other, as the owner of the tables. Returns how many people."""
    keys, count = sealer(settings.SEALING_KEY_FILE), 0
    for table in TABLES:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for town in towns:
        _areas(connection, town)
        _copy(connection, "register_household", HOUSEHOLD, (_household(home) for home in town.homes))
        _copy(connection, "register_person", PERSON, _people(town, keys))
        count += len(town.people)
    for table in TABLES:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute(f"ANALYZE {table}")
    return count


def clear(connection: psycopg.Connection) -> None:
    """Empties the register."""
    connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def _areas(connection: psycopg.Connection, town: Town) -> None:
    compounds = {home.code[:14]: home.compound for home in town.homes}
    lines = [
        (town.code, "community", town.name),
        *((code, "compound", name) for code, name in compounds.items()),
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO register_area (code, level, label) VALUES (%s, %s, %s)", lines)


def _household(home: Home) -> Sequence[object]:
    return (
        home.id, home.code, home.id, MORNING, home.compound, home.building, home.unit, "", home.room, b"", ""
    )  # fmt: skip


def _people(town: Town, keys: Sealer) -> Iterator[Sequence[object]]:
    for person in town.people:
        yield _person(person, keys)


def _person(person: Resident, keys: Sealer) -> Sequence[object]:
    home, number = person.home, check_id_number(person.registered_number)
    assert home is not None
    row = Row(
        "",
        0,
        person.registered_name,
        "户主" if home.people[0] is person else "",
        person.sex,
        number.born_on,
        number,
    )
    row.sure, row.phones = bool(number.valid), (person.phone,) if person.phone else ()
    values = person_values(row, keys)
    digests = match_digests(values, number.value, home.door, keys)
    return (
        person.id, home.code, person.id, MORNING, home.id, row.name, values["name_key"], row.relation, row.sex,
        values["born_on"], values["id_kind"], values["id_sealed"], values["id_digest"], values["id_mask"],
        values["phones_sealed"], values["phone_digests"], values["phone_mask"], digests, "", "", [], "", "", "",
    )  # fmt: skip


def _copy(connection: psycopg.Connection, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
