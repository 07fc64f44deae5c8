"""Real servers in folders of their own. One initdb serves all: every test gets a copy of its folder."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from shouwang.lib.postgres import Cluster


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path_factory.mktemp("template") / "var"
    cluster = Cluster(data)
    cluster.ensure_running()
    cluster.stop()
    with (cluster.folder / "postgresql.conf").open("a") as settings:
        settings.write(
            "fsync = off  # what a killed process wrote is safe with the kernel, and the tests are quick\n"
        )
    yield data
    shutil.rmtree(data)


@pytest.fixture
def cluster_at(template: Path) -> Iterator[Callable[[Path], Cluster]]:
    """A cluster in a given folder, which was never started before."""
    made: list[Cluster] = []

    def make(data: Path) -> Cluster:
        shutil.copytree(template, data)
        made.append(Cluster(data))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop()
        sockets = conninfo_to_dict(cluster.dsn("postgres", "postgres"))["host"]
        shutil.rmtree(str(sockets), ignore_errors=True)  # on a long path it lies outside of the data folder
        shutil.rmtree(cluster.data)


@pytest.fixture
def cluster(cluster_at: Callable[[Path], Cluster], tmp_path: Path) -> Cluster:
    return cluster_at(tmp_path / "var")
