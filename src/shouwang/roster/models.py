"""Squads, leave, call-ups, posts, shifts and turns, and what is held for residents. Workers are `register.Helper`."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, whoever
from shouwang.duties.records import Record
from shouwang.lib.clock import ZONE
from shouwang.register.models import Helper, Household, Person

ABSENCES = [("leave", "请假"), ("ill", "生病"), ("isolated", "在隔离"), ("wish", "希望休息")]
POSTS = [
    ("gate", "卡口"),
    ("point", "采样点"),
    ("squad", "专班"),
    ("doors", "上门"),
    ("transport", "转运"),
    ("on_call", "夜间待命"),
    ("other", "其他"),
]
ARRIVED = [("scan", "扫岗位码"), ("tap", "在手机上点"), ("lead", "带班的人点名")]
THINGS = [("key", "钥匙"), ("card", "医保卡、证件"), ("medicine", "药"), ("money", "现金"), ("other", "其他")]


class Membership(models.Model):
    """A helper belongs to a squad of the plan (专班) from a moment on."""

    area_code = AreaCodeField()
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="memberships")
    squad = models.CharField(max_length=40)
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["helper", "squad"], condition=Q(until=None), name="in_squad_once")
        ]


class Absence(models.Model):
    """Somebody cannot come, or would rather not (a wish). Shape: `until` empty: nobody knows yet."""

    area_code = AreaCodeField()
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="absences")
    why = models.CharField(max_length=8, choices=ABSENCES)
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    told_at = models.DateTimeField()
    by = whoever()
    void_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["helper", "from_at"], name="absence_helper")]


class SignUp(models.Model):
    """Somebody in the street wants to help (报名). Checked, briefed, and then a helper; or not, with a reason."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    name = models.CharField(max_length=64)
    phone_sealed = models.BinaryField()
    phone_digest = models.BinaryField()
    phone_mask = models.CharField(max_length=24)
    skills = ArrayField(models.CharField(max_length=16), default=list)
    unfit = ArrayField(models.CharField(max_length=16), default=list)
    available = ArrayField(models.CharField(max_length=16), default=list)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)
    refused_reason = models.CharField(max_length=100, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = whoever()
    briefed_at = models.DateTimeField(null=True)
    briefed_by = whoever()
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "at"], name="signup_area_at")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(helper=None) | Q(checked_at__isnull=False, briefed_at__isnull=False),
                name="signup_briefed_before_work",
            )
        ]


class CallUp(models.Model):
    """People are called (叫人): which squads, why, and until when they are to have answered."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    squads = ArrayField(models.CharField(max_length=40))
    reason = models.CharField(max_length=100)
    at = models.DateTimeField()
    by = whoever()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "at"], name="callup_area_at")]


class Called(models.Model):
    """One person of a call-up, and the answer. Shape: `coming` is empty until they answer."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    call_up = models.ForeignKey(CallUp, on_delete=models.PROTECT, related_name="called")
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="called")
    squad = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    coming = models.BooleanField(null=True)
    at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = whoever()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call_up", "helper"], name="called_once_in_a_call_up")
        ]


class Post(models.Model):
    """A place of work: a gate, a sampling point, a squad, a door team, transport. `strains`: what it asks of a body."""

    area_code = AreaCodeField()
    kind = models.CharField(max_length=12, choices=POSTS)
    name = models.CharField(max_length=40)
    strains = ArrayField(models.CharField(max_length=12), default=list)
    added_at = models.DateTimeField()
    added_by = whoever()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "name"], condition=Q(ended_at=None), name="post_named_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Asking(models.Model):
    """What of a shift and of a post's hours is the same: how many people, led, with somebody experienced, with which skills."""

    people = models.PositiveSmallIntegerField(default=1)
    led = models.BooleanField(default=False)
    paired = models.BooleanField(default=False)
    skills = ArrayField(models.CharField(max_length=16), default=list)

    class Meta:
        abstract = True


class PostHours(Asking):
    """When a post works: on these days of the week (0 is Monday), from an hour to an hour, past midnight too."""

    area_code = AreaCodeField()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="hours")
    days = ArrayField(models.PositiveSmallIntegerField())
    from_hour = models.TimeField()
    until_hour = models.TimeField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(people__gte=1, people__lte=50), name="hours_ask_somebody")
        ]


class Shift(Asking):
    """Work at one post from a moment to another."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "starts_at"], name="shift_area_starts")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "starts_at", "ends_at"], condition=Q(cancelled_at=None), name="shift_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="shift_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post.name} {self.starts_at.astimezone(ZONE):%-m月%-d日 %H:%M}"


class Turn(models.Model):
    """Somebody takes a place of a shift.

    Shape: `place` is empty for an extra hand; `from_at` is later than the shift's beginning for who was sent there during it;
    `told_at` says that they know, `seen_at` that they answered 收到; `wants_out_at` that they cannot come and said so.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="turns")
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="turns")
    place = models.PositiveSmallIntegerField(null=True)
    from_at = models.DateTimeField()
    given_at = models.DateTimeField()
    given_by = whoever()
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    wants_out_at = models.DateTimeField(null=True)
    wants_out_why = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = whoever()
    ended_why = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["helper", "from_at"], name="turn_helper_from")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shift", "helper"], condition=Q(ended_at=None), name="turn_once_in_a_shift"
            ),
            models.UniqueConstraint(
                fields=["shift", "place"],
                condition=Q(ended_at=None, place__isnull=False),
                name="turn_one_at_a_place",
            ),
        ]


class Arrival(Record):
    """Somebody is at the post: by scanning its code, with a tap, or called out by whoever leads."""

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="arrivals")
    how = models.CharField(max_length=8, choices=ARRIVED)


class Making(models.Model):
    """A roster is being made, by the computer, for some days.

    Shape: `open` are the places that nobody can fill, each with a sentence that says which rule to set aside and what it
    costs. Units: `cost` counts open places in thousands, then turns above the average and wishes not kept.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    from_on = models.DateField()
    until_on = models.DateField()
    asked_at = models.DateTimeField()
    by = whoever()
    begun_at = models.DateTimeField(null=True)
    cost = models.IntegerField(null=True)
    bound = models.IntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    given = models.IntegerField(default=0)
    open = models.JSONField(default=list)


class Thing(models.Model):
    """Something that belongs to a resident and is in our hands: a key, a card, medicine, money. Units: `amount` in yuan."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=THINGS)
    words = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="thing_amount_positive"),
            models.CheckConstraint(
                condition=~Q(kind="money") | Q(amount__isnull=False), name="thing_money_has_an_amount"
            ),
        ]


class Passing(Record):
    """A thing goes from hand to hand. Shape: without a `giver` it came from the resident, without a `taker` it is back."""

    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="passings")
    giver = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+")
    taker = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+")
    met = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(giver__isnull=False) | Q(taker__isnull=False), name="passing_somebody_holds_it"
            )
        ]


__all__ = [
    "Absence",
    "Arrival",
    "CallUp",
    "Called",
    "Making",
    "Membership",
    "Passing",
    "Post",
    "PostHours",
    "Shift",
    "SignUp",
    "Thing",
    "Turn",
]
