"""What the roster asks of people.

roster.confirm   Somebody who is called up says 收到, or that they cannot come, within the plan's hours.
roster.shift     Somebody who has a turn is at the post by the hour at which it begins.
roster.staffed   A post is not without people: somebody is there when its shift begins. Until somebody comes it is overdue on
                 the board and red under 今天人手; when the shift is over without anybody, it is missed and counted.

A turn that goes to somebody else is struck and the other one owes it. Who stands a turn answers for it; a post is
answered for by whoever leads the community's people.
"""

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind
from shouwang.roster.models import Arrival, Called, Shift, Turn


def answered() -> QuerySet[Called]:
    """Who has answered, whatever they said."""
    told = Called.objects.filter(at__isnull=False)
    return told.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))


def arrived() -> QuerySet[Arrival]:
    """Who was at their post."""
    there = Arrival.objects.filter(void_at=None)
    return there.annotate(subject=Left("area_code", COMMUNITY), about=F("turn_id"))


def staffed() -> QuerySet[Arrival]:
    """The shifts to which somebody came."""
    there = Arrival.objects.filter(void_at=None)
    return there.annotate(subject=Left("area_code", COMMUNITY), about=F("turn__shift_id"))


LEADS = ("cadre", "leader")
CONFIRM = Kind("roster.confirm", "收到回复", "area", answered, LEADS, Called._meta.db_table)
SHIFT = Kind("roster.shift", "到岗", "area", arrived, LEADS, Turn._meta.db_table)
STAFFED = Kind("roster.staffed", "岗位有人", "area", staffed, LEADS, Shift._meta.db_table, "shift")
KINDS = (CONFIRM, SHIFT, STAFFED)
