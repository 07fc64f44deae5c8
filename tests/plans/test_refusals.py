"""A plan file that is not right is told so in words: file, key and why, everything at once."""

from pathlib import Path

import pytest

from shouwang.plans.loader import PlanRefusal, load, load_text

GOOD = """
name = "small"
version = 1
edition = "试用"
valid_from = 2022-06-28
words = { zh_hans = "小预案", zh_hant = "小預案", en = "small" }

[disease]
words = { zh_hans = "某病", zh_hant = "某病", en = "a disease" }

[categories.contact]
words = { zh_hans = "密接", zh_hant = "密接", en = "contact" }
means = "接触过的人"
regime = "contact"

[regimes.contact]
words = { zh_hans = "密接", zh_hant = "密接", en = "contact" }
counts_from = ["last_exposure"]
release = ["period_full"]

[[regimes.contact.steps]]
mode = "home"
days = 7
test_days = [1, 4, 7]
source = "某文件"

[temperature]
fever_c = 37.3
comparison = "above"
source = "某文件"

[sources]
"某文件" = { grade = "A", where = "某文件，2022 年" }
"""

NAMED = "words = { zh_hans = '某项', zh_hant = '某項', en = 'something' }"

BROKEN = [
    ("days = 7", 'days = "七"', "regimes.contact.steps.1.days", "应当是整数"),
    ("days = 7", "days = 0", "regimes.contact.steps.1.days", "不小于 1"),
    ("days = 7", "days = true", "regimes.contact.steps.1.days", "应当是整数"),
    ("days = 7\n", "", "regimes.contact.steps.1.days", "写天数"),
    ("days = 7", "days = 5", "regimes.contact.steps.1.test_days", "超过了这一段的 5 天"),
    ("[1, 4, 7]", "[4, 1, 7]", "regimes.contact.steps.1.test_days", "从小到大"),
    ("[1, 4, 7]", "[1, 4.5, 7]", "regimes.contact.steps.1.test_days.2", "应当是整数"),
    ("[1, 4, 7]", "7", "regimes.contact.steps.1.test_days", "应当是列表"),
    ('mode = "home"', 'mode = "hotel"', "regimes.contact.steps.1.mode", "以下之一"),
    ('mode = "home"', 'mod = "home"', "regimes.contact.steps.1.mod", "是不是想写 mode"),
    ('means = "接触过的人"', "", "categories.contact.means", "必须写"),
    ('regime = "contact"', 'regime = "contacts"', "categories.contact.regime", "没有叫“contacts”的处置办法"),
    ('counts_from = ["last_exposure"]', "counts_from = []", "regimes.contact.counts_from", "至少写一项"),
    ("version = 1", "version = 1\nzones = 3", "zones", "应当是一张表"),
    ("version = 1", "version = 1\nisolation = [3]", "isolation", "应当是一张表"),
    ("fever_c = 37.3", "fever_c = 373", "temperature.fever_c", "不大于 45"),
    ("fever_c = 37.3", "fever_c = nan", "temperature.fever_c", "应当是数字"),
    ('comparison = "above"', "", "temperature.comparison", "要一起写"),
    ('"above"\nsource = "某文件"', '"above"', "temperature.fever_c", "没有写来源"),
    ('"above"\nsource = "某文件"', '"above"\nsource = "别的"', "temperature.source", "没有列在 [sources]"),
    ("[sources]", 'to_be_set = ["fever_c"]\n[sources]', "temperature.to_be_set", "已经写了"),
    ("[sources]", 'to_be_set = ["fever_f"]\n[sources]', "temperature.to_be_set", "不是这张表里的项"),
    ("[sources]", 'source_of = { fever = "某文件" }\n[sources]', "temperature.source_of.fever", "没有这一项"),
    ("[sources]", "ask_again_below_c = 38\n[sources]", "temperature.ask_again_below_c", "低于发热界限"),
    ('grade = "A"', 'grade = "Z"', "sources.某文件.grade", "以下之一"),
    ("valid_from = 2022-06-28", "valid_from = 2022-06-31", "第 5 行", "写法不对"),
    ("valid_from = 2022-06-28", "valid_from = 2022", "valid_from", "日期"),
    ("version = 1", "version = 1\nversion = 2", "第 4 行", "写了两次"),
    ("version = 1", "version = ", "第 3 行", "写法不对"),
    ('name = "small"', 'name = "小"', "name", "小写字母"),
    ("[categories.contact]", "[categories.Contact]", "categories.Contact", "小写字母"),
    ("[sources]", '[answers]\n"screening" = ["clerk"]\n[sources]', "answers.screening", "一个点"),
    (
        "[sources]",
        '[answers]\n"screening.visit" = ["boss"]\n[sources]',
        "answers.screening.visit.1",
        "以下之一",
    ),
    (
        "[sources]",
        "[testing]\npersons_per_point = [3000]\n[sources]",
        "testing.persons_per_point",
        "2 个整数",
    ),
    ("[1, 4, 7]", "[1, 4, 4]", "regimes.contact.steps.1.test_days", "不能重复"),
    ("[sources]", '[answers]\n"screening.visit" = []\n[sources]', "answers.screening.visit", "至少写一个"),
    (
        "[sources]",
        '[clocks]\nsource = "某文件"\nlist_hours = 24\nlist_warning_hours = [18, 24]\n[sources]',
        "clocks.list_warning_hours",
        "早于名单核查时限",
    ),
    (
        "[sources]",
        "[screening]\nsource = '某文件'\nvisit_from = 21:00:00\nvisit_until = 08:00:00\n[sources]",
        "screening.visit_until",
        "要晚于",
    ),
    (
        "[sources]",
        f"[retention.visits]\n{NAMED}\nuntil = 'days_passed'\n[sources]",
        "retention.visits.days",
        "写保存几天",
    ),
    (
        "[sources]",
        f"[retention.visits]\n{NAMED}\nuntil = 'response_ends'\ndays = 30\nsource = '某文件'\n[sources]",
        "retention.visits.days",
        "days_passed",
    ),
    (
        "[sources]",
        f"[gates]\norder = ['测温']\n[gates.passes.once]\n{NAMED}\n"
        "per = 'person'\nexits = 1\nsource = '某文件'\n[sources]",
        "gates.passes.once.exits",
        "要一起写",
    ),
    (
        "[sources]",
        '[testing]\nsource = "某文件"\npersons_per_point = [3000, 2000]\n[sources]',
        "testing.persons_per_point",
        "从小到大",
    ),
    (
        "[sources]",
        '[testing]\nsource = "某文件"\npool_sizes_allowed = [1, 10]\npool_sizes = { high = 5 }\n[sources]',
        "testing.pool_sizes.high",
        "不在允许的混采人数里",
    ),
]


