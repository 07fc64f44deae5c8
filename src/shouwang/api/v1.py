"""The door for machines, version 1: phones come in, send what happened, and take what their day needs."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Status
from ninja.errors import ValidationError

from shouwang.access.models import User
from shouwang.access.roles import permissions_of
from shouwang.access.signing import is_signed, own_key
from shouwang.access.tries import one_more, sender, so_far
from shouwang.api import shapes
from shouwang.api.checking import at_gate
from shouwang.api.doors import (
    DATABASE_AWAY,
    NoMore,
    NotLetIn,
    NotUnderstood,
    TooLarge,
    TooOften,
    away,
    body_of,
    phone,
    refuse,
    refused,
)
from shouwang.api.packages import packed
from shouwang.catalogue import EVENT_KINDS
from shouwang.devices import enrolling, tokens
from shouwang.devices.day import FULL_NAMES, who_may_use
from shouwang.devices.envelope import MOST_BYTES, MOST_EVENTS, is_name, read_sending
from shouwang.devices.models import Device
from shouwang.devices.photos import MOST_BYTES as LARGEST_PHOTO
from shouwang.devices.photos import take
from shouwang.devices.receiving import held_of, receive
from shouwang.flows.phones.call_a_door import numbers_of
from shouwang.lib import clock
from shouwang.lib.errors import Refusal
from shouwang.register.models import Household

TRIES, LOOKS, MINUTES = 30, 60, 10
PHOTOS = 120
VISITING, GUARDING = "visit.record", "gate.work"
WRONG = dict.fromkeys((401, 403, 413, 422, 429, 503), shapes.Refused)
BATCH = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": shapes.SENDING}}},
    "parameters": [
        {
            "name": "X-Batch-Id",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": r"^[\w-]{1,64}$"},
        }
    ],
    "responses": {
        201: {"description": "taken", "content": {"application/json": {"schema": shapes.ANSWER}}},
        400: {"description": "no batch_id in the header"},
    },
}
SESSION: dict[str, Any] = {"security": [{"session": []}]}


api = NinjaAPI(
    title="守望",
    version="1",
    description="What phones and other clients send and take. docs/how-to/phones.md says how to use it.",
    docs_url=None,
    openapi_extra={"components": {"securitySchemes": {"session": {"type": "http", "scheme": "bearer"}}}},
)


@api.post(
    "/enrol", response={201: shapes.Enrolled, **WRONG}, summary="A phone comes in by a code that works once"
)
def enrol(request: HttpRequest, told: shapes.Enrol) -> Status:
    """Wrong tries are counted by where they come from, and wrong last digits by the card."""
    now, from_where = clock.now(), sender(request)
    if so_far("enrol", from_where, at=now) >= TRIES:
        raise TooOften(minutes=MINUTES)
    try:
        enrolling.check_tail(told.code, told.tail, at=now)
        asked = enrolling.Asked(told.code, told.key.model_dump(), told.proof, told.tail, told.label)
        with transaction.atomic():
            device = enrolling.enrol(asked, at=now)
    except Refusal:
        one_more("enrol", from_where, within=timedelta(minutes=MINUTES), at=now)
        raise
    names = User.objects.filter(pk__in=device.workers).order_by("name").values("id", "name")
    return Status(201, {
        "device_id": device.pk, "workers": list(names), "role": device.role, "area_codes": device.area_codes,
        "server_key": own_key(), "server_time": now,
    })  # fmt: skip


@api.post(
    "/session/question", response={200: shapes.Asked, **WRONG}, summary="What the phone must sign to come in"
)
def question(request: HttpRequest, told: shapes.Question) -> object:
    """Asked of anybody; it tells nobody whether there is such a phone."""
    return {"question": tokens.make(tokens.QUESTION, told.device_id, at=clock.now())}


@api.post("/session", response={200: shapes.Session, **WRONG}, summary="A word that is good for a shift")
def session(request: HttpRequest, told: shapes.Signed) -> object:
    """For whoever holds the key of the phone; the phone's own clock has no say."""
    now = clock.now()
    device = _signed(told)
    refuse(device)
    token = tokens.make(tokens.SESSION, device.pk, tuple(device.area_codes), at=now)
    return {
        "token": token,
        "good_for_s": int(tokens.GOOD_FOR[tokens.SESSION].total_seconds()),
        "server_time": now,
    }


@api.post("/session/wiped", response={204: None, **WRONG}, summary="The phone holds nothing any more")
def wiped(request: HttpRequest, told: shapes.Signed) -> Status:
    """What a phone says after it was told to forget everything, before it forgets its key."""
    enrolling.confirm_wiped(_signed(told), at=clock.now())
    return Status(204, None)


