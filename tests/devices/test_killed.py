"""The served process killed with -9 again and again while phones send; two hundred phones coming back at once; no database."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from random import Random

import psycopg
import pytest
from django.db import connection

from shouwang.access.scope import scope
from shouwang.api.client import NotIn, OverHttp, Phone, Reply
from shouwang.cli.serving import web_command
from shouwang.devices.models import Device, Event
from shouwang.lib import clock
from shouwang.screening.models import Visit
from tests.devices.phones import code_for
from tests.world import DIANLI, XIANGYUN

pytestmark = pytest.mark.slow
TRIES, PHONES, BACK_AT_ONCE = 10, 25, 200


class Served:
    """The web server as `shouwang serve` runs it, on a port of its own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(web_command("127.0.0.1", self.port), start_new_session=True)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving() -> Iterator[Served]:
    server = Served()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def phone_in(street, server) -> Iterator[Phone]:
    line = OverHttp(server.address, timeout_s=60)
    phone = Phone(line)
    phone.enrol(code_for(street, [DIANLI], [street.users["李楼长"]]))
    try:
        yield phone
    finally:
        line.close()


def fill(phone, doors, amount):
    for number in range(amount):
        said = {"household": doors[number % len(doors)], "people_count": 2}
        phone.tell("screening.visit", said, worker=phone.workers[0]["id"], at=clock.now())


def send(phone):
    with suppress(NotIn):
        phone.send(at=clock.now())


def test_killed_before_the_answer_arrives_nothing_is_lost_or_doubled(street):
    chance = Random(7)
    doors = street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201")
    with serving() as server, ThreadPoolExecutor(1) as sending, phone_in(street, server) as phone:
        took = _killed_after_commit(server, phone, doors)
        for _ in range(TRIES):
            fill(phone, doors, 200)
            asked = sending.submit(send, phone)
            until = time.monotonic() + chance.random() * took * 1.2
            while time.monotonic() < until and not asked.done():
                pass
            server.kill()
            asked.result()
            assert Event.objects.filter(device=phone.device_id).count() + len(phone.outbox) >= phone.seq
            server.start()
        send(phone)
    assert phone.green
    assert Event.objects.filter(device=phone.device_id).count() == phone.seq
    with scope([XIANGYUN]):
        assert Visit.objects.count() == phone.seq


def _killed_after_commit(server, phone, doors):
    """The server has committed and is killed; what it answered never reaches the phone. How long the batch took."""
    ours = phone.send_request
    fill(phone, doors, 200)
    phone.come_in()
    begun = time.monotonic()

    def lost(*asked):
        reply = ours(*asked)
        server.kill()
        return Reply(0) if reply.status == 201 else reply

    phone.send_request = lost
    send(phone)
    took = time.monotonic() - begun
    phone.send_request = ours
    assert len(phone.outbox) == Event.objects.filter(device=phone.device_id).count() == 200
    server.start()
    return took


def test_two_hundred_batches_come_back_at_once(street):
    doors = street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201")
    with serving() as server, ExitStack() as lines:
        phones = [lines.enter_context(phone_in(street, server)) for _ in range(PHONES)]
        for _ in range(BACK_AT_ONCE // PHONES):
            for phone in phones:
                fill(phone, doors, 20)
            with ThreadPoolExecutor(PHONES) as many:
                list(many.map(send, phones))
        for phone in phones:
            send(phone)
    assert all(phone.green for phone in phones)
    assert Event.objects.count() == sum(phone.seq for phone in phones)
    assert Device.objects.filter(contiguous_seq=phones[0].seq).count() == len(phones)


def test_with_the_database_away_phones_are_told_at_once_and_keep_everything(street, admin_dsn):
    name, app = connection.settings_dict["NAME"], connection.settings_dict["USER"]
    with (
        serving() as server,
        phone_in(street, server) as phone,
        psycopg.connect(admin_dsn, autocommit=True) as admin,
    ):
        phone.come_in()
        fill(phone, street.ids("电力楼院 1-1-101"), 3)
        connection.close()
        connection.close_pool()
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = %s",
                [name, app],
            )
            reply = phone.send(at=clock.now())
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert reply.status == 503
        assert 5 <= int(reply.headers["retry-after"]) <= 30
        assert len(phone.outbox) == 3
        until = time.monotonic() + 60
        while not phone.green and time.monotonic() < until:
            send(phone)
        assert phone.green
