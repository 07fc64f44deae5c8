"""Tubes and the people in them, each swab as it was told by whoever took it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, User, unchecked
from shouwang.duties.records import Record
from shouwang.register.models import Person
from shouwang.testing.rounds.models import Point, Round

OPENED, SEALED, GAVE, TOOK = "opened", "sealed", "gave", "took"
LOST, FOUND, RECONCILED = "lost", "found", "reconciled"
STEPS = [
    (OPENED, "开箱"),
    (SEALED, "封箱"),
    (GAVE, "交出"),
    (TOOK, "接收"),
    (LOST, "找不到"),
    (FOUND, "找到了"),
    (RECONCILED, "核对完"),
]
POINT, COURIER, HUB, LABORATORY = "point", "courier", "hub", "laboratory"
STATIONS = [(POINT, "采样点"), (COURIER, "转运员"), (HUB, "中转站"), (LABORATORY, "检测机构")]
IN, OUT, RECEIVED = "in", "out", "received"
TUBE_STEPS = [(IN, "装箱"), (OUT, "取出"), (RECEIVED, "点收")]
MISSING, EXTRA, SEAL_COUNT, HAND_COUNT = "missing", "extra", "seal_count", "hand_count"
DIFFERENCES = [
    (MISSING, "装了没收到"),
    (EXTRA, "收到了没装"),
    (SEAL_COUNT, "封箱数和系统不一样"),
    (HAND_COUNT, "交接数不一样"),
]


class Tube(models.Model):
    """A tube (采样管) from the moment its code was first scanned: how many it takes, of which lot, since when it is open.

    Shape: `id` follows from `code`, which names one tube for ever; `capacity` is the pool size with which it was opened, nought while
    nobody told of a swab; `opened_at` is the first swab. Who is in it are its swabs; in which box it lies say its `TubeStep`s.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    code = models.CharField(max_length=40, db_collation="C")
    round = unchecked(Round, null=True)
    point = unchecked(Point, null=True)
    capacity = models.SmallIntegerField(default=0)
    lot = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = unchecked(User, null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="tube_code_once")]
        indexes: ClassVar = [models.Index(fields=["area_code", "opened_at"], name="tube_area_opened")]

    def __str__(self) -> str:
        return self.code


class Swab(Record):
    """Somebody was swabbed into a tube.

    Shape: `person` where the register knows them; otherwise `name` and sealed numbers as they were said at the table, to be matched
    later. `how` says by what they were known: code, id, name, household, none. The place in the tube is that of the hour.
    """

    by = unchecked(User, null=True)
    person = unchecked(Person, null=True)
    tube = unchecked(Tube)
    round = unchecked(Round, null=True)
    point = unchecked(Point, null=True)
    at_door = models.BooleanField(default=False)
    how = models.CharField(max_length=12)
    name = models.CharField(max_length=64, blank=True)
    category = models.CharField(max_length=12, blank=True)
    id_kind = models.CharField(max_length=16, blank=True)
    id_sealed = models.BinaryField(blank=True, default=b"")
    id_digest = models.BinaryField(blank=True, default=b"")
    phone_sealed = models.BinaryField(blank=True, default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["tube"], name="swab_tube"),
            models.Index(fields=["person", "at"], name="swab_person_at", condition=Q(person__isnull=False)),
            # not by area: while nobody has counted the table, such an index looks as good as that of one person
            BrinIndex(fields=["recorded_at"], name="swab_recorded"),
            models.Index(
                fields=["id_digest"],
                name="swab_unmatched",
                condition=Q(person=None, void_at=None) & ~Q(id_digest=b""),
            ),
        ]


class Box(models.Model):
    """A box (转运箱) with a label of its own for one journey. Shape: `id` follows from `code`; all else are its steps.

    `area_code` is where it was opened, as soon as that is known.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    code = models.CharField(max_length=40, db_collation="C")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="box_code_once")]
        indexes: ClassVar = [models.Index(fields=["area_code", "-seen_at"], name="box_area_seen")]

    def __str__(self) -> str:
        return self.code


class BoxStep(Record):
    """Something that was done with a box: opened, sealed, given, taken, lost, found, reconciled.

    Shape: `station` is whoever did it; `other` the other side of a hand-over in words; `note` the reason. Units: `count` tubes
    as counted by hand; `temperature_c` in °C inside the box.
    """

    box = unchecked(Box)
    kind = models.CharField(max_length=12, choices=STEPS)
    point = unchecked(Point, null=True)
    station = models.CharField(max_length=12, choices=STATIONS, blank=True)
    other = models.CharField(max_length=64, blank=True)
    count = models.SmallIntegerField(null=True)
    temperature_c = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    disinfected = models.BooleanField(null=True)
    carrier = models.CharField(max_length=64, blank=True)
    vehicle = models.CharField(max_length=16, blank=True)
    sealed_with = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["box", "at"], name="box_step"),
            models.Index(fields=["area_code", "recorded_at"], name="box_step_recorded"),
        ]


class TubeStep(Record):
    """A tube was laid into a box, taken out of it (`note` says why), or counted in out of it."""

    box = unchecked(Box)
    tube = unchecked(Tube)
    kind = models.CharField(max_length=8, choices=TUBE_STEPS)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["box"], name="tube_step_box"),
            models.Index(fields=["tube"], name="tube_step_tube"),
        ]


class Explained(Record):
    """Why a count differs: of a box, and of one tube where the difference is about one. The reason is the `note`."""

    box = unchecked(Box)
    tube = unchecked(Tube, null=True)
    difference = models.CharField(max_length=12, choices=DIFFERENCES)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["box"], name="explained_box")]
