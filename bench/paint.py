"""How soon a slow phone shows something, and how much comes over the line: the served demo town in Chromium.

Shape: an empty browser first, then the same page once more; a processor four times slower than this machine's, and a
network with 1.6 Mbit/s down, 0.75 up and 150 ms for each answer. Debian's Chromium, as the tests use it.
"""

import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.result import Result, at_most
from bench.scratch import say
from bench.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TIMES = 5
SLOWER, LATENCY_MS = 4, 150
BYTES_PER_SECOND_DOWN, BYTES_PER_SECOND_UP = 1.6e6 / 8, 0.75e6 / 8
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "locale": "zh-CN"}
GOAL_MS, GOAL_AT_FIRST_KB, GOAL_AFTER_KB, GOAL_DOOR_KB = 1000, 400, 60, 100
CHROMIUM = "SHOUWANG_CHROMIUM"
# Who opens it, where it is, whether it is a page at the door.
PAGES = {
    "board": ("shuji", "/", False),
    "my_day": ("zhiyuanzhe", "/door/", True),
    "matrix": ("shuji", "/matrix/", False),
    "card": ("", "/door/in/", True),
    "login": ("", "/accounts/login/", False),
}
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SENT = """[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
.reduce((sum, one) => sum + one.transferSize, 0) / 1024"""


def measure_paint() -> list[Result]:
    """First contentful paint and compressed kilobytes of the pages that are opened first, from the real server."""
    from shouwang import demo

    with served() as (_, port), chromium() as browser:
        found = []
        for name, (who, address, door) in PAGES.items():
            say(name)
            state = _logged_in(browser, port, who, demo.PASSWORD)
            seen = [_seen(browser, port, address, state) for _ in range(TIMES)]
            found += _results(name, door, seen)
    return found


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The browser of the tests, until the block ends."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get(CHROMIUM) or shutil.which("chromium")
    with sync_playwright() as made:
        browser = made.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _results(name: str, door: bool, seen: list[tuple[float, float, float, float]]) -> Iterator[Result]:
    paint, sent, again, sent_again = map(statistics.median, zip(*seen, strict=True))
    yield at_most(f"paint.{name}", paint, "ms", GOAL_MS)
    yield at_most(f"paint.{name}.again", again, "ms", GOAL_MS)
    yield at_most(f"paint.{name}.sent", sent, "kB", GOAL_DOOR_KB if door else GOAL_AT_FIRST_KB)
    yield at_most(f"paint.{name}.sent_again", sent_again, "kB", GOAL_AFTER_KB)


def _logged_in(browser: "Browser", port: int, who: str, password: str) -> object:
    """The cookies of somebody who has logged in; nobody's for a page that anybody opens."""
    with browser.new_context(base_url=base(port)) as context:
        if who:
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("[name=login]", who)
            page.fill("[name=password]", password)
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: "login" not in url)
        return context.storage_state()


def _seen(browser: "Browser", port: int, address: str, state: object) -> tuple[float, float, float, float]:
    """First paint and kilobytes of a first visit, then of a second."""
    with browser.new_context(**PHONE, base_url=base(port), storage_state=state) as context:
        page = context.new_page()
        slow_down(context, page)
        first = _visited(page, address)
        page.goto("about:blank")
        return *first, *_visited(page, address)


def _visited(page: "Page", address: str) -> tuple[float, float]:
    """When something was painted, and how much had come until nothing more came."""
    page.goto(address, wait_until="networkidle")
    while not page.evaluate(PAINT):  # the policy of the pages allows no function that waits inside them
        page.wait_for_timeout(50)
    return page.evaluate(PAINT), page.evaluate(SENT)


def slow_down(context: "BrowserContext", page: "Page") -> None:
    """A slow phone on a slow network."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    network = {
        "offline": False,
        "latency": LATENCY_MS,
        "downloadThroughput": BYTES_PER_SECOND_DOWN,
        "uploadThroughput": BYTES_PER_SECOND_UP,
    }
    session.send("Network.emulateNetworkConditions", network)


def base(port: int) -> str:
    """Where the demo is served."""
    return f"http://127.0.0.1:{port}"
