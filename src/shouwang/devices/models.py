"""Phones, the codes that let them in, and everything that they ever told: raw once, and as slim rows.

A phone is an account, not a resident: phones and events say nothing of anybody who lives here, and stand outside
row-level security like the accounts. What was told of residents is in the raw batches and in the quarantine, inside it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, User, unchecked
from shouwang.access.roles import ROLES
from shouwang.register.uploads import Upload

STORED, DUPLICATE, HELD, FLAGGED = "stored", "duplicate", "held", "flagged"
ASKED = "asked"  # answered online; the phone has not said under this name that it did otherwise
DIFFERS, UNREADABLE, UNREADABLE_BATCH = "duplicate_differs", "unreadable", "unreadable_batch"
ROLE_CHOICES = [(name, role.words) for name, role in ROLES.items()]


class Device(models.Model):
    """A phone: whose, for which areas, in which role, and how it was last seen.

    Units: `skew_s` seconds by which the server's clock was ahead of the phone's. Shape: `key` is the public half of a key
    pair made on the phone, `key_digest` tells it apart; `workers` are the accounts that may use it; `contiguous_seq` is the last event
    before the first gap.
    """

    id = models.UUIDField(primary_key=True)
    key = models.JSONField()
    key_digest = models.BinaryField(unique=True)
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    area_codes = ArrayField(AreaCodeField())
    workers = ArrayField(models.BigIntegerField())
    label = models.CharField(max_length=64, blank=True)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    app_version = models.CharField(max_length=40, blank=True)
    package_version = models.CharField(max_length=40, blank=True)
    last_seen_at = models.DateTimeField(null=True)
    pending = models.IntegerField(null=True)
    skew_s = models.FloatField(default=0)
    highest_seq = models.BigIntegerField(default=0)
    contiguous_seq = models.BigIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_reason = models.CharField(max_length=100, blank=True)
    wipe_asked_at = models.DateTimeField(null=True)
    wiped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(area_codes=[]), name="device_has_an_area"),
            models.CheckConstraint(
                condition=Q(wipe_asked_at=None) | Q(revoked_at__isnull=False), name="device_wiped_is_revoked"
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.pk)[-4:]

    @property
    def home(self) -> str:
        """The area under which its raw batches lie."""
        return str(self.area_codes[0])


class Enrolment(models.Model):
    """A code that lets one phone in, once: minutes on a screen, a day on a printed card with the last digits of a phone.

    Only digests are kept. `tail_digest` is empty where the code is on a screen.
    """

    code_digest = models.BinaryField(unique=True)
    tail_digest = models.BinaryField(default=b"")
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    area_codes = ArrayField(AreaCodeField())
    workers = ArrayField(models.BigIntegerField())
    label = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    wrong_tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="enrolments")


class Batch(models.Model):
    """What a phone sent at once, byte for byte, compressed; kept when it brought anything new."""

    id = models.UUIDField(primary_key=True)
    device = unchecked(Device)
    area_code = AreaCodeField()
    sent_id = models.CharField(max_length=64)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    raw = models.BinaryField()


class Event(models.Model):
    """One thing that happened, as its envelope told it; what it said stands in the raw batch.

    Shape: `occurred_at` as the phone claims, `at` by the server's clock; `names` is the event that it waits for or takes back.
    """

    id = models.UUIDField(primary_key=True)
    device = unchecked(Device)
    batch = unchecked(Batch)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    worker = unchecked(User)
    occurred_at = models.DateTimeField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    digest = models.BinaryField()
    outcome = models.CharField(max_length=8)
    flag = models.CharField(max_length=24, blank=True)
    claimed_offline = models.BooleanField()
    override_mattered = models.BooleanField()
    names = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = unchecked(User, null=True)
    settled_word = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "seq"], name="event_seq_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["device", "received_at"],
                name="event_to_look_at",
                condition=Q(outcome=FLAGGED, settled_at=None),
            ),
            models.Index(fields=["device"], name="event_waits", condition=Q(outcome=HELD)),
        ]


class Quarantined(models.Model):
    """Bytes that could not be taken as an event: kept as they came, with the reason, until somebody looked."""

    device = unchecked(Device)
    area_code = AreaCodeField()
    digest = models.BinaryField()
    outcome = models.CharField(max_length=20)
    reason = models.CharField(max_length=200)
    event_id = models.UUIDField(null=True)
    seq = models.BigIntegerField(null=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = unchecked(User, null=True)
    settled_word = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "digest"], name="quarantined_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["device", "seq"], name="quarantined_seq", condition=Q(seq__isnull=False))
        ]


class Photo(models.Model):
    """A photograph of what an event told. Shape: `digest` of the picture as it is kept; no `upload` once its file is destroyed."""

    id = models.UUIDField(primary_key=True)
    event = unchecked(Event)
    device = unchecked(Device)
    area_code = AreaCodeField()
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    digest = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["event"], name="photo_of_event")]


class Handed(models.Model):
    """The package that a phone has: what stood in each row, as digests, so that the next one brings only what changed."""

    device = models.OneToOneField(Device, on_delete=models.CASCADE, primary_key=True, related_name="handed")
    version = models.CharField(max_length=32)
    rows = models.BinaryField()
    handed_at = models.DateTimeField()
