"""How a story is told: commands through the front door, at an hour that the story names."""

import json
from datetime import datetime

import pytest
from click.testing import CliRunner

from shouwang.cli import main


class Street:
    """Somebody at the machine of the community, typing commands."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._environment, self._runner = monkeypatch, CliRunner()

    def at(self, moment: datetime, *words: str) -> dict:
        """What a command answered at this hour. A refusal or a fault fails the story."""
        self._environment.setenv("SHOUWANG_CLOCK", moment.isoformat())
        result = self._runner.invoke(main, [*words, "--json"])
        assert result.exit_code == 0, result.output + repr(result.exception)
        return json.loads(result.stdout)

    def refused(self, moment: datetime, *words: str) -> str:
        """The sentence with which a command was refused at this hour."""
        self._environment.setenv("SHOUWANG_CLOCK", moment.isoformat())
        result = self._runner.invoke(main, [*words])
        assert result.exit_code == 2, result.output + repr(result.exception)
        return result.stderr


@pytest.fixture
def street(world: object, monkeypatch: pytest.MonkeyPatch) -> Street:
    return Street(monkeypatch)
