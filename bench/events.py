"""Batches of phones through the served endpoint: 500 events each, four phones at once, beside a bare endpoint.

HTTP in → session and phone looked up, raw batch and events committed, typed rows written, duties settled, counts kept, one line of
audit, under row-level security. Clients, server and database share the machine; bodies are made before the clock runs.
"""

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bench.bare import TABLE
from bench.district import (
    DISTRICT,
    MORNING,
    NOON,
    count_duties,
    installed,
    make_households,
    make_people,
    open_round,
    owner,
)
from bench.packages import areas, measure_package
from bench.result import Result, percentile
from bench.scratch import say, size

PHONES, AT_ONCE = 4, 500
GOAL_RATE, GOAL_RATIO, GOAL_P95_MS = 10_000, 0.15, 500
MOST_BATCHES = 25
VISIT = {"met": "户主", "people_count": 3, "temperature_c": "36.5", "handed_out": ["告居民书"]}
READING = {"how": "door", "temperature_c": "36.6", "symptoms": []}


@dataclass
class Load:
    """What one phone sends, made beforehand, and how long each batch took."""

    phone: Any
    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    took: list[float] = field(default_factory=list)


def measure_events() -> list[Result]:
    """Visits, readings, swabs, and a mixture; each beside the bare endpoint in the same run."""
    installed()
    os.environ["SHOUWANG_CLOCK"] = NOON.isoformat()
    make_households()
    make_people()
    say("opening the round, and owing everybody a temperature")
    open_round()
    _owe_temperatures()
    _owe_swabs()
    count_duties()
    with owner() as connection:
        connection.execute(TABLE)
    makers: dict[str, Callable[[int, int], tuple[str, dict[str, Any]]]] = {
        "visits": lambda number, row: ("screening.visit", {"household": row, **VISIT}),
        "readings": lambda number, row: ("isolation.temperature", {"person": row, **READING}),
        "swabs": _swab,
        "mixed": _mixed,
    }
    found = []
    with _served(bare=True) as bare, _served(bare=False) as ours:
        *phones, packed = _phones(ours)
        found += measure_package(packed)
        for name, maker in makers.items():
            found += _beside_each_other(name, maker, phones, bare, ours)
    return found


def _beside_each_other(name: str, maker: Any, phones: list[Any], bare: str, ours: str) -> list[Result]:
    """The bare endpoint, ours, and the bare one again: a machine that changes its speed does so for both."""
    before, _ = _run(_loads(phones, maker, fresh_seq=False), bare)
    rate, took = _run(_loads(phones, maker), ours)
    after, _ = _run(_loads(phones, maker, fresh_seq=False), bare)
    reference = (before + after) / 2
    p95 = percentile(took, 0.95) * 1000
    goal = f"≥ {GOAL_RATE:,}/s, ≥ {GOAL_RATIO} ×" if name != "mixed" else "told beside"
    holds = name == "mixed" or (rate >= GOAL_RATE and rate / reference >= GOAL_RATIO)
    return [
        Result(
            f"events.{name}", round(rate), "/s", round(reference), round(rate / reference, 3), goal, holds
        ),
        Result(
            f"events.{name}.p95", round(p95, 1), "ms", None, None, f"≤ {GOAL_P95_MS} ms", p95 <= GOAL_P95_MS
        ),
    ]


def _swab(number: int, row: int) -> tuple[str, dict[str, Any]]:
    """Ten to a tube, known by their code; everybody owes it."""
    return "testing.swab", {"tube": f"B{row - number % 10}", "capacity": 10, "how": "code", "person": row}


def _mixed(number: int, row: int) -> tuple[str, dict[str, Any]]:
    """What a day brings: six visits of ten, two attempts, a call, a reading."""
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("screening.visit", {"household": row, **VISIT}),
        ("screening.attempt", {"household": row, "outcome": "no_answer"}),
        ("screening.call", {"household": row, "outcome": "no_reply"}),
        ("isolation.temperature", {"person": row, **READING}),
    ]
    return kinds[(0, 0, 0, 0, 0, 0, 1, 1, 2, 3)[number % 10]]


def _phones(address: str) -> list[Any]:
    """Four phones, each in a community of its own, and a grid lead's for ten buildings."""
    from shouwang.access.models import Grant, User
    from shouwang.access.scope import grants_of, scope
    from shouwang.api.client import OverHttp, Phone
    from shouwang.devices.enrolling import issue
    from shouwang.register.models import Area

    user = User.objects.create_user("bench", "bench", name="书记", created_at=MORNING)
    Grant.objects.create(user=user, role="secretary", area_codes=[DISTRICT], from_at=MORNING)
    grants = grants_of(user, permission="responsibility.edit", now=NOON)
    with scope([DISTRICT]):
        rows = Area.objects.filter(level="community").values_list("code", flat=True)
        handed = [*(("secretary", [one]) for one in sorted(rows)[:PHONES]), ("grid_lead", areas())]
        codes = [issue([user], role=role, areas=place, by=grants, at=NOON) for role, place in handed]
    phones = [Phone(OverHttp(address)) for _ in codes]
    for phone, code in zip(phones, codes, strict=True):
        phone.enrol(code)
        phone.come_in()
    return phones


