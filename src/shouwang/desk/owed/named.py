"""What a duty about a row of a module is about: the name on it and the page that opens it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from shouwang.catalogue import DUTY_KINDS
from shouwang.directives.models import Point
from shouwang.disinfection.models import Final, Spot
from shouwang.duties.models import Duty
from shouwang.gates.incidents.models import Contest as PassContest
from shouwang.gates.incidents.models import Incident
from shouwang.gates.models import Gate
from shouwang.inbox.models import Matter
from shouwang.inspection.models import Finding, SecondVisit
from shouwang.isolation.buildings.models import Seal
from shouwang.isolation.models import Need, Objection, Order
from shouwang.ledgers.models import Report
from shouwang.register.models import Household
from shouwang.roster.models import Called, Shift, Turn
from shouwang.screening.contests.models import Contest
from shouwang.screening.models import CodeRequest, Inquiry, ListRow, PushedList, Referral
from shouwang.supplies.models import DrawList, Item, Loan
from shouwang.testing.rounds.models import Fetching
from shouwang.testing.tubes.models import Box

Named = tuple[str, str]  # words, address
MOST_TABLES = 5


def named(duties: Iterable[Duty], tables: int = MOST_TABLES) -> dict[UUID, Named]:
    """The words and the address, where it has one, of everything of a module that these duties are about.

    Cost: one question for each table, those with most of them: a page asks little.
    """
    asked: dict[str, dict[UUID, str]] = {}
    for duty in duties:
        kind = DUTY_KINDS.get(duty.kind)
        if duty.about and kind and kind.about in TABLES:
            asked.setdefault(kind.about, {})[duty.about] = kind.page
    found: dict[UUID, Named] = {}
    most = sorted(asked.items(), key=lambda one: -len(one[1]))[:tables]
    for name, pages in most:
        table = TABLES[name]
        for row in table.rows.filter(pk__in=pages):
            page = pages[row.pk]
            found[row.pk] = table.words(row), reverse(page, args=[row.pk]) if page else ""
    return found


def who(row: ListRow) -> str:
    """How a row is called: the person it means, else the name that its sender wrote."""
    return row.inquiry.person.name if row.inquiry.person else row.name or gettext("没写姓名")


def name_of(inquiry: Inquiry) -> str:
    """How somebody to be asked is called."""
    if inquiry.person:
        return inquiry.person.name
    row = next(iter(inquiry.rows.all()), None)
    return (row.name if row else "") or gettext("没写姓名")


def _referred(row: Referral) -> str:
    if row.person:
        return row.person.name
    return name_of(row.check_made.inquiry) if row.check_made else ""


def _home(home: Household | None) -> str:
    return f"{home.compound} {home.door}" if home else ""


def _ordered(order: Order) -> str:
    return f"{order.person.name} · {_home(order.household)}"


def _matter(row: Matter) -> str:
    """From which door, and how it came: what was said stays with those who answer it."""
    return " · ".join(filter(None, (gettext(row.get_way_display()), _home(row.household))))


@dataclass(frozen=True)
class Rows:
    """The rows of a table and how one of them is called."""

    rows: QuerySet
    words: Callable[[Any], str] = str


OF: tuple[Rows, ...] = (
    Rows(Shift.objects.select_related("post")),
    Rows(
        Turn.objects.select_related("helper", "shift__post"), lambda row: f"{row.helper.name} · {row.shift}"
    ),
    Rows(
        Called.objects.select_related("helper", "call_up"),
        lambda row: f"{row.helper.name} · {row.call_up.reason}",
    ),
    Rows(
        ListRow.objects.select_related("list", "inquiry__person"),
        lambda row: f"{who(row)} · {row.list.title}",
    ),
    Rows(Inquiry.objects.select_related("person").prefetch_related("rows"), name_of),
    Rows(
        Referral.objects.select_related("person", "check_made__inquiry__person").prefetch_related(
            "check_made__inquiry__rows"
        ),
        _referred,
    ),
    Rows(CodeRequest.objects.select_related("row__list", "row__inquiry__person"), lambda row: who(row.row)),
    Rows(Contest.objects.all(), lambda row: gettext(row.get_against_display())),
    Rows(PushedList.objects.all()),
    Rows(Spot.objects.all()),
    Rows(Final.objects.select_related("spot")),
    Rows(Finding.objects.all()),
    Rows(SecondVisit.objects.select_related("household"), lambda row: _home(row.household)),
    Rows(DrawList.objects.all()),
    Rows(Item.objects.all()),
    Rows(Loan.objects.select_related("lot__item"), lambda row: f"{row.lot.item.name} · {row.borrower}"),
    Rows(Order.objects.select_related("person", "household"), _ordered),
    Rows(
        Need.objects.select_related("household"),
        lambda row: f"{gettext(row.get_what_display())} · {_home(row.household)}",
    ),
    Rows(
        Objection.objects.select_related("order__person", "order__household"), lambda row: _ordered(row.order)
    ),
    Rows(Seal.objects.all(), lambda row: row.fire_exit),
    Rows(Point.objects.all()),
    Rows(Matter.objects.select_related("household"), _matter),
    Rows(Gate.objects.all()),
    Rows(
        Incident.objects.select_related("gate"),
        lambda row: " · ".join(filter(None, (gettext(row.get_kind_display()), str(row.gate or "")))),
    ),
    Rows(PassContest.objects.select_related("card"), lambda row: row.card.number),
    Rows(Fetching.objects.all(), lambda row: row.hospital),
    Rows(Box.objects.all()),
    Rows(Report.objects.select_related("form"), lambda row: f"{row.form} {row.day:%m-%d}"),
)
TABLES = {one.rows.model._meta.db_table: one for one in OF}
