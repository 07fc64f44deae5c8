"""Who has the installation in hand: a service that runs, or a command that changes it from the ground."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres.private_files import hand_over, locked, private

LOCK = "serve.lock"


class InUse(Refusal):
    code = "keeping.in_use"
    sentence = "守望正在“{folder}”上运行，或者另一个维护命令还没做完。请先停下（按 Ctrl-C），再试一次。"


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Keeps the installation for this process alone; the hold ends with the block, or when the process dies.

    Raises: InUse when another process has it.
    """
    owner = data.stat()
    with open(data / LOCK, "a", opener=private) as file:
        hand_over(file, (owner.st_uid, owner.st_gid))
        if not locked(file, wait=False):
            raise InUse(folder=data)
        yield
