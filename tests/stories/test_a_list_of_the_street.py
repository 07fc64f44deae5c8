"""A list comes to the street and names no community: each row finds its own, the rest is handed out, one file goes back."""

import re

import pytest

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.duties.board import board
from shouwang.lib import clock
from shouwang.register.models import Area
from shouwang.screening.models import ListRow, PushedList
from shouwang.screening.sharing.owning import owner_of
from tests.stories.tapping import Worker
from tests.stories.test_lists import book, bring, cells, hour, settings_folder, taken_back, workers
from tests.world import JIANXIN, XIANGYUN, at

__all__ = ["hour", "settings_folder", "workers"]
STREET = XIANGYUN[:9]
FILE = book(
    [
        ["姓名", "身份证号", "手机号码", "现住址", "出发地", "到达时间"],
        ["程文", "990101196205210078", "13900000101", "", "上海", "2022-04-18"],
        ["何北", "", "13900000666", "建新社区3号楼2单元501", "上海", "2022-04-18"],
        ["何南", "", "13900000667", "", "上海", "2022-04-18"],
    ],
    ("街道转来的名单",),
)
NAMES = {
    "祥云社区": {"1"},
    "祥云": {"1"},
    "建新": {"2"},
    "建新社区": {"2"},
    "电力楼院": {"1"},
    "新村": {"1", "2"},
}
OWNERS = [
    ("建新社区3号楼", (), "2"),
    ("住祥云电力楼院1-1-101", (), "1"),
    ("祥云建新交界", (), ""),
    ("新村3号楼", (), ""),
    ("新村3号楼", ("101", "101"), ""),
    ("", ("2",), "2"),
    ("", ("1", "2"), ""),
]


@pytest.mark.parametrize(("address", "candidates", "expected"), OWNERS)
def test_a_row_belongs_where_its_address_says_else_where_all_its_candidates_live(
    address, candidates, expected
):
    assert owner_of(address, NAMES, candidates) == expected


@pytest.fixture
def street_clerk(workers) -> Worker:
    now = clock.now()
    with scope([STREET]):
        Area.objects.get_or_create(code=STREET, defaults={"level": "subdistrict", "label": "京广路街道"})
    user = User.objects.create_user("街道信息员", "一个很长的口令", name="街道信息员", created_at=now)
    Grant.objects.create(user=user, role="clerk", area_codes=[STREET], from_at=at(1, 8))
    return Worker(user)


def test_a_list_of_the_street_is_shared_and_goes_back_as_one_file(workers, street_clerk, world, hour):
    hour(at(20, 21, 40))
    bring(street_clerk, {"街道.xlsx": FILE}, community=STREET, tell="")
    with scope([STREET]):
        listed = PushedList.objects.get()
        lie = dict(ListRow.objects.values_list("name", "area_code"))
    assert lie["程文"].startswith(XIANGYUN)
    assert (lie["何北"], lie["何南"], listed.area_code) == (JIANXIN, STREET, STREET)

    # Each community sees its own row of the list, and nobody else's.
    for community, names in ((XIANGYUN, ["程文"]), (JIANXIN, ["何北"])):
        with scope([community]):
            assert list(ListRow.objects.values_list("name", flat=True)) == names
            line = board(community, now=clock.now())["screening.list_row"]
            assert line.owed + line.running == 1
    clerk = workers["信息员孙"].open("/lists/")
    assert "街道转来的名单" in clerk.said
    assert clerk.client.post(f"/lists/{listed.pk}/return/").status_code == 404

    # What nobody owns is given away; a community of another street cannot be chosen, nor an empty tick.
    street_clerk.open("/lists/")
    assert "没人认领 1 行" in street_clerk.said
    street_clerk.open("/lists/unowned/")
    row = re.search(r'name="row" value="([^"]+)"', street_clerk.page)[1]
    sent = street_clerk.client.post
    assert sent("/lists/unowned/", {"community": XIANGYUN}).status_code == 422
    assert sent("/lists/unowned/", {"row": row, "community": "990101001001"}).status_code == 404
    street_clerk.tap("交给它", row=row, community=XIANGYUN)
    assert "交出去了：1 行" in street_clerk.said
    with scope([XIANGYUN]):
        given = ListRow.objects.get(name="何南")
        assert (given.area_code, given.inquiry.area_code) == (XIANGYUN, XIANGYUN)

    # The communities answer; the street sends its one file back.
    hour(at(20, 22))
    for name in ("程文", "何南"):
        clerk.open("/work/?all=1").tap("问到了", near=name).tap("记下", category="low_risk_stay")
    with scope([JIANXIN]):
        inquiry = ListRow.objects.get(name="何北").inquiry_id
    street_clerk.open(f"/work/{inquiry}/").tap("记下", note="在家")
    filled = cells(taken_back(street_clerk, listed))
    assert [row[0] for row in filled[2:]] == ["程文", "何北", "何南"]
    assert all(str(row[6]).startswith("已核实") for row in filled[2:])
