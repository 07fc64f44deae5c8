"""Two rows, one person: joined, taken apart again exactly, proposed once, and shown as one."""

import pytest

from shouwang.access.models import Audit, User
from shouwang.access.scope import scope
from shouwang.lib.errors import NotInScope
from shouwang.register.importing import import_register
from shouwang.register.joining.duplicates import suspected_duplicates
from shouwang.register.joining.merging import (
    AlreadyOne,
    NotMerged,
    SaidNotTheSame,
    merge,
    not_the_same,
    take_back_not_the_same,
    unmerge,
)
from shouwang.register.models import Household, Person
from shouwang.register.queries import (
    NoReason,
    NotSealed,
    areas_below,
    empty_doors,
    household_page,
    people_of,
    people_with_help,
    person_page,
    reveal,
    unknown_doors,
)
from tests.register.towns import id_number, table, workbook
from tests.world import MORNING

NUMBER = id_number("19620521", 7)
ROWS = [
    ["1", "1", "101", "王一", "户主", NUMBER, "13800001234", "", ""],
    ["", "", "", "王二", "子女", "", "13800001234", "", ""],
    ["1", "1", "102", "王一", "户主", NUMBER[:6] + NUMBER[8:17], "", "", ""],
    ["1", "1", "103", "王二", "户主", "", "13800001234", "", ""],
    ["1", "1", "104", "", "", "", "", "空户", ""],
    ["1", "1", "105", "", "", "", "", "", ""],
]


@pytest.fixture
def street(database: None) -> str:
    with scope([""]):
        return import_register(table(*ROWS), "底册.xlsx", community=None, by=None, at=MORNING).community


def ids(name: str) -> list[int]:
    return list(Person.objects.filter(name=name).order_by("id").values_list("id", flat=True))


def test_chains_of_merges_point_to_the_last_and_come_apart_exactly(street: str) -> None:
    with scope([street]):
        first, second, third = ids("王一")[0], ids("王一")[1], ids("王二")[0]
        before = list(Person.objects.order_by("id").values())
        lower = merge("person", lost=first, kept=second, by=None, at=MORNING)
        upper = merge("person", lost=second, kept=third, by=None, at=MORNING)
        assert set(
            Person.objects.filter(pk__in=[first, second, third]).values_list("kept_id", flat=True)
        ) == {third}
        with pytest.raises(AlreadyOne):
            merge("person", lost=third, kept=first, by=None, at=MORNING)
        unmerge(upper, by=None, at=MORNING)
        assert Person.objects.get(pk=first).kept_id == second
        unmerge(lower, by=None, at=MORNING)
        with pytest.raises(NotMerged):
            unmerge(lower, by=None, at=MORNING)
        assert list(Person.objects.order_by("id").values()) == before


def test_duplicates_are_proposed_with_their_reason_until_somebody_judges(street: str) -> None:
    with scope([street]):
        one, other = ids("王一")
        second, third = ids("王二")
        found = {(pair.one, pair.other): pair.why for pair in suspected_duplicates(street)}
        assert found == {(one, other): "姓名和出生日期一样", (second, third): "姓名和电话一样"}
        not_the_same(third, second, by=None, at=MORNING)
        merge("person", lost=other, kept=one, by=None, at=MORNING)
        assert suspected_duplicates(street) == []
        with pytest.raises(SaidNotTheSame):
            merge("person", lost=second, kept=third, by=None, at=MORNING)
        take_back_not_the_same(second, third, by=None, at=MORNING)
        assert [(pair.one, pair.other) for pair in suspected_duplicates(street)] == [(second, third)]


def test_an_import_leaves_a_merge_alone_and_misses_nobody(street: str) -> None:
    with scope([""]):
        one, other = ids("王一")
        merge("person", lost=other, kept=one, by=None, at=MORNING)
        again = import_register(table(*ROWS), "底册.xlsx", community=None, by=None, at=MORNING)
        assert (again.added, again.changed, again.missing) == (0, 0, 0)
        assert Person.objects.get(pk=other).kept_id == one


def test_pages_show_a_merged_person_once_and_everybody_behind_a_merged_door(street: str) -> None:
    with scope([street]):
        one, other = ids("王一")
        doors = {door.room: door for door in Household.objects.all()}
        merge("person", lost=other, kept=one, by=None, at=MORNING)
        page = person_page(other)
        assert (page.person.pk, [row.pk for row in page.merged]) == (one, [other])
        assert [member.name for member in page.family] == ["王二"]
        merge("household", lost=doors["103"].pk, kept=doors["101"].pk, by=None, at=MORNING)
        home = household_page(doors["103"].pk)
        assert home.household == doors["101"]
        assert [member.name for member in home.people] == ["王一", "王二", "王二"]
        assert people_of([doors["102"].pk])[doors["102"].pk] == []
    with scope(["410103008001"]):
        for page_of, row in ((person_page, one), (household_page, doors["101"].pk)):
            with pytest.raises(NotInScope):
                page_of(row)


def test_an_empty_door_is_not_a_door_that_nobody_has_seen(street: str) -> None:
    with scope([street]):
        assert [door.room for door in empty_doors(street)] == ["104"]
        assert [door.room for door in unknown_doors(street)] == ["105"]
        assert [(area.label, doors) for area, doors in areas_below(street, "building")] == [("1号楼", 5)]


def test_reading_in_clear_is_written_down_first(street: str) -> None:
    clerk = User.objects.create_user("clerk", name="信息员", created_at=MORNING)
    with scope([street]):
        person = Person.objects.get(pk=ids("王一")[0])
        assert reveal(person, "id_number", by=clerk, at=MORNING, reason="核对证件") == [NUMBER]
        assert reveal(person, "phones", by=clerk, at=MORNING, reason="打电话") == ["13800001234"]
        lines = Audit.objects.filter(action="register.reveal").order_by("id")
        assert [(line.user, line.reason, line.about["field"]) for line in lines] == [
            (clerk, "核对证件", "id_number"),
            (clerk, "打电话", "phones"),
        ]
        with pytest.raises(NoReason):
            reveal(person, "phones", by=clerk, at=MORNING, reason=" ")
        with pytest.raises(NotSealed):
            reveal(person, "name", by=clerk, at=MORNING, reason="看看")


def test_who_needs_help_is_known_from_columns_and_from_words(database: None) -> None:
    headings = ["楼号", "单元", "房号", "姓名", "独居老人", "慢性病", "特殊人群", "疫苗剂次", "房东及电话"]
    rows = [
        ["1", "1", "101", "王一", "是", "透析", "", "3针", "房东 13900008280"],
        ["1", "1", "102", "李二", "否", "无", "孕妇、没有智能手机", 2, ""],
        ["1", "1", "103", "赵四", "", "", "", "打过", ""],
    ]
    with scope([""]):
        content = workbook({"梧桐苑": [["梧桐社区梧桐苑"], headings, *rows]})
        report = import_register(content, "底册.xlsx", community=None, by=None, at=MORNING)
        assert [one.name for one in people_with_help(report.community, "pregnant")] == ["李二"]
        wang, li = people_with_help(report.community)
        assert (wang.name, wang.helps, wang.help_note, wang.vaccine_doses) == (
            "王一", ["lives_alone", "chronic"], "透析", 3,
        )  # fmt: skip
        assert (li.helps, li.vaccine_doses) == (["pregnant", "no_phone"], 2)
        assert any(doubt.row == 5 and doubt.column == "H" for doubt in report.doubts)
        assert bytes(Household.objects.get(room="101").landlord_sealed)
