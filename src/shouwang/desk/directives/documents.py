"""Documents: what came, taking one in, looking at one, saying that it was read."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.pictures import as_it_came, kind_of
from shouwang.desk.directives.forms import ReceiveForm
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.sent import sent
from shouwang.directives.actions import confirm_read, receive
from shouwang.directives.models import Directive
from shouwang.directives.queries import Standing, documents_here, readers_of, shares_of, standings
from shouwang.lib.errors import NotInScope, Refusal

MOST = 60
HEADINGS = (_("文件"), _("谁发的"), _("什么时候收到的"), _("待办"), _("已超时"), _("已办"), _("几人看过"))


def taken(request: DeskRequest) -> Listing:
    """The documents, to take away."""
    return Listing(_("上级文件"), HEADINGS, map(_cells, _lines(request)))


@page("directive.read")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What came down, the latest first: how far each is, and what one has not read yet."""
    return render(request, "directives/list.html", {"lines": _lines(request)})


@page("directive.receive")
def received(request: DeskRequest) -> HttpResponse:
    """A file or pasted text is taken in and kept as it came; its points are looked at next."""
    form = ReceiveForm(request.grants, request.now, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        file = told["file"]
        try:
            made, fresh = receive(
                area=request.grants.require_area(told["area"]), by=request.user, at=request.now,
                arrived_at=min(told["arrived_at"], request.now), content=file.read() if file else b"",
                filename=file.name if file else "", text="" if file else told["text"],
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", sentence(refusal))
        else:
            if not fresh:
                messages.info(request, gettext("这份文件已经收过了，没有再收一次。"))
            return redirect("directive_points" if fresh else "directive", made.pk)
    return render(request, "directives/new.html", {"form": form})


@page("directive.read")
def shown(request: DeskRequest, directive_id: UUID) -> HttpResponse:
    """One document: its text, its points with who answered, and who has read it."""
    one = seen(directive_id)
    points = list(one.points.select_related("helper").order_by("number"))
    shares = shares_of(points, now=request.now)
    communities = readers_of(one, points, now=request.now)
    found = {
        "one": one,
        "points": [(point, shares[point.pk]) for point in points],
        "communities": communities,
        "own_read": any(
            who.at and who.user == request.user.pk for place in communities for who in place.readers
        ),
        "may_receive": may_change(request, one),
        "picture": one.file is not None and bool(kind_of(one.file)),
    }
    return render(request, "directives/one.html", found)


@page("directive.read")
@sent("directives")
def read(request: DeskRequest, directive_id: UUID) -> HttpResponse:
    """收到: who and when; pressed twice it is said once."""
    if confirm_read(seen(directive_id), area=min(request.grants.codes), by=request.user, at=request.now):
        messages.success(request, gettext("已确认收到。"))
    return redirect("directive", directive_id)


@page("directive.read")
def file(request: DeskRequest, directive_id: UUID) -> HttpResponseBase:
    """The file as it came: a picture to look at, everything else to open with its own program."""
    one = seen(directive_id)
    if one.file is None:
        raise NotInScope()
    return as_it_came(one.file)


def seen(directive_id: UUID) -> Directive:
    """The document, in scope or of an area above. Raises: NotInScope."""
    return one_in_scope(Directive.objects.filter(pk=directive_id).select_related("file", "received_by"))


def may_change(request: DeskRequest, one: Directive) -> bool:
    """Whether this person received it or could have."""
    return "directive.receive" in request.grants.may and one.area_code.startswith(request.grants.codes)


def _lines(request: DeskRequest) -> list[tuple[Directive, Standing]]:
    found = documents_here(most=MOST)
    far = standings(found, user=request.user.pk, now=request.now)
    return [(one, far[one.pk]) for one in found]


def _cells(line: tuple[Directive, Standing]) -> list[object]:
    one, far = line
    return [one.title, one.sender, one.arrived_at, far.owed, far.overdue, far.done, far.read]
