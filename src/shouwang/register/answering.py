"""Who answers for a door: helpers, grids, and the chain that puts a name behind every one (包保)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.access.history import keep_history
from shouwang.access.models import AreaCodeField, User

ANSWERING_ROLES = [
    ("unit_lead", "单元长"),
    ("building_lead", "楼长"),
    ("grid_lead", "网格长"),
    ("cadre", "包保干部"),
    ("property_company", "物业"),
    ("police", "社区民警"),
    ("medic", "社区医生"),
    ("leader", "包保领导"),
]


@keep_history(without=("added_at",))
class Helper(models.Model):
    """Somebody who works in the response: a cadre, a member, a volunteer, a property company's guard."""

    area_code = AreaCodeField()
    name = models.CharField(max_length=64)
    sex = models.CharField(max_length=1, blank=True, choices=[("m", "男"), ("f", "女")])
    phone_sealed = models.BinaryField(blank=True, default=b"")
    phone_digest = models.BinaryField(blank=True, default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    unit = models.CharField(max_length=64, blank=True)
    skills = ArrayField(models.CharField(max_length=16), default=list)
    available = models.CharField(max_length=32, blank=True)
    unfit = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=200, blank=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="helper")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code"], name="helper_area")]

    def __str__(self) -> str:
        return self.name


class Grid(models.Model):
    """A grid (网格): a named set of areas, of any level, that one lead looks after."""

    area_code = AreaCodeField()
    name = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "name"], name="grid_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class GridArea(models.Model):
    """An area that belongs to a grid."""

    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="areas")
    area_code = AreaCodeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["grid", "area_code"], name="grid_area_once")]


class Responsibilities(models.QuerySet["Responsibility"]):
    def in_force(self, now: datetime) -> Responsibilities:
        """What holds now."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), from_at__lte=now)


@keep_history()
class Responsibility(models.Model):
    """A helper answers for an area in a role. What is given to a grid is written out per area of the grid."""

    area_code = AreaCodeField()
    role = models.CharField(max_length=20, choices=ANSWERING_ROLES)
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="responsibilities")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, null=True, related_name="responsibilities")
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = Responsibilities.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "role"], name="responsibility_area_role")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "role", "helper"], condition=Q(until=None), name="given_once_at_a_time"
            ),
        ]
