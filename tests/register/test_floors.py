"""The picture of a building, as somebody draws it on paper: one drawing per line of the table."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.register.floors import ATTIC, SHOPS, Drawing, blocks, draw, natural


@dataclass(frozen=True)
class Door:
    room: str
    unit: str = ""
    floor: str = ""
    building: str = "1"


def doors(*written: str) -> list[Door]:
    """Doors as 2-502; a floor that somebody wrote stands before a colon: 11:未写房号1."""
    found = []
    for each in written:
        floor, _, rest = each.rpartition(":")
        unit, _, room = rest.rpartition("/")
        found.append(Door(room, unit, floor))
    return found


def picture(drawing: Drawing) -> list[str]:
    """One line per floor: its number, then the doors of each unit; . where there is none."""
    lines = []
    for floor in drawing.floors:
        if floor.gap:
            lines.append(f"{floor.number}-{floor.lowest} missing")
            continue
        units = (" ".join(door.room if door else "." for door in unit) for unit in floor.units)
        lines.append(f"{floor.number}: {' | '.join(units)}")
    return lines + ([f"loose: {' '.join(door.room for door in drawing.loose)}"] if drawing.loose else [])


DRAWN = {
    "one unit, the top floor first": (["101", "102", "201", "202"], ["2: 201 202", "1: 101 102"]),
    "two units side by side": (["1/101", "2/101", "1/201", "2/201"], ["2: 201 | 201", "1: 101 | 101"]),
    "numbers that go on in the next unit": (["1/101", "1/102", "2/103"], ["1: 101 102 | 103"]),
    "unit 10 after unit 2": (["10/101", "2/101", "1/101"], ["1: 101 | 101 | 101"]),
    "units by name": (["西/101", "东/101", "甲/101"], ["1: 101 | 101 | 101"]),
    "a floor that one unit does not have": (["1/101", "1/201", "2/101"], ["2: 201 | .", "1: 101 | 101"]),
    "missing floors in one thin line": (
        ["101", "301", "701"],
        ["7: 701", "6-4 missing", "3: 301", "2-2 missing", "1: 101"],
    ),
    "the ground floor is not in the register": (["201", "301"], ["3: 301", "2: 201"]),
    "a door between two others": (["1101", "1102", "1102A", "1103"], ["11: 1101 1102 1102A 1103"]),
    "an odd door keeps the columns": (
        ["1102A", "1102", "902", "1002"],
        ["11: 1102 1102A", "10: 1002 .", "9: 902 ."],
    ),
    "a door that is not there": (["101", "103", "202"], ["2: . 202 .", "1: 101 . 103"]),
    "the basement": (["101", "-101", "-102"], ["1: 101 .", "-1: -101 -102"]),
    "the basement by its name": (["101", "地下室2", "地下室1"], ["1: 101 .", "-1: 地下室1 地下室2"]),
    "a basement floor B2": (["101", "B201"], ["1: 101", "-2: B201"]),
    "shops at the street": (["201", "门面1", "门面2"], ["2: 201 .", "1-1 missing", "0: 门面1 门面2"]),
    "under the roof": (["101", "201", "阁楼"], [f"{ATTIC}: 阁楼", "2: 201", "1: 101"]),
    "leading zeros": (["0101", "0202"], ["2: . 0202", "1: 0101 ."]),
    "a letter before the number": (["A101", "A201"], ["2: A201", "1: A101"]),
    "thirty floors": (["3001", "2901"], ["30: 3001", "29: 2901"]),
    "five digits": (["11201", "11202"], ["112: 11201 11202"]),
    "five digits that are no floor 125": (["12501", "12502"], ["12: 12501 12502"]),
    "the floor that somebody wrote counts": (["11:未写房号1", "11:1101"], ["11: 1101 未写房号1"]),
    "a floor in words": (["三层:甲", "负一层:乙"], ["3: 甲", "2-1 missing", "-1: 乙"]),
    "the same door twice": (["101", "101", "102"], ["1: 101 102 101"]),
    "nothing says the floor": (["101", "3", "值长室"], ["1: 101", "loose: 3 值长室"]),
}


@pytest.mark.parametrize(("written", "drawn"), DRAWN.values(), ids=DRAWN)
def test_a_building_is_drawn_like_this(written, drawn):
    assert picture(draw(doors(*written))) == drawn


def test_units_say_how_wide_they_are():
    drawing = draw(doors("1/101", "1/102", "2/103"))
    assert [(unit.label, unit.width) for unit in drawing.units] == [("1", 2), ("2", 1)]


def test_buildings_stand_in_the_order_of_their_numbers_and_villas_together():
    street = [Door("101", building=label) for label in ("10", "2", "A", "10A")]
    villas = [Door("", building=label) for label in ("别墅10", "别墅9")]
    drawn = blocks([*villas, *street, Door("7", building="")])
    assert [block.label for block in drawn] == ["2", "10", "10A", "A", ""]
    assert [door.building or door.room for door in drawn[-1].drawing.loose] == ["7", "别墅9", "别墅10"]


def test_a_villa_of_several_flats_is_a_building():
    drawn = blocks([Door("101", building="别墅3"), Door("201", building="别墅3")])
    assert picture(drawn[0].drawing) == ["2: 201", "1: 101"]


def test_shops_lie_below_the_first_floor_and_above_the_basement():
    floors = draw(doors("101", "商铺1", "-101")).floors
    assert [floor.number for floor in floors] == [1, SHOPS, -1]


LABELS = st.text("0123456789AB-地下门面阁楼甲东", max_size=7)


@given(st.lists(st.builds(Door, LABELS, LABELS, LABELS, st.sampled_from(["", "1", "别墅2"])), max_size=60))
def test_every_door_stands_on_the_drawing_exactly_once(written):
    standing = []
    for block in blocks(written):
        drawing = block.drawing
        for floor in drawing.floors:
            assert floor.gap or [len(unit) for unit in floor.units] == [unit.width for unit in drawing.units]
            standing += [door for unit in floor.units for door in unit if door]
        standing += drawing.loose
    assert sorted(standing, key=repr) == sorted(written, key=repr)


@given(st.lists(st.integers(0, 10**6), min_size=2))
def test_numbers_are_sorted_by_their_size_and_not_by_their_signs(numbers):
    assert sorted(map(str, numbers), key=natural) == list(map(str, sorted(numbers)))
