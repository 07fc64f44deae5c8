"""Finding somebody: a list while typing, a page of results without a script, and where the register begins."""

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.doors import DeskRequest, asked_by_htmx, page
from shouwang.desk.living.matrix import compounds_of
from shouwang.register.finding.search import search
from shouwang.register.models import HELPS
from shouwang.register.queries import areas_below, unchecked_people

WHILE_TYPING, ON_THE_PAGE, LONGEST = 8, 50, 60


@page("register.read")
def begun(request: DeskRequest) -> HttpResponse:
    """住户档案: search, and the compounds with how many doors they have."""
    compounds = compounds_of(request.grants)
    doors: dict[str, int] = {}
    for code in {one.code[:12] for one in compounds}:
        doors |= {area.code: count for area, count in areas_below(code, "compound")}
    rows = [(one, doors.get(one.code, 0)) for one in compounds]
    unchecked = sum(unchecked_people(code).count() for code in request.grants.codes)
    shown = {"compounds": rows, "helps": HELPS, "unchecked": unchecked}
    return render(request, "living/begin.html", shown)


@page("register.read")
def found(request: DeskRequest) -> HttpResponse:
    """Who and what begins like this: the first few while typing, more on the page."""
    text = request.GET.get("q", "")[:LONGEST]
    part = asked_by_htmx(request)
    hits = search(text, codes=request.grants.codes, limit=WHILE_TYPING if part else ON_THE_PAGE)
    template = "living/parts/hits.html" if part else "living/found.html"
    return render(request, template, {"text": text, "hits": hits, "whole": not part})
