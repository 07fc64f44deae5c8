"""Plans in versions, and which one holds where. A plan in use is never edited, only superseded."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, User


class PlanVersion(models.Model):
    """A plan exactly as it was read. What began under a version keeps it.

    Shape: `filling` counts what an area filled in below the file; 0 is the file as it comes, for everybody.
    """

    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    read_at = models.DateTimeField()
    area_code = AreaCodeField(default="", blank=True)
    filling = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest", "area_code", "filling"], name="one_version_of_each_text"
            )
        ]


class Activations(models.QuerySet["Activation"]):
    def in_force(self, now: datetime) -> Activations:
        """What holds now."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), from_at__lte=now)


class Activation(models.Model):
    """Peacetime to emergency (平急转换): from now on this plan holds in this area."""

    area_code = AreaCodeField()
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="activations")
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = Activations.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code"], condition=Q(until=None), name="one_plan_at_a_time")
        ]
