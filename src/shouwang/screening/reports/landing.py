"""What was reported becomes rows of the day's list (居民报备 4月21日), matched, owed and answered like any other list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from shouwang.duties.plan import lock, plan
from shouwang.duties.windows import Window
from shouwang.lib.characters import plain
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.identity import check_id_number
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import Sealer, sealer
from shouwang.plans.actions import clocks_of, plan_of
from shouwang.screening.duties import LIST_ROW
from shouwang.screening.lists.asking import Told, record_checks
from shouwang.screening.lists.models import FOUND, Inquiry, ListRow, PushedList
from shouwang.screening.lists.placing import place
from shouwang.screening.lists.reading import Written
from shouwang.screening.lists.receiving import NoClock, begin
from shouwang.screening.lists.settling import settle_by_earlier_answers, unsettled
from shouwang.screening.reports.models import FAMILY, ReportedPerson, SelfReport
from shouwang.screening.reports.rules import door_words, is_enough, travel_words

AT_ONCE = 500
SOURCE, SENDER = "self_report", "居民"
HOW = {"family": "本人报备", "others": "别人代填", "tenants": "房东替租客报备"}


@dataclass
class Landed:
    """What landed: how many people, and the inquiries that have answered by it."""

    people: int = 0
    inquiries: set[UUID] = field(default_factory=set)


def land(community: str, *, at: datetime) -> Landed:
    """Everything reported here that has not landed yet: who is on a list already has answered, the others are a row.

    Shape: a worker still confirms, unless the plan says that the report is enough and the register knows who it is;
    somebody without a symptom who was asked already is settled by the earlier answer.
    Cost: one matching for all that wait, at most 500 reports at once.
    """
    lock([community])
    low, high = subtree(community)
    waiting = SelfReport.objects.filter(area_code__gte=low, area_code__lt=high, landed_at=None)
    reports = list(waiting.order_by("recorded_at", "id").prefetch_related("people")[:AT_ONCE])
    newest = {one.first: one.pk for one in reports}
    corrected = [one.pk for one in reports if newest[one.first] != one.pk]
    SelfReport.objects.filter(pk__in=corrected).update(landed_at=at)
    reports = [one for one in reports if one.pk not in corrected]
    landed = Landed()
    for day in sorted({day_of(one.recorded_at) for one in reports}):
        _land_day(community, day, [one for one in reports if day_of(one.recorded_at) == day], landed, at)
    return landed


def _land_day(community: str, day: date, reports: list[SelfReport], landed: Landed, at: datetime) -> None:
    people = [(report, person) for report in reports for person in report.people.all()]
    rest = []
    for report, person in people:
        person.row = _row_that_waits(report, person)
        if person.row is None:
            rest.append((report, person))
    if rest:
        listed = _list_of(community, day, reports[0].recorded_at, at)
        rows = _add(listed, rest, reports[0].recorded_at, at)
        for (_report, person), row in zip(rest, rows, strict=True):
            person.row = row
    _remember(people, landed, at)
    _settle_where_enough(community, people, at)


def _settle_where_enough(
    community: str, people: Sequence[tuple[SelfReport, ReportedPerson]], at: datetime
) -> None:
    """Under a plan that takes people's own word nobody calls whom the register surely knows and who is well."""
    plan_now = plan_of(community, now=at)
    told: dict[UUID, Told] = {}
    for report, person in people:
        row = person.row
        if row and row.outcome == FOUND and is_enough(plan_now, row.list.category, person.symptoms):
            told[row.inquiry_id] = Told(
                row.inquiry_id, report.recorded_at, SOURCE, from_place=report.from_place, left_on=report.left_on,
                arrived_on=report.arrived_on, transport=report.transport, category=row.list.category,
                note=report.note,
            )  # fmt: skip
    waiting = unsettled(ListRow.objects.filter(inquiry__in=list(told))).values_list("inquiry", flat=True)
    record_checks([told[pk] for pk in dict.fromkeys(waiting)], by=None, at=at, plan_now=plan_now)


def _row_that_waits(report: SelfReport, person: ReportedPerson) -> ListRow | None:
    """The row that this person was asked about by a personal link, or that an earlier version became, while it waits.

    A link can be passed on: it stands only for somebody of the name that was asked.
    """
    rows = unsettled(ListRow.objects.filter(inquiry=report.asked)) if report.asked else None
    found = next((row for row in rows or () if _same_name(row, person)), None)
    if found is None and report.first != report.pk:
        before = ReportedPerson.objects.filter(
            report__first=report.first, name=person.name, row__isnull=False
        )
        found = unsettled(ListRow.objects.filter(pk__in=before.values("row"))).first()
    return found


