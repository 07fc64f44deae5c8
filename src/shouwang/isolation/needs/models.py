"""What somebody needs again and again on days that are known: dialysis on Tuesdays, the next visits before a birth."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, User
from shouwang.register.models import Person

REGULAR = [("dialysis", "透析"), ("pregnancy", "产检"), ("doctor", "就医")]
CARS = [("car", "社区派车"), ("ambulance", "120 或医院派车"), ("own", "自己家的车")]


class Regular(models.Model):
    """Somebody must be at a hospital on known days: each becomes a request with a car days ahead, by itself.

    Shape: `weekdays` from 1 (Monday) to 7, or single `dates`; `leaves_at` when they leave home; `until` the last day, empty
    while it goes on.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="regulars")
    what = models.CharField(max_length=16, choices=REGULAR)
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    dates = ArrayField(models.DateField(), default=list)
    leaves_at = models.TimeField()
    hospital = models.CharField(max_length=80)
    way = models.CharField(max_length=12, choices=CARS)
    until = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="regular_area", condition=Q(ended_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(weekdays=[]) | ~Q(dates=[]), name="regular_has_days")
        ]
