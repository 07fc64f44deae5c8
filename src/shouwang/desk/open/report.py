"""报备: the page behind a poster and behind a personal link. Works as a plain form; the script keeps it through a dead network."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render

from shouwang.access.links import read, token
from shouwang.access.models import User
from shouwang.access.scope import scope
from shouwang.desk.doors import DeskRequest, OpenRequest, open_page
from shouwang.desk.open.notice import notice_of
from shouwang.desk.open.report_forms import PeopleForms, ReportForm, StopForms, said
from shouwang.lib.clock import day_of
from shouwang.lib.codes import COMMUNITY, is_code
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.screening.lists.models import Inquiry, ListRow
from shouwang.screening.reports import actions, posters
from shouwang.screening.reports.actions import Taken
from shouwang.screening.reports.links import ASKED, OWN
from shouwang.screening.reports.models import Poster
from shouwang.screening.reports.rules import Asks, asks_of

DOORS_MOST = 1500  # more would make the page heavy: rooms are typed there
FORMS: dict[str, Any] = {"people": PeopleForms, "stops": StopForms}


@dataclass
class Where:
    """Behind which poster or link somebody stands. Shape: `initial` is the first character of the name that was asked."""

    area: str
    words: str
    poster: Poster | None = None
    asked: UUID | None = None
    initial: str = ""
    doors: posters.Labels = field(default_factory=list)

    @property
    def compounds(self) -> list[str]:
        """The compounds that can be chosen here."""
        return [compound for compound, _buildings in self.doors]


@open_page(tries=120, code_tries=1500)
def by_poster(request: OpenRequest, code: str) -> HttpResponse:
    """The page of a poster, or of a community by its own number."""
    if is_code(code) and len(code) == COMMUNITY:
        return fill_in(request, Where(code, posters.community_words(code)))
    poster = posters.of_code(code, now=request.now)
    words = posters.place_words(poster)
    return fill_in(request, Where(poster.area_code, words, poster, doors=light(poster.doors)))


@open_page(tries=120, code_tries=60)
def by_link(request: OpenRequest, code: str) -> HttpResponse:
    """The page of somebody who was asked. Of the register it knows the first character of a name, and shows no more."""
    known = read(ASKED, code)
    if known is None:
        raise NotInScope()
    asked, area = known
    return fill_in(
        request, Where(area, posters.community_words(area), asked=asked, initial=_initial(asked, area))
    )


def forms_of(
    request: OpenRequest | DeskRequest,
    asks: Asks,
    where: Where,
    *,
    named: bool,
    data: QueryDict | None,
    **initial: Any,
) -> tuple[ReportForm, Any, Any]:
    """The three parts of the page: what holds for all, the people, the places."""
    today = day_of(request.now)
    if data is not None:  # what comes back unchanged counts like what was typed
        initial = {}
    form = ReportForm(
        data, initial=initial.get("form"), asks=asks, compounds=where.compounds, today=today, named=named
    )
    people = PeopleForms(data, prefix="people", initial=initial.get("people"), form_kwargs={"asks": asks})
    stops = None
    if asks.trip and asks.travel_days:
        stops = StopForms(data, prefix="stops", initial=initial.get("stops"), form_kwargs={"today": today})
    return form, people, stops


def one_more_line(request: OpenRequest | DeskRequest) -> QueryDict:
    """What was sent with one empty line more where that was asked for; nothing is lost without a script."""
    data = request.POST.copy()
    name = data.get("more", "")
    if name in FORMS:
        total = data.get(f"{name}-TOTAL_FORMS", "1")
        most = FORMS[name].max_num
        data[f"{name}-TOTAL_FORMS"] = str(
            min(int(total) + 1, most) if total.isdecimal() and len(total) < 3 else 1
        )
    return data


def fill_in(request: OpenRequest | DeskRequest, where: Where, *, by: User | None = None) -> HttpResponse:
    """The form, shown, filled in and kept; for a worker who fills it in for somebody too."""
    asks, named = asks_of(plan_of(where.area, now=request.now)), bool(where.initial)
    if request.method != "POST" or "more" in request.POST:
        data = one_more_line(request) if request.method == "POST" else None
        form, people, stops = forms_of(
            request, asks, where, named=named, data=data, form={"id": uuid7(request.now)}
        )
        return _shown(request, where, asks, form, people, stops, quiet=data is not None)
    form, people, stops = forms_of(request, asks, where, named=named, data=request.POST)
    if not all_valid(form, people, stops):
        return _wrong(request, where, asks, form, people, stops)
    only = where.compounds[0] if len(where.compounds) == 1 else ""
    told = said(form, people, stops, first=None, compound=only, at=request.now)
    if form.cleaned_data[
        "website"
    ]:  # a program fills every field it finds; it is told what everybody is told
        return answered(
            request, Taken(actions.receipt_of(told.id), f"/r/own/{token(OWN, told.id, where.area)}/")
        )
    taken = actions.report(
        told, area=where.area, poster=where.poster, asked=where.asked, by=by, at=request.now
    )
    return answered(request, taken)


def answered(request: OpenRequest | DeskRequest, taken: Taken) -> HttpResponse:
    """The receipt: as a page, or as the line that the script waits for."""
    if not by_script(request):
        return HttpResponseRedirect(f"{taken.own}?new=1&lang={request.GET.get('lang', '')}")
    return JsonResponse({"id": request.POST["id"], "receipt": taken.receipt, "own": taken.own})


def by_script(request: OpenRequest | DeskRequest) -> bool:
    """Whether the page's own script sent this."""
    return "application/json" in request.headers.get("Accept", "")


