"""通知宣传: how many messages wait, went out, failed and why; every number opens its list, from which one sends again."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.asked.written import written
from shouwang.desk.board import chosen_area, trail
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.sent import sent
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import mask_name
from shouwang.outreach import actions, queries
from shouwang.outreach.channels import KIND_WORDS, ways_out
from shouwang.outreach.handing import how_many
from shouwang.outreach.models import Message
from shouwang.outreach.queries import STATES, STUCK, WHY, Line
from shouwang.outreach.texts import purposes
from shouwang.register.models import Area, Person

ROWS, NAMES = 100, 3
COLUMNS = ("waiting", "in_hand", "sent", "unsure", "failed", "spared")
WARNINGS = {
    "no_office": gettext_lazy("还没有填社区的名称、电话和网址，短信发不出去。"),
    "no_channel": gettext_lazy(
        "还没有短信通道，短信不会自己发出去。请用手机逐条发，或者请管系统的人加通道。"
    ),
}


@dataclass(frozen=True)
class Row:
    """A line of numbers as it is shown: each number with the list that it opens."""

    words: str
    cells: list[tuple[str, str, int, str]]
    answered: int
    inside: str = ""


@page("message.read")
def outbox(request: DeskRequest) -> HttpResponse:
    """What waits, what went out, what did not, by purpose and by area."""
    area = chosen_area(request)
    communities = _communities(area)
    ways = list(ways_out(communities).values())
    by_area = queries.by_area(area, now=request.now)
    labels = queries.labels_of(line.key for line in by_area)
    shown = {
        "area": area,
        "trail": trail(area, request.grants),
        "columns": [_(STATES[name]) for name in COLUMNS],
        "purposes": [
            _row(line, _purpose(line.key), area) for line in queries.by_purpose(area, now=request.now)
        ],
        "areas": [_row(line, labels.get(line.key, line.key), line.key, inside=True) for line in by_area],
        "warnings": [
            WARNINGS[name] for name in WARNINGS if any(name in queries.hindrances(way) for way in ways)
        ],
        "channels": {
            channel.pk: (channel, _(KIND_WORDS[channel.kind])) for way in ways for channel in way.channels
        },
        "offices": {way.office.pk: way.office for way in ways if way.office},
        "community": communities[0] if len(communities) == 1 else "",
        "by_hand": sum(how_many(code, at=request.now) for code in communities[:1]),
        "days": queries.SHOWN_DAYS,
    }
    return render(request, "outreach/outbox.html", shown)


@page("message.read")
def listed(request: DeskRequest) -> HttpResponse:
    """The messages behind a number: names and phones masked, and why one did not go out."""
    return _list(request)


@page("message.send")
@sent("messages")
def again(request: DeskRequest) -> HttpResponse:
    """Sends the chosen ones again, with a reason; what was chosen stays when the reason is missing."""
    chosen = [one for one in map(_uuid, request.POST.getlist("message")) if one]
    try:
        count = actions.resend(
            chosen, reason=written(request, "reason", 200), by=request.user, at=request.now
        )
    except Refusal as refusal:
        return _list(request, refused=sentence(refusal), chosen=chosen)
    messages.success(request, _("{count} 条再发一次，马上就发。").format(count=count))
    return redirect(reverse("messages_list") + "?" + request.GET.urlencode())


def _list(request: DeskRequest, *, refused: str = "", chosen: list[UUID] | None = None) -> HttpResponse:
    area, asked = chosen_area(request), request.GET
    purpose, state = asked.get("purpose", ""), asked.get("state", "")
    rows = queries.messages_of(area, now=request.now, purpose=purpose, state=state)
    start = place_number(asked.get("from", ""))
    found = list(rows[start : start + ROWS + 1])
    shown = {
        "title": " · ".join(filter(None, (_purpose(purpose), _(STATES[state]) if state in STATES else "")))
        or _("通知宣传"),
        "trail": trail(area, request.grants),
        "count": rows.count(),
        "rows": _shown(found[:ROWS]),
        "stuck": state in STUCK and "message.send" in request.grants.may,
        "refused": refused,
        "chosen": chosen or [],
        "query": asked.urlencode(),
        "more": _from(request, start + ROWS) if len(found) > ROWS else "",
        "from_start": _from(request, 0) if start else "",
    }
    return render(request, "outreach/list.html", shown, status=422 if refused else 200)


def _shown(rows: list[Message]) -> list[dict[str, object]]:
    people, workers = queries.people_under(rows), queries.workers_under(rows)
    return [
        _one(row, [row.person] if row.person else people.get(bytes(row.phone_digest), []), workers)
        for row in rows
    ]


def _one(row: Message, people: list[Person], workers: dict[bytes, str]) -> dict[str, object]:
    doors = {f"{one.household.compound} {one.household.door}" for one in people}
    return {
        "message": row,
        "who": _who(people) or workers.get(bytes(row.phone_digest)) or _nobody(row),
        "where": doors.pop() if len(doors) == 1 else "",
        "purpose": _purpose(row.purpose),
        "state": _(STATES[row.state]),  # type: ignore[attr-defined]
        "why": _(WHY[row.why]) if row.why in WHY else "",
        "at": row.sent_at or row.unsure_at or row.given_up_at or row.due_at,
    }


def _who(people: list[Person]) -> str:
    """The family names alone: a list that lies open tells little."""
    names = "、".join(mask_name(one.name) for one in people[:NAMES])
    if len(people) <= 1:
        return names
    return _("{names} 等 {many} 人共用这个号码").format(names=names, many=len(people))


def _nobody(row: Message) -> str:
    return _("这里的底册没有这个号码") if row.phone_mask else _("工作群")


def _row(line: Line, words: str, key: str, *, inside: bool = False) -> Row:
    cells = []
    for name in COLUMNS:
        asked = {"area": key, "state": name} | ({} if inside else {"purpose": line.key})
        cells.append((name, _(STATES[name]), line.counts.get(name, 0), urlencode(asked)))
    return Row(words, cells, line.answered, key if inside else "")


def _purpose(key: str) -> str:
    return _(purposes()[key].words) if key in purposes() else key


def _communities(area: str) -> list[str]:
    """The communities in scope that sign for this area."""
    if len(area) >= COMMUNITY:
        return [area[:COMMUNITY]]
    rows = Area.objects.filter(level="community", code__gte=area, code__lt=area + "~").order_by("code")
    return list(rows.values_list("code", flat=True))


def _from(request: DeskRequest, start: int) -> str:
    asked = request.GET.copy()
    asked["from"] = str(start)
    return asked.urlencode()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
