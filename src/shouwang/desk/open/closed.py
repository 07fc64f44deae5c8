"""Closed buildings as anybody may read of them (RP27), and the page on which whoever has the key writes down the exit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.access.links import read, token
from shouwang.access.scope import scope
from shouwang.desk.doors import OpenRequest, open_page
from shouwang.desk.wording import in_language
from shouwang.isolation.buildings.endings import (
    Condition,
    becomes,
    conditions_of,
    ready_on,
    test_days_of,
    zone_of,
)
from shouwang.isolation.buildings.exits import check_exit, let_out, not_seen
from shouwang.isolation.buildings.longer import longer_of
from shouwang.isolation.buildings.seals import in_force, seal_of
from shouwang.isolation.models import Seal
from shouwang.lib.clock import day_of
from shouwang.lib.codes import BUILDING, COMMUNITY, COMPOUND, UNIT, community_of, is_code
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.register.models import Area
from shouwang.screening.reports.posters import community_words

EXIT = "exit"
LEVELS = (COMPOUND, BUILDING, UNIT)


def exit_link(row: Seal) -> str:
    """The address on which whoever has the key writes down that the exit is open."""
    return f"/x/{token(EXIT, row.pk, row.area_code)}/"


def public_link(area: str) -> str:
    """The address of the closed buildings of a community, for anybody."""
    return reverse("closed", args=[community_of(area)])


def told(row: Seal, *, now: datetime) -> dict[str, object]:
    """What is said of a closed building everywhere: where, why, until when, the rule, the checklist of its end, whom to call."""
    zone, today, following = zone_of(row), day_of(now), becomes(row)
    checklist = conditions_of(row, today)
    return {
        "seal": row, "lengthened": longer_of(row).exclude(approved_at=None).first(), "where": labels_of([row.area_code])[row.area_code],
        "zone": in_language(zone.words) if zone else "", "rule": zone.rule if zone else "",
        "test_days": test_days_of(row), "becomes": in_language(following.words) if following else "",
        "checklist": [(_words(one), one) for one in checklist],
        "holding": sum(one.holds is True for one in checklist), "ready_on": ready_on(checklist, today),
        "running": bool(row.approved_at) and row.opened_at is None and row.until > now,
        "office": community_ways(community_of(row.area_code)).office,
    }  # fmt: skip


@open_page(tries=120)
def closed(request: OpenRequest, area: str) -> HttpResponse:
    """The closed buildings of a community: no name, no number but the community's own."""
    if not is_code(area) or len(area) != COMMUNITY:
        raise NotInScope()
    with scope([area]):
        rows = [told(row, now=request.now) for row in in_force(now=request.now).order_by("area_code")]
        shown = {
            "community": community_words(area), "rows": rows, "office": community_ways(area).office,
        }  # fmt: skip
        return render(request, "open/closed.html", shown)


@open_page(tries=120, code_tries=300)
def at_the_exit(request: OpenRequest, code: str) -> HttpResponse:
    """Whoever has the key: the exit is open, or not; and somebody who has to leave leaves."""
    known = read(EXIT, code)
    if known is None:
        raise NotInScope()
    seal, community = known
    with scope([community]):
        row = seal_of(seal)
        if request.method == "POST":
            return _written(request, code, row)
        shown = told(row, now=request.now) | {
            "code": code, "id": uuid7(request.now), "owed": bool(not_seen([row], now=request.now)),
            "said": request.GET.get("said", ""),
        }  # fmt: skip
        return render(request, "open/exit.html", shown)


def _written(request: OpenRequest, code: str, row: Seal) -> HttpResponse:
    why, id = request.POST.get("why", ""), _uuid(request.POST.get("id", ""))
    if why in ("doctor", "birth", "fire"):
        let_out(
            row.area_code,
            why=why,
            who=request.POST.get("who", ""),  # cut short, never refused: somebody is on the way to a doctor
            left_at=request.now,
            by=None,
            at=request.now,
            id=id,
        )
        said = "out"
    elif request.POST.get("passable") not in ("yes", "no"):
        raise NotInScope()
    else:
        passable = request.POST["passable"] == "yes"
        check_exit(
            row.pk,
            passable=passable,
            checked_at=request.now,
            by=None,
            at=request.now,
            id=id,
            note=row.key_holder,
        )
        said = "open" if passable else "blocked"
    answer = redirect("exit", code)
    answer["Location"] += f"?said={said}"
    return answer


def labels_of(codes: Sequence[str]) -> dict[str, str]:
    """What these places are called, the compound first; what has no name is called by its code."""
    around = {code: [code[:level] for level in LEVELS if level <= len(code)] or [code] for code in codes}
    known = dict(
        Area.objects.filter(code__in={one for those in around.values() for one in those}).values_list(
            "code", "label"
        )
    )
    return {
        code: " ".join(known[one] for one in those if one in known) or code for code, those in around.items()
    }


def _words(one: Condition) -> str:
    return _(one.words).format(days=one.days)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
