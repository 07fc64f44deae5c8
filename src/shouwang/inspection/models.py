"""Looks, findings, second visits, prices, and when a place may work again. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, whoever
from shouwang.duties.records import Record
from shouwang.register.models import Helper, Household, Place
from shouwang.standing.models import Restriction

GATE, HOME, SHOP, VENUE, POINT = "gate", "home", "shop", "venue", "point"
SITES = [(GATE, "卡口"), (HOME, "隔离户"), (SHOP, "营业的店"), (VENUE, "停业的场所"), (POINT, "采样点")]


class Look(Record):
    """Somebody looked at a gate, a home, a shop, a point. Shape: `wrong` are the questions that were answered with no."""

    site = models.CharField(max_length=8, choices=SITES)
    name = models.CharField(max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="looks")
    wrong = ArrayField(models.CharField(max_length=24), default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-at"], name="look_area_at")]


class Price(models.Model):
    """What something cost in a shop, or that there was none. Units: yuan for the unit that is written beside it."""

    look = models.ForeignKey(Look, on_delete=models.PROTECT, related_name="prices")
    area_code = AreaCodeField()
    goods = models.CharField(max_length=20)
    yuan = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["look", "goods"], name="priced_once_a_look")]


class Finding(models.Model):
    """Something is wrong: who puts it right by when; who checked again, and whether it was right then.

    Shape: `owner` answers for it; `put_right_at` and `checked_at` are told by different people; a check that finds it
    still wrong makes the next finding, which points back by `again`.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    look = models.ForeignKey(Look, on_delete=models.PROTECT, null=True, related_name="findings")
    where = models.CharField(max_length=80)
    words = models.CharField(max_length=200)
    owner = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    found_at = models.DateTimeField()
    found_by = whoever()
    due_at = models.DateTimeField()
    again = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next")
    put_right_at = models.DateTimeField(null=True)
    put_right_by = whoever()
    put_right_words = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = whoever()
    checked_right = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "due_at"], name="finding_open", condition=Q(checked_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(checked_at=None) | Q(put_right_at__isnull=False), name="finding_put_right_first"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("put_right_by")),
                name="finding_checked_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} · {self.where}"


class Draw(models.Model):
    """The doors of a day from which some were drawn by chance for a second visit."""

    area_code = AreaCodeField()
    day = models.DateField()
    doors = models.IntegerField()
    drawn = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "day"], name="drawn_once_a_day")
        ]


class SecondVisit(models.Model):
    """A door that was drawn: the first answer, and beside it what somebody else heard there later.

    Shape: `first` is the record of the first visit; `was_visited` whether the door remembers it at all.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="second_visits")
    first = models.UUIDField(unique=True)
    first_at = models.DateTimeField()
    first_by = whoever()
    first_people = models.SmallIntegerField(null=True)
    drawn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    by = whoever()
    people = models.SmallIntegerField(null=True)
    was_visited = models.BooleanField(null=True)
    note = models.CharField(max_length=200, blank=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "due_at"], name="second_visit_open", condition=Q(at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(by=None) | ~Q(by=F("first_by")), name="second_visit_by_another"
            ),
        ]


class Closure(Restriction):
    """A place may not work before a time, and by whose leave it does again. It ends by itself."""

    id = models.UUIDField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="closures")
    leave_at = models.DateTimeField(null=True)
    leave_by = whoever()
    leave_authority = models.CharField(max_length=80, blank=True)
    leave_document = models.CharField(max_length=60, blank=True)
    leave_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "until"], name="closure_area_until", condition=Q(leave_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lt=F("until")), name="closure_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="closure_approved_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(leave_at=None) | ~Q(leave_authority="") & ~Q(leave_reason=""),
                name="closure_leave_given",
            ),
        ]


class Briefing(Record):
    """A supplier (a water carrier, a van) was told what holds here before being let in."""

    supplier = models.CharField(max_length=60)
    brings = models.CharField(max_length=60)
    told = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-at"], name="briefing_area_at")]