@api.post(
    "/events", openapi_extra={**BATCH, **SESSION}, response=WRONG, summary="Up to 500 things that happened"
)
def events(request: HttpRequest) -> HttpResponse:
    """Decoded event by event and not as one typed body: one bad event never stops its neighbours."""
    now, batch_id = clock.now(), request.headers.get("X-Batch-Id", "")
    body = body_of(request, most=MOST_BYTES)
    sending = read_sending(body)
    if sending and len(sending.events) > MOST_EVENTS:
        raise TooLarge()
    if not is_name(batch_id):
        return HttpResponse(status=400)
    with phone(request, now=now, alone=True) as device:
        answer = receive(body, sending, batch_id, EVENT_KINDS, device=device, at=now)
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json", status=201)


@api.post(
    "/events/have",
    response={200: shapes.Had, **WRONG},
    openapi_extra=SESSION,
    summary="Which events are durably here",
)
def have(request: HttpRequest, told: shapes.Have) -> object:
    """The proof that a phone may be green."""
    with phone(request, now=clock.now()) as device:
        return {
            "have": held_of(device, told.ids),
            "highest_contiguous_seq": device.contiguous_seq,
            "highest_seq": device.highest_seq,
        }


@api.post(
    "/photos",
    response={201: shapes.Photographed, **WRONG},
    openapi_extra={"requestBody": shapes.PHOTO, **SESSION},
    summary="A photograph of something that happened, after its event",
)
def photos(request: HttpRequest, photo: UUID, event: UUID) -> Status:
    """The picture itself is the body. Sent again under the same id it is one."""
    now, body = clock.now(), body_of(request, most=LARGEST_PHOTO)
    with phone(request, now=now, alone=True) as device:
        if one_more("photos", str(device.pk), within=timedelta(minutes=MINUTES), at=now) > PHOTOS:
            raise TooOften(minutes=MINUTES)
        outcome = take(photo, event, body, EVENT_KINDS, device=device, at=now)
    return Status(201, {"photo_id": photo, "outcome": outcome})


@api.post(
    "/numbers",
    response={200: shapes.Numbers, **WRONG},
    openapi_extra=SESSION,
    summary="The numbers of a door",
)
def numbers(request: HttpRequest, told: shapes.Calling) -> object:
    """For whoever goes there, and for a guard with a visitor; that they looked, and why, is written down before they are told."""
    now = clock.now()
    with phone(request, now=now) as device:
        if one_more("numbers", str(device.pk), within=timedelta(minutes=MINUTES), at=now) > LOOKS:
            raise TooOften(minutes=MINUTES)
        may = permissions_of([device.role])
        worker = next((one for one in who_may_use(device.workers, now=now) if one.pk == told.worker), None)
        home = Household.objects.filter(pk=told.household).first()
        why = _("上门前打电话") if VISITING in may else _("来访的人在门岗") if GUARDING in may else ""
        if worker is None or home is None or not why:
            raise NoMore()
        return {
            "numbers": [
                asdict(number)
                for number in numbers_of(home, full_names=FULL_NAMES in may, reason=why, by=worker, at=now)
            ]
        }


@api.get("/package", openapi_extra=SESSION, response=WRONG, summary="What the phone's day needs, signed")
def package(request: HttpRequest, since: str = "") -> HttpResponse:
    """Whole, or only what changed since a version that the phone names; nothing where nothing changed."""
    now = clock.now()
    with phone(request, now=now) as device:
        return packed(request, device, since[:40], now)


@api.post(
    "/gate/check",
    response={200: shapes.Checked, **WRONG},
    openapi_extra={"requestBody": shapes.CHECK, **SESSION},
    summary="May whoever stands here pass, and it is written down",
)
def gate_check(request: HttpRequest) -> HttpResponse:
    """Body: the event `gates.passage` without what was decided. Told later under the same id it counts once."""
    return at_gate(request)


@api.exception_handler(Refusal)
def _no(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refused(request, refusal)


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    return refused(request, NotUnderstood())


for away_error in DATABASE_AWAY:
    api.add_exception_handler(away_error, away)


def _signed(told: shapes.Signed) -> Device:
    """The phone that signed our question. Raises: NotLetIn."""
    word = tokens.read(tokens.QUESTION, told.question, at=clock.now())
    device = Device.objects.filter(pk=told.device_id).first()
    if word is None or device is None or word.device != device.pk:
        raise NotLetIn()
    if not is_signed(f"shouwang-session.{told.question}", told.signature, device.key):
        raise NotLetIn()
    return device
