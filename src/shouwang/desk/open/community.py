"""社区的页面: what holds where and until when, whom to call, what was announced and answered, where to report. No log-in."""

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.access.scope import scope
from shouwang.desk.doors import OpenRequest, open_page
from shouwang.desk.wording import in_language
from shouwang.inbox.queries import questions
from shouwang.isolation.buildings.seals import in_force as sealed
from shouwang.lib.codes import subtree
from shouwang.outreach.channels import community_ways
from shouwang.outreach.notices.queries import in_force
from shouwang.plans.actions import plan_of
from shouwang.register.models import Area
from shouwang.screening.reports.posters import community_words

MOST, LONGEST = 40, 40  # more would make the page heavy for an old phone


@open_page(tries=120)
def community(request: OpenRequest, area: str) -> HttpResponse:
    """Everything that anybody may know; nothing about anybody."""
    words, low_high, about = community_words(area), subtree(area), request.GET.get("about", "")[:LONGEST]
    with scope([area]):
        closed = sealed(now=request.now).filter(area_code__gte=low_high[0], area_code__lt=low_high[1])
        held = list(closed.order_by("area_code").values_list("area_code", "until")[:MOST])
        labels = dict(
            Area.objects.filter(code__in=[code for code, _until in held]).values_list("code", "label")
        )
        notices = list(in_force(area, now=request.now)[:MOST])
        known = questions(area, now=request.now, about=about)
    plan = plan_of(area, now=request.now)
    found = {
        "area": area,
        "words": words,
        "office": community_ways(area).office,
        "plan": in_language(plan.words) if plan else "",
        "closed": [(labels.get(code, code), until) for code, until in held],
        "notices": notices,
        "questions": known[:MOST],
        "about": about,
        "more": len(known) > MOST,
    }
    return render(request, "open/community.html", found)
