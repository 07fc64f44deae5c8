"""A list that came again, corrected: which file took the place of which, and what was different. Facts only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.access.models import AreaCodeField
from shouwang.register.models import Upload
from shouwang.screening.lists.models import PushedList, User, unindexed


class ListEdition(models.Model):
    """A newer file of a list that was there; the older file is kept as it came.

    Shape: `same`, `changed`, `added` and `gone` count rows; which rows they were is told by the two files.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    list = models.ForeignKey(PushedList, on_delete=models.PROTECT, related_name="editions")
    file = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = unindexed(User)
    same = models.IntegerField()
    changed = models.IntegerField()
    added = models.IntegerField()
    gone = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file"], name="edition_once_a_file")]
