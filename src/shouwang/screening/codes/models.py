"""A request to have a code taken back: where somebody was, what papers there are, and how far it is. Facts only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shouwang.access.models import AreaCodeField, User
from shouwang.screening.lists.models import ListRow

COLOURS = [("yellow", "黄码"), ("red", "红码")]
ASKED, VERIFIED, REPORTED, CONVERTED, REFUSED = STATES = (
    "asked", "verified", "reported", "converted", "refused",
)  # fmt: skip
WORDS = {
    ASKED: "待核实",
    VERIFIED: "待上报",
    REPORTED: "已上报，等结果",
    CONVERTED: "已转码",
    REFUSED: "未通过",
}


class CodeRequest(models.Model):
    """Somebody asks for a code to be taken back.

    Shape: `place` and `exposed` as the sender wrote them, `exposed_on` the day where it could be read; `papers` are
    the test results and whatever else was shown.
    """

    id = models.UUIDField(primary_key=True)
    area_code = AreaCodeField()
    row = models.OneToOneField(ListRow, on_delete=models.PROTECT, related_name="code")
    colour = models.CharField(max_length=8, choices=COLOURS, blank=True)
    place = models.CharField(max_length=80, blank=True)
    exposed = models.CharField(max_length=40, blank=True)
    exposed_on = models.DateField(null=True)
    papers = models.CharField(max_length=160, blank=True)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    converted = models.BooleanField(null=True)
    reason = models.CharField(max_length=160, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area_code"], name="code_request_area")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None, converted=None)
                | Q(ended_at__isnull=False, converted__isnull=False),
                name="code_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(converted=None) | Q(converted=True) | ~Q(reason=""),
                name="code_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(requested_at__lt=F("due_at")), name="code_due_after_it_was_requested"
            ),
        ]

    @property
    def state(self) -> str:
        """How far it is, from the facts."""
        if self.ended_at:
            return CONVERTED if self.converted else REFUSED
        return REPORTED if self.reported_at else VERIFIED if self.verified_at else ASKED

    @property
    def words(self) -> str:
        """How far it is, for people."""
        return WORDS[self.state]
