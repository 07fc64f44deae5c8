"""The people's register: other towns, other hands, the same counts; and what a second look at a file does."""

from datetime import timedelta

import pytest

from shouwang.access.scope import scope
from shouwang.lib.errors import Refusal
from shouwang.register.importing import Report, import_register
from shouwang.register.models import Area, Household, Person, Residence, SearchKey
from tests.register.towns import HANDS, Home, id_number, table, town, two_line_headings, workbook
from tests.world import MORNING

LATER = MORNING + timedelta(days=1)
WANG, LI = id_number("19620521", 1), id_number("19850203", 2)


def take(content: bytes, filename: str = "底册.xlsx", **more: object) -> Report:
    with scope([""]):
        return import_register(content, filename, **{"community": None, "by": None, "at": MORNING, **more})  # type: ignore[arg-type]


def said(report: Report) -> list[str]:
    return [f"{doubt.sheet} {doubt.row} {doubt.column} {doubt.what}" for doubt in report.doubts]


def adds_up(report: Report) -> bool:
    return report.rows_read == report.rows_taken + report.rows_skipped + report.rows_doubtful


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_hand_gives_the_same_town(database: None, hand: str, seed: int) -> None:
    homes = town(seed)
    filename, write = HANDS[hand]
    written = [home for home in homes if home.people or hand != "no headings"]
    report = take(write(homes), filename)
    assert report.households == len({(h.compound, h.building, h.unit, h.room) for h in written})
    assert report.people == sum(len(home.people) for home in homes)
    assert report.empty_households == sum(not home.people for home in written)
    assert report.compounds == len({home.compound for home in written})
    assert adds_up(report)
    with scope([""]):
        assert Household.objects.count() == report.households
        assert Person.objects.count() == report.people
        assert Household.objects.exclude(empty_on=None).count() == report.empty_households
        assert {area.label for area in Area.objects.filter(level="compound")} == {h.compound for h in written}
    again = take(write(homes), filename, at=LATER)
    assert (again.added, again.changed, again.missing, again.changes) == (0, 0, 0, [])


def test_two_hands_speak_of_the_same_doors(database: None) -> None:
    homes = town(4)
    first = take(HANDS["one sheet"][1](homes), "梧桐社区.xlsx")
    with scope([""]):
        codes = dict(Household.objects.values_list("id", "area_code"))
    second = take(two_line_headings(homes), "住户登记.xlsx", at=LATER)
    assert (first.added, second.added) == (first.households + first.people, 0)
    with scope([""]):
        assert dict(Household.objects.values_list("id", "area_code")) == codes


def test_a_community_without_a_code_gets_a_provisional_one_and_keeps_it(database: None) -> None:
    first = take(table(["1", "1", "101", "王一", "户主", WANG, "", "", ""]))
    assert first.community == "990000000001"
    second = take(
        table(["1", "1", "102", "李二", "户主", LI, "", "", ""], sheet="锦绣江南", title="梧桐社区锦绣江南")
    )
    assert second.community == first.community
    with scope([""]):
        assert list(Household.objects.order_by("id").values_list("area_code", flat=True)) == [
            "99000000000101001010001",
            "99000000000102001010001",
        ]


def test_doors_of_every_kind_get_codes_and_keep_their_labels(database: None) -> None:
    rows = [
        ["3", "2", "1102A", "王一", "户主", WANG, "", "", ""],
        ["3", "", "门面3", "李二", "户主", LI, "", "", ""],
        ["别墅12", "", "1", "", "", "", "", "空户", ""],
        ["3", "1", "地下室2", "", "", "", "", "", ""],
    ]
    report = take(table(*rows))
    assert (report.households, report.people, report.empty_households) == (4, 2, 1)
    with scope([""]):
        doors = {row.door: row for row in Household.objects.all()}
        assert set(doors) == {"3-2-1102A", "3-门面3", "别墅12-1", "3-1-地下室2"}
        assert doors["3-门面3"].area_code[17:19] == "00"
        assert doors["3-1-地下室2"].empty_on is None
        labels = set(Area.objects.filter(level="building").values_list("label", flat=True))
        assert labels == {"3号楼", "别墅12"}
    assert any("没有写姓名，也没有写空户" in line for line in said(report))


