"""The lists that the register opens: who needs help, empty doors, doors of which nobody knows, rows that may be one."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.board import chosen_area, trail
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.lib.codes import AFTER_ALL, COMMUNITY
from shouwang.lib.errors import NotInScope
from shouwang.register.figures import DOORS, PEOPLE
from shouwang.register.joining.duplicates import Suspected, suspected_duplicates
from shouwang.register.models import HELPS, Area, Person
from shouwang.register.queries import people_with_help, unchecked_people

PAGE, TAKEN_AT_ONCE = 50, 1000
SIDE = (_("姓名"), _("门牌"), _("证件号"), _("电话"))
# What a line of a workbook is made of.
DOOR = ("compound", "building", "unit", "room", "empty_on")
PERSON = (
    "name",
    "id_mask",
    "phone_mask",
    "from_place",
    "helps",
    "help_note",
    *(f"household__{name}" for name in DOOR),
)
OF_DOORS = {"doors": _("小区里的户"), "homes": _("常住户"), "empty": _("空户"), "unknown": _("没登记人的户")}
OF_PEOPLE = {
    "people": _("常住的人"),
    "other_provinces": _("省外来的人"),
    "other_cities": _("省内市外来的人"),
    "hubei": _("湖北来的人"),
}
UNCHECKED = "unchecked"
WORDS = {**OF_DOORS, **OF_PEOPLE, UNCHECKED: _("新登记，请核对"), **{name: _(words) for name, words in HELPS}}


def taken(request: DeskRequest) -> Listing:
    """The whole of one list, to take away."""
    which, area = _which(request), chosen_area(request)
    of_doors = which in OF_DOORS
    rows = _rows(which, area).only(*(DOOR if of_doors else PERSON)).iterator(chunk_size=TAKEN_AT_ONCE)
    if of_doors:
        doors = ((f"{row.compound} {row.door}", row.empty_on) for row in rows)
        return Listing(WORDS[which], (_("门牌"), _("空着，从哪天起")), doors, area)
    return Listing(WORDS[which], (*SIDE, _("户籍地"), _("需要帮助")), map(_person, rows), area)


@page("register.read")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """One list, in the order of the buildings."""
    which, area = _which(request), chosen_area(request)
    rows, number = _rows(which, area), _page_number(request)
    shown = list(rows[number * PAGE : (number + 1) * PAGE + 1])
    found = {
        "which": which,
        "words": WORDS[which],
        "people": which not in OF_DOORS,
        "origin": which in OF_PEOPLE,
        "may_confirm": which == UNCHECKED and "register.edit" in request.grants.may,
        "rows": shown[:PAGE],
        "count": rows.count(),
        "trail": trail(area, request.grants),
        "more": _query(request, number + 1) if len(shown) > PAGE else "",
        "from_start": _query(request, 0) if number else "",
    }
    return render(request, "living/list.html", found)


def pairs_taken(request: DeskRequest) -> Listing:
    """All pairs that may be one person, both of them in one row."""
    return Listing(_("疑似重复"), (_("为什么"), *SIDE, *SIDE), _pair_cells(_pairs(request)))


@page("register.read")
@exports(pairs_taken)
def doubled(request: DeskRequest) -> HttpResponse:
    """疑似重复: pairs that may be one person, for somebody who knows."""
    pairs = _pairs(request)
    number = _page_number(request)
    shown = pairs[number * PAGE : (number + 1) * PAGE]
    rows = Person.objects.select_related("household").in_bulk(
        {one for pair in shown for one in (pair.one, pair.other)}
    )
    found = {
        "pairs": [{"why": pair.why, "rows": (rows[pair.one], rows[pair.other])} for pair in shown],
        "count": len(pairs),
        "communities": _communities(request),
        "here": request.GET.get("community", ""),
        "may": request.grants.may,
        "more": _query(request, number + 1) if len(pairs) > (number + 1) * PAGE else "",
        "from_start": _query(request, 0) if number else "",
    }
    return render(request, "living/duplicates.html", found)


def _which(request: DeskRequest) -> str:
    which = request.GET.get("which", "")
    if which not in WORDS:
        raise NotInScope()
    return which


def _pairs(request: DeskRequest) -> list[Suspected]:
    communities = _communities(request)
    asked = request.GET.get("community") or next(iter(communities), "")
    if asked and asked not in communities:
        raise NotInScope()
    return suspected_duplicates(asked) if asked else []


def _communities(request: DeskRequest) -> dict[str, str]:
    """The communities of which one's areas are a part, or which are a part of them: nobody is compared across them."""
    own = Q(pk__in=[])
    for code in request.grants.codes:
        own |= Q(code__gte=code, code__lt=code + AFTER_ALL) | Q(code=code[:COMMUNITY])
    return dict(Area.objects.filter(own, level="community").order_by("code").values_list("code", "label"))


def _pair_cells(pairs: list[Suspected]) -> Iterator[list[object]]:
    ids = {one for pair in pairs for one in (pair.one, pair.other)}
    people = Person.objects.select_related("household").in_bulk(ids)
    for pair in pairs:
        yield [gettext(pair.why), *side(people[pair.one]), *side(people[pair.other])]


def side(person: Person) -> list[object]:
    """One of two people as a line of a workbook shows them, masked."""
    door = f"{person.household.compound} {person.household.door}"
    return [person.name, door, person.id_mask, person.phone_mask]


def _person(person: Person) -> list[object]:
    helps = "、".join(gettext(words) for kind, words in HELPS if kind in person.helps)
    return [*side(person), person.from_place, f"{helps} {person.help_note}".strip()]


def _rows(which: str, area: str) -> QuerySet:
    """Raises: NotInScope where nobody can know who belongs in it."""
    if which in OF_DOORS:
        rows = DOORS[which](area)
    else:
        people = _people(which, area)
        rows = None if people is None else people.select_related("household")
    if rows is None:
        raise NotInScope()
    return rows


def _people(which: str, area: str) -> QuerySet | None:
    if which == UNCHECKED:
        return unchecked_people(area)
    return PEOPLE[which](area) if which in OF_PEOPLE else people_with_help(area, which)


def _page_number(request: DeskRequest) -> int:
    return place_number(request.GET.get("page", ""))


def _query(request: DeskRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return asked.urlencode()
