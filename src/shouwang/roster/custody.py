"""Keys, cards, medicine and money of residents in our hands (保管): from whom, to whom, who holds what now (RP25).

A passing is never changed; a wrong one is struck with a reason. Who holds a thing is whoever took it last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F, OuterRef, QuerySet, Subquery

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Household
from shouwang.roster.models import Passing, Thing
from shouwang.roster.workers import helper_of


class GivenBack(Refusal):
    code = "roster.given_back"
    sentence = "这件东西已经还给本人了。"


class NoAmount(Refusal):
    code = "roster.no_amount"
    sentence = "代管现金要写多少元。"


class NoWordsForThing(Refusal):
    code = "roster.no_words_for_thing"
    sentence = "请写一下是什么，例如“医保卡一张”。"


@dataclass(frozen=True)
class Received:
    """What somebody gave into our hands."""

    household: int
    kind: str
    words: str
    holder: int
    amount: Decimal | None = None
    met: str = ""
    person: int | None = None


def receive(told: Received, *, by: User | None, at: datetime, once: UUID) -> Thing:
    """A resident gives something into somebody's hands. Sent twice, it is there once. Raises: NotInScope, NoAmount, NoWordsForThing."""
    home = one_in_scope(Household.objects.filter(pk=told.household))
    if told.kind == "money" and not told.amount:
        raise NoAmount()
    if not told.words.strip():
        raise NoWordsForThing()
    holder = helper_of(told.holder)
    thing, made = Thing.objects.get_or_create(
        id=once,
        defaults={
            "area_code": home.area_code, "household": home, "person_id": told.person, "kind": told.kind,
            "words": told.words.strip()[:60], "amount": told.amount,
        },
    )  # fmt: skip
    if made:
        Passing.objects.create(
            id=uuid5(once, "received"), area_code=home.area_code, thing=thing, taker=holder, met=told.met[:64],
            at=at, recorded_at=at, by=by,
        )  # fmt: skip
        audit("roster.receive_thing", at=at, by=by, area=home.area_code, thing=thing.pk, holder=holder.pk)
    return thing


def pass_on(things: Sequence[UUID], *, taker: int, by: User | None, at: datetime, note: str = "") -> int:
    """These things go to somebody else's hands. How many. Raises: NotInScope, GivenBack."""
    who = helper_of(taker)
    return _pass(things, taker=who.pk, by=by, at=at, note=note)


def give_back(things: Sequence[UUID], *, met: str, by: User | None, at: datetime) -> int:
    """These things are with the resident again. Raises: NotInScope, GivenBack."""
    return _pass(things, taker=None, by=by, at=at, met=met)


def things_in(area: str) -> Any:
    """Everything that was ever in our hands here, each with `holder` (empty: given back) and `since`."""
    last = Passing.objects.filter(thing=OuterRef("pk"), void_at=None).order_by(
        "-at", F("giver").desc(nulls_last=True)
    )
    low, high = subtree(area)
    rows = Thing.objects.filter(area_code__gte=low, area_code__lt=high).select_related("household", "person")
    return rows.annotate(
        holder=Subquery(last.values("taker")[:1]),
        holder_name=Subquery(last.values("taker__name")[:1]),
        since=Subquery(last.values("at")[:1]),
    ).order_by("area_code", "pk")


def held_now(area: str, *, holder: int | None = None) -> Any:
    """What is in our hands now; of one holder where that is asked."""
    rows = things_in(area).filter(holder__isnull=False)
    return rows.filter(holder=holder) if holder else rows


def thing_of(pk: UUID) -> Any:
    """A thing with whoever holds it. Raises: NotInScope."""
    return one_in_scope(things_in("").filter(pk=pk))


def passings_of(thing: Thing) -> QuerySet[Passing]:
    """From hand to hand, the first first; struck ones too."""
    return thing.passings.select_related("giver", "taker", "by").order_by("at", "recorded_at", "pk")


def strike(passing: UUID, *, reason: str, by: User, at: datetime) -> None:
    """A passing that did not happen. The first one stays: without it nobody would have the thing. Raises: NotInScope."""
    rows = Passing.objects.filter(pk=passing, void_at=None, giver__isnull=False)
    area = rows.values_list("area_code", flat=True).first()
    if area is None or not reason.strip():
        raise NotInScope()
    rows.update(void_at=at, void_by=by, void_reason=reason[:100])
    audit("roster.strike_passing", at=at, by=by, area=area, reason=reason[:100], passing=passing)


def _pass(
    things: Sequence[UUID], *, taker: int | None, by: User | None, at: datetime, note: str = "", met: str = ""
) -> int:
    rows = list(things_in("").filter(pk__in=list(things)))
    if len(rows) != len(set(things)):
        raise NotInScope()
    if any(row.holder is None for row in rows):
        raise GivenBack()
    moving = [row for row in rows if row.holder != taker]
    Passing.objects.bulk_create(
        Passing(
            id=uuid5(row.pk, f"{row.since.isoformat()} {taker}"), area_code=row.area_code, thing=row,
            giver_id=row.holder, taker_id=taker, met=met[:64], note=note[:200], at=at, recorded_at=at, by=by,
        )
        for row in moving
    )  # fmt: skip
    for row in moving:
        audit("roster.pass_thing", at=at, by=by, area=row.area_code, thing=row.pk, taker=taker)
    return len(moving)
