"""What was tapped at the doors arrives: each entry by itself, once, and answered by the name that the phone gave it."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

import msgspec
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwang.desk.door.forms import SeenForm
from shouwang.desk.door.my_day import above, find, seen_form, shown
from shouwang.desk.door.opening import at_the_door
from shouwang.desk.door.tenants import NotTaken, take_in, taken, tenant_form
from shouwang.desk.doors import DeskRequest, sentence
from shouwang.desk.living.questions import MORE, replies_in
from shouwang.duties.models import Attempt
from shouwang.ledgers.asked.replying import reply
from shouwang.lib.characters import NO_NUL
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.plans.actions import hours_to_try, plan_of
from shouwang.register.models import Household
from shouwang.screening.actions import Seen, record_attempt, record_visits
from shouwang.screening.models import Visit
from shouwang.screening.taking_back import take_back

MOST, LONGEST_NUMBER = 50, 19
LONGEST_WAIT_S = 72 * 3600
FEVER_C = Decimal("37.3")  # where no plan says otherwise
Words = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]
FewWords = Annotated[str, msgspec.Meta(max_length=64, pattern=NO_NUL)]
Help = Literal["lives_alone", "disabled", "pregnant", "chronic", "no_phone"]
TenantField = Literal["name", "id_number", "sex", "born_on", "phone", "relation", "from_place", "came_on"]
Outcome = Literal["no_answer", "no_reply", "wrong_number", "hung_up", "refused", "moved", "appointed"]


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One tap.

    Shape: `id` is made on the phone at the tap; `of` is what an undo takes back; `again` is an hour as 19:30.
    Units: `waited_s` seconds between the tap and the sending by the phone's clock, which may be wrong.
    """

    id: UUID
    told: Literal[Outcome, "same", "seen", "newcomer", "undo"]
    household: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    waited_s: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_WAIT_S)] = 0
    people: Annotated[int, msgspec.Meta(ge=0, le=99)] | None = None
    again: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    of: UUID | None = None
    met: FewWords = ""
    newcomers: Words = ""
    temperature: Decimal | None = None
    symptoms: Annotated[str, msgspec.Meta(max_length=100, pattern=NO_NUL)] = ""
    helps: Annotated[list[Help], msgspec.Meta(max_length=10)] = []
    handed_out: Annotated[list[FewWords], msgspec.Meta(max_length=20)] = []
    note: Words = ""
    more: dict[FewWords, FewWords] = {}
    newcomer: dict[TenantField, FewWords] | None = None


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """What a phone sends at once; each entry is decoded by itself, so that a bad one stops no other."""

    entries: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST)]


class NotUnderstood(Refusal):
    code = "door.not_understood"
    sentence = "这一条看不懂，没有记。请记在纸上，告诉社区信息员。"


class SomebodyElses(Refusal):
    code = "door.somebody_elses"
    sentence = "这一条的编号已经有了，没有记。请再点一次。"


@require_POST
@partial(at_the_door, late=timedelta(seconds=LONGEST_WAIT_S))
def told(request: DeskRequest) -> HttpResponse:
    """Entries from a phone's script, or one button of a plain form."""
    if request.content_type != "application/json":
        return _plain(request)
    try:
        entries = msgspec.json.decode(request.body, type=Sent).entries
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return JsonResponse({"kept": [], "wrong": []}, status=400)
    answers = [_one(request, bytes(raw)) for raw in entries]
    kept = [{"id": name, "say": said} for name, said, good in answers if good]
    return JsonResponse({"kept": kept, "wrong": [{"id": n, "say": s} for n, s, good in answers if not good]})


