"""Buildings sealed and opened again (封楼): never without an open fire exit, somebody with the key, and an end.

A medical exit and a fire are never refused by data: whoever leaves for that reason is written down afterwards.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window
from shouwang.isolation.duties import EXIT_CHECK
from shouwang.isolation.models import ExitCheck, MedicalExit, Seal
from shouwang.lib.clock import midnight
from shouwang.lib.codes import BUILDING, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.ids import uuid7
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import sealer
from shouwang.plans.form.fieldwork import Zone
from shouwang.standing.actions import Grounds


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
class Condition:
    """One condition of the end. Shape: `holds` is None where the system does not record it."""

    words: str
    holds: bool | None
    holds_from: date | None = None


def seal(
    area: str,
    zone: str,
    grounds: Grounds,
    way_out: WayOut,
    *,
    until: datetime,
    proposed_by: User,
    by: User,
    at: datetime,
) -> Seal:
    """Closes a building, a unit or a compound, with an end, in public words.

    Raises: NotABuilding, NoWayOut, NobodyWithTheKey, NoEnd, Unfounded, SecondPerson, SealedAlready.
    """
    if len(area) < BUILDING - 3:
        raise NotABuilding()
    phones = read_phones(way_out.key_phone)
    if not way_out.exit_open or not way_out.fire_exit.strip():
        raise NoWayOut()
    if not way_out.key_holder.strip() or phones.problem or not phones.numbers:
        raise NobodyWithTheKey()
    if until <= at:
        raise NoEnd()
    grounds.check(proposed_by=[proposed_by], by=by)
    closed = sealed_now(area, now=at)
    if closed:
        raise SealedAlready(until=f"{closed.until:%m月%d日 %H:%M}")
    row = Seal.objects.create(
        id=uuid7(at), area_code=area, zone=zone, from_at=at, until=until, proposed_by=proposed_by, approved_by=by,
        **grounds.cut(),
        fire_exit=way_out.fire_exit[:80], key_holder=way_out.key_holder[:40], key_phone_mask=mask_phone(phones.numbers[0]),
        key_phone_sealed=sealer(settings.SEALING_KEY_FILE).seal(phones.numbers[0]),
    )  # fmt: skip
    audit("isolation.seal", at=at, by=by, area=area, reason=grounds.reason, document=grounds.document)
    return row


def open_again(seal_id: UUID, *, reason: str, by: User, at: datetime) -> None:
    """The building is open again, before its time; what was to be checked is no longer owed. Raises: NotInScope, Opened."""
    row = _seal(seal_id)
    if not Seal.objects.filter(pk=seal_id, opened_at=None, until__gt=at).update(
        opened_at=at, opened_by=by, opened_reason=reason[:200]
    ):
        raise Opened()
    void(
        Duty.objects.filter(kind=EXIT_CHECK.name, about=seal_id, fact="owed", opens_at__gt=at),
        reason="opened",
        at=at,
    )
    audit("isolation.open_again", at=at, by=by, area=row.area_code, reason=reason)


def check_exit(
    seal_id: UUID,
    *,
    passable: bool,
    checked_at: datetime,
    by: User | None,
    at: datetime,
    note: str = "",
    id: UUID | None = None,
) -> ExitCheck:
    """Somebody walked to the fire exit and looked. A blocked exit is no check: it stays owed. Raises: NotInScope."""
    row = _seal(seal_id)
    check, _ = ExitCheck.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": row.area_code, "seal": row, "at": checked_at, "recorded_at": at, "by": by,
            "passable": passable, "note": note[:200],
        },
    )  # fmt: skip
    settle_about(EXIT_CHECK, [seal_id], communities=sorted(communities_of([row.area_code])), at=at)
    return check


def let_out(
    area: str, *, why: str, who: str, left_at: datetime, by: User | None, at: datetime, transport: str = ""
) -> MedicalExit:
    """Somebody left for a doctor, a birth or a fire: written down, never asked for. Raises nothing that would keep them."""
    row = MedicalExit.objects.create(
        id=uuid7(at),
        area_code=area,
        at=left_at,
        recorded_at=at,
        by=by,
        why=why,
        who=who[:64],
        transport=transport[:80],
    )
    audit("isolation.let_out", at=at, by=by, area=area, why=why)
    return row


def owe_exit_checks(area: str, day: date, *, per_day: int, at: datetime) -> int:
    """Every sealed building owes its checks today, spread over the day. How many are new."""
    low, high = subtree(area)
    begins = midnight(day)
    closed = Seal.objects.filter(
        area_code__gte=low,
        area_code__lt=high,
        opened_at=None,
        from_at__lt=begins + timedelta(days=1),
        until__gt=begins,
    )
    who = closed.annotate(subject=F("area_code"), about=F("id"))
    step, made = timedelta(days=1) / per_day, 0
    for turn in range(per_day):
        window = Window(begins + turn * step, begins + (turn + 1) * step, begins + (turn + 1) * step)
        made += plan(EXIT_CHECK, who, window, at=at)
    return made


def sealed_now(area: str, *, now: datetime) -> Seal | None:
    """The seal under which this area lies now, its own or one of the areas around it."""
    around = [area[:length] for length in range(len(area), 0, -1)]
    rows = Seal.objects.filter(area_code__in=around, from_at__lte=now, until__gt=now, opened_at=None)
    return rows.order_by("-from_at").first()


def conditions(
    zone: Zone,
    *,
    last_case_on: date | None,
    contacts_clear_on: date | None,
    round_clean: bool | None,
    today: date,
) -> list[Condition]:
    """What must hold for the next step of a zone, each with whether it does, or from which day it will.

    Shape: values are None where they are not known; an unknown condition never counts as held.
    """
    found: list[Condition] = []
    for ending in zone.endings[:1]:
        if ending.clean_days:
            found.append(
                _after(f"连续 {ending.clean_days} 天没有新增", last_case_on, ending.clean_days, today)
            )
        if ending.contacts_clear_days:
            words = f"最后一名密接离开满 {ending.contacts_clear_days} 天"
            found.append(_after(words, contacts_clear_on, ending.contacts_clear_days, today))
        if ending.negative_round_within_days:
            words = f"解除前 {ending.negative_round_within_days} 天内一轮检测全部阴性"
            found.append(Condition(words, round_clean))
    return found


def _after(words: str, since: date | None, days: int, today: date) -> Condition:
    if since is None:
        return Condition(words, None)
    holds_from = since + timedelta(days=days)
    return Condition(words, today >= holds_from, holds_from)


def _seal(pk: UUID) -> Seal:
    row = Seal.objects.filter(pk=pk).first()
    if row is None:
        raise NotInScope()
    return row
