"""The one loader of response plans: a TOML file in, a plan out, or all that must be put right."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

from shouwang.lib.errors import Refusal
from shouwang.plans.checks import problems
from shouwang.plans.form.filled import lay_in
from shouwang.plans.form.lines import line_of
from shouwang.plans.form.reading import Problem, Reader
from shouwang.plans.form.retired import without_retired
from shouwang.plans.schema import Plan

_HERE = Path(__file__).resolve().parent
_LARGEST_BYTES = 1_000_000


class PlanRefusal(Refusal):
    """The plan file cannot be used yet: which places, and why, all of them at once.

    Shape: `problems` is the list; the sentence names the file and up to twenty places.
    """

    code = "plans.refused"
    sentence = "预案文件 {file} 还不能用，有 {count} 处要改：{places}"

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.problems = problems
        places = "".join(f"\n· {problem}" for problem in problems[:20])
        more = f"\n· 另有 {len(problems) - 20} 处" if len(problems) > 20 else ""
        super().__init__(where={"file": file}, file=file, count=len(problems), places=places + more)


def load(path: Path) -> Plan:
    """Read one plan file.

    Raises: PlanRefusal naming file, key and why.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise PlanRefusal(path.name, [Problem("文件", "打不开，请看文件在不在、有没有权限")]) from None
    if len(data) > _LARGEST_BYTES:
        raise PlanRefusal(path.name, [Problem("文件", "太大，预案文件不超过 1 MB")])
    try:
        return load_text(data.decode("utf-8-sig"), file=path.name)
    except UnicodeDecodeError:
        raise PlanRefusal(path.name, [Problem("文件", "不是 UTF-8 编码，请另存为 UTF-8 再试")]) from None


def load_text(text: str, *, file: str, kept: bool = False) -> Plan:
    """Read a plan from text, as it was typed into a page or `kept` with a version, perhaps by an earlier release.

    Raises: PlanRefusal naming file, key and why.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanRefusal(file, [_syntax(str(error))]) from None
    except RecursionError:
        raise PlanRefusal(file, [Problem("文件", "括号套得太深，读不了")]) from None
    if kept:
        without_retired(tables)
    try:
        return load_tables(tables, file=file)
    except PlanRefusal as refusal:
        placed = [replace(problem, line=line_of(problem.key, text)) for problem in refusal.problems]
        raise PlanRefusal(file, placed) from None


def load_tables(tables: dict[str, object], *, file: str) -> Plan:
    """Read a plan from tables that are already parsed.

    Raises: PlanRefusal naming file, key and why.
    """
    misplaced = lay_in(tables)
    reader = Reader()
    plan = reader.read(tables, Plan, "")
    wrong = misplaced + reader.problems or list(problems(plan))
    if wrong:
        raise PlanRefusal(file, wrong)
    assert isinstance(plan, Plan)
    return plan


def shipped() -> dict[str, Path]:
    """The plans that come with the system, by name."""
    return {path.stem: path for path in sorted(_HERE.glob("*.toml"))}


def _syntax(message: str) -> Problem:
    """Python says in English where the text stops being TOML; the place is what helps."""
    found = re.search(r"line (\d+), column (\d+)", message)
    twice = "overwrite" in message or "twice" in message
    why = "同一项写了两次" if twice else "写法不对，看看引号、括号、等号是不是成对"
    place = f"第 {found[1]} 行第 {found[2]} 个字附近" if found else "文件末尾"
    return Problem(place, why)
