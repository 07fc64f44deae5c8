"""Who passed: the list behind every number of a gate, of all gates, of a day and of a shift; names masked."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shouwang.access.audit import record as audit
from shouwang.desk.asked.numbers import place_number
from shouwang.desk.asked.times import day_written
from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.gates.drawn import bars
from shouwang.gates.keeping import gate_of
from shouwang.gates.models import Passage
from shouwang.gates.package import spoken
from shouwang.gates.passed import Asked, passages_of
from shouwang.gates.queries import Line, live
from shouwang.lib.clock import ZONE
from shouwang.lib.identity import mask_name
from shouwang.standing.models import Pass

MOST, HOURS = 100, 24
WHICH = {
    "": gettext_lazy("全部"), "in": gettext_lazy("进"), "out": gettext_lazy("出"), "refuse": gettext_lazy("劝返"),
    "fever": gettext_lazy("发热"), "mattered": gettext_lazy("和名单不一致"),
    "late": gettext_lazy("出门太久"),
}  # fmt: skip
COUNTED = {
    "vehicles": gettext_lazy("车辆"), "people": gettext_lazy("人数"), "province": gettext_lazy("省外"), "city": gettext_lazy("市外"),
    "turned_vehicles": gettext_lazy("劝返车辆"), "turned_people": gettext_lazy("劝返人数"), "fevers": gettext_lazy("发热"),
}  # fmt: skip
HEADINGS = (
    gettext_lazy("时间"), gettext_lazy("卡口"), gettext_lazy("方向"), gettext_lazy("类别"), gettext_lazy("谁"), gettext_lazy("车牌"),
    gettext_lazy("人数"), gettext_lazy("体温"), gettext_lazy("结果"), gettext_lazy("从哪来"), gettext_lazy("到哪去"),
)  # fmt: skip


def taken(request: DeskRequest, gate: UUID) -> Listing:
    """The passages of one gate, to take away."""
    found = gate_of(gate)
    return _listing(request, _asked(request, found.area_code, gate), found.name)


@page("gate.read")
@exports(taken)
def opened(request: DeskRequest, gate: UUID) -> HttpResponse:
    """One gate: who went through today and yesterday, or when it was asked for; that somebody looked is written down."""
    found = gate_of(gate)
    asked = _asked(request, found.area_code, gate)
    audit("gates.look", at=request.now, by=request.user, area=found.area_code, gate=gate, which=asked.which)
    line = next((one for one in live(found.area_code, now=request.now) if one.gate.pk == gate), Line(found))
    shown = {
        "gate": found, "line": line, "bars": bars(line.hours), "choices": WHICH.items(),
        "may_manage": "gate.manage" in request.grants.may, **_listed(request, asked),
    }  # fmt: skip
    return render(request, "gates/one.html", shown)


def taken_of_all(request: DeskRequest) -> Listing:
    """The passages of all gates, to take away."""
    return _listing(request, _asked(request, chosen_area(request)), "")


@page("gate.read")
@exports(taken_of_all)
def of_all(request: DeskRequest) -> HttpResponse:
    """All gates: who went through; that somebody looked is written down."""
    asked = _asked(request, chosen_area(request))
    audit("gates.look", at=request.now, by=request.user, area=asked.area, which=asked.which)
    return render(request, "gates/passages.html", _listed(request, asked))


def address_of(asked: Asked) -> str:
    """The query that asks for these passages again."""
    told: dict[str, str | int] = {"which": asked.which}
    if asked.gate is None:
        told["area"] = asked.area
    if asked.day:
        told |= {"day": asked.day.isoformat(), "from": asked.hours[0], "to": asked.hours[1]}
    return urlencode(told)


def who(row: Passage) -> str:
    """Masked: a name here is of use to nobody who only counts."""
    if row.person:
        return mask_name(row.person.name)
    return holder(row.card) if row.card else ""


def holder(card: Pass) -> str:
    """Who bears a pass: masked, else the door, else its number."""
    home = card.household
    return mask_name(card.person.name if card.person else card.holder) or (home.door if home else card.number)


def why(row: Passage) -> str:
    """The sentence that the gate should have said, or has said."""
    said = spoken().get(row.should_code if row.mattered or row.late else row.code)
    language = {"zh-hant": "zh-hant", "en": "en"}.get(get_language() or "", "zh-hans")
    return said[language][1] if said else ""


def _asked(request: DeskRequest, area: str, gate: UUID | None = None) -> Asked:
    """What the address asks for; what cannot be read counts as not asked."""
    get = request.GET
    which = get.get("which", "") if get.get("which", "") in {**WHICH, **COUNTED} else ""
    hours = (place_number(get.get("from", "")), place_number(get.get("to", ""), HOURS))
    return Asked(
        area, gate, which, day_written(get.get("day", "")), (min(hours[0], HOURS), min(hours[1], HOURS))
    )


def _listed(request: DeskRequest, asked: Asked) -> dict[str, object]:
    """The rows of the page that was asked for."""
    rows = Paginator(passages_of(asked, now=request.now), MOST).get_page(request.GET.get("page"))
    same = address_of(asked)
    return {
        "which": asked.which, "asked": asked, "words": {**WHICH, **COUNTED}[asked.which], "rows": rows,
        "passages": [(row, who(row), why(row)) for row in rows],
        "more": f"{same}&page={rows.next_page_number()}" if rows.has_next() else "",
        "from_start": same if rows.number > 1 else "",
    }  # fmt: skip


def _listing(request: DeskRequest, asked: Asked, name: str) -> Listing:
    rows = (_cells(row) for row in passages_of(asked, now=request.now))
    return Listing(_("{gate}通行记录").format(gate=name), list(map(str, HEADINGS)), rows, asked.area)


def _cells(row: Passage) -> list[object]:
    heat = row.second_c if row.second_c is not None else row.temperature_c
    return [
        row.at.astimezone(ZONE), row.gate.name if row.gate else "", _(row.get_direction_display()), _(row.get_kind_display()),
        who(row), row.plate, row.people, heat, _(row.get_decision_display()), row.from_place, row.to_place,
    ]  # fmt: skip
