"""Asking for messages, in bulk: each person once, whatever number of lists they are on; and what happens to them afterwards."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.duties.writing import as_bytes, write
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.ids import uuid7
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import sealer
from shouwang.outreach import codes
from shouwang.outreach.models import Batch, Message
from shouwang.outreach.texts import purpose
from shouwang.register.models import Person

SLOTS = 64
# So few locks that a hundred thousand messages take no more of them than ten: a server has room for some thousands.
LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('outreach ' || slot, 0))
FROM (SELECT DISTINCT abs(mod(hashtextextended(key, 0), %s)) AS slot FROM unnest(%s::text[]) AS key ORDER BY 1) AS slots
"""


class NoReason(Refusal):
    code = "outreach.no_reason"
    sentence = "请写明为什么要再发一次，会记下来。"


class NothingToResend(Refusal):
    code = "outreach.nothing_to_resend"
    sentence = "选的这些已经发出去了，或者还在等着发，不用再发。"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Somebody is to be told something.

    Shape: `phone` in clear (it is sealed before it is kept), empty for a message to a group of workers; `once`: within one
    purpose a phone, and a person, gets at most one message of the same key, whenever and by whomever it is asked for
    again; `about` is the row that it is for, for `answered`; `params` are the words that the text asks for, and `path`
    where its link shall lead elsewhere than its purpose says; `not_before` keeps it back until somebody has slept.
    """

    phone: str
    purpose: str
    once: str
    area_code: str
    person: Person | None = None
    about: UUID | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    language: str = "zh_hans"
    urgent: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True)
class Sent:
    """What came of asking: who gets a message now, who had one already, who has no number that a message reaches."""

    new: list[Wanted]
    already: list[Wanted]
    unreachable: list[Wanted]
    batch: UUID | None = None


def send(messages: Iterable[Wanted], *, by: User | None, at: datetime) -> Sent:
    """Puts messages into the outbox and lets a worker hand them over. Asked twice, it sends once.

    Raises: NoSuchPurpose, Unfilled. Cost: five questions to the database per thousand.
    """
    wanted = list(messages)
    for one in wanted:
        purpose(one.purpose).check(one.params)
    reachable = [one for one in wanted if _reaches(one)]
    unreachable = [one for one in wanted if not _reaches(one)]
    if not reachable:
        return Sent([], [], unreachable)
    with transaction.atomic():
        batch = Batch.objects.create(
            id=uuid7(at),
            area_codes=sorted({community_of(one.area_code) for one in reachable}),
            made_at=at,
            by=by,
            next_at=at,
        )
        rows = _rows(reachable, at=at)
        new = _keep(rows, batch, at=at)
        kept = [one for one, row in zip(reachable, rows, strict=True) if row["id"] in new]
        already = [one for one, row in zip(reachable, rows, strict=True) if row["id"] not in new]
        _tell(batch, kept, by=by, at=at)
    return Sent(kept, already, unreachable, batch.pk if new else None)


def resend(messages: Sequence[UUID], *, reason: str, by: User, at: datetime) -> int:
    """Sends again what was given up, or of which nobody knows whether it went: a person decides, with a reason.

    Raises: NoReason, NothingToResend.
    """
    if not reason.strip():
        raise NoReason()
    ended = Q(unsure_at__isnull=False) | Q(given_up_at__isnull=False)
    stuck = Message.objects.filter(ended, pk__in=messages, answered_at=None)
    with transaction.atomic():
        rows = list(stuck.select_for_update().order_by("pk"))
        if not rows:
            raise NothingToResend()
        stuck.filter(pk__in=[row.pk for row in rows]).update(
            unsure_at=None, given_up_at=None, why="", tries=0, made_at=at, due_at=at
        )
        keys = sealer(settings.SEALING_KEY_FILE)
        phones = (keys.open(row.phone_sealed) for row in rows)
        codes.for_messages([phone for phone in phones if phone], at=at)
        for batch in {row.batch_id for row in rows}:
            Batch.objects.filter(pk=batch).update(next_at=at)
            hand_to_worker(batch)
        for area in {community_of(row.area_code) for row in rows}:
            mine = [row.pk for row in rows if row.area_code.startswith(area)]
            record("outreach.resend", at=at, by=by, area=area, reason=reason[:200], messages=mine)
    return len(rows)


def answered(abouts: Iterable[UUID], *, at: datetime) -> int:
    """These have answered: what was sent to them is settled, what still waits is not sent any more."""
    asked = Message.objects.filter(about__in=list(abouts), answered_at=None)
    open_ones = asked.filter(sent_at=None, unsure_at=None, given_up_at=None, claim=None)
    spared = open_ones.update(answered_at=at, given_up_at=at, why="answered")
    return spared + asked.update(answered_at=at)


def withdraw(message: UUID, *, by: User, at: datetime) -> None:
    """A message that still waits is not sent. Raises: NotInScope when it is gone already."""
    waiting = Message.objects.filter(pk=message, sent_at=None, unsure_at=None, given_up_at=None, claim=None)
    if not waiting.update(given_up_at=at, why="withdrawn"):
        raise NotInScope()
    area = Message.objects.values_list("area_code", flat=True).get(pk=message)
    record("outreach.withdraw", at=at, by=by, area=area, message=message)


def hand_to_worker(batch: UUID) -> None:
    """Asks the worker for one batch, when this transaction is through. By the job's name: jobs stand above modules."""
    job = app.configure_task("shouwang.jobs.deliver_messages", lock=f"outreach {batch}")
    job.defer(batch_id=str(batch))


def _reaches(wanted: Wanted) -> bool:
    to_phone = purpose(wanted.purpose).to == "resident"
    return bool(MOBILE.fullmatch(wanted.phone)) if to_phone else not wanted.phone


def _keep(rows: Sequence[Mapping[str, Any]], batch: Batch, *, at: datetime) -> set[UUID]:
    """Two who ask for the same at once wait for each other, so that neither sees half of the other's. Which are new."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [SLOTS, sorted({f"{row['purpose']} {row['once']}" for row in rows})])
    same = {"batch_id": batch.pk, "made_at": at}
    return write(Message, rows, same=same)


def _rows(wanted: Sequence[Wanted], *, at: datetime) -> list[dict[str, Any]]:
    """Shape: in the order of their ids, in which they are written: of two that are the same, whoever was named first is told."""
    keys = sealer(settings.SEALING_KEY_FILE)
    ids = sorted(uuid7(at) for _one in wanted)
    return [
        {
            "id": key, "area_code": one.area_code, "person_id": one.person.pk if one.person else None,
            "phone_sealed": as_bytes(keys.seal(one.phone)),
            "phone_digest": as_bytes(keys.digest("phone", one.phone) if one.phone else b""),
            "phone_mask": mask_phone(one.phone) if one.phone else "", "purpose": one.purpose, "about": one.about,
            "once": one.once, "params": dict(one.params), "language": one.language, "urgent": one.urgent,
            "due_at": max(at, one.not_before or at),
        }
        for key, one in zip(ids, wanted, strict=True)
    ]  # fmt: skip


def _tell(batch: Batch, kept: Sequence[Wanted], *, by: User | None, at: datetime) -> None:
    """The digits in the messages are good from now on, a line says who asked for how many, and a worker begins."""
    if not kept:
        batch.delete()
        return
    codes.for_messages({one.phone for one in kept if one.phone}, at=at)
    counts = Counter(community_of(one.area_code) for one in kept)
    for area in sorted(counts):
        record("outreach.send", at=at, by=by, area=area, batch=batch.pk, messages=counts[area])
    hand_to_worker(batch.pk)
