"""几天没送到东西: the doors behind which somebody is held, the longest without anything first (RP26)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.isolation.needs.reaching import doors
from shouwang.plans.actions import plan_of

SHOWN, TAKEN = 100, 10_000


def taken(request: DeskRequest) -> Listing:
    """The whole list, to take away."""
    headings = (_("门牌"), _("几个人"), _("几天没送到东西"))
    rows = (
        (f"{one.compound} {one.door}", one.people, one.days) for one in doors(now=request.now, most=TAKEN)
    )
    return Listing(_("几天没送到东西"), headings, rows)


@page("isolation.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """Each door with its days; beyond the plan's number it is an alarm."""
    found = doors(now=request.now, most=SHOWN)
    plan = plan_of(found[0].area_code, now=request.now) if found else None
    alarm = plan.isolation.no_delivery_alarm_days if plan and plan.isolation else None
    return render(request, "isolation/watching/reached.html", {"rows": found, "alarm": alarm})
