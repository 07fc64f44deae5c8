"""转码: requests to have a code taken back, by how far they are and where people were; the next step for many at once."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import allowed
from shouwang.desk.running.sent import sent
from shouwang.flows.code_outcome import answer_requests
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.screening.codes import actions
from shouwang.screening.codes.models import STATES, WORDS, CodeRequest
from shouwang.screening.codes.queries import at_state, how_many, places_of

PAGE, TAKEN_AT_ONCE = 100, 500
HEADINGS = (
    _("姓名"),
    _("门牌"),
    _("什么码"),
    _("在哪里"),
    _("什么时候"),
    _("材料"),
    _("什么时候申请的"),
    _("最晚办完"),
    _("办到哪一步"),
    _("原因"),
)
STEPS = {"asked": "verify", "verified": "report", "reported": "end"}


def taken(request: DeskRequest) -> Listing:
    """The requests of one step, to take away."""
    state, place = _asked(request)
    return Listing(_("转码申请"), HEADINGS, _cells(at_state(state, place)))


@page("list.work")
@exports(taken)
def codes(request: DeskRequest) -> HttpResponse:
    """The requests that stand at one step, those due first in front."""
    return _shown(request)


@page("list.work")
def code_request(request: DeskRequest, code: UUID) -> HttpResponse:
    """Where a request stands."""
    found = one_in_scope(CodeRequest.objects.filter(pk=code))
    return redirect(f"{_address()}?state={found.state}&one={found.pk}")


@page("list.receive")
@sent("codes")
def stepped(request: DeskRequest) -> HttpResponse:
    """The next step for those that were ticked."""
    chosen = [UUID(one) for one in request.POST.getlist("one") if _is_uuid(one)]
    step = request.POST.get("step", "")
    if step not in STEP or not chosen:
        messages.info(request, gettext("请先勾选要办的人。"))
        return redirect("codes")
    for code in set(CodeRequest.objects.filter(pk__in=chosen).values_list("area_code", flat=True)):
        allowed(request, "list.receive", code)
    try:
        with transaction.atomic():
            messages.success(request, STEP[step](request, chosen))
    except NotInScope:
        raise
    except Refusal as refusal:
        return _shown(request, wrong=sentence(refusal), chosen=chosen)
    return redirect(f"{_address()}?state={request.POST.get('state', '')[:12]}")


def _verify(request: DeskRequest, chosen: Sequence[UUID]) -> str:
    done = actions.verify(chosen, by=request.user, at=request.now)
    return gettext("核实了 {people} 人，等上报。").format(people=done)


def _report(request: DeskRequest, chosen: Sequence[UUID]) -> str:
    done = actions.report(chosen, by=request.user, at=request.now)
    return gettext("上报了 {people} 人，等结果。").format(people=done)


def _convert(request: DeskRequest, chosen: Sequence[UUID]) -> str:
    return _answer(request, chosen, converted=True)


def _refuse(request: DeskRequest, chosen: Sequence[UUID]) -> str:
    return _answer(request, chosen, converted=False)


def _answer(request: DeskRequest, chosen: Sequence[UUID], *, converted: bool) -> str:
    reason = written(request, "reason", 160)
    told = answer_requests(chosen, converted=converted, reason=reason, by=request.user, at=request.now)
    said = gettext("记下了。已发短信告诉 {told} 人，{none} 人没有手机号，请打电话告诉。")
    return said.format(told=len(told.new) + len(told.already), none=len(told.unreachable))


STEP: dict[str, Callable[[DeskRequest, Sequence[UUID]], str]] = {
    "verify": _verify, "report": _report, "convert": _convert, "refuse": _refuse,
}  # fmt: skip


def _shown(request: DeskRequest, *, wrong: str = "", chosen: Sequence[UUID] = ()) -> HttpResponse:
    state, place = _asked(request)
    rows, counts = at_state(state, place), how_many()
    shown = {
        "state": state,
        "place": place,
        "tabs": [(name, WORDS[name], counts[name]) for name in STATES],
        "places": places_of(state),
        "rows": rows[:PAGE],
        "count": rows.count(),
        "step": STEPS.get(state, ""),
        "wrong": wrong,
        "chosen": chosen or [UUID(one) for one in request.GET.getlist("one") if _is_uuid(one)],
        "may_step": "list.receive" in request.grants.may,
    }
    return render(request, "screening/codes.html", shown, status=422 if wrong else 200)


def _asked(request: DeskRequest) -> tuple[str, str]:
    said = request.POST if "step" in request.POST else request.GET
    state = said.get("state", STATES[0])
    if state not in STATES:
        raise NotInScope()
    return state, said.get("place", "")[:80]


def _cells(rows: QuerySet[CodeRequest]) -> Iterator[list[object]]:
    for one in rows.iterator(chunk_size=TAKEN_AT_ONCE):
        person = one.row.inquiry.person
        home = person.household if person else None
        yield [
            person.name if person else one.row.name, f"{home.compound} {home.door}" if home else one.row.address,
            gettext(one.get_colour_display()), one.place, one.exposed, one.papers, one.requested_at, one.due_at,
            gettext(one.words), one.reason,
        ]  # fmt: skip


def _address() -> str:
    return reverse("codes")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
