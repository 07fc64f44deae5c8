"""The page of rules holds every number of every plan, with its source."""

from shouwang.plans.form.entries import entries
from shouwang.plans.rules_page import render
from shouwang.plans.schema import Plan


def test_every_number_is_a_row_with_grade_and_document(plans: dict[str, Plan]) -> None:
    page = render(plans.values())
    rows = [
        line
        for line in page.splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| 项目"))
    ]
    figures = [(plan, entry) for plan in plans.values() for entry in entries(plan) if entry.is_number]
    assert len(rows) == len(figures)
    for row, (plan, entry) in zip(rows, figures, strict=True):
        source = plan.sources[entry.source]
        assert f"| {entry.said} | {source.grade} | {source.where} |" in row


def test_open_settings_are_listed_and_the_page_is_always_the_same(plans: dict[str, Plan]) -> None:
    page = render(plans.values())
    assert page == render(plans.values())
    assert "- 时限 · 协查函回复时限" in page
    assert page.count("### 待定") == len(plans)


def test_a_table_has_one_line_per_row_whatever_a_source_says(plans: dict[str, Plan]) -> None:
    for line in render(plans.values()).splitlines():
        if line.startswith("|"):
            assert line.count("|") == 5, line
