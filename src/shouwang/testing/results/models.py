"""Results as laboratories sent them, tubes that have to be taken again, and who was told. Facts only: states are computed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shouwang.access.models import AreaCodeField, User, unchecked, whoever
from shouwang.register.models import Person
from shouwang.register.uploads import Upload
from shouwang.standing.models import Hold
from shouwang.testing.rounds.models import Round
from shouwang.testing.tubes.models import Swab, Tube

NEGATIVE, POSITIVE, INVALID = "negative", "positive", "invalid"
OUTCOMES = [(NEGATIVE, "阴性"), (POSITIVE, "阳性"), (INVALID, "无效，要重采")]


class Result(models.Model):
    """What a laboratory said of a tube: it counts, or it is held for somebody to look at, with the reason.

    Shape: `code` as it was written, made plain; `held` is a key of `rules.HELD`, empty where it counts; `values` by gene.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    code = models.CharField(max_length=40, db_collation="C")
    tube = unchecked(Tube, null=True)
    round = unchecked(Round, null=True)
    outcome = models.CharField(max_length=8, choices=OUTCOMES, blank=True)
    written = models.CharField(max_length=40, blank=True)
    people_count = models.SmallIntegerField(null=True)
    sampled_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    values = models.JSONField(default=dict)
    laboratory = models.CharField(max_length=80, blank=True)
    file = unchecked(Upload, null=True)
    line = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    by = unchecked(User, null=True)
    held = models.CharField(max_length=16, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = unchecked(User, null=True)
    settled_word = models.CharField(max_length=100, blank=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tube"],
                condition=Q(held="", void_at=None, tube__isnull=False),
                name="result_counts_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["code"], name="result_code"),
            models.Index(
                fields=["area_code"], name="result_held", condition=~Q(held="") & Q(settled_at=None)
            ),
            models.Index(fields=["area_code", "received_at"], name="result_area_received"),
        ]


class Pool(models.Model):
    """A tube that has to be taken again (混管异常): since when, who of it stays where until when, and how it ended.

    Shape: `held_at` is the decision of a second person; until then its people are asked, not held. `due_at` is the end of
    their re-sampling, `until` of what holds them. `closed_at`: everybody in it is negative, or confirmed and told of.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    tube = unchecked(Tube)
    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="pool")
    found_at = models.DateTimeField()
    found_by = whoever()
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    held_by = whoever()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code", "-found_at"], name="pool_area_found")]


class PoolPerson(models.Model):
    """Somebody of such a tube: their own swab and its result, and the hold that ends with it.

    Shape: without `person` nobody knows yet who it was: the page says so until somebody does.
    """

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="people", db_index=True)
    area_code = AreaCodeField()
    swab = unchecked(Swab)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=8, choices=OUTCOMES, blank=True)
    outcome_at = models.DateTimeField(null=True)
    single = unchecked(Result, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "swab"], name="in_pool_once"),
            models.UniqueConstraint(
                fields=["pool", "person"], condition=Q(person__isnull=False), name="person_in_pool_once"
            ),
        ]


class Told(models.Model):
    """One of those who must know of a confirmed positive: who was told, by whom, when."""

    member = models.ForeignKey(PoolPerson, on_delete=models.PROTECT, related_name="told")
    area_code = AreaCodeField()
    receiver = models.CharField(max_length=40)
    told_at = models.DateTimeField(null=True)
    told_by = whoever()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "receiver"], name="told_once")]
