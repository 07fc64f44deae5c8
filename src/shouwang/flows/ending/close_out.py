"""The end of a response: what still stands in its way, one who proposes, another who confirms.

Nobody is forgotten at home by it: while somebody is held, a building is shut or a list is open, nothing ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.isolation.buildings.seals import in_force as sealed
from shouwang.isolation.models import Order
from shouwang.isolation.overview import objected
from shouwang.lib.clock import day_of
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.register.models import Area
from shouwang.retention.models import Closing
from shouwang.retention.rules import archived
from shouwang.screening.lists.models import ListRow
from shouwang.screening.lists.settling import unsettled
from shouwang.screening.reports.models import Wish
from shouwang.standing.models import Hold

# What must come to its end before a response does, on which page, and what is asked of that page.
WAITS = {
    "held": ("人还在隔离", "isolation", "?which=held"),
    "asked": ("个隔离请求没有决定", "isolation", "?which=waiting"),
    "sealed": ("栋楼还封着", "seals", ""),
    "objected": ("人有异议没有答复", "isolation", "?which=objected"),
    "listed": ("行名单没有核查完", "lists", ""),
    "wished": ("个更正、删除申请没有答复", "reported", ""),
}


class NotAResponse(Refusal):
    code = "close_out.not_a_response"
    sentence = "应急按社区、街道或区结束，不能只结束其中一栋楼。"


class StillOpen(Refusal):
    code = "close_out.still_open"
    sentence = "还不能结束应急：{left}。请先办完。"


class AlreadyProposed(Refusal):
    code = "close_out.already_proposed"
    sentence = "这里已经有人提出结束应急了，请另一个人确认，或者先撤回。"


class NeedsAnother(Refusal):
    code = "close_out.needs_another"
    sentence = "结束应急要两个人：{name}提出的，要由另一个人确认。"


class NothingToConfirm(Refusal):
    code = "close_out.nothing_to_confirm"
    sentence = "这一项已经确认或者撤回了，请刷新页面看看。"


class KeptTooShort(Refusal):
    code = "close_out.kept_too_short"
    sentence = "封存的证据要写明为什么留、留到哪一天，而且要在今天以后。"


@dataclass(frozen=True)
class Waiting:
    """Something that must come to its end first, and the page on which it does."""

    words: str
    page: str
    query: str
    amount: int


def waiting(area: str, *, now: datetime) -> list[Waiting]:
    """What still stands in the way of the end; empty when nothing does."""
    inside = _inside(area)
    asked = Order.objects.filter(decided_at=None, withdrawn_at=None, released_at=None, lapses_at__gt=now)
    found: dict[str, QuerySet] = {
        "held": Hold.objects.filter(ended_at=None, until__gt=now),
        "asked": asked,
        "sealed": sealed(now=now),
        "objected": objected(now),
        "listed": unsettled(ListRow.objects.all()),
        "wished": Wish.objects.filter(answered_at=None),
    }
    counted = (Waiting(*WAITS[key], rows.filter(inside).count()) for key, rows in found.items())
    return [one for one in counted if one.amount]


def propose_end(
    area: str,
    *,
    reason: str,
    witness: str,
    kept: Mapping[str, tuple[str, date]] | None = None,
    by: User,
    at: datetime,
) -> Closing:
    """Asks for the end of the response in an area. `kept` are rules whose rows stay sealed: why, until which day.

    Raises: NotAResponse, StillOpen, AlreadyProposed, KeptTooShort.
    """
    if len(area) > COMMUNITY or not Area.objects.filter(code=area).exists():
        raise NotAResponse()
    _refuse_open(area, now=at)
    kept = kept or {}
    if any(not why.strip() or until <= day_of(at) for why, until in kept.values()):
        raise KeptTooShort()
    if _under_way(area).exists():
        raise AlreadyProposed()
    closing = Closing.objects.create(
        id=uuid7(at),
        area_code=area,
        reason=reason.strip(),
        witness=witness.strip(),
        kept={
            rule: {"reason": why.strip(), "until": until.isoformat()} for rule, (why, until) in kept.items()
        },
        archived=[stays.rule for stays in archived(plan_of(area, now=at))],
        proposed_at=at,
        proposed_by=by,
    )
    audit("retention.propose", at=at, by=by, area=area, reason=closing.reason, closing=closing.pk)
    return closing


def confirm_end(closing: Closing, *, by: User, at: datetime) -> Closing:
    """A second person says so too: from here on it cannot be taken back.

    Raises: NeedsAnother, StillOpen, NothingToConfirm.
    """
    if closing.proposed_by_id == by.pk:
        raise NeedsAnother(name=by.name)
    _refuse_open(closing.area_code, now=at)
    _only_waiting(closing, confirmed_at=at, confirmed_by=by)
    audit(
        "retention.confirm", at=at, by=by, area=closing.area_code, reason=closing.reason, closing=closing.pk
    )
    return closing


def withdraw_end(closing: Closing, *, by: User, at: datetime) -> None:
    """It does not end after all, or not yet. Raises: NothingToConfirm."""
    _only_waiting(closing, withdrawn_at=at, withdrawn_by=by)
    audit("retention.withdraw", at=at, by=by, area=closing.area_code, closing=closing.pk)


def closing_of(area: str) -> Closing | None:
    """What was proposed or is going on for exactly this area; else what was finished last."""
    rows = Closing.objects.filter(area_code=area, withdrawn_at=None)
    return rows.select_related("proposed_by", "confirmed_by").order_by("-proposed_at").first()


def the_closing(closing: UUID) -> Closing:
    """One in scope. Raises: NotInScope."""
    return one_in_scope(Closing.objects.filter(pk=closing).select_related("proposed_by", "confirmed_by"))


def _only_waiting(closing: Closing, **facts: object) -> None:
    rows = Closing.objects.filter(pk=closing.pk, confirmed_at=None, withdrawn_at=None)
    if not rows.update(**facts):
        raise NothingToConfirm()
    closing.refresh_from_db()


def _under_way(area: str) -> QuerySet[Closing]:
    """Closings of this area, of one that it lies in or of one in it, that are not over."""
    above = Q(area_code__in=[area[:length] for length in range(1, len(area) + 1)])
    return Closing.objects.filter(above | _inside(area), finished_at=None, withdrawn_at=None)


def _refuse_open(area: str, *, now: datetime) -> None:
    if left := waiting(area, now=now):
        raise StillOpen(left="，".join(f"{one.amount} {one.words}" for one in left))


def _inside(area: str) -> Q:
    low, high = subtree(area)
    return Q(area_code__gte=low, area_code__lt=high)
