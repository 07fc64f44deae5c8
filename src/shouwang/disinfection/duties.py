"""What disinfection asks of people: every spot as often as the plan says, and everything after a case.

disinfection.round    A spot (an entrance, a lift, a waste point) is disinfected in each of its windows of the day. Whoever
                      scans the code that hangs there has done it; a window that passed is missed, and stands on the board.
disinfection.final    After a case: the steps are done one after another, and somebody who did none of them accepts it.

The story. The clerk lists the spots once: one for each unit's entrance, each lift, each waste point; with what, how strong, how
many square metres. A sheet with a code hangs at each. In the morning the property company's worker walks; at each spot the
phone opens one page, everything stands there, one tap: 消好了. No log-in, no app; the first time a name. At noon the board
says which were missed this morning. Used masks are fetched from the bins, so many bags; rubbish from doors in isolation too.
At five the columns of the daily report are already full: places, times, square metres.

The screens. 消杀: today's spots by compound, which are done, which are waiting, which were missed. 点位: the list, with sheets to
print. 终末消毒: its steps, its certificate. 收口罩、收垃圾: how many bags, from where.
"""

from django.db.models import F, QuerySet

from shouwang.disinfection.models import Final, Round, Spot
from shouwang.lib.kinds import Kind


def done() -> QuerySet[Round]:
    """The rounds that count."""
    return Round.objects.filter(void_at=None).annotate(subject=F("spot__area_code"), about=F("spot_id"))


def accepted() -> QuerySet[Final]:
    """What was accepted after a case."""
    return Final.objects.filter(at__isnull=False).annotate(subject=F("area_code"), about=F("id"))


WORKERS = ("property_company", "grid_lead", "cadre")
ROUND = Kind("disinfection.round", "消杀", "area", done, WORKERS, Spot._meta.db_table, "disinfection_spot")
FINAL = Kind(
    "disinfection.final", "终末消毒", "area", accepted, WORKERS, Final._meta.db_table, "disinfection_final"
)
KINDS = (ROUND, FINAL)
