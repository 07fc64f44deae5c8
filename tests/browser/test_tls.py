"""The office without a public name: `serve --tls`, its poster followed, and the app at work over a certificate of our own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect, sync_playwright

from shouwang.access.scope import scope
from shouwang.lib.codes import child
from shouwang.screening.models import Visit
from tests.browser.conftest import HANDSET, PATIENT_MS
from tests.browser.field import ALL_SENT, App
from tests.browser.trusting import install
from tests.devices.phones import code_for
from tests.world import BUILDING_1, XIANGYUN, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STAIR = child(BUILDING_1, 1)
COMMAND = Path(sys.executable).parent / "shouwang"


@dataclass(frozen=True)
class Office:
    """A computer that serves, and what it said about it."""

    https: str
    poster: str
    said: str


@contextmanager
def office() -> Iterator[Office]:
    """`shouwang serve --tls`, as the operator starts it."""
    port = _two_free_ports()
    command = [str(COMMAND), "serve", "--tls", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}
    ) as ours:
        assert ours.stdout is not None
        said = ""
        while "守望已打开" not in said:
            line = ours.stdout.readline()
            assert line, "the server did not start"
            said += line
        try:
            yield Office(f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}/", said)
        finally:
            ours.send_signal(signal.SIGTERM)


@contextmanager
def phone(playwright: Playwright, home: Path) -> Iterator[Browser]:
    """A browser that believes what was installed in this home."""
    expect.set_options(timeout=PATIENT_MS)
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox"], env={**os.environ, "HOME": str(home)}
    )
    yield browser
    browser.close()


def test_who_follows_the_poster_works_over_https_and_without_a_network(
    street: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SHOUWANG_CLOCK")  # browsers judge certificates by the hour that it is
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's event loop only waits
    with office() as ours, sync_playwright() as playwright:
        with phone(playwright, tmp_path) as doubting:
            authority = _followed(doubting, ours)
        install(tmp_path, authority)
        with phone(playwright, tmp_path) as trusting:
            _worked(trusting, ours, code_for(street, [STAIR], [street.users["书记刘"]], role="grid_lead"))
    with scope([XIANGYUN]):
        assert Visit.objects.count() == 1


def _followed(browser: Browser, ours: Office) -> bytes:
    """Nobody believes the computer yet; the poster's page has its certificate, and the fingerprint that the operator reads."""
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        browser.new_page().goto(ours.https)
    page = browser.new_page()
    page.goto(ours.poster)
    assert page.locator("code").inner_text() in ours.said
    expect(page.get_by_text(ours.https)).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_text("下载证书", exact=True).click()
    return coming.value.path().read_bytes()


def _worked(browser: Browser, ours: Office, code: str) -> None:
    """In, kept by the browser, closed, opened without a network, and what was done there has arrived."""
    with browser.new_context(**HANDSET, base_url=ours.https) as handset:
        app = App(handset.new_page())
        app.enrol(code)
        handset.set_offline(True)
        app.page.close()
        app = App(handset.new_page())
        app.page.goto("/field/")
        app.unlock()
        app.visit("101")
        expect(app.line).to_contain_text("还有 1 条没传")
        handset.set_offline(False)
        expect(app.line).to_contain_text(ALL_SENT)


def _two_free_ports() -> int:
    """The first of two neighbours: one for https, one for the poster."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
