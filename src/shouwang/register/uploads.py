"""Files as they came in, kept untouched, with what was understood of them. Not scoped: see the retention rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.access.models import AreaCodeField, User


class Upload(models.Model):
    """One file: who brought it, for which community, how far its import is, and what it found.

    Shape: `refused_as` holds the code of a refusal, its `params` and the place in the file, so that everybody reads it
    in their own language.
    """

    kind = models.CharField(max_length=20)
    community = AreaCodeField(blank=True)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)  # the sentence; its blanks stand in `refused_as`
    refused_as = models.JSONField(default=dict)
    rows_done = models.IntegerField(default=0)
    rows_total = models.IntegerField(default=0)
    summary = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["community", "-received_at"], name="upload_community_at")]


class SheetShape(models.Model):
    """How a person corrected the columns of a sheet once, remembered for the next file of that shape."""

    shape = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    columns = models.JSONField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shape", "kind"], name="shape_remembered_once")
        ]

    @classmethod
    def known(cls, kind: str) -> dict[str, dict[int, str]]:
        """The corrected columns of every shape of a kind of workbook."""
        rows = cls.objects.filter(kind=kind).values_list("shape", "columns")
        return {shape: {int(column): field for column, field in columns.items()} for shape, columns in rows}
