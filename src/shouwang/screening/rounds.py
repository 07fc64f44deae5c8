"""Rounds as a secretary sees them: who would owe before one is opened, how far each is, and ending one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.models import Duty
from shouwang.duties.plan import void
from shouwang.lib.codes import subtree
from shouwang.lib.errors import Refusal
from shouwang.register.answering import Helper
from shouwang.register.responsibility import who_answers
from shouwang.screening.duties import WHO
from shouwang.screening.models import Round

ENDED = "这一轮提前结束"


class HasEnded(Refusal):
    code = "screening.round_has_ended"
    sentence = "“{title}”已经结束了。"


@dataclass(frozen=True)
class Share:
    """How many doors would be owed by one helper; nobody answers for them where there is no helper."""

    helper: Helper | None
    amount: int


@dataclass(frozen=True)
class Progress:
    """How far a round is. Units: duties; what was struck out does not count."""

    total: int = 0
    done: int = 0
    owed: int = 0


def who_would_owe(
    area: str, kind: str, only: dict[str, str], *, roles: tuple[str, ...], now: datetime
) -> list[Share]:
    """Before a round is opened: how many each helper would answer for, the largest share first."""
    codes = Counter(WHO[kind](*subtree(area), only).order_by().values_list("area_code", flat=True))
    answering = who_answers(codes, roles, now=now)
    shares: Counter[int] = Counter()
    helpers = {helper.pk: helper for helper in answering.values()}
    for code, amount in codes.items():
        shares[answering[code].pk if code in answering else 0] += amount
    return [Share(helpers.get(helper), amount) for helper, amount in shares.most_common()]


def progress_of(rounds: Iterable[Round]) -> Mapping[UUID, Progress]:
    """How far each of these rounds is, in one query."""
    facts = Duty.objects.filter(batch__in=[one.pk for one in rounds]).exclude(fact="void")
    found: dict[UUID, dict[str, int]] = {}
    for batch, fact, amount in facts.order_by().values_list("batch", "fact").annotate(amount=Count("pk")):
        found.setdefault(batch, {})[fact] = amount
    return {batch: _progress(by_fact) for batch, by_fact in found.items()}


def same_round(area: str, *, kind: str, title: str, due_at: datetime) -> Round | None:
    """A round that is open and asks the same: a form sent twice opens it once."""
    return Round.objects.filter(area_code=area, kind=kind, title=title, due_at=due_at, ended_at=None).first()


def end_round(opened: UUID, *, by: User | None, at: datetime) -> int:
    """Ends a round before its time: what is still owed in it is struck out, what was done stays. How many were.

    Raises: NotInScope, HasEnded.
    """
    found = one_in_scope(Round.objects.filter(pk=opened))
    if not Round.objects.filter(pk=opened, ended_at=None).update(ended_at=at):
        raise HasEnded(title=found.title)
    struck = void(Duty.objects.filter(batch=opened, fact="owed"), reason=ENDED, by=by, at=at)
    audit("screening.end_round", at=at, by=by, area=found.area_code, round=opened, struck=struck)
    return struck


def rounds_here(*, most: int) -> list[Round]:
    """The rounds in scope: open ones first, then the latest."""
    rows = Round.objects.select_related("opened_by")
    return list(rows.order_by(F("ended_at").asc(nulls_first=True), "-opened_at")[:most])


def _progress(by_fact: Mapping[str, int]) -> Progress:
    done = by_fact.get("done", 0) + by_fact.get("late", 0) + by_fact.get("waived", 0)
    return Progress(sum(by_fact.values()), done, by_fact.get("owed", 0))
