"""The door for the clock: what happens by itself. Jobs carry ids only, never names."""

from collections.abc import Callable
from uuid import UUID

from procrastinate.contrib.django import app

from shouwang.access.scope import NoGrant, everything, grants_of, scope
from shouwang.catalogue import ANSWERS, FIELDS
from shouwang.duties.close import AlreadyClosed
from shouwang.flows.end_of_day import close_day, days_to_close
from shouwang.flows.isolation_day import communities_with_isolation, owe_the_day
from shouwang.flows.list_arrives import list_arrives
from shouwang.flows.list_warnings import warn_of_clocks
from shouwang.flows.reports_arrive import take_in
from shouwang.ledgers.reports import plan_reports
from shouwang.lib import clock
from shouwang.lib.errors import Refusal
from shouwang.outreach import delivering
from shouwang.outreach.gateway import hand_over
from shouwang.register.intake.background import bring_in, cannot, look_ahead
from shouwang.register.uploads import Upload
from shouwang.screening.cases.forgetting import forget_neighbours

STALLED_SECONDS = 600


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="close_days", pass_context=False)
def close_days(timestamp: int = 0) -> None:
    """A day that nobody closed closes itself after midnight, each community by itself."""
    now = clock.now()
    with everything("closing days that are over", at=now):
        waiting = days_to_close(now=now)
    for community, day in waiting:
        try:
            with everything("closing a day that is over", at=now):
                close_day(community, day, now=now, by=None, answers=ANSWERS)
        except AlreadyClosed:
            continue  # somebody woke up and closed it meanwhile


@app.periodic(cron="1-59/10 * * * *")
@app.task(queueing_lock="owe_isolation", pass_context=False)
def owe_isolation(timestamp: int = 0) -> None:
    """After midnight everybody in isolation is owed the new day's care; told again, nothing is owed twice."""
    now = clock.now()
    with everything("looking for communities with people in isolation", at=now):
        communities = communities_with_isolation(now=now)
    for community in communities:
        with scope([community]):
            owe_the_day(community, now=now)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="owe_reports", pass_context=False)
def owe_reports(timestamp: int = 0) -> None:
    """The reports of the period that has just begun are owed: every community, every form."""
    now = clock.now()
    with everything("letting reports be owed", at=now):
        plan_reports("", fields=FIELDS, at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: object, timestamp: int = 0) -> None:
    """A job whose worker died is begun again."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job)


@app.task(pass_context=False)
def preview_upload(upload_id: int) -> None:
    """Works out what a kept workbook would change, inside the areas of whoever brought it."""
    _with_upload(upload_id, look_ahead)


@app.task(pass_context=False)
def import_upload(upload_id: int) -> None:
    """Takes a kept workbook in, inside the areas of whoever brought it; done once, however often it is asked."""
    if not Upload.objects.filter(pk=upload_id, finished_at=None).exists():
        return
    _with_upload(upload_id, bring_in)


@app.task(pass_context=False)
def receive_list(upload_id: int) -> None:
    """Takes a kept list in, inside the areas of whoever brought it, and writes to the people on it if that was asked."""
    if not Upload.objects.filter(pk=upload_id, finished_at=None).exists():
        return
    _with_upload(upload_id, list_arrives, permission="list.receive")


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="warn_of_lists", pass_context=False)
def warn_of_lists(timestamp: int = 0) -> None:
    """Whoever answers for people on a list is told when its hours run out."""
    now = clock.now()
    with everything("telling who answers that a list runs out of time", at=now):
        warn_of_clocks(now=now)


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="forget_neighbours", pass_context=False)
def forget_case_neighbours(timestamp: int = 0) -> None:
    """Who only stood near a case in a queue or at a gate is forgotten after the plan's days."""
    now = clock.now()
    with everything("forgetting who only stood near a case", at=now):
        forget_neighbours(now=now)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deliver_waiting", pass_context=False)
def deliver_waiting(timestamp: int = 0) -> None:
    """What waited for the morning, for another try or for a channel goes out; what somebody left in hand is unsure."""
    for batch in delivering.waiting_batches(at=clock.now()):
        deliver(batch)


@app.task(pass_context=False)
def deliver_messages(batch_id: str) -> None:
    """Hands over the messages of one batch, as many as may go out now."""
    deliver(UUID(batch_id))


def deliver(batch: UUID) -> None:
    """A handful after the other: taken, handed over outside every transaction, noted, inside the batch's own areas."""
    areas = delivering.areas_of(batch)
    while True:
        with scope(areas):
            parcels = delivering.take(batch, at=clock.now())
            if not parcels:
                delivering.rest(batch, at=clock.now())
                return
        outcomes = hand_over(parcels)
        with scope(areas):
            delivering.note(outcomes, at=clock.now())


@app.task(pass_context=False)
def land_reports(area: str) -> None:
    """What residents of a community reported by themselves becomes rows of the day's list."""
    with scope([area]):
        take_in(area, at=clock.now())


def _with_upload(upload_id: int, do: Callable[..., object], *, permission: str = "register.import") -> None:
    now, upload = clock.now(), Upload.objects.select_related("received_by").get(pk=upload_id)
    bearer = upload.received_by
    try:
        if bearer is None:
            raise NoGrant()
        with scope(grants_of(bearer, permission=permission, now=now).codes, by=bearer):
            do(upload, by=bearer, at=now)
    except Refusal as refusal:
        cannot(upload, refusal, at=now)
