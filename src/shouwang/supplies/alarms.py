"""What runs short is seen in time: an alarm is a duty to ask for more today, and ends when there is enough again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan, void
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_end, day_of, midnight
from shouwang.lib.ids import uuid7
from shouwang.supplies.duties import REORDER
from shouwang.supplies.models import Asked, Item
from shouwang.supplies.stock import stock

ENOUGH = "enough"


def look_at(items: Collection[UUID], *, at: datetime) -> int:
    """Items that run short are to be asked for by tonight; where there is enough again nobody need ask. New alarms.

    Shape: one alarm at a time for an item; who asked for more is not reminded again on the same day.
    """
    made = 0
    for item in Item.objects.filter(pk__in=items):
        one = next(iter(stock(item.area_code, now=at, items=[item.pk])))
        made += _alarm(item, at) if one.short else _calm(item, at)
    return made


def ask_for(
    item: UUID, *, quantity: int, of_whom: str, by: User | None, at: datetime, id: UUID | None = None
) -> Asked:
    """Somebody asked for more: of the street, of a shop. Told twice it counts once. Raises: NotInScope."""
    found = one_in_scope(Item.objects.filter(pk=item))
    row, made = Asked.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": found.area_code, "item": found, "quantity": quantity, "of_whom": of_whom[:60],
            "at": at, "recorded_at": at, "by": by,
        },
    )  # fmt: skip
    if made:
        settle_about(REORDER, [item], communities=[found.area_code], at=at)
        audit("supplies.ask_for", at=at, by=by, area=found.area_code, item=item, quantity=quantity)
    return row


def _alarm(item: Item, at: datetime) -> int:
    today = Asked.objects.filter(item=item, void_at=None, at__gte=midnight(day_of(at)))
    still = Duty.objects.filter(kind=REORDER.name, about=item.pk, fact="owed")
    if still.exists() or today.exists():
        return 0
    who = Item.objects.filter(pk=item.pk).annotate(subject=F("area_code"), about=F("id"))
    return plan(REORDER, who, Window(at, day_end(at)), at=at)


def _calm(item: Item, at: datetime) -> int:
    void(Duty.objects.filter(kind=REORDER.name, about=item.pk, fact="owed"), reason=ENOUGH, at=at)
    return 0
