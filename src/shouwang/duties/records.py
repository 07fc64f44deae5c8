"""What every record of a module has: when it happened, when it was told, by whom, and whether it still counts."""

from __future__ import annotations

from django.db import models

from shouwang.access.models import AreaCodeField, User


class Record(models.Model):
    """Something that happened, told by somebody; struck out with a reason, never deleted."""

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=200, blank=True)
    void_at = models.DateTimeField(null=True)
    void_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    void_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True
