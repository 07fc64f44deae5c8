"""场所: shops, restaurants, hotels and venues, how they were found, and a look written down right there."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import ANSWERS, DUTY_KINDS
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import allowed, back, done
from shouwang.desk.living.forms import LookForm, ReasonForm
from shouwang.register.models import Place
from shouwang.register.past import changes_of
from shouwang.register.queries import reveal_place_phones
from shouwang.register.responsibility import who_answers
from shouwang.screening.actions import Looked, record_place_visits
from shouwang.screening.doors_seen import looks_at, owed_by
from shouwang.screening.duties import PLACE_VISIT

PAGE = 50


def taken(request: DeskRequest) -> Listing:
    """All of these places, to take away."""
    words = [_("场所"), _("类型"), _("状态"), _("员工几人"), _("负责人"), _("电话"), _("地址")]
    fields = ("name", "kind", "state", "staff_count", "in_charge", "phone_mask", "address")
    rows = _asked(request).order_by("area_code", "pk").values_list(*fields)
    return Listing(" · ".join([_("场所"), *_chosen(request)]), words, rows.iterator())


@page("register.read")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """All places in scope, of one kind or of all."""
    kinds = list(_standing().order_by("kind").values_list("kind", flat=True).distinct())
    rows = _asked(request)
    after = row_number(request.GET.get("after", ""))
    shown = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[: PAGE + 1])
    query = request.GET.copy()
    query["after"] = str(shown[PAGE - 1].pk) if len(shown) > PAGE else ""
    found = {
        "rows": shown[:PAGE],
        "kinds": kinds,
        "asked": _chosen(request),
        "count": rows.count(),
        "more": query.urlencode() if query["after"] else "",
    }
    return render(request, "living/places.html", found)


@page("register.read")
def opened(request: DeskRequest, place: int) -> HttpResponse:
    """One place's page."""
    return _shown(request, _found(place))


@page("register.read")
def looked(request: DeskRequest, place: int) -> HttpResponse:
    """Somebody looked at it."""
    found, form = _found(place), LookForm(request.POST)
    if request.method != "POST":
        return redirect("place", found.pk)
    allowed(request, "visit.record", found.area_code)

    def write(typed: dict[str, Any]) -> None:
        told = {name: typed[name] for name in ("state", "staff_count", "finding", "note")}
        look = Looked(place=found.pk, at=form.moment(request.now), id=typed["token"], **told)
        record_place_visits([look], by=request.user, at=request.now)

    if done(form, write):
        return back(request, _("记下了，看过这个场所了。"), "place", found.pk)
    return _shown(request, found, status=422, look_form=form)


@page("register.read")
def revealed(request: DeskRequest, place: int) -> HttpResponse:
    """The same page with its telephones in clear; who looked, when and why is kept. The browser keeps nothing of it."""
    found, form, numbers = _found(place), ReasonForm(request.POST), []
    if request.method != "POST":
        return redirect("place", found.pk)
    allowed(request, "reveal", found.area_code)

    def write(typed: dict[str, Any]) -> None:
        numbers.extend(reveal_place_phones(found, by=request.user, at=request.now, reason=typed["reason"]))

    seen = done(form, write)
    answer = _shown(request, found, status=200 if seen else 422, reveal_form=form, numbers=numbers)
    answer["Cache-Control"] = "no-store"
    return answer


def _chosen(request: DeskRequest) -> list[str]:
    """What was asked for, as it stands in the heading."""
    return list(filter(None, [*request.GET.getlist("kind"), request.GET.get("state", "")]))


def _standing() -> QuerySet[Place]:
    return Place.objects.filter(kept_id=F("id"))


def _asked(request: DeskRequest) -> QuerySet[Place]:
    """Of one kind, of several or of all; in one state or in any."""
    kinds, state = list(filter(None, request.GET.getlist("kind"))), request.GET.get("state", "")
    rows = _standing().filter(kind__in=kinds) if kinds else _standing()
    return rows.filter(state=state) if state else rows


def _found(place: int) -> Place:
    """The place, or the one that stands for it. Raises: NotInScope."""
    return one_in_scope(Place.objects.filter(pk__in=Place.objects.filter(pk=place).values("kept_id")))


def _shown(request: DeskRequest, place: Place, *, status: int = 200, **found: Any) -> HttpResponse:
    ids = list(Place.objects.filter(kept_id=place.pk).values_list("pk", flat=True))
    answers = who_answers([place.area_code], ANSWERS[PLACE_VISIT.name], now=request.now)
    shown = {
        "place": place,
        "owed": owed_by(request.now, place=ids),
        "kinds": {name: kind.words for name, kind in DUTY_KINDS.items()},
        "looks": looks_at(ids),
        "answers": answers.get(place.area_code),
        "changes": changes_of([place]),
        "may": request.grants.may,
        "look_form": LookForm(initial={"state": place.state}),
        **found,
    }
    return render(request, "living/place.html", shown, status=status)
