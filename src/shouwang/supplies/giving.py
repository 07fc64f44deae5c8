"""捐赠: what neighbours gave, its receipt, the thanks, and what became of it, lot by lot to the posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.plan import lock
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.supplies.models import ISSUED, RECEIVED, RETURNED, SPOILED, Donation, Movement
from shouwang.supplies.moving import Delivery, receive


class NothingGiven(Refusal):
    code = "supplies.nothing_given"
    sentence = "请写捐了什么：选一种物资写数量，或者在“别的”里写一句话。"


@dataclass(frozen=True)
class Fate:
    """What became of one lot that was given: how many came, went where, are left, were spoiled."""

    item: str
    unit: str
    came: int
    posts: tuple[tuple[str, int], ...]
    spoiled: int
    left: int


def give(
    area: str, *, donor: str, deliveries: Sequence[Delivery], store: UUID | None, words: str = "",
    in_private: bool = False, by: User, at: datetime, id: UUID | None = None,
) -> Donation:  # fmt: skip
    """Somebody gave something: a receipt with the next number, its goods in the store. Sent twice it is one gift.

    Raises: NothingGiven, and as `receive`.
    """
    if id and (already := Donation.objects.filter(pk=id).first()):
        return already
    if not words.strip() and not (deliveries and store):
        raise NothingGiven()
    community = community_of(area)
    lock([community])
    year = f"{day_of(at):%Y}"
    number = Donation.objects.filter(area_code=community, number__startswith=year).count() + 1
    row = Donation.objects.create(
        id=id or uuid7(at), area_code=community, number=f"{year}-{number:04d}", donor=donor.strip()[:64],
        in_private=in_private, words=words.strip()[:200], at=at, by=by,
    )  # fmt: skip
    if deliveries and store:
        named = [replace(one, number=one.number or row.number) for one in deliveries]
        receive(named, store=store, by=by, at=at, donation=row)
    audit("supplies.give", at=at, by=by, area=community, donation=row.pk)
    return row


def thank(donation: UUID, *, by: User, at: datetime) -> None:
    """The letter or the message went out; said once. Raises: NotInScope."""
    if not Donation.objects.filter(pk=donation).exists():
        raise NotInScope()
    Donation.objects.filter(pk=donation, thanked_at=None).update(thanked_at=at, thanked_by=by)


def gifts(area: str) -> QuerySet[Donation]:
    """Everything that was given here, newest first."""
    low, high = subtree(community_of(area))
    rows = Donation.objects.filter(area_code__gte=low, area_code__lt=high)
    return rows.prefetch_related("lots__item").order_by("-at", "-id")


def became_of(donation: Donation) -> list[Fate]:
    """Where the goods of a gift are now. Cost: two questions."""
    lots = list(donation.lots.select_related("item").order_by("item__name", "code"))
    rows = (
        Movement.objects.filter(lot__in=lots)
        .order_by()
        .values("lot", "kind", "from_site__name", "to_site__name")
    )
    told: list[Any] = list(rows.annotate(amount=Sum("quantity")).order_by("kind"))
    return [
        _fate(lot.item.name, lot.item.unit, [row for row in told if row["lot"] == lot.pk]) for lot in lots
    ]


def _fate(item: str, unit: str, told: Sequence[Mapping[str, Any]]) -> Fate:
    sums: dict[str, int] = {}
    posts: dict[str, int] = {}
    left = 0
    for row in told:
        kind, amount = row["kind"], row["amount"]
        sums[kind] = sums.get(kind, 0) + amount
        if kind == ISSUED:
            posts[row["to_site__name"]] = posts.get(row["to_site__name"], 0) + amount
        elif kind == RETURNED:
            posts[row["from_site__name"]] = posts.get(row["from_site__name"], 0) - amount
        left += amount if not row["from_site__name"] else 0
        left -= amount if not row["to_site__name"] else 0
    left -= sum(posts.values())
    gone_to = tuple((name, amount) for name, amount in posts.items() if amount)
    return Fate(item, unit, sums.get(RECEIVED, 0), gone_to, sums.get(SPOILED, 0), left)
