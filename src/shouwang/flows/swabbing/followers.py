"""A contact's result is there: who follows this contact is put under what the plan says, once a second person agrees.

Good results ask for nothing: the order of whoever follows ends by itself on its hour.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from shouwang.access.models import User
from shouwang.isolation.changing import (
    ChangeWaits,
    NoLonger,
    NotDecided,
    propose_category,
    propose_count_again,
    what_followers_become,
)
from shouwang.isolation.models import Change, Order
from shouwang.isolation.ordering import NoRegime
from shouwang.isolation.schedule import Moment
from shouwang.lib.clock import ZONE, midnight
from shouwang.standing.actions import Over
from shouwang.testing.results.known import outcomes_of, own_positives

NOTHING_TO_CHANGE = ("wait", "release_when_due")
REASON, DOCUMENT = "所跟的密接检测阳性，按预案转为密接管理", "检测结果 {on}"


def followers_change(results: Sequence[UUID], *, by: User | None, at: datetime) -> list[Change]:
    """What these results mean for those who follow: each change is asked for, and waits for another person.

    Shape: where nobody brought the results (a laboratory's own system did) it is asked for by whoever asked for the order.
    """
    people = {swab.person.kept_id for swab, _said in own_positives(results) if swab.person}
    followed = Order.objects.filter(person__kept__in=people, followers__isnull=False, withdrawn_at=None)
    made = []
    for contact in followed.select_related("person").distinct():
        kept = contact.person.kept_id or contact.person_id
        known = outcomes_of([kept], since=midnight(contact.origin_on), now=at)[kept]
        for order, category in what_followers_become(contact.pk, known).items():
            if category not in NOTHING_TO_CHANGE:
                made += ask_to_change(order, category, reason=REASON, by=by, at=at)
    return made


def ask_to_change(order: UUID, category: str, *, reason: str, by: User | None, at: datetime) -> list[Change]:
    """Nothing where a change waits already, the order is only asked for or over, or the plan keeps nobody as that."""
    return _asked(propose_category, order, category, reason=reason, by=by, at=at)


def ask_to_count_again(
    order: UUID, exposure: Moment, *, reason: str, by: User | None, at: datetime
) -> list[Change]:
    """Nothing where the plan does not count again after a new exposure, and as `ask_to_change`."""
    return _asked(propose_count_again, order, exposure, reason=reason, by=by, at=at)


def _asked(
    propose: Callable[..., Change], order: UUID, what: object, *, reason: str, by: User | None, at: datetime
) -> list[Change]:
    row = Order.objects.select_related("proposed_by").get(pk=order)
    document = DOCUMENT.format(on=f"{at.astimezone(ZONE):%Y-%m-%d}")
    try:
        return [propose(order, what, reason=reason, document=document, by=by or row.proposed_by, at=at)]
    except (ChangeWaits, NoLonger, NotDecided, NoRegime, Over):
        return []
