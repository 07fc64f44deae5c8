"""Notices in versions, what was handed over of them, and which workers have read them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.register.answering import Helper
from shouwang.register.models import Household

BY = [
    ("door", "入户带去"),
    ("box", "成捆发出"),
    ("loudspeaker", "小喇叭"),
    ("chat", "微信群"),
    ("poster", "张贴"),
    ("ringtone", "手机彩铃"),
]
COPIES = ("door", "box")


class Notice(models.Model):
    """Something that everybody is to know. A new version says what changed and takes the place of the one before."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    title = models.CharField(max_length=40)
    body = models.CharField(max_length=2000)
    loop = models.CharField(max_length=120, blank=True)
    version = models.SmallIntegerField(default=1)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    changed = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="notice_area", condition=Q(ended_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("published_at")), name="notice_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(changed=""), name="notice_says_what_changed"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Handed(models.Model):
    """That so many of something went out: at a door, in boxes, by loudspeaker, in a group. Struck out, never deleted.

    Shape: `source` is the visit on which it was handed over: each visit counts a title once, however often it is looked at.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="handed")
    title = models.CharField(max_length=40)
    by_way = models.CharField(max_length=12, choices=BY)
    amount = models.IntegerField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    void_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "recorded_at"], name="handed_area_recorded")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "title"], name="handed_once_a_visit"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="handed_something"),
        ]


class NoticeRead(models.Model):
    """That a worker has read a version."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="read")
    area_code = AreaCodeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once")]
