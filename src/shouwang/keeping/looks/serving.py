"""Whether it keeps going by itself: clock, backups, jobs, retention, and a demo that stays a demo."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from shouwang.catalogue import RETENTION
from shouwang.keeping.backing_up import DEMO
from shouwang.keeping.finding import Finding, Place
from shouwang.keeping.manifest import tables

SLACK = timedelta(minutes=5)
BACKUP_AGE = timedelta(days=2)
NEWEST = "SELECT greatest((SELECT max(at) FROM access_audit), (SELECT max(recorded_at) FROM screening_visit))"
BACKED_UP = "SELECT max(at) FROM access_audit WHERE action IN ('keeping.backup', 'keeping.restore')"
STALLED = """
SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '10 minutes')
"""
WAITING = """
SELECT count(*) FROM procrastinate_jobs j
WHERE status = 'todo' AND coalesce(scheduled_at, (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id))
      < now() - interval '1 hour'
"""


def clock(place: Place) -> Iterator[Finding]:
    """The clock is right: what is owed, late and missed hangs on it."""
    todo = "校准电脑的时间，再重新启动守望"
    shifted = os.environ.get("SHOUWANG_CLOCK", "")
    if shifted and not (place.data / DEMO).exists():
        yield _clock(f"时间被 SHOUWANG_CLOCK={shifted} 拨动了", "去掉 SHOUWANG_CLOCK，再重新启动守望")
    newest: datetime | None = place.one(NEWEST)
    if newest and newest > place.now + SLACK:
        yield _clock(f"已经有 {newest.astimezone(place.now.tzinfo):%Y-%m-%d %H:%M} 的记录，比现在还晚", todo)
    server: datetime = place.one("SELECT clock_timestamp()")
    if not shifted and abs(server - place.now) > SLACK:
        yield _clock(f"数据库服务器的时间和这台电脑差 {abs(server - place.now)}", todo)


def backups(place: Place) -> Iterator[Finding]:
    """Somebody backed up lately, if there is something to lose."""
    last: datetime | None = place.one(BACKED_UP)
    if not place.one("SELECT EXISTS (SELECT FROM register_household)"):
        return
    if last is None or place.now - last > BACKUP_AGE:
        words = f"上一次备份是 {(place.now - last).days} 天前" if last else "还没有备份过"
        yield Finding(
            "backup_old",
            words,
            "电脑坏了，这些天的工作就没有了",
            "运行 shouwang backup，把文件存到另一台电脑",
        )


def jobs(place: Place) -> Iterator[Finding]:
    """Work in the background gets done."""
    for code, question, words in (
        ("jobs_stalled", STALLED, "个后台任务做到一半没有动静"),
        ("jobs_waiting", WAITING, "个后台任务等了一个多小时没有人做"),
    ):
        if amount := place.one(question):
            yield Finding(code, f"{amount} {words}", "导入和自动结账会停在那里", "重新运行 shouwang serve")


def retention(place: Place) -> Iterator[Finding]:
    """Every retention rule says something about a table that exists."""
    there = set(tables(place.owner))
    for rule in RETENTION:
        if not rule.store.endswith("/") and rule.store not in there:
            yield Finding(
                "retention_names_no_table",
                f"保存期限“{rule.words}”说的数据表 {rule.store} 不存在",
                "到期该删的可能没有删",
                "请转告技术人员",
            )


def demo(place: Place) -> Iterator[Finding]:
    """Invented people and real ones are never in one installation."""
    from django.conf import settings

    from shouwang.access.models import User

    if (place.data / DEMO).exists():
        communities = place.one("SELECT count(*) FROM register_area WHERE level = 'community'")
        if communities > 1:
            yield _mixed(f"这是演示，可是里面有 {communities} 个社区")
        return
    for user in User.objects.filter(is_active=True).order_by("pk"):
        if user.check_password(settings.DEMO_PASSWORD):
            yield _mixed(f"账号“{user.username}”用的是演示的密码")


def _clock(what: str, todo: str) -> Finding:
    return Finding("clock", what, "截止、超时、结账都会算错", todo)


def _mixed(what: str) -> Finding:
    return Finding(
        "demo_mixed", what, "编的人和真的人混在一起，谁都能登录", "真的社区另用一个数据文件夹；演示的账号停用"
    )


LOOKS = (clock, backups, jobs, retention, demo)
