"""Who lives here: areas, households, people, places."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.access.history import keep_history
from shouwang.access.models import AreaCodeField, User
from shouwang.lib.codes import NAMES
from shouwang.register.answering import Grid, GridArea, Helper, Responsibility
from shouwang.register.uploads import SheetShape, Upload

HELPS = [
    ("lives_alone", "独居老人"),
    ("disabled", "残疾"),
    ("pregnant", "孕产妇"),
    ("chronic", "慢性病"),
    ("no_phone", "没有智能手机"),
]
LEVEL_CHOICES = [(name, name) for name in NAMES.values()]


class Area(models.Model):
    """A place on the map of responsibility, from the district down to the unit (the door is a household).

    Shape: `province` and `city` as people write them (河南, 郑州), where somebody has said so; they hold for all that lies below.
    """

    code = AreaCodeField(primary_key=True)
    level = models.CharField(max_length=12, choices=LEVEL_CHOICES)
    label = models.CharField(max_length=64)
    province = models.CharField(max_length=8, blank=True, default="", db_default="")
    city = models.CharField(max_length=24, blank=True, default="", db_default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["level", "code"], name="area_level_code")]

    def __str__(self) -> str:
        return self.label


class Subject(models.Model):
    """What a duty can be owed about. A merged row points to the kept one and stays what it was.

    `kept_id` is the row that now stands for this one: itself, or the last in the chain of merges.
    """

    area_code = AreaCodeField()
    kept = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="stands_for")
    added_at = models.DateTimeField()

    class Meta:
        abstract = True


@keep_history(without=("added_at",))
class Household(Subject):
    """The people behind one door. A door that nobody has seen is not an empty door: `empty_since` says which.

    Shape: `area_code` is the door's code; `building`, `unit`, `floor`, `room` are labels as the street says them.
    """

    compound = models.CharField(max_length=64)
    building = models.CharField(max_length=16)
    unit = models.CharField(max_length=8, blank=True)
    floor = models.CharField(max_length=8, blank=True)
    room = models.CharField(max_length=16)
    empty_on = models.DateField(null=True, blank=True)
    landlord_sealed = models.BinaryField(blank=True, default=b"")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="household_area"),
            models.Index(fields=["kept"], name="household_kept"),
        ]

    def __str__(self) -> str:
        return self.door

    @property
    def door(self) -> str:
        """How people write this door: 3-2-502, or 3-502 where the building has no units."""
        return "-".join(part for part in (self.building, self.unit, self.room) if part)


@keep_history(without=("added_at", "unchecked_since", "match_digests"))
class Person(Subject):
    """One file per person (一人一档). ID number and phones are sealed; what the screen shows is the mask.

    Shape: `id_digest` only where the number is whole and valid; `match_digests` by what else the person can be
    recognised on a list: first 6 + last 4 of the number, its 15 digits of old, name + birth date, name + door;
    `unchecked_since`: told by a worker at the door, and nobody of the office has looked yet.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=64)
    name_key = models.CharField(max_length=128, db_collation="C", blank=True)
    relation = models.CharField(max_length=16, blank=True)
    sex = models.CharField(max_length=1, blank=True, choices=[("m", "男"), ("f", "女")])
    born_on = models.DateField(null=True, blank=True)
    id_kind = models.CharField(max_length=16, blank=True)
    id_sealed = models.BinaryField(blank=True, default=b"")
    id_digest = models.BinaryField(blank=True, default=b"")
    id_mask = models.CharField(max_length=24, blank=True)
    phones_sealed = ArrayField(models.BinaryField(), default=list)
    phone_digests = ArrayField(models.BinaryField(), default=list)
    phone_mask = models.CharField(max_length=40, blank=True)
    match_digests = ArrayField(models.BinaryField(), default=list)
    category = models.CharField(max_length=16, blank=True)
    from_place = models.CharField(max_length=64, blank=True)
    helps = ArrayField(models.CharField(max_length=16, choices=HELPS), default=list)
    help_note = models.CharField(max_length=100, blank=True)
    vaccine_doses = models.SmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.CharField(max_length=16, blank=True, choices=[("moved", "搬走"), ("died", "去世")])
    unchecked_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="person_area"),
            models.Index(
                fields=["area_code"], name="person_unchecked", condition=Q(unchecked_since__isnull=False)
            ),
            models.Index(fields=["kept"], name="person_kept"),
            models.Index(fields=["id_digest"], name="person_id_digest", condition=~Q(id_digest=b"")),
        ]

    def __str__(self) -> str:
        return self.name


class Residence(models.Model):
    """Where else somebody belongs: registered, lived before, swabbed. Actual residence is the person's household."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    area_code = AreaCodeField()
    kind = models.CharField(
        max_length=12, choices=[("registered", "户籍"), ("second", "另一住处"), ("former", "以前住")]
    )
    address = models.CharField(max_length=120, blank=True)
    from_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)


@keep_history(without=("added_at",))
class Place(Subject):
    """A shop, restaurant, hotel or venue, and whether it may be open."""

    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120, blank=True)
    in_charge = models.CharField(max_length=64, blank=True)
    phones_sealed = ArrayField(models.BinaryField(), default=list)
    phone_digests = ArrayField(models.BinaryField(), default=list)
    phone_mask = models.CharField(max_length=40, blank=True)
    staff_count = models.IntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="place_area"),
            models.Index(fields=["kept"], name="place_kept"),
        ]

    def __str__(self) -> str:
        return self.name


class SearchKey(models.Model):
    """A word under which somebody is found while typing: made when writing, at most ten per person."""

    area_code = AreaCodeField()
    community = AreaCodeField(max_length=12)
    key = models.CharField(max_length=64, db_collation="C")
    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["community", "key"], name="search_community_key"),
            models.Index(fields=["household"], name="search_household"),
            models.Index(fields=["place"], name="search_place"),
        ]


class Merge(models.Model):
    """Two rows were found to be one; undone exactly by forgetting this line."""

    area_code = AreaCodeField()
    kind = models.CharField(max_length=12, choices=[("person", "人"), ("household", "户"), ("place", "场所")])
    lost = models.BigIntegerField()
    kept = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "lost"], condition=Q(undone_at=None), name="lost_only_once"
            ),
            models.CheckConstraint(condition=~Q(lost=models.F("kept")), name="merged_with_another"),
        ]


class NotTheSame(models.Model):
    """Somebody looked and said: these two are different people. Nobody is asked again."""

    area_code = AreaCodeField()
    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="said_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="in_order"),
        ]


__all__ = [
    "Area",
    "Grid",
    "GridArea",
    "Helper",
    "Household",
    "Merge",
    "NotTheSame",
    "Person",
    "Place",
    "Residence",
    "Responsibility",
    "SearchKey",
    "SheetShape",
    "Subject",
    "Upload",
]
