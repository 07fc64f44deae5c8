"""What follows when the end of a response was confirmed: books shut, everything about people destroyed, a certificate.

Begun again after whatever killed it, it goes on where it was. Counts of closed days, sent reports without names, goods and
orders from above stay; so does the log, without names and without words.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from django.db.models import Q, Sum

from shouwang.access.models import Grant
from shouwang.access.scope import scope
from shouwang.devices.models import Device
from shouwang.duties.close import AlreadyClosed, last_close
from shouwang.duties.models import Count, Duty, Entry
from shouwang.duties.plan import lock, void
from shouwang.flows.end_of_day import close_day
from shouwang.ledgers.models import Form
from shouwang.ledgers.reports import retire
from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.lib.kinds import Retention
from shouwang.lib.sealing import Sealer
from shouwang.plans.actions import plan_of
from shouwang.register.models import Area
from shouwang.retention import log
from shouwang.retention.certificate import certify
from shouwang.retention.destroying import Span, destroy, give_back, left
from shouwang.retention.evidence import sealing
from shouwang.retention.folders import SWEEPS
from shouwang.retention.models import Closing, Destroyed
from shouwang.retention.rules import archived, going
from shouwang.retention.tables import in_order, is_folder
from shouwang.screening.models import Round
from shouwang.screening.rounds import end_round

ENDED = "response ended"
STILL_MAY = ("commander", "secretary", "auditor")  # whoever must be able to show the certificate
TALLY = "UPDATE retention_destroyed SET amount = amount + %s WHERE closing_id = %s AND store = %s"
BACKUPS = (
    "SELECT about->>'file' FROM access_audit WHERE action = 'keeping.backup' AND at < %s AND about ? 'file'"
)
ALONE = "SELECT pg_try_advisory_lock(hashtextextended('close out ' || %s, 0))"

Step = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Means:
    """What a door hands down to destroy with.

    Shape: `owner` is the tables' owner with commits of its own; `tell` reads the clock; `answers` as in `close_day`.
    """

    owner: psycopg.Connection
    data: Path
    rules: Sequence[Retention]
    answers: Mapping[str, tuple[str, ...]]
    sealer: Sealer
    tell: Callable[[], datetime]
    step: Step = lambda what, done, total: None


def unfinished() -> list[Closing]:
    """The ends in scope that were confirmed and are not certified yet."""
    rows = Closing.objects.filter(finished_at=None).exclude(confirmed_at=None)
    return list(rows.select_related("proposed_by", "confirmed_by").order_by("confirmed_at"))


def carry_out(closing: Closing, means: Means) -> bool:
    """Destroys everything about people in a closing's area. Whether it is certified now.

    Not when somebody else is at it, or when a day that was closed already must first pass: then it is tried again.
    Cost: a million people in some minutes, a few pages of a table at a time.
    """
    if not means.owner.execute(ALONE, [str(closing.pk)]).fetchone()[0]:  # type: ignore[index]
        return False
    entry = log.Entry(str(closing.pk), closing.area_code, _decided(closing), tuple(closing.archived))
    log.add(means.data / log.NAME, [entry])
    if not _shut_books(closing, means):
        return False
    _note_figures(closing, means)
    _wipe_phones(closing, means)
    rules = going(means.rules, closing.archived)
    tables = in_order(means.owner, rules)
    span = Span(closing.area_code, _decided(closing), seal=sealing(closing, means.sealer))
    for number, rule in enumerate(tables):
        means.step(rule.words, number, len(tables))
        _once(closing, rule, means, lambda rule=rule: _empty(closing, rule, span, means))  # type: ignore[misc]
    for rule in filter(is_folder, rules):
        _once(closing, rule, means, lambda rule=rule: _sweep(closing, rule, means))  # type: ignore[misc]
    for rule in tables:  # what was written meanwhile
        if left(means.owner, rule, span):
            _empty(closing, rule, span, means)
    phones = len(_phones_of(closing.area_code))
    with scope([closing.area_code]):
        label = Area.objects.get(code=closing.area_code).label
        staying = [
            one
            for one in archived(plan_of(closing.area_code, now=_decided(closing)))
            if one.rule in closing.archived
        ]
        certify(closing, label=label, staying=staying, phones=phones, at=means.tell())
    return True


def destroy_again(
    owner: psycopg.Connection, rules: Sequence[Retention], entries: Sequence[log.Entry], uploads: Path
) -> int:
    """In a database that comes from a backup made before: what was destroyed since goes again. How many rows."""
    gone = 0
    for entry in entries:
        meant = going(rules, entry.archived)
        for rule in in_order(owner, meant):
            gone += destroy(owner, rule, Span(entry.area, entry.decided_at))
        SWEEPS["uploads/"](owner, uploads, entry.area, datetime.max.replace(tzinfo=entry.decided_at.tzinfo))
    return gone


def _decided(closing: Closing) -> datetime:
    assert closing.confirmed_at is not None
    return closing.confirmed_at


def _shut_books(closing: Closing, means: Means) -> bool:
    """Nothing more is owed here, the last day is closed without anything carried, and nobody but its leaders enters."""
    now, by, low_high = means.tell(), closing.confirmed_by, subtree(closing.area_code)
    assert by is not None
    inside = Q(area_code__gte=low_high[0], area_code__lt=low_high[1])
    with scope([closing.area_code], by=by):
        for form in Form.objects.filter(inside, retired_at=None):
            retire(form, by=by, at=now)
        communities = list(Area.objects.filter(
            code__gte=low_high[0], code__lt=low_high[1], level="community"
        ).values_list("code", flat=True))  # fmt: skip
    shut = [_shut(community, closing, means, now) for community in communities]
    with scope([closing.area_code], by=by):
        for opened in Round.objects.filter(inside, ended_at=None):
            end_round(opened.pk, by=by, at=now)
        for grant in Grant.objects.in_force(now).exclude(role__in=STILL_MAY):
            if all(low_high[0] <= code < low_high[1] for code in grant.area_codes):
                Grant.objects.filter(pk=grant.pk).update(until=now)
    return all(shut)


def _shut(community: str, closing: Closing, means: Means, now: datetime) -> bool:
    with scope([community], by=closing.confirmed_by):
        lock([community])
        low, high = subtree(community)
        here = Duty.objects.filter(area_code__gte=low, area_code__lt=high)
        if not here.exists():
            return True
        void(here.filter(fact="owed"), reason=ENDED, by=closing.confirmed_by, at=now)
        after = now + timedelta(microseconds=1)  # a day holds what was booked before it was closed
        with suppress(AlreadyClosed):
            close_day(community, day_of(now), now=after, by=closing.confirmed_by, answers=means.answers)
        last = last_close(community)
        if last is None:
            return False
        later = Entry.objects.filter(community=community, booked_at__gte=last.until)
        carried = last.accounts.aggregate(left=Sum("carried_out"))["left"]
        return not carried and not later.exists() and not here.filter(booked_at__gte=last.until).exists()


def _note_figures(closing: Closing, means: Means) -> None:
    """What the certificate says of the whole response, and where copies may lie that we cannot reach."""
    if closing.figures:
        return
    low, high = subtree(closing.area_code)
    with scope([closing.area_code]):
        counted = Count.objects.filter(area_code__gte=low, area_code__lt=high).exclude(fact="void")
        sums = counted.values("kind", "fact").annotate(n=Sum("amount")).order_by("kind", "fact")
        duties = [[one["kind"], one["fact"], one["n"]] for one in sums]
    names = {name for (name,) in means.owner.execute(BACKUPS, [_decided(closing)]).fetchall()}
    here = {file.name for file in (means.data / "backups").glob("*")}
    closing.figures = {"duties": duties, "backups": sorted(names - here)}
    with scope([closing.area_code]):
        Closing.objects.filter(pk=closing.pk).update(figures=closing.figures)


def _once(closing: Closing, rule: Retention, means: Means, do: Callable[[], object]) -> None:
    """Does what is to be done for one line of the certificate, if an earlier run did not finish it."""
    with scope([closing.area_code]):
        line, _ = Destroyed.objects.get_or_create(
            closing=closing, store=rule.store,
            defaults={"area_code": closing.area_code, "words": rule.words, "begun_at": means.tell()},
        )  # fmt: skip
    if line.finished_at:
        return
    do()
    with scope([closing.area_code]):
        Destroyed.objects.filter(pk=line.pk).update(finished_at=means.tell())


def _empty(closing: Closing, rule: Retention, span: Span, means: Means) -> None:
    def count(owner: psycopg.Connection, rule: Retention, amount: int) -> None:
        owner.execute(TALLY, [amount, closing.pk, rule.store])

    destroy(means.owner, rule, span, count=count)
    give_back(means.owner, rule)


def _sweep(closing: Closing, rule: Retention, means: Means) -> None:
    sweep = SWEEPS[rule.store]
    gone = sweep(means.owner, means.data / rule.store, closing.area_code, _decided(closing))
    means.owner.execute(TALLY, [gone, closing.pk, rule.store])


def _wipe_phones(closing: Closing, means: Means) -> None:
    """Phones that work here alone open nothing any more, and forget everything at their next contact."""
    phones = Device.objects.filter(
        pk__in=[one.pk for one in _phones_of(closing.area_code)], wipe_asked_at=None
    )
    now = means.tell()
    phones.filter(revoked_at=None).update(
        revoked_at=now, revoked_by=closing.confirmed_by, revoked_reason=ENDED
    )
    phones.update(wipe_asked_at=now, label="")


def _phones_of(area: str) -> list[Device]:
    low, high = subtree(area)
    return [one for one in Device.objects.all() if all(low <= code < high for code in one.area_codes)]
