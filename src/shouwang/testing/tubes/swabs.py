"""Swabs as they are told: written down in bulk, the tubes with them, and the duties of whoever was swabbed settled."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from stdnum.cn import ric

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import first_code, one_in_scope, whole
from shouwang.duties.discharge import settle
from shouwang.duties.plan import communities_of
from shouwang.duties.writing import as_bytes, write
from shouwang.lib.characters import plain
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import check_id_number, mask_phone
from shouwang.lib.ids import as_array
from shouwang.lib.kinds import Kind, Odd, Told
from shouwang.lib.sealing import Sealer, sealer
from shouwang.register.models import Person
from shouwang.register.queries import areas_of
from shouwang.testing.rounds.ordering import NoReason
from shouwang.testing.tubes.around import Rounds, points_in_scope, rounds_around
from shouwang.testing.tubes.codes import clean, is_odd, named, row_of
from shouwang.testing.tubes.judged import judge
from shouwang.testing.tubes.models import Swab
from shouwang.testing.tubes.shapes import SwabTaken

Expired = Callable[[], Mapping[str, date]]
Zones = Callable[[datetime], Mapping[str, str]]
BACK_WITHIN = timedelta(minutes=30)
BY_MISTAKE = "点错"
OLD_DIGITS, CENTURY = 15, "19"

# A tube is what the earliest of its swabs says; the order in which they arrive never matters.
TUBES = """
INSERT INTO testing_tube AS tube (id, area_code, code, round_id, point_id, capacity, lot, opened_at, opened_by_id)
SELECT id, area_code, code, round_id, point_id, capacity, lot, opened_at, opened_by_id
FROM jsonb_to_recordset(%s::jsonb) AS told(id uuid, area_code text, code text, round_id uuid, point_id uuid,
  capacity smallint, lot text, opened_at timestamptz, opened_by_id bigint)
ORDER BY id
ON CONFLICT (id) DO UPDATE SET (area_code, round_id, point_id, capacity, lot, opened_at, opened_by_id) =
  (excluded.area_code, excluded.round_id, excluded.point_id, excluded.capacity, excluded.lot,
   excluded.opened_at, excluded.opened_by_id)
