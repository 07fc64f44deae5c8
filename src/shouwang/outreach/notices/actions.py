"""Announcing, counting what goes out, and reading."""

from datetime import datetime
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.outreach.notices.models import BY, Handed, Notice, NoticeRead

MOST = 1_000_000


class NothingToTell(Refusal):
    code = "outreach.nothing_to_tell"
    sentence = "写上题目和正文。"


class SayWhatChanged(Refusal):
    code = "outreach.say_what_changed"
    sentence = "新的一版要写明和上一版比改了什么。"


class OverAlready(Refusal):
    code = "outreach.over_already"
    sentence = "到这个时候已经过了，请写一个以后的时间。"


class ReplacedAlready(Refusal):
    code = "outreach.replaced_already"
    sentence = "这一版已经有人改过了，请从最新的一版改起。"


class NoSuchAmount(Refusal):
    code = "outreach.no_such_amount"
    sentence = "份数写 1 到 {most} 的数。"


def publish(
    area: str,
    *,
    title: str,
    body: str,
    loop: str = "",
    until: datetime | None = None,
    replaces: UUID | None = None,
    changed: str = "",
    by: User,
    at: datetime,
) -> Notice:
    """Announces something, or a new version of it. Raises: NothingToTell, OverAlready, SayWhatChanged, ReplacedAlready, NotInScope."""
    if not (title.strip() and body.strip()):
        raise NothingToTell()
    if until and until <= at:
        raise OverAlready()
    before = notice_of(replaces) if replaces else None
    if before and not changed.strip():
        raise SayWhatChanged()
    if before and not Notice.objects.filter(pk=before.pk, ended_at=None).update(ended_at=at):
        raise ReplacedAlready()
    made = Notice.objects.create(
        id=uuid7(at), area_code=before.area_code if before else area, title=title.strip()[:40], body=body.strip()[:2000],
        loop=loop.strip()[:120], until=until, version=before.version + 1 if before else 1, replaces=before,
        changed=changed.strip()[:200], published_at=at, published_by=by,
    )  # fmt: skip
    audit("outreach.publish", at=at, by=by, area=made.area_code, notice=made.pk, version=made.version)
    return made


def end(notice: UUID, *, by: User, at: datetime) -> None:
    """It is announced no longer. Raises: NotInScope."""
    row = notice_of(notice)
    Notice.objects.filter(pk=notice, ended_at=None).update(ended_at=at)
    audit("outreach.end_notice", at=at, by=by, area=row.area_code, notice=notice)


def hand_out(
    notice: UUID,
    *,
    area: str,
    way: str,
    amount: int,
    helper: int | None = None,
    id: UUID | None = None,
    by: User,
    at: datetime,
) -> Handed:
    """So many copies went out in an area (boxes by number), or so many times it was played or posted. Sent twice it is there once.

    Raises: NoSuchAmount, NotInScope.
    """
    if not 1 <= amount <= MOST or way not in dict(BY):
        raise NoSuchAmount(most=MOST)
    row = notice_of(notice)
    made, _ = Handed.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": area, "notice": row, "title": row.title, "by_way": way, "amount": amount, "helper_id": helper,
            "at": at, "recorded_at": at, "by": by,
        },
    )  # fmt: skip
    return made


def read(notice: UUID, *, by: User, at: datetime) -> None:
    """A worker says that they have read it. Raises: NotInScope."""
    row = notice_of(notice)
    NoticeRead.objects.get_or_create(notice=row, user=by, defaults={"area_code": row.area_code, "at": at})


def notice_of(notice: UUID) -> Notice:
    """One in scope. Raises: NotInScope."""
    return one_in_scope(Notice.objects.filter(pk=notice).select_related("replaces", "published_by"))
