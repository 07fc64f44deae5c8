"""A folder that is being prepared beside what is there and then moves in; a killed command leaves no half installation.

`restoring` and `upgrading` lie in the data folder. While one of them is there nothing starts (`installation`); the
command that made it clears it away, or, once it is marked whole, finishes moving in.
"""

import shutil
from pathlib import Path

from shouwang.keeping.writing import sync_folder
from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.private_files import write

RESTORING, UPGRADING = "restoring", "upgrading"
WHOLE = "whole"


def begin(draft: Path) -> Path:
    """An empty private folder; what a killed command left in it is gone."""
    clear(draft)
    draft.mkdir(mode=0o700, parents=True)
    return draft


def clear(draft: Path) -> None:
    """Removes a draft; the server that a killed command left running in it is ended first."""
    if (draft / "postgres").exists():
        Cluster(draft).stop()
    if draft.exists():
        shutil.rmtree(draft)


def mark_whole(draft: Path) -> None:
    """From here on the draft is what counts, also when the power fails."""
    write(draft / WHOLE, "")
    sync_folder(draft)


def is_whole(draft: Path) -> bool:
    """Whether only the moving in was left to do."""
    return (draft / WHOLE).exists()


def move_in(draft: Path, into: Path, *names: str) -> None:
    """Moves what was prepared to its place; done again after a power cut, it goes on where it stopped."""
    for name in names:
        if (draft / name).exists():
            (draft / name).rename(into / name)
    sync_folder(into)
    shutil.rmtree(draft)
