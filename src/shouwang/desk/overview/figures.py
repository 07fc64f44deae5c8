"""数字: the figures that reports are written from, each opening its records; what nobody records is not called nought."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.board import chosen_area, trail
from shouwang.desk.doors import DeskRequest, opens, page
from shouwang.desk.overview.counted import AT_GATES, WORK, numbers_of, records_of
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMMUNITY
from shouwang.register.figures import (
    ENTERTAINMENT,
    PAUSED,
    PlacesOfAKind,
    figures_of,
    helpers_in_service,
    places_by_kind,
    women_in_service,
)

HOMES, PEOPLE, PLACES, BUILDINGS, COMPOUNDS = _("户"), _("人"), _("家"), _("幢"), _("个")


@dataclass(frozen=True)
class Figure:
    """One number with its words and unit, and the list that it opens; None: nobody records it (未统计)."""

    words: Promise | str
    number: int | None
    unit: Promise | str
    address: str = ""
    means: Promise | str = ""
    beside: str = ""


@dataclass(frozen=True)
class Section:
    """Figures that may stand side by side, under the sentence that says what they count."""

    words: Promise | str
    figures: list[Figure]
    means: Promise | str = ""


@page("register.read")
def figures(request: DeskRequest) -> HttpResponse:
    """The whole page."""
    area = chosen_area(request)
    found, places, told_of = figures_of(area), places_by_kind(area), numbers_of(area, now=request.now)
    sections = [
        _compounds(area, found),
        _living(area, found),
        _from_elsewhere(area, found),
        Section(_("场所"), [*map(_kind, places), _paused(places)]),
        _helpers(request, area),
        Section(
            _("卡口"),
            _counted(request, area, AT_GATES, told_of),
            _("从有卡口起到现在，进来的都算，劝返的也算。"),
        ),
        Section(_("管控和宣传"), _counted(request, area, WORK, told_of)),
    ]
    may_say = "register.edit" in request.grants.may and any(
        area.startswith(code) for code in request.grants.codes
    )
    told = {
        "sections": sections,
        "trail": trail(area, request.grants),
        "as_of": request.now.astimezone(ZONE),
        "town_of": area[:COMMUNITY] if may_say else "",
    }
    return render(request, "overview/figures.html", told)


def _compounds(area: str, found: dict[str, int | None]) -> Section:
    return Section(
        _("小区的户：按门算"),
        [
            Figure(_("小区"), found["compounds"], COMPOUNDS, reverse("living")),
            Figure(_("楼栋"), found["buildings"], BUILDINGS, reverse("matrix")),
            Figure(_("小区里的户"), found["doors"], HOMES, _list(area, "doors")),
            Figure(_("空户"), found["empty"], HOMES, _list(area, "empty")),
            Figure(_("没登记人的户"), found["unknown"], HOMES, _list(area, "unknown")),
        ],
        _("每个门都算一户，空着的也算。和下面的常住户是两个口径，不能混着用。"),
    )


def _living(area: str, found: dict[str, int | None]) -> Section:
    return Section(
        _("常住的户和人：按住着的算"),
        [
            Figure(_("常住户"), found["homes"], HOMES, _list(area, "homes")),
            Figure(_("常住的人"), found["people"], PEOPLE, _list(area, "people")),
        ],
        _("现在有人住的门才算一户，住在里面的人才算人。"),
    )


def _from_elsewhere(area: str, found: dict[str, int | None]) -> Section:
    unknown = _("社区的编号还不是正式的，请先写明在哪个省、哪个市。")
    return Section(
        _("外地来的人"),
        [
            _people(_("省外来的人"), found["other_provinces"], _list(area, "other_provinces"), unknown),
            _people(_("省内市外来的人"), found["other_cities"], _list(area, "other_cities"), unknown),
            _people(_("其中湖北来的人"), found["hubei"], _list(area, "hubei"), unknown),
        ],
        _("底册里人员类型写“流动”的，按户籍地算。"),
    )


def _people(words: Promise, number: int | None, address: str, unknown: Promise) -> Figure:
    return Figure(words, number, PEOPLE, address, unknown if number is None else "")


def _kind(places: PlacesOfAKind) -> Figure:
    """How many, and how many people work in them where they said so."""
    staff = "" if places.staff is None else gettext("员工 {staff} 人").format(staff=places.staff)
    return Figure(places.kind, places.amount, PLACES, _places_list(kind=[places.kind]), beside=staff)


def _paused(places: list[PlacesOfAKind]) -> Figure:
    fun = [one for one in places if one.kind in ENTERTAINMENT]
    address = _places_list(kind=[one.kind for one in fun], state=[PAUSED])
    amount = sum(one.paused for one in fun) if fun else None
    return Figure(_("暂停营业的娱乐场所"), amount, PLACES, address)


def _helpers(request: DeskRequest, area: str) -> Section:
    amount = helpers_in_service(area, now=request.now)
    address = reverse("helpers") if "responsibility.edit" in request.grants.may else ""
    known, unknown = women_in_service(area, now=request.now)
    missing = gettext("花名册里还有 {many} 人没写性别。").format(many=unknown) if unknown else ""
    opened = len(area) == COMMUNITY and "roster" in request.grants.may
    named = f"{reverse('roster_people')}?{urlencode({'community': area, 'sex': 'f'})}" if opened else ""
    women = Figure(_("其中妇女"), known, PEOPLE, named, means=missing)
    return Section(_("防控力量"), [Figure(_("人手名单"), amount, PEOPLE, address), women])


def _counted(
    request: DeskRequest, area: str, which: tuple[tuple[str, Any, Any], ...], told: dict[str, int | None]
) -> list[Figure]:
    """What records make up; where nobody records it yet it is not called nought."""
    may_open = opens(request, reverse("briefing_figure"))
    return [
        Figure(words, told[key], unit, records_of(area, key) if may_open else "")
        for key, words, unit in which
    ]


def _list(area: str, which: str) -> str:
    return f"{reverse('living_list')}?{urlencode({'area': area, 'which': which})}"


def _places_list(**asked: list[str]) -> str:
    return f"{reverse('places')}?{urlencode(asked, doseq=True)}"
