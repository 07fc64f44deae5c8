"""Posters, what people reported by themselves, and what they asked for afterwards. What was said is never changed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, User
from shouwang.screening.lists.models import ListRow, unindexed

FAMILY, OTHERS, TENANTS = "family", "others", "tenants"
WHOSE = [(FAMILY, "我自己和家里人"), (OTHERS, "替老人或者别人填"), (TENANTS, "房东替租客填")]
DELETE, OBJECT = "delete", "object"
WISHES = [(DELETE, "申请删除"), (OBJECT, "说明有出入")]


class Poster(models.Model):
    """A sheet that hangs in a community, a compound or at a gate. Its code is made from its number and signed.

    Shape: `doors` are the labels that can be chosen there, and nothing about who lives behind them:
    `[[compound, [[building, [[unit, [room, …]], …]], …]], …]`.
    """

    area_code = AreaCodeField()
    spot = models.CharField(max_length=40, blank=True)
    doors = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = unindexed(User)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = unindexed(User)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "spot"], condition=Q(revoked_at=None), name="one_poster_a_spot"
            )
        ]


class SelfReport(models.Model):
    """One form as it was sent: who told us, where they live, where they were. Corrected by another version of it.

    Shape: `id` is made on the phone, so that sent twice it is there once; `first` is the `id` of the first version; `asked`
    is the inquiry of the personal link it came by; `told_at` is when it was filled in, as far as a phone can say.
    `travel` are the places of the look-back: `{"place", "from", "until"}`, days as ISO text. Units: days.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    first = models.UUIDField()
    poster = models.ForeignKey(Poster, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    asked = models.UUIDField(null=True)
    told_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = unindexed(User)
    whose = models.CharField(max_length=8, choices=WHOSE, default=FAMILY)
    teller = models.CharField(max_length=64, blank=True)
    phone_sealed = models.BinaryField(default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    compound = models.CharField(max_length=64, blank=True)
    building = models.CharField(max_length=16, blank=True)
    unit = models.CharField(max_length=8, blank=True)
    room = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=160, blank=True)
    from_place = models.CharField(max_length=80, blank=True)
    left_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    transport = models.CharField(max_length=60, blank=True)
    travel = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    landed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["first"], name="report_first"),
            models.Index(fields=["area_code", "recorded_at"], name="report_area_recorded"),
            models.Index(fields=["area_code"], name="report_waits", condition=Q(landed_at=None)),
        ]


class ReportedPerson(models.Model):
    """One person of a report, and since it landed the row of the list desk that stands for what was said."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    report = models.ForeignKey(SelfReport, on_delete=models.CASCADE, related_name="people")
    number = models.SmallIntegerField()
    name = models.CharField(max_length=64)
    id_sealed = models.BinaryField(default=b"")
    id_mask = models.CharField(max_length=24, blank=True)
    phone_sealed = models.BinaryField(default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    symptoms = ArrayField(models.CharField(max_length=24), default=list)
    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, null=True, related_name="reported")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code"], name="reported_area")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="reported_once")]


class Receipt(models.Model):
    """By what a report is found again: a digest of its number and the last four digits of the phone. Says nothing else."""

    digest = models.BinaryField(primary_key=True)
    report = models.UUIDField()
    area_code = AreaCodeField()


class Wish(models.Model):
    """What somebody asked for about their own report: that it be deleted, or that something in it is not so."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    report = models.UUIDField()
    kind = models.CharField(max_length=8, choices=WISHES)
    words = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = unindexed(User)
    granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "at"], name="wish_area_at"),
            models.Index(fields=["report"], name="wish_report"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at=None, granted=None)
                | Q(answered_at__isnull=False, granted__isnull=False),
                name="wish_answered_whole",
            )
        ]
