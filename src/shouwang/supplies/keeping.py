"""What a community keeps goods of and where: items with their unit, stores, posts with their heads; and meals for posts."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.supplies.models import Item, Meal, Site


class NamedTwice(Refusal):
    code = "supplies.named_twice"
    sentence = "“{name}”已经有了。"


class StillFull(Refusal):
    code = "supplies.still_full"
    sentence = "{name}里还有物资，先调走或者盘点清零，再关。"


def add_item(area: str, *, name: str, unit: str, by: User | None, at: datetime, **told: object) -> Item:
    """A new kind of thing. Shape: `told` are the other fields of Item. Raises: NamedTwice."""
    community = community_of(area)
    if Item.objects.filter(area_code=community, name=name.strip()).exists():
        raise NamedTwice(name=name.strip())
    return Item.objects.create(
        id=uuid7(at), area_code=community, name=name.strip(), unit=unit.strip(), added_at=at, added_by=by, **told
    )  # fmt: skip


def set_minimum(item: UUID, minimum: int | None, *, by: User, at: datetime) -> None:
    """Below so many more is asked for. Raises: NotInScope."""
    found = one_in_scope(Item.objects.filter(pk=item))
    Item.objects.filter(pk=item).update(minimum=minimum)
    audit("supplies.set_minimum", at=at, by=by, area=found.area_code, item=item, minimum=minimum)


def add_site(area: str, *, kind: str, name: str, heads: int = 0, by: User | None, at: datetime) -> Site:
    """A store or a post. Raises: NamedTwice."""
    if Site.objects.filter(area_code=area, name=name.strip(), closed_at=None).exists():
        raise NamedTwice(name=name.strip())
    return Site.objects.create(
        id=uuid7(at), area_code=area, kind=kind, name=name.strip(), heads=heads, added_at=at, added_by=by
    )  # fmt: skip


def set_heads(heads: Mapping[UUID, int]) -> None:
    """So many people are at each post. Raises: NotInScope."""
    found = Site.objects.filter(closed_at=None).in_bulk(list(heads))
    if len(found) != len(heads):
        raise NotInScope()
    for pk, many in heads.items():
        found[pk].heads = many
    Site.objects.bulk_update(found.values(), ["heads"])


def close_site(site: UUID, *, by: User, at: datetime) -> None:
    """Nothing lies or is used there any more. Raises: NotInScope, StillFull."""
    found = one_in_scope(Site.objects.filter(pk=site, closed_at=None))
    if found.kind == "store" and found.balances.filter(quantity__gt=0).exists():
        raise StillFull(name=found.name)
    Site.objects.filter(pk=site).update(closed_at=at)
    audit("supplies.close_site", at=at, by=by, area=found.area_code, site=site)


def order_meals(counts: Mapping[UUID, int], *, day: date, meal: str, by: User, at: datetime) -> int:
    """So many meals for each post; counted again the number is replaced, except where they were brought. All together.

    Raises: NotInScope.
    """
    found = Site.objects.in_bulk(list(counts))
    if len(found) != len(counts):
        raise NotInScope()
    rows = [
        Meal(
            id=uuid7(at), area_code=found[site].area_code, site_id=site, day=day, meal=meal, count=many, counted_at=at,
            counted_by=by,
        )
        for site, many in counts.items()
    ]  # fmt: skip
    brought = set(
        Meal.objects.filter(site__in=counts, day=day, meal=meal)
        .exclude(brought_at=None)
        .values_list("site", flat=True)
    )
    Meal.objects.bulk_create(
        [row for row in rows if row.site_id not in brought], update_conflicts=True, unique_fields=["site", "day", "meal"],
        update_fields=["count", "counted_at", "counted_by"],
    )  # fmt: skip
    return sum(counts.values())


def bring_meals(site: UUID, *, day: date, meal: str, by: User, at: datetime) -> None:
    """The meals of a post are there; said once. Raises: NotInScope."""
    rows = Meal.objects.filter(site=site, day=day, meal=meal)
    if not rows.exists():
        raise NotInScope()
    rows.filter(brought_at=None).update(brought_at=at, brought_by=by)
