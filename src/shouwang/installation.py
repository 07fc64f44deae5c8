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

Say = Callable[[str], None]
DATABASE = "shouwang"


class CouldNotUpgrade(Refusal):
    code = "installation.could_not_upgrade"
    sentence = "数据表没有升级成功，原来的数据没有动。请把下面这段话转给技术人员：\n{reason}"


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

    Raises: TooPowerful when the app's account could see past row-level security, CouldNotUpgrade.
    """
    if embedded():
        _start_own(say)
    set_clock()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.settings")
    import django

    django.setup()
    from django.db import connection

    refuse_powerful(connection)
    if behind():
        say("正在准备数据表……")
        as_owner("migrate", "--verbosity", "0")


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


def as_owner(*command: str) -> None:
    """Runs one of Django's commands in a process of its own, as the role that may change tables.

    Raises: CouldNotUpgrade, NoOwner.
    """
    if not embedded() and not os.environ.get("DATABASE_OWNER_URL"):
        raise NoOwner()
    done = subprocess.run(
        [sys.executable, "-m", "django", *command],
        env={**os.environ, "SHOUWANG_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "shouwang.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CouldNotUpgrade(reason=done.stderr.strip()[-2000:])


def _start_own(say: Say) -> None:
    cluster = Cluster(data_folder())
    cluster.ensure_running(say)
    if (data_folder() / "postgres.ready").exists():
        return
    prepare(
        cluster.dsn("postgres", "postgres"),
        database=DATABASE,
        owner="shouwang_owner",
        owner_password=cluster.password("shouwang_owner"),
        app="shouwang_app",
        app_password=cluster.password("shouwang_app"),
    )
    (data_folder() / "postgres.ready").touch()
