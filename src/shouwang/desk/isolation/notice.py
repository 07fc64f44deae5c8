"""告知书: the notice to a person at home, one A4 page, as it is handed over at the door."""

from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from shouwang.catalogue import ANSWERS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.named import FULL_NAMES, category_of, door_of
from shouwang.desk.isolation.order import step
from shouwang.desk.open.home import home_link
from shouwang.isolation.models import Care, Order
from shouwang.isolation.ordering import regime_of
from shouwang.isolation.schedule import CLOCK_WORDS
from shouwang.outreach.channels import community_ways
from shouwang.plans.actions import clocks_of, plan_of
from shouwang.plans.form.people import in_words
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
        "order": row, "door": door_of(row), "category": category_of(row), "regime": in_words(regime_of(row)),
        "clock": gettext(CLOCK_WORDS[row.origin_clock]), "hold": hold,
        "told": Care.objects.filter(order=row, what="begin", void_at=None).select_related("by").first(),
        "authority": (hold and hold.authority) or (legal and legal.deciding_authority) or "________________",
        "document": (hold and hold.document) or (legal and legal.document_number) or "____________",
        "carried_out_by": (legal and legal.carried_out_by) or (office and office.name) or "____________",
        "legal": legal, "worker": answers.get(row.area_code),
        "office": office, "hours": clocks_of(row.area_code, now=request.now),
        "kept": plan.retention.get("orders") if plan else None, "qr": _qr(request, row),
    }  # fmt: skip
    return render(request, "isolation/notice.html", found)


def _qr(request: DeskRequest, row: Order) -> SafeString:
    """The way to the household's own page."""
    address = request.build_absolute_uri(home_link(row))
    return mark_safe(
        segno.make(address, error="m", micro=False).svg_inline(
            border=2, svgclass="qr", lineclass=None, omitsize=True
        )
    )
