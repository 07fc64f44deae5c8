"""Somebody looks; each no is a finding with an owner and an hour; it is put right, and looked at by somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.inspection.duties import CHECK_AGAIN, PUT_RIGHT
from shouwang.inspection.models import Finding, Look, Price
from shouwang.inspection.questions import QUESTIONS, finding_words
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Kind
from shouwang.register.models import Area, Helper, Place
from shouwang.register.responsibility import who_answers

CHECKED_WITHIN = timedelta(hours=24)
OWNERS = ("property_company", "grid_lead", "cadre")


class DueInThePast(Refusal):
    code = "inspection.due_in_the_past"
    sentence = "整改的时间已经过了，请改一下。"


class NoWords(Refusal):
    code = "inspection.no_words"
    sentence = "请写怎么整改的。"


class PutRightAlready(Refusal):
    code = "inspection.put_right_already"
    sentence = "这一条已经报过整改了。"


class NotPutRight(Refusal):
    code = "inspection.not_put_right"
    sentence = "这一条还没有报整改，不能复查。"


class OwnWork(Refusal):
    code = "inspection.own_work"
    sentence = "整改的人不能自己复查，请换一个人看。"


class CheckedAlready(Refusal):
    code = "inspection.checked_already"
    sentence = "这一条已经复查过了。"


@dataclass(frozen=True)
class Seen:
    """What somebody saw. Shape: `wrong` are keys of questions; `also` is one thing more in words; `prices` by goods, None
    where there was none; `id` makes twice count once."""

    area_code: str
    site: str
    name: str
    wrong: Sequence[str] = ()
    also: str = ""
    place: int | None = None
    prices: Mapping[str, Decimal | None] = field(default_factory=dict)
    due_at: datetime | None = None
    id: UUID | None = None


def look(seen: Seen, *, by: User, at: datetime) -> Look:
    """What was seen, written down; each no is owed to be put right by its hour. Told twice it counts once.

    Raises: NotInScope, DueInThePast.
    """
    if seen.id and (already := Look.objects.filter(pk=seen.id).first()):
        return already
    place = Place.objects.filter(pk=seen.place).first() if seen.place else None
    if seen.site not in QUESTIONS or (seen.place and not place):
        raise NotInScope()
    if not Area.objects.filter(pk=seen.area_code).exists():
        raise NotInScope()
    asked = {key for key, *_words in QUESTIONS[seen.site]}
    row = Look.objects.create(
        id=seen.id or uuid7(at), area_code=seen.area_code, site=seen.site, name=(place.name if place else seen.name)[:80],
        place=place, wrong=[key for key in seen.wrong if key in asked], at=at, recorded_at=at, by=by, note=seen.also[:200],
    )  # fmt: skip
    Price.objects.bulk_create(
        Price(look=row, area_code=row.area_code, goods=goods[:20], yuan=yuan)
        for goods, yuan in seen.prices.items()
    )
    words = [finding_words(row.site, key) for key in row.wrong] + (
        [seen.also.strip()] if seen.also.strip() else []
    )
    due = seen.due_at or at + CHECKED_WITHIN
    for one in words:
        find(row.area_code, where=row.name, words=one, due_at=due, by=by, at=at, look=row)
    return row


def find(
    area: str, *, where: str, words: str, due_at: datetime, by: User | None, at: datetime, look: Look | None = None,
    again: Finding | None = None,
) -> Finding:  # fmt: skip
    """Something is wrong here; from now on it is owed by whoever answers for the place. Raises: DueInThePast."""
    if due_at <= at:
        raise DueInThePast()
    owner: Helper | None = who_answers([area], OWNERS, now=at).get(area)
    row = Finding.objects.create(
        id=uuid7(at), area_code=area, look=look, where=where[:80], words=words[:200], owner=owner, found_at=at,
        found_by=by, due_at=due_at, again=again,
    )  # fmt: skip
    _owe(PUT_RIGHT, row, Window(at, due_at), at)
    return row


def put_right(finding: UUID, *, words: str, by: User, at: datetime) -> Finding:
    """It is right now, says whoever did it; somebody else is to look within a day.

    Raises: NotInScope, NoWords, PutRightAlready.
    """
    row = finding_of(finding)
    if not words.strip():
        raise NoWords()
    if not Finding.objects.filter(pk=finding, put_right_at=None).update(
        put_right_at=at, put_right_by=by, put_right_words=words.strip()[:200]
    ):
        raise PutRightAlready()
    _settle(PUT_RIGHT, row, at)
    _owe(CHECK_AGAIN, row, Window(at, at + CHECKED_WITHIN), at)
    return finding_of(finding)


def check_again(
    finding: UUID, *, right: bool, by: User, at: datetime, due_at: datetime | None = None
) -> Finding:
    """Somebody else looked: right, or wrong still, and then it is a finding once more.

    Raises: NotInScope, NotPutRight, OwnWork, CheckedAlready, DueInThePast.
    """
    row = finding_of(finding)
    if row.put_right_at is None:
        raise NotPutRight()
    if row.put_right_by_id == by.pk:
        raise OwnWork()
    if not Finding.objects.filter(pk=finding, checked_at=None).update(
        checked_at=at, checked_by=by, checked_right=right
    ):
        raise CheckedAlready()
    _settle(CHECK_AGAIN, row, at)
    if not right:
        due = due_at or at + CHECKED_WITHIN
        find(
            row.area_code,
            where=row.where,
            words=row.words,
            due_at=due,
            by=by,
            at=at,
            look=row.look,
            again=row,
        )
    audit("inspection.check_again", at=at, by=by, area=row.area_code, finding=finding, right=right)
    return finding_of(finding)


def findings(area: str, which: str) -> QuerySet[Finding]:
    """What is to be put right, what waits for a second look, or what is over; the next due first."""
    states = {
        "open": Q(put_right_at=None),
        "waiting": Q(checked_at=None, put_right_at__isnull=False),
        "over": Q(checked_at__isnull=False),
    }
    low, high = subtree(area)
    rows = Finding.objects.filter(states[which], area_code__gte=low, area_code__lt=high)
    return rows.select_related("owner", "put_right_by", "checked_by").order_by("due_at", "where", "words")


def finding_of(pk: UUID) -> Finding:
    """One finding. Raises: NotInScope."""
    rows = Finding.objects.select_related("owner", "found_by", "put_right_by", "checked_by", "look", "again")
    return one_in_scope(rows.filter(pk=pk))


def last_prices(place: int, before: datetime) -> dict[str, Decimal | None]:
    """What things cost there last time."""
    rows = Price.objects.filter(look__place=place, look__at__lt=before, look__void_at=None).order_by(
        "look__at"
    )
    return dict(rows.values_list("goods", "yuan"))


def _owe(kind: Kind, row: Finding, window: Window, at: datetime) -> None:
    who = Finding.objects.filter(pk=row.pk)
    who = who.annotate(subject=Value(community_of(row.area_code)), about=F("id"))
    plan(kind, who, window, at=at)


def _settle(kind: Kind, row: Finding, at: datetime) -> None:
    settle_about(kind, [row.pk], communities=[community_of(row.area_code)], at=at)
