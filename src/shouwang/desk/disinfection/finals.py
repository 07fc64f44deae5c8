"""终末消毒: its steps one after another, accepted by somebody else, its certificate; and bags that were fetched."""

from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.disinfection.final import accept, ask_for, final_of, step
from shouwang.disinfection.models import STEPS, Final
from shouwang.disinfection.rounds import Fetched, record_collections
from shouwang.disinfection.spots import inside
from shouwang.disinfection.today import finals
from shouwang.flows.works.waste_fetched import doors_in_isolation, fetch_waste
from shouwang.lib.ids import uuid7
from shouwang.register.queries import household_page

BESIDE = {"disinfection.no_agent": "agent"}
MOST_BAGS, MOST_DOORS = 1000, 300


class StepForm(forms.Form):
    """With what it was disinfected."""

    agent = forms.CharField(label=gettext_lazy("用什么药"), max_length=40)
    chlorine_mg_per_l = forms.IntegerField(
        label=gettext_lazy("有效氯（毫克/升）"), min_value=1, max_value=100_000, required=False
    )
    area_m2 = forms.IntegerField(
        label=gettext_lazy("面积（平方米）"), min_value=1, max_value=1_000_000, required=False
    )


class BagsForm(forms.Form):
    """How many bags from each spot and door. Shape: numbers named `spot-…` and `door-…`."""

    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, spots: list[tuple[str, str]], doors: list[tuple[str, str]], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, words in (*spots, *doors):
            self.fields[name] = forms.IntegerField(
                label=words, min_value=0, max_value=MOST_BAGS, required=False
            )
        self.spots, self.doors = [self[name] for name, _w in spots], [self[name] for name, _w in doors]

    def bags(self, kind: str) -> dict[str, int]:
        """What was typed, by the spot's or door's own key."""
        told = self.cleaned_data
        begins = f"{kind}-"
        return {
            name.removeprefix(begins): many for name, many in told.items() if name.startswith(begins) and many
        }


def taken(request: DeskRequest) -> Listing:
    """What is to be done or was done after cases, to take away."""
    rows = (
        [str(one), one.due_at, one.at, one.number] for one in finals(chosen_area(request), now=request.now)
    )
    headings = (_("哪里"), _("最晚办完"), _("什么时候验收"), _("证明号"))
    return Listing(_("终末消毒"), headings, rows, chosen_area(request))


@page("disinfection.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What is owed after cases, and what was accepted."""
    rows = list(finals(chosen_area(request), now=request.now)[:100])
    return render(request, "disinfection/finals.html", {"rows": rows})


@page("disinfection.plan")
def new(request: DeskRequest, household: int) -> HttpResponse:
    """A door is to be disinfected after a case."""
    home = household_page(household).household
    if request.method == "POST":
        because = uuid7(request.now)
        known = Final.objects.filter(household=home, at=None).first()
        row = known or ask_for(because, home.pk, by=request.user, at=request.now)
        return redirect("disinfection_final", row.pk)
    return render(request, "disinfection/final_new.html", {"home": home})


@page("disinfection.work")
def opened(request: DeskRequest, final: UUID) -> HttpResponse:
    """Its steps; who did each."""
    return _shown(request, final_of(final), StepForm())


@page("disinfection.work")
@sent("disinfection_finals")
def stepped(request: DeskRequest, final: UUID) -> HttpResponse:
    """One step was done."""
    row, what = final_of(final), request.POST.get("what", "")
    form = StepForm(request.POST if what == "disinfected" else None)

    def write(typed: dict[str, Any]) -> None:
        step(row.pk, what, by=request.user, at=request.now, **typed)

    if form.is_bound and not done(form, write, BESIDE):
        return _shown(request, row, form, status=422)
    if not form.is_bound:
        write({})
    return redirect("disinfection_final", row.pk)


@page("disinfection.plan")
@sent("disinfection_finals")
def accepted(request: DeskRequest, final: UUID) -> HttpResponse:
    """Somebody who did none of it says that it was done."""
    row = final_of(final)
    if not row.at:
        accept(row.pk, by=request.user, at=request.now)
        messages.success(request, _("验收了，可以打印证明。"))
    return redirect("disinfection_final", row.pk)


@page("disinfection.work")
def certificate(request: DeskRequest, final: UUID) -> HttpResponse:
    """The certificate, one page to print."""
    row = final_of(final)
    shown = {"final": row, "steps": _steps(row), "round": row.spot.rounds.filter(void_at=None).first()}
    return render(request, "disinfection/certificate.html", shown)


@page("disinfection.work")
def collected(request: DeskRequest) -> HttpResponse:
    """Bags of used masks from spots, of rubbish from doors in isolation."""
    area = chosen_area(request)
    spots = [(f"spot-{spot.pk}", spot.name) for spot in inside(area)[:MOST_DOORS]]
    held = doors_in_isolation(area, now=request.now)[: MOST_DOORS * 4]
    doors = {f"door-{one.household_id}": f"{one.household.compound} {one.household.door}" for one in held}
    form = BagsForm(spots, list(doors.items()), request.POST or None, initial={"id": uuid7(request.now)})

    def write(typed: dict[str, Any]) -> None:
        masks = [
            Fetched("masks", many, request.now, spot=UUID(pk), id=uuid5(typed["id"], pk))
            for pk, many in form.bags("spot").items()
        ]
        record_collections(masks, by=request.user, at=request.now)
        bags = {int(pk): many for pk, many in form.bags("door").items()}
        fetch_waste(bags, once=typed["id"], by=request.user, at=request.now)

    if request.method == "POST" and done(form, write):
        total = sum((*form.bags("spot").values(), *form.bags("door").values()))
        messages.success(request, _("记下了 {total} 袋。").format(total=total))
        return redirect("disinfection_collect")
    return render(request, "disinfection/collect.html", {"form": form}, status=422 if form.errors else 200)


def _steps(row: Final) -> list[tuple[str, str, object]]:
    done_steps = {one.what: one for one in row.steps.filter(void_at=None).select_related("by")}
    return [(what, words, done_steps.get(what)) for what, words in STEPS]


def _shown(request: DeskRequest, row: Final, form: StepForm, *, status: int = 200) -> HttpResponse:
    steps = _steps(row)
    shown = {
        "final": row, "steps": steps, "form": form, "ready": all(one for _what, _words, one in steps),
        "may_accept": "disinfection.plan" in request.grants.may,
    }  # fmt: skip
    return render(request, "disinfection/final.html", shown, status=status)
