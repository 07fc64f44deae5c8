"""The certificate of destruction: what, how many, when, by whom, before whom; made once, when nothing is left."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Sum

from shouwang.retention.models import Closing, Destroyed, Evidence
from shouwang.retention.rules import Stays


def certify(closing: Closing, *, label: str, staying: Sequence[Stays], phones: int, at: datetime) -> Closing:
    """Writes the certificate and ends the closing. Nothing in it names a resident."""
    lines = Destroyed.objects.filter(closing=closing, amount__gt=0).order_by("pk")
    sealed = Evidence.objects.filter(closing=closing).values("rule").annotate(amount=Sum("amount"))
    amounts = {one["rule"]: one["amount"] for one in sealed}
    said = {
        "number": str(closing.pk),
        "area": closing.area_code,
        "label": label,
        "reason": closing.reason,
        "proposed": [closing.proposed_by.name, closing.proposed_at.isoformat()],
        "confirmed": [closing.confirmed_by.name, closing.confirmed_at.isoformat()],  # type: ignore[union-attr]
        "witness": closing.witness,
        "finished_at": at.isoformat(),
        "lines": [
            [line.words, line.amount, line.finished_at.isoformat()] for line in lines if line.finished_at
        ],
        "phones": phones,
        "archived": [one.words for one in staying],
        "kept": [
            {"rule": rule, "rows": amounts.get(rule, 0), **kept}
            for rule, kept in sorted(closing.kept.items())
        ],
        **closing.figures,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    closing.certificate, closing.finished_at = said, at
    closing.sha256 = hashlib.sha256(text.encode()).hexdigest()
    closing.save(update_fields=["certificate", "finished_at", "sha256"])
    return closing
