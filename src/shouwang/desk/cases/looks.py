"""谁看了流调: every look into a case, for the auditor: who, when, what; never a name of somebody who was looked at."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.models import Audit
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.audit import ACTION_WORDS
from shouwang.screening.cases.models import Case

SHOWN, MOST = 200, 20_000
LOOKED_AT = {
    "days": _("逐日行程"),
    "chain": _("接触关系图"),
    "say": _("记本人说的"),
    "add": _("记接触者"),
    "judge": _("判定"),
    "who": _("在底册里查人"),
    "found": _("对上底册"),
    "hand on": _("转社区"),
    "letters": _("开协查函"),
    "letter": _("看协查函（含电话）"),
}
Look = tuple[Audit, str, str, str]


def taken(request: DeskRequest) -> Listing:
    """All looks, to take away."""
    headings = (_("什么时候"), _("谁"), _("病例"), _("做了什么"), _("看了什么"))
    rows = (
        [one.at, one.user.name if one.user else "", label, action, what]
        for one, label, action, what in _looks(MOST)
    )
    return Listing(_("谁看了流调"), headings, rows)


@page("audit.read")
@exports(taken)
def looks(request: DeskRequest) -> HttpResponse:
    """The latest looks first."""
    return render(request, "cases/looks.html", {"looks": list(_looks(SHOWN))})


def _looks(most: int) -> Iterator[Look]:
    lines = list(
        Audit.objects.filter(action__startswith="case.").select_related("user").order_by("-id")[:most]
    )
    known = dict(Case.objects.values_list("pk", "number"))
    numbers = {str(pk): number for pk, number in known.items()}
    for one in lines:
        number = numbers.get(str(one.about.get("case", "")))
        label = gettext("病例 {number}").format(number=number) if number else ""
        what = LOOKED_AT.get(str(one.about.get("what", "")), "")
        yield one, label, str(ACTION_WORDS.get(one.action, one.action)), str(what)
