"""代为填报: for somebody without a telephone the worker fills in the very same form (E7)."""

from django.http import HttpResponse

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.open.report import Where, fill_in, light
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope
from shouwang.screening.reports import posters


@page("list.work")
def enter(request: DeskRequest) -> HttpResponse:
    """The form of the worker's own community, with the doors that are the worker's."""
    if not request.grants.codes:
        raise NotInScope()
    communities = sorted({community_of(code) for code in request.grants.codes})
    area = request.GET.get("area") or communities[0]
    if area not in communities or len(area) != 12:
        raise NotInScope()
    doors = [
        line for code in request.grants.codes if code.startswith(area) for line in posters.labels_of(code)
    ]
    where = Where(area, posters.community_words(area), doors=light(doors))
    return fill_in(request, where, by=request.user)
