"""Our own certificate: believed by whoever installed it, for this computer's names alone, renewed before it is over."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from shouwang.keeping.certificates import certificates
from shouwang.keeping.trusting import CRT, serve_trust

NOW = datetime.now(UTC)


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"hi")

    def log_message(self, *args: object) -> None: ...


@contextmanager
def served(made) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(made.server, made.server_key)
    server.socket = secure.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_whoever_installed_it_believes_it_and_nobody_else(tmp_path):
    made = certificates(tmp_path, ["192.168.1.20"], now=NOW)
    with served(made) as address:
        trusting = ssl.create_default_context(cafile=str(made.authority))
        with urlopen(address, context=trusting) as answer:
            assert answer.read() == b"hi"
        with pytest.raises(URLError):
            urlopen(address, context=ssl.create_default_context())


def test_the_authority_is_made_once_and_the_servers_certificate_renewed_in_time(tmp_path):
    first = certificates(tmp_path, ["192.168.1.20"], now=NOW)
    authority, server = first.authority.read_bytes(), first.server.read_bytes()
    again = certificates(tmp_path, ["192.168.1.20"], now=NOW + timedelta(days=300))
    assert (again.authority.read_bytes(), again.server.read_bytes()) == (authority, server)
    later = certificates(tmp_path, ["192.168.1.20"], now=NOW + timedelta(days=380))
    assert later.authority.read_bytes() == authority
    assert later.server.read_bytes() != server
    assert [file.stat().st_mode & 0o077 for file in tmp_path.iterdir()] == [0] * 4


def test_an_address_that_it_may_not_sign_for_needs_a_new_authority(tmp_path):
    first = certificates(tmp_path, ["192.168.1.20"], now=NOW).authority.read_bytes()
    assert certificates(tmp_path, ["192.168.1.21"], now=NOW).authority.read_bytes() != first


def test_the_page_installs_it_and_says_by_what_it_is_known(tmp_path):
    made = certificates(tmp_path, ["192.168.1.20"], now=NOW)
    server = serve_trust(
        made, host="127.0.0.1", port=0, https="https://192.168.1.20:8000/", page="http://192.168.1.20:8001/"
    )
    try:
        at = f"http://127.0.0.1:{server.server_port}"
        with urlopen(f"{at}/") as answer:
            page = answer.read().decode()
        assert made.fingerprint in page
        assert "<svg" in page
        assert "https://192.168.1.20:8000/" in page
        with urlopen(f"{at}/shouwang.crt") as answer:
            assert answer.headers["Content-Type"] == CRT
            assert answer.read() == made.authority.read_bytes()
        with pytest.raises(URLError):
            urlopen(f"{at}/server.key")
    finally:
        server.shutdown()
        server.server_close()
