"""A day of those who work: called up the evening before, rostered, there in the morning, moved, one falls ill and hands over."""

import json
import re
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from shouwang import jobs
from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.duties.board import board
from shouwang.inbox.actions import Heard, receive
from shouwang.inbox.actions import hand_over as matters_go_to
from shouwang.inbox.models import Matter
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import sealer
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import Message
from shouwang.register.importing.helpers import Roster
from shouwang.register.models import Helper, Responsibility
from shouwang.roster.models import Making, Post, Shift, SignUp, Thing, Turn
from shouwang.roster.posts import post_link
from shouwang.roster.workers import own_link
from shouwang.screening.models import Visit
from tests.stories.tapping import Worker
from tests.world import BUILDING_1, XIANGYUN, World, at

MOST_TAPS = 5
PEOPLE = [
    ("陈干部", "社区干部", "全天", ""),
    ("周干部", "社区干部", "全天", ""),
    ("吴物业", "物业", "全天", ""),
    ("郑志愿", "志愿者", "全天", ""),
    ("冯志愿", "志愿者", "白天", "怀孕"),
    ("褚志愿", "志愿者", "全天", ""),
    ("卫志愿", "志愿者", "全天", "高血压"),
    ("蒋志愿", "志愿者", "下午、晚上", ""),
]
WEEK = {"days": [str(day) for day in range(7)]}


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch):
    """Sets the clock of everybody."""

    def to(moment: datetime) -> datetime:
        monkeypatch.setenv("SHOUWANG_CLOCK", moment.isoformat())
        return clock.now()

    return to


@pytest.fixture
def lead(world: World, hour) -> Worker:
    """The secretary, an office that signs, eight people on the roster, and 李楼长 with a card and a phone."""
    now = hour(at(20, 20))
    with scope([XIANGYUN]):
        set_office(
            XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=2, by=None, at=now
        )  # fmt: skip
        roster = Roster.of(XIANGYUN, now)
        for number, (name, kind, available, unfit) in enumerate(PEOPLE):
            roster.add(name, f"1390000{number:04d}", kind=kind, available=available, unfit=unfit)
        ill = world.helpers["李楼长"]
        roster.give_phone(ill, "13900009000")
        ill.kind, ill.user = "楼长", User.objects.create_user("renyuan1", None, name="李楼长", created_at=now)
        ill.save()
        Grant.objects.create(
            user=ill.user, role="volunteer", area_codes=[BUILDING_1], from_at=at(20, 8), until=at(22, 2)
        )
    return Worker(world.users["书记刘"])


def helper(name: str) -> Helper:
    with scope([XIANGYUN]):
        return Helper.objects.get(name=name)


def phone_of(name: str) -> Worker:
    """Somebody's own phone, which opened the link in the message."""
    worker = Worker.__new__(Worker)
    worker.client, worker.taps, worker.page, worker.address = Client(), 0, "", "/"
    return worker.open(own_link(helper(name)))


def lines() -> dict:
    with scope([XIANGYUN]):
        return board(XIANGYUN, now=clock.now())


def messages(purpose: str) -> list[Message]:
    with scope([XIANGYUN]):
        return list(Message.objects.filter(purpose=purpose).order_by("made_at", "pk"))


def post_code(name: str) -> str:
    with scope([XIANGYUN]):
        return post_link(Post.objects.get(name=name))


def turns(**asked: object) -> list[Turn]:
    with scope([XIANGYUN]):
        rows = Turn.objects.filter(ended_at=None, **asked).select_related("helper", "shift__post")
        return list(rows.order_by("from_at", "place"))


