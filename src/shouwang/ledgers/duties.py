"""What ledgers ask of people.

ledgers.report   Each community sends each of its forms each day, by its own due time, prepared by one and checked by
                 another. Nothing to tell is also told (零报告).
"""

from django.db.models import F, QuerySet

from shouwang.ledgers.models import Report, Snapshot
from shouwang.lib.kinds import Kind


def sent() -> QuerySet[Snapshot]:
    """What was sent: checked by a second name. A correction sends nothing that was owed."""
    rows = Snapshot.objects.exclude(checked_at=None).filter(corrects=None)
    return rows.annotate(subject=F("area_code"), about=F("report_id"), at=F("checked_at"))


def owed(reports: list[Report]) -> QuerySet[Report]:
    """Who owes these reports: each community its own."""
    rows = Report.objects.filter(pk__in=[report.pk for report in reports])
    return rows.annotate(subject=F("area_code"), about=F("id"))


REPORT = Kind(
    "ledgers.report", "报表上报", "area", sent, ("cadre", "leader"), Report._meta.db_table, "ledger_report"
)
