"""What is filled in below a plan file comes back exactly, and a newer file keeps it."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.plans.form.filled import values_in, written
from shouwang.plans.loader import PlanRefusal, load_text, shipped

SOME = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.times().map(lambda one: one.replace(microsecond=0)),
    st.lists(st.integers(1, 365)),
)  # fmt: skip


KEYS = st.sampled_from(
    ["clocks.answer_hours", "legal.court_terms", "zones.high.test_days", "regimes.a.steps.1.days"]
)


@given(st.dictionaries(KEYS, SOME, min_size=1), st.text('区指〔2022〕7 号"\\#', min_size=1))
def test_whatever_is_written_is_read_again(values, because):
    assert values_in(written(values, because=because)) == (values, because)


def test_a_newer_file_keeps_what_was_filled_in():
    old = shipped()["covid_9th"].read_text(encoding="utf-8")
    values = {"clocks.answer_hours": 24.0, "meetings.daily_report_due_by": time(17, 30)}
    kept, because = values_in(old + written(values, because="两委会"))
    newer = load_text(
        old.replace("version = 1\n", "version = 2\n", 1) + written(kept, because=because), file="newer"
    )
    assert newer.version == 2
    assert newer.clocks.answer_hours == 24
    assert newer.meetings.daily_report_due_by == time(17, 30)
    assert not {"clocks.answer_hours", "meetings.daily_report_due_by"} & {one.key for one in newer.to_be_set}


def test_only_what_is_open_can_be_filled_in():
    text = shipped()["covid_9th"].read_text(encoding="utf-8")
    for key in ("clocks.list_hours", "no.such", "clocks.answer_hours.more"):
        with pytest.raises(PlanRefusal, match="不是待定的一项"):
            load_text(text + written({key: 3}, because="两委会"), file="plan")
