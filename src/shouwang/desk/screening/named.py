"""What a duty about a row of the list desk or of isolation is about: the name on it and the page that opens it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from shouwang.catalogue import DUTY_KINDS
from shouwang.duties.models import Duty
from shouwang.isolation.models import Need, Objection, Order
from shouwang.screening.models import CodeRequest, Inquiry, ListRow, PushedList, Referral

Named = tuple[str, str]  # words, address


def named(duties: Iterable[Duty]) -> dict[UUID, Named]:
    """The words and the address of everything of the list desk that these duties are about."""
    asked: dict[str, set[UUID]] = {}
    for duty in duties:
        if duty.about and duty.kind in DUTY_KINDS:
            asked.setdefault(duty.kind, set()).add(duty.about)
    found: dict[UUID, Named] = {}
    for name, abouts in asked.items():
        kind = DUTY_KINDS[name]
        if kind.about in TABLES:
            rows = TABLES[kind.about].filter(pk__in=abouts)
            found |= {row.pk: (_words(row), reverse(kind.page, args=[row.pk])) for row in rows}
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


def _words(row: Model) -> str:
    if isinstance(row, ListRow):
        return f"{who(row)} · {row.list.title}"
    if isinstance(row, Inquiry):
        return name_of(row)
    if isinstance(row, CodeRequest):
        return who(row.row)
    if isinstance(row, Referral):
        return name_of(row.check_made.inquiry)
    if isinstance(row, Need):
        return f"{gettext(row.get_what_display())} · {row.household.compound} {row.household.door}"
    if isinstance(row, (Order, Objection)):
        order = row if isinstance(row, Order) else row.order
        return f"{order.person.name} · {order.household.compound} {order.household.door}"
    return str(row)


TABLES: dict[str, QuerySet] = {
    ListRow._meta.db_table: ListRow.objects.select_related("list", "inquiry__person"),
    Inquiry._meta.db_table: Inquiry.objects.select_related("person").prefetch_related("rows"),
    Referral._meta.db_table: Referral.objects.select_related("check_made__inquiry__person").prefetch_related(
        "check_made__inquiry__rows"
    ),
    CodeRequest._meta.db_table: CodeRequest.objects.select_related("row__list", "row__inquiry__person"),
    PushedList._meta.db_table: PushedList.objects.all(),
    Order._meta.db_table: Order.objects.select_related("person", "household"),
    Need._meta.db_table: Need.objects.select_related("household"),
    Objection._meta.db_table: Objection.objects.select_related("order__person", "order__household"),
}
