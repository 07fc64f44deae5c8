"""Documents and decisions, their points, who has read them, what was reported back. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User, whoever
from shouwang.lib.codes import COMMUNITY
from shouwang.register.models import Helper, Upload

ABOVE, MEETING = "above", "meeting"
ORIGINS = [(ABOVE, "上级文件"), (MEETING, "会议决定")]


class Directive(models.Model):
    """What came down, or what a meeting decided. The file is kept as it came; `text` is what stands in it.

    Shape: `issued` is what the document says of its own time; `read_by_machine` where nobody typed the text.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    origin = models.CharField(max_length=8, choices=ORIGINS, default=ABOVE)
    title = models.CharField(max_length=120)
    sender = models.CharField(max_length=80, blank=True)
    issued = models.CharField(max_length=40, blank=True)
    arrived_at = models.DateTimeField()
    file = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    received_at = models.DateTimeField()
    received_by = whoever()
    points_at = models.DateTimeField(null=True)
    points_by = whoever()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-arrived_at"], name="directive_area_arrived")]

    def __str__(self) -> str:
        return self.title


class Point(models.Model):
    """One thing that is asked, as a person confirmed it.

    Shape: `areas` owe it, each for itself. Once, by `due_at`; or `times_a_day` on each day from `from_on` to `last_on`
    (the last one included), by `by_hour` where the document says so; or neither: something to know, owed by nobody.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="points")
    number = models.SmallIntegerField()
    words = models.CharField(max_length=400)
    who = models.CharField(max_length=60, blank=True)
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    areas = ArrayField(AreaCodeField(), default=list)
    due_at = models.DateTimeField(null=True)
    times_a_day = models.SmallIntegerField(default=0)
    by_hour = models.TimeField(null=True)
    from_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField()
    confirmed_by = whoever()
    ended_at = models.DateTimeField(null=True)
    ended_by = whoever()
    ended_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["directive", "number"], name="point_numbered_once"),
            models.CheckConstraint(
                condition=Q(times_a_day=0, from_on=None, last_on=None)
                | Q(times_a_day__range=(1, 24), due_at=None, last_on__gte=F("from_on")),
                name="point_once_or_daily",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Reading(models.Model):
    """Somebody confirmed having read a document (收到)."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="readings")
    area_code = AreaCodeField(max_length=COMMUNITY)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["directive", "user"], name="read_once")]


class Report(models.Model):
    """What an area reported back about a point: words, a file, or both. Struck out with a reason, never deleted."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="reports")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = whoever()
    text = models.CharField(max_length=1000, blank=True)
    file = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    void_at = models.DateTimeField(null=True)
    void_by = whoever()
    void_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(file__isnull=False), name="report_says_something"
            )
        ]


class Minutes(models.Model):
    """A meeting as it was held: the figures on the sheet, what was said. Written once, never changed.

    Shape: `figures` are the numbers by kind and column as they stood; decisions are the points of `directive`.
    """

    directive = models.OneToOneField(Directive, on_delete=models.PROTECT, related_name="minutes")
    area_code = AreaCodeField()
    held_on = models.DateField()
    number = models.SmallIntegerField()
    at = models.DateTimeField()
    by = whoever()
    figures = models.JSONField()
    notes = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "held_on", "number"], name="meeting_numbered_once")
        ]


__all__ = ["Directive", "Minutes", "Point", "Reading", "Report"]
