"""Places: not to work before a time, and by whose leave they do again; suppliers told what holds here."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.inspection.models import Briefing, Closure, Look
from shouwang.lib.codes import subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Place
from shouwang.standing.actions import Grounds


class NoEnd(Refusal):
    code = "inspection.no_end"
    sentence = "要写明到哪天。到那天就可以营业，要延长须另外书面决定。"


class ClosedAlready(Refusal):
    code = "inspection.closed_already"
    sentence = "这一家已经有一份停业的决定（到 {until}）。"


class NoLeave(Refusal):
    code = "inspection.no_leave"
    sentence = "提前营业要写明：谁准许的、为什么。"


class Over(Refusal):
    code = "inspection.closure_over"
    sentence = "这一家现在没有停业的决定。"


def close(
    place: int, grounds: Grounds, *, until: datetime, proposed_by: User, by: User, at: datetime
) -> Closure:  # fmt: skip
    """A place may not work until then, on the word of two and on stated grounds.

    Raises: NotInScope, NoEnd, ClosedAlready, Unfounded, SecondPerson.
    """
    found = one_in_scope(Place.objects.filter(pk=place))
    if until <= at:
        raise NoEnd()
    grounds.check(proposed_by=[proposed_by], by=by)
    held = closures("", now=at).filter(place__kept_id=found.kept_id).first()
    if held:
        raise ClosedAlready(until=f"{held.until:%m月%d日}")
    row = Closure.objects.create(
        id=uuid7(at), area_code=found.area_code, place=found, from_at=at, until=until, proposed_by=proposed_by,
        approved_by=by, **grounds.cut(),
    )  # fmt: skip
    audit("inspection.close", at=at, by=by, area=row.area_code, reason=grounds.reason, closure=row.pk)
    return row


def give_leave(
    closure: UUID, *, authority: str, document: str, reason: str, by: User, at: datetime
) -> None:  # fmt: skip
    """It may work before its time: who allowed it, on which paper, and why. Raises: NotInScope, NoLeave, Over."""
    row = one_in_scope(Closure.objects.filter(pk=closure))
    if not authority.strip() or not reason.strip():
        raise NoLeave()
    if not Closure.objects.filter(pk=closure, leave_at=None, until__gt=at).update(
        leave_at=at, leave_by=by, leave_authority=authority[:80], leave_document=document[:60],
        leave_reason=reason[:200],
    ):  # fmt: skip
        raise Over()
    audit("inspection.give_leave", at=at, by=by, area=row.area_code, reason=reason, closure=closure)


def brief(
    area: str, *, supplier: str, brings: str, told: str, by: User, at: datetime, id: UUID | None = None
) -> Briefing:  # fmt: skip
    """Somebody who brings things in was told what holds here. Told twice it counts once."""
    row, _made = Briefing.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": area, "supplier": supplier.strip()[:60], "brings": brings.strip()[:60],
            "told": told.strip()[:200], "at": at, "recorded_at": at, "by": by,
        },
    )  # fmt: skip
    return row


def closures(area: str, *, now: datetime) -> QuerySet[Closure]:
    """What may not work now, by place."""
    rows = _inside(Closure.objects.select_related("place"), area)
    return rows.filter(from_at__lte=now, until__gt=now, leave_at=None).order_by("until", "id")


def briefings(area: str) -> QuerySet[Briefing]:
    """Who was told, newest first."""
    return _inside(Briefing.objects.filter(void_at=None).select_related("by"), area).order_by("-at")


def looks(area: str) -> QuerySet[Look]:
    """What was looked at, newest first."""
    rows = _inside(Look.objects.filter(void_at=None).select_related("by", "place"), area)
    return rows.prefetch_related("prices").order_by("-at", "-id")


def _inside(rows: QuerySet, area: str) -> QuerySet:
    low, high = subtree(area)
    return rows.filter(area_code__gte=low, area_code__lt=high)
