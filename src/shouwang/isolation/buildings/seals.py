"""Buildings sealed and opened again (封楼): never without an open fire exit, somebody with the key, and an end.

One person proposes, another approves; only then anything is closed. It ends by itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.models import Duty
from shouwang.duties.plan import void
from shouwang.isolation.duties import EXIT_CHECK
from shouwang.isolation.models import Seal
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMPOUND
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.ids import uuid7
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import sealer
from shouwang.plans.models import PlanVersion
from shouwang.standing.actions import Grounds, SecondPerson


class NotABuilding(Refusal):
    code = "isolation.not_a_building"
    sentence = "请选一栋楼、一个单元或一个小区。"


class NoWayOut(Refusal):
    code = "isolation.no_way_out"
    sentence = "没有打开的消防通道，不能封。先清出一个能走的出口。"


class NobodyWithTheKey(Refusal):
    code = "isolation.nobody_with_the_key"
    sentence = "要写明现场拿钥匙的人和 24 小时能打通的电话。"


class NoEnd(Refusal):
    code = "isolation.no_end"
    sentence = "要写明封到什么时候。到时候自动解除，要延长须另外书面决定。"


class SealedAlready(Refusal):
    code = "isolation.sealed_already"
    sentence = "这里已经封着了（到 {until}）。"


class NothingToApprove(Refusal):
    code = "isolation.nothing_to_approve"
    sentence = "这份封控请求已经批准或者撤回了。"


class Opened(Refusal):
    code = "isolation.opened"
    sentence = "这里已经解封了。"


@dataclass(frozen=True)
class WayOut:
    """How people get out of a sealed building: by which open exit, and who is there with the key, day and night."""

    fire_exit: str
    exit_open: bool
    key_holder: str
    key_phone: str


@dataclass(frozen=True)
class Living:
    """How people live behind it: where supplies are handed out, when they are tested, and what is known of the last case."""

    supply_point: str = ""
    test_plan: str = ""
    last_case_on: date | None = None
    contacts_clear_on: date | None = None
    clean_round_on: date | None = None


def propose(
    area: str, zone: str, grounds: Grounds, way_out: WayOut, *, until: datetime, by: User, at: datetime,
    version: PlanVersion | None = None, living: Living | None = None, id: UUID | None = None,
) -> Seal:  # fmt: skip
    """Asks that a building, a unit or a compound be closed, with an end and in public words. Closes nothing yet.

    Raises: NotABuilding, NoWayOut, NobodyWithTheKey, NoEnd, Unfounded, SealedAlready. Asked twice (one `id`) it is one.
    """
    if len(area) < COMPOUND:
        raise NotABuilding()
    phones = read_phones(way_out.key_phone)
    if not way_out.exit_open or not way_out.fire_exit.strip():
        raise NoWayOut()
    if not way_out.key_holder.strip() or phones.problem or not phones.numbers:
        raise NobodyWithTheKey()
    if until <= at:
        raise NoEnd()
    grounds.check(proposed_by=[], by=by)
    _check_open(area, at)
    told = living or Living()
    row, _made = Seal.objects.get_or_create(id=id or uuid7(at), defaults={
        "area_code": area, "zone": zone, "plan": version, "from_at": at, "until": until, "proposed_by": by,
        "proposed_at": at, **grounds.cut(), "fire_exit": way_out.fire_exit[:80], "key_holder": way_out.key_holder[:40],
        "key_phone_mask": mask_phone(phones.numbers[0]),
        "key_phone_sealed": sealer(settings.SEALING_KEY_FILE).seal(phones.numbers[0]),
        "supply_point": told.supply_point[:120], "test_plan": told.test_plan[:200], "last_case_on": told.last_case_on,
        "contacts_clear_on": told.contacts_clear_on, "clean_round_on": told.clean_round_on,
    })  # fmt: skip
    audit("isolation.propose_seal", at=at, by=by, area=area, reason=grounds.reason, document=grounds.document)
    return row


def approve(seal_id: UUID, *, exit_open: bool, by: User, at: datetime) -> Seal:
    """A second person saw the open exit, and closes the building from now on.

    Raises: NotInScope, SecondPerson, NoWayOut, NoEnd, SealedAlready, NothingToApprove.
    """
    row = seal_of(seal_id)
    if row.proposed_by_id == by.pk:
        raise SecondPerson()
    if not exit_open:
        raise NoWayOut()
    if row.until <= at:
        raise NoEnd()
    if row.approved_at is None:
        _check_open(row.area_code, at)
    if not waiting(now=at).filter(pk=seal_id).update(approved_at=at, approved_by=by, from_at=at):
        raise NothingToApprove()
    audit("isolation.seal", at=at, by=by, area=row.area_code, reason=row.reason, document=row.document)
    return seal_of(seal_id)


def withdraw(seal_id: UUID, *, reason: str, by: User, at: datetime) -> None:
    """It is not closed after all. Raises: NotInScope, NothingToApprove."""
    row = seal_of(seal_id)
    if not waiting(now=at).filter(pk=seal_id).update(withdrawn_at=at, withdrawn_reason=reason[:200]):
        raise NothingToApprove()
    audit("isolation.withdraw_seal", at=at, by=by, area=row.area_code, reason=reason)


def open_again(seal_id: UUID, *, reason: str, by: User, at: datetime) -> None:
    """The building is open again, before its time; what was to be checked is no longer owed. Raises: NotInScope, Opened."""
    row = seal_of(seal_id)
    if not in_force(now=at).filter(pk=seal_id).update(opened_at=at, opened_by=by, opened_reason=reason[:200]):
        raise Opened()
    void(
        Duty.objects.filter(kind=EXIT_CHECK.name, about=seal_id, fact="owed", opens_at__gt=at),
        reason="opened",
        at=at,
    )
    audit("isolation.open_again", at=at, by=by, area=row.area_code, reason=reason)


def tell(seal_id: UUID, living: Living, *, by: User, at: datetime) -> None:
    """What is known of it now: supplies, tests, the days from which the end is computed. Raises: NotInScope."""
    row = seal_of(seal_id)
    Seal.objects.filter(pk=seal_id).update(
        supply_point=living.supply_point[:120], test_plan=living.test_plan[:200], last_case_on=living.last_case_on,
        contacts_clear_on=living.contacts_clear_on, clean_round_on=living.clean_round_on,
    )  # fmt: skip
    audit("isolation.tell_seal", at=at, by=by, area=row.area_code, seal=seal_id)


def in_force(*, now: datetime) -> QuerySet[Seal]:
    """What is closed at this moment."""
    return Seal.objects.filter(approved_at__lte=now, from_at__lte=now, until__gt=now, opened_at=None)


def zones_at(now: datetime) -> dict[str, str]:
    """The zone of each area that is sealed at this moment."""
    return dict(in_force(now=now).order_by("from_at").values_list("area_code", "zone"))


def waiting(*, now: datetime) -> QuerySet[Seal]:
    """What somebody proposed to close, and nobody approved or took back yet."""
    return Seal.objects.filter(approved_at=None, withdrawn_at=None, until__gt=now)


def sealed_now(area: str, *, now: datetime) -> Seal | None:
    """The seal under which this area lies now, its own or one of the areas around it."""
    around = [area[:length] for length in range(len(area), 0, -1)]
    return in_force(now=now).filter(area_code__in=around).order_by("-from_at").first()


def key_phone(row: Seal, *, by: User, at: datetime) -> str:
    """The number of whoever has the key; that it was read is written down."""
    audit("isolation.key_phone", at=at, by=by, area=row.area_code, seal=row.pk)
    return sealer(settings.SEALING_KEY_FILE).open(row.key_phone_sealed)


def seal_of(pk: UUID) -> Seal:
    """One seal, proposed or closed. Raises: NotInScope."""
    return one_in_scope(
        Seal.objects.select_related("plan", "proposed_by", "approved_by", "opened_by").filter(pk=pk)
    )


def _check_open(area: str, at: datetime) -> None:
    closed = sealed_now(area, now=at)
    if closed:
        raise SealedAlready(until=f"{closed.until.astimezone(ZONE):%m月%d日 %H:%M}")
