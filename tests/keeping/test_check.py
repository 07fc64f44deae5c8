"""`check` finds nothing on a healthy street, and just the one thing that was broken on any other."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import scope
from shouwang.catalogue import ANSWERS
from shouwang.duties.windows import Window
from shouwang.flows.end_of_day import close_day
from shouwang.keeping.checking import check
from shouwang.keeping.finding import Place
from shouwang.lib.clock import now
from shouwang.lib.sealing import sealer
from shouwang.register.intake.files import import_workbook
from shouwang.screening.actions import Seen, open_round, record_attempt, record_visits
from tests.conftest import APP, DATABASE, OWNER
from tests.world import MORNING, XIANGYUN, World, at

SHEET = "小区,楼号,单元,门牌号,姓名,与户主关系\n电力楼院,1,1,101,住户1,户主\n".encode()


@pytest.fixture
def place(world: World, data: Path, owner: psycopg.Connection) -> Place:
    """The street at work: a round, visits, an attempt, two closed days, a workbook, a sealed number, a backup."""
    moment = now()
    with scope([""]):
        person = world.doors["电力楼院 1-1-101"].people.get()
        person.id_sealed = sealer(data / "secrets" / "sealing.key").seal("999999196205210014")
        person.save()
        window = Window(at(21, 9), at(22, 0))
        open_round(XIANGYUN, kind="screening.visit", title="走访", window=window, by=None, at=MORNING)
        seen = [Seen(row, at(21, 10)) for row in world.ids("电力楼院 1-1-101", "电力楼院 1-1-102")]
        record_visits(seen, by=None, at=at(21, 10))
        door = world.ids("电力楼院 1-1-201")[0]
        record_attempt(door, outcome="no_answer", tried_at=at(21, 11), hours=(), by=None, at=at(21, 11))
        for day in (21, 22):
            close_day(XIANGYUN, at(day, 8).date(), now=at(day, 23), by=None, answers=ANSWERS)
        import_workbook(SHEET, "祥云社区_底册.csv", community=XIANGYUN, by=None, at=at(22, 23))
        audit("keeping.backup", at=moment)
    return Place(data, owner, connection, moment)


def found(place: Place) -> list[str]:
    with scope([""]):
        return [finding.code for finding in check(place)]


def test_a_healthy_street(place: Place) -> None:
    assert found(place) == []


ROW = "(SELECT min(id) FROM {})"
BROKEN = {
    "a table without protection": (
        "ALTER TABLE register_person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE register_person ENABLE ROW LEVEL SECURITY",
        "not_protected",
    ),
    "a protected table without its policy": (
        "CREATE TABLE left_open (area_code text); ALTER TABLE left_open ENABLE ROW LEVEL SECURITY",
        "DROP TABLE left_open",
        "not_protected",
    ),
    "tables of an earlier version": (
        "CREATE TABLE aside AS SELECT * FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations);"
        "DELETE FROM django_migrations WHERE id IN (SELECT id FROM aside)",
        "INSERT INTO django_migrations OVERRIDING SYSTEM VALUE SELECT * FROM aside; DROP TABLE aside",
        "tables_behind",
    ),
    "a duty about nobody": (
        f"UPDATE duties_duty SET household_id = -1 WHERE id = {ROW.format('duties_duty')}",
        "",
        "orphans",
    ),
    "an attempt about nobody": ("UPDATE duties_attempt SET household_id = -1", "", "orphans"),
    "a duty about nothing": (
        f"UPDATE duties_duty SET about = gen_random_uuid() WHERE id = {ROW.format('duties_duty')}",
        "",
        "orphans",
    ),
    "done, and the visit gone": (
        "DELETE FROM screening_visit WHERE id = (SELECT done_record FROM duties_duty WHERE done_at IS NOT NULL LIMIT 1)",
        "",
        "done_without_record",
    ),
    "done, and the visit struck out": (
        "UPDATE screening_visit SET void_at = now() "
        "WHERE id = (SELECT done_record FROM duties_duty WHERE done_at IS NOT NULL LIMIT 1)",
        "",
        "done_without_record",
    ),
    "a count that is one too many": (
        f"UPDATE duties_count SET amount = amount + 1 WHERE id = {ROW.format('duties_count')}",
        "",
        "counts_differ",
    ),
    "a count that is gone": (
        f"DELETE FROM duties_count WHERE id = {ROW.format('duties_count')}",
        "",
        "counts_differ",
    ),
    "an account that does not balance": (
        "ALTER TABLE duties_account DROP CONSTRAINT account_balances; UPDATE duties_account SET waived = waived + 1 "
        "WHERE close_id = (SELECT min(id) FROM duties_dayclose)",
        "TRUNCATE duties_account; ALTER TABLE duties_account ADD CONSTRAINT account_balances CHECK (carried_out = "
        "((((((((((carried_in + opened) + moved_in) + corrected) - done) - late) - waived) - missed) - void) - moved_out)))",
        "account_differs",
    ),
    "a day that began with another number": (
        "UPDATE duties_account SET carried_in = carried_in + 1, waived = waived + 1 "
        "WHERE close_id = (SELECT max(id) FROM duties_dayclose)",
        "",
        "account_differs",
    ),
    "a workbook of which only the line is left": (
        "UPDATE register_upload SET stored = '1999/01/none.csv'",
        "",
        "uploads_missing",
    ),
    "a record from tomorrow": (
        "UPDATE screening_visit SET recorded_at = now() + interval '1 day'",
        "",
        "clock",
    ),
    "no backup": ("DELETE FROM access_audit WHERE action = 'keeping.backup'", "", "backup_old"),
    "an old backup": (
        "UPDATE access_audit SET at = now() - interval '3 days' WHERE action = 'keeping.backup'",
        "",
        "backup_old",
    ),
    "a job whose worker died": (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'x', 'doing')",
        "",
        "jobs_stalled",
    ),
    "a job for which nobody came": (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) "
        "VALUES ('default', 'x', now() - interval '2 hours')",
        "",
        "jobs_waiting",
    ),
    "a rule without its table": (
        "ALTER TABLE register_notthesame RENAME TO aside",
        "ALTER TABLE aside RENAME TO register_notthesame",
        "retention_names_no_table",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_thing_broken_in_the_database(place: Place, name: str) -> None:
    breaking, mending, code = BROKEN[name]
    place.owner.execute(breaking)  # type: ignore[arg-type]
    try:
        assert set(found(place)) == {code}
    finally:
        place.owner.execute(mending)  # type: ignore[arg-type]


@pytest.fixture
def admin(admin_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(make_conninfo(admin_dsn, dbname=DATABASE), autocommit=True) as connected:
        yield connected


def test_an_account_that_sees_everything(place: Place, admin: psycopg.Connection) -> None:
    admin.execute(f"ALTER ROLE {APP} BYPASSRLS")
    try:
        assert found(place) == ["role_too_powerful"]
    finally:
        admin.execute(f"ALTER ROLE {APP} NOBYPASSRLS")


def test_an_account_that_owns_a_table(place: Place, admin: psycopg.Connection) -> None:
    admin.execute(f"GRANT CREATE ON SCHEMA public TO {APP}")
    admin.execute(f"ALTER TABLE register_sheetshape OWNER TO {APP}")
    try:
        assert found(place) == ["app_owns_tables"]
    finally:
        admin.execute(f"ALTER TABLE register_sheetshape OWNER TO {OWNER}")
        admin.execute(f"REVOKE CREATE ON SCHEMA public FROM {APP}")
        admin.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON register_sheetshape TO {APP}")


@pytest.fixture
def kept(data: Path) -> Iterator[Callable[[Path], Path]]:
    """Puts back, content and rights, what a test breaks."""
    before: list[tuple[Path, bytes, int]] = []

    def keep(file: Path) -> Path:
        before.append((file, file.read_bytes(), stat.S_IMODE(file.stat().st_mode)))
        return file

    yield keep
    for file, content, mode in before:
        file.write_bytes(content)
        file.chmod(mode)


def test_keys(place: Place, kept: Callable[[Path], Path]) -> None:
    key = kept(place.data / "secrets" / "sealing.key")
    key.chmod(0o640)
    assert found(place) == ["key_open"]
    key.chmod(0o600)
    key.write_bytes(bytes(64))
    assert found(place) == ["key_unusable"]
    web = kept(place.data / "secrets" / "web.key")
    key.write_bytes(key.read_bytes()[:10])
    assert set(found(place)) == {"key_unusable"}
    web.unlink()
    assert len(found(place)) == 3


def test_a_workbook_that_was_changed(place: Place) -> None:
    stored = place.one("SELECT stored FROM register_upload")
    (place.data / "uploads" / stored).write_bytes("小区,姓名\n".encode())
    assert found(place) == ["uploads_missing"]
    (place.data / "uploads" / stored).write_bytes(SHEET)
    assert found(place) == []


def test_a_folder_that_others_enter(place: Place) -> None:
    place.data.chmod(0o755)
    try:
        assert found(place) == ["folder_open"]
    finally:
        place.data.chmod(0o700)


def test_little_room(place: Place) -> None:
    assert found(replace(place, room_bytes=10**18)) == ["disk_nearly_full"]


@pytest.mark.parametrize("off", [timedelta(minutes=6), timedelta(days=-1)])
def test_a_clock_that_is_wrong(place: Place, off: timedelta) -> None:
    moment: datetime = place.now + off
    with scope([""]):
        audit("keeping.backup", at=moment)
    assert set(found(replace(place, now=moment))) == {"clock"}


def test_a_clock_that_somebody_shifted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_CLOCK", "+10")
    assert found(place) == ["clock"]


def test_a_demo_s_account_in_a_real_community(place: Place) -> None:
    User.objects.create_user("demo", settings.DEMO_PASSWORD, name="演示", created_at=MORNING)
    assert found(place) == ["demo_mixed"]


def test_a_real_community_in_a_demo(place: Place) -> None:
    marker = place.data / "demo.json"
    marker.write_text("{}")
    try:
        assert found(place) == ["demo_mixed"]
    finally:
        os.unlink(marker)
