"""The outbox: who was to be told what, through which channel it went, what came of each try."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import LessThanOrEqual

from shouwang.access.models import AreaCodeField, User
from shouwang.outreach.notices.models import Handed, Notice, NoticeRead
from shouwang.register.models import Person

SMS, WECOM, DINGTALK, FEISHU, EMAIL = "sms", "wecom", "dingtalk", "feishu", "email"
CHANNEL_KINDS = [
    (SMS, "短信"),
    (WECOM, "企业微信群"),
    (DINGTALK, "钉钉群"),
    (FEISHU, "飞书群"),
    (EMAIL, "邮箱"),
]


class Office(models.Model):
    """A community as it signs its messages: name, telephone, web address. The same stands on its door.

    Units: `daily_most` is how many messages somebody gets in a day, urgent ones aside.
    """

    area_code = AreaCodeField(unique=True)
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    address = models.URLField(max_length=120)
    daily_most = models.SmallIntegerField(default=2)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """A way out for messages: an SMS gateway reaches a phone, the others a fixed group of workers.

    Shape: `url_sealed` is an apprise address with its keys, which nobody reads again; `{phone}` and `{id}` stand in it
    where the gateway wants the number and our own number of the message.
    """

    area_code = AreaCodeField()
    kind = models.CharField(max_length=12, choices=CHANNEL_KINDS)
    name = models.CharField(max_length=40)
    url_sealed = models.BinaryField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """What was asked to be sent at once. `next_at`: when there is something to do for it again; empty when all is settled."""

    id = models.UUIDField(primary_key=True)
    area_codes = ArrayField(AreaCodeField())
    made_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="batch_next", condition=Q(next_at__isnull=False))
        ]


class Message(models.Model):
    """One text to one phone, or to a group of workers where there is no phone. Facts only; its state is computed.

    Shape: waiting until `due_at`; `claim` says that a worker (or somebody's phone) has it in hand since `claimed_at`; then
    sent, or given up with a reason, or unsure: it may have gone out, and only a person sends it again. `params` hold
    no name and no health word.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="messages")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    phone_sealed = models.BinaryField(default=b"")
    phone_digest = models.BinaryField(default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    purpose = models.CharField(max_length=24)
    about = models.UUIDField(null=True)
    once = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    language = models.CharField(max_length=8, default="zh_hans")
    urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField(null=True)
    unsure_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=16, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "made_at"], name="message_area"),
            models.Index(fields=["batch", "due_at"], name="message_batch_due"),
            models.Index(fields=["phone_digest", "sent_at"], name="message_phone_sent"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "once", "phone_digest"], name="message_once_a_phone"),
            models.UniqueConstraint(fields=["purpose", "once", "person"], name="message_once_a_person"),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(
                        F("sent_at"), F("unsure_at"), F("given_up_at"),
                        function="num_nonnulls", output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="message_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_at=None) | Q(claim__isnull=False, claimed_at__isnull=False),
                name="message_claimed_whole",
            ),
        ]  # fmt: skip


class Delivery(models.Model):
    """One try, noted when its outcome is known: `ok` is empty where nobody can say. No channel: from somebody's own phone."""

    area_code = AreaCodeField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    at = models.DateTimeField()
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ok = models.BooleanField(null=True)
    why = models.CharField(max_length=16, blank=True)


class CallCode(models.Model):
    """That four digits are good for one phone until `until`, told by a message or by one worker on the telephone.

    Shape: the digest is of phone and digits together: nobody can tell from it whom it is about.
    """

    digest = models.BinaryField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "user"], nulls_distinct=False, name="call_code_once")
        ]
        indexes: ClassVar = [models.Index(fields=["until"], name="call_code_until")]


__all__ = ["Batch", "CallCode", "Channel", "Delivery", "Handed", "Message", "Notice", "NoticeRead", "Office"]
