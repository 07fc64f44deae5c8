"""Sealed buildings, the walks to their exits, and whoever left for a doctor. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.duties.records import Record
from shouwang.plans.models import PlanVersion
from shouwang.standing.models import Restriction

OUT = [("doctor", "就医"), ("birth", "生产"), ("fire", "火灾")]


class Seal(Restriction):
    """A building, unit or compound that people are asked not to leave: why, until when, and the way out.

    Until a second person approves it is a proposal, and closes nothing. Shape: `zone` is a zone of the plan, whose rule
    and movement hold; `until` is exclusive. The three days `last_case_on`, `contacts_clear_on` and `clean_round_on` are what
    the conditions of the end are computed from; null where nobody knows.
    """

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+", null=True)
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(  # type: ignore[assignment]  # until somebody has approved, nobody
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=32)
    fire_exit = models.CharField(max_length=80)
    key_holder = models.CharField(max_length=40)
    key_phone_sealed = models.BinaryField()
    key_phone_mask = models.CharField(max_length=24)
    supply_point = models.CharField(max_length=120, blank=True)
    test_plan = models.CharField(max_length=200, blank=True)
    last_case_on = models.DateField(null=True)
    contacts_clear_on = models.DateField(null=True)
    clean_round_on = models.DateField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
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
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="seal_approved_by_somebody",
            ),
        ]


class ExitCheck(Record):
    """Somebody walked to the fire exit of a sealed building: whether one can get through."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="checks")
    passable = models.BooleanField()


class MedicalExit(Record):
    """Somebody left a sealed building or their isolation for a doctor, a birth or a fire."""

    why = models.CharField(max_length=8, choices=OUT)
    who = models.CharField(max_length=64, blank=True)
    transport = models.CharField(max_length=80, blank=True)


class Longer(models.Model):
    """A seal is to last longer, or does since somebody else approved: until when, why, on whose word."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="longer")
    was_until = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    document = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("was_until")), name="longer_is_longer"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="longer_approved_by_another"
            ),
            models.UniqueConstraint(fields=["seal"], condition=Q(approved_at=None), name="longer_one_waits"),
        ]
