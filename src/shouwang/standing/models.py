"""What somebody may do and may not do, for how long, and on whose word. It ends by itself: nobody has to remember."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from shouwang.access.models import AreaCodeField, User, whoever
from shouwang.register.models import Household, Person


class Restriction(models.Model):
    """What every restriction stands on: a reason, whoever decides it by law, and two people; and its end, exclusive."""

    area_code = AreaCodeField()
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    reason_code = models.CharField(max_length=32)
    reason = models.CharField(max_length=200)
    authority = models.CharField(max_length=80)
    document = models.CharField(max_length=60)
    legal_basis = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Hold(Restriction):
    """Somebody stays where the order says, from when to when.

    Shape: `about` is the order of its module; `reason_code` is a category of the plan, or `outside` it; `until` is exclusive and
    may only be moved with a reason that stands in `Extension`. Who proposed does not approve.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds")
    about = models.UUIDField()
    mode = models.CharField(max_length=16)
    approved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "until"], name="hold_area_until", condition=Q(ended_at=None)),
            models.Index(fields=["about"], name="hold_about"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lt=F("until")), name="hold_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="hold_approved_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("from_at")), name="hold_ended_after_it_began"
            ),
            ExclusionConstraint(
                name="hold_one_at_a_time",
                expressions=[
                    (
                        Func(F("person"), F("person"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("from_at"), Coalesce("ended_at", "until"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Extension(models.Model):
    """A hold lasts longer: until when, why, on whose word. Told in writing before the old end."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="extensions")
    area_code = AreaCodeField()
    was_until = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    document = models.CharField(max_length=60)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("was_until")), name="extended_forward"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="extended_by_somebody_else"
            ),
        ]


class Pass(models.Model):
    """A card that opens gates: whose, of which kind of the plan, from when to when.

    Shape: `number` stands in large figures on the card, for a gate whose scanner is broken; `holder`, `phone_*` and `plate`
    where nobody of the register carries it; `host` is whom a visitor sees; `gates` are those that it opens, none
    for every gate of its area. Lost, replaced and ended before its time are facts; withdrawn is a `Bar`, and until
    `taken_until` a guard has taken it away on nobody else's word: somebody looks at that within the plan's hours.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    kind = models.CharField(max_length=32)
    number = models.CharField(max_length=12)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="passes")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="passes")
    host = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    holder = models.CharField(max_length=64, blank=True)
    phone_sealed = models.BinaryField(blank=True, default=b"")
    phone_mask = models.CharField(max_length=24, blank=True)
    plate = models.CharField(max_length=16, blank=True)
    gates = ArrayField(models.UUIDField(), default=list)
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=100, blank=True)
    issued_at = models.DateTimeField()
    issued_by = whoever()
    printed_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_by = whoever()
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    taken_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = whoever()
    ended_why = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "until"], name="pass_area_until"),
            models.Index(fields=["plate"], name="pass_plate", condition=~Q(plate="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="pass_number_once"),
            models.CheckConstraint(condition=Q(from_at__lt=F("until")), name="pass_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(household__isnull=False) | ~Q(holder="") | ~Q(plate=""),
                name="pass_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Bar(Restriction):
    """A pass is withdrawn, or somebody from outside may not come in, until it ends; nobody is barred from their own home.

    Shape: what is barred is a pass, a person or a plate; `about` is the incident behind it; `receipt` what whoever gave the pass
    away was given for it.
    """

    id = models.UUIDField(primary_key=True)
    card = models.ForeignKey(Pass, on_delete=models.PROTECT, null=True, related_name="bars")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="bars")
    plate = models.CharField(max_length=16, blank=True)
    about = models.UUIDField(null=True)
    receipt = models.CharField(max_length=16, blank=True)
    approved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = whoever()
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code", "until"], name="bar_area_until", condition=Q(ended_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lt=F("until")), name="bar_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="bar_approved_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(card__isnull=False) | Q(person__isnull=False) | ~Q(plate=""),
                name="bar_bars_something",
            ),
        ]


class Proposal(models.Model):
    """Somebody asks that a pass be withdrawn, or somebody barred; until another person decides it bars nobody.

    Shape: what becomes of it is a `Bar`, or a refusal with a reason; after `until` it is over by itself.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    card = models.ForeignKey(Pass, on_delete=models.PROTECT, null=True, related_name="proposals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    plate = models.CharField(max_length=16, blank=True)
    about = models.UUIDField(null=True)
    receipt = models.CharField(max_length=16, blank=True)
    until = models.DateTimeField()
    reason_code = models.CharField(max_length=32)
    reason = models.CharField(max_length=200)
    authority = models.CharField(max_length=80)
    document = models.CharField(max_length=60)
    legal_basis = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = whoever()
    refused_reason = models.CharField(max_length=200, blank=True)
    bar = models.OneToOneField(Bar, on_delete=models.PROTECT, null=True, related_name="proposal")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_code"], name="proposal_waits", condition=Q(decided_at=None))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="proposal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(card__isnull=False) | Q(person__isnull=False) | ~Q(plate=""),
                name="proposal_bars_something",
            ),
        ]