def _one(request: DeskRequest, raw: bytes) -> tuple[str, str, bool]:
    """The entry's own name, what is to be said about it, and whether it is kept."""
    try:
        entry = msgspec.json.decode(raw, type=Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _name(raw), sentence(NotUnderstood()), False
    try:
        with transaction.atomic():
            return str(entry.id), keep(request, entry), True
    except Refusal as refusal:
        return str(entry.id), sentence(refusal), False
    except IntegrityError:  # the id is that of something outside these doors
        return str(entry.id), sentence(SomebodyElses()), False


def _name(raw: bytes) -> str:
    try:
        found: Any = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return str(found.get("id", ""))[:64] if isinstance(found, dict) else ""


def keep(request: DeskRequest, entry: Entry) -> str:
    """Writes down one entry; the same one again changes nothing. What its worker must know now, if anything.

    Raises: NotInScope, SomebodyElses, TooLate, NotUnderstood, NotTaken.
    """
    at, by = request.now, request.user
    happened_at = at - timedelta(seconds=entry.waited_s)
    if entry.told == "undo":
        if entry.of is None:
            raise NotUnderstood()
        take_back(entry.of, by=by, tapped_at=happened_at, at=at)
        return ""
    home = find(entry.household)
    if entry.told == "newcomer":
        told = {str(name): said for name, said in (entry.newcomer or {}).items()}
        take_in(request, home, tenant_form(request, told))
        return ""
    if entry.told in ("same", "seen"):
        record_visits([_seen(entry, happened_at)], by=by, at=at)
        _is_ours(Visit, entry)
        _replied(home, entry, happened_at, request)
        return _fever(request, home, entry)
    hours = hours_to_try(plan_of(home.area_code, now=at))
    record_attempt(
        home.pk, outcome=entry.told, tried_at=happened_at, hours=hours, by=by, at=at, id=entry.id,
        next_try_at=_again(entry.again, happened_at), note=entry.note,
    )  # fmt: skip
    _is_ours(Attempt, entry)
    return ""


def _replied(home: Household, entry: Entry, happened_at: datetime, request: DeskRequest) -> None:
    """What forms from above ask besides; each answer checked like any other field. Raises: NotUnderstood."""
    if not entry.more:
        return
    form = seen_form(home, entry.more, now=request.now)
    if not form.is_valid():
        raise NotUnderstood()
    reply(
        replies_in(form.cleaned_data), about=entry.id, area=home.area_code, by=request.user, happened_at=happened_at,
        at=request.now, household=home.pk,
    )  # fmt: skip


def _seen(entry: Entry, at: datetime) -> Seen:
    heat = entry.temperature
    if heat is not None and not (
        heat.is_finite() and Decimal(34) <= heat <= Decimal(43) and heat == round(heat, 1)
    ):
        raise NotUnderstood()
    return Seen(
        entry.household, at, id=entry.id, met=entry.met, people_count=entry.people, newcomers=entry.newcomers,
        temperature_c=heat, symptoms=entry.symptoms, helps=tuple(entry.helps), handed_out=tuple(entry.handed_out),
        note=entry.note,
    )  # fmt: skip


def _is_ours(model: Any, entry: Entry) -> None:
    """Nothing counts as kept that is not there: an id that means another door is no duplicate of this one."""
    if not model.objects.filter(pk=entry.id, household_id=entry.household).exists():
        raise SomebodyElses()


def _again(hour: str | None, at: datetime) -> datetime | None:
    """The agreed hour as a moment: today, or tomorrow where that hour is over."""
    if not hour:
        return None
    there = datetime.combine(at.astimezone(ZONE).date(), time.fromisoformat(hour), tzinfo=ZONE)
    return there if there > at else there + timedelta(days=1)


def _fever(request: DeskRequest, home: Household, entry: Entry) -> str:
    """Whom to call at once, where somebody is ill."""
    plan = plan_of(home.area_code, now=request.now)
    limit = plan.temperature.fever_c if plan and plan.temperature and plan.temperature.fever_c else FEVER_C
    hot = entry.temperature is not None and entry.temperature >= Decimal(str(limit))
    if not hot and not entry.symptoms:
        return ""
    lead = above(home.area_code, request)
    if lead is None:
        return _("有人不舒服，已经记下。请马上打电话给社区。")
    return _("有人不舒服，已经记下。请马上打电话给{name}。").format(name=lead.name)


def _plain(request: DeskRequest) -> HttpResponse:
    """Without a script: one button, then the page again with what was written down."""
    name, _dot, rest = request.POST.get("told", "").partition(".")
    number, _dot, people = rest.partition(".")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER else 0
    form = seen_form(find(pk), request.POST, now=request.now) if name == "seen" else SeenForm()
    if name == "newcomer":
        return _new_tenant(request, find(pk))
    if name == "seen" and not form.is_valid():
        return shown(request, find(pk), form, tenant_form(request), status=422)
    entry = _from_form(request.POST, name, number, people, form)
    said = keep(request, entry)
    if name == "undo":
        messages.success(request, _("已经撤销。"))
        return redirect(f"{reverse('door')}?in={request.POST.get('in', '')[:23]}")
    messages.success(request, _("{door} 已经记下。").format(door=find(entry.household).door))
    if said:
        messages.error(request, said)
        return redirect("door_household", pk=entry.household)
    return redirect(f"{reverse('door')}?in={request.POST.get('in', '')[:23]}&last={entry.id}")


def _new_tenant(request: DeskRequest, home: Household) -> HttpResponse:
    """Without a script: a new tenant, or the form again with what is wrong beside the field."""
    form = tenant_form(request, request.POST)
    try:
        take_in(request, home, form)
    except NotTaken:
        return shown(request, home, seen_form(home, now=request.now), form, status=422)
    return taken(request, home)


def _from_form(post: Mapping[str, str], name: str, number: str, people: str, form: SeenForm) -> Entry:
    """A button's value as an entry: same.71.4, no_answer.71, undo.71.<id>. A page sent twice tells it once."""
    try:
        told_id = uuid5(UUID(post.get("page", "")), post.get("told", ""))
    except ValueError:
        told_id = None
    values: dict[str, Any] = {
        "id": told_id,
        "told": name,
        "household": number,
        "again": post.get("again") or None,
    }
    if name == "undo":
        values["of"] = people
    elif name == "seen":
        more = {field: str(value) for field, value in form.cleaned_data.items() if field.startswith(MORE)}
        told = {field: value for field, value in form.cleaned_data.items() if field not in more}
        values |= {field: value for field, value in told.items() if value not in (None, "")}
        values["more"] = {field: value for field, value in more.items() if value not in ("None", "")}
    elif name == "same":
        values["people"] = people
    if told_id is None:
        raise NotUnderstood()
    try:
        return msgspec.convert(values, Entry, strict=False)
    except msgspec.ValidationError as wrong:
        raise NotUnderstood() from wrong
