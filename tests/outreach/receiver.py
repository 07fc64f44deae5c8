"""A gateway on this machine: takes what is posted to it, and answers as it is told."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG_UP = 0  # takes the message and closes the line without a word


@dataclass
class Receiver:
    """What came in, in order, and what is answered: by phone a list of statuses, one for each time; then 200."""

    address: str = ""
    got: list[dict] = field(default_factory=list)
    answers: dict[str, list[int]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, body: dict) -> int:
        with self.lock:
            self.got.append(body)
            left = self.answers.get(body.get("to", ""), [])
            return left.pop(0) if left else 200

    @property
    def counts(self) -> Counter[str]:
        """How often each phone was written to."""
        return Counter(body["to"] for body in self.got)

    def text_to(self, phone: str) -> str:
        """The last text to a phone."""
        return [body["message"] for body in self.got if body["to"] == phone][-1]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """The gateway runs on loopback as long as this lasts; `address` is what a channel is added with."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = receiver.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if status != HANG_UP:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *told: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.address = f"json://127.0.0.1:{server.server_port}/sms?:to={{phone}}&:id={{id}}"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
