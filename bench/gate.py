"""The gate: one request that answers and writes the passage down, eight phones at once, beside a bare view; and what a phone takes along.

Ours: session, phone, scope, pass, holds, bars, exits, plan, verdict; raw text, event and passage committed, under row-level
security. Bare: a Django view without middleware, log-in or scope, one SELECT and one INSERT. Bodies are made before the clock runs.
"""

import os
import threading
import time
from datetime import timedelta
from typing import Any

from bench.bare import TABLE
from bench.district import (
    DISTRICT,
    MORNING,
    NOON,
    installed,
    make_households,
    make_people,
    owner,
)
from bench.events import _served as served
from bench.packages import BYTES_PER_KB
from bench.result import Result, at_most, percentile
from bench.scratch import SIZE_VARIABLE, say

CLIENTS, EACH, RESIDENTS = 8, 250, 3000
GOAL_RATE, GOAL_RATIO, GOAL_P99_MS, GOAL_KB = 500, 0.5, 40, 250
WARM = 40


def measure_gate() -> list[Result]:
    """Eight guards, each with a phone, let residents out."""
    os.environ[SIZE_VARIABLE] = str(RESIDENTS)
    installed()
    os.environ["SHOUWANG_CLOCK"] = NOON.isoformat()
    make_households()
    make_people()
    cards = _passes()
    with served(bare=True) as bare, served(bare=False) as ours:
        phones = _phones(ours)
        found = [_package(phones[0])]
        loads = [_bodies(number, phone, cards) for number, phone in enumerate(phones)]
        say("asking")
        before, _ = _run(bare, "/bare", loads)
        rate, took = _run(ours, "/api/v1/gate/check", loads)
        after, _ = _run(bare, "/bare", loads)
    reference = (before + after) / 2
    p99 = percentile(took, 0.99) * 1000
    holds = rate >= GOAL_RATE and rate / reference >= GOAL_RATIO
    return [
        Result("gate", round(rate), "/s", round(reference), round(rate / reference, 3), f"≥ {GOAL_RATE}/s, ≥ {GOAL_RATIO} ×", holds),
        at_most("gate.p99", p99, "ms", GOAL_P99_MS),
        *found,
    ]  # fmt: skip


def _passes() -> list[str]:
    """Everybody has one. Their ids."""
    from shouwang.access.scope import scope
    from shouwang.lib.ids import uuid7
    from shouwang.register.models import Person
    from shouwang.standing.models import Pass

    with owner() as connection:
        connection.execute(TABLE)
    since, until = MORNING - timedelta(days=1), MORNING + timedelta(days=60)
    with scope([DISTRICT]):
        cards = [
            Pass(
                id=uuid7(MORNING), area_code=person.area_code, kind="resident", number=f"{number:06d}", person=person,
                from_at=since, until=until, issued_at=since,
            )
            for number, person in enumerate(Person.objects.order_by("id"), 1)
        ]  # fmt: skip
        Pass.objects.bulk_create(cards)
    with owner() as connection:
        connection.execute("ANALYZE standing_pass")
    return [str(card.pk) for card in cards]


def _phones(address: str) -> list[Any]:
    """Eight guards' phones, and one gate for each."""
    from shouwang.access.models import Grant, User
    from shouwang.access.scope import grants_of, scope
    from shouwang.api.client import OverHttp, Phone
    from shouwang.devices.enrolling import issue
    from shouwang.gates.keeping import add_gate
    from shouwang.plans.actions import activate, keep_shipped

    user = User.objects.create_user("bench", "bench", name="书记", created_at=MORNING)
    Grant.objects.create(user=user, role="secretary", area_codes=[DISTRICT], from_at=MORNING)
    grants = grants_of(user, permission="responsibility.edit", now=NOON)
    with scope([DISTRICT]):
        activate(DISTRICT, keep_shipped("covid_9th", at=MORNING), reason="bench", by=user, at=MORNING)
        gates = [
            add_gate(DISTRICT, kind="compound", name=f"{n}号门", by=user, at=MORNING) for n in range(CLIENTS)
        ]
        codes = [issue([user], role="gate_guard", areas=[DISTRICT], by=grants, at=NOON) for _ in gates]
    phones = []
    for code, gate in zip(codes, gates, strict=True):
        phone = Phone(OverHttp(address))
        phone.enrol(code)
        phone.come_in()
        phone.gate = gate.pk  # type: ignore[attr-defined]
        phones.append(phone)
    return phones


def _package(phone: Any) -> Result:
    reply = phone.fetch_package()
    if len(phone.parts["passes"]) != RESIDENTS:
        raise RuntimeError(f"a package of {len(phone.parts['passes'])} passes")
    return at_most("gate.package", len(reply.body) / BYTES_PER_KB, "kB", GOAL_KB)


def _bodies(number: int, phone: Any, cards: list[str]) -> tuple[str, list[bytes]]:
    """What one phone asks: another resident each time, no pass at two gates."""
    own = cards[number * EACH : (number + 1) * EACH]
    worker = phone.workers[0]["id"]
    for turn in range(EACH + WARM):
        said = {
            "gate": str(phone.gate), "direction": "in", "kind": "resident", "pass": own[turn % len(own)],
            "temperature_c": "36.5",
        }  # fmt: skip
        phone.tell("gates.passage", said, worker=worker, at=NOON)
    return phone.token, [one.encode() for one in phone.outbox.values()]


def _run(address: str, path: str, loads: list[tuple[str, list[bytes]]]) -> tuple[float, list[float]]:
    """All phones at once: requests in a second and how long each took. Every one must be answered 200."""
    took: list[float] = []
    barrier = threading.Barrier(len(loads) + 1)
    threads = [threading.Thread(target=_send, args=(address, path, load, barrier, took)) for load in loads]
    for thread in threads:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if len(took) != EACH * len(loads):
        raise RuntimeError("a gate was not answered")
    return len(took) / seconds, took


def _send(
    address: str, path: str, load: tuple[str, list[bytes]], barrier: threading.Barrier, took: list[float]
) -> None:
    from shouwang.api.client import OverHttp

    token, bodies = load
    send = OverHttp(address)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for number, body in enumerate(bodies):
        if number == WARM:
            barrier.wait()
        begun = time.perf_counter()
        reply = send("POST", path, headers, body)
        if reply.status != 200 or b'"stored":false' in reply.body:
            barrier.abort()
            raise RuntimeError(f"{reply.status} {reply.body[:300]!r}")
        if number >= WARM:
            took.append(time.perf_counter() - begun)
