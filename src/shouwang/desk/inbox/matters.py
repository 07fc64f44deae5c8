"""来电诉求: what waits for which step, one matter with everything that was said, and its three steps."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.inbox.forms import HandForm, HeardForm, WordsForm
from shouwang.inbox import actions
from shouwang.inbox.duties import ANSWERERS
from shouwang.inbox.models import Matter
from shouwang.inbox.queries import STEPS, counted, earlier, matters, step_of
from shouwang.inbox.rules import due
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import clocks_of
from shouwang.register.models import Helper
from shouwang.register.responsibility import who_answers

PAGE, SAID_SHOWN = 50, 20
HEADINGS = (_("说了什么"), _("谁"), _("电话"), _("门牌"), _("什么时候"), _("到了哪一步"))


def _listing(request: DeskRequest) -> Listing:
    area, step = _chosen(request)
    rows = matters(area, step=step).iterator(chunk_size=500)
    told = (
        (one.words, one.who, one.phone_mask, _door(one), one.received_at, gettext(STEPS[step_of(one)]))
        for one in rows
    )
    return Listing(_("来电诉求"), HEADINGS, told, area)


@page("inbox.work")
@exports(_listing)
def inbox(request: DeskRequest) -> HttpResponse:
    """What waits, the longest first; and the four fields for the next one."""
    area, step = _chosen(request)
    form = HeardForm(request.POST or None, initial={"id": uuid7(request.now), "way": "call"})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        heard = actions.Heard(said["words"], said["way"], said["who"], said["phone"], id=said["id"])
        made = actions.receive(heard, area=community_of(area), by=request.user, at=request.now)
        messages.success(request, gettext("记下了。"))
        return redirect("matter", made.pk)
    from_row = place_number(request.GET.get("from", ""))
    shown = list(matters(area, step=step)[from_row : from_row + PAGE + 1])
    more: dict[str, str | int] = {"area": area, "step": step, "from": from_row + PAGE}
    found = {
        "area": area, "step": step, "counts": counted(area), "rows": [(one, _door(one)) for one in shown[:PAGE]],
        "more": urlencode(more) if len(shown) > PAGE else "", "from_start": urlencode({**more, "from": 0}) if from_row else "",
        "form": form, "now": request.now,
    }  # fmt: skip
    return render(request, "inbox/inbox.html", found, status=422 if form.errors else 200)


@page("inbox.work")
def matter(request: DeskRequest, matter: UUID) -> HttpResponse:
    """One matter: its clocks, what was said, what the same people said before."""
    return _shown(request, actions.matter_of(matter))


@page("inbox.work")
def step(request: DeskRequest, matter: UUID) -> HttpResponse:
    """Answered, handled or told back."""
    row, form, do = actions.matter_of(matter), WordsForm(request.POST), request.POST.get("do", "")
    if request.method != "POST":
        return redirect("matter", row.pk)
    try:
        if do == "tell_back":
            actions.tell_back(row.pk, by=request.user, at=request.now)
        elif form.is_valid() and do in ("answer", "handle"):
            act = {"answer": actions.answer, "handle": actions.handle}[do]
            act(row.pk, words=form.cleaned_data["words"], by=request.user, at=request.now)
    except Refusal as refusal:
        form.add_error(None, sentence(refusal))
    if (do != "tell_back" and form.errors) or form.non_field_errors():
        return _shown(request, row, form=form, status=422)
    messages.success(request, gettext("记下了。"))
    return redirect("matter", row.pk)


@page("inbox.work")
def hand(request: DeskRequest, matter: UUID) -> HttpResponse:
    """Somebody else goes on with it."""
    row = actions.matter_of(matter)
    form = HandForm(_helpers(row), request.POST or None)
    if form.is_bound and form.is_valid():
        actions.hand_over([row.pk], int(form.cleaned_data["helper"]), by=request.user, at=request.now)
        messages.success(request, gettext("交过去了，时限照算。"))
    elif form.is_bound:
        messages.error(request, gettext("没有交出去。请先选交给谁。"))
    return redirect("matter", row.pk)


def _shown(
    request: DeskRequest, row: Matter, *, form: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    clocks = due(row.received_at, clocks_of(row.area_code, now=row.received_at).answer_hours)
    steps = [
        ("answer", _("答复"), row.answered_at, row.answered_by, row.answer, clocks.answer),
        ("handle", _("处置"), row.handled_at, row.handled_by, row.done, clocks.handle),
        ("tell_back", _("反馈"), row.told_back_at, row.told_back_by, "", clocks.tell_back),
    ]
    next_step = next((key for key, _words, at, *_rest in steps if at is None), "")
    nearest = who_answers([row.area_code], ANSWERERS, now=request.now)
    owner = row.helper or nearest.get(row.area_code)
    found = {
        "matter": row, "door": _door(row), "steps": steps, "next": next_step, "owner": owner, "now": request.now,
        "said": row.said.order_by("-at")[:SAID_SHOWN], "earlier": earlier(row), "form": form or WordsForm(),
        "hand": HandForm(_helpers(row)), "step_words": STEPS,
    }  # fmt: skip
    return render(request, "inbox/matter.html", found, status=status)


def _chosen(request: DeskRequest) -> tuple[str, str]:
    """The area that is looked at, and the step. Raises: NotInScope."""
    asked, step = request.GET.get("area", ""), request.GET.get("step", "")
    area = request.grants.require_area(asked) if asked else request.grants.codes[0]
    return area, step if step in STEPS else ""


def _helpers(row: Matter) -> list[Helper]:
    community = community_of(row.area_code)
    rows = Helper.objects.filter(area_code__startswith=community, left_at=None).exclude(pk=row.helper_id or 0)
    return list(rows.order_by("name")[:200])


def _door(row: Matter) -> str:
    return f"{row.household.compound} {row.household.door}" if row.household else ""
