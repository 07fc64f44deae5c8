"""What can be opened from every page, under few words in the order in which a day goes; only what exists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A page by its words, its address, its icon and the permission that opens it; `unless` is one that opens a larger page."""

    words: Promise | str
    url_name: str
    icon: str
    permission: str
    unless: str = ""

    def leads(self, held: frozenset[str]) -> bool:
        """Whether somebody with these permissions is led there."""
        return self.permission in held and self.unless not in held

    @property
    def address(self) -> str:
        """Where it is."""
        return _address(self.url_name)


@dataclass(frozen=True)
class Group:
    """Pages that somebody looks for under one word."""

    words: Promise | str
    icon: str
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        _("今天"),
        "board",
        (
            Entry(_("今日看板"), "board", "board", "board"),
            Entry(_("我的任务"), "door", "home", "visit.record"),
            Entry(_("我的班"), "my_turns", "shift", "visit.record"),
            Entry(_("一日两会"), "briefing", "shift", "board"),
            Entry(_("投屏"), "wall", "screen", "wall"),
            Entry(_("今日结账"), "closing", "done", "day.close"),
        ),
    ),
    Group(
        _("排查核查"),
        "list",
        (
            Entry(_("排查名单"), "lists", "list", "list.receive"),
            Entry(_("核查"), "work", "call", "list.work"),
            Entry(_("流调"), "cases", "call", "case.open"),
            Entry(_("交给您的病例"), "my_cases", "call", "case.investigate"),
            Entry(_("入户排查"), "rounds", "home", "round.open"),
            Entry(_("走访表"), "door_sheets", "ledger", "visit.record"),
        ),
    ),
    Group(
        _("隔离"),
        "home",
        (
            Entry(_("居家隔离"), "isolation", "home", "isolation.work"),
            Entry(_("封控的楼"), "seals", "matrix", "visit.record"),
        ),
    ),
    Group(
        _("核酸采样"),
        "swab",
        (
            Entry(_("核酸检测"), "testing_rounds", "swab", "round.open"),
            Entry(_("样本"), "samples", "box", "sample.work"),
            Entry(_("检测结果"), "results", "list", "result.work"),
            Entry(_("交检测结果"), "results_own", "list", "result.bring", unless="result.work"),
        ),
    ),
    Group(
        _("住户和告知"),
        "register",
        (
            Entry(_("住户档案"), "living", "register", "register.read"),
            Entry(_("楼栋图"), "matrix", "matrix", "register.read"),
            Entry(_("居民报备"), "reported", "person", "list.work"),
            Entry(_("疫苗接种"), "vaccination", "done", "register.read"),
            Entry(_("来电诉求"), "inbox", "call", "inbox.work"),
            Entry(_("告示"), "notices", "notice", "message.read"),
            Entry(_("通知宣传"), "messages", "notice", "message.read"),
        ),
    ),
    Group(
        _("人手物资"),
        "shift",
        (
            Entry(_("今天人手"), "hands", "shift", "roster"),
            Entry(_("排班"), "roster_week", "matrix", "roster"),
            Entry(_("交接"), "handing", "person", "roster"),
            Entry(_("保管台账"), "custody", "ledger", "custody"),
            Entry(_("物资"), "goods", "box", "supply.work"),
            Entry(_("消杀"), "disinfection", "swab", "disinfection.work"),
            Entry(_("巡查"), "inspection", "gate", "inspection.answer"),
            Entry(_("通行证"), "passes", "gate", "pass.issue"),
            Entry(_("卡口通行"), "gates", "gate", "gate.read"),
            Entry(_("卡口事件"), "incidents", "gate", "gate.read"),
            Entry(_("包保"), "answering", "shift", "responsibility.edit"),
            Entry(_("打印名片"), "door_cards", "person", "responsibility.edit"),
            Entry(_("工作手机"), "devices", "call", "responsibility.edit"),
        ),
    ),
    Group(
        _("上级和上报"),
        "ledger",
        (
            Entry(_("上级文件"), "directives", "notice", "directive.read"),
            Entry(_("台账日报"), "ledgers", "ledger", "ledger"),
            Entry(_("数字"), "figures", "ledger", "register.read"),
        ),
    ),
    Group(
        _("设置"),
        "plan",
        (
            Entry(_("导入"), "imports", "export", "register.import"),
            Entry(_("预案设置"), "plans", "plan", "plan.activate"),
            Entry(_("结束应急"), "close_out", "done", "response.close"),
            Entry(_("人员权限"), "people", "person", "grant.edit"),
            Entry(_("审计"), "audit", "ledger", "audit.read"),
            Entry(_("谁看了流调"), "case_looks", "ledger", "audit.read"),
        ),
    ),
)

# What the menu of a plan names: the entries that are called otherwise under another disease.
OF_THE_DISEASE = {
    "screening": "lists", "visits": "rounds", "isolation": "isolation", "testing": "testing_rounds", "gates": "gates",
}  # fmt: skip
FEW = 10
"""So many pages need no folding: somebody with a small task sees all of them."""


@dataclass(frozen=True)
class Way:
    """A group as one person sees it: what opens for them, whether it can be folded, whether it lies open."""

    group: Group
    entries: list[Entry]
    folds: bool
    unfolded: bool


def ways(held: frozenset[str], module: str, menu: Callable[[], Mapping[str, str]] = dict) -> list[Way]:
    """The groups with what these permissions open; the one that leads to the page of this module lies open.

    Shape: `menu` says what the plan in force calls what hangs on its disease, by the keys of OF_THE_DISEASE; it is asked only
    where somebody is led to any of that.
    """
    opened = [(one, [entry for entry in one.entries if entry.leads(held)]) for one in GROUPS]
    if any(entry.url_name in OF_THE_DISEASE.values() for _, entries in opened for entry in entries):
        called = {OF_THE_DISEASE[key]: words for key, words in menu().items()}
        opened = [(one, [_called(entry, called) for entry in entries]) for one, entries in opened]
    many = sum(len(entries) for _, entries in opened) > FEW
    here = _leading(module)
    return [
        Way(one, entries, many and one is not GROUPS[0] and len(entries) > 1, one is here)
        for one, entries in opened
        if entries
    ]


def _called(entry: Entry, called: Mapping[str, str]) -> Entry:
    words = called.get(entry.url_name)
    return replace(entry, words=words) if words else entry


def _leading(module: str) -> Group | None:
    """Where somebody looks for a page: beside the entry of its file, else beside the first entry of its folder."""
    folder = module.rpartition(".")[0]
    of_file = [group for group in GROUPS if module in map(_module, group.entries)]
    of_folder = [
        group for group in GROUPS if folder in (_module(one).rpartition(".")[0] for one in group.entries)
    ]
    return next(iter(of_file + of_folder), None)


@cache
def _module(entry: Entry) -> str:
    """The file in which the view of an entry stands."""
    return resolve(entry.address).func.__module__


_address = cache(reverse)  # the navigation asks for fifty of them on every page
