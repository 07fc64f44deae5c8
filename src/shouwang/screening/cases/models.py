"""Cases, who may look into one and for how long, what the person said, contacts, letters. Facts only."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.duties.records import Record
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Person
from shouwang.screening.lists.models import ListRow, unindexed

SOURCES = [
    ("household", "同住"),
    ("list", "名单上同行"),
    ("visit", "上门见过"),
    ("said", "本人说的"),
    ("gate", "卡口"),
    ("queue", "排队"),
]
NOT_A_CONTACT = "none"


class Case(models.Model):
    """One infected person, and the days that are looked at: from `from_on` to `last_on`, both included.

    Shape: `counts_on` is the day of first signs or of the sample, from which `lookback_days` count back.
    Units: `neighbour_days`, after which people who only stood near in a queue or at a gate are forgotten.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    number = models.SmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    counts_on = models.DateField()
    by_sample = models.BooleanField(default=False)
    lookback_days = models.SmallIntegerField()
    last_on = models.DateField()
    neighbour_days = models.SmallIntegerField()
    forgotten = models.IntegerField(default=0)
    plan = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = unindexed(User)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "number"], name="case_numbered_once"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("counts_on")), name="case_ends_after_it_counts"
            ),
        ]


class CaseAccess(models.Model):
    """An investigator may look into one case until a day. Nobody else sees what was found."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses")
    area_code = AreaCodeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    given_by = unindexed(User)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lte=F("until")), name="access_ends_after_it_begins")
        ]


class Statement(Record):
    """Where the person says to have been. A correction strikes this and stands in its place."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    until = models.DateTimeField()
    place = models.CharField(max_length=120)
    transport = models.CharField(max_length=60, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gte=F("at")), name="statement_ends_after_it_begins")
        ]


class Letter(models.Model):
    """A letter (协查函) to where contacts live who do not live here."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    area_code = AreaCodeField()
    number = models.SmallIntegerField()
    to_whom = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    by = unindexed(User)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="letter_numbered_once")
        ]


class Contact(Record):
    """Somebody who was with the case, or with a contact of the case: when last (`at`), where, how; judged by a person.

    Shape: `person` where the register knows them, else name, phone and address as they were said. `category` is empty
    until judged, a key of the plan, or `none`. `through` is the contact whom they met; empty: the case. A correction
    strikes this and stands in its place (`replaces`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=64)
    phones_sealed = ArrayField(models.BinaryField(), default=list)
    phone_mask = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=12, choices=SOURCES)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="contacts")
    through = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="further")
    place = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=80, blank=True)
    near = models.BooleanField(default=False)
    category = models.CharField(max_length=32, blank=True)
    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="contacts")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["recorded_at"], name="contact_near", condition=Q(near=True))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(void_at=None, person__isnull=False),
                name="contact_once",
            )
        ]


__all__ = ["Case", "CaseAccess", "Contact", "Letter", "Statement"]
