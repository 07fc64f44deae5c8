"""One point: what each area owes of it and reported; reporting back, taking back, ending it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.pictures import as_it_came
from shouwang.desk.asked.written import written
from shouwang.desk.directives.documents import may_change
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.sent import sent
from shouwang.directives.actions import end_point, report_back, take_back
from shouwang.directives.models import Point, Report
from shouwang.directives.queries import Share, shares_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7

HEADINGS = (_("哪里"), _("最晚办完"), _("办了几次"), _("应办"), _("什么时候"), _("谁"), _("说了什么"))


class AnswerForm(forms.Form):
    """What was done, in words or as a file. `once` makes a form that is sent twice report once."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    area = forms.ChoiceField(label=_("哪里"))
    text = forms.CharField(
        label=_("办得怎么样"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=_("附一个文件（可以不附）"), required=False, max_length=200)


def taken(request: DeskRequest, point_id: UUID) -> Listing:
    """What every area answered, to take away."""
    one = _seen(point_id)
    return Listing(
        one.words[:60], HEADINGS, [row for share in _shares(request, one) for row in _cells(share)]
    )


@page("directive.read")
@exports(taken)
def point(request: DeskRequest, point_id: UUID) -> HttpResponse:
    """One point with its areas; whoever answers for one of them reports back here."""
    one = _seen(point_id)
    shares = _shares(request, one)
    mine = [(share.code, share.label) for share in shares if share.code.startswith(request.grants.codes)]
    form = AnswerForm(request.POST or None, request.FILES or None, initial={"once": uuid7(request.now)})
    form.fields["area"].choices = mine  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid() and _reported(request, one, form):
        return redirect("directive_point", one.pk)
    found = {"one": one, "shares": shares, "form": form if mine and not one.ended_at else None}
    return render(request, "directives/point.html", found | {"may_end": may_change(request, one.directive)})


@page("directive.receive")
@sent("directives")
def end(request: DeskRequest, point_id: UUID) -> HttpResponse:
    """Asked no longer: what is still owed is struck out."""
    one = _seen(point_id)
    request.grants.require_area(one.area_code)
    struck = end_point(one.pk, reason=written(request, "reason", 100), by=request.user, at=request.now)
    messages.success(request, gettext("这一条已结束，撤销没办的 {struck} 件。").format(struck=struck))
    return redirect("directive", one.directive_id)


@page("directive.read")
@sent("directives")
def strike(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Takes back what was reported by mistake; it is owed again."""
    report = _report(report_id)
    request.grants.require_area(report.area_code)
    take_back(report.pk, reason=written(request, "reason", 100), by=request.user, at=request.now)
    return redirect("directive_point", report.point_id)


@page("directive.read")
def file(request: DeskRequest, report_id: UUID) -> HttpResponseBase:
    """The file that an area added to its answer."""
    report = _report(report_id)
    if report.file is None:
        raise NotInScope()
    return as_it_came(report.file)


def _seen(point_id: UUID) -> Point:
    return one_in_scope(Point.objects.filter(pk=point_id).select_related("directive", "helper"))


def _report(report_id: UUID) -> Report:
    return one_in_scope(Report.objects.filter(pk=report_id).select_related("file"))


def _shares(request: DeskRequest, one: Point) -> list[Share]:
    """What the areas of this person owe of it; the whole of it for those above them."""
    shares = shares_of([one], now=request.now)[one.pk]
    return [share for share in shares if share.code.startswith(request.grants.codes)]


def _reported(request: DeskRequest, one: Point, form: AnswerForm) -> bool:
    told, area = form.cleaned_data, request.grants.require_area(form.cleaned_data["area"])
    sent_file = told["file"]
    try:
        report_back(
            one, area=area, text=told["text"], by=request.user, at=request.now, id=told["once"],
            content=sent_file.read() if sent_file else b"", filename=sent_file.name if sent_file else "",
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error("file" if sent_file else "text", sentence(refusal))
        return False
    messages.success(request, gettext("已反馈。"))
    return True


def _cells(share: Share) -> list[list[object]]:
    first = [share.label, share.due_at, share.done, share.total]
    return [[*first, one.at, one.by.name if one.by else "", one.text] for one in share.reports] or [
        [*first, None, "", ""]
    ]
