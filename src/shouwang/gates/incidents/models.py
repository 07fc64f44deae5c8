"""Incidents at gates, and objections to a pass being withdrawn. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, whoever
from shouwang.duties.records import Record
from shouwang.register.models import Person
from shouwang.standing.models import Bar, Pass

KINDS = [
    ("force", "冲岗、动手"),
    ("forged", "假证、冒用、转借"),
    ("concealed", "不说实话"),
    ("quarrel", "争吵、不配合"),
    ("accident", "受伤、事故"),
    ("other", "其他"),
]
GIVEN_BACK, WITHDRAWN, NOTED = "given_back", "withdrawn", "noted"
OUTCOMES = [(GIVEN_BACK, "证还给本人"), (WITHDRAWN, "收回到某一天"), (NOTED, "记下，不收证")]


class Incident(Record):
    """Something happened at a gate; perhaps the guard took a pass, which counts for hours and until somebody else has looked.

    Shape: `note` says what happened; `taken` that the pass was taken, `receipt` what its bearer got for it; `review_due_at` is by when
    somebody else looks.
    """

    gate = models.ForeignKey(
        "gates.Gate", on_delete=models.PROTECT, null=True, related_name="incidents", db_index=False
    )
    kind = models.CharField(max_length=12, choices=KINDS)
    who = models.CharField(max_length=64, blank=True)
    card = models.ForeignKey(Pass, on_delete=models.PROTECT, null=True, related_name="incidents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    plate = models.CharField(max_length=16, blank=True)
    taken = models.BooleanField(default=False)
    receipt = models.CharField(max_length=16, blank=True)
    review_due_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-at"], name="incident_area_at")]


class Review(Record):
    """Somebody who was not there looked at it: what becomes of the pass, and why (`note`)."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)


class Contest(models.Model):
    """Whoever carried a pass says that it should not have been withdrawn; answered in writing by somebody who did not decide.

    Shape: about a `bar`, or about an `incident` that nobody has looked at yet.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    card = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="contests")
    bar = models.ForeignKey(Bar, on_delete=models.PROTECT, null=True, related_name="contests")
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, related_name="contests", db_index=False
    )
    words = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    answered_by = whoever()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code"], name="contest_waits", condition=Q(at=None))]
