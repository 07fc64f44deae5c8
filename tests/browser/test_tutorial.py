"""The tutorial walked as it is written, from the served demo to a closed day: what it says is what the screens say.

Every click is a word of its step, and every word in quotes after “您会看见” must then stand on the screen. The English
tutorial quotes the same screens.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bench.scratch import own_surroundings
from bench.serving import served
from shouwang.demo import PASSWORD
from tests.browser.conftest import PATIENT_MS, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DOCS = Path(__file__).resolve().parents[2] / "docs"
PHONE = {"width": 360, "height": 740}
SEE = "**您会看见**"
QUOTED = re.compile("“([^”]+)”")
CHINESE = re.compile("[\u4e00-\u9fff][\u4e00-\u9fff，。、：]*")
NOT_TOLD_APART = re.compile(r"[\s“”‘’]")


def steps(name: str) -> dict[int, str]:
    """The numbered steps of a tutorial."""
    parts = re.split(r"^## (\d+)\. ", (DOCS / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}


TOLD, TOLD_IN_ENGLISH = steps("tutorial.zh-CN.md"), steps("tutorial.md")


def bare(words: str) -> str:
    return NOT_TOLD_APART.sub("", words)


def anyhow(words: str) -> re.Pattern[str]:
    """These words, however the screen spaces and quotes them; anything where the tutorial writes dots."""
    letters = (".*" if letter == "…" else re.escape(letter) for letter in bare(words))
    return re.compile(r"[\s“”]*".join(letters))


@dataclass
class Walker:
    """Somebody with the tutorial in one hand: nothing is clicked or typed that the step does not name."""

    page: Page
    number: int
    seen: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        return TOLD[self.number]

    def named(self, words: str) -> str:
        assert bare(words) in bare(self.told), f"step {self.number} does not say {words}"
        return words

    def click(self, words: str, *, inside: Locator | None = None) -> None:
        """A link, a button or a word that chooses."""
        place, name = inside or self.page.locator("body"), self.named(words)
        asked = place.get_by_role("link", name=name, exact=True)
        asked = asked.or_(place.get_by_role("button", name=name, exact=True))
        asked = asked.or_(place.locator("label, summary").get_by_text(name, exact=True))
        asked.locator("visible=true").first.click()

    def menu(self, *words: str) -> None:
        """What stands under a folded word is unfolded first, unless it lies open."""
        menu = self.page.get_by_role("navigation", name="主菜单")
        if not menu.get_by_role("link", name=words[-1], exact=True).is_visible():
            self.click(words[0], inside=menu)
        self.click(words[-1], inside=menu)

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(self.named(label)).locator("visible=true").first.fill(self.named(value))

    def choose(self, label: str, value: str) -> None:
        asked = self.page.get_by_label(self.named(label)).locator("visible=true").first
        asked.select_option(label=self.named(value))

    def sees(self) -> None:
        """The next “您会看见” of this step: every word that it quotes."""
        told = self.told.split(SEE)[len(self.seen) + 1]
        body = self.page.locator("body")
        self.page.wait_for_load_state()
        for words in QUOTED.findall(re.split(r"\n\n|\n\d\. ", told)[0]):
            expect(body).to_contain_text(anyhow(words), use_inner_text=True)
        self.page.wait_for_load_state()  # of the page that says so: its script is there when the next button is clicked
        self.seen.append(body.inner_text())

    def goes_on(self) -> None:
        """Nothing of this step was left out, the English tutorial quotes nothing else, and the next begins."""
        assert len(self.seen) == self.told.count(SEE), self.number
        known = bare(self.told + "".join(self.seen))
        assert [one for one in CHINESE.findall(TOLD_IN_ENGLISH[self.number]) if bare(one) not in known] == []
        self.number, self.seen = self.number + 1, []


@pytest.fixture(scope="module")
def town() -> Iterator[str]:
    """`make run`'s demo in a folder of its own: where it is served."""
    with own_surroundings() as surroundings, pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - surroundings.keys():
            patch.delenv(name)
        for name, value in surroundings.items():
            patch.setenv(name, value)
        with served() as (_, port):
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def secretary(chromium: Browser, town: str) -> Iterator[Walker]:
    with chromium.new_context(viewport=WIDE, locale="zh-CN", base_url=town) as context:
        context.set_default_timeout(PATIENT_MS)
        yield Walker(context.new_page(), number=2)


