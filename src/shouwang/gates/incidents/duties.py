"""What incidents ask of people.

gates.incident_review   Somebody who was not there looks at it within the plan's hours, and gives the pass back or has it withdrawn.
gates.objection         Whoever lost a pass has an answer, from somebody who did not decide, within the plan's hours.
"""

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.gates.incidents.models import Contest, Incident, Review
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind


def reviewed() -> QuerySet[Review]:
    """What somebody else has looked at."""
    rows = Review.objects.filter(void_at=None)
    return rows.annotate(subject=Left("area_code", COMMUNITY), about=F("incident_id"))


def answered() -> QuerySet[Contest]:
    """Objections with an answer."""
    rows = Contest.objects.filter(at__isnull=False)
    return rows.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))


WHO = ("cadre", "leader")
REVIEW = Kind(
    "gates.incident_review", "卡口事件复核", "area", reviewed, WHO, Incident._meta.db_table, "incident"
)
OBJECTION = Kind(
    "gates.objection", "通行证异议复核", "area", answered, WHO, Contest._meta.db_table, "pass_contest"
)
KINDS = (REVIEW, OBJECTION)
