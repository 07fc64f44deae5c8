"""A backup of the cast's street, and a folder in which it was restored."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shouwang.keeping.backing_up import back_up
from shouwang.keeping.manifest import Manifest
from shouwang.lib.postgres import Cluster
from shouwang.lib.sealing import read_or_make_keys

if TYPE_CHECKING:
    from tests.world import World

Made = Callable[..., Manifest]


@pytest.fixture
def data() -> Path:
    """The data folder of the tests' own installation."""
    return Path(os.environ["SHOUWANG_DATA"])


@pytest.fixture
def make_backup(world: World, data: Path) -> Made:
    """Backs up the street into a file, with the key that seals its numbers."""
    read_or_make_keys(data / "secrets" / "sealing.key")

    from tests.world import MORNING

    def make(file: Path, *, with_keys: bool = True) -> Manifest:
        return back_up(
            file, data=data, with_keys=with_keys, now=MORNING, say=lambda _: None, step=lambda *_: None
        )

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A new data folder for an embedded server, which is stopped and removed afterwards."""
    place = tmp_path / "var"
    yield place
    if place.exists():
        Cluster(place).stop()
        shutil.rmtree(place)
