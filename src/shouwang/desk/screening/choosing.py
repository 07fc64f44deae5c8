"""选人: rows that need a person, one after another; the sender's words on the left, who it may be on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.numbers import place_number, row_number
from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, asked_by_htmx, page, sentence
from shouwang.desk.living.acting import allowed
from shouwang.desk.running.sent import sent
from shouwang.desk.screening.forms import meant
from shouwang.flows.hand_over_rows import hand_over_rows
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.finding.search import search
from shouwang.register.matching import WHY
from shouwang.register.matching.weights import WEIGHTS
from shouwang.register.models import Person
from shouwang.register.queries import people_of
from shouwang.screening.lists.deciding import choose, enter, not_these
from shouwang.screening.lists.models import CANDIDATES, NEW, NOT_OURS, ListRow
from shouwang.screening.lists.queries import TO_DECIDE, doors_written, how_many_to_decide, to_decide
from shouwang.screening.lists.undoing import undo_last

MOST, DOORS_SHOWN, LONGEST = 5, 8, 60
WORDS = {
    CANDIDATES: gettext_lazy("请选人"),
    NEW: gettext_lazy("底册没有"),
    NOT_OURS: gettext_lazy("非本辖区"),
}


@dataclass(frozen=True)
class Choice:
    """Somebody whom a row may mean, with what speaks for and against it, in words."""

    number: int
    person: Person
    speaks_for: list[str]
    against: list[str]
    family: list[str]


@page("list.work")
def choosing(request: DeskRequest) -> HttpResponse:
    """The next row that needs a person."""
    return _next(request, request.GET)


@page("list.work")
@sent("choosing")
def decided(request: DeskRequest) -> HttpResponse:
    """One decision; the next row follows."""
    wrong = ""
    try:
        with transaction.atomic():
            _say(request, _decide(request))
    except NotInScope:
        raise
    except Refusal as refusal:
        wrong = sentence(refusal)
    if asked_by_htmx(request) or wrong:
        return _next(request, request.POST, wrong=wrong)
    return redirect(_address(request.POST))


@page("list.work")
@sent("choosing")
def undone(request: DeskRequest) -> HttpResponse:
    """The last decision taken back."""
    wrong = ""
    try:
        with transaction.atomic():
            rows = undo_last(by=request.user, at=request.now)
            _say(request, _("撤销了：{name}。").format(name=rows[0].name or _("没写姓名")))
    except Refusal as refusal:
        wrong = sentence(refusal)
    if asked_by_htmx(request) or wrong:
        return _next(request, request.POST, wrong=wrong)
    return redirect(_address(request.POST))


def _decide(request: DeskRequest) -> str:
    """Does what the button says; what to say about it. Raises: NotInScope and what the actions refuse."""
    row = one_in_scope(
        ListRow.objects.filter(pk=_uuid(request.POST.get("row", "")) or UUID(int=0)).select_related(
            "inquiry__person"
        )
    )
    what, _dot, value = request.POST.get("what", "").partition(":")
    by, at, inquiry = request.user, request.now, row.inquiry_id
    name = row.name or _("没写姓名")
    if what == "person" and row_number(value):
        found = choose(inquiry, int(value), by=by, at=at)
        return _("{name} 对上了 {person}。").format(name=name, person=found.person)
    if what == "none":
        not_these(inquiry, [one["person"] for one in open_candidates(row)], by=by, at=at)
        return _("{name}：都不是，到“底册没有”里接着办。").format(name=name)
    if what == "enter" and row_number(value):
        allowed(request, "register.edit", row.desk)
        enter(inquiry, int(value), by=by, at=at, name=written(request, "name", 64))
        return _("{name} 登记进底册了。").format(name=name)
    if what == "elsewhere":
        to_whom, reason = meant(written(request, "to_whom", 80)), written(request, "reason", 160)
        hand_over_rows([inquiry], to_whom=to_whom, reason=reason, by=by, at=at)
        return _("{name}：转给{whom}了。").format(name=name, whom=to_whom)
    raise NotInScope()


def _next(request: DeskRequest, asked: Any, *, wrong: str = "") -> HttpResponse:
    which = asked.get("which", CANDIDATES)
    if which not in TO_DECIDE:
        raise NotInScope()
    listed, skip = _uuid(asked.get("list", "")), place_number(asked.get("skip", ""))
    rows = to_decide(which, listed)
    row = rows[skip : skip + 1].first()
    if row is None and skip:
        row, skip = rows.first(), 0
    counts = how_many_to_decide(listed)
    shown = {
        "which": which,
        "words": WORDS[which],
        "tabs": [(name, words, counts[name]) for name, words in WORDS.items()],
        "left": counts[which],
        "list": listed or "",
        "skip": skip,
        "row": row,
        "wrong": wrong,
        **(_about(request, row, asked) if row else {}),
    }
    template = "screening/parts/choosing.html" if asked_by_htmx(request) else "screening/choosing.html"
    return render(request, template, shown, status=422 if wrong else 200)


def _about(request: DeskRequest, row: ListRow, asked: Any) -> dict[str, object]:
    """The rows that are written just so, who they may mean, and the doors that may be theirs."""
    typed = asked.get("q", "")[:LONGEST]
    other = list(ListRow.objects.filter(inquiry=row.inquiry_id).exclude(pk=row.pk).select_related("list"))
    return {
        "others": other,
        "choices": _choices(row),
        "q": typed,
        "doors": _doors(request, row, typed) if row.outcome == NEW else [],
        "may_enter": "register.edit" in request.grants.may,
        "reason": _("住址写的是{place}").format(place=row.address) if row.address else "",
    }


def open_candidates(row: ListRow) -> list[dict[str, Any]]:
    """Those of the candidates whom nobody refused yet."""
    return [one for one in row.candidates if not one.get("refused")]


def _choices(row: ListRow) -> list[Choice]:
    candidates = open_candidates(row)[:MOST]
    people = Person.objects.select_related("household").in_bulk([one["person"] for one in candidates])
    homes = people_of([person.household.kept_id or 0 for person in people.values()])
    found: list[Choice] = []
    for one in candidates:
        if person := people.get(one["person"]):
            family = [
                other.name for other in homes.get(person.household.kept_id or 0, []) if other.pk != person.pk
            ]
            good, bad = _evidence(one["why"])
            found.append(Choice(len(found) + 1, person, good, bad, family))
    return found


def _evidence(why: Sequence[str]) -> tuple[list[str], list[str]]:
    """What speaks for a person, and what against, in words."""
    against = [key for key in why if key in WEIGHTS and WEIGHTS[key].bits < 0]
    return [_(WHY[key]) for key in why if key not in against and key in WHY], [_(WHY[key]) for key in against]


def _doors(request: DeskRequest, row: ListRow, typed: str) -> list[tuple[int, str, str]]:
    """The doors that may be theirs: identity, door, who lives there. As the address says, or as somebody types."""
    if typed:
        hits = search(typed, codes=request.grants.codes, limit=DOORS_SHOWN * 3)
        return [(hit.id, hit.title, hit.detail) for hit in hits if hit.kind == "household"][:DOORS_SHOWN]
    homes = doors_written(row.address)[:DOORS_SHOWN]
    people = people_of([home.pk for home in homes])
    return [
        (home.pk, f"{home.compound}{home.door}", "、".join(one.name for one in people.get(home.pk, [])))
        for home in homes
    ]


def _say(request: DeskRequest, words: str) -> None:
    messages.success(request, words)


def _address(asked: Any) -> str:
    named = {name: asked.get(name, "") for name in ("which", "list", "skip")}
    query = "&".join(f"{name}={value}" for name, value in named.items() if value)
    return f"{reverse('choosing')}?{query}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
