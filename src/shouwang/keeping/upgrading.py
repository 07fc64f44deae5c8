"""Moving the data of an older PostgreSQL to the one that comes with this version, without losing the old before the new is proven."""

import shutil
from pathlib import Path

import psycopg

from shouwang import installation
from shouwang.keeping.backing_up import Say
from shouwang.keeping.database import access_to_own
from shouwang.keeping.draft import UPGRADING, begin, clear, is_whole, mark_whole, move_in
from shouwang.keeping.dumping import Step, load, snapshot
from shouwang.keeping.manifest import DUMP, PLAIN, measure, tables
from shouwang.keeping.writing import room_in
from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.processes import MAJOR, OLDER_BINARIES, line, program

ASIDE = "postgres.before"
DEBIAN = "/usr/lib/postgresql/{major}/bin/postgres"
OWN_SECRETS = ("postgres", installation.OWNER, installation.APP)


class NoOlderPrograms(Refusal):
    code = "keeping.no_older_programs"
    sentence = "数据是 PostgreSQL {found} 写的，这台电脑上没有它的程序，读不了。数据没有动。请装上 postgresql-{found}，再试一次。"


class NotTheSame(Refusal):
    code = "keeping.not_the_same"
    sentence = "新数据库和旧的对不上：{table}。旧的还在，没有动。请转告技术人员。"


class FromTheFuture(Refusal):
    code = "keeping.server_from_the_future"
    sentence = "数据是 PostgreSQL {found} 写的，比守望带的（{ours}）新。请换回写它的那个版本，或者升级守望。"


def move_server(data: Path, *, say: Say, step: Step) -> tuple[int, int] | None:
    """Brings the embedded server's data to the present major version; nothing happens when they are there already.

    Returns the major versions before and after. A killed upgrade is taken up where it can be, or begun again.
    Raises: NoOlderPrograms, FromTheFuture, DiskFull, ProgramFailed; then the old data is as it was.
    """
    draft = data / UPGRADING
    if is_whole(draft):
        say("接着做完上一次的升级……")
        return _swap(data, say)
    found = _major(data / "postgres")
    if found in (0, MAJOR):
        clear(draft)
        return None
    if found > MAJOR:
        raise FromTheFuture(found=found, ours=MAJOR)
    old = Cluster(data, _older_program(found))
    try:
        with room_in(data):
            _build(old, begin(draft), say, step)
    except BaseException:
        clear(draft)
        raise
    return _swap(data, say)


def _build(old: Cluster, draft: Path, say: Say, step: Step) -> None:
    """The same data under the new server, in the draft."""
    old.ensure_running(say)
    try:
        say("正在从旧数据库导出……")
        access = access_to_own(old)
        with snapshot(access) as held, open(draft / DUMP, "wb") as out:
            measured = held.measured(step)
            held.dump(out)
    finally:
        old.stop()
    new = Cluster(draft)
    (draft / "secrets").mkdir(mode=0o700)
    for name in OWN_SECRETS:
        shutil.copy2(old.data / "secrets" / name, draft / "secrets" / name)
    say("正在建立新数据库……")
    new.ensure_running()
    try:
        installation.prepare_own(new)
        load(draft / DUMP, access_to_own(new), measured=measured, owner=access.owner, app=access.app)
    finally:
        new.stop()
    (draft / "measured").write_text("\n".join(f"{told} {table}" for table, told in measured.items()))
    mark_whole(draft)


def _swap(data: Path, say: Say) -> tuple[int, int]:
    """The new folder takes the old one's place; the old one goes when the new one has shown everything again."""
    draft, present, aside = data / UPGRADING, data / "postgres", data / ASIDE
    if (draft / "postgres").exists() and present.exists():
        present.rename(aside)
    before = _major(aside)
    if (draft / "postgres").exists():
        (draft / "postgres").rename(present)
    cluster = Cluster(data)
    cluster.ensure_running(say)
    say("正在核对新数据库……")
    _compare(cluster, (draft / "measured").read_text())
    move_in(draft, data)
    shutil.rmtree(aside, ignore_errors=True)
    return before, MAJOR


def _compare(cluster: Cluster, told: str) -> None:
    """Raises: NotTheSame."""
    with psycopg.connect(access_to_own(cluster).dsn) as connection:
        connection.execute(PLAIN)
        found = [f"{measure(connection, table)} {table}" for table in tables(connection)]
    if differ := set(found) ^ set(told.splitlines()):
        raise NotTheSame(table=sorted(differ)[0].split()[-1])


def _major(folder: Path) -> int:
    found = line(folder / "PG_VERSION", 0)
    return int(found) if found.isdigit() else 0


def _older_program(major: int) -> Path:
    """The server that can read the old data: from the wheel, or as Debian installs it. Raises: NoOlderPrograms."""
    debian = Path(DEBIAN.format(major=major))
    if major in OLDER_BINARIES:
        return program("postgres", OLDER_BINARIES[major])
    if debian.exists():
        return debian
    raise NoOlderPrograms(found=major)
