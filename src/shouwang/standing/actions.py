"""Putting a hold on somebody, making it last longer, ending it. Each with a reason and a second person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.standing.models import Extension, Hold


class SecondPerson(Refusal):
    code = "standing.second_person"
    sentence = "提出的人不能自己批准，请换一个人批准。"


class Unfounded(Refusal):
    code = "standing.unfounded"
    sentence = "限制居民必须写明：原因、决定机关、文号、法律依据。"


class HeldAlready(Refusal):
    code = "standing.held_already"
    sentence = "这段时间里已经有一份决定了，两份不能重叠。请改原来的那一份。"


class NotLonger(Refusal):
    code = "standing.not_longer"
    sentence = "新的结束时间要晚于 {until}。要提前结束，请用“解除”。"


class Over(Refusal):
    code = "standing.over"
    sentence = "这份决定已经在 {ended} 结束了，不能再改。"


@dataclass(frozen=True)
class Grounds:
    """On what a restriction stands."""

    reason_code: str
    reason: str
    authority: str
    document: str
    legal_basis: str

    def check(self, *, proposed_by: Collection[User], by: User) -> None:
        """Nothing of it is missing, and whoever proposed does not approve. Raises: Unfounded, SecondPerson."""
        if not all(
            text.strip()
            for text in (self.reason_code, self.reason, self.authority, self.document, self.legal_basis)
        ):
            raise Unfounded()
        if by in proposed_by:
            raise SecondPerson()

    def cut(self) -> dict[str, str]:
        """The columns of a restriction that it fills."""
        return {
            "reason_code": self.reason_code,
            "reason": self.reason[:200],
            "authority": self.authority[:80],
            "document": self.document[:60],
            "legal_basis": self.legal_basis[:200],
        }


@dataclass(frozen=True)
class Wanted:
    """One person's hold, as an order asks for it."""

    person: int
    area_code: str
    about: UUID
    mode: str
    from_at: datetime
    until: datetime
    proposed_by: User


def put(wanted: Sequence[Wanted], grounds: Grounds, *, by: User, at: datetime) -> list[Hold]:
    """From now on these people stay where the orders say; all or none.

    Raises: Unfounded, SecondPerson, HeldAlready.
    """
    grounds.check(proposed_by=[one.proposed_by for one in wanted], by=by)
    rows = [
        Hold(
            id=uuid7(at), area_code=one.area_code, person_id=one.person, about=one.about, mode=one.mode,
            from_at=one.from_at, until=one.until, proposed_by=one.proposed_by, approved_by=by, approved_at=at,
            **grounds.cut(),
        )
        for one in wanted
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Hold.objects.bulk_create(rows)
    except IntegrityError as broken:
        if "hold_one_at_a_time" not in str(broken):
            raise
        raise HeldAlready() from broken
    return rows


def extend(
    hold: Hold, *, until: datetime, reason: str, document: str, proposed_by: User, by: User, at: datetime
) -> Extension:
    """The hold lasts longer, in writing and before its end. Raises: SecondPerson, NotLonger, Over, Unfounded."""
    _still(hold, at)
    if proposed_by == by:
        raise SecondPerson()
    if until <= hold.until:
        raise NotLonger(until=f"{hold.until.astimezone(ZONE):%m月%d日 %H:%M}")
    if not reason.strip() or not document.strip():
        raise Unfounded()
    extension = Extension.objects.create(
        hold=hold, area_code=hold.area_code, was_until=hold.until, until=until, reason=reason[:200],
        document=document[:60], proposed_by=proposed_by, approved_by=by, at=at,
    )  # fmt: skip
    Hold.objects.filter(pk=hold.pk).update(until=until)
    audit("standing.extend", at=at, by=by, area=hold.area_code, reason=reason, hold=hold.pk, until=until)
    return extension


def shorten(
    hold: Hold, *, until: datetime, reason: str, document: str, proposed_by: User, by: User, at: datetime
) -> None:
    """The hold ends sooner than was written, because a gentler rule holds now. Raises: SecondPerson, Over, Unfounded."""
    _still(hold, at)
    if proposed_by == by:
        raise SecondPerson()
    if not reason.strip() or not document.strip():
        raise Unfounded()
    Hold.objects.filter(pk=hold.pk).update(until=until)
    audit(
        "standing.shorten", at=at, by=by, area=hold.area_code, reason=reason, hold=hold.pk, until=until,
        was_until=hold.until, document=document,
    )  # fmt: skip


def end(hold: Hold, *, reason: str, by: User | None, at: datetime) -> None:
    """It ends now, before its time. Raises: NotInScope, Over."""
    _still(hold, at)
    if not Hold.objects.filter(pk=hold.pk, ended_at=None).update(
        ended_at=at, ended_by=by, ended_reason=reason[:200]
    ):
        raise NotInScope()
    audit("standing.end", at=at, by=by, area=hold.area_code, reason=reason, hold=hold.pk)


def _still(hold: Hold, at: datetime) -> None:
    ended = hold.ended_at or hold.until
    if ended <= at:
        raise Over(ended=f"{ended.astimezone(ZONE):%m月%d日 %H:%M}")
