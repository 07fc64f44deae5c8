"""The first message to everybody on the lists of one evening, handed to a gateway on this machine by one worker."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.district import FIRST_COMMUNITY, installed
from bench.result import Result, at_most

PEOPLE, GOAL_SECONDS = 1_103, 90
GATEWAY_SECONDS = 0.2  # so long a gateway takes to say that it has a message


def measure_messages() -> list[Result]:
    """From asking for the messages to the last one being noted as sent; each phone written to exactly once."""
    installed()
    from shouwang.access.scope import scope
    from shouwang.jobs import deliver
    from shouwang.lib import clock
    from shouwang.outreach.actions import Wanted, send
    from shouwang.outreach.channels import add_channel, set_office
    from shouwang.outreach.models import Message

    got: list[str] = []
    server = _gateway(got)
    url = f"json://127.0.0.1:{server.server_port}/sms?:to={{phone}}&:id={{id}}"
    office = {"name": "社区", "phone": "037166000000", "address": "https://bench.example", "daily_most": 2}
    wanted = [
        Wanted(phone=f"1990000{number:04d}", purpose="list_first", once="evening", area_code=FIRST_COMMUNITY)
        for number in range(PEOPLE)
    ]
    with scope([FIRST_COMMUNITY]):
        set_office(FIRST_COMMUNITY, **office, by=None, at=clock.now())  # type: ignore[arg-type]
        add_channel(FIRST_COMMUNITY, name="bench", url=url, by=None, at=clock.now())
    begun = time.perf_counter()
    with scope([FIRST_COMMUNITY]):
        sent = send(wanted, by=None, at=clock.now())
    asked = time.perf_counter() - begun
    assert sent.batch
    deliver(sent.batch)
    took = time.perf_counter() - begun
    server.shutdown()
    with scope([FIRST_COMMUNITY]):
        noted = Message.objects.exclude(sent_at=None).count()
    once = noted == PEOPLE == len(got) == len(set(got))
    return [
        at_most("messages.asked", asked, "s", 5),
        at_most("messages", took if once else float("inf"), "s", GOAL_SECONDS),
    ]


def _gateway(got: list[str]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(GATEWAY_SECONDS)
            got.append(body["to"])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *told: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
