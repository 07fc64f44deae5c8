"""The phone app on a slow phone: what comes over the line at first, how soon it is usable, how a list of 500 duties scrolls.

Shape: the served demo town, Debian's Chromium, a processor four times slower than this machine's, and at first the
network of `paint`. Afterwards the app is opened without any network, as the browser keeps it.
"""

import os
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bench.district import installed
from bench.paint import PHONE, SENT, SLOWER, base, chromium, slow_down
from bench.result import Result, at_most, percentile
from bench.scratch import say
from bench.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TIMES, DUTIES = 5, 500
GOAL_SENT_KB, GOAL_USABLE_MS, GOAL_FRAME_MS = 220, 3000, 33.4
PIN = "135790"
PIXELS, PIXELS_A_SECOND = 12_000, 2_500
WATCH = """() => {
    window.frames_seen = [];
    const look = (at) => { window.frames_seen.push(at); requestAnimationFrame(look); };
    requestAnimationFrame(look);
}"""
BETWEEN = "window.frames_seen.slice(1).map((at, place) => at - window.frames_seen[place])"


def measure_app() -> list[Result]:
    """First visit, the way in, opened again without a network, the list."""
    with served() as (_, port):
        code = _code()  # before there is an event loop: the database may not be asked beside one
        with chromium() as browser:
            first = [_first(browser, port) for _ in range(TIMES)]
            with browser.new_context(**PHONE, has_touch=True, base_url=base(port)) as handset:
                _let_in(handset, code)
                handset.set_offline(True)
                again, opened, frames = zip(*(_again(handset) for _ in range(TIMES)), strict=True)
    usable, sent = map(statistics.median, zip(*first, strict=True))
    between = [one for some in frames for one in some]
    return [
        at_most("app.sent", sent, "kB", GOAL_SENT_KB),
        at_most("app.usable", usable, "ms", GOAL_USABLE_MS),
        at_most("app.usable.again", statistics.median(again), "ms", GOAL_USABLE_MS),
        at_most(f"app.day of {DUTIES}", statistics.median(opened), "ms", GOAL_USABLE_MS),
        at_most("app.frame.p95", percentile(between, 0.95), "ms", GOAL_FRAME_MS),
    ]


def _code() -> str:
    """Lets a phone of a grid lead into as many compounds as owe five hundred visits."""
    installed()
    os.environ.pop("SHOUWANG_CLOCK", None)
    from shouwang import installation

    installation.set_clock()
    from shouwang.access.models import User
    from shouwang.access.scope import grants_of, scope
    from shouwang.devices.enrolling import issue
    from shouwang.lib import clock

    now, user = clock.now(), User.objects.get(username="shuji")
    grants = grants_of(user, permission="responsibility.edit", now=now)
    with scope(grants.codes):
        return issue([user], role="grid_lead", areas=_compounds(now), by=grants, at=now)


def _compounds(now: object) -> list[str]:
    from shouwang.duties.models import OWED, Duty
    from shouwang.register.models import Area

    found, owed = [], 0
    for code in Area.objects.filter(level="compound").order_by("code").values_list("code", flat=True):
        found.append(code)
        own = Duty.objects.filter(
            area_code__startswith=code, fact=OWED, household__isnull=False, opens_at__lte=now
        )
        owed += own.values("household").distinct().count()
        if owed >= DUTIES:
            return found
    raise RuntimeError(f"the town owes {owed} visits only")


def _first(browser: "Browser", port: int) -> tuple[float, float]:
    """An empty browser and a slow network: until somebody can type their code, and the kilobytes that came."""
    with browser.new_context(**PHONE, base_url=base(port), service_workers="block") as context:
        page = context.new_page()
        slow_down(context, page)
        begun = time.perf_counter()
        page.goto("/field/")
        page.get_by_role("button", name="登记这部手机").wait_for()
        usable = (time.perf_counter() - begun) * 1000
        page.wait_for_load_state("networkidle")
        return usable, page.evaluate(SENT)


def _let_in(handset: "BrowserContext", code: str) -> None:
    page = handset.new_page()
    page.goto(f"/field/#/enrol?code={code}")
    page.get_by_role("button", name="登记这部手机").tap()
    _digits(page, PIN * 2)
    page.locator(".card.door").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    say(f"{page.locator('.card.door').count()} doors in the list")
    page.close()


def _again(handset: "BrowserContext") -> tuple[float, float, list[float]]:
    """Opened without a network: until a PIN can be put in, until the day is there, and the frames while it is scrolled."""
    page = handset.new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    there = _timed(
        lambda: (page.goto("/field/"), page.get_by_role("button", name="1", exact=True).wait_for())
    )
    _digits(page, PIN[:-1])
    opened = _timed(lambda: (_digits(page, PIN[-1]), page.locator(".card.door").first.wait_for()))
    frames = _scrolled(page)
    page.close()
    return there, opened, frames


def _scrolled(page: "Page") -> list[float]:
    """A thumb that flings through the list: milliseconds from each frame to the next."""
    page.wait_for_timeout(500)
    page.evaluate(WATCH)
    fling = {"x": 180, "y": 400, "yDistance": -PIXELS, "speed": PIXELS_A_SECOND}
    page.context.new_cdp_session(page).send("Input.synthesizeScrollGesture", fling)
    return list(page.evaluate(BETWEEN))


def _timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def _digits(page: "Page", digits: str) -> None:
    for digit in digits:
        page.get_by_role("button", name=digit, exact=True).tap()
