"""Writing down what happened at gates: many at once, each once, judged again by what the server knew at that moment.

Nothing is refused: whoever came through has come through. What a list on a phone let through and the server would not, or
the reverse, is marked as mattering; a quota that was overdrawn is only counted.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.conf import settings
from django.db.models import Model

from shouwang.access.asking import Question, ask, written
from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle_about
from shouwang.duties.writing import as_bytes, write
from shouwang.gates.deciding import decide
from shouwang.gates.duties import STAFFED
from shouwang.gates.known import Asked, Whom, known_of, rules_of
from shouwang.gates.models import ADMITTED, HOME, HOME_LATE, REFUSED, Companion, Fever, Gate, Passage, Watch
from shouwang.lib.codes import community_of
from shouwang.lib.identity import mask_id, mask_phone
from shouwang.lib.kinds import Odd, Told
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import plan_of
from shouwang.plans.fever import is_fever
from shouwang.plans.schema import Plan
from shouwang.register.models import Household
from shouwang.register.queries import areas_of
from shouwang.standing.verdict import ADMIT, REFUSE, Verdict, stayed_out_too_long

OVERRIDE, COPIED, OLD_LIST, NOT_IN_SCOPE = "override_mattered", "copied_pass", "old_list", "not_in_scope"
COPIED_WITHIN = timedelta(minutes=1)
LIST_GOOD_FOR = timedelta(hours=48)
COUNTED_ONLY = frozenset({"used_up", "registered"})
BY_MISTAKE = "点错"


def record_passages(told: Sequence[Told], gates: Mapping[UUID, Gate], at: datetime) -> Odd:
    """Passages of one worker. The odd ones: it mattered, the pass was at two gates at once or out too long, the list too old."""
    odd: dict[UUID, str] = {}
    by_community: dict[str, list[Told]] = {}
    for one in told:
        by_community.setdefault(community_of(gates[one.payload.gate].area_code), []).append(one)
    for community, those in by_community.items():
        odd |= _record(those, gates, plan_of(community, now=at), at)
    return odd


def _record(told: list[Told], gates: Mapping[UUID, Gate], plan: Plan | None, at: datetime) -> dict[UUID, str]:
    whoms = known_of([_asked(one, gates) for one in told], plan)
    hosts = areas_of(Household, (one.payload.host for one in told if one.payload.host))
    rows = [_row(one, gates, whom, plan, hosts, at) for one, whom in zip(told, whoms, strict=True)]
    odd = {row["id"]: OVERRIDE for row in rows if row["mattered"]}
    fresh = write(Passage, rows)
    odd |= put_right([row for row in rows if row["id"] not in fresh])
    companion_rows([one for one in told if one.id in fresh], gates)
    copied = mark_copied([row for row in rows if row["card_id"]])
    late = mark_late({(row["card_id"], row["at"]) for row in rows if row["card_id"]}, plan)
    old = {one.id for one in told if one.basis == "local_list" and _too_old(one)}
    own = dict.fromkeys(late & {one.id for one in told}, HOME_LATE)
    return own | dict.fromkeys(old, OLD_LIST) | dict.fromkeys(copied, COPIED) | odd


def _asked(one: Told, gates: Mapping[UUID, Gate]) -> Asked:
    said = one.payload
    return Asked(
        gates[said.gate], one.at, said.card, said.person, said.plate, said.expected, one.scanned
    )  # fmt: skip


def _row(
    one: Told,
    gates: Mapping[UUID, Gate],
    whom: Whom,
    plan: Plan | None,
    hosts: Mapping[int, str],
    at: datetime,
) -> dict[str, Any]:
    said = one.payload
    should = decide(whom, said, gates[said.gate], plan, now=one.at)
    decision = ADMITTED if said.medical else said.decision.removeprefix("ask_")
    return row_of(one, gates[said.gate], whom, plan, host=said.host if said.host in hosts else None, at=at) | {
        "by_id": one.by.pk, "decision": decision, "asked": said.decision.startswith("ask_"), "code": said.code,
        "should": should.decision, "should_code": should.code, "online": False, "mattered": matters(decision, should),
    }  # fmt: skip


def row_of(
    one: Told, gate: Gate, whom: Whom, plan: Plan | None, *, host: int | None, at: datetime
) -> dict[str, Any]:
    """What of a passage does not depend on who decided."""
    said = one.payload
    first, second = degrees(said.temperature_c), degrees(said.second_c)
    return {
        "id": one.id, "area_code": gate.area_code, "at": one.at, "recorded_at": at, "note": said.note,
        "gate_id": gate.pk, "direction": said.direction, "kind": said.kind, "medical": said.medical, "card_id": said.card,
        "person_id": whom.person, "host_id": host, "expected": said.expected, "people": said.people, "plate": said.plate,
        "temperature_c": first, "second_c": second, "symptoms": said.symptoms,
        "fever": is_fever(first if second is None else second, plan.temperature if plan else None),
        "from_place": said.from_place, "to_place": said.to_place, "outside": said.outside, "goods_left": said.goods_left,
    }  # fmt: skip


def matters(decision: str, should: Verdict) -> bool:
    """Whether somebody passed who should not have, or the reverse.

    A quota overdrawn is shown elsewhere; on a road the guard turns somebody back with a reason, and no list said otherwise.
    """
    if should.code in COUNTED_ONLY:
        return False
    return (decision, should.decision) in ((ADMITTED, REFUSE), (REFUSED, ADMIT))


def degrees(written: str | None) -> Decimal | None:
    """°C as a phone writes them."""
    return Decimal(written) if written else None


def put_right(rows: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    """What was answered online and then told by the phone under the same name: what happened at the gate counts.

    Both said the same: nothing to do. The server refused and the phone let through, or the reverse: the passage says what
    happened, beside it what the server had answered, and somebody looks.
    """
    answered = Passage.objects.in_bulk([row["id"] for row in rows])
    odd: dict[UUID, str] = {}
    for row in rows:
        found = answered.get(row["id"])
        if found is None or not found.online:
            continue
        mattered = matters(row["decision"], Verdict(found.should, found.should_code)) and not row["medical"]
        Passage.objects.filter(pk=found.pk).update(
            decision=row["decision"], asked=row["asked"], code=row["code"], mattered=mattered, medical=row["medical"],
            person_id=row["person_id"], people=row["people"], plate=row["plate"], temperature_c=row["temperature_c"],
            second_c=row["second_c"], fever=row["fever"], note=row["note"],
        )  # fmt: skip
        odd |= {found.pk: OVERRIDE} if mattered else {}
    return odd


def mark_copied(rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Which of these were shown at another gate within a minute: the pass was copied. All of them are marked."""
    cards = {row["card_id"] for row in rows}
    if not cards:
        return set()
    first, last = min(row["at"] for row in rows), max(row["at"] for row in rows)
    near = Passage.objects.filter(
        card__in=cards, at__gte=first - COPIED_WITHIN, at__lte=last + COPIED_WITHIN, void_at=None
    ).order_by("card_id", "at")
    found: dict[UUID, list[Passage]] = {}
    for one in near:
        if one.card_id:
            found.setdefault(one.card_id, []).append(one)
    twice = {
        one.pk
        for those in found.values()
        for before, after in pairwise(those)
        if before.gate_id != after.gate_id and after.at - before.at <= COPIED_WITHIN
        for one in (before, after)
    }
    if twice:
        Passage.objects.filter(pk__in=twice).update(copied=True)
    return twice & {row["id"] for row in rows}