@pytest.fixture
def phone(chromium: Browser, town: str) -> Iterator[Walker]:
    with chromium.new_context(viewport=PHONE, locale="zh-CN", base_url=town) as context:
        context.set_default_timeout(PATIENT_MS)
        yield Walker(context.new_page(), number=9)


def test_a_new_user_arrives_at_a_closed_day(secretary: Walker, phone: Walker) -> None:
    assert list(TOLD) == list(TOLD_IN_ENGLISH) == list(range(1, 14))
    enter(secretary)
    open_a_round(secretary)
    visit_and_try(secretary)
    work_at_the_doors(phone, print_a_card(secretary))
    secretary.number = phone.number
    key_in_paper(secretary)
    close(secretary)


def enter(who: Walker) -> None:
    who.page.goto("/")
    who.fill("账号", "shuji")
    who.fill("密码", PASSWORD)
    who.click("登录")
    who.sees()
    who.goes_on()
    who.sees()
    who.page.get_by_role("link", name=re.compile(who.named("未办"))).first.click()
    who.sees()
    who.goes_on()


def open_a_round(who: Walker) -> None:
    who.menu("排查核查", "入户排查")
    who.click("开一轮")
    who.choose("哪里", "望江新村 1号楼")
    who.fill("叫什么", "1号楼晚上再走一遍")
    who.click("先看看谁要办多少")
    who.sees()
    who.click("开这一轮")
    who.sees()
    who.goes_on()


def door(who: Walker, staircase: str, number: str) -> None:
    """A door of the drawing, by its staircase in the first building."""
    first = who.page.get_by_role("region", name=re.compile(who.named("1号楼"))).first
    unit = first.get_by_role("table", name=who.named(staircase))
    unit.locator("a.door").filter(has_text=who.named(number)).click()


def visit_and_try(who: Walker) -> None:
    who.menu("住户和告知", "楼栋图")
    who.sees()
    who.click("一屏看全")
    who.goes_on()
    door(who, "2单元", "401")
    who.sees()
    who.click("见到人了")
    who.fill("见到谁", "戴伯博")
    who.fill("现在住几人", "4")
    who.click("记下")
    who.sees()
    who.goes_on()
    who.page.goto("/matrix/")
    door(who, "2单元", "202")
    who.click("没见到人")
    who.choose("怎么没见到", "没人在家")
    who.click("记下")
    who.sees()
    who.goes_on()


def print_a_card(who: Walker) -> str:
    """Returns the number on the card."""
    who.menu("人手物资", "打印名片")
    who.page.locator("tr").filter(has_text=who.named("郭安成")).get_by_role("checkbox").check()
    who.click("打印选中的")
    who.sees()
    found = re.search(r"\d{4}[ -]?\d{4}[ -]?\d{4}", who.seen[0])
    assert found
    who.goes_on()
    who.page.goto("/")
    return re.sub(r"\D", "", found[0])


def work_at_the_doors(who: Walker, code: str) -> None:
    page = who.page
    page.goto(who.named("/door/in/"))
    page.get_by_label(who.named("名片上的 12 位编号")).fill(code)
    who.fill("您手机号的后四位", "1418")
    who.click("开始上门")
    who.sees()
    who.click("没人")
    who.sees()
    who.click("无变化")
    page.get_by_role("button", name=re.compile(who.named("人都在"))).locator("visible=true").first.click()
    who.sees()
    page.context.set_offline(True)
    who.click("没人")
    who.sees()
    page.context.set_offline(False)
    who.sees()
    who.click("有变化")
    who.click("新来了一个人")
    page.get_by_label(who.named("姓名")).locator("visible=true").first.fill("赵新来")
    who.click("登记这个人")
    who.sees()
    who.goes_on()


def key_in_paper(who: Walker) -> None:
    who.menu("排查核查", "走访表")
    who.choose("哪一栋", "望江新村 3号楼")
    who.click("打印走访表")
    who.sees()
    who.goes_on()
    who.page.goto("/")
    who.menu("排查核查", "走访表")
    who.click("录入走访表")
    who.fill("表号", "1")
    rows = re.search(r"```\n(.*?)\n```", who.told, re.DOTALL)
    assert rows
    who.fill("一行一户", rows[1])
    who.click("记下这张表")
    who.sees()
    who.click("以纸上写的为准，另一条撤销")
    who.click("记下这张表")
    who.goes_on()


def close(who: Walker) -> None:
    who.menu("今日结账")
    who.sees()
    who.choose("全部一样", "人手不足")
    who.click("正式结账")
    who.sees()
    who.goes_on()
    who.click("以前的账")
    who.sees()
    who.goes_on()
