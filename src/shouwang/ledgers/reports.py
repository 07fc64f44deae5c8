"""What is owed each day: every community's report of every form, by its own hour; who has sent, and chasing who has not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window
from shouwang.ledgers.blank.forms import current, take_up
from shouwang.ledgers.duties import REPORT, owed
from shouwang.ledgers.models import Form, Report, Snapshot, Version
from shouwang.ledgers.periods import Period, day_at, due_at, period_of
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import subtree
from shouwang.lib.fields import Field
from shouwang.lib.ids import uuid7
from shouwang.register.models import Area

RETIRED = "这张表不再报了"


@dataclass(frozen=True)
class Standing:
    """How a report stands: owed, overdue, waiting for the second name, sent, sent late."""

    report: Report
    state: str
    snapshot: Snapshot | None = None


def plan_reports(area: str, *, fields: Mapping[str, Field], at: datetime) -> list[Report]:
    """Lets every community of an area owe its forms for the period that is running now. Those that are new.

    What is recorded since the form came is filled in from the new period on.
    """
    low, high = subtree(area)
    made: list[Report] = []
    for form in Form.objects.filter(area_code__gte=low, area_code__lt=high, retired_at=None):
        if form.versions.exclude(confirmed_at=None).exists():
            new = plan_form(form, at=at)
            if new:
                take_up(current(form), fields, at=at)
            made += new
    return made


def plan_form(form: Form, *, at: datetime) -> list[Report]:
    """Lets the communities of one form owe the period that is running now. Those reports that are new."""
    version = current(form)
    day = day_at(at, version.cut_off)
    low, high = subtree(form.area_code)
    reporting = Area.objects.filter(level="community", code__gte=low, code__lt=high).values_list(
        "code", flat=True
    )
    there = set(Report.objects.filter(form=form, day=day).values_list("area_code", flat=True))
    period, due = period_of(day, version.cut_off), due_at(day, version.cut_off, version.due)
    made = Report.objects.bulk_create(
        Report(
            id=uuid7(at), form=form, version=version, area_code=code, day=day,
            from_at=period.from_at, until=period.until, due_at=due, planned_at=at,
        )
        for code in sorted(set(reporting) - there)
    )  # fmt: skip
    if made:
        plan(REPORT, owed(made), Window(period.from_at, due), at=at, batch=None)
    return made


def follow_version(version: Version, *, at: datetime) -> None:
    """A new version of a form is used for what is owed and not sent yet; its hours hold from the next period on."""
    waiting = Report.objects.filter(form=version.form).exclude(
        snapshots__withdrawn_at=None, snapshots__isnull=False
    )
    waiting.update(version=version)
    plan_form(version.form, at=at)


def retire(form: Form, *, by: User, at: datetime) -> None:
    """A form is asked for no longer: what is still owed of it is struck out."""
    reports = list(Report.objects.filter(form=form).values_list("pk", flat=True))
    void(Duty.objects.filter(kind=REPORT.name, about__in=reports, fact="owed"), reason=RETIRED, by=by, at=at)
    Form.objects.filter(pk=form.pk, retired_at=None).update(retired_at=at)
    audit("ledgers.retire_form", at=at, by=by, area=form.area_code, form=form.pk)


def report_of(report: UUID) -> Report:
    """A report in scope. Raises: NotInScope."""
    return one_in_scope(Report.objects.select_related("form", "version__form").filter(pk=report))


def period_for(report: Report, *, now: datetime) -> Period:
    """What this report counts now: from where the last one ended, up to its cut-off or to now if that is earlier.

    A report that left before its cut-off counted until then: the next one begins there, so that nothing is left out.
    """
    before = (
        Snapshot.objects.filter(
            report__form_id=report.form_id,
            area_code=report.area_code,
            report__day=report.day - timedelta(days=1),
            corrects=None,
            checked_at__isnull=False,
        )
        .values_list("until", flat=True)
        .first()
    )
    since = before or report.from_at
    return Period(since, max(since, min(now, report.until)))


def standings(reports: Iterable[Report], *, now: datetime) -> list[Standing]:
    """How each of these reports stands."""
    rows = list(reports)
    found = {
        one.report_id: one
        for one in Snapshot.objects.filter(report__in=rows, withdrawn_at=None, corrects=None).select_related(
            "prepared_by", "checked_by"
        )
    }
    return [Standing(row, _state(row, found.get(row.pk), now), found.get(row.pk)) for row in rows]


def _state(report: Report, snapshot: Snapshot | None, now: datetime) -> str:
    if snapshot and snapshot.checked_at:
        return "sent" if snapshot.checked_at < report.due_at else "sent_late"
    if snapshot:
        return "waiting"
    return "overdue" if now >= report.due_at else "owed"


def reports_here(*, now: datetime, most: int) -> QuerySet[Report]:
    """The reports in scope, the latest first."""
    rows = Report.objects.filter(from_at__lte=now).select_related("form", "version")
    return rows.order_by("-day", "form__title", "area_code")[:most]


def of_form(form: Form, day: date, area: str) -> QuerySet[Report]:
    """The reports of a form for a day inside an area."""
    low, high = subtree(area)
    rows = Report.objects.filter(form=form, day=day, area_code__gte=low, area_code__lt=high)
    return rows.select_related("form", "version").order_by("area_code")


def chase(reports: Iterable[Report], *, by: User, at: datetime) -> str:
    """Notes that these were asked for (催报), and gives the words to paste into the group."""
    rows = list(reports)
    labels = dict(Area.objects.filter(code__in=[row.area_code for row in rows]).values_list("code", "label"))
    Report.objects.filter(pk__in=[row.pk for row in rows]).update(chased_at=at, chased_by=by)
    for row in rows:
        audit("ledgers.chase", at=at, by=by, area=row.area_code, report=row.pk)
    if not rows:
        return ""
    first = rows[0]
    names = "、".join(labels.get(row.area_code, row.area_code) for row in rows)
    return (
        f"【催报】{first.form.title}（{first.day.month}月{first.day.day}日）"
        f"{first.due_at.astimezone(ZONE):%H:%M} 截止，还没报的有 {len(rows)} 个：{names}。请尽快上报，没有情况也要零报告。"
    )


def settle_reports(reports: Iterable[Report], *, at: datetime) -> int:
    """Settles the duties that are about these reports. How many changed."""
    rows = list(reports)
    communities = sorted(communities_of(row.area_code for row in rows))
    return settle_about(REPORT, [row.pk for row in rows], communities=communities, at=at)
