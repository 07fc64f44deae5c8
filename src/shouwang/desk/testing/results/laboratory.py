"""交检测结果: a laboratory brings its own file; it sees the codes of the tubes that it was handed, and nobody's name."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import own_communities
from shouwang.desk.testing.results.arriving import ResultsForm, bring, with_due
from shouwang.lib.codes import COMMUNITY
from shouwang.testing.results.queries import brought_by, held_of, owed_by
from shouwang.testing.results.rules import HELD
from shouwang.testing.tubes.handed import boxes_handed

SHOWN, FILES = 50, 10


class OwnResultsForm(ResultsForm):
    """A laboratory's own file: whose it is, is known."""

    laboratory = None  # type: ignore[assignment]
    field_order = ("brought", "community")

    def __init__(self, places: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(places, *args, **options)
        self.fields["brought"].label = gettext_lazy("结果文件")
        self.fields["community"].help_text = gettext_lazy("文件里有几个社区的管，选哪个都行。")


def owed(request: DeskRequest) -> Listing:
    """The tubes that were handed to this laboratory and have no result."""
    tubes: Iterable[Any] = owed_by(request.user)
    rows = ([tube.code, tube.people, tube.opened_at, due] for tube, due in with_due(tubes))
    headings = (_("条码号"), _("混采人数"), _("采样时间"), _("最晚出结果"))
    return Listing(_("还没有结果的采样管"), headings, rows)


@page("result.bring")
@exports(owed)
def own(request: DeskRequest) -> HttpResponse:
    """What a laboratory was handed and still owes, the place to bring a file, and what became of those it brought."""
    boxes = boxes_handed(request.user)
    near = {code[:COMMUNITY] for code in boxes.values_list("area_code", flat=True)}
    places = [(one.code, one.label) for one in own_communities(request.grants) if one.code in near]
    sending = request.method == "POST"
    form = OwnResultsForm(places, request.POST, request.FILES) if sending else OwnResultsForm(places)
    if sending and done(form, lambda typed: bring(request, typed, request.user)):
        return redirect("results_own")
    tubes, files = owed_by(request.user), list(brought_by(request.user)[:FILES])
    shown = {
        "form": form, "boxes": boxes.count(), "tubes": with_due(tubes[:SHOWN]), "many": len(tubes), "files": files,
        "held": [(row, _(HELD[row.held])) for row in held_of(files)[:SHOWN]],
    }  # fmt: skip
    return render(request, "testing/results/laboratory.html", shown, status=422 if form.errors else 200)
