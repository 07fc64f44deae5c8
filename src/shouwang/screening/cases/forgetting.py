"""Who only stood near in a queue or at a gate, and turned out to be nobody's contact, is forgotten after some days."""

from datetime import datetime, timedelta

from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.screening.cases.models import NOT_A_CONTACT, Case, Contact


def forget_neighbours(*, now: datetime) -> int:
    """Destroys them, their corrected forms too; how many there were stays with the case. How many were forgotten."""
    forgotten = 0
    for case in Case.objects.all():
        since = now - timedelta(days=case.neighbour_days)
        rows = Contact.objects.filter(case=case, near=True, category__in=("", NOT_A_CONTACT), at__lt=since)
        gone = list(rows.filter(row=None, letter=None).values_list("pk", flat=True))
        if not gone:
            continue
        Contact.objects.filter(through__in=gone).update(through=None)
        Contact.objects.filter(replaces__in=gone).update(replaces=None)
        Contact.objects.filter(pk__in=gone).delete()
        Case.objects.filter(pk=case.pk).update(forgotten=F("forgotten") + len(gone))
        audit("case.forget", at=now, area=case.area_code, case=case.pk, forgotten=len(gone))
        forgotten += len(gone)
    return forgotten
