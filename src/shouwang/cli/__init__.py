"""The door for commands. Each works by itself on an empty data folder; `--json` speaks to programs.

Exit codes: 0 done, 1 something is wrong (a check failed, a round is not done), 2 refused with a sentence, 3 a fault.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from shouwang import __version__, installation
from shouwang.cli.faults import fault
from shouwang.lib import clock
from shouwang.lib.errors import Refusal

# A fingerprint has “:CD:” in it, which is no picture of a disc.
screen = Console(stderr=True, emoji=False)
out = Console(emoji=False)


class Commands(click.Group):
    """Turns a refusal into its sentence and exit code 2, a full disk or a lost database into code 3."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            where = "".join(f" [{name} {value}]" for name, value in refusal.where.items())
            screen.print(f"[bold red]✕[/] {refusal}{where}", highlight=False, soft_wrap=True)
            sys.exit(2)
        except Exception as error:
            told = fault(error)
            if not told:
                raise
            screen.print(f"[bold red]✕[/] {told}", highlight=False, soft_wrap=True)
            sys.exit(3)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="shouwang")
def main() -> None:
    """守望：不漏一户、不漏一人、不留隔夜账。"""


def ready() -> datetime:
    """Brings the installation to life and reads the clock."""
    installation.attach(lambda said: screen.print(said, style="dim"))
    return clock.now()


@contextmanager
def everywhere(reason: str, now: datetime) -> Iterator[None]:
    """The scope of somebody at the machine itself: everything, audited with the reason."""
    from shouwang.access.scope import everything

    with everything(f"console: {reason}", at=now):
        yield


@contextmanager
def progress(title: str) -> Iterator[Any]:
    """A bar for long work: `step(what, done, total)`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def say_json(value: object) -> None:
    """One value for a program to read."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


from shouwang.cli import day, ending, keeping, lists, messages, people, register, serving  # noqa: E402, F401  they add their commands
