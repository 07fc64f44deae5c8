"""The page of rules: every number that Shouwang works with and where it comes from, as Markdown."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from shouwang.plans.form.entries import Entry, entries, parts
from shouwang.plans.form.vocabulary import GRADES
from shouwang.plans.loader import load, shipped
from shouwang.plans.schema import Plan

_HEAD = """# 规则一览

本页由预案文件自动生成，请不要手改：要改数字，改预案文件。程序里不写数字。

出处等级：{grades}。
"""


def page() -> str:
    """The page of the plans that come with Shouwang, as docs/rules.md holds it."""
    return render(load(path) for path in shipped().values())


def render(plans: Iterable[Plan]) -> str:
    """The whole page for these plans, in the order given."""
    grades = "；".join(f"{letter} {words}" for letter, words in GRADES.items())
    return "\n".join([_HEAD.format(grades=grades), *(line for plan in plans for line in _plan(plan))]) + "\n"


def _plan(plan: Plan) -> Iterator[str]:
    yield f"## {plan.words.zh_hans}\n"
    since = f"{plan.valid_from:%Y-%m-%d}"
    yield f"{plan.edition}，版本 {plan.version}，自 {since} 起。文件：`{plan.name}.toml`。\n"
    figures = [entry for entry in entries(plan) if entry.is_number]
    for section, rows in groupby(figures, key=lambda entry: entry.place[0]):
        yield f"### {section}\n"
        yield "| 项目 | 规定 | 等级 | 出处 |"
        yield "| --- | --- | --- | --- |"
        yield from (_row(entry, plan) for entry in rows)
        yield ""
    yield from _open(plan)
    yield from _notes(plan)


def _row(entry: Entry, plan: Plan) -> str:
    source = plan.sources[entry.source]
    cells = (" · ".join(entry.place[1:]), entry.said, source.grade, source.where)
    return "| " + " | ".join(cell.replace("|", "／") for cell in cells) + " |"


def _open(plan: Plan) -> Iterator[str]:
    settings = plan.to_be_set
    if not settings:
        return
    yield "### 待定\n"
    yield "下面各项没有找到规定，不编数字，由本地填写。\n"
    for setting in settings:
        yield f"- {' · '.join(setting.place)}"
    yield ""


def _notes(plan: Plan) -> Iterator[str]:
    notes = [(place, part.note) for _, place, part in parts(plan) if part.note]
    if notes:
        yield "### 说明\n"
        yield from (f"- {' · '.join(place)}：{note}" for place, note in notes)
        yield ""


if __name__ == "__main__":
    print(page(), end="")
