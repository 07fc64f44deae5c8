"""Bringing an installation to life: the server runs, the roles are there, the tables are of this version.

Every command begins here, so that each works by itself on an empty data folder.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import Cluster, prepare, refuse_powerful
from shouwang.lib.postgres.processes import MAJOR, line

Say = Callable[[str], None]
DATABASE, OWNER, APP = "shouwang", "shouwang_owner", "shouwang_app"


class CouldNotUpgrade(Refusal):
    code = "installation.could_not_upgrade"
    sentence = "数据表没有升级成功，原来的数据没有动。请把下面这段话转给技术人员：\n{reason}"


class HalfDone(Refusal):
    code = "installation.half_done"
    sentence = (
        "“{folder}”里有一次没做完的{what}。请再运行一次 shouwang {command}，它会接着做完，或者从头来过。"
    )


class OlderServer(Refusal):
    code = "installation.older_server"
    sentence = "数据还是旧版数据库（PostgreSQL {found}）的。请先运行 shouwang upgrade，数据不会丢。"


class NoOwner(Refusal):
    code = "installation.no_owner"
    sentence = "数据表要升级，可是没有说用哪个账号。请设好 DATABASE_OWNER_URL 再试一次。"


def data_folder() -> Path:
    """Where this installation keeps everything."""
    return Path(os.environ.get("SHOUWANG_DATA", "var")).expanduser().resolve()


def embedded() -> bool:
    """Whether the server is our own."""
    return not os.environ.get("DATABASE_URL")


def attach(say: Say = lambda _: None) -> None:
    """Makes the installation ready and Django set up as the app role.

    Raises: TooPowerful when the app's account could see past row-level security, CouldNotUpgrade, HalfDone, OlderServer.
    """
    wake(say)
    from django.db import connection

    refuse_powerful(connection)
    if behind():
        say("正在准备数据表……")
        _bring_tables_up_to_date()


def wake(say: Say = lambda _: None) -> None:
    """The server runs and Django is set up; nothing is judged and no table is touched.

    Raises: HalfDone, OlderServer.
    """
    refuse_half_done(data_folder())
    if embedded():
        _start_own(say)
    set_clock()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.settings")
    import django

    django.setup()


def refuse_half_done(data: Path) -> None:
    """Nothing starts on an installation that a killed restore or upgrade left. Raises: HalfDone, OlderServer."""
    for draft, (command, what) in {
        "restoring": ("restore", "恢复"),
        "upgrading": ("upgrade", "升级"),
    }.items():
        if (data / draft).exists():
            raise HalfDone(folder=data, command=command, what=what)
    found = line(data / "postgres" / "PG_VERSION", 0)
    if embedded() and found and int(found) < MAJOR:
        raise OlderServer(found=found)


def set_clock() -> None:
    """In a demo it is always the same working day: every process here reads the demo's moment."""
    moment = data_folder() / "demo.json"
    if moment.exists():
        from shouwang.demo.moment import clock_offset
        from shouwang.lib.clock import now

        os.environ["SHOUWANG_DEMO"] = "1"
        if "SHOUWANG_CLOCK" not in os.environ:
            os.environ["SHOUWANG_CLOCK"] = clock_offset(data_folder(), now=now())


def behind() -> bool:
    """Whether the tables are older than this version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _bring_tables_up_to_date() -> None:
    """In a process of its own, as the role that may change tables.

    Raises: CouldNotUpgrade, NoOwner.
    """
    if not embedded() and not os.environ.get("DATABASE_OWNER_URL"):
        raise NoOwner()
    done = subprocess.run(
        [sys.executable, "-m", "shouwang.laying"],
        env={**os.environ, "SHOUWANG_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "shouwang.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CouldNotUpgrade(reason=done.stderr.strip()[-2000:])


def prepare_own(cluster: Cluster) -> None:
    """Makes the two roles and the empty database on an embedded server, once."""
    if (cluster.data / "postgres.ready").exists():
        return
    prepare(
        cluster.dsn("postgres", "postgres"),
        database=DATABASE,
        owner=OWNER,
        owner_password=cluster.password(OWNER),
        app=APP,
        app_password=cluster.password(APP),
    )
    (cluster.data / "postgres.ready").touch()


def _start_own(say: Say) -> None:
    cluster = Cluster(data_folder())
    cluster.ensure_running(say)
    prepare_own(cluster)
