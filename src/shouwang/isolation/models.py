"""Orders of isolation, and what the isolated person got, said and asked for. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User, unchecked, whoever
from shouwang.duties.records import Record
from shouwang.isolation.buildings.models import ExitCheck, Longer, MedicalExit, Seal
from shouwang.isolation.needs.models import Regular
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Household, Person
from shouwang.register.uploads import Upload

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
    ("home", "看家里能不能隔离"),
    ("spot_check", "探访"),
    ("welfare_call", "关心电话"),
    ("waste", "收垃圾"),
    ("release", "到期解除"),
    ("welcome", "解除后问候"),
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
    ("talk", "想说说话"),
    ("other", "其他"),
]
ORDER, CATEGORY = "order", "category"
AGAINST = [(ORDER, "这份决定"), (CATEGORY, "定的类别")]
ODD = [("same", "体温一直不变"), ("quick", "一分钟量了太多户")]


class Order(models.Model):
    """Somebody is asked to stay at home or elsewhere, and what they are owed for it.

    Until it is decided it is a request that lapses by itself. Shape: `origin_clock` and `origin_on` say from when the
    days count; `home_fit` whether the home was found fit; `origin_row` the row that it came from; `primary` the order of the
    contact whom a secondary contact follows; `bound_to` whose household it is bound to; `outside` the reason where it is none of
    the plan's: then `category` and `regime` are empty, and only the level above decides (`above`).
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
    outside = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=8, choices=SOURCES)
    origin_row = models.UUIDField(null=True)
    primary = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    bound_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="bound")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    lapses_at = models.DateTimeField()
    until = models.DateTimeField()
    address_confirmed_at = models.DateTimeField(null=True)
    address_confirmed_by = whoever()
    decided_at = models.DateTimeField(null=True)
    decided_by = whoever()
    above = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = whoever()
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = whoever()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="order_area"),
            models.Index(fields=["origin_row"], name="order_origin", condition=Q(origin_row__isnull=False)),
            models.Index(
                fields=["lapses_at"],
                name="order_waits",
                condition=Q(decided_at=None, withdrawn_at=None, released_at=None),
            ),
            models.Index(
                fields=["until"],
                name="order_runs_out",
                condition=Q(released_at=None, decided_at__isnull=False),
            ),
            models.Index(
                fields=["decided_at", "area_code"],
                name="order_held_longest",
                condition=Q(released_at=None, withdrawn_at=None, decided_at__isnull=False),
            ),
            models.Index(
                fields=["released_at"], name="order_released", condition=Q(released_at__isnull=False)
            ),
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
            models.CheckConstraint(
                condition=Q(outside="") | Q(decided_at=None) | Q(above=True),
                name="order_outside_decided_above",
            ),
        ]


class Change(models.Model):
    """What somebody proposes to change about an order; it changes when somebody else approves, before its end.

    Shape: `until` is the end as it would be; `exposure_on` a new exposure from which the days count again; `category`
    another category, of the version `plan` where that is not the one under which the order began.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes")
    until = models.DateTimeField()
    exposure_on = models.DateField(null=True)
    exposure_at = models.DateTimeField(null=True)
    category = models.CharField(max_length=32, blank=True)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    document = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    approved_by = whoever()
    refused_at = models.DateTimeField(null=True)
    refused_by = whoever()
    refused_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["area_code"], name="change_waits", condition=Q(approved_at=None, refused_at=None)
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="change_approved_by_another",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(approved_at=None, refused_at=None), name="change_one_waits"
            ),
        ]


class Reading(Record):
    """A temperature and how somebody feels, and how it came to be known. Units: `temperature_c` in °C."""

    by = unchecked(User, null=True)
    person = unchecked(Person, related_name="readings")
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
    """Something that was done for an isolated person: told in person, called, seen, rubbish fetched, let out.

    Shape: `lacks` is what their home does not offer of what the plan asks, found by whoever looked at it.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="cares")
    what = models.CharField(max_length=16, choices=CARE)
    met = models.CharField(max_length=64, blank=True)
    at_home = models.BooleanField(null=True)
    lacks = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "recorded_at"], name="care_area_recorded")]


class Need(models.Model):
    """Somebody asked for something: what, by when, who took it on, when it reached the door, what was paid.

    For anybody who needs help, isolated or not. Units: `amount` in yuan. Shape: `private` is unseen by the block's own
    workers; `every_days` recurs; `answer_sealed` is what a worker said back; what was paid is owed until `settled_at`;
    `photo` shows what stands at the door.
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
    recorded_by = whoever()
    due_at = models.DateTimeField()
    every_days = models.SmallIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = whoever()
    way = models.CharField(max_length=12, blank=True)
    bag = models.CharField(max_length=24, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = whoever()
    answer_sealed = models.BinaryField(default=b"")
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    brought_by = whoever()
    photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
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
    """Somebody says that a decision about them is wrong; answered in writing by somebody who did not make it.

    Shape: `against` the order itself, or the category under which somebody was put; `after` is the first answer with which
    somebody was not content: the level above answers this one.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="objections")
    against = models.CharField(max_length=8, choices=AGAINST, default=ORDER)
    words = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    answered_by = whoever()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    after = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="above")


class Transfer(models.Model):
    """A car that takes people to central isolation, to hospital or home: planned, left, arrived, signed for."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    to_place = models.CharField(max_length=80)
    to_mode = models.CharField(max_length=16)
    vehicle = models.CharField(max_length=16)
    driver = models.CharField(max_length=40)
    planned_at = models.DateTimeField()
    planned_by = whoever()
    leaves_at = models.DateTimeField()
    above = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    disinfected_before_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_by = whoever()
    arrived_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=80, blank=True)
    disinfected_after_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "leaves_at"], name="transfer_area_leaves")]


class Seat(models.Model):
    """Who sits in the car: somebody with an order, or somebody who goes along."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="seats")
    area_code = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="seats")


class Relative(models.Model):
    """Somebody who looks after an isolated household from elsewhere, with a link of their own.

    Shape: of their phone nothing is kept but the digest of its last four digits.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    tail_digest = models.BinaryField()
    given_at = models.DateTimeField()
    given_by = whoever()
    ended_at = models.DateTimeField(null=True)


class OddityWord(models.Model):
    """What somebody found out about readings that looked too good to be true (RP17)."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    what = models.CharField(max_length=8, choices=ODD)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    on = models.DateField()
    words = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = whoever()


__all__ = [
    "Care",
    "Change",
    "ExitCheck",
    "Longer",
    "MedicalExit",
    "Need",
    "Objection",
    "OddityWord",
    "Order",
    "Reading",
    "Regular",
    "Relative",
    "Seal",
    "Seat",
    "Transfer",
]
