"""Area codes are paths: a prefix is an ancestor, a range is a subtree."""

import pytest

from shouwang.lib.codes import ancestors, child, community_of, is_code, merged, parent_of, subtree

COMMUNITY = "410103008004"


def test_children_and_parents() -> None:
    door = child(child(child(child(COMMUNITY, 7), 3), 2), 502)
    assert door == "41010300800407003020502"
    assert ancestors(door) == [door, door[:19], door[:17], door[:14], COMMUNITY, door[:9], door[:6]]
    assert parent_of(door) == door[:19]
    assert parent_of("410103") == ""
    assert community_of(door) == COMMUNITY


def test_a_full_area_has_no_room() -> None:
    with pytest.raises(ValueError, match="no room"):
        child(COMMUNITY, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("410103", True), ("41010", False), ("41010300800４", False), ("41010A", False), ("", False)],
)
def test_what_is_a_code(text: str, expected: bool) -> None:
    assert is_code(text) is expected


@pytest.mark.parametrize(
    ("codes", "ranges"),
    [
        ([], []),
        ([""], [("", "~")]),
        ([COMMUNITY], [(COMMUNITY, COMMUNITY + "~")]),
        ([COMMUNITY + "01", COMMUNITY + "02"], [(COMMUNITY + "01", COMMUNITY + "02~")]),
        ([COMMUNITY + "01", COMMUNITY + "03"], [subtree(COMMUNITY + "01"), subtree(COMMUNITY + "03")]),
        ([COMMUNITY, COMMUNITY + "02"], [subtree(COMMUNITY)]),
        # Brothers join; the last child of one parent and the first of the next do not: a parent's row lies between.
        (
            [COMMUNITY + "01999", COMMUNITY + "02000"],
            [subtree(COMMUNITY + "01999"), subtree(COMMUNITY + "02000")],
        ),
    ],
)
def test_merged(codes: list[str], ranges: list) -> None:
    assert merged(codes) == ranges
