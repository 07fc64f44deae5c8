"""The door for the clock: what happens by itself. Jobs carry ids only, never names."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from shouwang.access.scope import NoGrant, everything, grants_of, scope
from shouwang.catalogue import ANSWERS, EVENT_KINDS, FIELDS, RETENTION
from shouwang.devices.judging import give_up_waiting, judge_waiting, phones_waiting
from shouwang.duties.close import AlreadyClosed
from shouwang.flows.at_home.days_ahead import ask_ahead
from shouwang.flows.at_home.reminders import remind
from shouwang.flows.end_of_day import close_day, days_to_close
from shouwang.flows.ending.destroy_response import Means, carry_out, unfinished
from shouwang.flows.isolation_day import communities_with_isolation, owe_the_day
from shouwang.flows.let_go import communities_with_an_end, let_go_on_the_hour
from shouwang.flows.list_arrives import list_arrives
from shouwang.flows.list_warnings import warn_of_clocks
from shouwang.flows.reports_arrive import take_in
from shouwang.flows.swabbing.rounds_day import (
    communities_with_tests,
    look_after,
    owe_tests,
    rounds_to_look_at,
)
from shouwang.flows.words.handed_over import count_handed_over
from shouwang.flows.works.works_day import communities_with_works, owe_works
from shouwang.isolation.needs.rising import rise
from shouwang.keeping.database import destroyer
from shouwang.ledgers.reports import plan_reports
from shouwang.lib import clock
from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import sealer
from shouwang.outreach import delivering
from shouwang.outreach.gateway import hand_over
from shouwang.register.intake.background import bring_in, cannot, look_ahead
from shouwang.register.uploads import Upload
from shouwang.retention.expiring import expire
from shouwang.roster import making
from shouwang.roster.solver import solve
from shouwang.screening.cases.forgetting import forget_neighbours
from shouwang.testing.duties import SWABBED
from shouwang.testing.rounds.again import put_in_place, under_way, ways_to_change
from shouwang.testing.tubes.matching import match_later

STALLED_SECONDS = 600


def _in_each(find: Callable[..., Iterable[str]], do: Callable[..., object], *, why: str) -> None:
    """One community after the other, each in a scope of its own; `why` all were looked through."""
    now = clock.now()
    with everything(why, at=now):
        communities = find(now=now)
    for community in communities:
        with scope([community]):
            do(community, now=now)


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
    _in_each(communities_with_isolation, owe_the_day, why="looking for communities with people in isolation")


@app.periodic(cron="8-59/10 * * * *")
@app.task(queueing_lock="remind_of_readings", pass_context=False)
def remind_of_readings(timestamp: int = 0) -> None:
    """Hours before a reading is due, whoever has not told it is reminded once."""
    _in_each(communities_with_isolation, remind, why="looking for communities with people in isolation")


@app.periodic(cron="2-59/10 * * * *")
@app.task(queueing_lock="owe_works", pass_context=False)
def owe_rounds_and_second_visits(timestamp: int = 0) -> None:
    """After midnight the new day's rounds of disinfection, alarms of goods and second visits are owed, each once."""
    _in_each(
        communities_with_works, owe_works, why="looking for communities with spots, goods or visited doors"
    )


@app.periodic(cron="5-59/10 * * * *")
@app.task(queueing_lock="look_after_rounds", pass_context=False)
def look_after_rounds(timestamp: int = 0) -> None:
    """Rounds of testing catch up with the register and are followed by the next; today's test days are owed, each once."""
    now = clock.now()
    with everything("looking for rounds of testing and people with test days", at=now):
        rounds, communities = rounds_to_look_at(now=now), communities_with_tests(now=now)
    for pk, area in rounds:
        with scope([area]):
            look_after(pk, now=now)
    for community in communities:
        with scope([community]):
            owe_tests(community, now=now)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="change_ways", pass_context=False)