def _refused(text: str) -> PlanRefusal:
    with pytest.raises(PlanRefusal) as caught:
        load_text(text, file="small.toml")
    return caught.value


def test_the_good_one_loads() -> None:
    assert load_text(GOOD, file="small.toml").name == "small"


@pytest.mark.parametrize(("good", "bad", "key", "why"), BROKEN)
def test_a_mistake_is_told_with_file_key_and_reason(good: str, bad: str, key: str, why: str) -> None:
    assert good in GOOD
    refusal = _refused(GOOD.replace(good, bad, 1))
    assert "small.toml" in str(refusal)
    assert [problem for problem in refusal.problems if problem.key.startswith(key) and why in problem.why]
    assert key in str(refusal)


def test_several_mistakes_are_told_at_once() -> None:
    text = GOOD.replace("days = 7", 'days = "七"').replace("fever_c = 37.3", "fever_c = 373")
    text = text.replace('edition = "试用"\n', "")
    assert {problem.key for problem in _refused(text).problems} == {
        "edition",
        "regimes.contact.steps.1.days",
        "temperature.fever_c",
    }


@pytest.mark.parametrize(
    ("good", "bad", "line_says"),
    [
        ("days = 7", 'days = "七"', "days ="),
        ('grade = "A"', 'grade = "Z"', "某文件"),
        ('means = "接触过的人"\n', "", "[categories.contact]"),
        ("fever_c = 37.3", "fever_c = 373", "fever_c"),
        ('[[regimes.contact.steps]]\nmode = "home"', "[[ regimes . contact.steps ]]", "contact.steps ]]"),
    ],
)
def test_the_line_to_edit_is_named(good: str, bad: str, line_says: str) -> None:
    text = GOOD.replace(good, bad, 1)
    [problem] = _refused(text).problems
    assert problem.line is not None
    assert line_says in text.splitlines()[problem.line - 1]
    assert f"第 {problem.line} 行" in str(problem)


def test_a_hundred_mistakes_are_counted_and_twenty_shown() -> None:
    text = GOOD + "".join(f"\n[wrong_{n}]\nx = 1\n" for n in range(100))
    refusal = _refused(text)
    assert refusal.params["count"] == 100
    assert "另有 80 处" in str(refusal)


def test_a_follower_and_a_zone_must_point_somewhere() -> None:
    text = (
        GOOD
        + """
[regimes.contact.follow]
primary = "nobody"
first_tests = 2
on_negative = "release_when_due"
on_positive = "contact"
source = "某文件"

[zones.high]
words = { zh_hans = "高", zh_hant = "高", en = "high" }
rule = "足不出户"
movement = "stay_home"
[[zones.high.endings]]
clean_days = 7
becomes = "middle"
source = "某文件"
"""
    )
    assert {problem.key for problem in _refused(text).problems} == {
        "regimes.contact.follow.primary",
        "zones.high.endings.1.becomes",
    }


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (GOOD.encode("gb18030"), "UTF-8"),
        (b"PK\x03\x04\x00\xff", "UTF-8"),
        (b"#" * 1_000_001, "太大"),
        (b"a = " + b"[" * 100_000, "太深"),
        (b"\x00", "写法不对"),
        (b"", "必须写"),
    ],
)
def test_a_file_that_is_no_plan(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(PlanRefusal, match=why):
        load(path)


def test_a_file_that_is_not_there_and_one_saved_by_notepad(tmp_path: Path) -> None:
    with pytest.raises(PlanRefusal, match="打不开"):
        load(tmp_path / "none.toml")
    path = tmp_path / "notepad.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(path).name == "small"


def test_the_three_conditions_of_the_eighth_edition_can_be_written() -> None:
    zone = """
[zones.sealed]
words = { zh_hans = "封控区", zh_hant = "封控區", en = "sealed zone" }
rule = "区域封闭，足不出户，服务上门"
movement = "stay_home"
test_days = [1, 4, 7, 10, 14]
source = "某文件"
[[zones.sealed.endings]]
clean_days = 14
contacts_clear_days = 14
negative_round_within_days = 2
conditions = ["environment_negative"]
"""
    [ending] = load_text(GOOD + zone, file="eighth.toml").zones["sealed"].endings
    assert (ending.clean_days, ending.contacts_clear_days, ending.becomes) == (14, 14, None)
