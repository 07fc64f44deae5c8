"""A district of a million households, made by the owner of the tables in a few statements: 80 communities."""

from datetime import datetime, timedelta

import psycopg

from bench.scratch import say, size
from shouwang import installation
from shouwang.lib.clock import ZONE
from shouwang.lib.postgres import Cluster

DISTRICT = "990102"
FIRST_COMMUNITY = "990102001001"
COMMUNITIES = 80
MORNING = datetime(2026, 11, 20, 7, 30, tzinfo=ZONE)
NOON = MORNING + timedelta(hours=5)
EVENING = MORNING + timedelta(hours=13)

# 12 digits of the community, 2 of the compound, 3 of the building, 2 of the unit, 4 of the door.
DOORS = """
  SELECT n, '990102' || lpad((1 + community / 10)::text, 3, '0') || lpad((1 + mod(community, 10))::text, 3, '0')
         || lpad((1 + door / 2500)::text, 2, '0') || lpad((1 + mod(door, 2500) / 100)::text, 3, '0')
         || lpad((1 + mod(door, 100) / 25)::text, 2, '0') || lpad((1 + mod(door, 25))::text, 4, '0') AS code, door
  FROM (SELECT n, (n - 1) / %(each)s AS community, mod(n - 1, %(each)s) AS door
        FROM generate_series(1, %(size)s) AS n) AS all_doors
"""
AREAS = (
    """
INSERT INTO register_area (code, level, label)
SELECT DISTINCT left(code, 12), 'community', '社区' || left(code, 12) FROM (
"""
    + DOORS
    + ") AS doors"
)
HOUSEHOLDS = (
    """
INSERT INTO register_household
  (id, area_code, kept_id, added_at, compound, building, unit, floor, room, landlord_sealed, note)
SELECT n, code, n, %(at)s, '小区' || door / 2500, mod(door, 2500) / 100, mod(door, 100) / 25, mod(door, 25) / 4,
       mod(door, 25), '', '' FROM (
"""
    + DOORS
    + ") AS doors ORDER BY n"
)
PEOPLE = """
INSERT INTO register_person (id, area_code, kept_id, added_at, household_id, name, name_key, relation, sex, id_kind,
  id_sealed, id_digest, id_mask, phones_sealed, phone_digests, phone_mask, match_digests, category, from_place, helps,
  help_note, note, left_reason)
SELECT id, area_code, id, added_at, id, NAME, '', '', '', '', '', '', '', '{}', '{}', '', '{}', '', '', '{}', '',
       '', ''
FROM register_household ORDER BY id
"""
SEEN = """
UPDATE duties_duty SET changed_at = seen, done_at = seen, done_record = gen_random_uuid() FROM (
  SELECT id AS duty, %(morning)s + interval '1 hour' * (mod(household_id / 25, 5) * 2 + mod(household_id, 2)) AS seen
  FROM duties_duty WHERE mod(household_id, 10) > 0
) AS day WHERE id = duty
"""
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静秀强磊军洋勇艳杰娟涛明超兰霞平刚桂"


def installed() -> None:
    """The scratch installation is there, Django is set up as the app role."""
    installation.attach(say)


def owner() -> psycopg.Connection:
    """A connection as the role that owns the tables; row-level security does not bind it."""
    cluster = Cluster(installation.data_folder())
    return psycopg.connect(cluster.dsn("shouwang_owner", installation.DATABASE), autocommit=True)


def make_households() -> int:
    """The doors of the district. Returns how many."""
    say(f"making {size():,} households in {COMMUNITIES} communities")
    values = {"size": size(), "each": -(-size() // COMMUNITIES), "at": MORNING - timedelta(days=9)}
    with owner() as connection:
        _fill(connection, "register_area", AREAS, values)
        _fill(connection, "register_household", HOUSEHOLDS, values)
    return size()


def _fill(connection: psycopg.Connection, table: str, statement: str, values: dict[str, object]) -> None:
    """Writes rows without their history, which is not what is measured."""
    connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    connection.execute(statement, values)
    connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.execute(f"ANALYZE {table}")


def open_round() -> int:
    """A round over the whole district, as the app role inside its scope. Returns how many owe."""
    from shouwang.access.scope import scope
    from shouwang.duties.windows import Window
    from shouwang.lib.clock import day_end
    from shouwang.screening import actions

    window = Window(MORNING, day_end(MORNING))
    with scope([DISTRICT]):
        _, planned = actions.open_round(
            DISTRICT, kind="screening.visit", title="全区入户", window=window, by=None, at=MORNING
        )
    return planned


def let_a_day_go_by() -> None:
    """Nine doors of ten are seen, those of a unit in two of the hours of the day."""
    with owner() as connection:
        connection.execute(SEEN, {"morning": MORNING})


def count_duties() -> None:
    """The database counts its tables, as it does by itself within a minute."""
    with owner() as connection:
        connection.execute("ANALYZE duties_duty, duties_count, screening_visit")


def name_of_row() -> str:
    """An SQL expression that gives each row one of 4,840 names of three characters."""
    drawn = ((SURNAMES, 1), (GIVEN, len(SURNAMES)), (GIVEN, len(SURNAMES) * len(GIVEN)))
    return " || ".join(
        f"substr('{signs}', 1 + mod(id / {step}, {len(signs)})::int, 1)" for signs, step in drawn
    )


def make_people() -> None:
    """One person behind each door."""
    say(f"making {size():,} people")
    with owner() as connection:
        _fill(connection, "register_person", PEOPLE.replace("NAME", name_of_row()), {})
