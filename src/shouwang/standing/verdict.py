"""Whether somebody may pass a gate: one pure function of what is known of them, the plan's rule, and the moment.

A life in danger is never refused, nobody is kept from their own home, and no reason says anything of anybody's health.
Values in, values out: the server asks for one moment, and a phone without a network looks up what was worked out before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shouwang.lib.clock import ZONE

ADMIT, REFUSE, ASK = "admit", "refuse", "ask"
IN, OUT = DIRECTIONS = ("in", "out")
GOOD, LOST, REPLACED, WITHDRAWN, FORGED = "good", "lost", "replaced", "withdrawn", "forged"


@dataclass(frozen=True)
class Rule:
    """What a kind of pass allows. Units: `exits` in so many days, by calendar; `max_stay_hours` outside."""

    exits: int | None = None
    every_days: int = 1
    max_stay_hours: float | None = None
    from_hour: time | None = None
    until_hour: time | None = None
    announced: bool = False


@dataclass(frozen=True)
class Card:
    """A pass as somebody shows it. `until` is exclusive; the state ends with `state_until` where it does, and the pass is good."""

    rule: Rule
    from_at: datetime
    until: datetime
    state: str = GOOD
    state_until: datetime | None = None

    def state_at(self, now: datetime) -> str:
        """Whether it was lost, replaced, withdrawn or forged: a withdrawal is over by itself."""
        return GOOD if self.state_until and self.state_until <= now else self.state


@dataclass(frozen=True)
class Known:
    """What is known of whoever stands at the gate.

    Shape: `exits` are those counted on this pass, the latest last; `one_held_until` where it is a household's pass, nobody said in
    whose hand, and one of them must stay at home until then.
    """

    lives_here: bool = False
    card: Card | None = None
    held_until: datetime | None = None
    barred_until: datetime | None = None
    exits: tuple[datetime, ...] = ()
    one_held_until: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """What the guard does, and why, as a code with a sentence in `sentences.toml`."""

    decision: str
    code: str


@dataclass(frozen=True)
class Step:
    """A verdict until a moment; the last one has none."""

    verdict: Verdict
    until: datetime | None


MEDICAL = Verdict(ADMIT, "medical_exit")


def judge(known: Known, direction: str, *, now: datetime, medical: bool = False) -> Verdict:
    """Admit, refuse or ask. Whoever needs a doctor or a fire engine passes first; everything else comes after."""
    if medical:
        return MEDICAL
    return next(filter(None, (look(known, direction, now) for look in LOOKS)))


def timeline(known: Known, direction: str, *, now: datetime, horizon: timedelta) -> list[Step]:
    """What the verdict will be from now on if nobody tells anything new: a gate without a network needs no more.

    A hold that ends at eight lets its person out at eight, wherever the network is by then.
    """
    steps: list[Step] = []
    at = now
    for turn in [*_turns(known, now, now + horizon), None]:
        verdict = judge(known, direction, now=at)
        if steps and steps[-1].verdict == verdict:
            steps.pop()
        steps.append(Step(verdict, turn))
        if turn is not None:
            at = turn
    return steps


def counted(rule: Rule, exits: tuple[datetime, ...], now: datetime) -> int:
    """How many of these exits the rule still counts: those of today and of the days before that it spans."""
    first = now.astimezone(ZONE).date() - timedelta(days=rule.every_days - 1)
    return sum(first <= exit_at.astimezone(ZONE).date() and exit_at <= now for exit_at in exits)


def stayed_out_too_long(rule: Rule, went_at: datetime, came_at: datetime) -> bool:
    """Whether somebody came back later than the pass allows: noted, and never a reason to keep them from home."""
    return rule.max_stay_hours is not None and came_at - went_at > timedelta(hours=rule.max_stay_hours)


Look = Callable[[Known, str, datetime], Verdict | None]


def _held(known: Known, direction: str, now: datetime) -> Verdict | None:
    if not known.held_until or known.held_until <= now:
        return None
    return Verdict(REFUSE, "at_home") if direction == OUT else Verdict(ASK, "fetch_worker")


def _whose_hand(known: Known, direction: str, now: datetime) -> Verdict | None:
    """One pass for a whole household, and one of them must stay at home: the guard asks who it is."""
    held = direction == OUT and known.one_held_until and known.one_held_until > now
    return Verdict(ASK, "which_of_them") if held else None


def _leaving(known: Known, direction: str, now: datetime) -> Verdict | None:
    """Nobody from outside is kept inside."""
    if direction != OUT or known.lives_here or (known.card and known.card.state == FORGED):
        return None
    return Verdict(ADMIT, "pass")


def _barred(known: Known, direction: str, now: datetime) -> Verdict | None:
    if direction == IN and not known.lives_here and known.barred_until and known.barred_until > now:
        return Verdict(REFUSE, "barred")
    return None


def _own_home(known: Known, direction: str, now: datetime) -> Verdict | None:
    card = known.card
    state = card.state_at(now) if card else None
    if direction != IN or not known.lives_here or state == FORGED:
        return None
    return Verdict(ADMIT, "home") if state == GOOD else Verdict(ASK, "by_door")


def _no_card(known: Known, direction: str, now: datetime) -> Verdict | None:
    if known.card:
        return None
    return Verdict(ASK, "by_door") if known.lives_here else Verdict(REFUSE, "no_pass")


def _card_not_good(known: Known, direction: str, now: datetime) -> Verdict | None:
    card = known.card
    if card is None:
        return None
    state = card.state_at(now)
    if state == GOOD and card.from_at <= now < card.until:
        return None
    code = state if state != GOOD else "not_yet" if now < card.from_at else "over"
    return Verdict(ASK if known.lives_here else REFUSE, code)


def _outside_hours(known: Known, direction: str, now: datetime) -> Verdict | None:
    if known.card is None or _open(known.card.rule, now.astimezone(ZONE).time()):
        return None
    return Verdict(REFUSE, "hours")


def _used_up(known: Known, direction: str, now: datetime) -> Verdict | None:
    rule = known.card.rule if known.card else Rule()
    leaving = OUT if known.lives_here else IN  # an outsider's pass counts how often they come
    if rule.exits is None or direction != leaving or counted(rule, known.exits, now) < rule.exits:
        return None
    return Verdict(REFUSE, "used_up")


def _announced(known: Known, direction: str, now: datetime) -> Verdict | None:
    if direction == IN and known.card and known.card.rule.announced:
        return Verdict(ASK, "announce")
    return None


def _passes(known: Known, direction: str, now: datetime) -> Verdict:
    return Verdict(ADMIT, "pass")


LOOKS: tuple[Look, ...] = (
    _held, _leaving, _own_home, _barred, _no_card, _card_not_good, _outside_hours, _used_up, _announced, _whose_hand, _passes,
)  # fmt: skip


def _open(rule: Rule, hour: time) -> bool:
    begins, ends = rule.from_hour or time.min, rule.until_hour or time.max
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def _turns(known: Known, now: datetime, last: datetime) -> list[datetime]:
    """The moments at which the verdict may become another, in order."""
    card = known.card
    moments = [known.held_until, known.barred_until, known.one_held_until]
    if card:
        moments += [card.from_at, card.until, card.state_until]
        moments += _hours_of(card.rule, now, last)
    return sorted({moment for moment in moments if moment and now < moment < last})


def _hours_of(rule: Rule, now: datetime, last: datetime) -> Iterator[datetime]:
    """Opening hours, and midnights at which a count begins anew."""
    hours = {hour for hour in (rule.from_hour, rule.until_hour) if hour}
    if rule.exits is not None:
        hours.add(time.min)
    day = now.astimezone(ZONE).date()
    while hours and day <= last.astimezone(ZONE).date():
        yield from (datetime.combine(day, hour, ZONE) for hour in hours)
        day += timedelta(days=1)
