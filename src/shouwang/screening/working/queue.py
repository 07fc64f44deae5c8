"""Whom to ask next: the ill first, then those who were promised an hour, then by what is due first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import UUIDField

from shouwang.duties.among import among
from shouwang.duties.models import Attempt, Duty
from shouwang.register.answering import Helper
from shouwang.screening.duties import FOLLOW_UP, LIST_ROW
from shouwang.screening.lists.models import FOUND, NEW, Inquiry, ListRow, Referral
from shouwang.screening.lists.settling import unsettled

ILL, AGREED, DUE, LATER = range(4)
TO_ASK = (FOUND, NEW)


@dataclass
class Waiting:
    """Somebody to be asked.

    Shape: `why` is row, follow_up or referral; `again_at` the next try that was agreed or proposed; `place` ILL, AGREED,
    DUE or LATER: the order of the queue.
    """

    inquiry: UUID
    due_at: datetime
    area_code: str
    helper: int | None
    why: set[str] = field(default_factory=set)
    tries: int = 0
    last_at: datetime | None = None
    last: str = ""
    again_at: datetime | None = None
    place: int = DUE


@dataclass(frozen=True)
class Mine:
    """A worker by what is theirs: the helpers that they are, and the areas that they answer for."""

    helpers: frozenset[int]
    areas: tuple[str, ...]

    def holds(self, one: Waiting) -> bool:
        """Handed to this worker, or of nobody's and behind a door of theirs."""
        if one.helper:
            return one.helper in self.helpers
        return bool(self.areas) and one.area_code.startswith(self.areas)


def queue(*, now: datetime) -> list[Waiting]:
    """Everybody in scope who has to be asked or seen by a doctor now, in the order in which to do it.

    Cost: five questions to the database, whatever the number of rows.
    """
    found: dict[UUID, Waiting] = {}
    rows = _rows(found)
    _follow_ups(found, now)
    _referrals(found)
    _tries(found, rows, now)
    return sorted(found.values(), key=lambda one: (one.place, one.again_at or one.due_at, one.due_at))


def mine(helpers: Iterable[Helper], areas: Sequence[str]) -> Mine:
    """What is this worker's own."""
    return Mine(frozenset(one.pk for one in helpers), tuple(areas))


def _rows(found: dict[UUID, Waiting]) -> dict[UUID, UUID]:
    """The rows that wait, each with the person who is asked about it."""
    rows = unsettled(ListRow.objects.filter(outcome__in=TO_ASK)).order_by("list__due_at")
    told: dict[UUID, UUID] = {}
    for pk, inquiry, due_at, code, helper in rows.values_list(
        "pk", "inquiry", "list__due_at", "area_code", "inquiry__helper"
    ):
        found.setdefault(inquiry, Waiting(inquiry, due_at, code, helper)).why.add("row")
        told[pk] = inquiry
    return told


def _follow_ups(found: dict[UUID, Waiting], now: datetime) -> None:
    owed = Duty.objects.filter(kind=FOLLOW_UP.name, fact="owed", opens_at__lte=now, due_at__gt=now)
    told = owed.order_by("-due_at").values_list("about", "due_at")
    due = {about: due_at for about, due_at in told if about}
    for one in Inquiry.objects.filter(pk__in=due):
        found.setdefault(one.pk, Waiting(one.pk, due[one.pk], one.area_code, one.helper_id)).why.add(
            "follow_up"
        )


def _referrals(found: dict[UUID, Waiting]) -> None:
    rows = Referral.objects.filter(at=None, void_at=None, person=None).select_related("check_made__inquiry")
    for one in rows.order_by("due_at"):
        if one.check_made is None:
            continue  # somebody at home: their order leads to it
        asked = one.check_made.inquiry
        waiting = found.setdefault(asked.pk, Waiting(asked.pk, one.due_at, asked.area_code, asked.helper_id))
        waiting.why.add("referral")
        waiting.due_at, waiting.place = min(waiting.due_at, one.due_at), ILL


def _tries(found: dict[UUID, Waiting], rows: dict[UUID, UUID], now: datetime) -> None:
    """What was tried in vain since it was owed, and when the next try is."""
    abouts = {**rows, **{pk: pk for pk in found}}
    tried = Attempt.objects.filter(
        among("about", abouts, UUIDField()), kind__in=(LIST_ROW.name, FOLLOW_UP.name)
    )
    for about, at, outcome, again_at in tried.order_by("at").values_list(
        "about", "at", "outcome", "next_try_at"
    ):
        one = found[abouts[about]]  # type: ignore[index]
        if one.last_at != at:
            one.tries += 1
        one.last_at, one.last, one.again_at = at, outcome, again_at
    for one in found.values():
        if one.again_at and one.place != ILL:
            one.place = AGREED if one.again_at <= now else LATER
