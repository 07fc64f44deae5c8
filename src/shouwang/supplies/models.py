"""Goods by item and lot, where they lie, every movement, and what draws, gifts, loans and meals are made of.

Facts only: a balance is the sum of movements, kept by the database and written by nobody.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, whoever
from shouwang.duties.records import Record

STORE, POST = "store", "post"
SITES = [(STORE, "库房"), (POST, "岗位")]
RECEIVED, ISSUED, MOVED, RETURNED = "received", "issued", "moved", "returned"
COUNTED, SPOILED, LENT, CAME_BACK = "counted", "spoiled", "lent", "came_back"
MOVEMENTS = [
    (RECEIVED, "入库"),
    (ISSUED, "发放"),
    (MOVED, "调拨"),
    (RETURNED, "退回"),
    (COUNTED, "盘点差异"),
    (SPOILED, "报废"),
    (LENT, "借出"),
    (CAME_BACK, "归还"),
]
MEALS = [("breakfast", "早饭"), ("lunch", "午饭"), ("supper", "晚饭"), ("night", "夜宵")]


class Item(models.Model):
    """A kind of thing and the one unit in which it is counted.

    Shape: `kind` is a key of the plan's supplies, or empty; `pack` a larger unit that holds `in_pack` of the unit; below
    `minimum` more is to be asked for; `comes_back` for what is lent.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    name = models.CharField(max_length=40)
    unit = models.CharField(max_length=8)
    kind = models.CharField(max_length=32, blank=True)
    pack = models.CharField(max_length=8, blank=True)
    in_pack = models.IntegerField(null=True)
    minimum = models.IntegerField(null=True)
    expires = models.BooleanField(default=False)
    comes_back = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "name"], name="item_named_once"),
            models.CheckConstraint(
                condition=Q(pack="", in_pack=None) | (~Q(pack="") & Q(in_pack__gt=1)),
                name="item_pack_holds_several",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """Where goods lie or are used: a store, or a post with so many people. Shape: `area_code` is where it stands."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    kind = models.CharField(max_length=8, choices=SITES)
    name = models.CharField(max_length=40)
    heads = models.IntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = whoever()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "name"], condition=Q(closed_at=None), name="site_named_once"
            ),
            models.CheckConstraint(condition=Q(heads__gte=0), name="site_heads_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Donation(models.Model):
    """What somebody gave, with the number on its receipt; `words` is what cannot be counted (a garage, electricity)."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    number = models.CharField(max_length=24)
    donor = models.CharField(max_length=64)
    in_private = models.BooleanField(default=False)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = whoever()
    thanked_at = models.DateTimeField(null=True)
    thanked_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "number"], name="donation_numbered_once")
        ]

    def __str__(self) -> str:
        return self.number


class Lot(models.Model):
    """What came together of one item: its code to scan, its number and expiry (the last good day), who gave it."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField(max_length=40)
    number = models.CharField(max_length=40, blank=True)
    expires_on = models.DateField(null=True)
    donation = models.ForeignKey(Donation, on_delete=models.PROTECT, null=True, related_name="lots")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["area_code", "code"], name="lot_coded_once")]

    def __str__(self) -> str:
        return self.code


class Movement(models.Model):
    """Goods went from here to there. Written once: the app role can add movements and nothing else.

    Shape: `about` is the line of a draw list, the gift, the loan or the count that it belongs to.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=MOVEMENTS)
    quantity = models.IntegerField()
    from_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    to_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = whoever()
    reason = models.CharField(max_length=200, blank=True)
    about = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "-at", "-id"], name="movement_area_at"),
            models.Index(fields=["about"], name="movement_about", condition=Q(about__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_of_something"),
            models.CheckConstraint(
                condition=Q(kind__in=(RECEIVED, CAME_BACK), from_site=None, to_site__isnull=False)
                | Q(kind__in=(SPOILED, LENT), from_site__isnull=False, to_site=None)
                | Q(kind__in=(ISSUED, MOVED, RETURNED), from_site__isnull=False, to_site__isnull=False)
                | Q(kind=COUNTED, from_site__isnull=False, to_site=None)
                | Q(kind=COUNTED, from_site=None, to_site__isnull=False),
                name="movement_from_and_to",
            ),
            models.CheckConstraint(
                condition=Q(to_site=None) | Q(from_site=None) | ~Q(to_site=F("from_site")),
                name="movement_goes_elsewhere",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=(COUNTED, SPOILED)) | ~Q(reason=""), name="movement_has_a_reason"
            ),
        ]


class Balance(models.Model):
    """How many of a lot lie at a place: the sum of all movements, kept by a trigger alone and never below zero.

    At a post it is what was issued there and has not come back.
    """

    area_code = AreaCodeField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="balances", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances")
    quantity = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "lot"], name="balance_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="balance_never_below_zero"),
        ]


class DrawList(models.Model):
    """What posts are to get from a store, by when; done when every line was issued in full."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    store = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = whoever()
    at = models.DateTimeField(null=True)
    issued_by = whoever()
    void_at = models.DateTimeField(null=True)
    void_by = whoever()
    void_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-due_at"], name="drawlist_area_due")]

    def __str__(self) -> str:
        return self.title


class DrawLine(models.Model):
    """One item for one post."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    list = models.ForeignKey(DrawList, on_delete=models.PROTECT, related_name="lines")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    needed = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "site", "item"], name="drawn_once_a_list"),
            models.CheckConstraint(condition=Q(needed__gt=0), name="drawn_something"),
        ]


class Asked(Record):
    """More of an item was asked for: of whom, how many."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="asked")
    quantity = models.IntegerField()
    of_whom = models.CharField(max_length=60)


class StockCount(Record):
    """A store was counted: how many lots, how many of them differed. The differences are movements about it."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="counts")
    lots = models.IntegerField()
    differing = models.IntegerField()


class Loan(models.Model):
    """Something lent that comes back: to whom, how many, by when; `at` when all of it is back or given up."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="loans")
    quantity = models.IntegerField()
    borrower = models.CharField(max_length=64)
    lent_at = models.DateTimeField()
    lent_by = whoever()
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    taken_back_by = whoever()
    lost_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "due_at"], name="loan_open", condition=Q(at=None))
        ]


class Meal(models.Model):
    """So many meals for a post on a day. Counted again, the number is replaced until it was brought."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="meals")
    day = models.DateField()
    meal = models.CharField(max_length=10, choices=MEALS)
    count = models.IntegerField()
    counted_at = models.DateTimeField()
    counted_by = whoever()
    brought_at = models.DateTimeField(null=True)
    brought_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "day", "meal"], name="meal_counted_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="meal_not_negative"),
        ]
