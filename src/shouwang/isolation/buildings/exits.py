"""The way out of a sealed building: walked to and looked at twice a day, and always open to whoever needs a doctor or flees a fire.

A medical exit and a fire are never refused by data: whoever leaves for that reason is written down, never asked.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.isolation.buildings.seals import seal_of
from shouwang.isolation.duties import EXIT_CHECK
from shouwang.isolation.models import ExitCheck, MedicalExit, Seal
from shouwang.lib.clock import midnight
from shouwang.lib.codes import subtree
from shouwang.lib.ids import uuid7


def check_exit(
    seal_id: UUID,
    *,
    passable: bool,
    checked_at: datetime,
    by: User | None,
    at: datetime,
    note: str = "",
    id: UUID | None = None,
) -> ExitCheck:
    """Somebody walked to the fire exit and looked. A blocked exit is no check: it stays owed. Raises: NotInScope."""
    row = seal_of(seal_id)
    check, _ = ExitCheck.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": row.area_code, "seal": row, "at": checked_at, "recorded_at": at, "by": by,
            "passable": passable, "note": note[:200],
        },
    )  # fmt: skip
    settle_about(EXIT_CHECK, [seal_id], communities=sorted(communities_of([row.area_code])), at=at)
    return check


def let_out(
    area: str,
    *,
    why: str,
    who: str,
    left_at: datetime,
    by: User | None,
    at: datetime,
    transport: str = "",
    id: UUID | None = None,
) -> MedicalExit:
    """Somebody left for a doctor, a birth or a fire: written down, never asked for. Raises nothing that would keep them."""
    row, made = MedicalExit.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": area, "at": left_at, "recorded_at": at, "by": by, "why": why, "who": who[:64],
            "transport": transport[:80],
        },
    )  # fmt: skip
    if made:
        audit("isolation.let_out", at=at, by=by, area=area, why=why)
    return row


def arrange(left: UUID, *, transport: str, by: User, at: datetime) -> MedicalExit:
    """The car that takes somebody who left. Raises: NotInScope."""
    row = one_in_scope(MedicalExit.objects.filter(pk=left))
    MedicalExit.objects.filter(pk=left).update(transport=transport[:80])
    audit("isolation.arrange_transport", at=at, by=by, area=row.area_code, left=left)
    return MedicalExit.objects.get(pk=left)


def owe_exit_checks(area: str, day: date, *, per_day: int, at: datetime) -> int:
    """Every sealed building owes its checks today, spread over the day. How many are new."""
    low, high = subtree(area)
    begins = midnight(day)
    closed = Seal.objects.filter(
        area_code__gte=low,
        area_code__lt=high,
        approved_at__isnull=False,
        opened_at=None,
        from_at__lt=begins + timedelta(days=1),
        until__gt=begins,
    )
    who = closed.annotate(subject=F("area_code"), about=F("id"))
    step, made = timedelta(days=1) / per_day, 0
    for turn in range(per_day):
        window = Window(begins + turn * step, begins + (turn + 1) * step, begins + (turn + 1) * step)
        if window.due_at <= at:
            continue  # closed in the evening: nobody was to walk there in the morning
        made += plan(EXIT_CHECK, who, window, at=at)
    return made


def not_seen(rows: Sequence[Seal], *, now: datetime) -> set[UUID | None]:
    """Of these buildings those to whose exit nobody has walked this time."""
    owed = Duty.objects.filter(kind=EXIT_CHECK.name, fact="owed", opens_at__lte=now, lapses_at__gt=now)
    return set(owed.filter(about__in=[row.pk for row in rows]).values_list("about", flat=True))


def last_out(area: str, *, since: datetime) -> QuerySet[MedicalExit]:
    """Who left here for a doctor, a birth or a fire, the latest first."""
    low, high = subtree(area)
    rows = MedicalExit.objects.filter(area_code__gte=low, area_code__lt=high, at__gte=since, void_at=None)
    return rows.select_related("by").order_by("-at")
