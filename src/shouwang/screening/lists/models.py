"""Pushed lists, their rows, whom they mean, and what was found out. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.duties.records import Record
from shouwang.lib.codes import COMMUNITY
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Helper, Person, Upload

SOURCES = [
    ("pushed", "上级推送"),
    ("self_report", "居民报备"),
    ("handed_over", "外社区转来"),
    ("case", "流调查出"),
    ("codes", "转码申请"),
]
FOUND, CANDIDATES, NEW, NOT_OURS = OUTCOMES = ("found", "candidates", "new", "not_ours")
CHANNELS = [("phone", "电话"), ("door", "上门"), ("self_report", "自己填报"), ("paper", "纸表")]


def none_yet() -> list[object]:
    """An empty array; inside a row `list` is the list that it stands on."""
    return []


def unindexed(model: type[models.Model] | str) -> models.ForeignKey:
    """Who did it: checked, never searched by."""
    return models.ForeignKey(model, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)


class PushedList(models.Model):
    """A list that came from somebody at a time, with the clock that began then. The file is kept as it came.

    Shape: `layout` says where the rows stand in the file, so that it can be returned in its own form: sheet, the
    line of the headings, the columns with their fields, the columns left for the answer.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    source = models.CharField(max_length=12, choices=SOURCES, default="pushed")
    title = models.CharField(max_length=120)
    sender = models.CharField(max_length=80)
    category = models.CharField(max_length=32, blank=True)
    letter = models.CharField(max_length=60, blank=True)
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField()
    file = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    layout = models.JSONField(default=dict)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    received_by = unindexed(User)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-arrived_at"], name="list_area_arrived")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(arrived_at__lt=F("due_at")), name="list_due_after_it_arrived")
        ]

    def __str__(self) -> str:
        return self.title


class Inquiry(models.Model):
    """One person to be asked, on however many lists; not in the register yet where `person` is empty.

    Shape: `key` is the digest by which rows about an unknown person are seen to mean the same.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="inquiries")
    key = models.BinaryField(default=b"")
    opened_at = models.DateTimeField()
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    messaged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="inquiry_area"),
            models.Index(fields=["key"], name="inquiry_key", condition=~Q(key=b"")),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person"], name="asked_once")]


class ListRow(models.Model):
    """One row as the sender wrote it, and whom it was found to mean.

    Shape: `number` counts from 1 among the data rows, `sheet` and `line` are its place in the file; `outcome` is what
    matching said or somebody decided; `candidates` are people with their scores and reasons, best first; `extra` are
    the columns that mean nothing to us, by heading; `withdrawn_at`: a newer edition of the file has the row no more.
    Units: `happened_on` is the day of travel, exposure or code.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    list = models.ForeignKey(PushedList, on_delete=models.PROTECT, related_name="rows")
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="rows")
    number = models.IntegerField()
    sheet = models.CharField(max_length=64, blank=True)
    line = models.IntegerField(default=0)
    name = models.CharField(max_length=64, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    born_on = models.DateField(null=True)
    id_sealed = models.BinaryField(blank=True, default=b"")
    id_digest = models.BinaryField(blank=True, default=b"")
    id_mask = models.CharField(max_length=24, blank=True)
    phones_sealed = ArrayField(models.BinaryField(), default=none_yet)
    phone_digests = ArrayField(models.BinaryField(), default=none_yet)
    phone_mask = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=160, blank=True)
    from_place = models.CharField(max_length=80, blank=True)
    happened_on = models.DateField(null=True)
    happened = models.CharField(max_length=40, blank=True)
    transport = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=120, blank=True)
    extra = models.JSONField(default=dict)
    doubts = ArrayField(models.CharField(max_length=120), default=none_yet)
    outcome = models.CharField(max_length=12, choices=[(name, name) for name in OUTCOMES])
    why = ArrayField(models.CharField(max_length=24), default=none_yet)
    candidates = models.JSONField(default=none_yet)
    elsewhere = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = unindexed(User)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="list_row_area"),
            models.Index(fields=["inquiry"], name="list_row_inquiry"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "number"], name="row_once")]

    @property
    def desk(self) -> str:
        """The community whose desk works on the row while nobody is known; the street's where it belongs to none yet."""
        return max(self.list.area_code, self.area_code[:COMMUNITY], key=len)


