"""What there is: by item and store, what of it is still good, how fast it goes, for how long it lasts."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When

from shouwang.access.scope import one_in_scope
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of, subtree
from shouwang.plans.actions import plan_of
from shouwang.plans.form.fieldwork import Supply
from shouwang.supplies.models import ISSUED, POST, RETURNED, STORE, Balance, Item, Lot, Movement, Site
from shouwang.supplies.rules import Shelf, days_left, runs_short

A_DAY = timedelta(days=1)


@dataclass
class Stock:
    """One item: what lies in all stores, how much of it is still good, what went out in the last 24 hours.

    Units: the item's own. `days` is for how long the good ones last at that use, None where none was used.
    """

    item: Item
    norm: Supply | None = None
    good: int = 0
    bad: int = 0
    used: int = 0

    @property
    def days(self) -> int | None:
        """For how many days it lasts at today's use."""
        return days_left(self.good, self.used)

    @property
    def short(self) -> bool:
        """Whether more must be asked for."""
        alarm = self.norm.alarm_below_days if self.norm else None
        return runs_short(self.good, self.days, minimum=self.item.minimum, alarm_below_days=alarm)


def stock(area: str, *, now: datetime, items: Collection[UUID] | None = None) -> list[Stock]:
    """Every item of an area by name, with what there is of it.

    Cost: four questions; reads what lies on shelves and what moved in the last 24 hours, not the whole ledger.
    """
    rows = _of(Item.objects.order_by("area_code", "name"), area)
    if items is not None:
        rows = rows.filter(pk__in=items)
    norms = norms_of(area, now=now)
    found = {item.pk: Stock(item, norms.get(item.kind)) for item in rows}
    fresh = Q(lot__expires_on=None) | Q(lot__expires_on__gte=day_of(now))
    lying = Balance.objects.filter(quantity__gt=0, site__kind=STORE, lot__item__in=list(found)).order_by()
    sums = lying.values("lot__item").annotate(good=Sum("quantity", filter=fresh), all=Sum("quantity"))
    for row in sums:
        one = found[row["lot__item"]]
        one.good = row["good"] or 0
        one.bad = row["all"] - one.good
    for item, used in used_since(area, now - A_DAY).items():
        if item in found:
            found[item].used = max(used, 0)
    return list(found.values())


def used_since(area: str, since: datetime) -> dict[UUID, int]:
    """How many of each item were handed out to posts since then, less what came back."""
    signed = Case(
        When(kind=ISSUED, then=F("quantity")), default=Value(0) - F("quantity"), output_field=IntegerField()
    )
    rows = _of(Movement.objects.all(), area).filter(at__gte=since, kind__in=(ISSUED, RETURNED))
    told = rows.order_by().values("lot__item").annotate(used=Sum(signed))
    return {row["lot__item"]: row["used"] for row in told}


def norms_of(area: str, *, now: datetime) -> dict[str, Supply]:
    """What the plan in force says of each kind of thing; nothing without a plan."""
    plan = plan_of(area, now=now) if area else None
    return dict(plan.supplies) if plan else {}


def shelves(store: UUID, items: Collection[UUID]) -> dict[UUID, list[Shelf]]:
    """What lies in a store of these items, lot by lot."""
    found: defaultdict[UUID, list[Shelf]] = defaultdict(list)
    rows = Balance.objects.filter(site=store, lot__item__in=items, quantity__gt=0).select_related("lot")
    for row in rows.order_by("lot__code"):
        found[row.lot.item_id].append(Shelf(row.lot, row.quantity, row.lot.expires_on))
    return found


def lots_of(item: UUID) -> QuerySet[Balance]:
    """Where an item lies, lot by lot, what expires first before the others."""
    rows = Balance.objects.filter(lot__item=item, quantity__gt=0, site__kind=STORE).select_related(
        "lot", "site"
    )
    return rows.order_by("lot__expires_on", "lot__code")


def lying_in(site: UUID) -> QuerySet[Balance]:
    """What lies at a place, item by item."""
    rows = Balance.objects.filter(site=site, quantity__gt=0).select_related("lot__item")
    return rows.order_by("lot__item__name", "lot__expires_on", "lot__code")


def sites(area: str, kind: str) -> QuerySet[Site]:
    """The stores or posts of an area that are open."""
    low, high = subtree(community_of(area))
    rows = Site.objects.filter(area_code__gte=low, area_code__lt=high, kind=kind, closed_at=None)
    return rows.order_by("area_code", "name")


def posts(area: str) -> QuerySet[Site]:
    """The posts that goods are drawn for."""
    return sites(area, POST)


def movements(area: str, *, item: UUID | None = None, lot: UUID | None = None) -> QuerySet[Movement]:
    """The ledger, newest first; of one item, of one lot."""
    rows = _of(Movement.objects.select_related("lot__item", "from_site", "to_site", "by"), area)
    if item:
        rows = rows.filter(lot__item=item)
    if lot:
        rows = rows.filter(lot=lot)
    return rows.order_by("-at", "-id")


def lot_by_code(area: str, scanned: str) -> Lot:
    """The lot of a code that was scanned or typed; the printed label holds an address that ends in the code.

    Raises: NotInScope.
    """
    code = scanned.strip().rpartition("code=")[2]
    return one_in_scope(_of(Lot.objects.select_related("item"), area).filter(code=code))


def _of(rows: QuerySet, area: str) -> QuerySet:
    """Goods are kept by community: one code, so that an index also gives the order."""
    return rows.filter(area_code=community_of(area))
