"""From the outbox to the gateway: taken in hand by a conditional update, handed over, noted. Never twice by itself.

take   a handful becomes ours (`claim`); committed before anything leaves the house
       gateway.hand_over: outside every transaction
note   what came of it. Whoever dies between the two leaves messages in hand; after `IN_HAND_MOST` they are *unsure*
rest   when there is something to do for this batch again
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.sealing import Sealer, sealer
from shouwang.outreach import codes
from shouwang.outreach.channels import WaysOut, ways_out
from shouwang.outreach.gateway import Outcome, Parcel
from shouwang.outreach.models import Batch, Delivery, Message
from shouwang.outreach.rules import IN_HAND_MOST, after_quiet, pause_after, tomorrow_morning
from shouwang.outreach.texts import purpose, purposes
from shouwang.plans.actions import plan_of

HANDFUL = 64
LEASE = timedelta(minutes=2)  # so long nobody else begins with a batch that somebody is busy with
OPEN = Q(sent_at=None, unsure_at=None, given_up_at=None)
CRASHED = "crashed"
FREE = OPEN & Q(claim=None)


def waiting_batches(*, at: datetime) -> list[UUID]:
    """The batches for which there is something to do now."""
    return list(Batch.objects.filter(next_at__lte=at).order_by("next_at").values_list("pk", flat=True))


def areas_of(batch: UUID) -> list[str]:
    """The communities that a batch of messages is for; none of a batch that is not there."""
    return Batch.objects.filter(pk=batch).values_list("area_codes", flat=True).first() or []


def take(batch: UUID, *, at: datetime) -> list[Parcel]:
    """A handful of this batch that may go out now, ours from here on. Empty: nothing to do at this moment."""
    mine = Message.objects.filter(batch=batch)
    _tidy(mine, at=at)
    ways = ways_out(areas_of(batch))
    for community in ways:
        _wait_for_morning(mine, community, at=at)
    rows = _free(mine, ways, at=at)
    while rows and not (allowed := _not_too_many(rows, ways, at=at)):
        rows = _free(mine, ways, at=at)
    if not rows:
        return []
    claim = uuid4()
    mine.filter(FREE, pk__in=[row.pk for row in allowed]).update(claim=claim, claimed_at=at)
    Batch.objects.filter(pk=batch).update(next_at=at + LEASE)
    keys = sealer(settings.SEALING_KEY_FILE)
    return [_parcel(row, claim, ways[community_of(row.area_code)], keys) for row in allowed]


def note(outcomes: Iterable[Outcome], *, at: datetime) -> None:
    """Writes down what came of each try; what certainly did not go is tried again after a growing pause."""
    known = {outcome.message: outcome for outcome in outcomes}
    rows = list(Message.objects.filter(pk__in=known).select_for_update().order_by("pk"))
    for row in rows:
        _settle(row, known[row.pk], at=at)
    Message.objects.bulk_update(
        rows,
        [
            "sent_at",
            "unsure_at",
            "given_up_at",
            "why",
            "due_at",
            "tries",
            "claim",
            "claimed_at",
            "claimed_by",
        ],
    )
    Delivery.objects.bulk_create(
        Delivery(
            area_code=row.area_code,
            message=row,
            at=at,
            channel_id=known[row.pk].channel,
            ok=known[row.pk].ok,
            why=known[row.pk].why,
        )
        for row in rows
    )


def rest(batch: UUID, *, at: datetime) -> datetime | None:
    """When this batch wants to be looked at again: the next try, the end of what somebody has in hand, the last moment."""
    held = Batch.objects.select_for_update().get(pk=batch)
    mine = Message.objects.filter(OPEN, batch=batch)
    due = mine.filter(_can_leave(ways_out(held.area_codes)), claim=None).aggregate(at=Min("due_at"))["at"]
    moments = [mine.exclude(claim=None).aggregate(at=Min("claimed_at"))["at"]]
    moments = [moment + IN_HAND_MOST for moment in moments if moment]
    moments += [due] if due else []
    oldest = mine.filter(claim=None).values_list("purpose").annotate(Min("made_at"))
    moments += [made + timedelta(hours=purpose(key).good_for_hours) for key, made in oldest]
    held.next_at = min(moments, default=None)
    held.save(update_fields=["next_at"])
    return held.next_at


def words_of(message: Message, way: WaysOut, phone: str) -> str:
    """The finished text as its receiver reads it."""
    if way.office is None:
        return ""
    community, asked = community_of(message.area_code), purpose(message.purpose)
    signed = {
        "who": way.office.name,
        "phone": way.office.phone,
        "link": way.office.address + asked.path(message.params, community),
        "code": codes.written_in(phone, made_at=message.made_at),
    }
    return asked.text(message.language, {**message.params, **signed})


def _tidy(mine: QuerySet[Message], *, at: datetime) -> None:
    """What somebody has in hand for too long is unsure; what is too late is given up."""
    lost = list(mine.filter(OPEN, claimed_at__lte=at - IN_HAND_MOST).values_list("pk", "area_code"))
    if lost:
        mine.filter(OPEN, pk__in=[pk for pk, _ in lost], claimed_at__lte=at - IN_HAND_MOST).update(
            unsure_at=at, why=CRASHED, claim=None, claimed_at=None
        )
        Delivery.objects.bulk_create(
            Delivery(area_code=area, message_id=pk, at=at, ok=None, why=CRASHED) for pk, area in lost
        )
    late = Q(pk=None)
    for key, one in purposes().items():
        late |= Q(purpose=key, made_at__lte=at - timedelta(hours=one.good_for_hours))
    mine.filter(FREE, late).update(given_up_at=at, why="too_late")


def quiet_hours(community: str, *, at: datetime) -> tuple[time | None, time | None]:
    """From when to when people are left alone, as the plan says; nothing where it does not."""
    plan = plan_of(community, now=at)
    clocks = plan.clocks if plan else None
    return (clocks.quiet_from, clocks.quiet_until) if clocks else (None, None)


def _wait_for_morning(mine: QuerySet[Message], community: str, *, at: datetime) -> None:
    """In quiet hours only what is urgent goes out."""
    until = after_quiet(at, *quiet_hours(community, at=at))
    if until > at:
        mine.filter(FREE, within(community), urgent=False, due_at__lt=until).update(due_at=until)


def _free(mine: QuerySet[Message], ways: dict[str, WaysOut], *, at: datetime) -> list[Message]:
    free = mine.filter(FREE, _can_leave(ways), due_at__lte=at).select_for_update(skip_locked=True)
    return list(free.order_by("-urgent", "due_at", "pk")[:HANDFUL])


def _can_leave(ways: dict[str, WaysOut]) -> Q:
    """Messages of communities that have a name to sign with and a channel of the fitting kind."""
    leaving = Q(pk=None)
    for community, way in ways.items():
        if way.office and way.of(to_phone=True):
            leaving |= within(community) & ~Q(phone_digest=b"")
        if way.office and way.of(to_phone=False):
            leaving |= within(community) & Q(phone_digest=b"")
    return leaving


def _not_too_many(rows: list[Message], ways: dict[str, WaysOut], *, at: datetime) -> list[Message]:
    """Without those who were written to often enough today: they get the rest tomorrow morning."""
    plain = [row for row in rows if not row.urgent and row.phone_digest]
    today = Message.objects.filter(
        phone_digest__in=[row.phone_digest for row in plain], sent_at__gte=midnight(day_of(at))
    )
    had = {bytes(digest): count for digest, count in today.values_list("phone_digest").annotate(Count("pk"))}
    enough = set()
    for row in plain:
        digest, office = bytes(row.phone_digest), ways[community_of(row.area_code)].office
        had[digest] = had.get(digest, 0) + 1
        if office and had[digest] > office.daily_most:
            enough.add(row.pk)
    for community in {community_of(row.area_code) for row in plain if row.pk in enough}:
        morning = tomorrow_morning(at, quiet_hours(community, at=at)[1])
        Message.objects.filter(FREE, within(community), pk__in=enough).update(due_at=morning)
    return [row for row in rows if row.pk not in enough]


def _parcel(row: Message, claim: UUID, way: WaysOut, keys: Sealer) -> Parcel:
    phone = keys.open(row.phone_sealed)
    fitting = way.of(to_phone=bool(phone))
    channel = fitting[row.tries % len(fitting)]
    url = keys.open(channel.url_sealed)
    return Parcel(row.pk, claim, phone, words_of(row, way, phone), url, channel.pk)


def _settle(row: Message, outcome: Outcome, *, at: datetime) -> None:
    """The row after this try. What went out is sent, also where it was called unsure meanwhile; anything else is told
    only of what is still in this hand."""
    ours = row.claim == outcome.claim or row.why == CRASHED
    if row.sent_at or not (ours or outcome.ok):
        return
    row.claim = row.claimed_at = row.claimed_by = row.unsure_at = row.given_up_at = None
    row.tries, row.why = row.tries + 1, outcome.why
    pause = pause_after(row.tries)
    if outcome.ok:
        row.sent_at = at
    elif outcome.ok is None:
        row.unsure_at = at
    elif pause is None:
        row.given_up_at = at
    else:
        row.due_at = at + pause


def within(area: str) -> Q:
    """What lies in an area."""
    low, high = subtree(area)
    return Q(area_code__gte=low, area_code__lt=high)
