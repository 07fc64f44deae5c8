"""The rows behind a number: found by list, outcome, building, worker and name; handed out or handed over in one go."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.numbers import place_number, row_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.desk.screening.forms import ElsewhereForm
from shouwang.flows.hand_over_rows import hand_over_rows
from shouwang.lib.codes import is_code
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Helper
from shouwang.screening.lists.handing import hand_among
from shouwang.screening.lists.models import ListRow, PushedList
from shouwang.screening.lists.queries import Asked, buildings_with_rows, rows_of, who_asks

PAGE, TAKEN_AT_ONCE = 50, 500
OUTCOMES = {"found": _("已对上"), "candidates": _("请选人"), "new": _("底册没有"), "not_ours": _("非本辖区")}
SETTLED = {
    "asked": _("已核实"),
    "asked_before": _("之前已核实"),
    "not_ours": _("已转出"),
    "withdrawn": _("已撤回"),
}
STATES = {"left": _("没有结果"), "settled": _("已有结果")}
HEADINGS = (
    _("名单"), _("行"), _("名单上写的"), _("证件号"), _("电话"), _("住址"), _("从哪里来"), _("哪天"), _("对上了吗"),
    _("是谁"), _("门牌"), _("谁去问"), _("结果"), _("最晚"),
)  # fmt: skip


def taken(request: DeskRequest) -> Listing:
    """All rows that the filters leave, to take away."""
    asked = asked_for(request)
    listed = PushedList.objects.filter(pk=asked.list).first() if asked.list else None
    title = listed.title if listed else gettext("名单上的人")
    return Listing(title, HEADINGS, _cells(request, asked), asked.area)


@page("list.work")
@exports(taken)
def list_rows(request: DeskRequest) -> HttpResponse:
    """The rows, fifty at a time."""
    return shown(request)


@page("list.receive")
@sent("list_rows")
def handed(request: DeskRequest) -> HttpResponse:
    """The people of these rows are given to one worker or shared among several, a household to one."""
    rows = rows_of(replace(asked_for(request), state="left"), now=request.now)
    several = [pk for one in request.POST.getlist("helper") if (pk := row_number(one))]
    told = hand_among(rows, several, by=request.user, at=request.now)
    if told:
        messages.success(request, gettext("分好了：{told} 人。").format(told=told))
    else:
        messages.info(request, gettext("这里没有还要问的人。"))
    return redirect(f"{request.path.removesuffix('hand/')}?{request.GET.urlencode()}")


@page("list.receive")
@sent("list_rows")
def all_elsewhere(request: DeskRequest) -> HttpResponse:
    """All of these rows that have no answer belong elsewhere, for one reason."""
    rows = rows_of(replace(asked_for(request), state="left"), now=request.now)
    form = ElsewhereForm(request.POST)
    inquiries = list(rows.order_by().values_list("inquiry", flat=True).distinct())
    if not done(form, lambda said: hand_over_rows(inquiries, by=request.user, at=request.now, **said)):
        return shown(request, elsewhere_form=form, status=422)
    messages.success(request, gettext("转出了 {people} 人。").format(people=len(inquiries)))
    return redirect(f"{request.path.removesuffix('elsewhere/')}?{request.GET.urlencode()}")


def asked_for(request: DeskRequest) -> Asked:
    """The filters of the address; nonsense among them finds nothing. Raises: NotInScope."""
    get = request.GET
    who, area = get.get("who", ""), get.get("area", "")
    if (area and not is_code(area)) or get.get("outcome", "") not in ("", *OUTCOMES):
        raise NotInScope()
    try:
        listed = UUID(get["list"]) if get.get("list") else None
    except ValueError as wrong:
        raise NotInScope() from wrong
    return Asked(
        list=listed, source=get.get("source", "")[:12], outcome=get.get("outcome", ""), area=area,
        state=get.get("state", "") if get.get("state") in STATES else "",
        helper=row_number(who), text=get.get("q", "")[:40],
    )  # fmt: skip


def shown(
    request: DeskRequest, *, elsewhere_form: ElsewhereForm | None = None, status: int = 200
) -> HttpResponse:
    """The page with its filters."""
    asked, number = asked_for(request), _page_number(request)
    rows = rows_of(asked, now=request.now)
    few = list(_whole(rows)[number * PAGE : (number + 1) * PAGE + 1])
    found = {
        "asked": asked,
        "count": rows.order_by().count(),
        "rows": lines(few[:PAGE], request),
        "lists": PushedList.objects.order_by("-arrived_at").values_list("pk", "title")[:PAGE],
        "buildings": buildings_with_rows(asked.list),
        "helpers": _helpers(),
        "outcomes": OUTCOMES,
        "states": STATES,
        "query": _query(request),
        "more": _query(request, number + 1) if len(few) > PAGE else "",
        "from_start": _query(request, 0) if number else "",
        "elsewhere_form": elsewhere_form or ElsewhereForm(),
        "may_share": "list.receive" in request.grants.may,
    }
    return render(request, "screening/rows.html", found, status=status)


def lines(rows: Sequence[ListRow], request: DeskRequest) -> list[dict[str, object]]:
    """Each row with who it means, who asks and what came of it."""
    asks = who_asks(rows, now=request.now)
    return [
        {
            "row": row,
            "person": row.inquiry.person,
            "asks": asks.get(row.pk),
            "outcome": OUTCOMES[row.outcome],
            "settled": SETTLED.get(row.settled_as, ""),  # type: ignore[attr-defined]
        }
        for row in rows
    ]


def _whole(rows):  # type: ignore[no-untyped-def]
    return rows.select_related("list", "inquiry__person__household", "inquiry__helper")


def _cells(request: DeskRequest, asked: Asked) -> Iterator[list[object]]:
    rows = _whole(rows_of(asked, now=request.now))
    for start in range(0, rows.count(), TAKEN_AT_ONCE):
        for line in lines(list(rows[start : start + TAKEN_AT_ONCE]), request):
            yield _line(line)


def _line(line: dict[str, object]) -> list[object]:
    row, person, asks = line["row"], line["person"], line["asks"]
    assert isinstance(row, ListRow)
    home = row.inquiry.person.household if row.inquiry.person else None
    return [
        row.list.title, row.number, row.name, row.id_mask, row.phone_mask, row.address, row.from_place,
        row.happened_on or row.happened, str(line["outcome"]), str(person or ""),
        f"{home.compound} {home.door}" if home else "", str(asks or ""), str(line["settled"] or gettext("还没有")),
        row.list.due_at,
    ]  # fmt: skip


def _helpers() -> list[Helper]:
    """Whom people can be given to: those who can log in first."""
    helpers = Helper.objects.filter(left_at=None, user__is_active=True)
    return list(helpers.order_by("name", "id")[:200])


def _page_number(request: DeskRequest) -> int:
    return place_number(request.GET.get("page", ""))


def _query(request: DeskRequest, number: int | None = None) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    if number is not None:
        asked["page"] = str(number)
    return asked.urlencode()
