"""History of rows that people edit: what a row was before each change, by whom it was changed."""

from collections.abc import Callable
from typing import Any

import pghistory


def keep_history(*, without: tuple[str, ...] = ()) -> Callable[[type[Any]], type[Any]]:
    """Keeps every earlier version of a model's rows; the present one is the row itself.

    Cost: one statement writes the history of all rows that a statement changed; inserting costs nothing.
    """
    return pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old, level=pghistory.Statement),
        pghistory.DeleteEvent(row=pghistory.Old, level=pghistory.Statement),
        exclude=list(without),
    )
