"""One real database for each process of the run. Tests act as the app role, under row-level security, in real transactions.

Tables are made by the owner role. After each test that touched the database every table is emptied, which also shows a
forgotten scope: nothing is hidden by a rollback. A whole run is shared by two processes, file by file; each has
a data folder of its own, and an embedded server, or on a given server a database and roles. Whoever runs one file
again and again names a folder in SHOUWANG_TESTS_KEEP: the tables stay there between runs.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.conf import settings
from django.test.utils import setup_test_environment
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from tests.world import World

_folder = tempfile.TemporaryDirectory(prefix="sw")
_kept = os.environ.get("SHOUWANG_TESTS_KEEP", "") if "PYTEST_XDIST_WORKER" not in os.environ else ""
DATA = Path(_kept or _folder.name)
_outside = os.environ.get("DATABASE_URL", "")
os.environ["SHOUWANG_DATA"] = str(DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.settings"
os.environ.pop("SHOUWANG_CLOCK", None)

from shouwang import installation  # noqa: E402
from shouwang.lib.postgres import Cluster, prepare  # noqa: E402

# A machine that is busy with something else fails nothing.
hypothesis.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis.load_profile("untimed")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
DATABASE = "_".join(filter(None, ("shouwang_test", WORKER)))
OWNER, APP = f"{DATABASE}_owner", f"{DATABASE}_app"
# The example workbooks lie beside the repository, not in it. Tests that read them stand in files of this name.
EXAMPLES, THEIR_TESTS = Path(__file__).resolve().parents[2] / "shared" / "data", "test_shared_*.py"
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission", "plans_planversion")
SEQUENCES = (
    "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND sequencename NOT LIKE ALL (%s)"
)
FROM_ONE = "SELECT setval(name::regclass, 1, false) FROM unnest(%s::text[]) name"


# These files take longest: they are handed out first, or one process would end alone with one of them.
LONGEST = (
    "browser/test_tutorial.py", "desk/test_bad_input.py", "keeping/test_upgrade.py", "keeping/test_killed.py",
    "browser/test_accessible.py", "stories/test_the_end.py", "desk/test_doors.py", "keeping/test_backup.py",
    "stories/test_round_of_everybody.py", "stories/test_lists.py", "stories/test_a_list_of_764.py", "browser/test_gate.py",
    "browser/test_moments.py", "duties/test_any_order.py", "matching/test_any_damage.py", "stories/test_sixteen_days.py",
    "browser/test_field_faults.py", "browser/test_table.py", "browser/test_field.py", "browser/test_photos.py", "browser/test_reports.py",
    "stories/test_a_list_again.py", "demo/test_made.py", "browser/test_living.py", "browser/test_door.py",
)  # fmt: skip


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite keeps two cores busy; for a few files a second server would cost more than it saves."""
    return 2 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


def pytest_configure(config: pytest.Config) -> None:
    """The server runs and the tables are there before Django is asked anything."""
    if config.getoption("dist") != "no" and not (WORKER or config.option.collectonly):
        return  # this process only hands the files out
    cluster = None if _outside else Cluster(DATA)
    if cluster:
        cluster.ensure_running()
    admin = _outside or cluster.dsn("postgres", "postgres")  # type: ignore[union-attr]
    with psycopg.connect(admin, autocommit=True) as connection:
        if cluster:  # what a power cut would lose may be lost here
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        if not _kept:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    prepare(admin, database=DATABASE, owner=OWNER, owner_password="owner", app=APP, app_password="app")
    known = conninfo_to_dict(admin)
    for name, role, password in (("DATABASE_OWNER_URL", OWNER, "owner"), ("DATABASE_URL", APP, "app")):
        os.environ[name] = make_conninfo(**{**known, "dbname": DATABASE, "user": role, "password": password})
    config.stash[STOP], config.stash[ADMIN] = cluster, admin
    installation.attach()
    setup_test_environment()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # real ones are slow on purpose


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Where the example workbooks are not there, their tests are left out, and the last lines say so."""
    return True if collection_path.match(THEIR_TESTS) and not EXAMPLES.is_dir() else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first. Where there is no Chromium its tests are skipped; in CI a skipped test is a failure."""
    place = {Path(__file__).parent / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))
    if not Path("/usr/bin/chromium").exists():
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what was left out."""
    if not EXAMPLES.is_dir():
        terminalreporter.line(f"Left out: {THEIR_TESTS}. Their workbooks are not in ../shared/data.")


STOP, ADMIN = pytest.StashKey[Cluster | None](), pytest.StashKey[str]()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the server that this run started."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
        connection.close_pool()
    cluster = config.stash.get(STOP, None)
    if cluster:
        cluster.stop()
    _folder.cleanup()


@pytest.fixture(scope="session")
def admin_dsn(pytestconfig: pytest.Config) -> str:
    """The server's admin: for making roles and databases, never for what is tested."""
    return pytestconfig.stash[ADMIN]


@pytest.fixture(scope="session")
def owner() -> Iterator[psycopg.Connection]:
    """A connection as the role that owns the tables: for looking past the scope and breaking things, never for what is tested."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


@dataclass(frozen=True)
class Sweeper:
    """Empties the tables. Triggers stay asleep meanwhile: rows are taken out in no order, and truncating takes long."""

    admin: psycopg.Connection
    tables: list[str]
    sequences: list[str]

    def sweep(self) -> None:
        """Only what holds anything is touched; numbers begin at one again."""
        looks = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in self.tables
        )
        filled = [name for (name,) in self.admin.execute(looks).fetchall()]
        self.admin.execute(";".join(f"DELETE FROM {name}" for name in filled))
        self.admin.execute(FROM_ONE, [self.sequences])


@pytest.fixture(scope="session")
def sweeper(admin_dsn: str) -> Iterator[Sweeper]:
    """The server's admin with a broom."""
    asleep = make_conninfo(admin_dsn, dbname=DATABASE, options="-c session_replication_role=replica")
    with psycopg.connect(asleep, autocommit=True) as admin:
        tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        counters = admin.execute(SEQUENCES, [[f"{name}%" for name in KEPT_TABLES]]).fetchall()
        names = sorted(name for (name,) in tables if name not in KEPT_TABLES)
        broom = Sweeper(admin, names, [name for (name,) in counters])
        if _kept:
            broom.sweep()  # what a run that was broken off left behind
        yield broom


@pytest.fixture
def database(sweeper: Sweeper) -> Iterator[None]:
    """For tests that write: the database is emptied afterwards."""
    yield
    sweeper.sweep()


@pytest.fixture
def world(database: None) -> World:
    """The cast, on the morning of 21 April 2022."""
    from tests.world import build

    return build()
