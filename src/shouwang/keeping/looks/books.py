"""Whether the books agree with what is owed: orphans, counts, accounts, what is carried."""

from collections.abc import Iterable, Iterator

from psycopg import sql

from shouwang.catalogue import DUTY_KINDS
from shouwang.duties.close import OWED_AT
from shouwang.keeping.finding import Finding, Place
from shouwang.lib.codes import COMMUNITY, UNIT, subtree

SUBJECTS = {
    "household_id": "register_household",
    "person_id": "register_person",
    "place_id": "register_place",
}
NAMING: dict[str, tuple[str, Iterable[str]]] = {
    "duties_duty": ("应办事项", SUBJECTS),
    "duties_attempt": ("没见到人的记录", SUBJECTS),
    "screening_visit": ("入户走访", ["household_id"]),
    "isolation_reading": ("体温记录", ["person_id"]),
    "testing_swab": ("采样记录", ["person_id"]),
}
COUNTED = f"""
SELECT count(*) FROM (
  SELECT left(area_code, {UNIT}) AS area_code, kind, opens_at, due_at, lapses_at, fact, count(*)::int AS amount
  FROM duties_duty GROUP BY 1, 2, 3, 4, 5, 6
) real FULL JOIN (SELECT * FROM duties_count WHERE amount <> 0) kept
  ON (real.area_code, real.kind, real.opens_at, real.due_at, real.fact)
   = (kept.area_code, kept.kind, kept.opens_at, kept.due_at, kept.fact)
  AND coalesce(real.lapses_at, 'infinity') = coalesce(kept.lapses_at, 'infinity')
WHERE real.amount IS DISTINCT FROM kept.amount
"""
BY_THE_HOUR = f"""
SELECT count(*) FROM (
  SELECT width, date_trunc('hour', event.at) AS hour, left(area_code, width) AS area_code, kind, due_at, event.fact,
    count(*)::int AS amount
  FROM duties_duty, LATERAL (VALUES
    ('owed', greatest(opens_at, booked_at)),
    (fact, duties_ended_at(fact, done_at, waived_at, missed_at, lapses_at, void_at))
  ) AS event(fact, at), (VALUES ({COMMUNITY}), ({UNIT})) AS level(width)
  WHERE event.at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
) real FULL JOIN (SELECT * FROM duties_hour WHERE amount <> 0) kept
  ON (real.width, real.hour, real.area_code, real.kind, real.due_at, real.fact)
   = (kept.width, kept.hour, kept.area_code, kept.kind, kept.due_at, kept.fact)
WHERE real.amount IS DISTINCT FROM kept.amount
"""
UNBALANCED = """
SELECT a.area_code, c.day FROM duties_account a JOIN duties_dayclose c ON c.id = a.close_id
WHERE a.carried_out <> a.carried_in + a.opened + a.moved_in + a.corrected
                       - a.done - a.late - a.waived - a.missed - a.void - a.moved_out
   OR a.carried_out < (SELECT count(*) FROM duties_carried k JOIN duties_duty d ON d.id = k.duty_id
                       WHERE k.close_id = c.id AND d.kind = a.kind)
"""
NOT_CARRIED_ON = """
WITH days AS (
  SELECT area_code, day, id, lag(id) OVER (PARTITION BY area_code ORDER BY until) AS before FROM duties_dayclose
)
SELECT d.area_code, d.day FROM days d
  JOIN duties_account was ON was.close_id = d.before
  LEFT JOIN duties_account now ON now.close_id = d.id AND now.kind = was.kind
WHERE was.carried_out <> coalesce(now.carried_in, 0)
"""
LAST_CLOSES = "SELECT DISTINCT ON (area_code) area_code, day, id, until FROM duties_dayclose ORDER BY area_code, until DESC"


