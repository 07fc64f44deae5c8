"""All that is known of somebody who is asked: lists, door, who else there is asked, calls, answers, messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.duties.models import Attempt, Duty
from shouwang.lib.clock import day_of
from shouwang.lib.errors import NotInScope
from shouwang.lib.sealing import sealer
from shouwang.register.models import Household, Person
from shouwang.register.queries import people_of, reveal
from shouwang.screening.duties import FOLLOW_UP, LIST_ROW
from shouwang.screening.lists.models import Check, Inquiry, ListRow, Referral
from shouwang.screening.lists.queries import SETTLES
from shouwang.screening.lists.settling import unsettled
from shouwang.screening.reports.queries import SaidOf, said_of, told_of

LONGEST = 200
SAID_BY_THEMSELVES = ("symptoms", "temperature_c", "note")


@dataclass
class Card:
    """One person to be asked, as a worker needs to see them.

    Shape: `waiting` are the rows that nothing settled yet; `others` who of the same door has to be asked too;
    `follow_up` is owed now, `follow_ups` are the days on which it is.
    """

    inquiry: Inquiry
    rows: list[ListRow]
    waiting: list[ListRow]
    household: Household | None = None
    family: list[Person] = field(default_factory=list)
    others: list[Inquiry] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    referral: Referral | None = None
    follow_up: bool = False
    follow_ups: list[date] = field(default_factory=list)
    said: SaidOf | None = None

    @property
    def person(self) -> Person | None:
        """Who it is, where that is known."""
        return self.inquiry.person

    @property
    def name(self) -> str:
        """How they are called: as the register says, else as a sender wrote."""
        return self.person.name if self.person else next((row.name for row in self.rows if row.name), "")

    @property
    def due_at(self) -> datetime | None:
        """By when the first of the lists wants an answer."""
        return min((row.list.due_at for row in self.waiting), default=None)

    @property
    def settled(self) -> bool:
        """Whether every list has its answer."""
        return not self.waiting


def cards(inquiries: Sequence[UUID]) -> dict[UUID, Card]:
    """The cards of these people, without what was tried and said. Cost: four questions to the database, whatever their number."""
    found = Inquiry.objects.filter(pk__in=inquiries).select_related("person__household", "helper__user")
    rows = ListRow.objects.filter(inquiry__in=inquiries).select_related("list")
    made = {one.pk: Card(one, [], []) for one in found}
    for row in rows.annotate(open=~Exists(SETTLES)).order_by("list__due_at", "number"):
        made[row.inquiry_id].rows.append(row)
        if row.open:
            made[row.inquiry_id].waiting.append(row)
    _homes(made)
    return made


def card_of(inquiry: UUID, *, now: datetime) -> Card:
    """One card, with the follow-up of today and the doctor who has to see them. Raises: NotInScope."""
    found = cards([inquiry])
    if inquiry not in found:
        raise NotInScope()
    card = found[inquiry]
    _told(card)
    owed = Duty.objects.filter(kind=FOLLOW_UP.name, fact="owed", about=inquiry, due_at__gt=now)
    asked_again = list(owed.order_by("opens_at").values_list("opens_at", flat=True))
    card.follow_ups = [day_of(at) for at in asked_again]
    card.follow_up = any(at <= now for at in asked_again)
    return card


def known_of(card: Card, *, category: str = "") -> dict[str, Any]:
    """What need not be asked again: what was said last, else what the person reported, else what the lists say."""
    rows, last = card.waiting or card.rows, card.checks[0] if card.checks else None
    values: dict[str, Any] = {
        "from_place": _first(row.from_place for row in rows),
        "arrived_on": _first(row.happened_on for row in rows if row.list.category != "close_contact"),
        "transport": _first(row.transport for row in rows),
        "address": "" if card.person else _first(row.address for row in rows),
        "category": category or _first(row.list.category for row in rows),
        "people_count": len(card.family) + 1 if card.person else None,
    }
    reported = None if last or card.said is None else told_of(card.said)
    said = ("from_place", "left_on", "arrived_on", "transport", "address", "category", "health_code",
            "travel_code", "tested_on", "test_result", "people_count", "identity_seen")  # fmt: skip
    for name in (*said, *(SAID_BY_THEMSELVES if reported else ())):
        told = getattr(last or reported, name, None)
        if told not in ("", None):
            values[name] = told
    if reported:
        values["channel"] = reported.channel
    return values


def numbers_of(card: Card, *, by: User, at: datetime, reason: str) -> list[tuple[str, str]]:
    """The phones to call, with whose they are: the person's, the family's, then what the senders wrote.

    That they were read is written down first.
    """
    found: dict[str, str] = {}
    for person in [one for one in (card.person, *card.family) if one and one.phones_sealed]:
        for phone in reveal(person, "phones", by=by, at=at, reason=reason):
            found.setdefault(phone, person.name)
    keys, sealed = sealer(settings.SEALING_KEY_FILE), [row for row in card.rows if row.phones_sealed]
    if sealed:
        record(
            "screening.reveal_row", at=at, by=by, area=sealed[0].area_code, reason=reason[:LONGEST],
            rows=[row.pk for row in sealed],
        )  # fmt: skip
    for row in sealed:
        for number in map(keys.open, row.phones_sealed):
            found.setdefault(number, row.list.title)
    return [(whose, phone) for phone, whose in found.items()]


def _homes(made: dict[UUID, Card]) -> None:
    """The door, who lives there, and who of them has to be asked too."""
    homes = {card.person.household.kept_id: card for card in made.values() if card.person}
    people = people_of([home for home in homes if home])
    living = {person.pk for several in people.values() for person in several}
    waiting = Exists(unsettled(ListRow.objects.filter(inquiry=OuterRef("pk"))))
    asked = Inquiry.objects.filter(waiting, person__kept_id__in=living)
    by_person = {one.person.kept_id: one for one in asked.select_related("person")}  # type: ignore[union-attr]
    for card in made.values():
        if card.person is None:
            continue
        card.household = card.person.household
        everybody = people.get(card.person.household.kept_id or 0, [])
        card.family = [one for one in everybody if one.pk != card.person.kept_id]
        card.others = [by_person[one.pk] for one in card.family if one.pk in by_person]


def _told(card: Card) -> None:
    """Calls without answer, answers, the doctor who has to see them, what they reported."""
    rows = [row.pk for row in card.rows]
    tried = Attempt.objects.filter(Q(about__in=rows, kind=LIST_ROW.name) | Q(about=card.inquiry.pk))
    for attempt in tried.select_related("by").order_by("-at"):
        if attempt.at not in [one.at for one in card.attempts]:
            card.attempts.append(attempt)
    answers = Check.objects.filter(inquiry=card.inquiry.pk, void_at=None).select_related("by")
    card.checks = list(answers.order_by("-at"))
    if any("referral" in check.entails for check in card.checks):
        card.referral = Referral.objects.filter(check_made__in=card.checks, at=None, void_at=None).first()
    card.said = said_of([card.inquiry.pk]).get(card.inquiry.pk)


def _first(values: Any) -> Any:
    return next((value for value in values if value), None) or ""
