"""人手: everybody with what they can and must not do, squads and leave; one person with their turns and load."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from shouwang.desk.asked.numbers import place_number, row_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.roster.forms import BESIDE, AbilityForm, AbsenceForm, known_of
from shouwang.desk.roster.words import squads_in
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Helper
from shouwang.roster import workers
from shouwang.roster.custody import held_now
from shouwang.roster.models import Absence, Membership
from shouwang.roster.queries import away_today, load_of, turns_of

PAGE = 60


class NoTurnsOfMine(NotInScope):
    code = "desk.no_turns_of_mine"
    sentence = "您的账号还没有和人手名单里的人对上。请找社区信息员，在“打印名片”或“包保”里对一下。"


def taken(request: DeskRequest) -> Listing:
    """Everybody, without a word about their health."""
    rows = (
        (one.name, one.kind, one.unit, one.phone_mask, "、".join(one.skills), one.available)
        for one in _asked_for(request)
    )
    words = (_("姓名"), _("类别"), _("单位"), _("电话"), _("会什么"), _("什么时候能来"))
    return Listing(_("人手"), words, rows)


@page("roster")
@exports(taken)
def people(request: DeskRequest) -> HttpResponse:
    """By name; of one squad where that was asked."""
    community, rows, number = chosen_community(request), _asked_for(request), _page_number(request)
    squads = squads_in(community.code, now=request.now)
    here = list(rows[number * PAGE : (number + 1) * PAGE])
    away = {one.helper_id: one for one in away_today(community.code, now=request.now)}
    held = Membership.objects.filter(until=None, helper__in=here).values_list("helper", "squad")
    mine: dict[int, list[str]] = {}
    for helper, squad in held:
        mine.setdefault(helper, []).append(squads.get(squad, squad))
    which = urlencode({key: request.GET.get(key, "") for key in ("squad", "q", "sex")})
    shown = {
        "rows": [(one, mine.get(one.pk, []), away.get(one.pk)) for one in here], "count": len(rows),
        "squads": squads, "chosen": request.GET.get("squad", ""), "asked": request.GET.get("q", ""),
        "sex": request.GET.get("sex", ""), "sexes": (("f", _("女")), ("m", _("男"))),
        "more": f"{which}&page={number + 1}" if len(rows) > (number + 1) * PAGE else "",
        "from_start": which if number else "",
    }  # fmt: skip
    return render(request, "roster/people.html", shown)


@page("roster")
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """One person; what they can do is changed here."""
    row = workers.helper_of(pk)
    form = AbilityForm(request.POST or None, known=known_of(row))

    def write(typed: dict[str, Any]) -> None:
        workers.set_abilities(row.pk, by=request.user, at=request.now, **typed)

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("记下了。下次排班按这个来。"))
        return redirect("worker", row.pk)
    return _shown(request, row, form=form, status=422 if form.errors else 200)


@page("roster")
@sent("roster_people")
def absent(request: DeskRequest, pk: int) -> HttpResponse:
    """Away from a moment on."""
    row, form = workers.helper_of(pk), AbsenceForm(request.POST)

    def write(typed: dict[str, Any]) -> None:
        workers.be_absent(row.pk, by=request.user, at=request.now, **typed)

    if not done(form, write, BESIDE):
        return _shown(request, row, absence_form=form, status=422)
    messages.success(request, _("记下了。手上的事要交给别人的，点“交接”。"))
    return redirect("worker", row.pk)


@page("roster")
@sent("roster_people")
def back(request: DeskRequest, pk: int) -> HttpResponse:
    """Somebody is there again."""
    helper = Absence.objects.filter(pk=pk).values_list("helper", flat=True).first()
    workers.come_back(pk, by=request.user, at=request.now)
    return redirect("worker", helper)


@page("roster")
@sent("roster_people")
def squads(request: DeskRequest, pk: int) -> HttpResponse:
    """The squads that somebody belongs to, as they were ticked."""
    row = workers.helper_of(pk)
    known = squads_in(row.area_code, now=request.now)
    asked = set(request.POST.getlist("squads"))
    if asked - set(known):  # a page of yesterday: nobody leaves a squad because of a name that is none
        raise NotInScope()
    for squad in known:
        if squad in asked:
            workers.into_squad([row.pk], squad, by=request.user, at=request.now)
        else:
            workers.out_of_squad(row.pk, squad, by=request.user, at=request.now)
    messages.success(request, _("专班改好了。"))
    return redirect("worker", row.pk)


@page("roster")
@sent("roster_people")
def many_into_squad(request: DeskRequest) -> HttpResponse:
    """Those who were ticked in the list, all into one squad."""
    community, squad = chosen_community(request), request.POST.get("squad", "")
    if squad not in squads_in(community.code, now=request.now):
        raise NotInScope()
    ids = [pk for one in request.POST.getlist("helpers") if (pk := row_number(one))]
    if not ids:
        messages.error(request, _("请先勾选要进专班的人。"))
        return redirect("roster_people")
    many = workers.into_squad(ids, squad, by=request.user, at=request.now)
    messages.success(request, _("{many} 人进了专班。").format(many=many))
    return redirect("roster_people")


def _shown(request: DeskRequest, row: Helper, *, status: int = 200, **typed: Any) -> HttpResponse:
    mine = Membership.objects.filter(helper=row, until=None).values_list("squad", flat=True)
    absences = Absence.objects.filter(helper=row, void_at=None).exclude(until__lte=request.now)
    shown = {
        "helper": row, "turns": turns_of(row.pk, now=request.now), "load": load_of(row.pk, now=request.now),
        "squads": squads_in(row.area_code, now=request.now), "mine": set(mine),
        "absences": absences.order_by("from_at"), "things": held_now("", holder=row.pk).count(),
        "form": AbilityForm(known=known_of(row)), "absence_form": AbsenceForm.at(request.now),
        "link": request.build_absolute_uri(workers.own_link(row)), **typed,
    }  # fmt: skip
    return render(request, "roster/person.html", shown, status=status)


def _asked_for(request: DeskRequest) -> Any:
    community, squad = chosen_community(request), request.GET.get("squad", "")
    rows = workers.helpers_in(community.code)
    if squad:
        rows = rows.filter(memberships__squad=squad, memberships__until=None)
    if request.GET.get("sex") in ("m", "f"):
        rows = rows.filter(sex=request.GET["sex"])
    asked = request.GET.get("q", "").strip()[:20]
    return rows.filter(name__startswith=asked) if asked else rows


def _page_number(request: DeskRequest) -> int:
    return place_number(request.GET.get("page", ""))


@page("visit.record")
def mine(request: DeskRequest) -> HttpResponse:
    """我的班: whoever has an account and is a helper goes to the same page as everybody else."""
    helper = Helper.objects.filter(user=request.user, left_at=None).first()
    if helper is None:
        raise NoTurnsOfMine()
    return redirect(workers.own_link(helper))