def change_ways(timestamp: int = 0) -> None:
    """Where teams found nobody at home their ways are laid out again; nothing is locked while that is worked out."""
    now = clock.now()
    with everything("looking for teams that found nobody at home", at=now):
        waiting = ways_to_change(now=now)
    for round_id, community in waiting:
        with scope([community]):
            found = under_way(round_id, community, now=now)
        if found:
            ways = found.laid_out()
            with scope([community]):
                put_in_place(found, ways)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="let_out", pass_context=False)
def let_out(timestamp: int = 0) -> None:
    """Whoever's time is over is let out on the hour and told so; told again, nobody hears it twice."""
    _in_each(communities_with_an_end, let_go_on_the_hour, why="looking for communities where isolation ends")


@app.periodic(cron="3-59/10 * * * *")
@app.task(queueing_lock="raise_needs", pass_context=False)
def raise_needs(timestamp: int = 0) -> None:
    """What is needed on the coming days is asked for; what nobody answers is owed by whoever stands higher."""
    now = clock.now()
    with everything("asking for cars ahead, raising requests that nobody answers", at=now):
        ask_ahead(now=now)
        rise(now=now)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="owe_reports", pass_context=False)
def owe_reports(timestamp: int = 0) -> None:
    """The reports of the period that has just begun are owed: every community, every form."""
    now = clock.now()
    with everything("letting reports be owed", at=now):
        plan_reports("", fields=FIELDS, at=now)


@app.periodic(cron="6-59/10 * * * *")
@app.task(queueing_lock="match_swabs", pass_context=False)
def match_swabs(timestamp: int = 0) -> None:
    """Whoever was swabbed before the register knew them is given their swabs as soon as it does."""
    now = clock.now()
    with everything("matching swabs of people who have come into the register", at=now):
        match_later("", kinds=SWABBED, at=now)


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


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="expire_what_is_old", pass_context=False)
def expire_what_is_old(timestamp: int = 0) -> None:
    """What may be kept for so many days and no longer goes by itself."""
    now = clock.now()
    why = "destroying what was kept long enough"
    with destroyer(settings.DATA) as owner, everything(why, at=now):
        expire(owner, RETENTION, now=now)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="destroy_what_ended", pass_context=False)
def destroy_what_ended(timestamp: int = 0) -> None:
    """A response whose end two people confirmed is destroyed; what was broken off goes on."""
    with everything("going on with what was confirmed to be destroyed", at=clock.now()):
        closings = unfinished()
    for closing in closings:
        with destroyer(settings.DATA) as owner:
            keys = sealer(settings.SEALING_KEY_FILE)
            carry_out(closing, Means(owner, settings.DATA, RETENTION, ANSWERS, keys, clock.now))


@app.periodic(cron="4-59/10 * * * *")
@app.task(queueing_lock="count_leaflets", pass_context=False)
def count_leaflets(timestamp: int = 0) -> None:
    """What was ticked on visits as handed over is counted with the notices."""
    now = clock.now()
    with everything("counting what was handed over on visits", at=now):
        count_handed_over(now=now)


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


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="judge_what_waits", pass_context=False)
def judge_what_waits(timestamp: int = 0) -> None:
    """What phones told of kinds that were unknown then is judged once somebody knows them; who waits in vain is shown."""
    now = clock.now()
    for device in phones_waiting(EVENT_KINDS):
        with scope(device.area_codes):
            judge_waiting(device, EVENT_KINDS, at=now)
    give_up_waiting(at=now)


@app.task(pass_context=False)
def land_reports(area: str) -> None:
    """What residents of a community reported by themselves becomes rows of the day's list."""
    with scope([area]):
        take_in(area, at=clock.now())


@app.task(pass_context=False)
def make_roster(making_id: str, area: str) -> None:
    """Fills the open places of a roster; nothing is locked meanwhile, and how far it is can be watched."""
    asked = UUID(making_id)
    with scope([area]):
        work = making.begin(asked, at=clock.now())
    if work is None:
        return

    def tell(cost: int, bound: int) -> None:
        with scope([area]):
            making.tell(asked, cost, bound)

    roster = solve(work.case, seconds=making.SECONDS, tell=tell)
    with scope([area]):
        making.keep(work, roster, at=clock.now())


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
