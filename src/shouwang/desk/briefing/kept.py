"""A meeting as it was held, and the records behind a number of the day."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import DUTY_KINDS, FIELDS
from shouwang.desk.board import chosen_area, trail
from shouwang.desk.briefing.sheet import WORDS
from shouwang.desk.doors import DeskRequest, opens, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.directives.models import Minutes
from shouwang.directives.queries import shares_of
from shouwang.gates.models import Gate
from shouwang.ledgers.briefing.figures import COLUMNS
from shouwang.ledgers.filled.counting import Behind, behind
from shouwang.ledgers.periods import Period
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.errors import NotInScope
from shouwang.lib.fields import NumberField
from shouwang.register.models import Household, Person, Place

SUBJECTS: dict[str, Any] = {"household": Household, "person": Person, "place": Place, "gate": Gate}
SHOWN = 200
MOST = 1_000_000  # nothing that a day brings is more


@page("board")
def minutes(request: DeskRequest, directive_id: UUID) -> HttpResponse:
    """A meeting as it was: its figures never change; how its decisions stand is of now."""
    one = one_in_scope(Minutes.objects.filter(directive=directive_id).select_related("directive", "by"))
    points = list(one.directive.points.select_related("helper").order_by("number"))
    shares = shares_of(points, now=request.now)
    kept = one.figures
    found = {
        "one": one,
        "headings": WORDS.values(),
        "kinds": [
            (gettext(DUTY_KINDS[kind].words), [(str(WORDS[name]), row.get(name)) for name in COLUMNS])
            for kind, row in kept["kinds"].items()
            if kind in DUTY_KINDS
        ],
        "numbers": [
            (gettext(FIELDS[key].words), number) for key, number in kept["fields"].items() if key in FIELDS
        ],
        "points": [(point, shares[point.pk]) for point in points],
    }
    return render(request, "briefing/minutes.html", found)


def taken(request: DeskRequest) -> Listing:
    """All records behind a number, to take away."""
    area, known, rows = _asked(request)
    names = _names(known, rows)
    cells = (
        [names.get(one.subject or 0, ""), one.happened_at, one.came_at, one.amount, one.sign] for one in rows
    )
    headings = (_("谁 / 哪里"), _("什么时候"), _("什么时候记的"), _("几个"), _("加减"))
    return Listing(gettext(known.words), headings, cells, area)


@page("board")
@exports(taken)
def figure(request: DeskRequest) -> HttpResponse:
    """The records that make up a number of today."""
    area, known, rows = _asked(request)
    names = _names(known, rows[:SHOWN])
    found = {
        "words": gettext(known.words),
        "means": known.means,
        "trail": trail(area, request.grants),
        "page": known.subject if _opens(request, known, rows) else "",
        "rows": [(one, names.get(one.subject or 0, "")) for one in rows[:SHOWN]],
        "count": len(rows),
    }
    return render(request, "briefing/figure.html", found)


def _asked(request: DeskRequest) -> tuple[str, NumberField, list[Behind]]:
    """The field that was asked for, and its records since midnight. Raises: NotInScope."""
    area = chosen_area(request)
    known = FIELDS.get(request.GET.get("field", ""))
    if not isinstance(known, NumberField):
        raise NotInScope()
    today = Period(midnight(day_of(request.now)), request.now)
    return area, known, behind(known, area, today, first=0, most=MOST)


def _opens(request: DeskRequest, known: NumberField, rows: list[Behind]) -> bool:
    """Whether what the records are about has a page, and it opens to whoever looks."""
    subject = next((one.subject for one in rows if one.subject), None)
    return bool(
        subject and known.subject in SUBJECTS and opens(request, reverse(known.subject, args=[subject]))
    )


def _names(known: NumberField, rows: list[Behind]) -> dict[int, str]:
    """What each record is about, in words."""
    model = SUBJECTS.get(known.subject)
    found = model.objects.in_bulk({one.subject for one in rows}) if model else {}
    return {
        pk: f"{one.compound} {one.door}" if isinstance(one, Household) else str(one)
        for pk, one in found.items()
    }