def mark_late(seen: Set[tuple[UUID, datetime]], plan: Plan | None) -> set[UUID]:
    """Who came home later than these passes allow, then or as the next: kept the same in whatever order gates tell it.

    Shape: a pass and when it was seen. Cost: one question, and one more for those who turn out to be late, or not.
    """
    rules = {kind: rule for kind, rule in rules_of(plan).items() if rule.max_stay_hours is not None}
    if not seen or not rules:
        return set()
    rows = msgspec.json.encode([{"card": card, "at": at} for card, at in seen]).decode()
    found = ask(Question(written(__file__, "came_home.sql"), {"rows": rows}))
    came = [row for row in found if row["kind"] in rules]
    late = {
        row["id"]
        for row in came
        if row["went_at"] and stayed_out_too_long(rules[row["kind"]], row["went_at"], row["came_at"])
    }
    for code, is_late in ((HOME_LATE, True), (HOME, False)):
        other = [row["id"] for row in came if (row["id"] in late) is is_late and row["should_code"] != code]
        if other:
            Passage.objects.filter(pk__in=other).update(should_code=code)
    return late


def companion_rows(told: Sequence[Told], gates: Mapping[UUID, Gate]) -> None:
    """Writes down the others in the car, by name; their numbers sealed."""
    keys = sealer(settings.SEALING_KEY_FILE)
    rows = [
        {
            "passage_id": one.id, "area_code": gates[one.payload.gate].area_code, "name": each.name,
            "id_sealed": as_bytes(keys.seal(each.id_number)), "id_digest": _digest("id", each.id_number),
            "id_mask": mask_id(each.id_number), "phone_sealed": as_bytes(keys.seal(each.phone)),
            "phone_digest": _digest("phone", each.phone), "phone_mask": mask_phone(each.phone),
        }
        for one in told for each in one.payload.names if each.name.strip()
    ]  # fmt: skip
    write(Companion, rows)


