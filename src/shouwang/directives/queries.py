"""What pages read: documents here, who has read one, what each area answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shouwang.access.models import Grant
from shouwang.access.roles import ROLES
from shouwang.directives.models import ABOVE, Directive, Point, Reading, Report
from shouwang.duties.models import Duty
from shouwang.duties.windows import Facts, Window, state
from shouwang.lib.codes import COMMUNITY
from shouwang.register.models import Area

READERS = ("commander", "secretary", "clerk")


@dataclass
class Standing:
    """How far a document is. Units: duties."""

    owed: int = 0
    overdue: int = 0
    done: int = 0
    read: int = 0
    own_read: bool = False


@dataclass(frozen=True)
class Reader:
    """Somebody who should have read a document, and when they said so."""

    user: int
    name: str
    role: str
    at: datetime | None


@dataclass
class Community:
    """One community's readers of a document."""

    code: str
    label: str
    readers: list[Reader] = field(default_factory=list)


@dataclass
class Share:
    """What one area owes of a point and what it reported.

    Shape: `state` is that of the duty that counts now: the oldest that is still owed, or the last one.
    """

    code: str
    label: str
    state: str = ""
    due_at: datetime | None = None
    done: int = 0
    missed: int = 0
    total: int = 0
    reports: list[Report] = field(default_factory=list)


def documents_here(*, most: int, origin: str = ABOVE) -> list[Directive]:
    """The documents in scope and of the areas above, the latest first."""
    rows = Directive.objects.filter(origin=origin).select_related("file", "received_by")
    return list(rows.order_by("-arrived_at", "-id")[:most])


def standings(directives: Sequence[Directive], *, user: int, now: datetime) -> dict[UUID | None, Standing]:
    """How far each of these documents is, in two questions."""
    found: defaultdict[UUID | None, Standing] = defaultdict(Standing)
    batches = [one.pk for one in directives]
    duties = Duty.objects.filter(batch__in=batches).exclude(fact="void")
    for batch, fact, due_at in duties.values_list("batch", "fact", "due_at"):
        one = found[batch]
        if fact == "owed":
            one.owed, one.overdue = one.owed + (due_at > now), one.overdue + (due_at <= now)
        else:
            one.done += fact in ("done", "late", "waived")
    for directive, reader in Reading.objects.filter(directive__in=batches).values_list("directive", "user"):
        found[directive].read += 1
        found[directive].own_read |= reader == user
    return found


def readers_of(directive: Directive, points: Iterable[Point], *, now: datetime) -> list[Community]:
    """By community: the commander, secretary and clerk, each with the moment at which they said 收到."""
    codes = {code[:COMMUNITY] for point in points for code in point.areas} or {
        directive.area_code[:COMMUNITY]
    }
    labels = dict(Area.objects.filter(code__in=codes).values_list("code", "label"))
    said = {one.user_id: one for one in Reading.objects.filter(directive=directive).select_related("user")}
    grants = Grant.objects.in_force(now).filter(role__in=READERS, area_codes__overlap=sorted(codes))
    found = {code: Community(code, labels[code]) for code in sorted(labels)}
    for grant in grants.select_related("user").order_by("role", "user__name"):
        for code in sorted(set(grant.area_codes) & set(found)):
            read = said.pop(grant.user_id, None)
            found[code].readers.append(
                Reader(grant.user_id, grant.user.name, ROLES[grant.role].words, read.at if read else None)
            )
    for read in said.values():
        place = found.setdefault(read.area_code, Community(read.area_code, labels.get(read.area_code, "")))
        place.readers.append(Reader(read.user_id, read.user.name, "", read.at))
    return list(found.values())


def shares_of(points: Sequence[Point], *, now: datetime) -> dict[UUID, list[Share]]:
    """For each point what each of its areas owes and reported. Cost: three questions for all points."""
    codes = {code for point in points for code in point.areas}
    labels = dict(Area.objects.filter(code__in=codes).values_list("code", "label"))
    shares = {
        (point.pk, code): Share(code, labels[code])
        for point in points
        for code in point.areas
        if code in labels
    }
    duties = Duty.objects.filter(about__in=[point.pk for point in points]).exclude(fact="void")
    for duty in duties.order_by("opens_at"):
        if duty.about and duty.subject_area and (share := shares.get((duty.about, duty.subject_area))):
            _count(share, duty, now)
    reports = Report.objects.filter(point__in=points).select_related("by", "file")
    for report in reports.order_by("-at"):
        if share := shares.get((report.point_id, report.area_code)):
            share.reports.append(report)
    found: defaultdict[UUID, list[Share]] = defaultdict(list)
    for (point_id, _code), share in shares.items():
        found[point_id].append(share)
    return found


def unanswered(area_low: str, area_high: str, *, now: datetime, most: int) -> list[Duty]:
    """Points and decisions that should have been answered and were not, the oldest first."""
    rows = Duty.objects.filter(kind__startswith="directives.", fact="owed", due_at__lte=now)
    gone = Q(lapses_at__isnull=False, lapses_at__lte=now)
    inside = rows.exclude(gone).filter(area_code__gte=area_low, area_code__lt=area_high)
    return list(inside.order_by("due_at", "id")[:most])


def _count(share: Share, duty: Duty, now: datetime) -> None:
    """The duty that counts now: an open or overdue one before any other, else the last that has begun."""
    window = Window(duty.opens_at, duty.due_at, duty.lapses_at)
    is_now = state(Facts(window, duty.done_at, duty.waived_at, duty.missed_at, duty.void_at), now)
    share.total += 1
    share.done += is_now in ("done", "late", "waived")
    share.missed += is_now == "missed"
    if share.state in ("open", "overdue") or (is_now == "waiting" and share.state):
        return
    share.state, share.due_at = is_now, duty.due_at
