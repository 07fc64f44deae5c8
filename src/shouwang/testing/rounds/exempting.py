"""Who is not swabbed in a round and why; who was swabbed elsewhere and shows it."""

from collections.abc import Collection
from datetime import datetime

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, waive
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Person
from shouwang.testing.duties import SWABBED
from shouwang.testing.rounds.models import Exemption, Round
from shouwang.testing.rounds.ordering import HasEnded, NoReason

REASONS = ("医生说不能采", "六个月以下婴儿", "出门在外，不回来", "住院", "其他")


class NoProof(Refusal):
    code = "testing.no_proof"
    sentence = "在别处做的，请写明哪家机构、哪天、看到了什么（报告截图、短信）。"


class NotInTheRound(Refusal):
    code = "testing.not_in_the_round"
    sentence = "在别处采样的时间 {at} 不在这一轮里，不能算这一轮的。"


def exempt(
    row: Round, people: Collection[int], *, reason: str, note: str = "", by: User, at: datetime
) -> int:
    """These people need not be swabbed in this round; the reason stands beside each. How many were waived.

    Raises: NotInScope, NoReason, HasEnded, and NotWaivable where none of them owes anything.
    """
    if not reason.strip():
        raise NoReason()
    found = _of_round(row, people)
    owed = Duty.objects.filter(batch=row.pk, person__in=found)
    waived = waive(owed, reason=reason.strip()[:100], by=by, at=at)
    Exemption.objects.bulk_create(
        [_told(row, one, by, at, at, reason=reason.strip()[:100], note=note[:200]) for one in found], ignore_conflicts=True
    )  # fmt: skip
    for one in found:
        audit("testing.exempt", at=at, by=by, area=one.area_code, reason=reason, round=row.pk, person=one.pk)
    return waived


def tested_elsewhere(
    row: Round, person: int, *, taken_at: datetime, proof: str, by: User, at: datetime
) -> None:
    """Somebody was swabbed elsewhere and shows it: that counts as theirs. Raises: NotInScope, NoProof, NotInTheRound, HasEnded."""
    if not proof.strip():
        raise NoProof()
    found = _of_round(row, [person])[0]
    if not row.opens_at <= taken_at <= at:
        raise NotInTheRound(at=f"{taken_at:%m-%d %H:%M}")
    Exemption.objects.bulk_create(
        [_told(row, found, by, taken_at, at, reason="在别处采样", elsewhere=True, proof=proof.strip()[:100])],
        ignore_conflicts=True,
    )  # fmt: skip
    for kind in SWABBED:
        settle(kind, [found.pk], communities=sorted(communities_of([found.area_code])), at=at)
    audit(
        "testing.elsewhere", at=at, by=by, area=found.area_code, reason=proof, round=row.pk, person=found.pk
    )


def _of_round(row: Round, people: Collection[int]) -> list[Person]:
    """These people, as far as the round asks something of them. Raises: NotInScope, HasEnded."""
    if row.ended_at:
        raise HasEnded(name=row.name)
    asked = Duty.objects.filter(batch=row.pk, person__in=people, void_at=None).values("person")
    found = list(Person.objects.filter(pk__in=asked).order_by("area_code", "pk"))
    if not found or len(found) != len(set(people)):
        raise NotInScope()
    return found


def _told(
    row: Round, person: Person, by: User, happened_at: datetime, at: datetime, *, reason: str, note: str = "", elsewhere: bool = False,
    proof: str = "",
) -> Exemption:  # fmt: skip
    return Exemption(
        id=uuid7(at), area_code=person.area_code, at=happened_at, recorded_at=at, by=by, note=note, round=row, person=person, reason=reason,
        elsewhere=elsewhere, proof=proof,
    )  # fmt: skip
