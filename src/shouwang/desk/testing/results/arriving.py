"""检测结果: a laboratory's file is brought, what became of each line, and the list of what the laboratory still owes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.flows.swabbing.results_arrive import results_arrive
from shouwang.testing.results.fhir import report_of
from shouwang.testing.results.models import Result
from shouwang.testing.results.queries import counted, due_of, files_of, held_in, open_pools, without_result

MOST_BYTES = 50_000_000
SHOWN = 30


class ResultsForm(forms.Form):
    """A file of results, whose they are."""

    community = forms.ChoiceField(label=gettext_lazy("哪个社区"))
    brought = forms.FileField(label=gettext_lazy("检测机构发来的文件"))
    laboratory = forms.CharField(
        label=gettext_lazy("检测机构（文件里写了就不用填）"), max_length=80, required=False
    )

    def __init__(self, places: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["community"]
        field.choices = places
        if len(places) == 1:
            self.initial["community"], field.widget = places[0][0], forms.HiddenInput()

    def clean_brought(self) -> Any:
        """Not larger than the largest file."""
        file = self.cleaned_data["brought"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 50 MB。请拆成几个文件再传。"))
        return file


@page("result.work")
def listed(request: DeskRequest) -> HttpResponse:
    """Files and numbers of the last days, and the place to bring another."""
    places = [(one.code, one.label) for one in own_communities(request.grants)]
    sending = request.method == "POST"
    form = ResultsForm(places, request.POST, request.FILES) if sending else ResultsForm(places)
    if sending and done(form, lambda typed: bring(request, typed)):
        return redirect("results")
    area = chosen_community(request).code
    shown = {
        "form": form, "files": files_of(area)[:SHOWN], "counted": counted(area, now=request.now),
        "held": held_in(area).count(), "pools": open_pools(area).count(), "owed": without_result(area).count(),
    }  # fmt: skip
    return render(request, "testing/results/results.html", shown, status=422 if form.errors else 200)


def owed(request: DeskRequest) -> Listing:
    """The tubes that were swabbed and have no result, for the laboratory."""
    area = chosen_community(request).code
    rows = ([tube.code, tube.people, tube.opened_at, due] for tube, due in with_due(without_result(area)))
    headings = (_("条码号"), _("混采人数"), _("采样时间"), _("最晚出结果"))
    return Listing(_("还没有结果的采样管"), headings, rows, area)


@page("sample.work")
@exports(owed)
def waiting(request: DeskRequest) -> HttpResponse:
    """The laboratory's worklist: tubes without a result, the longest waiting first."""
    area = chosen_community(request).code
    rows = without_result(area)
    shown = {"rows": with_due(rows[:200]), "many": rows.count()}
    return render(request, "testing/results/waiting.html", shown)


def with_due(tubes: Iterable[Any]) -> list[tuple[Any, datetime | None]]:
    """Each tube with the moment by which its plan asks for the result."""
    rows = list(tubes)
    due = due_of(rows)
    return [(one, due.get(one.pk)) for one in rows]


@page("result.work")
def as_fhir(request: DeskRequest, result: UUID) -> HttpResponse:
    """One result as a FHIR R4 DiagnosticReport; that it was taken is written down."""
    row = one_in_scope(Result.objects.filter(pk=result))
    record("testing.take_fhir", at=request.now, by=request.user, area=row.area_code, result=row.pk)
    answer = HttpResponse(report_of(row), content_type="application/fhir+json")
    answer["Content-Disposition"] = f'attachment; filename="{row.code or row.pk}.json"'
    return answer


def bring(request: DeskRequest, typed: dict[str, Any], own: User | None = None) -> None:
    """Takes in the file of a form and says what became of it; `own` is the laboratory that brings its own. Raises as `take_in`."""
    file, area = typed["brought"], request.grants.require_area(typed["community"])
    taken = results_arrive(
        file.read(), file.name, area=area, by=request.user, at=request.now, own=own,
        laboratory=own.name if own else typed["laboratory"],
    )  # fmt: skip
    if taken.same_file:
        messages.info(request, _("这个文件已经收过了，没有再记一遍。"))
        return
    held = sum(taken.held.values())
    said = _("收下 {lines} 行：新结果 {new}，重复 {again}，要人看 {held}。")
    messages.success(
        request, said.format(lines=taken.lines, new=len(taken.new), again=taken.again, held=held)
    )
