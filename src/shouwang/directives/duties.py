"""What comes down, and what a meeting decides, as something owed.

directives.point      Each area that a document names answers each of its points by the hour that stands there, or as
                      often a day as it says. What was reported back is the record.
directives.decision   The same for what one's own meeting decided: it has an owner and an hour.
"""

from django.db.models import F, QuerySet

from shouwang.directives.models import ABOVE, MEETING, Point, Report
from shouwang.lib.kinds import Kind

ANSWERING = ("grid_lead", "cadre", "leader")
PAGE = "directive_point"


def reports() -> QuerySet[Report]:
    """What was reported back and still counts."""
    return Report.objects.filter(void_at=None).annotate(subject=F("area_code"), about=F("point_id"))


POINT = Kind("directives.point", "上级要求", "area", reports, ANSWERING, Point._meta.db_table, PAGE)
DECISION = Kind("directives.decision", "会议决定", "area", reports, ANSWERING, Point._meta.db_table, PAGE)
KINDS = (POINT, DECISION)
OF_ORIGIN = {ABOVE: POINT, MEETING: DECISION}
