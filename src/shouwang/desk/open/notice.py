"""What the law wants said before anybody fills in a form: who asks, why, what, for how long, and how to object."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from shouwang.desk.wording import in_language
from shouwang.lib.clock import day_of
from shouwang.outreach.channels import community_ways
from shouwang.outreach.models import Office
from shouwang.plans.actions import plan_of
from shouwang.screening.reports.posters import community_words

KEPT = "lists"


@dataclass(frozen=True)
class Notice:
    """Source: PIPL, articles 17 and 30; the plan's retention and legal part. Shape: `laws` are titles, each with what it asks here."""

    who: str
    office: Office | None
    disease: str
    days: int | None
    laws: tuple[tuple[str, str], ...]
    authority: str
    document: str


def notice_of(area: str, *, now: datetime) -> Notice:
    """The notice as it holds in a community now."""
    plan, office = plan_of(area, now=now), community_ways(area).office
    kept = plan.retention.get(KEPT) if plan else None
    legal = plan.legal if plan else None
    return Notice(
        who=office.name if office else community_words(area),
        office=office,
        disease=in_language(plan.disease.words) if plan else gettext("传染病"),
        days=kept.days if kept else None,
        laws=tuple((one.title, one.asks) for one in legal.laws(day_of(now))) if legal else (),
        authority=(legal.deciding_authority or "") if legal else "",
        document=(legal.document_number or "") if legal else "",
    )
