"""Drives, and what people said when they were called. How many doses somebody has stands in the register alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.duties.records import Record
from shouwang.register.models import Person

SAYS = [
    ("booked", "约好了"),
    ("here", "在社区打了"),
    ("elsewhere", "在别处打了"),
    ("unfit", "医生说不能打"),
    ("refused", "不愿意打"),
]
VACCINATED = ("here", "elsewhere")
WITH_REASON = ("refused", "unfit")


class Drive(models.Model):
    """Everybody of an age with fewer doses than this is called by a day. Ages: `from_age` counts, `until_age` does not."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    title = models.CharField(max_length=60)
    from_age = models.SmallIntegerField()
    until_age = models.SmallIntegerField(null=True)
    doses = models.SmallIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="drive_has_time"),
            models.CheckConstraint(condition=Q(doses__gt=0), name="drive_asks_for_a_dose"),
        ]

    def __str__(self) -> str:
        return self.title


class Said(Record):
    """What somebody said when called: booked for a day, done here or elsewhere, cannot, will not; the last two with a reason.

    Nobody is pressed: who will not is asked once in a drive.
    """

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="said")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=12, choices=SAYS)
    booked_on = models.DateField(null=True)
    doses = models.SmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["drive", "person", "-at"], name="vaccination_drive_said")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(says="booked") | Q(booked_on__isnull=False), name="vaccination_booked_for_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(says__in=WITH_REASON) | ~Q(note=""), name="vaccination_no_with_a_reason"
            ),
        ]
