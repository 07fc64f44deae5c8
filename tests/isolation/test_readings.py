"""Temperatures from a chat group, and readings that somebody should look at."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.isolation.readings.chat import read_chat
from shouwang.isolation.readings.oddities import Read, always_the_same, too_quick
from tests.world import at


@pytest.mark.parametrize(
    ("line", "door", "name", "degrees", "doubt"),
    [
        ("1. 电力楼院3号楼1单元1403 白雨栋 体温36.4度", "电力楼院-3-1-1403", "白雨栋", "36.4", False),
        ("2. 7-1-601叶艳东36.3℃", "-7-1-601", "叶艳东", "36.3", False),
        ("3. 覃明春 37.1", "", "覃明春", "37.1", False),
        ("4. 6-2-203 郑胜365", "-6-2-203", "郑胜", "36.5", False),  # typed without its point
        ("5. 7-1-702 周梅霞 三十六度五", "-7-1-702", "周梅霞", "36.5", False),
        (
            "6. 3-1-204 一家1口都正常",
            "-3-1-204",
            "",
            None,
            True,
        ),  # says that it is fine, not how many degrees
        ("7. 3-1-204 王芳 好的", "-3-1-204", "王芳", None, True),
        ("8. 36.6", "", "", "36.6", True),
    ],
)
def test_a_line_is_read_as_people_write_it(line, door, name, degrees, doubt):
    (said,) = read_chat(f"#接龙\n早体温\n{line}\n")
    assert "-".join(said.door or ()) == door
    assert (said.name, said.temperature_c) == (name, Decimal(degrees) if degrees else None)
    assert bool(said.doubt) is doubt


def test_a_family_in_one_line_is_each_of_them():
    said = read_chat("1. 1-1-103 李英37.4、李梅36.6、朱一翠36.6")
    assert [(one.name, str(one.temperature_c)) for one in said] == [
        ("李英", "37.4"),
        ("李梅", "36.6"),
        ("朱一翠", "36.6"),
    ]
    unclear = read_chat("1. 1-1-103 李英37.4、李梅36.6 有点咳嗽")
    assert all(one.doubt for one in unclear)  # who coughs?


@given(st.text(max_size=200))
def test_whatever_people_paste_is_lines_and_never_an_error(text):
    for said in read_chat(text):
        assert said.temperature_c is None or 30 <= said.temperature_c <= 100


def reading(day: int, degrees: str, *, person: int = 1, minute: int = 0, by: int | None = None) -> Read:
    return Read(
        person, person, at(day, 8) + timedelta(seconds=minute), Decimal(degrees), by, "door" if by else "own"
    )


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        (["36.5"] * 7, True),
        (["36.5"] * 6, False),
        (["36.5"] * 3 + ["36.6"] + ["36.5"] * 3, False),
    ],
)
def test_the_same_value_all_week_is_shown(values, odd):
    readings = [reading(day, value) for day, value in enumerate(values, start=1)]
    assert (always_the_same(readings, days=7) == {1}) is odd


def test_a_day_left_out_breaks_the_week():
    readings = [reading(day, "36.5") for day in (1, 2, 3, 5, 6, 7, 8)]
    assert always_the_same(readings, days=7) == set()


def test_ten_doors_in_a_minute_are_shown():
    quick = [reading(21, "36.5", person=door, minute=door * 5, by=7) for door in range(10)]
    slow = [reading(21, "36.5", person=door, minute=door * 60, by=8) for door in range(10)]
    assert list(too_quick(quick + slow, doors=10)) == [7]
