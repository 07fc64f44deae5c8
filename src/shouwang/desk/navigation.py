"""What can be opened from every page, in the order in which a day goes; only what exists."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A page by its words, its address, its icon, the permission that opens it, and the words it stands under."""

    words: Promise | str
    url_name: str
    icon: str
    permission: str
    group: Promise | str = ""


RUNNING = _("设置")

ENTRIES = (
    Entry(_("今日看板"), "board", "board", "board"),
    Entry(_("一日两会"), "briefing", "board", "board"),
    Entry(_("投屏"), "wall", "matrix", "wall"),
    Entry(_("今日结账"), "closing", "done", "day.close"),
    Entry(_("上级文件"), "directives", "notice", "directive.read"),
    Entry(_("排查名单"), "lists", "list", "list.receive"),
    Entry(_("核查"), "work", "call", "list.work"),
    Entry(_("流调"), "cases", "call", "case.open"),
    Entry(_("流调"), "my_cases", "call", "case.investigate"),
    Entry(_("谁看了流调"), "case_looks", "ledger", "audit.read", RUNNING),
    Entry(_("排查"), "rounds", "list", "round.open"),
    Entry(_("居民报备"), "reported", "person", "list.work"),
    Entry(_("居家隔离"), "isolation", "home", "isolation.work"),
    Entry(_("我的任务"), "door", "home", "visit.record"),
    Entry(_("数字"), "figures", "ledger", "register.read"),
    Entry(_("住户档案"), "living", "register", "register.read"),
    Entry(_("楼栋图"), "matrix", "matrix", "register.read"),
    Entry(_("台账日报"), "ledgers", "ledger", "ledger"),
    Entry(_("走访表"), "door_sheets", "list", "visit.record"),
    Entry(_("打印名片"), "door_cards", "person", "responsibility.edit"),
    Entry(_("通知宣传"), "messages", "notice", "message.read"),
    Entry(_("导入"), "imports", "ledger", "register.import", RUNNING),
    Entry(_("包保"), "answering", "shift", "responsibility.edit", RUNNING),
    Entry(_("预案设置"), "plans", "plan", "plan.activate", RUNNING),
    Entry(_("人员权限"), "people", "person", "grant.edit", RUNNING),
    Entry(_("审计"), "audit", "ledger", "audit.read", RUNNING),
)
