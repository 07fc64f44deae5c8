"""Posts and their hours, and the shifts that follow from them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.links import read, token
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.roster.models import Post, PostHours, Shift
from shouwang.roster.rules import places
from shouwang.roster.solver import Shift as Asked
from shouwang.roster.solver import Span

A_DAY = timedelta(days=1)
MOST_DAYS = 31
WALL = "post"


class PostThere(Refusal):
    code = "roster.post_there"
    sentence = "已经有叫“{name}”的岗位了，请换个名字。"


class NoSuchDays(Refusal):
    code = "roster.no_such_days"
    sentence = "请从早到晚选日期，最多排 {most} 天。"


class NoHours(Refusal):
    code = "roster.no_hours"
    sentence = "请至少选一天。"


def add_post(
    area: str, *, kind: str, name: str, strains: Sequence[str] = (), by: User | None, at: datetime
) -> Post:
    """A new place of work. Raises: PostThere."""
    try:
        with transaction.atomic():
            post = Post.objects.create(
                area_code=area,
                kind=kind,
                name=name.strip(),
                strains=sorted(strains),
                added_at=at,
                added_by=by,
            )
    except IntegrityError:
        raise PostThere(name=name.strip()) from None
    audit("roster.add_post", at=at, by=by, area=area, post=post.pk)
    return post


def add_hours(
    post: int, *, days: Sequence[int], from_hour: time, until_hour: time, people: int, led: bool = False,
    paired: bool = False, skills: Sequence[str] = (), by: User | None, at: datetime,
) -> PostHours:  # fmt: skip
    """From now on this post works at these hours too; said twice, it works at them once. Raises: NotInScope, NoHours."""
    found = post_of(post)
    if not days:
        raise NoHours()
    when = {"days": sorted(set(days)), "from_hour": from_hour, "until_hour": until_hour}
    if there := PostHours.objects.filter(post=found, until_on=None, **when).first():
        return there
    hours = PostHours.objects.create(
        area_code=found.area_code, post=found, **when, people=people, led=led, paired=paired, skills=list(skills), from_on=day_of(at),
    )  # fmt: skip
    audit("roster.add_hours", at=at, by=by, area=found.area_code, post=post, hours=hours.pk)
    return hours


def end_hours(hours: int, *, by: User | None, at: datetime) -> None:
    """From tomorrow on the post works no longer at these hours; shifts that are laid out stay. Raises: NotInScope."""
    rows = PostHours.objects.filter(pk=hours, until_on=None)
    area = one_in_scope(rows.values_list("area_code", flat=True))
    rows.update(until_on=day_of(at) + A_DAY)
    audit("roster.end_hours", at=at, by=by, area=area, hours=hours)


def end_post(post: int, *, by: User | None, at: datetime) -> None:
    """The place of work is given up: what is to come there is cancelled. Raises: NotInScope."""
    found = post_of(post)
    Post.objects.filter(pk=found.pk).update(ended_at=at)
    PostHours.objects.filter(post=found, until_on=None).update(until_on=day_of(at))
    Shift.objects.filter(post=found, starts_at__gt=at, turns=None).update(cancelled_at=at)
    audit("roster.end_post", at=at, by=by, area=found.area_code, post=post)


def post_of(post: int) -> Post:
    """A post that is open. Raises: NotInScope."""
    return one_in_scope(Post.objects.filter(pk=post, ended_at=None))


def post_link(post: Post) -> str:
    """The address in the code on a post's wall."""
    return f"/at/{token(WALL, UUID(int=post.pk), post.area_code)}/"


def post_behind(code: str) -> tuple[int, str] | None:
    """Which post a code on a wall is of, and in which community; nothing where we did not make it."""
    known = read(WALL, code)
    return (known[0].int, known[1]) if known else None


def posts_in(area: str) -> QuerySet[Post]:
    """The open posts of an area."""
    low, high = subtree(area)
    return Post.objects.filter(area_code__gte=low, area_code__lt=high, ended_at=None).order_by("kind", "name")


def lay_out(area: str, *, from_on: date, until_on: date, at: datetime) -> int:
    """The shifts of these days (the last one excluded), from the hours of the posts; asked again, none is there twice.

    Raises: NoSuchDays.
    """
    if not timedelta() < until_on - from_on <= timedelta(days=MOST_DAYS):
        raise NoSuchDays(most=MOST_DAYS)
    rows = [
        _shift(hours, day, at)
        for hours in PostHours.objects.filter(post__in=posts_in(area)).select_related("post")
        for day in _days(hours, from_on, until_on)
    ]
    before = shifts_in(area, from_on=from_on, until_on=until_on).count()
    Shift.objects.bulk_create(rows, ignore_conflicts=True)
    return shifts_in(area, from_on=from_on, until_on=until_on).count() - before


def shifts_in(area: str, *, from_on: date, until_on: date) -> QuerySet[Shift]:
    """The shifts that begin on these days (the last one excluded)."""
    low, high = subtree(area)
    begins = Q(starts_at__gte=midnight(from_on), starts_at__lt=midnight(until_on))
    rows = Shift.objects.filter(begins, area_code__gte=low, area_code__lt=high, cancelled_at=None)
    return rows.select_related("post").order_by("starts_at", "post__kind", "post__name", "ends_at")


def span_of(shift: Shift) -> Span:
    """A shift's hours by the community's clock."""
    return Span(shift.starts_at.astimezone(ZONE), shift.ends_at.astimezone(ZONE))


def asked_of(shift: Shift) -> Asked:
    """A shift as the solver sees it."""
    asks = places(shift.people, led=shift.led, paired=shift.paired, skills=shift.skills)
    return Asked(
        str(shift.pk), shift.post_id, span_of(shift), asks, frozenset(shift.post.strains), shift.area_code
    )


def _days(hours: PostHours, from_on: date, until_on: date) -> list[date]:
    days = (from_on + A_DAY * number for number in range((until_on - from_on).days))
    last = hours.until_on or date.max
    return [day for day in days if day.weekday() in hours.days and hours.from_on <= day < last]


def _shift(hours: PostHours, day: date, at: datetime) -> Shift:
    ends_on = day if hours.from_hour < hours.until_hour else day + A_DAY
    return Shift(
        id=uuid7(at), area_code=hours.area_code, post=hours.post, people=hours.people, led=hours.led,
        paired=hours.paired, skills=hours.skills, starts_at=datetime.combine(day, hours.from_hour, tzinfo=ZONE),
        ends_at=datetime.combine(ends_on, hours.until_hour, tzinfo=ZONE),
    )  # fmt: skip
