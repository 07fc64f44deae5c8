"""Visitors whom a household announces: the guard sees them on the list; whoever does not come is forgotten by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.access.models import User
from shouwang.gates.models import Expected
from shouwang.lib.clock import day_end
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Household

MOST_AT_ONCE = 10
AHEAD = timedelta(days=7)
AN_HOUR = timedelta(hours=1)


class NotThen(Refusal):
    code = "gates.not_then"
    sentence = "来的时间要在今后七天以内。"


class TooManyVisitors(Refusal):
    code = "gates.too_many_visitors"
    sentence = "登记的来访太多了。先把不来的划掉。"


@dataclass(frozen=True)
class Visitor:
    """Who comes when. Shape: until the end of that day."""

    name: str
    from_at: datetime
    people: int = 1
    plate: str = ""
    id: UUID | None = None


def announce(host: Household, coming: Visitor, *, by: User | None, at: datetime) -> Expected:
    """The guard knows of it from the next package on. Told twice (one `id`), it is one. Raises: NotThen, TooManyVisitors."""
    if not at - AN_HOUR <= coming.from_at <= at + AHEAD:
        raise NotThen()
    if len(announced(host, now=at)) >= MOST_AT_ONCE:
        raise TooManyVisitors()
    row, _made = Expected.objects.get_or_create(
        id=coming.id or uuid7(at),
        defaults={
            "area_code": host.area_code, "host": host, "name": coming.name.strip()[:64], "plate": coming.plate,
            "people": coming.people, "from_at": coming.from_at - AN_HOUR, "until": day_end(coming.from_at), "told_at": at,
            "told_by": by,
        },
    )  # fmt: skip
    return row


def call_off(written: str, *, host: Household | None, at: datetime) -> None:
    """The visitor does not come. Raises: NotInScope."""
    try:
        pk = UUID(written)
    except ValueError:
        raise NotInScope() from None
    if host is None or not Expected.objects.filter(pk=pk, host=host, cancelled_at=None).update(
        cancelled_at=at
    ):
        raise NotInScope()


def announced(host: Household, *, now: datetime) -> Sequence[Expected]:
    """Whom this household still expects."""
    return list(Expected.objects.filter(host=host, until__gt=now, cancelled_at=None).order_by("from_at"))
