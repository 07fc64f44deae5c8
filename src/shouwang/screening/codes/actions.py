"""A request on its way: asked, verified with the person, reported upwards, answered; each step once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import clocks_of
from shouwang.screening.codes.models import CodeRequest
from shouwang.screening.codes.reading import read_code
from shouwang.screening.duties import CODE
from shouwang.screening.lists.asking import Told, record_checks
from shouwang.screening.lists.models import ListRow, PushedList
from shouwang.standing.actions import SecondPerson


class NothingToDo(Refusal):
    code = "screening.codes_nothing_to_do"
    sentence = "选的这些都不在这一步。请刷新看看，也许别人已经办了。"


class WhyNot(Refusal):
    code = "screening.codes_why_not"
    sentence = "没有通过的，请写明原因，好告诉本人。"


def open_requests(listed: PushedList, rows: Sequence[ListRow], *, at: datetime) -> int:
    """Every row of a list of codes is a request with a clock of its own, from when it was asked for. How many."""
    hours = clocks_of(listed.area_code, now=at).code_conversion_hours
    limit = timedelta(hours=float(hours)) if hours else listed.due_at - listed.arrived_at
    made = [_request(row, limit, at) for row in rows]
    CodeRequest.objects.bulk_create(made)
    for due_at in {one.due_at for one in made}:
        mine = CodeRequest.objects.filter(pk__in=[one.pk for one in made if one.due_at == due_at])
        who = mine.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))
        plan(CODE, who, Window(due_at - limit, due_at), at=at, batch=listed.pk)
    return len(made)


def verify(requests: Sequence[UUID], *, by: User | None, at: datetime, note: str = "") -> int:
    """Somebody spoke with these people and saw their papers; the lists that they are on have their answer."""
    rows = _now_at(requests, verified_at=None)
    told = [
        Told(inquiry=inquiry, at=at, channel="phone", identity_seen=True, note=note)
        for inquiry in dict.fromkeys(row.row.inquiry_id for row in rows)
    ]
    record_checks(told, by=by, at=at)
    return _step(rows, by, at, "verify", verified_at=at, verified_by=by)


def report(requests: Sequence[UUID], *, by: User | None, at: datetime) -> int:
    """These requests went upwards."""
    rows = _now_at(requests, verified_at__isnull=False, reported_at=None)
    return _step(rows, by, at, "report", reported_at=at, reported_by=by)


def end(
    requests: Sequence[UUID], *, converted: bool, reason: str, by: User | None, at: datetime
) -> list[CodeRequest]:
    """What was decided above: taken back, or not and why; several are never refused by whoever reported them.

    Raises: NothingToDo, WhyNot, SecondPerson.
    """
    if not converted and not reason.strip():
        raise WhyNot()
    rows = _now_at(requests, reported_at__isnull=False)
    if not converted and len(rows) > 1 and by and any(row.reported_by_id == by.pk for row in rows):
        raise SecondPerson()
    _step(rows, by, at, "end", ended_at=at, ended_by=by, converted=converted, reason=reason.strip()[:160])
    codes = sorted(communities_of(row.area_code for row in rows))
    settle_about(CODE, [row.pk for row in rows], communities=codes, at=at)
    return list(_whole(CodeRequest.objects.filter(pk__in=[row.pk for row in rows])))


def ask_again(request: UUID, *, reason: str, by: User, at: datetime) -> None:
    """A refusal did not stand: the request goes upwards once more, and is owed an answer again. Raises: NothingToDo."""
    refused = CodeRequest.objects.filter(pk=request, converted=False)
    area = refused.values_list("area_code", flat=True).first()
    if area is None:
        raise NothingToDo()
    refused.update(
        ended_at=None,
        ended_by=None,
        converted=None,
        reason="",
        reported_at=None,
        reported_by=None,
        told_at=None,
    )
    settle_about(CODE, [request], communities=sorted(communities_of([area])), at=at)
    audit("screening.code_ask_again", at=at, by=by, area=area, reason=reason, request=str(request))


def told(requests: Iterable[UUID], *, at: datetime) -> None:
    """These people know the outcome."""
    CodeRequest.objects.filter(pk__in=list(requests), told_at=None).update(told_at=at)


def read_requests_again(rows: Iterable[ListRow], *, at: datetime) -> None:
    """What the sender corrected about a request that has no outcome yet."""
    open_ones = CodeRequest.objects.filter(row__in=list(rows), ended_at=None).select_related("row")
    changed = []
    for request in open_ones:
        said = read_code(request.row.reason, request.row.extra, at=at)
        request.colour, request.place, request.papers = said.colour, said.place, said.papers
        request.exposed, request.exposed_on = said.exposed, said.exposed_on
        changed.append(request)
    CodeRequest.objects.bulk_update(changed, ["colour", "place", "papers", "exposed", "exposed_on"])


def withdraw_requests(rows: Iterable[ListRow], *, reason: str, by: User | None, at: datetime) -> None:
    """The sender took these requests off the list: they end, with that as the reason."""
    gone = CodeRequest.objects.filter(row__in=list(rows), ended_at=None)
    abouts, codes = list(gone.values_list("pk", flat=True)), list(gone.values_list("area_code", flat=True))
    gone.update(ended_at=at, ended_by=by, converted=False, reason=reason)
    settle_about(CODE, abouts, communities=sorted(communities_of(codes)), at=at)


def _request(row: ListRow, limit: timedelta, at: datetime) -> CodeRequest:
    said = read_code(row.reason, row.extra, at=at)
    since = said.requested_at or row.list.arrived_at
    return CodeRequest(
        id=uuid7(at), area_code=row.area_code, row=row, colour=said.colour, place=said.place, exposed=said.exposed,
        exposed_on=said.exposed_on, papers=said.papers, requested_at=since, due_at=since + limit,
    )  # fmt: skip


def _now_at(requests: Sequence[UUID], **facts: object) -> list[CodeRequest]:
    """Those of the requests that stand at this step. Raises: NotInScope, NothingToDo."""
    asked = CodeRequest.objects.filter(pk__in=requests)
    if asked.count() != len(set(requests)):
        raise NotInScope()
    rows = list(_whole(asked.filter(ended_at=None, **facts)))
    if not rows:
        raise NothingToDo()
    return rows


def _step(rows: Sequence[CodeRequest], by: User | None, at: datetime, step: str, **facts: object) -> int:
    CodeRequest.objects.filter(pk__in=[row.pk for row in rows]).update(**facts)
    audit(
        f"screening.code_{step}", at=at, by=by, area=rows[0].area_code, requests=[str(row.pk) for row in rows]
    )
    return len(rows)


def _whole(rows: QuerySet[CodeRequest]) -> QuerySet[CodeRequest]:
    return rows.select_related("row__list", "row__inquiry__person__household").order_by("due_at", "id")