def _loads(phones: list[Any], maker: Any, *, fresh_seq: bool = True) -> list[Load]:
    """Batches of each phone about the doors (or people) of its community, whose rows are numbered as they were made."""
    each = -(-size() // 80)
    batches = max(1, min(MOST_BATCHES, each // AT_ONCE))
    loads = []
    for number, phone in enumerate(phones):
        load, seq = Load(phone), phone.seq
        rows = iter(range(number * each + 1, (number + 1) * each + 1))
        for _ in range(batches):
            for place in range(min(AT_ONCE, each)):
                kind, said = maker(place, next(rows))
                phone.tell(kind, said, worker=phone.workers[0]["id"], at=NOON - timedelta(minutes=9))
            load.bodies.append(_body(phone))
        if not fresh_seq:
            phone.seq = seq
        loads.append(load)
    return loads


def _body(phone: Any) -> tuple[str, bytes]:
    batch_id = uuid4().hex
    head = json.dumps({"batch_id": batch_id, "sent_at": NOON.isoformat(), "pending": len(phone.outbox)})[:-1]
    text = f'{head}, "events": [{",".join(phone.outbox.values())}]}}'
    phone.outbox.clear()
    return batch_id, text.encode()


def _run(loads: list[Load], address: str) -> tuple[float, list[float]]:
    """All phones at once: events in a second, and how long each batch took. Every event must be stored."""
    threads = [threading.Thread(target=_send, args=(load, address)) for load in loads]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    took = [one for load in loads for one in load.took]
    if len(took) != sum(len(load.bodies) for load in loads):
        raise RuntimeError("a batch was not taken")
    return sum(body.count(b'"event_id"') for load in loads for _, body in load.bodies) / seconds, took


def _send(load: Load, address: str) -> None:
    from shouwang.api.client import OverHttp

    send = OverHttp(address)
    for batch_id, body in load.bodies:
        headers = {
            "Authorization": f"Bearer {load.phone.token}",
            "X-Batch-Id": batch_id,
            "Content-Type": "application/json",
        }
        begun = time.perf_counter()
        reply = send("POST", "/api/v1/events", headers, body)
        duration = time.perf_counter() - begun
        if reply.status != 201 or reply.body.count(b'"stored"') not in (
            1,
            min(AT_ONCE, body.count(b'"event_id"')),
        ):
            raise RuntimeError(f"{reply.status} {reply.body[:300]!r}")
        load.took.append(duration)


def _owe_temperatures() -> None:
    """Everybody in the four communities owes a temperature by tonight, as if all were held at home."""
    from django.db.models import F

    from shouwang.access.scope import scope
    from shouwang.duties.plan import plan
    from shouwang.duties.windows import Window
    from shouwang.isolation.duties import NOTHING, TEMPERATURE
    from shouwang.lib.clock import day_end
    from shouwang.register.models import Person

    with scope([DISTRICT]):
        who = Person.objects.filter(pk__lte=PHONES * -(-size() // 80)).annotate(
            subject=F("id"), about=NOTHING
        )
        plan(TEMPERATURE, who, Window(MORNING, day_end(MORNING)), at=MORNING)


def _owe_swabs() -> None:
    """A round for everybody in the four communities, until tonight."""
    from django.db.models import F

    from shouwang.access.scope import scope
    from shouwang.duties.plan import plan
    from shouwang.duties.windows import Window
    from shouwang.lib.clock import day_end
    from shouwang.lib.ids import uuid7
    from shouwang.plans.actions import keep_shipped
    from shouwang.register.models import Person
    from shouwang.testing.duties import NOTHING, SWAB
    from shouwang.testing.models import Round

    with scope([DISTRICT]):
        version, due_at = keep_shipped("covid_9th", at=MORNING), day_end(MORNING)
        Round.objects.create(
            id=uuid7(MORNING), area_code=DISTRICT, name="第一轮", plan=version, opens_at=MORNING, due_at=due_at,
            ordered_at=MORNING,
        )  # fmt: skip
        who = Person.objects.filter(pk__lte=PHONES * -(-size() // 80)).annotate(
            subject=F("id"), about=NOTHING
        )
        plan(SWAB, who, Window(MORNING, due_at), at=MORNING)


@contextmanager
def _served(*, bare: bool) -> Iterator[str]:
    """The web server as `shouwang serve` runs it, until the block ends."""
    from shouwang.cli.serving import web_command

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = web_command("127.0.0.1", port)
    if bare:
        command[-1] = "bench.bare:application"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shouwang.settings",
        **({"SHOUWANG_BENCH_BARE": "1"} if bare else {}),
    }
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")
