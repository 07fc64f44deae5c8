"""What the hub says of a box: why counts differ, that it cannot be found or was found, that everything agrees."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.testing.rounds.ordering import NoReason
from shouwang.testing.tubes.accounts import facts_of
from shouwang.testing.tubes.models import FOUND, LOST, RECONCILED, Box, BoxStep, Explained
from shouwang.testing.tubes.rules import PARTLY, Account
from shouwang.testing.tubes.rules import RECEIVED as ALL_HERE


class NotHere(Refusal):
    code = "testing.box_not_here"
    sentence = "这一箱还没有收齐，不能核对完。请先点收，或者写明缺的管在哪里。"


class StillDiffers(Refusal):
    code = "testing.box_still_differs"
    sentence = "还有 {many} 处数对不上。请逐处写明原因，再核对完。"


def explain(
    box: UUID, difference: str, tube: UUID | None, *, reason: str, by: User, at: datetime
) -> Explained:
    """Somebody says why a count differs. Raises: NotInScope where it does not, NoReason."""
    row, account = _box(box)
    said = _reason(reason)
    if (difference, tube) not in {(one.kind, one.tube) for one in account.differences}:
        raise NotInScope()
    made = Explained.objects.create(
        id=uuid7(at), area_code=row.area_code, box=row, tube_id=tube, difference=difference, note=said, by=by, at=at,
        recorded_at=at,
    )  # fmt: skip
    audit(
        "testing.explain",
        at=at,
        by=by,
        area=row.area_code,
        reason=said,
        box=box,
        difference=difference,
        tube=tube,
    )
    return made


def reconcile(box: UUID, *, by: User, at: datetime) -> BoxStep:
    """Everything in this box agrees, or somebody has said why not. Raises: NotInScope, NotHere, StillDiffers."""
    row, account = _box(box)
    if account.state not in (ALL_HERE, PARTLY):
        raise NotHere()
    if account.unexplained:
        raise StillDiffers(many=len(account.unexplained))
    return _step(row, RECONCILED, "", by, at)


def lose(box: UUID, *, reason: str, by: User, at: datetime) -> BoxStep:
    """A box cannot be found: whoever had it last is asked. Raises: NotInScope, NoReason."""
    return _said_once(box, LOST, _reason(reason), by, at)


def find_again(box: UUID, *, reason: str, by: User, at: datetime) -> BoxStep:
    """It was found, and where. Raises: NotInScope, NoReason."""
    return _said_once(box, FOUND, _reason(reason), by, at)


def _said_once(box: UUID, kind: str, reason: str, by: User, at: datetime) -> BoxStep:
    """A box that is lost already is not lost again, and one that is there is not found."""
    row, account = _box(box)
    steps = BoxStep.objects.filter(box=row, kind=kind).order_by("-at", "-id")
    last = steps.first() if (account.state == LOST) == (kind == LOST) else None
    return last or _step(row, kind, reason, by, at)


SAID: dict[str, Callable[..., BoxStep]] = {LOST: lose, FOUND: find_again}


def _box(pk: UUID) -> tuple[Box, Account]:
    row = one_in_scope(Box.objects.filter(pk=pk))
    return row, facts_of([pk])[pk].account()


def _step(row: Box, kind: str, reason: str, by: User, at: datetime) -> BoxStep:
    made = BoxStep.objects.create(
        id=uuid7(at),
        area_code=row.area_code,
        box=row,
        kind=kind,
        station="hub",
        note=reason,
        by=by,
        at=at,
        recorded_at=at,
    )
    audit(f"testing.box_{kind}", at=at, by=by, area=row.area_code, reason=reason, box=row.pk)
    return made


def _reason(written: str) -> str:
    if not written.strip():
        raise NoReason()
    return written.strip()[:200]
