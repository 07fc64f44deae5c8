"""导出: the one way in which a list leaves the house: masked, with a watermark, logged before it goes out.

A list page names a function that returns its headings and rows; `@exports(...)` under `@page(...)` does the rest when
somebody presses 导出: permission, area, file, one line in the audit, all in the page's own transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate

from django.http import FileResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext

from shouwang.access.audit import record
from shouwang.access.scope import Grants, NoGrant, grants_of, scope
from shouwang.desk.doors import DeskRequest, Rest, View
from shouwang.desk.exporting.stamp import stamp
from shouwang.desk.exporting.workbook import written
from shouwang.lib.clock import ZONE
from shouwang.register.models import Area

PERMISSION, ACTION = "export", "desk.export"


@dataclass(frozen=True)
class Listing:
    """A list as it leaves: what it is called, which area it is about, its headings and its rows.

    Shape: cells are text, numbers, days or moments; rows may come one by one. No area: all that somebody answers for.
    """

    title: Promise | str
    headings: Sequence[Promise | str]
    rows: Iterable[Sequence[object]]
    area: str = ""


Told = Callable[Concatenate[DeskRequest, Rest], Listing]


def exports(listing: Told[Rest]) -> Callable[[View[Rest]], View[Rest]]:
    """Lets those who may take the list of a page away as a file."""

    def beside(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def opened(request: DeskRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if request.method != "POST" or "export" not in request.POST:
                return view(request, *args, **kwargs)
            request.grants = _narrowed(request)
            with scope(request.grants.codes, by=request.user):
                return _taken(request, listing(request, *args, **kwargs))

        opened.exports = True  # type: ignore[attr-defined]  # what the structure test looks for
        return opened

    return beside


def _narrowed(request: DeskRequest) -> Grants:
    """What this person may both see on this page and take away. Raises: NoGrant."""
    away = grants_of(request.user, permission=PERMISSION, now=request.now)
    seen = request.grants.codes
    inner = {one for one in seen if one.startswith(away.codes)}
    inner |= {one for one in away.codes if one.startswith(seen)}
    if not inner:
        raise NoGrant()
    return Grants(request.user, request.grants.may & away.may, tuple(sorted(inner)))


def _taken(request: DeskRequest, listing: Listing) -> FileResponse:
    """The file, after the line that says who took what."""
    which = request.resolver_match.url_name if request.resolver_match else ""
    codes = (listing.area,) if listing.area else request.grants.codes
    now = request.now.astimezone(ZONE)
    title = str(listing.title)
    line = gettext("仅供防控工作使用，请勿转发 · {who} 导出 · {when} · {where} · {what}").format(
        who=request.user.name, when=f"{now:%Y-%m-%d %H:%M}", where=_where(codes), what=title
    )
    mark = stamp(f"{request.user.pk}  {now:%Y-%m-%d %H:%M}")
    file, rows = written(title, line, listing.headings, listing.rows, mark)
    record(ACTION, at=request.now, by=request.user, area=min(codes), list=which, rows=rows)
    return FileResponse(file, as_attachment=True, filename=f"{title}-{now:%m%d-%H%M}.xlsx")


def _where(codes: tuple[str, ...]) -> str:
    """The areas in words."""
    labels = dict(Area.objects.filter(code__in=codes).values_list("code", "label"))
    return "、".join(labels.get(code, code) for code in codes)
