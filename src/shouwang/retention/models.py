"""The end of a response: who asked for it, who else confirmed it, what was destroyed, and what the law keeps sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User


def somebody(*, nullable: bool = False) -> models.ForeignKey:
    """Who did it."""
    return models.ForeignKey(User, on_delete=models.PROTECT, null=nullable, related_name="+", db_index=False)


class Closing(models.Model):
    """A response that ends in an area: one proposes, another confirms, then everything about people is destroyed.

    Shape: `kept` are the rules whose rows stay sealed as evidence: rule → reason and day of the end. `archived` are the
    rules whose rows stay as they are; `figures` what had to be known before anything went. `certificate` is what was
    certified, word by word; it is there when all is done.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    reason = models.CharField(max_length=200)
    witness = models.CharField(max_length=80)
    kept = models.JSONField(default=dict)
    archived = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    proposed_by = somebody()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = somebody(nullable=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = somebody(nullable=True)
    finished_at = models.DateTimeField(null=True)
    certificate = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="closing_has_two_names"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | (Q(confirmed_at__isnull=False) & ~Q(sha256="")),
                name="closing_certified_when_done",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(confirmed_at=None), name="closing_not_withdrawn_once_confirmed"
            ),
            models.UniqueConstraint(
                fields=["area_code"], condition=Q(finished_at=None, withdrawn_at=None), name="closing_one_at_a_time"
            ),
        ]  # fmt: skip


class Destroyed(models.Model):
    """How much of one table or folder went: a line of the certificate. It grows batch by batch and is never lost."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="lines")
    area_code = AreaCodeField()
    store = models.CharField(max_length=63)
    words = models.CharField(max_length=80)
    amount = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["closing", "store"], name="destroyed_line_once")
        ]


class Evidence(models.Model):
    """Rows that the law keeps after the end: sealed, for a reason, until a day. Opened only at the console, written down."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="evidence")
    area_code = AreaCodeField()
    rule = models.CharField(max_length=32)
    store = models.CharField(max_length=63)
    reason = models.CharField(max_length=200)
    amount = models.IntegerField()
    sealed = models.BinaryField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="evidence_until")]
