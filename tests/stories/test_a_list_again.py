"""21:40 a list arrives; at 22:30 the sender sends it again, corrected: nobody is asked twice, nothing is typed twice."""

import re

from shouwang.access.scope import scope
from shouwang.duties.board import board
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.register.models import Upload
from shouwang.screening.lists.settling import unsettled
from shouwang.screening.models import CodeRequest, Inquiry, ListRow, PushedList, Settlement
from tests.stories.test_lists import (
    CODES,
    HOMES,
    book,
    bring,
    cells,
    hour,
    row_of,
    settings_folder,
    taken_back,
    workers,
)
from tests.world import XIANGYUN, at

__all__ = ["hour", "settings_folder", "workers"]
HEADINGS = ["序号", "姓名", "身份证号", "手机号码", "到达时间", "自报住址", "出发地"]


def listed(*rows: list[str]) -> bytes:
    return book([HEADINGS, *([number, *row] for number, row in enumerate(rows, start=1))], ("来返人员名单",))


def of(name: str, door: str = "", phone: str = "", number: str = "", **said: str) -> list[str]:
    number = number or HOMES.get(name, ("", "", ""))[1]
    return [name, number, phone or HOMES.get(name, ("",) * 3)[2], said.get("on", "2022-04-18"), door, "上海"]


FIRST = listed(
    of("程文"), of("石兰"), of("罗平"), of("何东"), of("钱多", phone="13900000777"), of("孙少", phone="13900000778")
)  # fmt: skip
# 石兰's day is another, 罗平's number now carries another name, 钱多 has a door, 孙少 is gone, 唐宁 is new.
SECOND = listed(
    of("唐宁", "春晖新村1-101", "13900000555", "990101199901010057"),
    of("程文"),
    of("石兰", on="2022-04-19"),
    of("何东", number="990101197707070217", phone="13900000201"),
    of("何东"),
    of("钱多", "电力楼院3号楼", phone="13900000777"),
)


def answer(worker, name: str) -> None:
    worker.open("/work/").tap("问到了", near=name).tap("记下", category="low_risk_stay")


def test_a_corrected_list_is_shown_as_differences_and_taken_in_without_asking_anybody_twice(
    workers, world, hour
):
    clerk = workers["信息员孙"]
    hour(at(20, 21, 40))
    bring(clerk, {"名单.xlsx": FIRST})
    hour(at(20, 22))
    for name in ("程文", "石兰", "罗平", "钱多"):
        answer(clerk, name)
    with scope([XIANGYUN]):
        asked = set(Inquiry.objects.values_list("pk", flat=True))

    # 22:30 the same list, corrected: nothing is taken in before somebody has looked.
    hour(at(20, 22, 30))
    said = bring(clerk, {"名单（更正）.xlsx": SECOND}, sender="区指挥部")
    assert "像是一份名单的新版，还没有收" in said
    with scope([XIANGYUN]):
        assert (PushedList.objects.count(), ListRow.objects.count()) == (1, 6)
    upload = Upload.objects.get(filename="名单（更正）.xlsx")
    clerk.open(f"/lists/files/{upload.pk}/newer/")
    assert re.search(r"不变，结果照旧 2 改了 3 新的 1 去掉的 1", clerk.said), clerk.said[:900]
    assert "日期： 2022-04-18" in clerk.said
    assert "唐宁" in clerk.said
    clerk.tap("是新版，按新版收")
    assert "不变 2 行，改了 3 行，新的 1 行，去掉 1 行" in clerk.said

    # Who stayed stays answered; whose day changed was asked after it; who has a door now is still the one who was asked.
    with scope([XIANGYUN]):
        assert [row.name for row in open_rows()] == ["唐宁", "何东", "何东"]
        assert row_of("程文", "来返").inquiry_id in asked
        assert row_of("钱多", "来返").address == "电力楼院3号楼"
        gone = Settlement.objects.get(outcome="withdrawn")
        assert (gone.row.name, gone.reason) == ("孙少", "发来的单位在新版名单里去掉了这一行")
        line = board(XIANGYUN, now=clock.now())["screening.list_row"]
        assert line.owed + line.overdue + line.running == len(open_rows()) == 3
        assert not Duty.objects.filter(kind="screening.list_row", fact="owed", about=gone.row_id).exists()

    # The same file again is known; so is the older one.
    assert "之前收过" in bring(clerk, {"又发.xlsx": SECOND})
    assert "之前收过" in bring(clerk, {"旧的.xlsx": FIRST})

    # What goes back is the newer file, row by row.
    hour(at(20, 23))
    while rows := open_rows():
        clerk.open(f"/work/{rows[0].inquiry_id}/").tap("记下", category="low_risk_stay")
    with scope([XIANGYUN]):
        listed_again = PushedList.objects.get()
    filled = cells(taken_back(clerk, listed_again))
    assert [row[:7] for row in filled[2:]] == [row[:7] for row in cells(SECOND)[2:]]
    assert all(str(row[7]).startswith("已核实") for row in filled[2:])


def open_rows() -> list[ListRow]:
    with scope([XIANGYUN]):
        return list(unsettled(ListRow.objects.order_by("number")))


def test_a_corrected_list_of_codes_ends_who_is_gone_and_reads_the_others_again(workers, world, hour):
    clerk = workers["信息员孙"]
    hour(at(20, 21, 40))
    bring(clerk, {"转码.xlsx": book(CODES, ("赋码人员转码申请名单",))}, source="codes", tell="")
    elsewhere = [cell.replace("陇海市场", "高寨市场") if isinstance(cell, str) else cell for cell in CODES[1]]
    hour(at(20, 22))
    again = book([CODES[0], elsewhere], ("赋码人员转码申请名单",))
    assert "像是一份名单的新版" in bring(clerk, {"转码2.xlsx": again}, source="codes", tell="")
    upload = Upload.objects.get(filename="转码2.xlsx")
    clerk.open(f"/lists/files/{upload.pk}/newer/").tap("是新版，按新版收")
    with scope([XIANGYUN]):
        asked = {one.row.name: one for one in CodeRequest.objects.select_related("row")}
        assert (asked["何东"].place, asked["何东"].state) == ("高寨市场", "asked")
        assert (asked["石兰"].state, asked["石兰"].reason) == (
            "refused",
            "发来的单位在新版名单里去掉了这一行",
        )
        lines = board(XIANGYUN, now=clock.now())
        assert (lines["screening.code"].done, lines["screening.code"].running) == (1, 1)


def test_another_list_of_the_same_sender_is_no_newer_edition(workers, world, hour):
    clerk = workers["信息员孙"]
    hour(at(20, 21, 40))
    bring(clerk, {"名单.xlsx": FIRST})
    few = listed(of("程文"), of("唐宁", phone="13900000555"), of("周一", phone="13900000901"))
    bring(clerk, {"另一张.xlsx": few})
    bring(clerk, {"别人的.xlsx": SECOND}, sender="铁路")
    hour(at(21, 22))
    bring(clerk, {"第二天.xlsx": listed(of("程文"), of("石兰"), of("罗平"))})
    with scope([XIANGYUN]):
        assert PushedList.objects.count() == 4
