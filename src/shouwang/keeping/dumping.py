"""The database into a stream and back: one snapshot out, one transaction in."""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from shouwang.keeping.database import Access, ProgramFailed, connected, refuse_failed, tool
from shouwang.keeping.manifest import MIGRATIONS, PLAIN, measure, same_again, tables
from shouwang.lib.errors import Refusal
from shouwang.lib.postgres.processes import program

Step = Callable[[str, int, int], None]
CHUNK_BYTES = 1 << 20
PREAMBLE_LINES = 40
ONLY_NEWER = (
    b"SET transaction_timeout = 0;\n"  # our programs are PostgreSQL 18's; servers before 17 do not know it
)
RIGHTS = re.compile(r"^\d+; \d+ \d+ ACL (?!- SCHEMA )")
GRANTEE = re.compile(r'^(GRANT|REVOKE) .+ (TO|FROM) ("(?:[^"]|"")+"|\w+)((?: WITH GRANT OPTION)?;)$')


class TooNew(Refusal):
    code = "keeping.server_too_new"
    sentence = "数据库服务器是 PostgreSQL {server}，比守望带的工具（{ours}）新，导不出来。请先升级守望。"


class Snapshot:
    """The database at one moment: what is measured and what is dumped are the same rows."""

    def __init__(self, connection: psycopg.Connection, access: Access) -> None:
        self._connection, self._access = connection, access
        self.name = str(connection.execute("SELECT pg_export_snapshot()").fetchone()[0])  # type: ignore[index]
        self.server = connection.info.server_version
        self.migrations = [name for (name,) in connection.execute(MIGRATIONS)]
        connection.execute(PLAIN)

    def measured(self, step: Step) -> dict[str, str]:
        """Rows and checksum of every table."""
        found, names = {}, tables(self._connection)
        for number, table in enumerate(names, 1):
            found[table] = measure(self._connection, table)
            step("核数", number, len(names))
        return found

    def dump(self, out: IO[bytes]) -> None:
        """Writes the whole database, as PostgreSQL's own archive, into an open file.

        Raises: ProgramFailed.
        """
        words = ("--format=custom", f"--snapshot={self.name}", "--no-sync")
        command, surroundings = connected("pg_dump", self._access.dsn, *words)
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=surroundings) as process,
        ):
            try:
                while chunk := process.stdout.read(CHUNK_BYTES):  # type: ignore[union-attr]
                    out.write(chunk)
            except BaseException:
                process.kill()
                raise
            refuse_failed(process, _words(said))


@contextmanager
def snapshot(access: Access) -> Iterator[Snapshot]:
    """Holds the database still for as long as the block lasts; nobody else waits for it.

    Raises: TooNew.
    """
    with psycopg.connect(access.dsn) as connection:
        server, ours = connection.info.server_version // 10000, our_major()
        if server > ours:
            raise TooNew(server=server, ours=ours)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield Snapshot(connection, access)


def our_major() -> int:
    """The major version of the programs that come with us."""
    said = subprocess.run(
        [program("pg_dump"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(re.findall(r"(\d+)\.", said)[0])


def load(dump: Path, into: Access, *, measured: dict[str, str], owner: str, app: str) -> None:
    """Fills an empty database from an archive; all of it, checked against the backup's figures, or nothing.

    Shape: `owner` and `app` are the roles' names where the backup was made. Roles and database are prepared.
    Raises: ProgramFailed.
    """
    with tempfile.TemporaryFile() as said:
        command, surroundings = connected("psql", into.dsn, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-")
        psql = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=surroundings
        )
        try:
            # A transaction of our own: were this command killed, psql would find no COMMIT and take all of it back.
            for line in _script(dump, into, measured, {owner: into.owner, app: into.app}):
                psql.stdin.write(line)  # type: ignore[union-attr]
            psql.stdin.close()  # type: ignore[union-attr]
        except BrokenPipeError:
            pass  # it said why
        except BaseException:
            psql.kill()
            psql.wait()
            raise
        psql.wait()
        refuse_failed(psql, _words(said))


def _script(dump: Path, into: Access, measured: dict[str, str], roles: dict[str, str]) -> Iterator[bytes]:
    yield b"BEGIN;\n"
    yield from _restored(dump, "--no-owner", "--no-privileges")
    app = psycopg.sql.Identifier(into.app).as_string(None)
    for things in ("TABLES", "SEQUENCES", "ROUTINES"):
        yield f"REVOKE ALL ON ALL {things} IN SCHEMA public FROM {app};\n".encode()
    yield from _rights(dump, roles)
    yield same_again(measured).encode()
    yield b"ANALYZE;\nCOMMIT;\n"


def _restored(dump: Path, *words: str) -> Iterator[bytes]:
    """The archive as SQL, without the one line that older servers do not know."""
    with tempfile.TemporaryFile() as said:
        command = tool("pg_restore", "--file=-", *words, str(dump))
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process:
            for number, line in enumerate(process.stdout):  # type: ignore[arg-type]
                if number > PREAMBLE_LINES or line != ONLY_NEWER:
                    yield line
            refuse_failed(process, _words(said))


def _rights(dump: Path, roles: dict[str, str]) -> Iterator[bytes]:
    """Who may do what, said of this installation's roles. Rights of roles that only the old server knew are left out."""
    listed = subprocess.run(
        tool("pg_restore", "--list", str(dump)), capture_output=True, text=True, check=False
    )
    if listed.returncode:
        raise ProgramFailed(reason=listed.stderr[-2000:])
    chosen = "\n".join(line for line in listed.stdout.splitlines() if RIGHTS.match(line))
    with tempfile.NamedTemporaryFile("w", suffix=".list") as names:
        names.write(chosen)
        names.flush()
        for line in _restored(dump, f"--use-list={names.name}"):
            told = GRANTEE.match(line.decode().rstrip("\n"))
            if not told:
                continue
            role = told[3][1:-1].replace('""', '"') if told[3].startswith('"') else told[3]
            if role in roles:
                here = psycopg.sql.Identifier(roles[role]).as_string(None)
                yield (line.decode()[: told.start(3)] + here + told[4] + "\n").encode()
            elif role == "PUBLIC":
                yield line


def _words(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")
