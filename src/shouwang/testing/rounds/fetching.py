"""Medical samplers are fetched from their hospital: how many, by when, with which car, whom to ring up; and they arrived."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Left

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan, void
from shouwang.duties.windows import Window
from shouwang.lib.codes import COMMUNITY, community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.ids import uuid7
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import sealer
from shouwang.testing.duties import FETCH_MEDICS
from shouwang.testing.rounds.models import Fetching, Round


class DueInThePast(Refusal):
    code = "testing.fetch_in_the_past"
    sentence = "接人的时间已经过了，请改一下。"


class FetchedAlready(Refusal):
    code = "testing.fetched_already"
    sentence = "这一趟已经接到了，或者已经撤销。"


class NoPhone(Refusal):
    code = "testing.fetch_no_phone"
    sentence = "请写医院联系人的电话，路上要用。"


@dataclass(frozen=True)
class Asked:
    """Whom to fetch. Shape: `phone` of whoever answers there, in clear; it is kept sealed."""

    hospital: str
    people: int
    vehicle: str
    phone: str
    due_at: datetime


def fetch(row: Round, area: str, asked: Asked, *, by: User, at: datetime, id: UUID | None = None) -> Fetching:
    """Samplers are to be fetched; somebody owes it until they are there. Sent twice (one `id`) it is one.

    Raises: DueInThePast, NoPhone.
    """
    if id and (already := Fetching.objects.filter(pk=id).first()):
        return already
    if asked.due_at <= at:
        raise DueInThePast()
    numbers = read_phones(asked.phone).numbers
    if not numbers:
        raise NoPhone()
    keys = sealer(settings.SEALING_KEY_FILE)
    made = Fetching.objects.create(
        id=id or uuid7(at), area_code=community_of(area), round=row, hospital=asked.hospital.strip()[:60], people=asked.people,
        vehicle=asked.vehicle.strip()[:16], phone_sealed=keys.seal(numbers[0]), phone_mask=mask_phone(numbers[0])[:24],
        due_at=asked.due_at, asked_at=at, asked_by=by,
    )  # fmt: skip
    who = Fetching.objects.filter(pk=made.pk).annotate(subject=Left("area_code", COMMUNITY), about=F("id"))
    plan(FETCH_MEDICS, who, Window(at, asked.due_at), at=at, batch=row.pk)
    audit(
        "testing.fetch",
        at=at,
        by=by,
        area=made.area_code,
        round=row.pk,
        fetching=made.pk,
        people=asked.people,
    )
    return made


def arrived(pk: UUID, *, by: User, at: datetime) -> Fetching:
    """They are there. Raises: NotInScope, FetchedAlready."""
    row = _open(pk)
    Fetching.objects.filter(pk=pk).update(at=at, recorded_at=at, fetched_by=by)
    settle_about(FETCH_MEDICS, [pk], communities=[row.area_code], at=at)
    audit("testing.fetched", at=at, by=by, area=row.area_code, fetching=pk)
    return row


def call_off(pk: UUID, *, reason: str, by: User, at: datetime) -> None:
    """Nobody needs to be fetched. Raises: NotInScope, FetchedAlready."""
    row = _open(pk)
    Fetching.objects.filter(pk=pk).update(void_at=at, void_reason=reason[:100])
    void(
        Duty.objects.filter(kind=FETCH_MEDICS.name, about=pk, fact="owed"), reason=reason[:100], by=by, at=at
    )
    audit("testing.fetch_off", at=at, by=by, area=row.area_code, reason=reason, fetching=pk)


def _open(pk: UUID) -> Fetching:
    row = one_in_scope(Fetching.objects.filter(pk=pk))
    if row.at or row.void_at:
        raise FetchedAlready()
    return row
