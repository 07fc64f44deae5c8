"""告知书: the notice to a person at home, one A4 page, as it is handed over at the door."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, override

from shouwang.catalogue import ANSWERS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.named import FULL_NAMES, category_of, door_of
from shouwang.desk.isolation.order import step
from shouwang.desk.wording import regime_in_language
from shouwang.isolation.home import path_of
from shouwang.isolation.models import Care
from shouwang.isolation.ordering import regime_of
from shouwang.isolation.schedule import CLOCK_WORDS
from shouwang.outreach.channels import community_ways
from shouwang.plans.actions import clocks_of, plan_of
from shouwang.register.responsibility import who_answers
from shouwang.standing.models import Hold


@page("isolation.work")
def printed(request: DeskRequest, order: UUID) -> HttpResponse:
    """In the language of the person, not of whoever prints: Chinese, or what `?lang=` names."""
    asked = request.GET.get("lang", "")
    with override(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return _printed(request, order)


def _printed(request: DeskRequest, order: UUID) -> HttpResponse:
    """Everything that the person is told, in this order; what the plan leaves open is a line to write on."""
    row = step(request, order, FULL_NAMES)
    plan = plan_of(row.area_code, now=request.now)
    legal, office = plan.legal if plan else None, community_ways(row.area_code).office
    hold = Hold.objects.filter(about=row.pk).first()
    answers = who_answers([row.area_code], ANSWERS["isolation.begin"], now=request.now)
    found = {
        "order": row, "door": door_of(row), "category": category_of(row), "regime": regime_in_language(regime_of(row)),
        "clock": gettext(CLOCK_WORDS[row.origin_clock]), "hold": hold,
        "told": Care.objects.filter(order=row, what="begin", void_at=None).select_related("by").first(),
        "authority": (hold and hold.authority) or (legal and legal.deciding_authority) or "________________",
        "document": (hold and hold.document) or (legal and legal.document_number) or "____________",
        "carried_out_by": (legal and legal.carried_out_by) or (office and office.name) or "____________",
        "legal": legal, "worker": answers.get(row.area_code),
        "office": office, "hours": clocks_of(row.area_code, now=request.now),
        "kept": plan.retention.get("orders") if plan else None, "address": request.build_absolute_uri(path_of(row)),
    }  # fmt: skip
    return render(request, "isolation/notice.html", found)
