"""Workers are told by message: at once while they are on duty or where it begins soon, else not in their hours of rest (RP18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shouwang.access.models import User
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.outreach.delivering import quiet_hours
from shouwang.register.models import Helper
from shouwang.roster.models import Called, Turn
from shouwang.roster.posts import span_of
from shouwang.roster.queries import on_duty
from shouwang.roster.rules import may_hear
from shouwang.roster.workers import own_link

CALL_UP, TURNS, TAKEN_OVER = "call_up", "turns", "taken_over"


@dataclass(frozen=True)
class Word:
    """What one worker is to be told. Shape: `once` as for every message; `begins_at` is when it begins that they are told of."""

    helper: Helper
    once: str
    params: Mapping[str, str]
    begins_at: datetime | None = None


def tell_workers(
    purpose: str, words: Sequence[Word], *, by: User | None, at: datetime, at_once: bool = False
) -> Sent:
    """Writes to these workers, each when they may be written to; `at_once` for what cannot wait for the morning.

    Shape: in `unreachable` are those without a mobile number: they are telephoned.
    """
    keys = sealer(settings.SEALING_KEY_FILE)
    turns = on_duty([word.helper.pk for word in words], now=at)
    wanted = []
    for word in words:
        quiet = quiet_hours(word.helper.area_code[:COMMUNITY], at=at)
        spans = [span_of(turn.shift) for turn in turns[word.helper.pk]]
        hears = at if at_once else may_hear(at, turns=spans, quiet=quiet, begins_at=word.begins_at)
        wanted.append(
            Wanted(
                phone=keys.open(word.helper.phone_sealed), purpose=purpose, once=word.once,
                area_code=word.helper.area_code, params={**word.params, "path": own_link(word.helper)},
                urgent=hears == at, not_before=hears,
            )
        )  # fmt: skip
    return send(wanted, by=by, at=at)


def tell_turns(turns: Sequence[Turn], *, by: User | None, at: datetime) -> Sent:
    """Everybody hears of their own turns in one message."""
    mine: dict[int, list[Turn]] = {}
    for turn in turns:
        mine.setdefault(turn.helper_id, []).append(turn)
    words = [
        Word(
            those[0].helper,
            f"{max(str(turn.pk) for turn in those)}",
            {"turns": _said(those)},
            min(turn.from_at for turn in those),
        )
        for those in mine.values()
    ]
    return tell_workers(TURNS, words, by=by, at=at)


def tell_called(rows: Sequence[Called], *, by: User | None, at: datetime, at_once: bool) -> Sent:
    """Everybody who is called hears until when an answer is expected."""
    words = [
        Word(row.helper, str(row.call_up_id), {"due": f"{row.due_at.astimezone(ZONE):%-m月%-d日%H:%M}"})
        for row in rows
    ]
    return tell_workers(CALL_UP, words, by=by, at=at, at_once=at_once)


def _said(turns: list[Turn]) -> str:
    first = min(turns, key=lambda turn: turn.from_at)
    begins = f"{first.from_at.astimezone(ZONE):%-m月%-d日%H:%M} {first.shift.post.name}"
    return begins if len(turns) == 1 else f"{begins}，等{len(turns)}个"
