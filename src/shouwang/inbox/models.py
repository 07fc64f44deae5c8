"""What people say to the community: matters, the messages of each, and the questions that were answered for everybody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.register.answering import Helper
from shouwang.register.models import Household

WAYS = [
    ("call", "电话"),
    ("visit", "上门来说"),
    ("chat", "微信群"),
    ("page", "网页"),
    ("hotline", "热线转来"),
]


def somebody() -> models.ForeignKey:
    """Which worker; nobody where it came by itself."""
    return models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)


class Matter(models.Model):
    """Something that somebody wants. Three facts, each with its clock: answered, handled, told back. State is computed.

    Shape: `area_code` is the door where it is known, else the community. `phone_digest` folds what one number says before
    it is answered into one matter; `messages` counts them. `helper` has it in hand, else whoever answers for the area.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=64, blank=True)
    phone_sealed = models.BinaryField(default=b"")
    phone_digest = models.BinaryField(default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    way = models.CharField(max_length=8, choices=WAYS)
    words = models.CharField(max_length=1000)
    messages = models.IntegerField(default=1)
    received_at = models.DateTimeField()
    last_at = models.DateTimeField()
    taken_by = somebody()
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.BinaryField(default=b"")
    answered_at = models.DateTimeField(null=True)
    answered_by = somebody()
    answer = models.CharField(max_length=1000, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = somebody()
    done = models.CharField(max_length=1000, blank=True)
    told_back_at = models.DateTimeField(null=True)
    told_back_by = somebody()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "-received_at"], name="matter_area_received"),
            models.Index(
                fields=["area_code", "received_at"], name="matter_open", condition=Q(told_back_at=None)
            ),
            models.Index(
                fields=["-received_at"], name="matter_over", condition=Q(told_back_at__isnull=False)
            ),
            models.Index(fields=["phone_digest", "-received_at"], name="matter_phone"),
            models.Index(fields=["receipt"], name="matter_receipt", condition=~Q(receipt=b"")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(told_back_at=None) | Q(handled_at__isnull=False, told_back_at__gte=F("handled_at")),
                name="matter_told_back_after_handled",
            ),
            models.CheckConstraint(
                condition=Q(handled_at=None) | Q(answered_at__isnull=False), name="matter_answered_first"
            ),
        ]  # fmt: skip


class Said(models.Model):
    """One message, as it was said. The first of a matter stands in the matter itself too."""

    id = models.UUIDField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="said")
    area_code = AreaCodeField()
    way = models.CharField(max_length=8, choices=WAYS)
    words = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by = somebody()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "-at"], name="said_matter_at")]


class Question(models.Model):
    """What many ask, or a rumour, and the answer with its source and day, for residents and whoever takes calls.

    A changed answer is a new row: `replaces` is the one that held before. An answer without a source is none.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    asked = models.CharField(max_length=200)
    answer = models.CharField(max_length=1000)
    source = models.CharField(max_length=120)
    source_on = models.DateField()
    rumour = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="question_area", condition=Q(ended_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source="") & ~Q(answer=""), name="question_has_a_source")
        ]
