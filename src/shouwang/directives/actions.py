"""What people do with a document: receive it, confirm its points, say that it was read, report back, end a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import UUIDField

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.directives.documents import text_of
from shouwang.directives.duties import OF_ORIGIN
from shouwang.directives.models import ABOVE, Directive, Point, Reading, Report
from shouwang.directives.recognising import recognise
from shouwang.directives.windows import daily, once
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.intake.files import keep
from shouwang.register.models import Area, Upload

KIND, ANSWER = "directive", "directive_answer"
MOST_DAYS, MOST_DUTIES = 92, 20_000
OPEN_ENDED = "这一条已经结束"


class NothingReceived(Refusal):
    code = "directives.nothing_received"
    sentence = "请选一个文件，或者把文字贴进来。"


class AlreadyPoints(Refusal):
    code = "directives.already_confirmed"
    sentence = "这份文件的事项已经确认过了，要加就加一条，要改就先结束那一条。"


class TimeIsOver(Refusal):
    code = "directives.time_is_over"
    sentence = "第 {number} 条：截止时间要晚于收到的时间。"


class TooManyDays(Refusal):
    code = "directives.too_many_days"
    sentence = "第 {number} 条：每天做的事要写明到哪天为止，最多 92 天；事太多时请分开写。"


class NobodyOwes(Refusal):
    code = "directives.nobody_owes"
    sentence = "第 {number} 条：请选由哪里办。"


class NothingSaid(Refusal):
    code = "directives.nothing_said"
    sentence = "请写一写办得怎么样，或者附一个文件。"


class HasEnded(Refusal):
    code = "directives.point_has_ended"
    sentence = "这一条已经结束了。"


@dataclass(frozen=True)
class Told:
    """A point as a person confirmed it; see `models.Point`."""

    words: str
    areas: Sequence[str] = ()
    who: str = ""
    helper: int | None = None
    due_at: datetime | None = None
    times_a_day: int = 0
    by_hour: time | None = None
    from_on: date | None = None
    last_on: date | None = None

    @property
    def is_owed(self) -> bool:
        """Whether somebody must do it by a time; otherwise it is only to be known."""
        return bool(self.due_at or self.times_a_day)


def receive(
    *, area: str, by: User | None, at: datetime, arrived_at: datetime, content: bytes = b"", filename: str = "",
    text: str = "", sender: str = "", title: str = "",
) -> tuple[Directive, bool]:  # fmt: skip
    """Takes a document in, as a file kept untouched or as pasted text. The same file again is the one that is there.

    Returns the document and whether it is new. Raises: NothingReceived, and the refusals of `documents`.
    """
    if not filename and not text.strip():
        raise NothingReceived()
    read = text.strip() or text_of(content, filename)
    file = keep(content, filename, community=area, by=by, at=at, kind=KIND) if filename else None
    known = _known(area, file, read)
    if known:
        return known, False
    found = recognise(read, arrived_at=arrived_at)
    made = Directive.objects.create(
        id=uuid7(at), area_code=area, title=(title or found.title or filename)[:120], sender=(sender or found.sender)[:80],
        issued=found.issued, arrived_at=arrived_at, file=file, text=read, received_at=at, received_by=by,
    )  # fmt: skip
    audit("directives.receive", at=at, by=by, area=area, directive=made.pk)
    return made, True


def type_text(directive: Directive, text: str, *, by: User | None, at: datetime) -> None:
    """What somebody read off a picture. Raises: AlreadyPoints once its points are confirmed, NothingReceived."""
    if not text.strip():
        raise NothingReceived()
    found = recognise(text, arrived_at=directive.arrived_at)
    values = {"text": text.strip(), "sender": directive.sender or found.sender, "issued": found.issued}
    if directive.file and directive.title == directive.file.filename and found.title:
        values["title"] = found.title
    if not Directive.objects.filter(pk=directive.pk, points_at=None).update(**values):
        raise AlreadyPoints()
    audit("directives.type_text", at=at, by=by, area=directive.area_code, directive=directive.pk)


def confirm_points(directive: Directive, told: Sequence[Told], *, by: User | None, at: datetime) -> int:
    """A person looked at the points: from now on they are owed. How many duties that are.

    Raises: AlreadyPoints, TimeIsOver, TooManyDays, NobodyOwes, NotInScope.
    """
    if not Directive.objects.filter(pk=directive.pk, points_at=None).update(points_at=at, points_by=by):
        raise AlreadyPoints()
    owed = sum(_add(directive, one, number, by, at) for number, one in enumerate(told, start=1))
    audit(
        "directives.confirm_points",
        at=at,
        by=by,
        area=directive.area_code,
        directive=directive.pk,
        points=len(told),
    )
    return owed


def add_point(directive: Directive, told: Told, *, by: User | None, at: datetime) -> int:
    """One more point of a document whose points were confirmed. How many duties that are."""
    last = directive.points.order_by("-number").values_list("number", flat=True).first() or 0
    owed = _add(directive, told, last + 1, by, at)
    Directive.objects.filter(pk=directive.pk, points_at=None).update(points_at=at, points_by=by)
    audit(
        "directives.add_point",
        at=at,
        by=by,
        area=directive.area_code,
        directive=directive.pk,
        number=last + 1,
    )
    return owed


def end_point(point: UUID, *, reason: str, by: User | None, at: datetime) -> int:
    """This is asked no longer: what is still owed is struck out, what was reported stays. How many were struck.

    Raises: NotInScope, HasEnded.
    """
    found = one_in_scope(Point.objects.filter(pk=point))
    if not Point.objects.filter(pk=point, ended_at=None).update(
        ended_at=at, ended_by=by, ended_reason=reason[:100]
    ):
        raise HasEnded()
    struck = void(
        Duty.objects.filter(about=point, fact="owed"), reason=reason[:100] or OPEN_ENDED, by=by, at=at
    )
    audit(
        "directives.end_point",
        at=at,
        by=by,
        area=found.area_code,
        reason=reason[:200],
        point=point,
        struck=struck,
    )
    return struck


def confirm_read(directive: Directive, *, area: str, by: User, at: datetime) -> bool:
    """This person has read it (收到); `area` is where they work. Whether that is news."""
    _, fresh = Reading.objects.get_or_create(
        directive=directive, user=by, defaults={"area_code": community_of(area), "at": at}
    )
    if fresh:
        audit("directives.read", at=at, by=by, area=community_of(area), directive=directive.pk)
    return fresh


def report_back(
    point: Point, *, area: str, text: str, by: User | None, at: datetime, content: bytes = b"", filename: str = "",
    id: UUID | None = None,
) -> Report:  # fmt: skip
    """What an area did about a point; discharges what it owes of it now.

    Shape: `id` is made with the form, so that a form sent twice reports once.
    Raises: NothingSaid, HasEnded, NotInScope, and the refusals of `documents`.
    """
    if area not in point.areas:
        raise NotInScope()
    if point.ended_at:
        raise HasEnded()
    if not text.strip() and not filename:
        raise NothingSaid()
    known = Report.objects.filter(pk=id).first() if id else None
    if known:
        return known
    if filename:
        text_of(content, filename)
    file = keep(content, filename, community=area, by=by, at=at, kind=ANSWER) if filename else None
    made = Report.objects.create(
        id=id or uuid7(at),
        area_code=area,
        point=point,
        at=at,
        recorded_at=at,
        by=by,
        text=text.strip()[:1000],
        file=file,
    )
    _settle(point, area, at)
    audit("directives.report_back", at=at, by=by, area=area, point=point.pk, report=made.pk)
    return made


def take_back(report: UUID, *, reason: str, by: User | None, at: datetime) -> None:
    """Strikes out what was reported by mistake; it is owed again. Raises: NotInScope."""
    found = one_in_scope(Report.objects.filter(pk=report, void_at=None).select_related("point__directive"))
    Report.objects.filter(pk=report, void_at=None).update(void_at=at, void_by=by, void_reason=reason[:100])
    _settle(found.point, found.area_code, at)
    audit("directives.take_back", at=at, by=by, area=found.area_code, reason=reason[:200], report=report)


def _known(area: str, file: Upload | None, text: str) -> Directive | None:
    """The same file, or the same words in another one: Word writes the hour of saving into every copy."""
    same = Q(file__sha256=file.sha256) if file else Q(pk__in=[])
    same |= Q(text=text) if text else Q(pk__in=[])
    known = Directive.objects.filter(same, area_code=area, origin=ABOVE)
    return known.order_by("received_at").first()


def _add(directive: Directive, told: Told, number: int, by: User | None, at: datetime) -> int:
    areas = sorted(set(told.areas))
    if told.is_owed and not areas:
        raise NobodyOwes(number=number)
    if Area.objects.filter(code__in=areas).count() != len(areas):
        raise NotInScope()
    if told.due_at and told.due_at <= directive.arrived_at:
        raise TimeIsOver(number=number)
    days = (told.last_on - told.from_on).days + 1 if told.last_on and told.from_on else 0
    if told.times_a_day and not (
        0 < days <= MOST_DAYS and days * told.times_a_day * len(areas) <= MOST_DUTIES
    ):
        raise TooManyDays(number=number)
    daily_only = (
        {"from_on": told.from_on, "last_on": told.last_on, "by_hour": told.by_hour}
        if told.times_a_day
        else {}
    )
    point = Point.objects.create(
        id=uuid7(at), area_code=directive.area_code, directive=directive, number=number, words=told.words[:400],
        who=told.who[:60], helper_id=told.helper, areas=areas, due_at=None if told.times_a_day else told.due_at,
        times_a_day=told.times_a_day, confirmed_at=at, confirmed_by=by, **daily_only,
    )  # fmt: skip
    return _owe(directive, point, at)


def _owe(directive: Directive, point: Point, at: datetime) -> int:
    """Every chosen area owes the point, once or on each of its days."""
    kind, who = OF_ORIGIN[directive.origin], _owing(point)
    if point.due_at:
        return plan(kind, who, once(directive.arrived_at, point.due_at), at=at, batch=directive.pk)
    if not (point.times_a_day and point.from_on and point.last_on):
        return 0
    windows = daily(point.from_on, point.last_on, times=point.times_a_day, by_hour=point.by_hour)
    ahead = (window for window in windows if window.due_at > at)
    return sum(plan(kind, who, window, at=at, batch=directive.pk) for window in ahead)


def _owing(point: Point) -> QuerySet[Area]:
    about = Value(point.pk, output_field=UUIDField())
    return Area.objects.filter(code__in=point.areas).annotate(
        subject=F("code"), area_code=F("code"), about=about
    )


def _settle(point: Point, area: str, at: datetime) -> None:
    kind = OF_ORIGIN[point.directive.origin]
    settle_about(kind, [point.pk], communities=sorted(communities_of([area])), at=at)
