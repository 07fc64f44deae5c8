"""What activating a plan changes: nothing against itself, the mirror image the other way, plain words."""

from itertools import permutations

import pytest

from shouwang.plans.differences import differences
from shouwang.plans.loader import load_text, shipped
from shouwang.plans.schema import Plan

NINTH = shipped()["covid_9th"].read_text(encoding="utf-8")


def _edited(old: str, new: str) -> Plan:
    assert old in NINTH
    return load_text(NINTH.replace(old, new, 1), file="edited.toml")


def test_nothing_changes_against_itself(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        assert differences(plan, plan) == []


@pytest.mark.parametrize(("one", "other"), [*permutations(shipped(), 2)])
def test_the_way_back_is_the_mirror_image(plans: dict[str, Plan], one: str, other: str) -> None:
    there = {change.key: (change.before, change.after) for change in differences(plans[one], plans[other])}
    back = {change.key: (change.after, change.before) for change in differences(plans[other], plans[one])}
    assert there
    assert there == back


EDITS = [
    (
        "days = 7\ntest_days = [1, 2, 3, 5, 7]",
        "days = 5\ntest_days = [1, 2, 3, 5]",
        "天数：由 7 天 改为 5 天",
    ),
    ("test_days = [1, 4, 7]", "test_days = [1, 3, 7]", "由 第 1、4、7 天 改为 第 1、3、7 天"),
    ('comparison = "from"', 'comparison = "above"', "由 达到界限就算发热 改为 高于界限才算发热"),
    ("pooled = 24", "pooled = 12", "混采：由 24 小时 改为 12 小时"),
    (
        "persons_per_point = [2000, 3000]",
        "persons_per_point = [1000, 3000]",
        "由 2000 至 3000 改为 1000 至 3000",
    ),
    (
        'regime = "medium_risk_stay"',
        'regime = "high_risk_stay"',
        "改为 高风险区旅居集中隔离",
    ),
    ("morning_due_by = 12:00:00", "morning_due_by = 11:30:00", "早体温最迟：由 12:00 改为 11:30"),
    (
        '"screening.visit" = ["building_lead", ',
        '"screening.visit" = [',
        "入户走访：由 楼长、网格长、包保干部",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), EDITS)
def test_a_change_is_told_in_words(ninth: Plan, old: str, new: str, words: str) -> None:
    told = [change.sentence for change in differences(ninth, _edited(old, new))]
    assert [sentence for sentence in told if words in sentence], told


def test_a_number_that_becomes_open_is_told_as_open(ninth: Plan) -> None:
    newer = _edited('fever_c = 37.3\ncomparison = "from"\n', "")
    newer = load_text(
        NINTH.replace('fever_c = 37.3\ncomparison = "from"\n', "", 1)
        .replace('fever_c = "体温界限" ', "")
        .replace('["evening_due_by"]', '["evening_due_by", "fever_c", "comparison"]'),
        file="open.toml",
    )
    told = [change.sentence for change in differences(ninth, newer)]
    assert any("由 37.3 ℃ 改为 待定" in sentence for sentence in told), told


def test_a_better_source_changes_nothing_for_people(ninth: Plan) -> None:
    newer = _edited('{ grade = "C", where = "县级规定', '{ grade = "B", where = "省级规定')
    assert newer.digest() != ninth.digest()
    assert differences(ninth, newer) == []


def test_a_whole_category_is_one_sentence(ninth: Plan) -> None:
    head, rest = NINTH.split("[categories.released]")
    newer = load_text(head + "[categories.fever]" + rest.split("[categories.fever]", 1)[1], file="less.toml")
    assert [change.sentence for change in differences(ninth, newer)] == ["取消：人员类别 · 解除隔离返回"]


def test_no_sentence_shows_a_key_of_the_file(plans: dict[str, Plan]) -> None:
    told = [c.sentence for a, b in permutations(plans.values(), 2) for c in differences(a, b)]
    assert not [sentence for sentence in told if "_" in sentence]
