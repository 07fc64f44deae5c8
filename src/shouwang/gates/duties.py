"""What gates ask of people.

gates.staffed   Somebody is on watch at a gate by the hour at which its shift begins. Until somebody comes it is overdue on the
                board, and an alarm on the page of gates; when the shift is over without anybody it is missed and counted.

A gate whose post the roster mans owes one for each shift; whoever leads the community's people answers for it.
"""

from django.db.models import F, QuerySet

from shouwang.gates.models import Gate, Watch
from shouwang.lib.kinds import Kind


def watched() -> QuerySet[Watch]:
    """Who came on watch, where and when."""
    there = Watch.objects.filter(takes_over=True, void_at=None)
    return there.annotate(subject=F("area_code"), about=F("gate_id"))


STAFFED = Kind("gates.staffed", "卡口在岗", "area", watched, ("cadre", "leader"), Gate._meta.db_table, "gate")
KINDS = (STAFFED,)
