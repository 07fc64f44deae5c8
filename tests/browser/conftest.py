"""Debian's Chromium against a real server in this process, on the loopback interface."""

from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler

import pytest

from tests.desk.conftest import (  # noqa: F401  the same as without a browser
    browser_of,
    newcomer,
    settings_of,
    street,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from shouwang.register.models import Household
    from tests.world import World

WIDE = {"width": 1440, "height": 900}
PATIENT_MS = 60_000  # a machine that is busy with something else fails nothing; what is there at once is waited for by nobody
HANDSET = {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN", "has_touch": True, "is_mobile": True}


class Quiet(WSGIRequestHandler):
    """Says nothing on the terminal."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    """Where the desk is served; the same program that granian serves."""
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIServer, make_server

    from shouwang.wsgi import application

    class Threaded(ThreadingMixIn, WSGIServer):
        daemon_threads = False

    with make_server("127.0.0.1", 0, application, Threaded, Quiet) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The browser. While it runs there is an event loop in this thread, which only waits: the database may be asked."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENT_MS)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: "Browser", address: str) -> Iterator["Page"]:
    """An empty window of the desk, in Chinese; a mistake of a script fails the test."""
    context = chromium.new_context(viewport=WIDE, locale="zh-CN", base_url=address)
    context.set_default_timeout(PATIENT_MS)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def handset(chromium: "Browser", address: str) -> Iterator["BrowserContext"]:
    """A phone of 360 px; a mistake of a script fails the test."""
    context, wrong = chromium.new_context(**HANDSET, base_url=address), []
    context.set_default_timeout(PATIENT_MS)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield context
    context.close()
    assert wrong == []


@pytest.fixture
def tower(street: "World") -> list["Household"]:  # noqa: F811  the street of the desk's tests
    """Building 3, in which there is something to do behind every door."""
    from tests.browser.field import build_tower

    return build_tower()
