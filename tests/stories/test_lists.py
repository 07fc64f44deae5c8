"""An evening with four lists: they arrive at 21:40, three workers settle them, and at 23:50 every file goes back filled."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from shouwang import jobs
from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.access.tries import one_more
from shouwang.duties.board import board
from shouwang.lib import clock
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import Message
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Helper, Person
from shouwang.screening.models import CodeRequest, Inquiry, ListRow, PushedList
from tests.stories.tapping import Worker
from tests.world import JIANXIN, XIANGYUN, World, at

MOST_TAPS = 4
HOMES = {
    "程文": ("电力楼院 1-1-101", "990101196205210078", "13900000101"),
    "石兰": ("电力楼院 1-1-101", "990101198803011123", "13900000102"),
    "罗平": ("电力楼院 2-1-201", "990101197707070217", "13900000201"),
    "何东": ("电力楼院 1-2-202", "990101199005050034", "13900000301"),
}
RAIL = [
    ["序号", "姓名", "证件号码", "手机号码", "到达站点", "车次", "到达时间", "自报住址", "出发地"],
    [
        1,
        "程文",
        "990101196205210078",
        "13900000101",
        "郑州东站",
        "G1",
        "2022-04-19 08:00",
        "电力楼院1号楼1单元101",
        "上海浦东",
    ],
    [2, "王芳", "", "13900000888", "郑州东站", "G3", "2022-04-19 09:00", "", "上海浦东"],
    [
        3,
        "唐宁",
        "990101199901010057",
        "13900000555",
        "机场",
        "CZ1",
        "2022-04-19",
        "春晖新村1-101",
        "湖北武汉",
    ],
    [4, "何东", "990101199005050034", "13900000301", "郑州东站", "G5", "2022-04-20 10:00", "", "广东深圳"],
]
POLICE = [
    ["身份证", "姓名", "手机号码", "村居", "地址"],
    ["990101********1123", "石兰", "13900000102", "祥云社区", "电力楼院1-1-101"],
    ["", "程文", "13900000101", "祥云社区", "电力楼院1号楼1单元101"],
    ["", "何北", "13900000666", "", "京广路街道建新社区3号楼2单元501"],
]  # fmt: skip
BIG_DATA = [
    ["姓名", "身份证号", "联系方式", "轨迹地", "轨迹时间", "现住址", "核查结果", "核查人"],
    ["罗平", "990101197707070217", "13900000201", "长春市绿园区", "2022/4/16", "电力楼院2号楼201", "", ""],
    ["石兰", "990101198803011123", "", "长春市绿园区", "2022/4/15", "", "", ""],
]
LETTER = [
    ["编号", "姓名", "身份证号", "电话", "末次接触日期", "接触方式"],
    [1, "罗平", "990101********0217", "13900000201", "20220418", "同餐"],
]
CODES = [
    [
        "序号",
        "姓名",
        "身份证号",
        "手机号",
        "赋码类型",
        "赋码原因（场所、时间）",
        "核酸结果及时间",
        "申请时间",
        "初审意见",
    ],
    [
        1,
        "何东",
        "990101199005050034",
        "13900000301",
        "黄码",
        "陇海市场 4月18日09时",
        "阴性 4月19日",
        "2022-04-20 09:01",
        "",
    ],
    [2, "石兰", "990101198803011123", "13900000102", "红码", "高寨市场 4月16日", "", "2022-04-20 09:02", ""],
]


def book(rows: list[list], above: tuple[str, ...] = (), groups: bool = False) -> bytes:
    """A workbook with title rows above its table; `groups`: two lines of headings, the upper ones merged."""
    made = Workbook()
    sheet = made.active
    for words in above:
        sheet.append([words])
    if groups:
        sheet.append(["", "个人信息", "", "", "接触情况", ""])
        sheet.merge_cells(start_row=len(above) + 1, start_column=2, end_row=len(above) + 1, end_column=4)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(rows: list[list]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("gb18030")


FILES = {
    "两站一场_0420.xlsx": book(RAIL, ("两站一场来返人员推送名单",)),
    "黄码_0420.csv": text(POLICE),
    "大数据_0420.xlsx": book(BIG_DATA),
    "协查函.xlsx": book(
        LETTER, ("关于协查的函", "京广路街道办事处：", "    请于24小时内反馈。"), groups=True
    ),
}


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch):
    """Sets the clock of everybody."""

    def to(moment: datetime) -> datetime:
        monkeypatch.setenv("SHOUWANG_CLOCK", moment.isoformat())
        return clock.now()

    return to


@pytest.fixture
def workers(world: World, hour, settings_folder) -> dict[str, Worker]:
    """Three who work tonight, residents whom the lists speak of, a plan in force and an office that signs."""
    now = hour(at(20, 21, 30))
    found = {}
    with scope([XIANGYUN]):
        for name, (door, number, phone) in HOMES.items():
            add_person(world.doors[door].pk, Newcomer(name, number, phone), by=None, at=at(1, 8))
        for door in ("电力楼院 1-1-201", "春晖新村 1-102"):
            add_person(world.doors[door].pk, Newcomer("王芳"), by=None, at=at(1, 8))
        activate(XIANGYUN, keep_shipped("covid_9th", at=now), reason="演练", by=None, at=now)
        set_office(
            XIANGYUN,
            name="祥云社区",
            phone="037166000000",
            address="https://xy.example",
            daily_most=2,
            by=None,
            at=now,
        )
        for name in ("信息员孙", "小周", "小吴"):
            user = User.objects.create_user(name, "一个很长的口令", name=name, created_at=now)
            Grant.objects.create(user=user, role="clerk", area_codes=[XIANGYUN], from_at=at(1, 8))
            Helper.objects.create(area_code=XIANGYUN, name=name, user=user, added_at=now)
            found[name] = Worker(user)
    return found


@pytest.fixture
def settings_folder(tmp_path) -> Iterator[None]:
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=tmp_path):
        yield


def bring(worker: Worker, files: dict[str, bytes], **said: str) -> str:
    told = {"community": XIANGYUN, "sender": "区指挥部", "source": "pushed", "tell": "on", **said}
    several = [SimpleUploadedFile(name, content) for name, content in files.items()]
    answer = worker.client.post("/lists/", {**told, "brought": several}, follow=True)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def row_of(name: str, title: str) -> ListRow:
    with scope([XIANGYUN]):
        return ListRow.objects.select_related("inquiry__person").get(name=name, list__title__contains=title)


def left() -> int:
    with scope([XIANGYUN]):
        line = board(XIANGYUN, now=clock.now())["screening.list_row"]
        return line.owed + line.overdue + line.running


def taken_back(worker: Worker, listed: PushedList) -> bytes:
    worker.open(f"/lists/{listed.pk}/").tap("反馈")
    assert "每一行都有结果" in worker.said
    href = re.search(r'href="(/lists/returns/[^"]+)"', worker.page)[1]  # type: ignore[index]
    return b"".join(worker.client.get(href).streaming_content)


def cells(content: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(content)).active
    return [["" if value is None else value for value in row] for row in sheet.values]


def test_four_lists_are_settled_by_three_workers_in_one_evening(workers, world, hour):
    clerk, zhou, wu = workers.values()

    # 21:40 the lists arrive, all at once; everybody has one message, and no word of it is about health.
    hour(at(20, 21, 40))
    said = bring(clerk, FILES)
    assert "已给 7 人发第一条短信" in said, said[150:1500]
    with scope([XIANGYUN]):
        assert Message.objects.count() == Message.objects.values("phone_digest").distinct().count() == 7
        assert Inquiry.objects.count() == 7  # ten rows, seven people: nobody is asked twice
        lists = {one.file.filename: one for one in PushedList.objects.select_related("file")}
    assert left() == 10
    assert "之前收过" in bring(clerk, {"再发一次.csv": FILES["黄码_0420.csv"]})
    assert left() == 10

    # 21:45 the clerk decides: one of two 王芳, taken back, chosen again; 何北 goes next door; 唐宁 enters the register.
    hour(at(20, 21, 45))
    clerk.open("/lists/choose/").tap("电力楼院1-1-201")
    assert "王芳 对上了 王芳" in clerk.said
    clerk.tap("撤销上一个")
    assert row_of("王芳", "两站").outcome == "candidates"
    clerk.tap("春晖新村1-102")
    assert row_of("王芳", "两站").inquiry.person.area_code == world.doors["春晖新村 1-102"].area_code
    clerk.open("/lists/choose/?which=not_ours")
    assert "京广路街道建新社区3号楼2单元501" in clerk.said
    clerk.tap("转出", what="elsewhere")
    assert clerk.taps <= MOST_TAPS
    clerk.open("/lists/choose/?which=new").tap("春晖新村1-101")
    with scope([XIANGYUN]):
        assert Person.objects.get(name="唐宁").from_place == "湖北武汉"
    with scope([JIANXIN]):
        arrived = PushedList.objects.get()
        assert (arrived.source, arrived.due_at) == ("handed_over", at(21, 21, 40))
        assert [row.name for row in arrived.rows.all()] == ["何北"]
    assert left() == 9

    # Shared among two: those of one door to the same worker.
    helpers = {name: helper for name, helper in _helpers().items() if name in ("小周", "小吴")}
    clerk.open("/lists/rows/?state=left").tap("分给他们", helper=list(helpers.values()))
    assert "分好了：6 人" in clerk.said
    with scope([XIANGYUN]):
        whose = dict(Inquiry.objects.exclude(helper=None).values_list("person__name", "helper__name"))
    assert whose["程文"] == whose["石兰"]
    assert set(whose.values()) == {"小周", "小吴"}
    by_name = {name: zhou if whose[name] == "小周" else wu for name in whose}

    # 21:50 nobody answers at 程文's: one tap. The next hour is proposed.
    hour(at(20, 21, 50))
    worker = by_name["程文"].open("/work/").tap("没接电话", near="程文")
    assert (worker.taps, "程文：没接电话，记下了" in worker.said) == (1, True)
    assert left() == 9

    # 22:00 石兰 is called: the code is said first; she was met, four taps with the call; 程文's is asked about too.
    hour(at(20, 22))
    worker.open("/work/").tap("打电话", near="石兰")
    code = re.search(r"先报核对码\s*(\d{4})", worker.said)[1]  # type: ignore[index]
    with scope([XIANGYUN]):
        message = Message.objects.get(person__name="石兰")
    from shouwang.outreach.codes import written_in

    assert code == written_in("13900000102", made_at=message.made_at)
    assert "同户也要问的人" in worker.said
    worker.tap("记下", category="low_risk_stay", note="同意居家")
    assert worker.taps <= MOST_TAPS
    assert left() == 7  # on two lists, asked once

    # Whoever has made as many calls as the plan asks of anybody rests: no number, and the person is handed on.
    for _call in range(120):
        one_more("calls", worker.client.session["_auth_user_id"], within=timedelta(hours=2), at=at(20, 22))
    worker.open("/work/").tap("打电话", near="程文")
    assert "该歇歇了" in worker.said
    assert "先报核对码" not in worker.said

    # 22:10 罗平 has a fever: a doctor within the hours of the plan, whatever else.
    hour(at(20, 22, 10))
    worker = by_name["罗平"].open("/work/").tap("问到了", near="罗平")
    worker.tap("记下", category="close_contact", temperature_c="38.1", told_to="社区医生")
    assert worker.taps == 2
    assert "请马上联系医院" in worker.said
    worker.open("/work/")
    assert worker.page.index("不舒服，送医") < worker.page.index("没接电话")
    hour(at(20, 22, 40))
    worker.tap("罗平").tap("医生看过了", hospital="市六院")
    assert "医生看过了" in worker.said
    assert left() == 5

    # 22:50 the others; a slip is taken back and told again.
    hour(at(20, 22, 50))
    for name in ("何东", "唐宁", "王芳"):
        by_name[name].open("/work/").tap("问到了", near=name).tap("记下", category="low_risk_stay")
        assert by_name[name].taps == 2
    slip = by_name["唐宁"].open(f"/work/{row_of('唐宁', '两站').inquiry_id}/")
    slip.tap("撤销", near="记错了", reason="点错人了")
    assert left() == 3
    slip.tap("记下", category="high_risk_stay")
    hour(at(20, 23, 30))
    by_name["程文"].open("/work/?all=1").tap("问到了", near="程文").tap(
        "记下", channel="door", note="", category=""
    )
    assert left() == 0

    # 23:50 the files go back: what came is untouched, what was asked is answered.
    hour(at(20, 23, 50))
    lists = {name: taken_back(clerk, listed) for name, listed in lists.items()}
    people = whose | {"王芳": whose.get("王芳", "")}
    rail = cells(lists["两站一场_0420.xlsx"])
    assert [row[:9] for row in rail[2:]] == [[*row] for row in RAIL[1:]]
    assert rail[1][9:] == ["核查结果", "核查方式", "核查人", "核查时间"]
    assert rail[2][9:] == ["已核实，住电力楼院1-1-101", "上门", people["程文"], "2022-04-20 23:30"]
    assert rail[4][9].startswith("已核实，住春晖新村1-101，高风险区")
    assert rail[3][10:] == ["电话", people["王芳"], "2022-04-20 22:50"]
    police = list(csv.reader(io.StringIO(lists["黄码_0420.csv"].decode("gb18030"))))
    assert [row[:5] for row in police] == POLICE
    assert police[1][5:7] == ["已核实，住电力楼院1-1-101，低风险区旅居，核酸检测，同意居家", "电话"]
    assert police[3][5] == "非本辖区，转建新社区。住址写的是京广路街道建新社区3号楼2单元501"
    data = cells(lists["大数据_0420.xlsx"])
    assert [row[:6] for row in data[1:]] == [row[:6] for row in BIG_DATA[1:]]
    assert data[1][6].startswith("已核实，住电力楼院2-1-201，密接，隔离观察")
    assert data[1][7] == people["罗平"]
    letter = cells(lists["协查函.xlsx"])
    assert letter[4][:6] == LETTER[0]
    assert "送医就诊" in letter[5][6]
    with scope([XIANGYUN]):
        lines = board(XIANGYUN, now=clock.now())
        assert lines["screening.return"].done == 4
        assert (lines["screening.referral"].done, lines["screening.referral"].left) == (1, 0)


def test_who_answers_is_told_once_when_a_list_runs_out_of_time(workers, world, hour):
    hour(at(20, 21, 40))
    bring(workers["信息员孙"], {"协查函.xlsx": FILES["协查函.xlsx"]}, tell="")
    for moment, told in ((at(21, 15, 30), 0), (at(21, 15, 50), 1), (at(21, 16, 0), 1), (at(21, 19, 50), 2)):
        hour(moment)
        jobs.warn_of_lists()
        with scope([XIANGYUN]):
            assert Message.objects.filter(purpose="clock").count() == told
    with scope([XIANGYUN]):
        assert Message.objects.filter(purpose="clock").first().params == {"left": "1", "due": "21:40"}


def test_codes_are_taken_back_step_by_step_and_people_are_told(workers, world, hour):
    clerk = workers["信息员孙"]
    hour(at(20, 21, 40))
    bring(clerk, {"转码申请.xlsx": book(CODES, ("赋码人员转码申请名单",))}, source="codes", tell="")
    with scope([XIANGYUN]):
        asked = {one.row.name: one for one in CodeRequest.objects.select_related("row")}
    one = asked["何东"]
    assert (one.colour, one.place, one.exposed, one.papers) == (
        "yellow",
        "陇海市场",
        "4月18日09时",
        "阴性 4月19日",
    )
    assert one.due_at - one.requested_at == timedelta(hours=48)
    ids = [str(request.pk) for request in asked.values()]
    clerk.open("/codes/").tap("勾选的都核实过了", one=ids)
    clerk.open("/codes/?state=verified").tap("勾选的已上报", one=ids)
    hour(at(21, 9))
    alone = clerk.client.post(
        "/codes/step/", {"step": "refuse", "one": ids, "state": "reported", "reason": "不符"}
    )
    assert "请换一个人批准" in alone.content.decode()  # several at once are never refused by one person alone
    clerk.open("/codes/?state=reported").tap("勾选的已转码", one=[str(asked["何东"].pk)])
    answer = clerk.client.post("/codes/step/", {"step": "refuse", "one": ids[1:], "state": "reported"})
    assert "请写明原因" in answer.content.decode()
    clerk.open("/codes/?state=reported").tap("勾选的未通过", one=[str(asked["石兰"].pk)], reason="材料不全")
    with scope([XIANGYUN]):
        told = dict(Message.objects.filter(purpose="request_done").values_list("person__name", "params"))
        assert told == {"何东": {"outcome": "已经办好了"}, "石兰": {"outcome": "没有办成，原因请打电话问"}}
        listed = PushedList.objects.get()
        assert board(XIANGYUN, now=clock.now())["screening.code"].done == 2
    filled = cells(taken_back(clerk, listed))
    assert [row[8] for row in filled[2:]] == ["已转码", "未通过：材料不全"]


def _helpers() -> dict[str, int]:
    with scope([XIANGYUN]):
        return dict(Helper.objects.exclude(user=None).values_list("name", "pk"))
