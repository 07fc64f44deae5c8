"""The door for the clock: what happens by itself. Jobs carry ids only, never names."""

from procrastinate.contrib.django import app

from shouwang.access.scope import everything
from shouwang.catalogue import ANSWERS
from shouwang.duties.close import AlreadyClosed
from shouwang.flows.end_of_day import close_day, days_to_close
from shouwang.lib import clock

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


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: object, timestamp: int = 0) -> None:
    """A job whose worker died is begun again."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    for job in stalled:
        await app.job_manager.retry_job(job)
