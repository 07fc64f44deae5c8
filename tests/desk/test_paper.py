"""走访表: printed per building, keyed back row by row, one visit where paper and phone both tell it."""

import re

import pytest
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Attempt
from shouwang.screening.models import Sheet, Visit
from tests.world import BUILDING_1, XIANGYUN, at

WENT = "2022-04-21T09:30"


@pytest.fixture
def secretary(browser_of):
    return browser_of("书记刘")


@pytest.fixture
def sheet(street, secretary) -> Sheet:
    """A sheet of building 1: eight doors."""
    assert secretary.post(reverse("door_sheet"), {"building": BUILDING_1}).status_code == 200
    with scope([XIANGYUN]):
        return Sheet.objects.get()


def key(client, sheet: Sheet, rows: str, **more):
    told = {"sheet": sheet.pk, "went_at": WENT, "rows": rows} | more
    return client.post(reverse("door_keying"), told).content.decode()


def visits() -> list[tuple[str, int, str]]:
    with scope([XIANGYUN]):
        rows = Visit.objects.filter(void_at=None).select_related("household").order_by("household_id", "at")
        return [(row.household.door, row.people_count, str(row.temperature_c or "")) for row in rows]


def phone_visit(street, door: str, people: int) -> None:
    from shouwang.screening.actions import Seen, record_visits

    with scope([XIANGYUN]):
        seen = Seen(street.doors[door].pk, at(21, 9), people_count=people)
        record_visits([seen], by=street.users["李楼长"], at=at(21, 9))


def test_a_sheet_lists_every_door_of_a_building_as_one_walks(secretary, sheet):
    page = secretary.post(reverse("door_sheet"), {"building": BUILDING_1}).content.decode()
    doors = re.findall(r'<th scope="row">(\d+)</th>\s*<td>([\d-]+)</td>', page)
    assert doors[:4] == [("1", "1-1-201"), ("2", "1-1-202"), ("3", "1-1-101"), ("4", "1-1-102")]
    assert len(doors) == 8
    assert "住户1" not in page  # a sheet that lies in the rain names nobody in full
    assert "watermark" in page


def test_a_sheet_of_elsewhere_is_not_printed_or_keyed(browser_of, sheet):
    other = browser_of("书记赵")
    assert other.post(reverse("door_sheet"), {"building": BUILDING_1}).status_code == 404
    assert "没有找到" in key(other, sheet, "1 3")
    assert visits() == []


def test_a_whole_sheet_is_keyed_at_once(secretary, sheet, street):
    assert "记下了 4 户" in key(secretary, sheet, "1 3\n2 x\r\n\n3 2 38.2 咳嗽\n４　１")
    assert visits() == [("1-1-101", 2, "38.2"), ("1-1-102", 1, ""), ("1-1-201", 3, "")]
    with scope([XIANGYUN]):
        assert Attempt.objects.get().household.door == "1-1-202"
        assert Visit.objects.filter(at=at(21, 9, 30)).count() == 3


def test_an_unchanged_door_is_six_keys_at_most():
    assert len("60 3\n") <= 6


def test_a_sheet_keyed_twice_changes_nothing(secretary, sheet):
    key(secretary, sheet, "1 3\n2 x")
    assert "记下了 0 户" in key(secretary, sheet, "1 3\n2 x")
    assert len(visits()) == 1
    with scope([XIANGYUN]):
        assert Attempt.objects.count() == 1


def test_what_is_wrong_stands_beside_its_row_and_the_rest_is_kept(secretary, sheet):
    page = key(secretary, sheet, "1 3\n99 2\nhallo\n3 2 77\n4 1\n4 2")
    assert "记下了 2 户" in page
    again = re.findall(r'name="again" value="([^"]+)"', page)
    assert again == ["99 2", "hallo", "3 2 77", "4 2"]
    for words in ("没有第 99 行", "看不懂“hallo”", "体温 77 不对", "第 4 行写了两次"):
        assert words in page
    assert "记下了 1 户" in key(secretary, sheet, "", again=["3 2 37.0"])


@pytest.mark.parametrize("went", ["2022-04-21T23:00", "gestern", ""])
def test_an_hour_that_cannot_be_keeps_what_was_typed(secretary, sheet, went):
    page = key(secretary, sheet, "1 3", went_at=went)
    assert "1 3</textarea>" in page
    assert visits() == []


def test_the_same_door_from_paper_and_phone_is_one_visit(secretary, sheet, street):
    phone_visit(street, "电力楼院 1-1-201", 3)
    assert "记下了 0 户" in key(secretary, sheet, "1 3")
    assert len(visits()) == 1


@pytest.mark.parametrize(
    ("choice", "left"),
    [("phone", [3]), ("paper", [2]), ("both", [3, 2])],
)
def test_where_paper_and_phone_differ_somebody_chooses(secretary, sheet, street, choice, left):
    phone_visit(street, "电力楼院 1-1-201", 3)
    page = key(secretary, sheet, "1 2")
    assert "两处记的不一样" in page
    assert "李楼长" in page
    assert [people for _, people, _ in visits()] == [3]
    key(secretary, sheet, "", again=["1 2"], **{"choice-1": choice})
    assert [people for _, people, _ in visits()] == left
    with scope([XIANGYUN]):
        struck = Visit.objects.exclude(void_at=None)
        assert [visit.void_reason for visit in struck] == ["与纸质走访表核对，以纸为准"] * (choice == "paper")
