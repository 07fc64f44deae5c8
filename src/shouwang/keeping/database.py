"""The database of an installation as its owner sees it, and PostgreSQL's own programs working on it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shouwang import installation
from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.processes import program


class OwnerUnknown(Refusal):
    code = "keeping.owner_unknown"
    sentence = "这件事要用数据表主人的账号来做。请设好 DATABASE_OWNER_URL，再试一次。"


class ProgramFailed(Refusal):
    code = "keeping.program_failed"
    sentence = "数据库的工具没有做成，原来的数据没有动。请把下面这段话转给技术人员：\n{reason}"


@dataclass(frozen=True)
class Access:
    """How the owner of the tables connects, and the name of the role that the app uses."""

    dsn: str
    app: str

    @property
    def owner(self) -> str:
        """The name of the role that owns the tables."""
        return str(conninfo_to_dict(self.dsn)["user"])


def access_to(data: Path) -> Access:
    """The way into the database of this data folder.

    Raises: OwnerUnknown on another server without DATABASE_OWNER_URL.
    """
    if installation.embedded():
        return access_to_own(Cluster(data))
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise OwnerUnknown()
    return Access(owner, str(conninfo_to_dict(os.environ["DATABASE_URL"]).get("user", "")))


def access_to_own(cluster: Cluster) -> Access:
    """The way into the database of an embedded server."""
    return Access(cluster.dsn(installation.OWNER, installation.DATABASE), installation.APP)


@contextmanager
def destroyer(data: Path) -> Iterator[psycopg.Connection]:
    """The tables' owner, each statement by itself; on our own server it may leave the checks of single rows asleep.

    Raises: OwnerUnknown.
    """
    if installation.embedded():
        cluster = Cluster(data)
        with psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as admin:
            admin.execute(f"GRANT SET ON PARAMETER session_replication_role TO {installation.OWNER}")
    with psycopg.connect(access_to(data).dsn, autocommit=True) as owner:
        yield owner


def tool(name: str, *words: str) -> list[str]:
    """The command line of one of PostgreSQL's programs, as they come with us: newer than any server we serve."""
    return [str(program(name)), *words]


def connected(name: str, dsn: str, *words: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the surroundings of a program that connects; the password is on neither's display."""
    known = conninfo_to_dict(dsn)
    password = str(known.pop("password", ""))
    surroundings = {**os.environ, "LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    return tool(name, "--no-password", f"--dbname={make_conninfo('', **known)}", *words), surroundings


def refuse_failed(process: "subprocess.Popen[bytes]", said: str) -> None:
    """Raises: ProgramFailed with what the program said when it did not end well."""
    if process.wait():
        raise ProgramFailed(reason=said.strip()[-2000:])
