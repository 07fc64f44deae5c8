"""Opening a drive, and writing down what people said."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet, UUIDField, Value

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Person
from shouwang.vaccination.duties import CALL
from shouwang.vaccination.models import SAYS, VACCINATED, WITH_REASON, Drive, Said
from shouwang.vaccination.rules import born_between

ENDED = "接种活动结束"


class NoTime(Refusal):
    code = "vaccination.no_time"
    sentence = "打完的日子要在今天以后。"


class WhyNot(Refusal):
    code = "vaccination.why_not"
    sentence = "不能打、不愿打的，写一句原因，以后就不再问了。"


class BookedWhen(Refusal):
    code = "vaccination.booked_when"
    sentence = "约的是哪一天？写上日子，不能早于今天。"


def who_is_called(drive: Drive) -> QuerySet[Person]:
    """Everybody of the ages who lives here and has too few doses; whoever's doses nobody knows is asked too."""
    low, high = subtree(drive.area_code)
    after, until = born_between(day_of(drive.opened_at), drive.from_age, drive.until_age)
    rows = Person.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"), left_at=None)
    rows = rows.filter(born_on__lte=until).exclude(vaccine_doses__gte=drive.doses)
    return rows.filter(born_on__gt=after) if after else rows


def open_drive(
    area: str,
    *,
    title: str,
    from_age: int,
    until_age: int | None,
    doses: int,
    due_at: datetime,
    by: User,
    at: datetime,
) -> tuple[Drive, int]:
    """Opens a drive: everybody whom it is for is owed a call. The drive, and how many. Raises: NoTime."""
    if due_at <= at:
        raise NoTime()
    drive = Drive.objects.create(
        id=uuid7(at), area_code=area, title=title[:60], from_age=from_age, until_age=until_age, doses=doses,
        opened_at=at, opened_by=by, due_at=due_at,
    )  # fmt: skip
    who = who_is_called(drive).annotate(subject=F("id"), about=Value(drive.pk, output_field=UUIDField()))
    owed = plan(CALL, who, Window(at, due_at), at=at, batch=drive.pk)
    audit("vaccination.open", at=at, by=by, area=area, drive=drive.pk, planned=owed)
    return drive, owed


def say(
    drive: UUID,
    person: int,
    *,
    says: str,
    note: str = "",
    booked_on: date | None = None,
    id: UUID | None = None,
    by: User | None,
    at: datetime,
) -> Said:
    """Writes down what somebody said; who was vaccinated has one dose more in the register. Sent twice it is there once.

    Raises: NotInScope, WhyNot, BookedWhen.
    """
    row, who = Drive.objects.filter(pk=drive).first(), Person.objects.filter(pk=person).first()
    if row is None or who is None or says not in dict(SAYS):
        raise NotInScope()
    if says in WITH_REASON and not note.strip():
        raise WhyNot()
    if says == "booked" and (booked_on is None or booked_on < day_of(at)):
        raise BookedWhen()
    doses = (who.vaccine_doses or 0) + 1 if says in VACCINATED else None
    said, made = Said.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": who.area_code, "drive": row, "person": who, "says": says, "note": note.strip()[:200],
            "booked_on": booked_on if says == "booked" else None, "doses": doses, "at": at, "recorded_at": at, "by": by,
        },
    )  # fmt: skip
    if made:
        if doses:
            Person.objects.filter(pk=person).update(vaccine_doses=doses)
        settle(CALL, [person], communities=sorted(communities_of([who.area_code])), at=at)
    return said


def end_drive(drive: UUID, *, by: User, at: datetime) -> int:
    """Nobody else is called. How many calls were still owed. Raises: NotInScope."""
    found = one_in_scope(Drive.objects.filter(pk=drive))
    Drive.objects.filter(pk=drive, ended_at=None).update(ended_at=at)
    struck = void(Duty.objects.filter(batch=drive, fact="owed"), reason=ENDED, by=by, at=at)
    audit("vaccination.end", at=at, by=by, area=found.area_code, drive=drive, struck=struck)
    return struck
