"""Whom the rows of a list mean: matched to the register, gathered by person, so that nobody is asked twice."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from shouwang.lib.codes import COMMUNITY
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import Sealer, sealer
from shouwang.register.finding.sealed import identity_values, phone_values
from shouwang.register.matching import match
from shouwang.register.matching.rows import Match
from shouwang.register.matching.rows import Written as ToMatch
from shouwang.register.models import Person
from shouwang.screening.lists.keys import row_key
from shouwang.screening.lists.models import FOUND, Inquiry, ListRow, NotThisPerson, PushedList
from shouwang.screening.lists.reading import Written
from shouwang.screening.sharing.owning import names_in, owner_of

AT_ONCE = 2_000
DECIDED = "decided"
Progress = Callable[[str, int, int], None]


def place(
    listed: PushedList, rows: Sequence[Written], *, at: datetime, progress: Progress | None = None
) -> list[ListRow]:
    """Stores the rows, each with what matching said and the inquiry that it belongs to."""
    stored = placed_rows(listed, rows, at=at, progress=progress)
    ListRow.objects.bulk_create(stored, batch_size=AT_ONCE)
    return stored


def placed_rows(
    listed: PushedList, rows: Sequence[Written], *, at: datetime, progress: Progress | None = None
) -> list[ListRow]:
    """These rows with what matching says of them and whom they mean; the rows themselves are not stored."""
    keys = sealer(settings.SEALING_KEY_FILE)
    digests = [row_key(row.identity, row.name, row.phones, row.address, keys) for row in rows]
    matches = match(
        [_to_match(row) for row in rows],
        areas=[listed.area_code],
        refused=_refused(rows, digests),
        progress=progress,
    )
    stored = [
        _found(written_row(listed, row, keys), found, at) for row, found in zip(rows, matches, strict=True)
    ]
    _decided_before(stored, digests)
    _where(stored, listed)
    _gather(stored, digests, listed, at)
    return stored


def written_row(listed: PushedList, row: Written, keys: Sealer) -> ListRow:
    """A row as the sender wrote it, numbers sealed; whom it means is not known yet. Nothing is stored."""
    identity = row.identity
    sealed = identity_values(identity, keys, bool(identity.valid))
    phones = phone_values(row.phones, keys)
    return ListRow(
        area_code=listed.area_code, list=listed, number=row.number, sheet=row.sheet[:64], line=row.line,
        name=row.name, sex=row.sex, born_on=row.born_on, address=row.address, from_place=row.from_place,
        id_sealed=sealed["id_sealed"], id_digest=sealed["id_digest"], id_mask=sealed["id_mask"], **phones,
        happened_on=row.happened_on, happened=row.happened, transport=row.transport, reason=row.reason,
        extra=row.extra, doubts=row.doubts,
    )  # fmt: skip


def _to_match(row: Written) -> ToMatch:
    return ToMatch(
        number=row.number, name=row.name, id_number=row.identity.value, phones=row.phones, sex=row.sex,
        born_on=row.born_on, address=row.address,
    )  # fmt: skip


def _refused(rows: Sequence[Written], digests: Sequence[bytes]) -> dict[int, frozenset[int]]:
    """The people of whom somebody said that just such a row does not mean them."""
    said = defaultdict(set)
    for key, person in NotThisPerson.objects.filter(key__in=set(digests)).values_list("key", "person"):
        said[bytes(key)].add(person)
    return {row.number: frozenset(said[key]) for row, key in zip(rows, digests, strict=True) if key in said}


def _found(row: ListRow, found: Match, at: datetime) -> ListRow:
    row.id, row.outcome, row.why = uuid7(at), found.outcome, list(found.why)
    row.candidates = [_candidate(one) for one in found.candidates]
    row.elsewhere = found.address_elsewhere[:80]
    return row


def _candidate(one: Any) -> dict[str, Any]:
    return {"person": one.person, "score": round(one.score, 2), "why": list(one.why)}


def _decided_before(stored: Sequence[ListRow], digests: Sequence[bytes]) -> None:
    """Where a person decided for just such a row whom it means, that holds for this one too."""
    unknown = {key for row, key in zip(stored, digests, strict=True) if row.outcome != FOUND and key}
    decided = Inquiry.objects.filter(key__in=unknown).exclude(person=None).values_list("key", "person")
    people = {bytes(key): person for key, person in decided}
    for row, key in zip(stored, digests, strict=True):
        if row.outcome != FOUND and key in people:
            row.outcome, row.why = FOUND, [DECIDED]
            row.candidates = [{"person": people[key], "score": 0, "why": [DECIDED]}]


def _where(stored: Sequence[ListRow], listed: PushedList) -> None:
    """A row lies where its person lives; candidates and strangers lie with the community.

    On a list of a street the community is the one that the row itself tells, else nobody's yet.
    """
    wide = len(listed.area_code) < COMMUNITY
    meant = {one["person"] for row in stored if wide or row.outcome == FOUND for one in row.candidates}
    codes = dict(Person.objects.filter(pk__in=meant).values_list("pk", "kept__area_code"))
    names = names_in(listed.area_code) if wide else {}
    for row in stored:
        lives = [codes[one["person"]] for one in row.candidates if one["person"] in codes]
        if row.outcome == FOUND:
            row.area_code = lives[0]
        else:
            row.area_code = owner_of(row.address, names, lives if wide else ()) or listed.area_code


def _gather(stored: Sequence[ListRow], digests: Sequence[bytes], listed: PushedList, at: datetime) -> None:
    """Gives every row its inquiry: that of the person it means, or of whoever else is written just so."""
    people = _kept({row.candidates[0]["person"] for row in stored if row.outcome == FOUND})
    asked = Inquiry.objects.filter(person__kept_id__in=set(people.values())).select_related("person")
    by_person = {one.person.kept_id: one for one in asked if one.person}
    unknown = {key for row, key in zip(stored, digests, strict=True) if row.outcome != FOUND and key}
    by_key = {bytes(one.key): one for one in Inquiry.objects.filter(key__in=unknown, person=None)}
    fresh: list[Inquiry] = []
    for row, key in zip(stored, digests, strict=True):
        if row.outcome == FOUND:
            person = people[row.candidates[0]["person"]]
            inquiry = by_person.get(person) or _new(fresh, row, listed, at, person_id=person)
            by_person[person] = inquiry
        else:
            inquiry = by_key.get(key) or _new(fresh, row, listed, at, key=key)
            if key:
                by_key[key] = inquiry
        row.inquiry = inquiry
    Inquiry.objects.bulk_create(fresh, batch_size=AT_ONCE)


def _new(fresh: list[Inquiry], row: ListRow, listed: PushedList, at: datetime, **values: Any) -> Inquiry:
    inquiry = Inquiry(id=uuid7(at), area_code=row.area_code, opened_at=listed.arrived_at, **values)
    fresh.append(inquiry)
    return inquiry


def _kept(people: set[int]) -> Mapping[int, int]:
    """Who stands for each of these people now."""
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "kept_id"))