def test_a_day_of_those_who_work(lead: Worker, world: World, hour):
    # 20:00  the plan is activated: its squads are called, one message each, one tap to answer
    lead.open(reverse("plans"))
    with scope([XIANGYUN]):
        everybody = [str(one.pk) for one in Helper.objects.filter(name__in=[name for name, *_ in PEOPLE])]
    lead.client.post("/plans/covid_9th/switch/", {"reason": "街道〔2022〕7号", "community": XIANGYUN})
    lead.client.post(reverse("roster_squad"), {"helpers": everybody, "squad": "guard"})
    lead.open(reverse("call_ups")).tap(
        "发消息叫人", squads=["guard"], reason="今晚六点前到社区", at_once="on"
    )
    assert "叫了8人：0人能来，0人来不了，8人还没回" in lead.said.replace(" ", "")
    assert len(messages("call_up")) == 8
    assert phone_of("陈干部").tap("收到，我来").said.count("收到了，谢谢您")
    phone_of("卫志愿").tap("来不了")
    lead.open(lead.address)
    assert "1人能来，1人来不了，6人还没回" in lead.said.replace(" ", "")
    assert (lines()["roster.confirm"].done, lines()["roster.confirm"].left) == (2, 6)

    # 20:30  two posts, a week made by the computer, published: everybody hears of their own turns, in the morning
    hour(at(20, 20, 30))
    lead.open(reverse("roster_posts")).tap("加上", name="东门", kind="gate")
    lead.tap("加上", **WEEK, from_hour="07:00", until_hour="15:00", people="2", led="on")
    lead.tap("加上", **WEEK, from_hour="22:00", until_hour="06:00", people="1")
    lead.open(reverse("roster_posts")).tap(
        "加上", name="1号采样点", kind="point", strains=["stairs", "heavy"]
    )
    lead.tap("加上", **WEEK, from_hour="08:00", until_hour="12:00", people="2")
    assert "去定岗位" not in lead.open(reverse("roster_week")).said
    lead.tap("开始排", from_on="2022-04-21", days="3")
    assert "正在排" in lead.said
    with scope([XIANGYUN]):
        making = Making.objects.get()
    jobs.make_roster(str(making.pk), XIANGYUN)
    lead.open(reverse("roster_week") + "?day=2022-04-18")
    assert "没有更好的排法了" in lead.said
    given = turns()
    assert len(given) == 3 * (2 + 1 + 2)
    assert {turn.helper.name for turn in given if turn.shift.starts_at.hour == 14}.isdisjoint(
        {"冯志愿", "卫志愿"}
    )
    assert all(
        turn.helper.kind in ("社区干部", "楼长") for turn in given if turn.place == 0 and turn.shift.led
    )
    assert "冯志愿" not in {turn.helper.name for turn in given if turn.shift.post.name == "1号采样点"}
    lead.tap("发布这一周")
    told = messages("turns")
    assert {one.due_at for one in told} == {at(20, 20, 30)}  # before the quiet hours of the night
    assert "还没告诉本人" not in lead.open(reverse("roster_week") + "?day=2022-04-21").said

    # 07:30  at the gate: one scans the code, the lead is not there; the post is manned, one turn is late
    hour(at(21, 7, 10))
    assert "现在没有人在的岗位" in lead.open(reverse("hands")).said
    assert lines()["roster.staffed"].overdue == 1
    first, second = [turn for turn in given if turn.from_at == at(21, 7)]
    phone = phone_of(second.helper.name)
    assert "到岗记下了" in phone.open(post_code("东门")).tap("我到了").said
    somebody = Client().post(post_code("东门"), {"phone": "13912345678"})
    assert "现在这里没有您的班" in somebody.content.decode()
    assert lines()["roster.staffed"].overdue == 0
    assert lines()["roster.shift"].overdue == 1
    phone_of(first.helper.name).tap("请找人顶我")
    assert f"{first.helper.name} 来不了 东门" in lead.open(reverse("hands")).said

    # one tap on a proposal: somebody else has the turn, is told at once, and owes it
    lead.open(reverse("shift", args=[first.shift_id]))
    with scope([XIANGYUN]):
        before = {turn.helper_id for turn in turns(shift=first.shift_id)}
    lead.page = lead.page[lead.page.index("说来不了") :]
    lead.tap("个班")
    after = turns(shift=first.shift_id)
    assert first.helper_id not in {turn.helper_id for turn in after}
    assert len(after) == 2
    assert len({turn.helper_id for turn in after} - before) == 1
    assert messages("turns")[-1].urgent
    assert lines()["roster.shift"].overdue == 1

    # 09:00  dispatch: from the sampling point to the gate, one action that tells them
    hour(at(21, 9))
    [moving, *_] = [turn for turn in turns(shift__post__name="1号采样点") if turn.from_at == at(21, 8)]
    lead.open(reverse("shift", args=[moving.shift_id]))
    lead.client.post(reverse("turn_move", args=[moving.pk]), {"shift": str(first.shift_id)})
    assert moving.helper_id in {turn.helper_id for turn in turns(shift=first.shift_id)}
    assert "缺 1 人" in lead.open(reverse("hands")).said
    assert "东门" in phone_of(moving.helper.name).said

    # 10:00  李楼长 has a key and money of residents, and a turn; he falls ill: all of it is handed over in at most five taps
    hour(at(21, 10))
    ill, door = world.helpers["李楼长"], world.doors["电力楼院 1-1-101"].pk
    for told in (
        {"kind": "key", "words": "钥匙一把"},
        {"kind": "money", "words": "买药的钱", "amount": "200"},
    ):
        told |= {"id": str(uuid7(clock.now())), "holder": str(ill.pk)}
        assert lead.client.post(reverse("thing_new", args=[door]), told).status_code == 302
    lead.client.post(
        reverse("shift_give", args=[_shift("1号采样点", at(22, 8))]),
        {"helper": ill.pk, "id": str(uuid7(clock.now()))},
    )
    with scope([XIANGYUN]):
        said = receive(Heard("楼道灯坏了", "call"), area=XIANGYUN, by=None, at=at(21, 10))
        matters_go_to([said.pk], ill.pk, by=None, at=at(21, 10))
    hour(at(21, 10, 5))
    taker = world.helpers["王网格"]
    lead.open("/").tap("交接").tap("李楼长").tap("全部交过去", taker=taker.pk, why="ill")
    assert lead.taps <= MOST_TAPS - 1  # choosing the name of who takes over is the other one
    assert "都交过去了" in lead.said
    with scope([XIANGYUN]):
        held = set(
            Responsibility.objects.in_force(clock.now())
            .filter(helper=taker)
            .values_list("area_code", flat=True)
        )
        assert BUILDING_1 in held
        assert not Turn.objects.filter(helper=ill, ended_at=None).exists()
        assert Turn.objects.filter(helper=taker, ended_at=None).exists()
        assert Thing.objects.count() == 2
        assert Matter.objects.get().helper_id == taker.pk
    assert "现在在王网格手里" in lead.open(_thing("钥匙一把")).said
    assert "您替居民拿着的" in phone_of("王网格").said
    assert (
        len(messages("taken_over")) == 0
    )  # he has no phone on the roster: the page says so to whoever leads

    # what his phone had not sent yet still counts
    entry = {"id": str(uuid7(clock.now())), "told": "same", "household": door, "people": 2, "waited_s": 3600}
    own = Client()
    own.force_login(ill.user)
    answer = own.post(
        reverse("door_told"), json.dumps({"entries": [entry]}), content_type="application/json"
    ).json()
    assert [one["id"] for one in answer["kept"]] == [entry["id"]], answer
    with scope([XIANGYUN]):
        assert Visit.objects.get().household_id == door
    lead.open(_thing("钥匙一把")).tap("还给本人了", met="本人")
    assert lead.open(reverse("custody")).said.count("买药的钱") == 1
    assert "钥匙一把" not in lead.said


