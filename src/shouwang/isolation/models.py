"""Orders of isolation, and what the isolated person got, said and asked for. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.duties.records import Record
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Household, Person
from shouwang.standing.models import Restriction

SOURCES = [("list", "推送名单"), ("test", "检测结果"), ("case", "流调"), ("hand", "手工")]
HOW = [
    ("own", "自己填报"),
    ("door", "上门测量"),
    ("phone", "电话询问"),
    ("chat", "群里接龙"),
    ("device", "设备上传"),
]
CARE = [
    ("begin", "上门告知"),
    ("spot_check", "探访"),
    ("welfare_call", "关心电话"),
    ("waste", "收垃圾"),
    ("release", "到期解除"),
]
NEEDS = [
    ("food", "买菜买粮"),
    ("goods", "日用品"),
    ("medicine", "买药送药"),
    ("doctor", "就医"),
    ("dialysis", "透析"),
    ("pregnancy", "产检"),
    ("child", "照看孩子"),
    ("elderly", "照看老人"),
    ("pet", "照看宠物"),
    ("counselling", "心理疏导"),
    ("other", "其他"),
]


def unindexed() -> models.ForeignKey:
    """Who did it: checked, never searched by."""
    return models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)


class Order(models.Model):
    """Somebody is asked to stay at home or elsewhere, and what they are owed for it.

    Until it is decided it is a request that lapses by itself. Shape: `origin_clock` and `origin_on` say from when the
    days count; `home_fit` whether the home was found fit; `origin_row` the row that it came from; `primary` the order of the
    contact whom a secondary contact follows; `bound_to` whose household it is bound to.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="orders")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=32)
    regime = models.CharField(max_length=32)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    origin_clock = models.CharField(max_length=24)
    origin_on = models.DateField()
    origin_at = models.DateTimeField(null=True)
    home_fit = models.BooleanField()
    home_unmet = ArrayField(models.CharField(max_length=80), default=list)
    mode = models.CharField(max_length=16)
    source = models.CharField(max_length=8, choices=SOURCES)
    origin_row = models.UUIDField(null=True)
    primary = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    bound_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="bound")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    lapses_at = models.DateTimeField()
    until = models.DateTimeField()
    address_confirmed_at = models.DateTimeField(null=True)
    address_confirmed_by = unindexed()
    decided_at = models.DateTimeField(null=True)
    decided_by = unindexed()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = unindexed()
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = unindexed()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="order_area"),
            models.Index(fields=["origin_row"], name="order_origin", condition=Q(origin_row__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="order_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(address_confirmed_by=None) | ~Q(address_confirmed_by=F("proposed_by")),
                name="order_address_seen_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(address_confirmed_at__isnull=False),
                name="order_address_before_decision",
            ),
        ]


class Reading(Record):
    """A temperature and how somebody feels, and how it came to be known. Units: `temperature_c` in °C."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="readings", db_index=False)
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    symptoms = ArrayField(models.CharField(max_length=24), default=list)
    how = models.CharField(max_length=8, choices=HOW)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "at"], name="reading_person_at")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(temperature_c=None) | Q(temperature_c__gte=30, temperature_c__lte=45),
                name="reading_of_somebody_alive",
            )
        ]


class Care(Record):
    """Something that was done for an isolated person: told in person, called, seen, rubbish fetched, let out."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="cares")
    what = models.CharField(max_length=16, choices=CARE)
    met = models.CharField(max_length=64, blank=True)
    at_home = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "recorded_at"], name="care_area_recorded")]


class Need(models.Model):
    """Somebody asked for something: what, by when, who took it on, when it reached the door, what was paid.

    For anybody who needs help, isolated or not. Units: `amount` in yuan. Shape: `private` is unseen by the block's own
    workers; `every_days` recurs.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="needs")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="needs")
    what = models.CharField(max_length=16, choices=NEEDS)
    words_sealed = models.BinaryField(default=b"")
    private = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_how = models.CharField(max_length=8, choices=HOW)
    recorded_by = unindexed()
    due_at = models.DateTimeField()
    every_days = models.SmallIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = unindexed()
    way = models.CharField(max_length=12, blank=True)
    bag = models.CharField(max_length=24, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    settled_at = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    brought_by = unindexed()
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["area_code", "due_at"], name="need_area_due", condition=Q(at=None, void_at=None)
            ),
            models.Index(fields=["household"], name="need_household"),
        ]


class Objection(models.Model):
    """Somebody says that a decision about them is wrong; answered in writing by somebody who did not make it."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="objections")
    words = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    answered_by = unindexed()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    raised_at = models.DateTimeField(null=True)


class Transfer(models.Model):
    """A car that takes people to central isolation, to hospital or home: planned, left, arrived, signed for."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    to_place = models.CharField(max_length=80)
    to_mode = models.CharField(max_length=16)
    vehicle = models.CharField(max_length=16)
    driver = models.CharField(max_length=40)
    planned_at = models.DateTimeField()
    planned_by = unindexed()
    leaves_at = models.DateTimeField()
    above = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    disinfected_before_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_by = unindexed()
    arrived_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=80, blank=True)
    disinfected_after_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "leaves_at"], name="transfer_area_leaves")]


class Seat(models.Model):
    """Who sits in the car: somebody with an order, or somebody who goes along."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="seats")
    area_code = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="seats")


class Seal(Restriction):
    """A building, unit or compound that people are asked not to leave: why, until when, and the way out.

    Shape: `zone` is a zone of the plan, whose rule and movement hold; `until` is exclusive.
    """

    id = models.UUIDField(primary_key=True)
    zone = models.CharField(max_length=32)
    fire_exit = models.CharField(max_length=80)
    key_holder = models.CharField(max_length=40)
    key_phone_sealed = models.BinaryField()
    key_phone_mask = models.CharField(max_length=24)
    opened_at = models.DateTimeField(null=True)
    opened_by = unindexed()
    opened_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="seal_area", condition=Q(opened_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lt=F("until")), name="seal_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="seal_approved_by_somebody_else"
            ),
            models.CheckConstraint(condition=~Q(fire_exit="") & ~Q(key_holder=""), name="seal_has_a_way_out"),
        ]


class ExitCheck(Record):
    """Somebody walked to the fire exit of a sealed building: whether one can get through."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="checks")
    passable = models.BooleanField()


class MedicalExit(Record):
    """Somebody left a sealed building or their isolation for a doctor, a birth or a fire."""

    why = models.CharField(max_length=8, choices=[("doctor", "就医"), ("birth", "生产"), ("fire", "火灾")])
    who = models.CharField(max_length=64, blank=True)
    transport = models.CharField(max_length=80, blank=True)


__all__ = [
    "Care",
    "ExitCheck",
    "MedicalExit",
    "Need",
    "Objection",
    "Order",
    "Reading",
    "Seal",
    "Seat",
    "Transfer",
]
