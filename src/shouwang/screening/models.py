"""Rounds, and what was found at the doors and in the places; pushed lists and what became of their rows."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User, unchecked
from shouwang.duties.records import Record
from shouwang.plans.models import PlanVersion
from shouwang.register.models import HELPS, Household, Place
from shouwang.screening.cases.models import Case, CaseAccess, Contact, Letter, Statement
from shouwang.screening.codes.models import CodeRequest
from shouwang.screening.contests.models import Contest
from shouwang.screening.editions.models import ListEdition
from shouwang.screening.lists.models import (
    Check,
    Inquiry,
    ListReturn,
    ListRow,
    NotThisPerson,
    PushedList,
    Referral,
    Settlement,
)
from shouwang.screening.reports.models import Poster, Receipt, ReportedPerson, SelfReport, Wish


class Round(models.Model):
    """An order: every door (or place) of an area, or those that match a filter, inside a window."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=80)
    only = models.JSONField(default=dict)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("due_at")), name="round_opens_before_it_is_due")
        ]


class Visit(Record):
    """Somebody was met at a door.

    Units: `temperature_c` in °C, the highest taken at the door. `newcomers` is what the door said about new people;
    who they are is entered in the register.
    """

    by = unchecked(User, null=True)
    household = unchecked(Household, related_name="visits")
    met = models.CharField(max_length=64, blank=True)
    people_count = models.SmallIntegerField(null=True)
    newcomers = models.CharField(max_length=200, blank=True)
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    symptoms = models.CharField(max_length=100, blank=True)
    helps = ArrayField(models.CharField(max_length=16, choices=HELPS), default=list)
    handed_out = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["household", "at"], name="visit_household_at")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(people_count=None) | Q(people_count__gte=0), name="visit_counts_people"
            )
        ]


class PlaceVisit(Record):
    """Somebody looked at a place: whether it is open, and what was wrong."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="visits", db_index=False)
    state = models.CharField(max_length=16)
    staff_count = models.IntegerField(null=True)
    finding = models.CharField(max_length=200, blank=True)
    handed_out = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["place", "at"], name="place_visit_at")]


class Sheet(models.Model):
    """A visit sheet as it was printed: row 12 of sheet 37 is the twelfth of these doors, whatever changes later."""

    area_code = AreaCodeField()
    doors = ArrayField(models.BigIntegerField())
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")


__all__ = [
    "Case",
    "CaseAccess",
    "Check",
    "CodeRequest",
    "Contact",
    "Contest",
    "Inquiry",
    "Letter",
    "ListEdition",
    "ListReturn",
    "ListRow",
    "NotThisPerson",
    "PlaceVisit",
    "Poster",
    "PushedList",
    "Receipt",
    "Record",
    "Referral",
    "ReportedPerson",
    "Round",
    "SelfReport",
    "Settlement",
    "Sheet",
    "Statement",
    "Visit",
    "Wish",
]
