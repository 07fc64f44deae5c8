"""The pictures of the README, taken from the demo town by `make pictures`: everybody in them is invented."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from shouwang.demo.accounts import PASSWORD

HERE = Path(__file__).resolve().parent
TOWN = HERE.parents[1] / ".venv" / "pictures"  # kept, so that the next pictures are of the same day
PORT = "8317"
LARGEST_BYTES = 160_000
DESK = {"width": 1040, "height": 640}
PHONE = {"width": 360, "height": 720}


@contextmanager
def town() -> Iterator[str]:
    """The demo on this machine alone, and its address."""
    command = [str(Path(sys.executable).with_name("shouwang")), "demo", "--port", PORT]
    surroundings = {**os.environ, "SHOUWANG_DATA": str(TOWN)}
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as demo:
        try:
            found = next(
                (said for line in demo.stdout or () if (said := re.search(r"http://[\d.:]+/", line))), None
            )
            if found is None:
                sys.exit("The demo did not start.")
            yield found[0]
        finally:
            demo.terminate()


def logged_in(browser: Browser, address: str, username: str, **window: object) -> Page:
    """A window in which somebody has just logged in."""
    page = browser.new_context(base_url=address, locale="zh-CN", **window).new_page()
    page.goto("/accounts/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*/accounts/)"))
    return page


def keep(page: Page, path: str, name: str) -> None:
    """What is seen at this address, as a file; refused when it is too heavy for a README."""
    page.goto(path, wait_until="load")
    page.evaluate("document.fonts.ready")
    taken = page.screenshot(path=HERE / f"{name}.png", animations="disabled")
    if len(taken) > LARGEST_BYTES:
        sys.exit(f"{name}.png has {len(taken)} bytes, more than {LARGEST_BYTES}.")


def main() -> None:
    with town() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        desk = logged_in(browser, address, "shuji", viewport=DESK)
        keep(desk, "/", "board")
        keep(desk, "/matrix/", "matrix")
        phone = logged_in(browser, address, "louzhang", viewport=PHONE, is_mobile=True, has_touch=True)
        keep(phone, "/door/", "my-day")
        browser.close()


if __name__ == "__main__":
    main()