WHERE tube.opened_at IS NULL OR excluded.opened_at < tube.opened_at
"""
OWING = (
    "SELECT DISTINCT kind FROM duties_duty"
    " WHERE person_id = ANY(%s::bigint[]) AND kind = ANY(%s) AND void_at IS NULL"
)
BY_DIGEST = "SELECT id_digest, min(kept_id) FROM register_person WHERE id_digest = ANY(%s) AND left_at IS NULL GROUP BY 1"


class AlreadyVoid(Refusal):
    code = "testing.swab_void"
    sentence = "这条采样记录已经撤销过了。"


@dataclass(frozen=True)
class Known:
    """What is known of a batch before anything is written: where people and points are, of those in scope."""

    home: str
    people: Mapping[int, str]
    points: Mapping[UUID, str]
    by_number: Mapping[bytes, int]


def record_swabs(
    told: Sequence[Told], *, at: datetime, expired: Expired, zones: Zones, kinds: Sequence[Kind]
) -> dict[UUID, str]:
    """Writes down swabs and settles what those people owed. What is odd about each, by its flag; every one is stored.

    Shape: payloads are `SwabTaken`; `kinds` are the duties that a swab discharges. A swab told again changes nothing.
    Cost: for 500 swabs of a community about a dozen statements.
    """
    keys = sealer(settings.SEALING_KEY_FILE)
    papers = {one.id: _number(one.payload) for one in told if one.payload.id_number}
    known = _look_around(told, papers, keys)
    with whole():
        rounds = _rounds_around(told, known)
        rows = [_row(one, known, rounds, papers.get(one.id, ""), keys, at) for one in told]
        tubes = _tubes(told, rows)
        with connection.cursor() as cursor:
            cursor.execute(TUBES, [msgspec.json.encode(list(tubes.values())).decode()])
        fresh = write(Swab, rows)
        over = expired() if any(one.payload.lot for one in told) else {}
        odd = judge(fresh, list(tubes), rounds, over, zones(at))
        people = (row["person_id"] for row in rows if row["id"] in fresh)
        settle_swabbed(people, kinds, at=at, areas=known.people)
    return {one.id: flag for one in told if (flag := _plain_flag(one, known) or odd.get(one.id, ""))}


def settle_swabbed(
    people: Iterable[int | None],
    kinds: Sequence[Kind],
    *,
    at: datetime,
    areas: Mapping[int, str] | None = None,
) -> None:
    """Settles the duties of these people that a swab discharges: towards done, and back. Shape: `areas`, where somebody looked already."""
    those = sorted({person for person in people if person})
    if not those:
        return
    with whole(), connection.cursor() as cursor:
        cursor.execute(OWING, [as_array(those), [kind.name for kind in kinds]])
        owing = {name for (name,) in cursor.fetchall()}
        lie = areas or areas_of(Person, those)
        communities = sorted(communities_of(lie[person] for person in those if person in lie))
        for kind in kinds:
            if kind.name in owing:
                settle(kind, those, communities=communities, at=at)


def void_swab(swab: UUID, *, reason: str, by: User | None, at: datetime, kinds: Sequence[Kind]) -> None:
    """Strikes out a swab that was told by mistake; what that person owes is owed again. Raises: NotInScope, NoReason, AlreadyVoid."""
    if not reason.strip():
        raise NoReason()
    rows = Swab.objects.filter(pk=swab)
    found = one_in_scope(rows)
    if not rows.filter(void_at=None).update(void_at=at, void_by=by, void_reason=reason.strip()[:100]):
        raise AlreadyVoid()
    settle_swabbed([found.person_id], kinds, at=at)
    audit("testing.void_swab", at=at, by=by, area=found.area_code, reason=reason[:200], swab=swab)


def take_back(told: Sequence[Told], *, at: datetime, kinds: Sequence[Kind]) -> Odd:
    """Wrong taps taken back by whoever tapped, within half an hour; told twice it is done once."""
    odd: dict[UUID, str] = {}
    rows = Swab.objects.in_bulk([one.payload.of for one in told])
    for one in told:
        found = rows.get(one.payload.of)
        if found is None:
            odd[one.id] = "not_in_scope"
        elif one.at - found.at > BACK_WITHIN:
            odd[one.id] = "too_late"
        elif found.void_at is None:
            void_swab(found.pk, reason=BY_MISTAKE, by=one.by, at=at, kinds=kinds)
    return odd


def _look_around(told: Sequence[Told], papers: Mapping[UUID, str], keys: Sealer) -> Known:
    home = first_code()
    people = areas_of(Person, (one.payload.person for one in told if one.payload.person))
    points = points_in_scope(one.payload.point for one in told if one.payload.point)
    by_number = _by_number(papers.values(), keys)
    people |= areas_of(Person, by_number.values()) if by_number else {}
    return Known(home, people, points, by_number)


def _rounds_around(told: Sequence[Told], known: Known) -> Rounds:
    times = [one.at for one in told]
    areas = {known.home, *known.points.values(), *known.people.values()}
    return rounds_around(areas, since=min(times), until=max(times))


def _by_number(numbers: Collection[str], keys: Sealer) -> dict[bytes, int]:
    """Whom the register knows by these numbers, by digest."""
    digests = {keys.digest("id", number) for number in numbers if number}
    if not digests:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(BY_DIGEST, [list(digests)])
        return {bytes(digest): person for digest, person in cursor.fetchall()}


def _number(said: SwabTaken) -> str:
    """A number as the register keeps it; an identity number of fifteen digits (before 1999) as its eighteen."""
    number = plain(said.id_number).upper().replace(" ", "")
    if said.id_kind or len(number) != OLD_DIGITS or not number.isdigit():
        return number
    longer = number[:6] + CENTURY + number[6:]
    return longer + str(ric.calc_check_digit(longer + "0"))


def _row(one: Told, known: Known, rounds: Rounds, number: str, keys: Sealer, at: datetime) -> dict[str, Any]:
    said: SwabTaken = one.payload
    digest = keys.digest("id", number) if number else b""
    person = said.person if said.person in known.people else known.by_number.get(digest)
    point = known.points.get(said.point, "") if said.point else ""
    area = known.people.get(person or 0) or point or known.home
    going_on = rounds.of(point or area, one.at)
    phone = plain(said.phone)
    stranger = person is None
    return {
        "id": one.id, "area_code": area, "at": one.at, "recorded_at": at, "by_id": one.by.pk if one.by else None,
        "note": said.note, "person_id": person, "tube_id": row_of("tube", named(said.tube, one.id)),
        "round_id": going_on.pk if going_on else None, "point_id": said.point, "at_door": said.at_door, "how": said.how,
        "name": said.name if stranger else "", "category": said.category, "id_kind": said.id_kind,
        "id_sealed": as_bytes(keys.seal(number) if stranger else b""), "id_digest": as_bytes(digest if stranger else b""),
        "phone_sealed": as_bytes(keys.seal(phone) if stranger else b""),
        "phone_mask": mask_phone(phone)[:24] if stranger and phone else "",
    }  # fmt: skip


def _tubes(told: Sequence[Told], rows: Sequence[Mapping[str, Any]]) -> dict[UUID, dict[str, Any]]:
    """The tubes of these swabs, each as the earliest of its swabs says."""
    tubes: dict[UUID, dict[str, Any]] = {}
    for one, row in sorted(zip(told, rows, strict=True), key=lambda pair: (pair[0].at, pair[0].id.int)):
        said: SwabTaken = one.payload
        tubes.setdefault(
            row["tube_id"],
            {
                "id": row["tube_id"], "area_code": row["area_code"][:12], "code": named(said.tube, one.id),
                "round_id": row["round_id"], "point_id": said.point, "capacity": said.capacity, "lot": clean(said.lot),
                "opened_at": one.at, "opened_by_id": row["by_id"],
            },
        )  # fmt: skip
    return tubes


def _plain_flag(one: Told, known: Known) -> str:
    """What is odd about what was told, without looking at any table."""
    said: SwabTaken = one.payload
    if said.person and said.person not in known.people:
        return "not_in_scope"
    if is_odd(said.tube):
        return "odd_code"
    card = said.id_number and not said.id_kind  # of other documents nobody knows the form for sure
    return "odd_papers" if card and check_id_number(_number(said)).problem else ""
