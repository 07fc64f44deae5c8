"""A gate without a network: from the last sign of a code until the colour is on the screen, with 15,000 passes on the phone.

Shape: the served district, Debian's Chromium, a processor four times slower than this machine's and, beside it, this one. The
time holds everything that a guard waits for: signature, look-up, the event kept safely on the phone, the picture.
"""

import os
from typing import TYPE_CHECKING, Any

from bench.app import PIN
from bench.district import DISTRICT, MORNING, NOON, installed, make_households, make_people
from bench.events import _served as served
from bench.gate import _passes
from bench.paint import PHONE, SLOWER, chromium
from bench.result import Result, at_most, percentile
from bench.scratch import SIZE_VARIABLE, say

if TYPE_CHECKING:
    from playwright.sync_api import Page

RESIDENTS, TIMES, GOAL_MS, PATIENCE_MS = 15_000, 60, 50, 60_000
# Types a code as a scanner does and answers after how many milliseconds the verdict about it stands there; nothing where this machine
# was so busy that the keys came too slowly for a scanner.
SCAN = """([code, label]) => new Promise((done) => {
    const keys = [...code, 'Enter'].map((key) => new KeyboardEvent('keydown', { key, bubbles: true }));
    const last = keys.pop();
    for (const one of keys) document.body.dispatchEvent(one);
    const begun = performance.now();
    const seen = new MutationObserver(() => {
        if (!document.querySelector('.saying')?.textContent.includes(label)) return;
        seen.disconnect();
        done(performance.now() - begun);
    });
    setTimeout(() => done(null), 10_000);
    seen.observe(document.body, { childList: true, subtree: true, characterData: true });
    document.body.dispatchEvent(last);
})"""


def measure_gate_offline() -> list[Result]:
    """One guard, everybody's pass on the phone, no network."""
    os.environ[SIZE_VARIABLE] = str(RESIDENTS)
    installed()
    os.environ["SHOUWANG_CLOCK"] = NOON.isoformat()
    make_households()
    make_people()
    codes, enrolment = _codes(_passes()), _enrolment()
    with (
        served(bare=False) as address,
        chromium() as browser,
        browser.new_context(**PHONE, has_touch=True, base_url=address) as handset,
    ):
        page = handset.new_page()
        page.clock.install(time=NOON)
        _on_watch(page, enrolment)
        handset.set_offline(True)
        say("scanning")
        here = _scanned(page, codes[:TIMES])
        handset.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        slow = _scanned(page, codes[TIMES : 2 * TIMES])
    return [
        at_most("gate.offline", percentile(slow, 0.5), "ms", GOAL_MS),
        at_most("gate.offline.p95", percentile(slow, 0.95), "ms", GOAL_MS),
        at_most("gate.offline.here", percentile(here, 0.5), "ms", GOAL_MS),
    ]


def _codes(passes: list[str]) -> list[tuple[str, str]]:
    """What stands in some of the cards, and the door that the guard will read."""
    from shouwang.access.scope import scope
    from shouwang.standing.models import Pass
    from shouwang.standing.tokens import Token, write

    with scope([DISTRICT]):
        some = Pass.objects.filter(pk__in=passes[:: len(passes) // (3 * TIMES)]).select_related(
            "person__household"
        )
        return [
            (write(Token(one.pk, one.kind, one.area_code, one.from_at, one.until)), one.person.household.door)
            for one in some if one.person
        ]  # fmt: skip


def _enrolment() -> str:
    """The code of a guard's phone for the whole district, which has a gate."""
    from shouwang.access.models import Grant, User
    from shouwang.access.scope import grants_of, scope
    from shouwang.devices.enrolling import issue
    from shouwang.gates.keeping import add_gate
    from shouwang.plans.actions import activate, keep_shipped

    user = User.objects.create_user("bench", "bench", name="书记", created_at=MORNING)
    Grant.objects.create(user=user, role="secretary", area_codes=[DISTRICT], from_at=MORNING)
    grants = grants_of(user, permission="responsibility.edit", now=NOON)
    with scope([DISTRICT]):
        activate(DISTRICT, keep_shipped("covid_9th", at=MORNING), reason="bench", by=user, at=MORNING)
        add_gate(DISTRICT, kind="compound", name="大门", by=user, at=MORNING)
        return str(issue([user], role="gate_guard", areas=[DISTRICT], by=grants, at=NOON))


def _on_watch(page: "Page", code: str) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"/field/#/enrol?code={code}")
    page.get_by_role("button", name="登记这部手机").tap()
    for digit in PIN * 2:
        page.get_by_role("button", name=digit, exact=True).tap()
    page.locator("nav").get_by_text("卡口", exact=True).tap()
    page.get_by_role("button", name="大门").tap()
    page.get_by_role("button", name="↑ 出").tap()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(2000)


def _scanned(page: "Page", codes: list[Any]) -> list[float]:
    """How long each took; a code that was not typed like one is scanned again."""
    found: list[float] = []
    while len(found) < len(codes):
        took = page.evaluate(SCAN, list(codes[len(found)]))
        found += [took] if took is not None else []
    return found
