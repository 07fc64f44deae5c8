"""What orders ask, as they are really written: a table of cases. Nothing that a document does not say is invented."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.directives.recognising import MOST_POINTS, recognise
from shouwang.directives.windows import daily
from shouwang.directives.wording import read_clock, who_in
from shouwang.lib.clock import ZONE

CAME = datetime(2022, 4, 21, 21, 40, tzinfo=ZONE)


def moment(day: int, hour: int, minute: int = 0, month: int = 4) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "due_at"),
    [
        ("4月22日12时前完成摸排登记", moment(22, 12)),
        ("请于4月22日20：30前反馈", moment(22, 20, 30)),
        ("2022年4月25日上午9点前报送", moment(25, 9)),
        ("4月22日下午3点半之前上报", moment(22, 15, 30)),
        ("22日18时前报送名单", moment(22, 18)),
        ("3日12时前报送", moment(3, 12, month=5)),
        ("今日24时前完成", moment(22, 0)),
        ("今晚23点前反馈首批名单", moment(21, 23)),
        ("明日12时前完成", moment(22, 12)),
        ("次日8时前报送", moment(22, 8)),
        ("18时前报送", moment(22, 18)),
        ("23时前报送", moment(21, 23)),
        ("2小时内反馈首批名单", moment(21, 23, 40)),
        ("收到后半小时内回复", moment(21, 22, 10)),
        ("三十分钟内到位", moment(21, 22, 10)),
        ("两日内完成排查", moment(23, 21, 40)),
        ("4月22日前完成", moment(23, 0)),
        ("1月5日12时前报送总结", datetime(2023, 1, 5, 12, tzinfo=ZONE)),
        ("4月15日以来到过钱塘衣城的人员", None),
        ("各卡口交接班须填写交接记录", None),
        ("2月30日12时前报送", None),
    ],
)  # fmt: skip
def test_by_when(said, due_at):
    clock = read_clock(said, CAME)
    assert clock.due_at == due_at
    assert clock.times_a_day == 0


@pytest.mark.parametrize(
    ("said", "times", "from_on", "last_on", "by_hour"),
    [
        ("自4月22日起对独居老人每日电话问候一次", 1, date(2022, 4, 22), None, None),
        ("小区单元门、电梯按键每日消杀不少于两次", 2, date(2022, 4, 21), None, None),
        ("从明日起至4月30日，每天消毒3次", 3, date(2022, 4, 22), date(2022, 4, 30), None),
        ("每日17时前报送日报", 1, date(2022, 4, 21), None, time(17)),
        ("早晚各测一次体温", 2, date(2022, 4, 21), None, None),
        ("一天两次巡查", 2, date(2022, 4, 21), None, None),
    ],
)
def test_how_often(said, times, from_on, last_on, by_hour):
    clock = read_clock(said, CAME)
    assert (clock.times_a_day, clock.from_on, clock.last_on, clock.by_hour) == (
        times,
        from_on,
        last_on,
        by_hour,
    )
    assert clock.due_at is None


@pytest.mark.parametrize(
    "said",
    ["下班前报送名单", "请尽快排查", "每周报一次", "每2小时巡查一次", "每日问候一次", "3个工作日内办结"],
)
def test_what_is_not_clear_is_left_to_a_person(said):
    clock = read_clock(said, CAME)
    assert clock.doubt
    assert clock.due_at is None


def test_whom_it_names():
    assert who_in("各社区、各卡口和各物业公司要") == "各社区、各卡口、各物业公司"
    assert who_in("请认真落实") == ""


LETTER = """关于做好假期值守的通知

各社区居委会：
请各社区于4月29日18时前报送值班表。假期实行24小时值守，每日16时前报送情况，直至5月4日止。
京广路街道办事处
2022年4月21日
"""


def test_a_letter_without_numbers():
    found = recognise(LETTER, arrived_at=CAME)
    assert (found.title, found.sender, found.issued) == (
        "关于做好假期值守的通知",
        "京广路街道办事处",
        "2022年4月21日",
    )
    assert found.confirm is False
    assert next((point.words, point.clock.due_at) for point in found.points) == (
        "请各社区于4月29日18时前报送值班表",
        moment(29, 18),
    )
    last = found.points[-1].clock
    assert (last.times_a_day, last.by_hour, last.last_on) == (1, time(16), date(2022, 5, 4))


def test_pasted_from_a_chat_on_one_line():
    found = recognise(
        "通知 各社区：一、今晚23时前报送人数；二、明日8时前核酸点位全部开放。收到请回复", arrived_at=CAME
    )
    assert [point.clock.due_at for point in found.points] == [moment(21, 23), moment(22, 8)]


def test_an_hour_that_stands_alone_belongs_to_what_follows_or_stands_before():
    found = recognise(
        "通知\n1、4月22日12时前，完成摸排登记并建册\n2、完成小区门岗值守安排，4月23日前完成", arrived_at=CAME
    )
    assert [(point.words, point.clock.due_at) for point in found.points] == [
        ("4月22日12时前，完成摸排登记并建册", moment(22, 12)),
        ("完成小区门岗值守安排，4月23日前完成", moment(24, 0)),
    ]


@given(st.text(alphabet="一二三、（）1234567890月日时前内每次各社区，。；：请反馈报送小\n 　①", max_size=300))
def test_no_text_breaks_it(text):
    found = recognise(text, arrived_at=CAME)
    assert len(found.points) <= MOST_POINTS
    assert all(point.words for point in found.points)
    assert all(0 <= point.clock.times_a_day <= 24 for point in found.points)


def test_twice_a_day_is_morning_and_evening():
    windows = list(daily(date(2022, 4, 21), date(2022, 4, 22), times=2))
    assert [(one.opens_at, one.due_at) for one in windows] == [
        (moment(21, 0), moment(21, 12)), (moment(21, 12), moment(22, 0)),
        (moment(22, 0), moment(22, 12)), (moment(22, 12), moment(23, 0)),
    ]  # fmt: skip
    (one,) = daily(date(2022, 4, 21), date(2022, 4, 21), times=1, by_hour=time(17))
    assert (one.due_at, one.lapses_at) == (moment(21, 17), moment(22, 0))
