"""What people said about the columns of a workbook: remembered, and used for the next file of that shape."""

from collections.abc import Mapping
from datetime import datetime

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.lib.errors import Refusal
from shouwang.lib.sheets import Vocabulary
from shouwang.register.importing.vocabulary import WORKBOOKS
from shouwang.register.uploads import SheetShape


class TwiceTheSame(Refusal):
    code = "register.column_twice"
    sentence = "“{label}”选了两次。一项只能是一列，另一列请选“不读这一列”。"


class NoSuchField(Refusal):
    code = "register.no_such_field"
    sentence = "没有“{field}”这一项。请从框里选。"


def remember(
    shape: str,
    kind: str,
    columns: Mapping[int, str],
    *,
    by: User | None,
    at: datetime,
    vocabulary: Vocabulary | None = None,
) -> SheetShape:
    """Keeps what somebody said: the field of each column, empty for a column that is not read.

    Shape: without `vocabulary` it is that of the register's workbook of this kind.
    Raises: NoSuchField, TwiceTheSame.
    """
    known = (vocabulary or WORKBOOKS[kind].vocabulary).by_name
    taken: set[str] = set()
    for field in filter(None, columns.values()):
        if field not in known:
            raise NoSuchField(field=field[:32])
        if field in taken:
            raise TwiceTheSame(label=known[field].label)
        taken.add(field)
    kept, _ = SheetShape.objects.update_or_create(
        shape=shape, kind=kind, defaults={"columns": dict(columns), "said_at": at, "said_by": by}
    )
    record("register.remember_columns", at=at, by=by, shape=shape, kind=kind)
    return kept
