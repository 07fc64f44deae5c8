"""Somebody reports, corrects what they reported, or asks for something about it. Only added, never changed or read here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from procrastinate.contrib.django import app

from shouwang.access.audit import record as audit
from shouwang.access.links import token
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.access.tries import one_more
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import mask_id, mask_phone
from shouwang.lib.sealing import Sealer, sealer
from shouwang.screening.reports.links import OWN
from shouwang.screening.reports.models import FAMILY, Poster, Receipt, ReportedPerson, SelfReport, Wish

RECEIPT_DIGITS, TAIL = 10, 4
TRIES_A_DAY = 10
A_DAY = timedelta(days=1)


class NoSuchReceipt(Refusal):
    code = "screening.no_such_receipt"
    sentence = "回执号和手机号后四位对不上。请对着回执再输一次，或者给社区打电话。"


class TooManyReceipts(Refusal):
    code = "screening.too_many_receipts"
    sentence = "这个回执号今天试的次数太多了。请明天再试，或者给社区打电话。"


@dataclass(frozen=True)
class SaidPerson:
    """One person as somebody told it. Shape: `id_before` is sealed, from the earlier version where it was left as it was."""

    name: str
    id_number: str = ""
    phone: str = ""
    symptoms: Sequence[str] = ()
    id_before: bytes = b""
    phone_before: bytes = b""


@dataclass(frozen=True)
class Said:
    """A form as it was filled in. Shape: `id` was made on the phone; `first` names the report that this one corrects."""

    id: UUID
    phone: str
    people: Sequence[SaidPerson]
    whose: str = FAMILY
    first: UUID | None = None
    teller: str = ""
    compound: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    address: str = ""
    from_place: str = ""
    left_on: date | None = None
    arrived_on: date | None = None
    transport: str = ""
    travel: Sequence[dict[str, str]] = field(default_factory=tuple)
    note: str = ""
    told_at: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """What somebody takes home: the number of the receipt, and the address under which they see what they said."""

    receipt: str
    own: str


def report(
    said: Said,
    *,
    area: str,
    by: User | None,
    at: datetime,
    poster: Poster | None = None,
    asked: UUID | None = None,
) -> Taken:
    """Keeps what somebody reported and lets it land. The same form sent again is the one that is there.

    Works where nothing can be read: the answer is the same whether or not anybody is known.
    """
    keys, first = sealer(settings.SEALING_KEY_FILE), said.first or said.id
    row = SelfReport(
        id=said.id, area_code=area, first=first, poster=poster, asked=asked, told_at=min(said.told_at or at, at),
        recorded_at=at, by=by, whose=said.whose, teller=said.teller, phone_sealed=keys.seal(said.phone),
        phone_mask=mask_phone(said.phone)[:24], compound=said.compound, building=said.building, unit=said.unit,
        room=said.room, address=said.address, from_place=said.from_place, left_on=said.left_on,
        arrived_on=said.arrived_on, transport=said.transport, travel=list(said.travel), note=said.note,
    )  # fmt: skip
    people = [_person(one, number, row, keys) for number, one in enumerate(said.people, 1)]
    SelfReport.objects.bulk_create([row], ignore_conflicts=True)
    ReportedPerson.objects.bulk_create(people, ignore_conflicts=True)
    number = receipt_of(first)
    Receipt.objects.bulk_create(
        [Receipt(digest=_digest(number, said.phone), report=first, area_code=community_of(area))],
        ignore_conflicts=True,
    )
    hand_to_worker(community_of(area))
    return Taken(number, f"/r/own/{token(OWN, first, area)}/")


def complete(said: Said, before: SelfReport) -> Said:
    """A correction, with the numbers of the earlier version where they were left empty: for people of the same name."""
    known = {one.name: one for one in before.people.all()}
    people = [
        replace(
            one, id_before=bytes(known[one.name].id_sealed), phone_before=bytes(known[one.name].phone_sealed)
        )
        if one.name in known
        else one
        for one in said.people
    ]
    phone = said.phone or sealer(settings.SEALING_KEY_FILE).open(before.phone_sealed)
    return replace(said, people=people, phone=phone)


def receipt_of(first: UUID) -> str:
    """The number that is read aloud and written down; the same for every version."""
    keyed = sealer(settings.SEALING_KEY_FILE).digest("receipt number", first.hex)
    return f"{int.from_bytes(keyed, 'big') % 10**RECEIPT_DIGITS:0{RECEIPT_DIGITS}d}"


def find(receipt: str, tail: str, *, at: datetime) -> str:
    """The address of the report with this receipt, for whoever also knows the end of the phone.

    Each try counts, right or wrong. Raises: NoSuchReceipt, TooManyReceipts.
    """
    digits = "".join(sign for sign in receipt if sign.isdecimal())
    if one_more("report receipt", digits, within=A_DAY, at=at) > TRIES_A_DAY:
        raise TooManyReceipts()
    found = Receipt.objects.filter(digest=_digest(digits, tail)).first()
    if found is None:
        raise NoSuchReceipt()
    return f"/r/own/{token(OWN, found.report, found.area_code)}/"


def wish(first: UUID, *, area: str, kind: str, words: str, id: UUID, at: datetime) -> None:
    """Somebody asks that their report be deleted, or says that something is not so. Sent twice it is there once."""
    asked = Wish(id=id, area_code=area, report=first, kind=kind, words=words[:400], at=at)
    Wish.objects.bulk_create([asked], ignore_conflicts=True)


def answer(wish_id: UUID, *, granted: bool, words: str, by: User, at: datetime) -> None:
    """Answers what somebody asked; a report that is to be deleted is deleted with all its versions.

    What stands on the list stays until the response ends: it is the community's record of having asked.
    Raises: NotInScope when it is answered already.
    """
    found = one_in_scope(Wish.objects.filter(pk=wish_id, answered_at=None))
    Wish.objects.filter(pk=wish_id).update(
        answered_at=at, answered_by=by, granted=granted, answer=words[:400]
    )
    if granted and found.kind == "delete":
        SelfReport.objects.filter(first=found.report).delete()
        Receipt.objects.filter(report=found.report).delete()
    audit("screening.answer_wish", at=at, by=by, area=found.area_code, reason=words[:200], wish=wish_id)


def hand_to_worker(community: str) -> None:
    """Asks the worker to land what waits here, when this transaction is through. By the job's name: jobs stand above modules."""
    app.configure_task("shouwang.jobs.land_reports", lock=f"reports {community}").defer(area=community)


def _person(one: SaidPerson, number: int, report: SelfReport, keys: Sealer) -> ReportedPerson:
    identity = one.id_number or keys.open(one.id_before)
    phone = one.phone or keys.open(one.phone_before)
    return ReportedPerson(
        id=uuid5(report.pk, str(number)), area_code=report.area_code, report=report, number=number, name=one.name,
        id_sealed=keys.seal(identity), id_mask=mask_id(identity)[:24], phone_sealed=keys.seal(phone),
        phone_mask=mask_phone(phone)[:24], symptoms=list(one.symptoms),
    )  # fmt: skip


def _digest(receipt: str, phone: str) -> bytes:
    digits = "".join(sign for sign in phone if sign.isdecimal())
    return sealer(settings.SEALING_KEY_FILE).digest("receipt", receipt, digits[-TAIL:])
