"""A page over plain http that does one thing: phones of the office install our certificate there, once."""

from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from shouwang.keeping.certificates import Certificates
from shouwang.lib.qr import drawn

TEXTS = Path(__file__).with_name("trust.html")
CRT = "application/x-x509-ca-cert"


def serve_trust(
    certificates: Certificates, *, host: str, port: int, https: str, page: str
) -> ThreadingHTTPServer:
    """Serves the page, the poster and the certificate beside the web server until the process ends.

    Shape: `https` is where the phones work afterwards, `page` is where they find this page.
    """
    server = ThreadingHTTPServer((host, port), partial(_Page, certificates, https, page))
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def written(certificates: Certificates, https: str, page: str) -> str:
    """The page, which printed is the poster."""
    text = TEXTS.read_text(encoding="utf-8")
    for name, value in (("fingerprint", certificates.fingerprint), ("https", https), ("page", page)):
        text = text.replace("{" + name + "}", escape(value))
    return text.replace("{qr}", drawn(page))


class _Page(BaseHTTPRequestHandler):
    """Two addresses and nothing else."""

    def __init__(self, certificates: Certificates, https: str, page: str, *args: object) -> None:
        self.certificates, self.https, self.page = certificates, https, page
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """The page, or the certificate."""
        if self.path == "/":
            self._answer(
                written(self.certificates, self.https, self.page).encode(), "text/html; charset=utf-8"
            )
        elif self.path == "/shouwang.crt":
            self._answer(self.certificates.authority.read_bytes(), CRT)
        else:
            self.send_error(404)

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: who installs a certificate is nobody's business."""
