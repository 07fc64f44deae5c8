"""Which rules of the catalogue mean what at the end of a response: what goes, what stays, what days alone decide."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from shouwang.lib.kinds import Retention
from shouwang.plans.schema import Plan

# Kept whatever a plan says: counts, goods, orders from above (突发事件应对法 第九十四条); evidence until its own day.
ARCHIVED = {"statistics": "统计数字、物资与款项、上级文件", "evidence": "依法封存的证据"}
# What rules are called where the plan does not say.
USUAL = {
    **ARCHIVED, "register": "住户和场所底册", "workers": "防控力量和账号", "uploads": "收到的表格", "visits": "入户、电话和应办事项",
    "lists": "推送名单和核查记录", "case_neighbours": "流调中的前后邻近人员",
    "gate_passages": "卡口通行和扫码记录", "orders": "隔离决定和告知书", "readings": "体温和症状",
    "ledgers": "逐人报表", "audit": "操作记录", "logs": "日志和后台任务", "backups": "备份",
}  # fmt: skip


@dataclass(frozen=True)
class Stays:
    """A rule whose rows stay as they are, in the plan's words."""

    rule: str
    words: str


def archived(plan: Plan | None) -> list[Stays]:
    """The rules whose rows stay: those that the plan archives, and those that are always archived."""
    said = plan.retention.items() if plan else ()
    stays = {key: rule.words.zh_hans for key, rule in said if rule.until == "archived"}
    return [Stays(key, words) for key, words in {**stays, **ARCHIVED}.items()]


def going(rules: Iterable[Retention], staying: Collection[str]) -> list[Retention]:
    """What goes when a response ends."""
    return [rule for rule in rules if rule.rule not in staying]


def by_days(plan: Plan) -> dict[str, timedelta]:
    """The rules whose rows go by themselves, after how long."""
    timed = {
        key: rule.days for key, rule in plan.retention.items() if rule.until == "days_passed" and rule.days
    }
    return {key: timedelta(days=days) for key, days in timed.items()}


def in_words(rules: Iterable[Retention], plan: Plan | None) -> list[tuple[str, str, list[str]]]:
    """Each rule once: its key, what it is called, and what it holds."""
    named: dict[str, list[str]] = {}
    for rule in rules:
        named.setdefault(rule.rule, []).append(rule.words)
    said = {key: rule.words.zh_hans for key, rule in plan.retention.items()} if plan else {}
    return [(key, said.get(key) or USUAL.get(key, words[0]), words) for key, words in named.items()]
