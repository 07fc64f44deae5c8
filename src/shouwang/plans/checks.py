"""What must fit together inside a plan: names point somewhere, figures have a source."""

from collections.abc import Iterator
from datetime import time

import msgspec

from shouwang.plans.form.entries import entries, parts
from shouwang.plans.form.people import Regime
from shouwang.plans.form.reading import Problem
from shouwang.plans.schema import Plan


def problems(plan: Plan) -> Iterator[Problem]:
    """Everything in a well-formed plan that does not fit together."""
    yield from _figures_without_source(plan)
    yield from _names_of_sources(plan)
    yield from _open_settings(plan)
    yield from _people(plan)
    yield from _zones(plan)
    yield from _ranges(plan)
    yield from _fever(plan)
    yield from _answers_and_clocks(plan)
    yield from _passes(plan)
    yield from _retention(plan)


def _figures_without_source(plan: Plan) -> Iterator[Problem]:
    for entry in entries(plan):
        if entry.is_number and not entry.source:
            yield Problem(entry.key, '这个数字没有写来源（在这张表里写 source = "…"）')


def _names_of_sources(plan: Plan) -> Iterator[Problem]:
    for path, _, part in parts(plan):
        for name in part.source_of.keys() - set(part.__struct_fields__):
            yield Problem(".".join((*path, "source_of", name)), "这张表里没有这一项")
        named = {"source": part.source, **{f"source_of.{key}": name for key, name in part.source_of.items()}}
        for key, name in named.items():
            if name and name not in plan.sources:
                yield Problem(".".join((*path, key)), f"出处“{name}”没有列在 [sources] 里")


def _open_settings(plan: Plan) -> Iterator[Problem]:
    for path, _, part in parts(plan):
        for key in part.to_be_set:
            place = ".".join((*path, "to_be_set"))
            if key not in part.__struct_fields__:
                yield Problem(place, f"待定的“{key}”不是这张表里的项")
            elif getattr(part, key) not in (None, (), {}):
                yield Problem(place, f"“{key}”已经写了，就不能再列为待定")


def _people(plan: Plan) -> Iterator[Problem]:
    for key, category in plan.categories.items():
        if category.regime is not None and category.regime not in plan.regimes:
            yield Problem(f"categories.{key}.regime", f"没有叫“{category.regime}”的处置办法")
        if (category.tests is None) != (category.tests_within_days is None) and not category.to_be_set:
            yield Problem(f"categories.{key}.tests", "检测次数和几天内完成要一起写")
    for key, regime in plan.regimes.items():
        yield from _regime(f"regimes.{key}", regime, plan)


def _regime(key: str, regime: Regime, plan: Plan) -> Iterator[Problem]:
    for name, written in (
        ("counts_from", regime.counts_from),
        ("steps", regime.steps),
        ("release", regime.release),
    ):
        if not written:
            yield Problem(f"{key}.{name}", "至少写一项")
    for n, step in enumerate(regime.steps, start=1):
        if step.days is None and "days" not in step.to_be_set:
            yield Problem(f"{key}.steps.{n}.days", "写天数，或列为待定")
        if step.days and any(day > step.days for day in step.test_days):
            yield Problem(f"{key}.steps.{n}.test_days", f"检测日超过了这一段的 {step.days} 天")
        if len(step.test_days) != len(set(step.test_days)):
            yield Problem(f"{key}.steps.{n}.test_days", "检测日不能重复")
    if regime.follow is not None:
        for name in ("primary", "on_positive"):
            if getattr(regime.follow, name) not in plan.categories:
                yield Problem(f"{key}.follow.{name}", f"没有叫“{getattr(regime.follow, name)}”的人员类别")


def _zones(plan: Plan) -> Iterator[Problem]:
    for key, zone in plan.zones.items():
        for n, step in enumerate(zone.endings, start=1):
            if step.becomes is not None and step.becomes not in plan.zones:
                yield Problem(f"zones.{key}.endings.{n}.becomes", f"没有叫“{step.becomes}”的风险区")
    if plan.testing is not None and plan.testing.pool_sizes_allowed:
        for key, size in plan.testing.pool_sizes.items():
            if size not in plan.testing.pool_sizes_allowed:
                yield Problem(f"testing.pool_sizes.{key}", f"{size} 人一管不在允许的混采人数里")
    for name in ("positive_category", "household_category"):
        meant = getattr(plan.testing, name, None)
        if meant is not None and meant not in plan.categories:
            yield Problem(f"testing.{name}", f"没有叫“{meant}”的人员类别")


def _ranges(plan: Plan) -> Iterator[Problem]:
    for path, _, part in parts(plan):
        for hours in ("visit", "lunch", "supper"):
            yield from _ordered(part, path, f"{hours}_from", f"{hours}_until")
        for name in part.__struct_fields__:
            value = getattr(part, name)
            numbers = isinstance(value, tuple) and all(isinstance(one, int | float) for one in value)
            if numbers and list(value) != sorted(value):
                yield Problem(".".join((*path, name)), "要从小到大写")


def _ordered(part: msgspec.Struct, path: tuple[str, ...], low: str, high: str) -> Iterator[Problem]:
    first, last = getattr(part, low, None), getattr(part, high, None)
    if isinstance(first, time) and isinstance(last, time) and first >= last:
        yield Problem(".".join((*path, high)), f"要晚于 {low} 的 {first:%H:%M}")


def _fever(plan: Plan) -> Iterator[Problem]:
    heat = plan.temperature
    if heat is None:
        return
    if (heat.fever_c is None) != (heat.comparison is None):
        yield Problem("temperature.comparison", "发热界限和“高于”还是“达到”要一起写")
    if heat.fever_c and heat.ask_again_below_c and heat.ask_again_below_c >= heat.fever_c:
        yield Problem("temperature.ask_again_below_c", "复测的低值要低于发热界限")


def _answers_and_clocks(plan: Plan) -> Iterator[Problem]:
    for kind, roles in plan.answers.items():
        if not roles:
            yield Problem(f"answers.{kind}", "至少写一个负责的角色")
    clocks = plan.clocks
    if clocks and clocks.list_hours and any(hour >= clocks.list_hours for hour in clocks.list_warning_hours):
        yield Problem("clocks.list_warning_hours", "提醒要早于名单核查时限")


def _passes(plan: Plan) -> Iterator[Problem]:
    for key, one in (plan.gates.passes if plan.gates else {}).items():
        settled = not {"exits", "every_days"} & set(one.to_be_set)
        if settled and (one.exits is None) != (one.every_days is None):
            yield Problem(f"gates.passes.{key}.exits", "出入次数和每几天要一起写")


def _retention(plan: Plan) -> Iterator[Problem]:
    for key, one in plan.retention.items():
        if one.until == "days_passed" and one.days is None and "days" not in one.to_be_set:
            yield Problem(f"retention.{key}.days", "写保存几天，或列为待定")
        if one.until != "days_passed" and one.days is not None:
            yield Problem(f"retention.{key}.days", "写了天数，until 就要写 days_passed")