def all_valid(*parts: Any) -> bool:
    """Whether everything on the page can be taken; each part is looked at, so that all that is wrong is said at once."""
    looked_at = [part.is_valid() for part in parts if part is not None]
    return all(looked_at)


def wrong_of(*parts: Any) -> dict[str, str]:
    """What is wrong, by the name of the field."""
    there = [part for part in parts if part is not None]
    lines = [one for part in there for one in (part if hasattr(part, "management_form") else [part])]
    return {
        one.add_prefix(name): " ".join(map(str, errors))
        for one in lines
        for name, errors in one.errors.items()
    }


def _wrong(
    request: OpenRequest | DeskRequest, where: Where, asks: Asks, form: ReportForm, people: Any, stops: Any
) -> HttpResponse:
    if by_script(request):
        return JsonResponse({"wrong": wrong_of(form, people, stops)}, status=422)
    return _shown(request, where, asks, form, people, stops, status=422)


def _shown(
    request: OpenRequest | DeskRequest, where: Where, asks: Asks, form: ReportForm, people: Any, stops: Any, *,
    status: int = 200, quiet: bool = False,
) -> HttpResponse:  # fmt: skip
    if quiet:  # a line was added: nobody is told off for what is not filled in yet
        for one in (form, *people, *(stops or ())):
            one._errors = {}  # type: ignore[attr-defined]
    shown = {
        "where": where, "asks": asks, "form": form, "people": people, "stops": stops,
        "notice": notice_of(where.area, now=request.now),
    }  # fmt: skip
    return render(request, "open/report.html", shown, status=status)


def light(doors: posters.Labels) -> posters.Labels:
    """The labels without the rooms where there are too many of them."""
    rooms = sum(len(rooms) for _c, buildings in doors for _b, units in buildings for _u, rooms in units)
    if rooms <= DOORS_MOST:
        return doors
    return [
        [compound, [[building, [[unit, []] for unit, _rooms in units]] for building, units in buildings]]
        for compound, buildings in doors
    ]


def _initial(asked: UUID, area: str) -> str:
    """The first character of the name; empty where the person is no longer asked here."""
    with scope([area]):
        name = Inquiry.objects.filter(pk=asked).values_list("person__name", flat=True).first()
        name = name or ListRow.objects.filter(inquiry=asked).values_list("name", flat=True).first()
    return (name or "")[:1]
