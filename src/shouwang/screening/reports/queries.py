"""What people said by themselves, for the pages: of one inquiry, of one report, of a community's days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from shouwang.lib.clock import midnight
from shouwang.lib.codes import community_of
from shouwang.plans.actions import clocks_of
from shouwang.screening.lists.asking import Told
from shouwang.screening.reports.models import ReportedPerson, SelfReport, Wish
from shouwang.screening.reports.rules import door_words, travel_words


@dataclass(frozen=True)
class SaidOf:
    """What was said of one person last, as a worker reads it. Shape: `versions` is how often it was told, `people` how many are in it."""

    inquiry: UUID
    report: SelfReport
    person: ReportedPerson
    versions: int
    people: int

    @property
    def address(self) -> str:
        """Where they say that they live."""
        told = self.report
        return door_words(told.compound, told.building, told.unit, told.room) or told.address

    @property
    def travel(self) -> str:
        """Where they say that they were."""
        return travel_words(self.report.travel)


def said_of(inquiries: Collection[UUID]) -> dict[UUID, SaidOf]:
    """What was last reported of each of these people; nobody where nothing was. Cost: one question."""
    rows = ReportedPerson.objects.filter(row__inquiry__in=inquiries).select_related("report", "row")
    versions = SelfReport.objects.filter(first=OuterRef("report__first")).order_by().values("first")
    together = ReportedPerson.objects.filter(report=OuterRef("report")).order_by().values("report")
    counted = rows.annotate(
        versions=Subquery(versions.annotate(many=Count("pk")).values("many")),
        people=Subquery(together.annotate(many=Count("pk")).values("many")),
    )
    return {
        person.row.inquiry_id: SaidOf(
            person.row.inquiry_id, person.report, person, person.versions, person.people
        )
        for person in counted.order_by("report__recorded_at")
        if person.row
    }


def told_of(said: SaidOf) -> Told:
    """A check filled in with what the person said, for a worker to confirm.

    Shape: its `id` is made from the report, so that confirmed twice it counts once; it happened when it was reported.
    """
    told, person = said.report, said.person
    here = told.arrived_on is None or midnight(told.arrived_on) <= told.recorded_at
    return Told(
        inquiry=said.inquiry, id=uuid5(person.pk, "check"), at=told.recorded_at, channel="self_report",
        at_home=True if here else None, address=said.address[:160], from_place=told.from_place, left_on=told.left_on,
        arrived_on=told.arrived_on, transport=told.transport, symptoms=tuple(person.symptoms),
        people_count=said.people, note="；".join(filter(None, (said.travel, told.note)))[:200],
    )  # fmt: skip


def versions_of(first: UUID) -> list[SelfReport]:
    """A report and its corrections, the newest first."""
    rows = SelfReport.objects.filter(first=first).prefetch_related("people")
    return list(rows.order_by("-recorded_at", "-id"))


def coming(*, since: date) -> QuerySet[ReportedPerson]:
    """Who said that they come back on or after this day, in the order in which they come."""
    return (
        _last_versions()
        .filter(report__arrived_on__gte=since)
        .order_by("report__arrived_on", "report__recorded_at")
    )


def lately(*, since: datetime) -> QuerySet[ReportedPerson]:
    """Who was reported since then, the newest first; of a corrected report its last version."""
    return _last_versions().filter(report__recorded_at__gte=since).order_by("-report__recorded_at", "number")


def answers_due(wishes: Iterable[Wish], *, now: datetime) -> list[tuple[Wish, datetime | None]]:
    """Each wish with the moment by which the plan of its community asks for an answer; nothing where it names no hours."""
    rows = list(wishes)
    hours = {
        area: clocks_of(area, now=now).correction_hours
        for area in {community_of(one.area_code) for one in rows}
    }
    return [(one, _after(one.at, hours[community_of(one.area_code)])) for one in rows]


def _after(at: datetime, hours: float | None) -> datetime | None:
    return at + timedelta(hours=hours) if hours else None


def open_wishes() -> QuerySet[Wish]:
    """What people asked for about their reports and nobody answered yet, the oldest first."""
    return Wish.objects.filter(answered_at=None).order_by("at")


def _last_versions() -> QuerySet[ReportedPerson]:
    later = SelfReport.objects.filter(
        first=OuterRef("report__first"), recorded_at__gt=OuterRef("report__recorded_at")
    )
    rows = ReportedPerson.objects.filter(~Exists(later))
    return rows.select_related("report", "row")