def test_who_signs_up_in_the_street_is_checked_and_briefed_first(lead: Worker, hour):
    street = Client()
    form = street.get(reverse("join", args=[XIANGYUN])).content.decode()
    told = {
        "id": re.search(r'name="id" value="([^"]+)"', form)[1],
        "name": "沈新",
        "phone": "139 0000 7777",
        "skills": "驾驶",
    }
    answers = [street.post(reverse("join", args=[XIANGYUN]), told) for _ in range(2)]
    known = street.post(
        reverse("join", args=[XIANGYUN]),
        {**told, "id": str(uuid7(clock.now())), "name": "陈干部", "phone": "13900000000"},
    )
    assert {one.status_code for one in (*answers, known)} == {302}  # the same for whom we know
    receipt = answers[0]["Location"]
    assert "社区会打电话给您" in street.get(receipt).content.decode()
    with scope([XIANGYUN]):
        row = SignUp.objects.get(name="沈新")
        again = SignUp.objects.get(name="陈干部")
    assert "已经在人手名单里" in lead.open(reverse("signup", args=[again.pk])).said
    lead.open(reverse("signup", args=[row.pk]))
    assert "底册里没有这个名字和手机号" in lead.said
    refused = lead.client.post(reverse("signup_take", args=[row.pk]), {"briefed": ["protect"]})
    assert refused.status_code == 422
    assert "还有没讲到的" in refused.content.decode()
    every = ["protect", "distance", "words", "privacy", "rest", "contact"]
    lead.tap("核对过、都讲过了，收下", briefed=every)
    assert "沈新进了人手名单" in lead.said
    assert "您已经是志愿者了" in street.get(receipt).content.decode()
    with scope([XIANGYUN]):
        made = Helper.objects.get(name="沈新")
        assert sealer(settings.SEALING_KEY_FILE).open(made.phone_sealed) == "13900007777"
    assert "现在没有排您的班" in phone_of("沈新").said


def test_nobody_else_opens_a_workers_page_and_a_night_is_slept_off(lead: Worker, world: World, hour):
    hour(at(20, 20, 30))
    lead.open(reverse("roster_posts")).tap("加上", name="西门", kind="gate")
    lead.tap("加上", **WEEK, from_hour="22:00", until_hour="06:00", people="1")
    lead.open(reverse("roster_week")).tap("开始排", from_on="2022-04-20", days="1")
    with scope([XIANGYUN]):
        making = Making.objects.get()
    jobs.make_roster(str(making.pk), XIANGYUN)
    lead.open(reverse("roster_week")).tap("发布这一周")
    [night] = turns()
    address = own_link(night.helper)
    assert Client().get(address[:-3] + "xx/").status_code == 404
    assert Client().get(reverse("worker_here", args=[address.split("/")[2], night.pk])).status_code == 404
    hour(at(20, 21, 40))
    other = next(name for name, *_ in PEOPLE if name != night.helper.name)
    code = own_link(helper(other)).split("/")[2]
    assert Client().post(reverse("worker_here", args=[code, night.pk])).status_code == 404
    # the morning after: a message about the day after tomorrow waits until eight hours after the night
    hour(at(21, 7))
    lead.open(reverse("roster_week")).tap("开始排", from_on="2022-04-23", days="1")
    give = reverse("shift_give", args=[_shift("西门", at(23, 22))])
    lead.client.post(give, {"helper": night.helper_id, "id": str(uuid7(clock.now()))})
    assert messages("turns")[-1].due_at == at(21, 14)
    assert not messages("turns")[-1].urgent


def _shift(post: str, starts_at: datetime) -> object:
    with scope([XIANGYUN]):
        return Shift.objects.get(post__name=post, starts_at=starts_at).pk


def _thing(words: str) -> str:
    with scope([XIANGYUN]):
        return reverse("thing", args=[Thing.objects.get(words=words).pk])