def _same_name(row: ListRow, person: ReportedPerson) -> bool:
    known = row.inquiry.person.name if row.inquiry.person else row.name
    return bool(known) and plain(known) == plain(person.name)


def _list_of(community: str, day: date, first_at: datetime, at: datetime) -> PushedList:
    """The day's list, begun by its first report. Its clock is over when that of its last row can be."""
    tomorrow = midnight(day + timedelta(days=1))
    held = PushedList.objects.filter(
        area_code=community, source=SOURCE, arrived_at__gte=midnight(day), arrived_at__lt=tomorrow
    ).first()
    rest_hours = (tomorrow - first_at).total_seconds() / 3600
    return held or begin(
        area=community, title=f"居民报备 {day.month}月{day.day}日", sender=SENDER, by=None, at=at, source=SOURCE,
        arrived_at=first_at, hours=rest_hours + _hours(community, at),
    )  # fmt: skip


def _add(
    listed: PushedList, people: Sequence[tuple[SelfReport, ReportedPerson]], since: datetime, at: datetime
) -> list[ListRow]:
    """Rows with a clock of their own, which began when they were sent."""
    keys, start = sealer(settings.SEALING_KEY_FILE), listed.rows.count()
    written = [
        _written(report, person, start + count, keys) for count, (report, person) in enumerate(people, 1)
    ]
    rows = place(listed, written, at=at)
    owed = ListRow.objects.filter(pk__in=[row.pk for row in rows])
    due = since + timedelta(hours=_hours(listed.area_code, at))
    who = owed.annotate(subject=F("list__area_code"), about=F("id"))
    plan(LIST_ROW, who, Window(listed.arrived_at, due), at=at, batch=listed.pk)
    well = [
        row.inquiry_id
        for row, (report, person) in zip(rows, people, strict=True)
        if not person.symptoms and report.first == report.pk
    ]
    settle_by_earlier_answers(well, by=None, at=at)
    return rows


def _hours(community: str, at: datetime) -> float:
    limit = clocks_of(community, now=at).list_hours
    if not limit:
        raise NoClock()
    return float(limit)


def _written(report: SelfReport, person: ReportedPerson, number: int, keys: Sealer) -> Written:
    """What somebody said as a row like any other; the family's telephone stands in where a member has none."""
    phone = keys.open(person.phone_sealed) or (
        keys.open(report.phone_sealed) if report.whose == FAMILY else ""
    )
    identity = check_id_number(plain(keys.open(person.id_sealed)).upper().replace(" ", ""))
    told = {
        "填表人": report.teller,
        "填表人电话": report.phone_mask if report.whose != FAMILY else "",
        "离开日期": str(report.left_on or ""),
        "去过的地方": travel_words(report.travel),
        "症状": "、".join(person.symptoms),
        "备注": report.note,
    }
    return Written(
        number, 0, "", name=person.name, identity=identity, phones=read_phones(phone).numbers,
        sex={"男": "m", "女": "f"}.get(identity.sex, ""), born_on=identity.born_on,
        address=(door_words(report.compound, report.building, report.unit, report.room) or report.address)[:160],
        from_place=report.from_place, happened_on=report.arrived_on, happened=_happened(report),
        transport=report.transport, reason=HOW[report.whose],
        extra={words: value[:200] for words, value in told.items() if value},
    )  # fmt: skip


def _happened(report: SelfReport) -> str:
    day = report.arrived_on
    if day is None:
        return ""
    coming = day > day_of(report.recorded_at)
    return f"{day.month}月{day.day}日{'准备到' if coming else '到'}"


def _remember(people: Sequence[tuple[SelfReport, ReportedPerson]], landed: Landed, at: datetime) -> None:
    """Each person keeps the row, and lies from now on where the row lies, so that whoever answers for the door sees it."""
    for report, person in people:
        row = person.row
        if row is None:
            continue
        person.area_code = row.area_code
        if person.number == 1:
            report.area_code = row.area_code
        landed.inquiries.add(row.inquiry_id)
        landed.people += 1
        answered = Inquiry.objects.filter(pk=row.inquiry_id)
        answered.exclude(answered_at__gt=report.recorded_at).update(answered_at=report.recorded_at)
    ReportedPerson.objects.bulk_update([person for _report, person in people], ["row", "area_code"])
    reports = list({report.pk: report for report, _person in people}.values())
    for report in reports:
        report.landed_at = at
    SelfReport.objects.bulk_update(reports, ["area_code", "landed_at"])
