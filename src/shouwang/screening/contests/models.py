"""Somebody who is under no order of isolation says that what was decided about them is wrong. Facts only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, whoever

CATEGORY, CODE, HOLD = "category", "code", "hold"
AGAINST = [(CATEGORY, "定的类别"), (CODE, "转码没有通过"), (HOLD, "请您留在家里")]


class Contest(models.Model):
    """What somebody says against a category, a code that was not taken back, or a hold, and the answer of somebody else.

    Shape: `decision` is the talk in which the category was given, the request, or the hold; `after` is the first answer with which
    somebody was not content: the level above answers this one.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    against = models.CharField(max_length=8, choices=AGAINST)
    decision = models.UUIDField()
    words = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    answered_by = whoever()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    after = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="above")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["decision"], name="contest_decision"),
            models.Index(fields=["area_code"], name="contest_unanswered", condition=Q(at=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(after=None), name="contest_once_before_the_level_above"
            )
        ]
