"""A message first, a call second: when lists arrive, everybody on them who can be reached has one message at once.

However many lists somebody is on, it is one message, with a link to report by themselves and no word about health.
Calls go to those who have not answered.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Prefetch, Q

from shouwang.access.models import User
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import Sealer, sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.outreach.models import Message
from shouwang.outreach.rules import after_quiet
from shouwang.plans.schema import Clocks
from shouwang.screening.lists.models import Inquiry, ListRow, PushedList
from shouwang.screening.lists.settling import unsettled
from shouwang.screening.reports.links import report_links

FIRST = "list_first"


@dataclass(frozen=True)
class Spoken:
    """The clock of a list's first messages: how many left within so many seconds, how many later, how many have not left yet."""

    seconds: int
    in_time: int
    late: int
    left: int
    missed: bool


def first_messages(lists: Collection[UUID], *, by: User | None, at: datetime) -> Sent:
    """Writes to everybody on these lists whom nobody has written to or asked yet. Asked twice, it writes once."""
    rows = unsettled(ListRow.objects.filter(list__in=lists))
    people = Inquiry.objects.filter(rows__in=rows, messaged_at=None, answered_at=None).distinct()
    waiting = list(
        people.select_related("person").prefetch_related(Prefetch("rows", queryset=rows.order_by("number")))
    )
    links = report_links([one.pk for one in waiting])
    families = _by_phone(waiting)
    alone = [_wanted("", [one], links) for one in families.pop("", [])]
    sent = send([*(_wanted(*told, links) for told in families.items()), *alone], by=by, at=at)
    told = {one.phone for one in (*sent.new, *sent.already)}
    reached = [one.pk for phone, family in families.items() if phone in told for one in family]
    Inquiry.objects.filter(pk__in=reached).update(messaged_at=at)
    return sent


def how_soon(listed: PushedList, clocks: Clocks, *, now: datetime) -> Spoken | None:
    """Whether everybody on a list who can be reached was written to within the plan's seconds; at night they run from morning.

    Nothing where the plan names no seconds, or nobody was written to because of this list.
    """
    if not clocks.first_message_seconds:
        return None
    came = listed.file.received_at if listed.file else listed.received_at
    due = after_quiet(came, clocks.quiet_from, clocks.quiet_until)
    due += timedelta(seconds=clocks.first_message_seconds)
    people = Inquiry.objects.filter(rows__list=listed.pk)
    written = Message.objects.filter(purpose=FIRST, about__in=people.values("pk"), made_at__gte=came)
    told = written.aggregate(
        all=Count("pk"), in_time=Count("pk", filter=Q(sent_at__lte=due)), late=Count("pk", filter=Q(sent_at__gt=due)),
        spared=Count("pk", filter=Q(answered_at__isnull=False, sent_at=None)),
    )  # fmt: skip
    left = told["all"] - told["in_time"] - told["late"] - told["spared"]
    missed = told["late"] > 0 or (left > 0 and now > due)
    return (
        Spoken(clocks.first_message_seconds, told["in_time"], told["late"], left, missed)
        if told["all"]
        else None
    )


def _by_phone(people: list[Inquiry]) -> dict[str, list[Inquiry]]:
    """Who shares a phone shares a message: a family reports in one go. Who has none stands under an empty number."""
    keys = sealer(settings.SEALING_KEY_FILE)
    found: dict[str, list[Inquiry]] = {}
    for one in people:
        found.setdefault(_phone(one, keys), []).append(one)
    return found


def _wanted(phone: str, family: list[Inquiry], links: dict[UUID, str]) -> Wanted:
    first = family[0]
    return Wanted(
        phone=phone,
        purpose=FIRST,
        once=str(first.pk),
        area_code=first.area_code,
        person=first.person if len(family) == 1 else None,
        about=first.pk,
        params={"path": links[first.pk]},
    )


def _phone(one: Inquiry, keys: Sealer) -> str:
    """The first mobile number: what the register knows of a person, else what the sender wrote."""
    known = list(one.person.phones_sealed) if one.person else []
    sealed = [*known, *(phone for row in one.rows.all() for phone in row.phones_sealed)]
    return next((phone for phone in map(keys.open, sealed) if MOBILE.fullmatch(phone)), "")
