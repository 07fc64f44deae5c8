"""Rounds, points, who is exempt. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, whoever
from shouwang.duties.records import Record
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Household, Person


class Round(models.Model):
    """Everybody of an area, or of some categories, is swabbed once between two moments, on somebody's word.

    Shape: `categories` are the keys of `who.GROUPS`, none for everybody; `pool_sizes` by group of the plan as it was when the round was
    ordered, and `everyone` for whoever belongs to none; `door_helps` and `door_from_age` say who is swabbed at the door, beside those
    who are kept at home; `repeats` is the round that this one follows. It ends early on the word of two.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    name = models.CharField(max_length=60)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=60, blank=True)
    categories = ArrayField(models.CharField(max_length=32), default=list)
    pool_sizes = models.JSONField(default=dict)
    door_helps = ArrayField(models.CharField(max_length=16), default=list)
    door_from_age = models.SmallIntegerField(null=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    repeat_every_days = models.SmallIntegerField(null=True)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    ordered_by = whoever()
    end_asked_at = models.DateTimeField(null=True)
    end_asked_by = whoever()
    ended_at = models.DateTimeField(null=True)
    ended_by = whoever()
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "due_at"], name="test_round_area_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("due_at")), name="test_round_ends_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | ~Q(ended_by=F("end_asked_by")),
                name="test_round_ended_by_another",
            ),
            models.UniqueConstraint(fields=["repeats"], name="test_round_followed_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Exemption(Record):
    """Somebody is not swabbed in this round, and why; or was swabbed elsewhere, with proof (`elsewhere`)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="exemptions", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=100)
    elsewhere = models.BooleanField(default=False)
    proof = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "person"], condition=Q(void_at=None), name="exempt_once_a_round"
            )
        ]


class Point(models.Model):
    """Where people are swabbed: a place with tables, or a team that goes from door to door (`at_doors`).

    Units: `per_hour` people at one table.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    name = models.CharField(max_length=60)
    where = models.CharField(max_length=100, blank=True)
    tables = models.SmallIntegerField(default=1)
    per_hour = models.SmallIntegerField(default=150)
    at_doors = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = whoever()
    closed_at = models.DateTimeField(null=True)
    closed_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "name"], condition=Q(closed_at=None), name="point_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """The people of a building, or of one of its units, are called to a point: when, and until when they are through.

    Shape: `replaced_at` is when another timetable took its place.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="calls")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="calls")
    area_code = AreaCodeField()
    people = models.IntegerField()
    called_at = models.DateTimeField()
    through_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = whoever()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "area_code"], condition=Q(replaced_at=None), name="called_once_a_round"
            )
        ]


class Fetching(models.Model):
    """Medical samplers are fetched from their hospital: how many, by when, with which car, whom to ring up."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="fetchings")
    hospital = models.CharField(max_length=60)
    people = models.SmallIntegerField()
    vehicle = models.CharField(max_length=16)
    phone_sealed = models.BinaryField(blank=True, default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = whoever()
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    fetched_by = whoever()
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["round"], name="fetching_round")]


class Tour(models.Model):
    """A team's way from door to door: its number, when it sets out, when it is expected back."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tours")
    number = models.SmallIntegerField()
    leaves_at = models.DateTimeField()
    back_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = whoever()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "number"], condition=Q(replaced_at=None), name="tour_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.number)


class Stop(models.Model):
    """A door on a tour: which in turn, when somebody is there, how many are swabbed.

    Shape: `rank` is `routes.URGENT`, `USUAL` or `LAST`.
    """

    tour = models.ForeignKey(Tour, on_delete=models.CASCADE, related_name="stops")
    area_code = AreaCodeField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    place = models.SmallIntegerField()
    arrives_at = models.DateTimeField()
    people = models.SmallIntegerField()
    rank = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tour", "place"], name="stop_place_once")]


class Trade(models.Model):
    """People of an employer are swabbed so many times in so many days (N天M检), as long as they are on duty."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    employer = models.CharField(max_length=80)
    trade = models.CharField(max_length=40)
    every_days = models.SmallIntegerField()
    times = models.SmallIntegerField(default=1)
    from_on = models.DateField()
    document = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()
    added_by = whoever()
    ended_at = models.DateTimeField(null=True)
    ended_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(times__gte=1, every_days__gte=F("times")), name="trade_at_most_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["area_code", "employer", "trade"], condition=Q(ended_at=None), name="trade_named_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer} {self.trade}"


class Worker(models.Model):
    """Somebody of such an employer, and when they are on leave. Units: `away_until` is exclusive."""

    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="workers")
    area_code = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = whoever()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["trade", "person"], condition=Q(left_at=None), name="works_there_once"
            ),
            models.CheckConstraint(
                condition=Q(away_from=None, away_until=None) | Q(away_from__lt=F("away_until")),
                name="worker_away_in_order",
            ),
        ]