def record_fevers(
    told: Sequence[Told], gates: Mapping[UUID, Gate], at: datetime, *, then: Callable[..., object]
) -> Odd:
    """Fevers read twice; what is new is handed on, so that somebody comes."""
    keys = sealer(settings.SEALING_KEY_FILE)
    asked = [Asked(gates[one.payload.gate], one.at, person=one.payload.person) for one in told]
    rows = [
        {
            "id": one.id, "area_code": gates[one.payload.gate].area_code, "at": one.at, "recorded_at": at,
            "by_id": one.by.pk, "gate_id": one.payload.gate, "passage": one.payload.passage, "person_id": whom.person,
            "name": one.payload.name, "phone_sealed": as_bytes(keys.seal(one.payload.phone)),
            "phone_mask": mask_phone(one.payload.phone), "temperature_c": degrees(one.payload.temperature_c),
            "second_c": degrees(one.payload.second_c), "told": one.payload.told,
        }
        for one, whom in zip(told, known_of(asked, None), strict=True)
    ]  # fmt: skip
    fresh = write(Fever, rows)
    then(list(Fever.objects.filter(pk__in=fresh).select_related("gate")), by=told[0].by, at=at)
    return {}


def record_watches(told: Sequence[Told], gates: Mapping[UUID, Gate], at: datetime) -> Odd:
    """Guards take over and hand over; what was owed at the gate is settled."""
    rows = [
        {
            "id": one.id, "area_code": gates[one.payload.gate].area_code, "at": one.at, "recorded_at": at,
            "by_id": one.by.pk, "note": one.payload.note, "gate_id": one.payload.gate, "takes_over": one.payload.on,
            "passed": one.payload.counts.passed if one.payload.counts else None,
            "turned_back": one.payload.counts.turned_back if one.payload.counts else None,
        }
        for one in told
    ]  # fmt: skip
    write(Watch, rows)
    settle_watches({row["gate_id"]: row["area_code"] for row in rows}, at)
    return {}


def arrived(gate: Gate, arrival: UUID, *, by: User | None, came_at: datetime, at: datetime) -> None:
    """Somebody came to the post that mans this gate: they are on watch here too. Told twice it counts once."""
    row = {
        "id": uuid5(gate.pk, str(arrival)), "area_code": gate.area_code, "at": came_at, "recorded_at": at,
        "by_id": by.pk if by else None, "gate_id": gate.pk, "takes_over": True,
    }  # fmt: skip
    write(Watch, [row])
    settle_watches({gate.pk: gate.area_code}, at)


def settle_watches(areas: Mapping[UUID, str], at: datetime) -> None:
    """Applies once more who was on watch when at these gates."""
    communities = sorted({community_of(area) for area in areas.values()})
    settle_about(STAFFED, sorted(areas), communities=communities, at=at)


def strike(model: type[Model], told: Sequence[Told], at: datetime) -> Odd:
    """What was told by mistake is struck, by whoever told it. Twice is once."""
    odd: dict[UUID, str] = {}
    for one in told:
        rows: Any = model._default_manager.filter(pk=one.payload.of, by=one.by)
        found = rows.first()
        if found is None:
            odd[one.id] = NOT_IN_SCOPE
        elif rows.filter(void_at=None).update(void_at=at, void_by=one.by, void_reason=BY_MISTAKE):
            audit(
                "gates.strike", at=at, by=one.by, area=found.area_code, reason=BY_MISTAKE, row=found.pk,
                table=model._meta.model_name,
            )  # fmt: skip
            if model is Watch:
                settle_watches({found.gate_id: found.area_code}, at)
            elif model is Passage and found.card_id:
                mark_late({(found.card_id, found.at)}, plan_of(community_of(found.area_code), now=at))
    return odd


def _digest(kind: str, written: str) -> str:
    return as_bytes(sealer(settings.SEALING_KEY_FILE).digest(kind, written) if written else b"")


def _too_old(one: Told) -> bool:
    return one.list_at is not None and one.at - one.list_at > LIST_GOOD_FOR
