"""Gates, who stands there, and who went through. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, unchecked, whoever
from shouwang.duties.records import Record
from shouwang.gates.incidents.models import Contest, Incident, Review
from shouwang.register.models import Household, Person, Place
from shouwang.standing.models import Pass

COMPOUND = "compound"
KINDS = [(COMPOUND, "小区门岗"), ("road", "路口卡口"), ("place", "场所")]
WHO = [
    ("resident", "住户"),
    ("outsider", "外来人员"),
    ("visitor", "来访"),
    ("supplier", "送货"),
    ("worker", "工作人员"),
    ("emergency", "应急"),
    ("group", "一车人"),
]
DIRECTIONS = [("in", "进"), ("out", "出")]
ADMITTED, REFUSED, ASKING = "admit", "refuse", "ask"
DECISIONS = [(ADMITTED, "放行"), (REFUSED, "劝返"), (ASKING, "还在核实")]
HOME, HOME_LATE = "home", "home_late"  # later than the pass allows is let through all the same
OUTSIDE = [("", "本地"), ("city", "外市"), ("province", "外省")]


class Gate(models.Model):
    """A gate of a compound, a checkpoint on a road, or the door of a place where people scan in and out.

    Shape: `area_code` is what it lets into; `post` is the post of the roster whose shifts man it.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=60)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()
    added_by = whoever()
    closed_at = models.DateTimeField(null=True)
    closed_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "name"], condition=Q(closed_at=None), name="gate_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Passage(Record):
    """Somebody came to a gate, on foot or in a vehicle, and was let through or turned back.

    Shape: `id` is the phone's event; `decision` what happened at the gate (`ask`: answered so online, and the guard
    has not said yet) and `code` why; `asked` that somebody was asked first;
    `should` and `should_code` what the server knew at that moment, and `mattered` that the two differ about letting through;
    `online` that the server itself decided. `names` of the others stand in `Companion`. Units: `people` with the driver.
    """

    gate = unchecked(Gate, null=True)
    direction = models.CharField(max_length=3, choices=DIRECTIONS)
    kind = models.CharField(max_length=9, choices=WHO)
    decision = models.CharField(max_length=6, choices=DECISIONS)
    asked = models.BooleanField(default=False)
    code = models.CharField(max_length=24)
    should = models.CharField(max_length=6, blank=True)
    should_code = models.CharField(max_length=24, blank=True)
    online = models.BooleanField(default=False)
    mattered = models.BooleanField(default=False)
    copied = models.BooleanField(default=False)
    medical = models.BooleanField(default=False)
    card = unchecked(Pass, null=True)
    person = unchecked(Person, null=True)
    host = unchecked(Household, null=True)
    expected = models.UUIDField(null=True)
    people = models.PositiveSmallIntegerField(default=1)
    plate = models.CharField(max_length=16, blank=True)
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    second_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    fever = models.BooleanField(default=False)
    symptoms = ArrayField(models.CharField(max_length=24), default=list)
    from_place = models.CharField(max_length=40, blank=True)
    to_place = models.CharField(max_length=40, blank=True)
    outside = models.CharField(max_length=8, blank=True, choices=OUTSIDE)
    goods_left = models.BooleanField(default=False)

    @property
    def late(self) -> bool:
        """Whether somebody came home later than their pass allows."""
        return self.should_code == HOME_LATE

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "at"], name="passage_area_at"),
            models.Index(fields=["gate", "at"], name="passage_gate_at"),
            models.Index(fields=["card", "at"], name="passage_card_at", condition=Q(card__isnull=False)),
            models.Index(
                fields=["person", "at"], name="passage_person_at", condition=Q(person__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(medical=False) | Q(decision="admit"), name="passage_medical_is_admitted"
            )
        ]


class Companion(models.Model):
    """Somebody named who went along, or who scanned the code of a place: whom the register does not know.

    Shape: number and phone are sealed; their digests find somebody in a case investigation, and nothing else looks for them.
    """

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="companions")
    area_code = AreaCodeField()
    name = models.CharField(max_length=64)
    id_sealed = models.BinaryField(default=b"")
    id_digest = models.BinaryField(default=b"")
    id_mask = models.CharField(max_length=24, blank=True)
    phone_sealed = models.BinaryField(default=b"")
    phone_digest = models.BinaryField(default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["passage", "name"], name="companion_named_once")
        ]


class Watch(Record):
    """Somebody takes over at a gate, or goes: how many passed meanwhile, and what the next one must know (`note`)."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="watches")
    takes_over = models.BooleanField()
    passed = models.PositiveIntegerField(null=True)
    turned_back = models.PositiveIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["gate", "at"], name="watch_gate_at")]


class Fever(Record):
    """A second reading at a gate was a fever too: held aside, and who was told. Shape: `passage` where there is one."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="fevers")
    passage = models.UUIDField(null=True)
    person = unchecked(Person, null=True)
    name = models.CharField(max_length=64, blank=True)
    phone_sealed = models.BinaryField(default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1)
    second_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    told = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "at"], name="fever_area_at")]


class Expected(models.Model):
    """A visitor whom a household has announced, with a car perhaps, until an hour. Shape: `told_by` is empty where the household did."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    host = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    phone_sealed = models.BinaryField(default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    plate = models.CharField(max_length=16, blank=True)
    people = models.PositiveSmallIntegerField(default=1)
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    told_at = models.DateTimeField()
    told_by = whoever()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "until"], name="expected_area_until")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lt=models.F("until")), name="expected_ends")
        ]


__all__ = [
    "Companion",
    "Contest",
    "Expected",
    "Fever",
    "Gate",
    "Incident",
    "Passage",
    "Review",
    "Watch",
]