def orphans(place: Place) -> Iterator[Finding]:
    """A duty or a record about somebody who is not there. The database does not check these references."""
    for table, (words, columns) in NAMING.items():
        for column in columns:
            missing = place.one(
                f"SELECT count(*) FROM {table} o WHERE o.{column} IS NOT NULL "
                f"AND NOT EXISTS (SELECT FROM {SUBJECTS[column]} s WHERE s.id = o.{column})"
            )
            if missing:
                yield _orphan(f"{missing} 条{words}说的人、户或场所已经不在底册里")
    for name, kind in DUTY_KINDS.items():
        there = f"EXISTS (SELECT FROM {kind.about} a WHERE a.id = d.about)" if kind.about else "false"
        missing = (
            "SELECT count(*) FROM duties_duty d WHERE kind = %s AND void_at IS NULL AND about IS NOT NULL "
            f"AND NOT {there}"
        )
        if lost := place.one(missing, name):
            yield _orphan(f"{lost} 条{kind.words}指着一条不存在的记录")
    if lost := place.one("SELECT count(*) FROM duties_duty WHERE kind <> ALL(%s)", list(DUTY_KINDS)):
        yield _orphan(f"{lost} 条应办事项的种类没有人认得")


def unrecorded(place: Place) -> Iterator[Finding]:
    """What counts as done was done: the record is there and was not struck out."""
    for name, kind in DUTY_KINDS.items():
        told = kind.records().order_by().values_list("subject", "about", "at", "id")
        rows, values = told.query.sql_with_params()
        missing = (
            "SELECT count(*) FROM duties_duty WHERE kind = %s AND void_at IS NULL AND done_record IS NOT NULL AND done_record"
            f" NOT IN (SELECT id FROM ({rows}) AS told(subject, about, at, id))"
        )
        if lost := place.one(missing, name, *values):
            yield Finding(
                "done_without_record",
                f"{lost} 条{kind.words}算作已办，可是找不到那条记录",
                "没做的事被当成做了",
                "请转告技术人员，并安排重新走访",
            )


def counts(place: Place) -> Iterator[Finding]:
    """The board's numbers are the duties' numbers."""
    if differ := place.one(COUNTED) + place.one(BY_THE_HOUR):
        yield Finding(
            "counts_differ",
            f"看板上有 {differ} 个数和应办事项对不上",
            "看板会说错还差多少",
            "请先备份，再转告技术人员",
        )


def accounts(place: Place) -> Iterator[Finding]:
    """Every closed day balances, and the next began where it ended."""
    for area, day in place.rows(UNBALANCED):
        yield _account(f"{area} 在 {day} 的账不平")
    for area, day in place.rows(NOT_CARRIED_ON):
        yield _account(f"{area} 在 {day} 的“上日转入”和前一天的“转次日”不一样")


def carried(place: Place) -> Iterator[Finding]:
    """What the last close carried out is what stood open then."""
    for area, day, close, until in place.rows(LAST_CLOSES):
        low, high = subtree(area)
        bounds = {"community": area, "until": until, "low": low, "high": high}
        open_then = (
            f"SELECT d.kind, count(*)::int FROM ({OWED_AT}) o JOIN duties_duty d ON d.id = o.id GROUP BY 1"
        )
        owed: dict[str, int] = dict(place.owner.execute(sql.SQL(open_then), bounds).fetchall())  # type: ignore[arg-type]
        told = dict(
            place.rows(
                "SELECT kind, carried_out FROM duties_account WHERE close_id = %s AND carried_out > 0", close
            )
        )
        if owed != told:
            yield _account(f"{area} 在 {day} 转次日的数和当时没办的事项对不上")


def _orphan(what: str) -> Finding:
    return Finding("orphans", what, "这些事永远办不完，也不知道找谁", "请先备份，再转告技术人员")


def _account(what: str) -> Finding:
    return Finding(
        "account_differs", what, "日清日结的账不能信", "请先备份，再转告技术人员；已封的账不要手改"
    )


LOOKS = (orphans, unrecorded, counts, accounts, carried)
