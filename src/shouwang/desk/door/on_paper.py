"""走访表: a sheet per building for those who go with paper, and keying it back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouwang.access.scope import one_in_scope
from shouwang.desk.door.forms import KeyingForm
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.lib.codes import COMPOUND, is_code
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import hours_to_try, plan_of
from shouwang.register.models import Area
from shouwang.register.queries import people_of
from shouwang.screening import paper
from shouwang.screening.models import Sheet

RECENT = 30


@require_GET
@page("visit.record")
def sheets(request: DeskRequest) -> HttpResponse:
    """The buildings, each with its sheet to print, and the sheets that were printed."""
    buildings = list(Area.objects.filter(level="building").order_by("code"))
    own = [one for one in buildings if any(one.code.startswith(code) for code in request.grants.codes)]
    labels = dict(
        Area.objects.filter(code__in={one.code[:COMPOUND] for one in own}).values_list("code", "label")
    )
    printed = list(Sheet.objects.select_related("printed_by").order_by("-pk")[:RECENT])
    names = {one.code: f"{labels.get(one.code[:COMPOUND], '')} {one.label}".strip() for one in own}
    shown = {
        "buildings": names.items(),
        "printed": [(one, names.get(one.area_code, one.area_code)) for one in printed],
    }
    return render(request, "door/sheets.html", shown)


@require_POST
@page("visit.record")
def print_sheet(request: DeskRequest) -> HttpResponse:
    """One building on at most two pages for sixty doors: a row number, the door, and room to write."""
    building = request.POST.get("building", "")
    if not is_code(building):
        raise NotInScope()
    sheet, doors = paper.print_sheet(request.grants.require_area(building), by=request.user, at=request.now)
    people = people_of([door.pk for door in doors])
    rows = [
        (
            number,
            door,
            people[door.pk][0].name[:1] if people.get(door.pk) else "",
            len(people.get(door.pk, [])),
        )
        for number, door in enumerate(doors, 1)
    ]
    shown = {"sheet": sheet, "rows": rows, "place": f"{doors[0].compound} {doors[0].building}"}
    return render(request, "door/sheet.html", shown)


@page("visit.record")
def keying(request: DeskRequest) -> HttpResponse:
    """A whole sheet typed at once; what is wrong stays beside its row, what differs is shown side by side."""
    form = KeyingForm(
        request.POST or None, initial={"sheet": request.GET.get("sheet", ""), "went_at": request.now}
    )
    shown: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            shown |= _keep(request, form)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
    return render(request, "door/keying.html", shown)


def _keep(request: DeskRequest, form: KeyingForm) -> dict[str, object]:
    """Writes down what can be read and gives back what cannot."""
    told = form.cleaned_data
    sheet = one_in_scope(Sheet.objects.filter(pk=told["sheet"]))
    lines = [*told["rows"].splitlines(), *request.POST.getlist("again")]
    rows, wrong = paper.read_rows(lines, len(sheet.doors))
    hours = hours_to_try(plan_of(sheet.area_code, now=request.now))
    new, differing = paper.key_back(
        sheet, rows, went_at=told["went_at"], hours=hours, choices=_choices(request), by=request.user, at=request.now
    )  # fmt: skip
    rest = request.POST.copy()
    rest["rows"] = ""  # what is written down need not be typed again
    form.data = rest
    return {
        "said": _("记下了 {new} 户。").format(new=new),
        "wrong": [(line, sentence(refusal)) for line, refusal in wrong],
        "differing": [(one, _line(one.row)) for one in differing],
    }


def _choices(request: DeskRequest) -> dict[int, str]:
    named = ((name.removeprefix("choice-"), name) for name in request.POST)
    numbers = ((int(row), name) for row, name in named if row.isascii() and row.isdigit() and len(row) < 4)
    return {row: request.POST.get(name, "") for row, name in numbers}


def _line(row: paper.Row) -> str:
    """A row as it is typed."""
    people = "x" if row.people is None else str(row.people)
    return " ".join(
        str(part) for part in (row.number, people, row.temperature_c, row.note) if part not in (None, "")
    )
