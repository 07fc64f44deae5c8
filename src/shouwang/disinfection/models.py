"""Spots, rounds, what is done after a case, bags that were fetched. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, whoever
from shouwang.duties.records import Record
from shouwang.register.models import Household

AFTER_CASE = "after_case"
STEPS = [
    ("prepared", "做好防护，围好现场"),
    ("disinfected", "消毒"),
    ("waited", "作用时间到了"),
    ("cleaned", "擦净、通风"),
    ("bagged", "废弃物装袋封口"),
]
COLLECTED = [("masks", "废口罩"), ("waste", "隔离户垃圾")]


class Spot(models.Model):
    """Somewhere that is disinfected again and again: an entrance, a lift, a waste point; with what, how strong, how large.

    Shape: `kind` is a key of the plan's disinfection, which says how often. Units: mg/L of chlorine, m², minutes.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    agent = models.CharField(max_length=40)
    chlorine_mg_per_l = models.IntegerField(null=True)
    area_m2 = models.IntegerField(null=True)
    contact_minutes = models.IntegerField(null=True)
    added_at = models.DateTimeField()
    added_by = whoever()
    ended_at = models.DateTimeField(null=True)
    ended_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "kind", "name"], condition=Q(ended_at=None), name="spot_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Round(Record):
    """A spot was disinfected: with what, how strong, how large an area. `who` is written where nobody logs in."""

    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, related_name="rounds", db_index=False)
    agent = models.CharField(max_length=40)
    chlorine_mg_per_l = models.IntegerField(null=True)
    area_m2 = models.IntegerField(null=True)
    contact_minutes = models.IntegerField(null=True)
    who = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "recorded_at"], name="round_area_recorded"),
            models.Index(fields=["spot", "at"], name="round_spot_at"),
        ]


class Final(models.Model):
    """What is owed after a case (终末消毒): where, because of what, its steps, its certificate.

    Shape: `because` is the case or the order; whoever accepts it did none of its steps.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    because = models.UUIDField()
    spot = models.OneToOneField(Spot, on_delete=models.PROTECT, related_name="final")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = whoever()
    due_at = models.DateTimeField()
    number = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField(null=True)
    accepted_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["because", "household"], name="final_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return str(self.spot)


class Step(Record):
    """One step of it was done."""

    final = models.ForeignKey(Final, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12, choices=STEPS)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["final", "what"], condition=Q(void_at=None), name="step_once")
        ]


class Collection(Record):
    """Bags that were fetched: used masks from a spot, rubbish from a door in isolation."""

    what = models.CharField(max_length=8, choices=COLLECTED)
    bags = models.IntegerField()
    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, null=True, related_name="collections")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "recorded_at"], name="collection_area")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(bags__gt=0), name="collection_of_something")
        ]
