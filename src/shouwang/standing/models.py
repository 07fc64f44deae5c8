"""What somebody may not do, for how long, and on whose word. It ends by itself: nobody has to remember."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from shouwang.access.models import AreaCodeField, User
from shouwang.register.models import Person


class Restriction(models.Model):
    """What every restriction stands on: a reason, whoever decides it by law, and two people; and its end, exclusive."""

    area_code = AreaCodeField()
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    reason_code = models.CharField(max_length=32)
    reason = models.CharField(max_length=200)
    authority = models.CharField(max_length=80)
    document = models.CharField(max_length=60)
    legal_basis = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Hold(Restriction):
    """Somebody stays where the order says, from when to when.

    Shape: `about` is the order of its module; `reason_code` is a category of the plan; `until` is exclusive and may only
    be moved with a reason that stands in `Extension`. Who proposed does not approve.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds")
    about = models.UUIDField()
    mode = models.CharField(max_length=16)
    approved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "until"], name="hold_area_until", condition=Q(ended_at=None)),
            models.Index(fields=["about"], name="hold_about"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lt=F("until")), name="hold_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="hold_approved_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("from_at")), name="hold_ended_after_it_began"
            ),
            ExclusionConstraint(
                name="hold_one_at_a_time",
                expressions=[
                    (
                        Func(F("person"), F("person"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("from_at"), Coalesce("ended_at", "until"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Extension(models.Model):
    """A hold lasts longer: until when, why, on whose word. Told in writing before the old end."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="extensions")
    area_code = AreaCodeField()
    was_until = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    document = models.CharField(max_length=60)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("was_until")), name="extended_forward"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="extended_by_somebody_else"
            ),
        ]