def test_what_can_be_wrong_with_a_row_is_said_with_sheet_row_and_column(database: None) -> None:
    bad = WANG[:-1] + ("0" if WANG[-1] != "0" else "1")
    rows = [
        ["1", "1", "101", "王一", "户主", bad, "1380000", "", ""],
        ["", "", "", "王小", "子女", "", "同户主", "", ""],
        ["1", "1", "102", "李二", "户主", LI, "", "", ""],
        ["1", "1", "103", "李三", "户主", LI, "", "", ""],
        ["1", "1", "104", "王一", "户主", WANG, "", "", ""],
        ["2", "1", "201", "王一", "户主", WANG, "", "", "人户分离"],
        ["1", "1", "101", "赵四", "户主", "", "", "", ""],
        ["", "", "", "", "", "", "", "", "只有一句话"],
        ["1", "1", "105", "孙五", "户主", "", "", "空户", ""],
    ]
    report = take(table(*rows))
    lines = said(report)
    for expected in (
        "梧桐苑 3 F 身份证号：末位校验码不对",
        "梧桐苑 3 G 联系电话：位数不够",
        "梧桐苑 4 F 身份证号：没有写证件号",
        "梧桐苑 5  这个证件号和“梧桐苑”第6行李三的一样",
        "梧桐苑 6  这个证件号和“梧桐苑”第5行李二的一样",
        "梧桐苑 8  这个人在“梧桐苑”第7行",
        "梧桐苑 9 C 房号：“梧桐苑”第3行已经有梧桐苑1-1-101这一户",
    ):
        assert any(line.startswith(expected) for line in lines), expected
    assert adds_up(report)
    assert (report.households, report.people) == (6, 7)
    with scope([""]):
        assert Residence.objects.get(kind="second").address == "梧桐苑2-1-201"
        assert Person.objects.filter(name="李二", id_digest=b"").exists()
        assert Person.objects.get(name="王小").phone_mask == "*****00"


def test_a_household_without_a_door_is_kept_and_finds_its_door_later(database: None) -> None:
    rows = [
        ["1", "1", "101", "王一", "户主", WANG, "", "", ""],
        ["", "", "", "", "", "", "", "", ""],
        ["", "", "", "李二", "户主", LI, "13800001234", "", ""],
        ["1", "1", "103", "赵四", "户主", id_number("19700101", 3), "", "", ""],
    ]
    first = take(table(*rows))
    assert (first.households, first.people) == (3, 3)
    assert any("在1-1-101和1-1-103之间" in line for line in said(first))
    again = take(table(*rows), at=LATER)
    assert (again.added, again.changed) == (0, 0)
    rows[2][:3] = ["1", "1", "102"]
    del rows[1]
    corrected = take(table(*rows), at=LATER)
    assert (corrected.added, corrected.missing) == (0, 0)
    with scope([""]):
        home = Person.objects.select_related("household").get(name="李二").household
        assert home.door == "1-1-102"
        assert SearchKey.objects.filter(household=home, key="1-1-102").exists()


def test_a_newer_file_shows_its_differences_first_and_deletes_nobody(database: None) -> None:
    old = [
        ["1", "1", "101", "王一", "户主", WANG, "13800001111", "常住", ""],
        ["1", "1", "102", "李二", "户主", LI, "", "", ""],
    ]
    take(table(*old))
    new = [
        ["1", "1", "101", "王一", "户主", WANG, "13900002222", "", "换了电话"],
        ["1", "1", "103", "", "", "", "", "空户", ""],
    ]
    preview = take(table(*new), dry_run=True, at=LATER)
    with scope([""]):
        assert Household.objects.count() == 2
        assert Person.objects.get(name="王一").phone_mask == "138****1111"
    report = take(table(*new), at=LATER)
    assert (
        (preview.added, preview.changed, preview.missing)
        == (report.added, report.changed, report.missing)
        == (1, 1, 1)
    )
    told = {(change.what, change.field, change.before, change.after) for change in report.changes}
    assert ("changed", "电话", "138****1111", "139****2222") in told
    assert any("李二（梧桐苑1-1-102），这份文件里没有了" in line for line in said(report))
    with scope([""]):
        wang = Person.objects.get(name="王一")
        assert (wang.phone_mask, wang.category, wang.note) == ("139****2222", "常住", "换了电话")
        assert Person.objects.filter(name="李二", left_at=None).exists()
        keys = SearchKey.objects.filter(person=wang).values_list("key", flat=True)
        assert "2222" in keys
        assert "1111" not in keys


