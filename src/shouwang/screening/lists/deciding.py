"""Somebody decides whom a row means: this one of the candidates, none of them, somebody new, or nobody of ours."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, lock, void
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.identity import check_id_number
from shouwang.lib.sealing import sealer
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Person
from shouwang.screening.duties import FOLLOW_UP
from shouwang.screening.lists.keys import row_key
from shouwang.screening.lists.models import CANDIDATES, FOUND, NEW, NOT_OURS, Inquiry, ListRow, NotThisPerson
from shouwang.screening.lists.settling import NOT_OURS as ELSEWHERE
from shouwang.screening.lists.settling import settle_by_earlier_answers, settle_rows, unsettled

CHOSEN, ENTERED = "chosen", "entered"
THE_SAME = "和另一张名单上是同一个人"


class WhereTo(Refusal):
    code = "screening.where_to"
    sentence = "请写明转给谁、依据是什么（例如：住址在建新社区）。"


class AlreadySettled(Refusal):
    code = "screening.already_settled"
    sentence = "这一行已经有结果了。要改，请先撤销原来的记录。"


def choose(inquiry: UUID, person: int, *, by: User | None, at: datetime, why: str = CHOSEN) -> Inquiry:
    """This is the person; the row and all that are written just so mean them. Returns the inquiry that now holds.

    Somebody who is on another list too, or was asked already, is one inquiry from now on.
    Raises: NotInScope.
    """
    asked, meant = _inquiry(inquiry), _person(person)
    rows = ListRow.objects.filter(inquiry=asked)
    held = Inquiry.objects.filter(person__kept_id=meant.pk).exclude(pk=asked.pk).first()
    rows.update(outcome=FOUND, why=[why], decided_at=at, decided_by=by, area_code=meant.area_code)
    moved = list(rows.values_list("pk", flat=True))
    if held:
        rows.update(inquiry=held)
        asked.checks.update(inquiry=held)
        follow_ups = Duty.objects.filter(kind=FOLLOW_UP.name, about=asked.pk, fact="owed")
        void(follow_ups, reason=THE_SAME, at=at, by=by)
        Inquiry.objects.filter(pk=held.pk, key=b"").update(key=asked.key)
        asked.delete()
    else:
        Inquiry.objects.filter(pk=asked.pk).update(person=meant, area_code=meant.area_code)
    move_duties(moved, meant.area_code, at)
    now = held or _inquiry(asked.pk)
    settle_by_earlier_answers([now.pk], by=by, at=at)
    audit("screening.choose", at=at, by=by, area=meant.area_code, inquiry=now.pk, person=meant.pk, why=why)
    return now


def not_these(inquiry: UUID, people: Sequence[int], *, by: User | None, at: datetime) -> Inquiry:
    """These rows do not mean these people, and nobody is asked again; what is left are the other candidates.

    Shape: a candidate who is refused stays in the row, marked, so that the decision can be taken back.
    Raises: NotInScope, AlreadySettled.
    """
    asked, others = _inquiry(inquiry), [_person(person) for person in people]
    rows = list(ListRow.objects.filter(inquiry=asked).select_related("list"))
    if not unsettled(ListRow.objects.filter(inquiry=asked)).exists():
        raise AlreadySettled()
    refused = {identity for other in others for identity in (other.pk, other.kept_id)} | set(people)
    for row in rows:
        _remember_refused(row, others, by, at)
        row.candidates = [
            {**one, "refused": True} if one["person"] in refused else one for one in row.candidates
        ]
        row.outcome = _outcome_left(row)
        row.area_code, row.decided_at, row.decided_by = row.desk, at, by
    ListRow.objects.bulk_update(rows, ["candidates", "outcome", "area_code", "decided_at", "decided_by"])
    if asked.person_id:
        Inquiry.objects.filter(pk=asked.pk).update(
            person=None, key=key_of(rows[0]), area_code=rows[0].area_code
        )
        move_duties([row.pk for row in rows], rows[0].area_code, at)
    audit("screening.not_these", at=at, by=by, area=asked.area_code, inquiry=asked.pk, people=list(people))
    return _inquiry(asked.pk)


def _remember_refused(row: ListRow, people: Sequence[Person], by: User | None, at: datetime) -> None:
    key = key_of(row)
    for person in people if key else ():
        NotThisPerson.objects.get_or_create(
            key=key, person=person, defaults={"area_code": row.desk, "at": at, "by": by}
        )


def _outcome_left(row: ListRow) -> str:
    if any(not one.get("refused") for one in row.candidates):
        return CANDIDATES
    return NOT_OURS if row.elsewhere else NEW


def enter(inquiry: UUID, household: int, *, by: User | None, at: datetime, name: str = "") -> Inquiry:
    """Somebody new: entered behind this door with what the list says of them, and asked about from then on.

    Raises: NotInScope, WrongNumber, WrongPhone.
    """
    asked = _inquiry(inquiry)
    row = one_in_scope(ListRow.objects.filter(inquiry=asked).order_by("list__arrived_at", "number"))
    keys = sealer(settings.SEALING_KEY_FILE)
    number = keys.open(row.id_sealed)
    newcomer = Newcomer(
        name=name or row.name,
        id_number=number if check_id_number(number).valid is not False and "*" not in number else "",
        phone=" ".join(keys.open(phone) for phone in row.phones_sealed),
        from_place=row.from_place[:64],
    )
    person = add_person(household, newcomer, by=by, at=at)
    return choose(asked.pk, person.pk, by=by, at=at, why=ENTERED)


def not_ours(
    inquiries: Sequence[UUID],
    *,
    reason: str,
    by: User | None,
    at: datetime,
    to_area: str = "",
    to_whom: str = "",
) -> list[ListRow]:
    """These people live elsewhere: settled here, for the reason given; returns the rows for whoever takes them on.

    Raises: NotInScope, WhereTo.
    """
    if not reason.strip() or not (to_area or to_whom.strip()):
        raise WhereTo()
    found = Inquiry.objects.filter(pk__in=inquiries)
    if found.count() != len(set(inquiries)):
        raise NotInScope()
    rows = list(unsettled(ListRow.objects.filter(inquiry__in=inquiries)).select_related("list"))
    settle_rows(
        rows, outcome=ELSEWHERE, happened_at=at, by=by, at=at, reason=reason, to_area=to_area, to_whom=to_whom
    )
    ListRow.objects.filter(pk__in=[row.pk for row in rows]).update(
        outcome=NOT_OURS, decided_at=at, decided_by=by
    )
    audit(
        "screening.not_ours", at=at, by=by, area=rows[0].area_code if rows else "", rows=len(rows), to=to_area
    )
    return rows


def hand_to(inquiries: Sequence[UUID], helper: int | None, *, by: User | None, at: datetime) -> int:
    """Gives people to be asked to a worker (or back to whoever answers for their door). How many."""
    rows: QuerySet[Inquiry] = Inquiry.objects.filter(pk__in=inquiries)
    changed = rows.update(helper=helper)
    audit("screening.hand_to", at=at, by=by, area="", inquiries=changed, helper=helper)
    return changed


def key_of(row: ListRow) -> bytes:
    """By what this row is known again on another list."""
    keys = sealer(settings.SEALING_KEY_FILE)
    identity = check_id_number(keys.open(row.id_sealed))
    return row_key(identity, row.name, [keys.open(phone) for phone in row.phones_sealed], row.address, keys)


def move_duties(rows: Sequence[UUID], code: str, at: datetime) -> None:
    """What is owed about these rows is owed where the person lives."""
    lock(communities_of([code]))
    Duty.objects.filter(about__in=rows, fact="owed").exclude(area_code=code).update(
        area_code=code, changed_at=at
    )


def _inquiry(pk: UUID) -> Inquiry:
    return one_in_scope(Inquiry.objects.filter(pk=pk))


def _person(pk: int) -> Person:
    return one_in_scope(Person.objects.filter(stands_for=pk))
