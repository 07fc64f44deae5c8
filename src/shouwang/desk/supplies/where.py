"""Of which community goods are shown: the one that was asked for, else the first that somebody answers for."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.supplies.models import Lot, Site
from shouwang.supplies.stock import sites

# A refusal that is about one field stands beside it.
BESIDE = {
    "supplies.not_enough": "quantity",
    "supplies.expired": "quantity",
    "supplies.no_expiry": "expires_on",
    "supplies.no_reason": "reason",
    "supplies.code_taken": "code",
    "supplies.not_there": "to_site",
    "supplies.unknown_unit": "quantity",
    "supplies.due_in_the_past": "due_at",
    "supplies.return_in_the_past": "due_at",
    "supplies.nothing_given": "words",
    "supplies.named_twice": "name",
    "supplies.too_many_back": "quantity",
}


def uuid_of(text: str) -> UUID | None:
    """An identity as a form sent it; nothing where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def choices(rows: object, empty: object = None) -> list[tuple[str, object]]:
    """Rows as a form offers them."""
    first = [("", empty)] if empty is not None else []
    return first + [(str(row.pk), str(row)) for row in rows]  # type: ignore[attr-defined]


def site_field(label: object, rows: object, *, empty: object = None) -> forms.ChoiceField:
    """One of these stores or posts."""
    return forms.ChoiceField(label=label, choices=choices(rows, empty), required=empty is None)  # type: ignore[arg-type]


def quantity_field() -> forms.CharField:
    """30, 30瓶, 3箱."""
    return forms.CharField(
        label=_("数量（例如 30，也可以写 3箱）"),
        max_length=16,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


def stores(area: str) -> list[Site]:
    """The stores of a community."""
    return list(sites(area, "store"))


def lot_of(pk: UUID) -> Lot:
    """One lot with its item. Raises: NotInScope."""
    return one_in_scope(Lot.objects.select_related("item", "donation").filter(pk=pk))