def test_somebody_who_moved_inside_the_file_moves_and_the_old_door_is_remembered(database: None) -> None:
    take(
        table(
            ["1", "1", "101", "王一", "户主", WANG, "", "", ""],
            ["1", "1", "102", "李二", "户主", LI, "", "", ""],
        )
    )
    take(
        table(["1", "1", "101", "", "", "", "", "空户", ""], ["1", "1", "102", "李二", "户主", LI, "", "", ""],
              ["", "", "", "王一", "父母", WANG, "", "", ""]),
        at=LATER,
    )  # fmt: skip
    with scope([""]):
        wang = Person.objects.select_related("household").get(name="王一")
        assert wang.household.door == "1-1-102"
        assert wang.area_code == wang.household.area_code
        assert wang.residences.get().address == "梧桐苑1-1-101"
        assert Household.objects.get(room="101").empty_on is not None


def test_a_file_that_speaks_of_one_compound_moves_nobody_out_of_another(database: None) -> None:
    take(table(["1", "1", "101", "王一", "户主", WANG, "", "", ""]))
    other = table(
        ["5", "1", "501", "王一", "户主", WANG, "", "", ""], sheet="锦绣江南", title="梧桐社区锦绣江南"
    )
    for at in (LATER, LATER + timedelta(hours=1)):
        report = take(other, at=at)
        assert any("记作另一住处" in line for line in said(report))
    assert (report.added, report.changed) == (0, 0)
    with scope([""]):
        wang = Person.objects.select_related("household").get(name="王一")
        assert wang.household.compound == "梧桐苑"
        assert wang.residences.get(kind="second").address == "锦绣江南5-1-501"


def test_a_sheet_that_does_not_fit_is_left_out_whole_and_the_others_are_taken(database: None) -> None:
    headings = ["楼号", "单元", "房号", "姓名", "身份证号"]
    buildings = [[f"甲{number}号楼", "1", "101", f"王{number}", ""] for number in range(1000)]
    content = workbook(
        {"梧桐苑": [headings, *buildings], "锦绣江南": [headings, ["1", "1", "101", "李二", LI]]}
    )
    report = take(content, "梧桐社区.xlsx")
    assert (report.households, report.people, report.sheets_refused) == (1, 1, ["梧桐苑"])
    assert any(line.startswith("梧桐苑 0  这张表没有收进来") for line in said(report))
    assert adds_up(report)
    with scope([""]):
        assert set(Household.objects.values_list("compound", flat=True)) == {"锦绣江南"}
        assert not Area.objects.filter(label="梧桐苑").exists()


@pytest.mark.parametrize(
    ("community", "code"),
    [
        ("41010300", "register.wrong_code"),
        ("四一", "register.wrong_code"),
        ("410103008999", "register.unknown_community"),
    ],
)
def test_a_code_that_nobody_knows_is_refused_and_nothing_is_taken(
    database: None, community: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        take(table(["1", "1", "101", "王一", "户主", WANG, "", "", ""]), community=community)
    assert refused.value.code == code
    with scope([""]):
        assert not Household.objects.exists()


def test_a_file_without_doors_or_without_a_community_is_refused(database: None) -> None:
    with pytest.raises(Refusal) as nothing:
        take(workbook({"名单": [["姓名", "身份证号", "联系电话"], ["王一", WANG, ""]]}), "名单.xlsx")
    assert nothing.value.code == "register.nothing_to_import"
    with pytest.raises(Refusal) as nameless:
        take(table(["1", "1", "101", "王一", "户主", WANG, "", "", ""], title="人口底册"), "底册.xlsx")
    assert nameless.value.code == "register.no_community"


def test_what_is_stored_is_sealed_masked_and_found_again(database: None) -> None:
    take(table(["1", "1", "101", "王一", "户主", WANG, "13800001111/0371-6113270", "常住", ""]))
    with scope([""]):
        wang = Person.objects.get(name="王一")
        assert wang.id_mask == WANG[:6] + "********" + WANG[-4:]
        assert WANG.encode() not in bytes(wang.id_sealed)
        assert len(wang.phones_sealed) == len(wang.phone_digests) == 2
        assert wang.born_on is not None
        assert wang.born_on.isoformat() == "1962-05-21"
        assert len(wang.match_digests) == 4
        assert SearchKey.objects.filter(person=wang).count() <= 10


def test_outside_its_scope_nothing_of_an_import_is_there(database: None) -> None:
    homes: list[Home] = town(5, homes=8)
    take(HANDS["one sheet"][1](homes), "梧桐社区.xlsx")
    assert not Person.objects.exists()
    with scope(["410103008001"]):
        assert not Person.objects.exists()
        assert not SearchKey.objects.exists()
