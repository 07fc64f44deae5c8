"""Contacts go where they live: a row on a list for a community of ours, a letter (协查函) for everywhere else."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import check_id_number
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import clocks_of
from shouwang.screening.cases.models import NOT_A_CONTACT, Case, Contact, Letter
from shouwang.screening.lists.deciding import choose
from shouwang.screening.lists.models import ListRow, PushedList
from shouwang.screening.lists.reading import Written
from shouwang.screening.lists.receiving import add_rows, begin


class NobodyToHandOn(Refusal):
    code = "screening.nobody_to_hand_on"
    sentence = "没有要转的人：先判定是密接还是次密接，再转。"


class NoAddressee(Refusal):
    code = "screening.no_addressee"
    sentence = "请写协查函发给哪里。"


def to_lists(
    case: Case, contacts: Sequence[Contact], *, words: dict[str, str], by: User | None, at: datetime
) -> int:
    """Every judged contact who lives here becomes a row on a list for their community. How many did.

    Shape: `words` are the plan's words of the categories. Raises: NobodyToHandOn, NoClock.
    """
    waiting = [one for one in contacts if is_waiting(one) and one.person_id]
    groups: defaultdict[tuple[str, str], list[Contact]] = defaultdict(list)
    for one in waiting:
        groups[(community_of(one.person.area_code), one.category)].append(one)  # type: ignore[union-attr]
    for (community, category), people in groups.items():
        _hand_on(case, community, category, people, words.get(category, category), by, at)
    if not waiting:
        raise NobodyToHandOn()
    audit("case.to_lists", at=at, by=by, area=case.area_code, case=case.pk, contacts=len(waiting))
    return len(waiting)


def write_letter(
    case: Case, contacts: Sequence[Contact], *, to_whom: str, by: User | None, at: datetime
) -> Letter:
    """A letter about contacts who live elsewhere. Raises: NoAddressee, NobodyToHandOn."""
    if not to_whom.strip():
        raise NoAddressee()
    waiting = [one for one in contacts if is_waiting(one)]
    if not waiting:
        raise NobodyToHandOn()
    hours = clocks_of(case.area_code, now=at).tracing_letter_hours
    number = (Letter.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Letter.objects.create(
        id=uuid7(at), case=case, area_code=case.area_code, number=number, to_whom=to_whom.strip()[:80], issued_at=at,
        due_at=at + timedelta(hours=float(hours)) if hours else None, by=by,
    )  # fmt: skip
    Contact.objects.filter(pk__in=[one.pk for one in waiting]).update(letter=made)
    audit(
        "case.letter", at=at, by=by, area=case.area_code, case=case.pk, letter=made.pk, contacts=len(waiting)
    )
    return made


def in_clear(contacts: Sequence[Contact]) -> list[tuple[Contact, str]]:
    """With the phones in clear, for a letter. Callers have written down who reads them."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return [(one, " ".join(keys.open(phone) for phone in one.phones_sealed)) for one in contacts]


def is_waiting(contact: Contact) -> bool:
    """Judged to be a contact, and handed on to nobody yet."""
    judged = contact.category not in ("", NOT_A_CONTACT)
    return judged and not (contact.row_id or contact.letter_id or contact.void_at)


def _hand_on(
    case: Case,
    community: str,
    category: str,
    people: Sequence[Contact],
    words: str,
    by: User | None,
    at: datetime,
) -> None:
    listed = begin(
        area=community, title=f"流调转来的{words}（病例 {case.number}）", sender="流调", by=by, at=at,
        category=category, source="case",
    )  # fmt: skip
    add_rows(listed, [_written(one, number) for number, one in enumerate(people, start=1)], by=by, at=at)
    rows = {row.number: row for row in ListRow.objects.filter(list=listed).select_related("inquiry")}
    for number, one in enumerate(people, start=1):
        _means(listed, rows[number], one, by, at)
        Contact.objects.filter(pk=one.pk).update(row=rows[number])


def _means(listed: PushedList, row: ListRow, contact: Contact, by: User | None, at: datetime) -> None:
    """The investigator knows who it is, whatever matching made of it."""
    person = contact.person
    if person and row.inquiry.person_id != person.kept_id:
        choose(row.inquiry_id, person.pk, by=by, at=at)


def _written(contact: Contact, number: int) -> Written:
    """What the list says of a contact: who, when last exposed; never who the case is."""
    keys, person = sealer(settings.SEALING_KEY_FILE), contact.person
    if person is None:
        return Written(number, number, "", name=contact.name)
    return Written(
        number, number, "", name=person.name, identity=check_id_number(keys.open(person.id_sealed)), sex=person.sex,
        phones=tuple(keys.open(phone) for phone in person.phones_sealed), born_on=person.born_on,
        address=f"{person.household.compound} {person.household.door}", happened_on=day_of(contact.at),
        happened=f"{day_of(contact.at):%Y-%m-%d}", reason="流调查出，末次接触见日期",
    )  # fmt: skip
