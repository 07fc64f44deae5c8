"""The second half of a door's page: rows that may be the same, what was joined, who lived here, what was changed."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import allowed, back
from shouwang.flows.merge_rows import merge_rows, unmerge_rows
from shouwang.lib.errors import NotInScope
from shouwang.register.joining.duplicates import same_door, suspected_of
from shouwang.register.joining.merging import MODELS, not_the_same
from shouwang.register.models import Merge, Person
from shouwang.register.past import changes_of, lived_here, merges_of
from shouwang.register.queries import household_page, person_page


@page("register.read")
def of_household(request: DeskRequest, household: int) -> HttpResponse:
    """What stands beside a household."""
    found = household_page(household)
    ids = [found.household.pk, *(row.pk for row in found.merged)]
    pairs = suspected_of(found.people)
    shown = {
        "door": found.household,
        "kind": "household",
        "pairs": _pairs(pairs),
        "same": same_door(found.household),
        "merges": merges_of("household", found.household.pk),
        "former": lived_here(ids),
        "changes": changes_of([found.household, *found.merged]),
        "may": request.grants.may,
        "back": found.household.pk,
    }
    return render(request, _template(request), shown)


@page("register.read")
def of_person(request: DeskRequest, person: int) -> HttpResponse:
    """What stands beside a person."""
    found = person_page(person)
    shown = {
        "door": found.person,
        "kind": "person",
        "pairs": _pairs(suspected_of([found.person])),
        "merges": merges_of("person", found.person.pk),
        "changes": changes_of([found.person, *found.merged]),
        "may": request.grants.may,
        "back": found.person.pk,
    }
    return render(request, _template(request), shown)


@page("register.read")
def merged(request: DeskRequest) -> HttpResponse:
    """Two rows are one, said by somebody who looked."""
    kind, lost, kept = two_named(request, "lost", "kept")
    merge_rows(kind, lost=lost, kept=kept, by=request.user, at=request.now)
    return back(request, _("合并好了，两边的记录都在。合错了可以撤回。"), kind, kept)


@page("register.read")
def different(request: DeskRequest) -> HttpResponse:
    """Two people of like names are two people; nobody is asked again."""
    kind, one, other = two_named(request, "one", "other")
    if kind != "person":
        raise NotInScope()
    not_the_same(one, other, by=request.user, at=request.now)
    return back(request, _("记下了，他们不是同一个人。"), "person", one)


@page("register.read")
def unmerged(request: DeskRequest) -> HttpResponse:
    """A merge is taken back: both are what they were."""
    if request.method != "POST":
        return redirect("living")
    line = one_in_scope(Merge.objects.filter(pk=_number(request, "merge")))
    allowed(request, "register.edit", line.area_code)
    unmerge_rows(line, by=request.user, at=request.now)
    return back(request, _("撤回了，两边和合并以前一样。"), line.kind, line.kept)


def two_named(request: DeskRequest, first: str, second: str) -> tuple[str, int, int]:
    """The two rows of a form, both in scope and where this person may edit. Raises: NotInScope, NoGrant."""
    kind, ids = request.POST.get("kind", ""), (_number(request, first), _number(request, second))
    rows = MODELS[kind].objects.in_bulk(ids) if kind in MODELS else {}
    if len(rows) != 2:
        raise NotInScope()
    for row in rows.values():
        allowed(request, "register.edit", row.area_code)
    return (kind, *ids)


def _number(request: DeskRequest, name: str) -> int:
    asked = request.POST.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0


def _pairs(pairs: list) -> list[dict[str, object]]:
    """Both people of each pair, side by side."""
    ids = {identity for pair in pairs for identity in (pair.one, pair.other)}
    rows = Person.objects.select_related("household").in_bulk(ids)
    return [{"why": pair.why, "rows": (rows[pair.one], rows[pair.other])} for pair in pairs]


def _template(request: DeskRequest) -> str:
    return "living/parts/aside.html" if request.headers.get("HX-Request") else "living/aside.html"
