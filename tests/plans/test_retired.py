"""A plan that an earlier release kept is still read, without what nothing asks any more; a new file may not say it."""

import pytest

from shouwang.plans.form.filled import written
from shouwang.plans.form.retired import GONE, is_retired
from shouwang.plans.loader import PlanRefusal, load_text, shipped

NINTH = shipped()["covid_9th"].read_text(encoding="utf-8")
OLD = (
    NINTH.replace("[clocks]\n", "[clocks]\nlaw_report_hours = 2\n", 1)
    .replace('"tracing_letter_hours"', '"found_and_placed_hours", "tracing_letter_hours"')
    .replace(
        "[zones.high]\n",
        '[zones.high]\nunit = ["compound"]\nradius_m = 200\nsource_of = { radius_m = "无" }\n',
        1,
    )
    .replace("[screening]\n", '[screening]\nchannels = ["door", "phone"]\n', 1)
)


def test_a_kept_plan_is_read_as_if_it_had_never_said_so() -> None:
    filled = written({"clocks.found_and_placed_hours": 24.0, "clocks.answer_hours": 12.0}, because="两委会")
    kept = load_text(OLD + filled, file="kept.toml", kept=True)
    now = load_text(NINTH + written({"clocks.answer_hours": 12.0}, because="两委会"), file="now.toml")
    assert kept == now


def test_a_new_file_is_told_that_nothing_reads_it() -> None:
    with pytest.raises(PlanRefusal) as caught:
        load_text(OLD, file="new.toml")
    told = {problem.key for problem in caught.value.problems}
    assert {"clocks.law_report_hours", "zones.high.unit", "zones.high.radius_m", "screening.channels"} <= told


def test_nothing_that_a_shipped_plan_says_is_retired() -> None:
    for path in shipped().values():
        plan = load_text(path.read_text(encoding="utf-8"), file=path.name, kept=True)
        assert plan == load_text(path.read_text(encoding="utf-8"), file=path.name)
    assert all(is_retired(place.replace("*", "any")) for place in GONE)
    assert not is_retired("zones.high.rule")
