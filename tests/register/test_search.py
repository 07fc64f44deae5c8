"""Finding people, doors and places as fast as somebody types, and only where they may look."""

import pytest

from shouwang.access.scope import scope
from shouwang.register.finding.keys import name_key, person_keys, place_keys
from shouwang.register.finding.search import search
from shouwang.register.importing import import_register
from shouwang.register.importing.places import import_places
from shouwang.register.joining.merging import merge
from shouwang.register.models import Household, Person
from tests.register.towns import id_number, table, workbook
from tests.world import MORNING

NUMBER = id_number("19620521", 7)
ROWS = [
    ["3", "2", "502", "单小明", "户主", NUMBER, "13800001234", "", ""],
    ["", "", "", "王小明", "子女", "", "", "", ""],
    ["3", "2", "503", "王小明明", "户主", "", "13900005678", "", ""],
    ["3", "1", "502", "", "", "", "", "空户", ""],
]


@pytest.fixture
def street(database: None) -> str:
    with scope([""]):
        code = import_register(table(*ROWS), "底册.xlsx", community=None, by=None, at=MORNING).community
        places = [["类别", "名称", "地址", "营业状态"], ["药店", "好人大药房", "梧桐苑南门", "营业"]]
        import_places(workbook({"场所": places}), "场所.xlsx", community=code, by=None, at=MORNING)
    return code


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("小明", ["单小明", "王小明", "王小明明"]), ("王小明", ["王小明", "王小明明"]), ("shanxiao", ["单小明"]),
        ("WXM", ["王小明", "王小明明"]), ("1234", ["单小明"]), (NUMBER[-4:], ["单小明"]),
        (NUMBER.lower(), ["单小明"]), ("13900005678", ["王小明明"]), ("13900009678", []),
        ("3-2-502", ["梧桐苑3-2-502"]), ("3号楼2单元502", ["梧桐苑3-2-502"]), ("药房", ["好人大药房"]),
        ("3-502", ["梧桐苑3-2-502", "梧桐苑3-1-502"]), ("hrdyf", ["好人大药房"]),
        ("　", []), ("龘", []), ("%", []), ("王%", []),
    ],
)  # fmt: skip
def test_what_people_type_finds_what_they_mean(street: str, typed: str, titles: list[str]) -> None:
    with scope([street]):
        assert sorted(hit.title for hit in search(typed, codes=[street])) == sorted(titles)


def test_exact_ones_come_first_and_a_page_has_its_limit(street: str) -> None:
    with scope([street]):
        hits = search("王小明", codes=[street])
        assert [(hit.title, hit.exact) for hit in hits] == [("王小明", True), ("王小明明", False)]
        assert len(search("小明", codes=[street], limit=1)) == 1


def test_a_line_tells_two_of_one_name_apart_without_their_numbers(street: str) -> None:
    with scope([street]):
        (hit,) = search("单小明", codes=[street])
    assert hit.detail == f"梧桐苑3-2-502 138****1234 {NUMBER[:6]}********{NUMBER[-4:]}"


def test_nothing_is_found_outside_ones_scope(street: str) -> None:
    with scope(["410103008001"]):
        assert search("小明", codes=["410103008001"]) == []
        assert search("小明", codes=[street]) == []
        assert search(NUMBER, codes=[street]) == []
    with scope([street[:6]]):
        assert len(search("小明", codes=[street[:6]])) == 3


def test_a_merged_person_is_found_once_as_the_one_that_stands_for_both(street: str) -> None:
    with scope([street]):
        lost, kept = Person.objects.get(name="王小明"), Person.objects.get(name="王小明明")
        merge("person", lost=lost.pk, kept=kept.pk, by=None, at=MORNING)
        assert [hit.id for hit in search("王小明", codes=[street])] == [kept.pk]


def test_an_empty_door_says_so(street: str) -> None:
    with scope([street]):
        (hit,) = search("3-1-502", codes=[street])
        assert hit.detail == "空户"
        assert hit.id == Household.objects.get(unit="1").pk


@pytest.mark.parametrize(
    ("name", "key"),
    [("单小明", "shan xiao ming"), ("曾国", "zeng guo"), ("区大曾", "ou da ceng"), ("Anna", "a n n a")],
)
def test_names_sort_as_they_are_spoken(name: str, key: str) -> None:
    assert name_key(name) == key


def test_nobody_has_more_than_ten_keys() -> None:
    long = person_keys("欧阳阿依古丽·买买提", NUMBER, ["13800001234", "03716113270", "13900005678"])
    assert len(long) <= 10
    assert len(set(long)) == len(long)
    assert len(place_keys("很长很长名字的大药房连锁有限公司", "王一", ["13800001234"])) <= 10
