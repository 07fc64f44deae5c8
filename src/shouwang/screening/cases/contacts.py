"""Contacts: named by the person or found in records, judged by somebody, corrected without losing what stood before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.clock import midnight
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import sealer
from shouwang.lib.traces import Trace
from shouwang.register.finding.sealed import phone_values
from shouwang.screening.cases.days import DAY, exposed_at, first_day
from shouwang.screening.cases.models import Case, Contact, Statement
from shouwang.screening.cases.opening import kept_person

PHONE = re.compile(r"1[3-9]\d[\d ]{8,10}|1\d{10}|0\d{2,3}-?\d{7,8}")
MOST_NAMED = 30


class OutsideTheDays(Refusal):
    code = "screening.outside_the_days"
    sentence = "时间不在这个病例要查的日子里（{first} 到 {last}）。"


class AlreadyCorrected(Refusal):
    code = "screening.already_corrected"
    sentence = "这一条已经改过了，请刷新再看。"


class AlreadyHandedOn(Refusal):
    code = "screening.contact_handed_on"
    sentence = "{name}已经转给社区或发过协查函，要改请先和对方说好。"


@dataclass(frozen=True)
class Named:
    """Somebody as the person named them: 王五 13900000001 电力楼院3-2-502."""

    name: str
    phone: str = ""
    address: str = ""


def read_named(text: str) -> list[Named]:
    """One on each line: name first, a phone anywhere, the rest is where they live or who they are. Pure."""
    found = []
    for line in filter(None, (line.strip(" \t，,；;、") for line in text.splitlines())):
        phone = PHONE.search(line)
        rest = (line.replace(phone[0], " ") if phone else line).strip()
        name, _, address = re.sub(r"[\s，,；;、]+", " ", rest).strip().partition(" ")
        if name:
            found.append(Named(name[:64], phone[0].replace(" ", "") if phone else "", address[:160]))
    return found[:MOST_NAMED]


def say(
    case: Case, *, from_at: datetime, until: datetime, place: str, transport: str, named: Sequence[Named],
    by: User | None, at: datetime, replaces: UUID | None = None, reason: str = "",
) -> Statement:  # fmt: skip
    """What the person says of some hours, and who was there; a correction strikes the earlier one with its contacts.

    Raises: OutsideTheDays, AlreadyCorrected, AlreadyHandedOn.
    """
    first, last = midnight(first_day(case)), midnight(case.last_on) + DAY
    if not (first <= from_at <= until < last + DAY and from_at < last and from_at <= at):
        raise OutsideTheDays(first=first_day(case), last=case.last_on)
    if replaces:
        _strike_statement(case, replaces, reason, by, at)
    made = Statement.objects.create(
        id=uuid7(at), area_code=case.area_code, case=case, at=from_at, until=until, place=place[:120],
        transport=transport[:60], recorded_at=at, by=by, replaces_id=replaces,
    )  # fmt: skip
    for one in named:
        _name(case, made, one, by, at)
    audit("case.say", at=at, by=by, area=case.area_code, case=case.pk, statement=made.pk, named=len(named))
    return made


def add_traced(case: Case, trace: Trace, *, category: str, by: User | None, at: datetime) -> Contact:
    """Somebody whom the records know to have been there. Who is a contact already, is met again: the later one counts."""
    exposed = exposed_at(trace, case, now=at)
    known = _known(case, trace)
    if known and (known.at >= exposed or known.row_id or known.letter_id):
        return known if not category or known.category else judge(known, category=category, by=by, at=at)
    if known:
        _strike(known, "更晚又见过", by, at)
    made = Contact.objects.create(
        id=uuid7(at), area_code=case.area_code, case=case, person_id=trace.person, name=trace.name[:64], source=trace.source,
        place=trace.place[:120], how=trace.how[:80], near=trace.near, at=exposed, recorded_at=at, by=by,
        category=category or (known.category if known else ""), replaces=known,
    )  # fmt: skip
    audit("case.add_contact", at=at, by=by, area=case.area_code, case=case.pk, contact=made.pk)
    return made


def judge(contact: Contact, *, category: str, by: User | None, at: datetime) -> Contact:
    """What somebody is: a category of the plan, or no contact. Judged again, the earlier word stays readable."""
    if contact.row_id or contact.letter_id:
        raise AlreadyHandedOn(name=contact.name)
    if not contact.category:
        if not Contact.objects.filter(pk=contact.pk, void_at=None, category="").update(category=category):
            raise AlreadyCorrected()
        made = Contact.objects.get(pk=contact.pk)
    else:
        made = _instead(contact, by, at, reason="改判", category=category)
    audit(
        "case.judge",
        at=at,
        by=by,
        area=contact.area_code,
        case=contact.case_id,
        contact=made.pk,
        category=category,
    )
    return made


def is_person(contact: Contact, person: int, *, by: User | None, at: datetime) -> Contact:
    """Found in the register. Raises: NotInScope, AlreadyHandedOn, AlreadyCorrected."""
    meant = kept_person(person)
    if contact.row_id or contact.letter_id:
        raise AlreadyHandedOn(name=contact.name)
    same = (
        Contact.objects.filter(case=contact.case_id, person=meant, void_at=None)
        .exclude(pk=contact.pk)
        .first()
    )
    if same:
        keeps, goes = (same, contact) if same.at >= contact.at else (contact, same)
        _strike(goes, "同一个人", by, at)
        contact = keeps
        if keeps == same:
            return same
    made = _instead(contact, by, at, reason="在底册里找到", person=meant, name=meant.name)
    audit(
        "case.found",
        at=at,
        by=by,
        area=contact.area_code,
        case=contact.case_id,
        contact=made.pk,
        person=meant.pk,
    )
    return made


def met_through(contact: Contact, through: Contact | None, *, by: User | None, at: datetime) -> Contact:
    """Not the case was met but this contact (second ring). Raises: NotInScope, AlreadyCorrected."""
    above = through
    while above is not None:
        if above.pk == contact.pk or above.case_id != contact.case_id:
            raise NotInScope()
        above = above.through
    if not Contact.objects.filter(pk=contact.pk, void_at=None).update(through=through):
        raise AlreadyCorrected()
    audit("case.through", at=at, by=by, area=contact.area_code, case=contact.case_id, contact=contact.pk)
    return Contact.objects.get(pk=contact.pk)


def _known(case: Case, trace: Trace) -> Contact | None:
    rows = Contact.objects.filter(case=case, void_at=None)
    rows = (
        rows.filter(person=trace.person)
        if trace.person
        else rows.filter(person=None, name=trace.name[:64], source=trace.source)
    )
    return rows.first()


def _name(case: Case, statement: Statement, one: Named, by: User | None, at: datetime) -> None:
    phones = phone_values(read_phones(one.phone).numbers, sealer(settings.SEALING_KEY_FILE))
    Contact.objects.create(
        id=uuid7(at), area_code=case.area_code, case=case, name=one.name, address=one.address, source="said",
        statement=statement, place=statement.place, how=statement.transport, at=min(statement.until, at), recorded_at=at,
        by=by, phones_sealed=phones["phones_sealed"], phone_mask=phones["phone_mask"],
    )  # fmt: skip


def _instead(contact: Contact, by: User | None, at: datetime, *, reason: str, **changes: Any) -> Contact:
    """The same contact with something changed; the one before is struck and stays readable."""
    _strike(contact, reason, by, at)
    kept = {field.attname: getattr(contact, field.attname) for field in Contact._meta.concrete_fields}
    fresh = {"id": uuid7(at), "recorded_at": at, "by_id": by.pk if by else None, "replaces_id": contact.pk}
    fresh |= {"void_at": None, "void_by_id": None, "void_reason": ""}
    made = Contact(**(kept | fresh))
    for name, value in changes.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    Contact.objects.filter(through=contact.pk).update(through=made)
    return made


def _strike(contact: Contact, reason: str, by: User | None, at: datetime) -> None:
    still = Contact.objects.filter(pk=contact.pk, void_at=None)
    if not still.update(void_at=at, void_by=by, void_reason=reason[:100]):
        raise AlreadyCorrected()


def _strike_statement(case: Case, pk: UUID, reason: str, by: User | None, at: datetime) -> None:
    said = Statement.objects.filter(pk=pk, case=case, void_at=None)
    handed_on = Contact.objects.filter(statement=pk, void_at=None).exclude(row=None, letter=None).first()
    if handed_on:
        raise AlreadyHandedOn(name=handed_on.name)
    if not said.update(void_at=at, void_by=by, void_reason=reason[:100]):
        raise AlreadyCorrected()
    Contact.objects.filter(statement=pk, void_at=None).update(
        void_at=at, void_by=by, void_reason=reason[:100]
    )
