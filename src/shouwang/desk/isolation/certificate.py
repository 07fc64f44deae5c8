"""解除告知书: one A4 page that says that it is over, from when to when it was, and on whose word."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.named import FULL_NAMES, category_of, door_of
from shouwang.desk.isolation.order import step
from shouwang.isolation.caring import TooEarly
from shouwang.isolation.home import path_of
from shouwang.lib.clock import ZONE
from shouwang.outreach.channels import community_ways
from shouwang.plans.actions import plan_of
from shouwang.standing.models import Hold


@page("isolation.work")
def printed(request: DeskRequest, order: UUID) -> HttpResponse:
    """In the language of the person; only once it is over. Raises: TooEarly."""
    row = step(request, order, FULL_NAMES)
    if row.released_at is None:
        raise TooEarly(until=f"{row.until.astimezone(ZONE):%m月%d日 %H:%M}")
    asked = request.GET.get("lang", "")
    plan, office = plan_of(row.area_code, now=request.now), community_ways(row.area_code).office
    legal = plan.legal if plan else None
    with override(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        found = {
            "order": row, "door": door_of(row), "category": category_of(row), "office": office,
            "hold": Hold.objects.filter(about=row.pk).first(), "kept": plan.retention.get("orders") if plan else None,
            "carried_out_by": (legal and legal.carried_out_by) or (office and office.name) or "____________",
            "address": request.build_absolute_uri(path_of(row)),
        }  # fmt: skip
        return render(request, "isolation/certificate.html", found)
