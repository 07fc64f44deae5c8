"""每一列读成了什么: what somebody says about the columns of a file, on the page of a register as on that of a list."""

from collections.abc import Sequence

from shouwang.desk.doors import DeskRequest
from shouwang.lib.errors import NotInScope
from shouwang.register.intake.understanding import Understood

MOST_COLUMNS, SHEETS_SHOWN = 200, 12


def columns_said(request: DeskRequest, sheets: Sequence[Understood]) -> tuple[str, dict[int, str]]:
    """The kind of sheet that is meant, and what each of its columns is. Raises: NotInScope where the file has no such sheet."""
    shape = request.POST.get("shape", "")
    if shape not in {sheet.shape for sheet in sheets}:
        raise NotInScope()
    names = ((column, f"column_{column}") for column in range(MOST_COLUMNS))
    return shape, {column: request.POST[name] for column, name in names if name in request.POST}
