"""Forms of those above, what they ask, what is owed each day, and what was sent. What was sent never changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.register.models import Household, Person

SHAPES = [("number", "一行一个地方，填数字"), ("row", "一行一个人（户、处）")]


def somebody(*, nullable: bool = False) -> models.ForeignKey:
    """Who did it."""
    return models.ForeignKey(User, on_delete=models.PROTECT, null=nullable, related_name="+")


class Form(models.Model):
    """A form that an area and all communities in it fill for those above (表样)."""

    area_code = AreaCodeField()
    title = models.CharField(max_length=80)
    shape = models.CharField(max_length=6, choices=SHAPES)
    started_at = models.DateTimeField()
    started_by = somebody()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """A blank form as it came, kept untouched, and what was understood of it.

    Shape: `layout` says where headings, rows and footnotes stand; `columns` is one entry for each column: `index`,
    `heading`, `field` (a key of the catalogue, or empty: not recorded here), `asked` (whether a person still has to say).
    A period ends at `cut_off` and begins a day earlier; 00:00 is midnight at the end of the day.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    area_code = AreaCodeField()
    number = models.SmallIntegerField()
    filename = models.CharField(max_length=200)
    stored = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    layout = models.JSONField()
    columns = models.JSONField()
    lines = models.CharField(max_length=40, blank=True)
    selection = models.JSONField(default=dict)
    cut_off = models.TimeField()
    due = models.TimeField()
    received_at = models.DateTimeField()
    received_by = somebody()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = somebody(nullable=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "number"], name="version_numbered_once")
        ]


class Answer(models.Model):
    """What a heading means, said once by a person of this area and remembered."""

    area_code = AreaCodeField()
    heading = models.CharField(max_length=120)
    shape = models.CharField(max_length=40)
    field = models.CharField(max_length=64, blank=True)
    said_at = models.DateTimeField()
    said_by = somebody()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "heading", "shape"], name="answered_once")
        ]


class Question(models.Model):
    """A fact that no record holds: asked where the work is done, not at midnight beside the form.

    Shape: `where` is `visit` (at the doors), `list` (of people who are called), or empty: nobody can be asked yet.
    """

    area_code = AreaCodeField()
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="questions")
    heading = models.CharField(max_length=120)
    words = models.CharField(max_length=120)
    where = models.CharField(max_length=8, blank=True)
    asked_at = models.DateTimeField()
    asked_by = somebody()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["form", "heading"], condition=Q(closed_at=None), name="question_asked_once"
            )
        ]


class Reply(models.Model):
    """What somebody answered to an extra question, with a visit or a talk; struck when that is struck.

    Shape: `about` is the visit or talk; `amount` is what it adds to a number, empty where it is no number.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="replies")
    area_code = AreaCodeField()
    about = models.UUIDField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    inquiry = models.UUIDField(null=True)
    value = models.CharField(max_length=80)
    amount = models.IntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = somebody(nullable=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["question", "about"], name="replied_once")]


class Report(models.Model):
    """What a community owes for one day of a form: its period, and by when."""

    id = models.UUIDField(primary_key=True)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="reports")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    area_code = AreaCodeField()
    day = models.DateField()
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    chased_at = models.DateTimeField(null=True)
    chased_by = somebody(nullable=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "area_code", "day"], name="reported_once_a_day"),
            models.CheckConstraint(condition=Q(from_at__lt=F("until")), name="report_period_in_order"),
        ]


class Snapshot(models.Model):
    """What was filled, by whom, checked by whom: never changed. A later correction is another snapshot with its reason.

    Shape: `table` is what was printed: `keys` (an area or a row for each line), `cells`, `notes`. Waiting until
    `checked_at`, which is when it was sent; `stored` is the file as it left.
    """

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="snapshots")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    area_code = AreaCodeField()
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    table = models.JSONField()
    zero = models.BooleanField(default=False)
    prepared_at = models.DateTimeField()
    prepared_by = somebody()
    checked_at = models.DateTimeField(null=True)
    checked_by = somebody(nullable=True)
    stored = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = somebody(nullable=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lte=F("until")), name="snapshot_period_in_order"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("prepared_by")), name="snapshot_has_two_names"
            ),
            models.CheckConstraint(
                condition=Q(checked_at=None, stored="", sha256="", checked_by=None)
                | (Q(checked_at__isnull=False, checked_by__isnull=False) & ~Q(stored="") & ~Q(sha256="")),
                name="snapshot_sent_with_its_file",
            ),
            models.CheckConstraint(
                condition=Q(checked_at=None) | Q(withdrawn_at=None), name="snapshot_sent_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(reason=""), name="correction_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["report"], condition=Q(corrects=None, withdrawn_at=None), name="snapshot_sent_once"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(withdrawn_at=None), name="corrected_one_after_another"
            ),
        ]


class Export(models.Model):
    """Numbers of people in clear, out of a snapshot: asked for by one, approved by another, taken within a day."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="exports")
    area_code = AreaCodeField()
    reason = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = somebody()
    approved_at = models.DateTimeField(null=True)
    approved_by = somebody(nullable=True)
    refused_at = models.DateTimeField(null=True)
    refused_by = somebody(nullable=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="export_has_two_names"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(refused_at=None), name="export_approved_or_refused"
            ),
        ]
