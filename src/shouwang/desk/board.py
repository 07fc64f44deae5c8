"""今日看板: what is still owed by midnight, by area and by kind; every number opens the list behind it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from shouwang.access.scope import Grants
from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.answering import NOBODY, by_helper
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.overview.day import line_of_day
from shouwang.duties.board import Line, board, total
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import LEVELS, UNIT, is_code
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area

FIRST_HELPERS = 12
"""So many of those who answer stand on the board, whoever has most left first; a slow phone paints these at once."""


@dataclass(frozen=True)
class Row:
    """A line of the board as it is shown: its words, its numbers, and the addresses that they open."""

    words: str
    line: Line
    query: str
    inside: str = ""
    subject: str = ""


@page("board")
def today(request: DeskRequest) -> HttpResponse:
    """The page that a secretary looks at all day."""
    area = chosen_area(request)
    grants = request.grants
    found = {
        **_numbers(area, request),
        **_hours(area, request),
        "trail": trail(area, grants),
        "may_tell_now": "ledger" in grants.may and any(area.startswith(code) for code in grants.codes),
    }
    return render(request, "desk/board.html", found)


@page("board")
def numbers(request: DeskRequest) -> HttpResponse:
    """Only the numbers, asked for every few seconds; nothing is sent when nothing has changed."""
    found = _numbers(chosen_area(request), request)
    if request.GET.get("seen") == found["seen"]:
        return HttpResponse(status=204)
    return render(request, "desk/parts/board_changed.html", found)


@page("board")
def hours(request: DeskRequest) -> HttpResponse:
    """Only the line of the day, asked for every minute."""
    return render(request, "overview/hours.html", _hours(chosen_area(request), request))


def chosen_area(request: DeskRequest) -> str:
    """The area that was asked for, or all that this person answers for.

    An area above one's own may be named: row-level security leaves in it what is one's own.

    Raises: NotInScope.
    """
    codes = request.grants.codes
    asked = request.GET.get("area", "") or _home(codes)
    related = any(code.startswith(asked) or asked.startswith(code) for code in codes)
    if not related or (asked and not is_code(asked)):
        raise NotInScope()
    return asked


def _home(codes: tuple[str, ...]) -> str:
    """The smallest area that holds all of these."""
    first, last = min(codes), max(codes)
    return max((first[:length] for length in LEVELS if first[:length] == last[:length]), key=len, default="")


def _numbers(area: str, request: DeskRequest) -> dict[str, object]:
    now, everybody = request.now, request.GET.get("everybody") == "1"
    found = board(area, now=now)
    kinds = {name: found[name] for name in DUTY_KINDS if name in found}
    areas, helpers = _by_area(area, now), _by_helper(area, now)
    shown = f"{kinds}{areas}{helpers}{now.astimezone(ZONE):%d %H:%M}"
    return {
        "area": area,
        "all": Row("", total(kinds.values()), urlencode({"area": area})),
        "left": _left_by_subject(kinds),
        "kinds": [_kind_row(area, name, line) for name, line in kinds.items()],
        "areas": areas,
        "helpers": helpers if everybody else helpers[:FIRST_HELPERS],
        "helpers_in_all": len(helpers),
        "everybody": everybody,
        "as_of": now.astimezone(ZONE),
        "seen": blake2b(shown.encode(), digest_size=8).hexdigest(),
    }


def _hours(area: str, request: DeskRequest) -> dict[str, object]:
    address = f"{reverse('board_hours')}?{urlencode({'area': area})}"
    return {"hours": line_of_day(area, request.grants, now=request.now), "hours_address": address}


def _left_by_subject(kinds: dict[str, Line]) -> list[tuple[str, int]]:
    """How much is left, doors and places apart: nobody adds up what cannot be added up."""
    left: dict[str, int] = {}
    for name, line in kinds.items():
        subject = DUTY_KINDS[name].subject
        left[subject] = left.get(subject, 0) + line.left
    return list(left.items())


def _kind_row(area: str, name: str, line: Line) -> Row:
    kind = DUTY_KINDS[name]
    return Row(gettext(kind.words), line, urlencode({"area": area, "kind": name}), subject=kind.subject)


def _by_area(area: str, now: datetime) -> list[Row]:
    """One line for each area just below; what lies in none of them stands under its own line."""
    width = next((length for length in LEVELS if length > len(area)), UNIT + 1)
    if width > UNIT:
        return []
    lines = board(area, now=now, by="area_code", width=width)
    labels = dict(Area.objects.filter(code__in=lines).values_list("code", "label"))
    return [_area_row(code, line, labels.get(code, ""), width) for code, line in lines.items()]


def _area_row(code: str, line: Line, label: str, width: int) -> Row:
    if len(code) < width:
        return Row("", line, urlencode({"area": code, "here": "1"}))
    inside = urlencode({"area": code}) if width < UNIT else ""
    return Row(label, line, urlencode({"area": code}), inside=inside)


def _by_helper(area: str, now: datetime) -> list[Row]:
    """One line for each of those who answer; first the doors that nobody answers for."""
    return [
        Row(
            helper.name if helper else gettext("没人负责"),
            line,
            urlencode({"area": area, "who": helper.pk if helper else NOBODY}),
        )
        for helper, line in by_helper(area, now=now)
    ]


def trail(area: str, grants: Grants) -> list[tuple[str, str]]:
    """The way from what this person answers for down to the area shown."""
    above = [area[:length] for length in LEVELS if len(_home(grants.codes)) <= length <= len(area)]
    labels = dict(Area.objects.filter(code__in=above).values_list("code", "label"))
    return [(code, labels.get(code, "")) for code in above]