class Check(Record):
    """Somebody was asked: who, where from, how, what was seen, and what category follows from it.

    Units: `temperature_c` in °C. Shape: `entails` are the keys of what the category asks for, as the plan said then.
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="checks")
    channel = models.CharField(max_length=12, choices=CHANNELS)
    follow_up = models.BooleanField(default=False)
    identity_seen = models.BooleanField(default=False)
    at_home = models.BooleanField(null=True)
    address = models.CharField(max_length=160, blank=True)
    from_place = models.CharField(max_length=80, blank=True)
    left_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    transport = models.CharField(max_length=60, blank=True)
    health_code = models.CharField(max_length=8, blank=True)
    travel_code = models.CharField(max_length=60, blank=True)
    tested_on = models.DateField(null=True)
    test_result = models.CharField(max_length=16, blank=True)
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    symptoms = ArrayField(models.CharField(max_length=24), default=list)
    people_count = models.SmallIntegerField(null=True)
    category = models.CharField(max_length=32, blank=True)
    entails = ArrayField(models.CharField(max_length=24), default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "recorded_at"], name="check_area_recorded")]


class Settlement(Record):
    """What settled a row: somebody was asked, it belongs elsewhere, or the sender withdrew it.

    An earlier answer settles a later row too.
    """

    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="settlements")
    check_made = models.ForeignKey(Check, on_delete=models.PROTECT, null=True, related_name="settled")
    outcome = models.CharField(
        max_length=12,
        choices=[
            ("asked", "已核实"),
            ("asked_before", "之前已核实"),
            ("not_ours", "非本辖区"),
            ("withdrawn", "已撤回"),
        ],
    )
    to_area = AreaCodeField(blank=True)
    to_whom = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=("not_ours", "withdrawn")) ^ Q(check_made__isnull=False),
                name="settled_by_a_check_or_elsewhere",
            )
        ]


class Referral(Record):
    """Somebody ill was found at `found_at` and told upwards; `at` is when a doctor saw them, empty until then.

    Shape: found when they were asked (`check_made`), or by whoever looks after them (`person`): `note` says what was found.
    """

    check_made = models.ForeignKey(Check, on_delete=models.PROTECT, null=True, related_name="referrals")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="referrals", db_index=False
    )
    found_at = models.DateTimeField()
    told_to = models.CharField(max_length=160, blank=True)
    due_at = models.DateTimeField()
    hospital = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)  # type: ignore[assignment]  # not yet
    recorded_at = models.DateTimeField(null=True)  # type: ignore[assignment]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(check_made=None) ^ Q(person=None), name="referral_of_somebody"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(at=None, void_at=None), name="referral_one_is_open"
            ),
        ]

    @property
    def whose(self) -> Person | None:
        """Who it is, where that is known."""
        return self.person or (self.check_made.inquiry.person if self.check_made else None)


class NotThisPerson(models.Model):
    """Somebody looked and said: a row with this number, phone or name does not mean this person. Nobody is asked again."""

    area_code = AreaCodeField()
    key = models.BinaryField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = unindexed(User)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "person"], name="not_this_person_once")
        ]


class ListReturn(models.Model):
    """The sender's file as it went back: which rows were answered by then, by whom, and the very file."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    list = models.ForeignKey(PushedList, on_delete=models.PROTECT, related_name="returns")
    at = models.DateTimeField()
    by = unindexed(User)
    rows = models.IntegerField()
    settled = models.IntegerField()
    stored = models.CharField(max_length=200)
    void_at = models.DateTimeField(null=True)
