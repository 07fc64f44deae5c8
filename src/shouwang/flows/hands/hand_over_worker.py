"""Somebody falls ill or leaves: doors, list rows, errands, what people said, turns and what they hold go to others at once.

What their phone has not sent yet still counts: their card and grant stay until the shift ends, and entries about the doors that
they answered for in the last days are taken (`personal_cards.areas_of` with `since`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.flows.hands.tell_workers import TAKEN_OVER, Word, tell_turns, tell_workers
from shouwang.inbox.actions import hand_over as hand_matters_over
from shouwang.inbox.models import Matter
from shouwang.inspection.models import Finding
from shouwang.isolation.models import Need
from shouwang.lib.errors import Refusal
from shouwang.register.models import Helper, Responsibility
from shouwang.register.responsibility import hand_over
from shouwang.roster import custody, turns
from shouwang.roster.models import Thing, Turn
from shouwang.roster.queries import turns_of
from shouwang.roster.workers import be_absent, helper_of
from shouwang.screening.lists.deciding import hand_to
from shouwang.screening.lists.models import Inquiry


class ToThemselves(Refusal):
    code = "flows.to_themselves"
    sentence = "接手的是同一个人。请另选一个人。"


@dataclass(frozen=True)
class Load:
    """What somebody has in hand now."""

    areas: int
    rows: list[Inquiry]
    needs: list[Need]
    matters: list[Matter]
    findings: list[Finding]
    turns: list[Turn]
    things: list[Thing]

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to hand over."""
        lists = (self.rows, self.needs, self.matters, self.findings, self.turns, self.things)
        return not (self.areas or any(lists))


@dataclass(frozen=True)
class HandedOver:
    """What went where. Shape: `left_open` are turns that nobody could take without breaking a rule."""

    load: Load
    given: list[Turn]
    left_open: list[Turn]


def in_hand(helper: int, *, now: datetime) -> Load:
    """What somebody has in hand: areas, people on lists, errands, what people said, what is to be put right, turns, things.

    Cost: seven questions.
    """
    who = helper_of(helper)
    needs = (
        Need.objects.filter(taken_by=who.user_id, at=None, void_at=None)
        if who.user_id
        else Need.objects.none()
    )
    return Load(
        Responsibility.objects.in_force(now).filter(helper=helper).count(),
        list(Inquiry.objects.filter(helper=helper, answered_at=None)),
        list(needs.select_related("household")),
        list(Matter.objects.filter(helper=helper, told_back_at=None)),
        list(Finding.objects.filter(owner=helper, put_right_at=None)),
        turns_of(helper, now=now),
        list(custody.held_now("", holder=helper)),
    )


def hand_over_worker(
    giver: int,
    taker: int,
    *,
    why: str,
    reason: str,
    by: User | None,
    at: datetime,
    until: datetime | None = None,
) -> HandedOver:
    """All that somebody has in hand goes to somebody else; turns that this one may not take go to whoever may.

    Shape: `why` says how they are away from now on (ill, leave; empty: not at all), `until` when they are back.
    Raises: ToThemselves, NotInScope.
    """
    if giver == taker:
        raise ToThemselves()
    one, other, load = helper_of(giver), helper_of(taker), in_hand(giver, now=at)
    if why:
        be_absent(giver, why=why, from_at=at, until=until, by=by, at=at)
    if load.areas:
        hand_over(from_helper=giver, to_helper=taker, by=by, at=at)
    if load.rows:
        hand_to([row.pk for row in load.rows], taker, by=by, at=at)
    taken = {"taken_by_id": other.user_id} if other.user_id else {"taken_by_id": None, "taken_at": None}
    Need.objects.filter(pk__in=[need.pk for need in load.needs]).update(**taken)
    if load.matters:
        hand_matters_over([matter.pk for matter in load.matters], taker, by=by, at=at)
    Finding.objects.filter(pk__in=[finding.pk for finding in load.findings]).update(owner=taker)
    if load.things:
        custody.pass_on([thing.pk for thing in load.things], taker=taker, by=by, at=at, note=reason)
    given, left_open = _turns(load.turns, taker, reason, by, at)
    audit("roster.hand_over", at=at, by=by, area=one.area_code, reason=reason[:200], giver=giver, taker=taker)
    _tell(load, other, given, by, at)
    return HandedOver(load, given, left_open)


def _turns(
    mine: Sequence[Turn], taker: int, reason: str, by: User | None, at: datetime
) -> tuple[list[Turn], list[Turn]]:
    """Each turn to the taker where no rule is broken, else to the least burdened whom it suits; otherwise it is open."""
    given, left_open = [], []
    for turn in mine:
        ended = turns.end(turn.pk, why=reason, by=by, at=at)
        against = turns.what_breaks(ended.shift, [taker], place=ended.place, now=at)
        free = [
            one.helper for one in turns.proposals(ended.shift, place=ended.place, now=at) if not one.against
        ]
        who = taker if not against.get(taker, [None]) else next(iter(free), None)
        if who is None:
            left_open.append(turn)
            continue
        made = turns.give(ended.shift_id, who, place=ended.place, by=by, at=at)
        turns.tell([made], at=at)
        given.append(made)
    return given, left_open


def _tell(load: Load, other: Helper, given: list[Turn], by: User | None, at: datetime) -> None:
    tell_turns(given, by=by, at=at)
    parts = [
        f"{count}{words}"
        for count, words in (
            (load.areas, "处包保"), (len(load.rows), "个名单上的人"), (len(load.needs), "件代办"),
            (len(load.matters), "件诉求"), (len(load.findings), "处整改"), (len(load.things), "件代管的东西"),
        )
        if count
    ]  # fmt: skip
    if parts:
        word = Word(other, f"{other.pk} {at.isoformat()}", {"what": "、".join(parts)}, at)
        tell_workers(TAKEN_OVER, [word], by=by, at=at)
