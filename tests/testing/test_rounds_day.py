"""Two days of a round through the pages: ordered in the evening, called and gone round by day, nobody forgotten at the end."""

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.actions import add_user, grant
from shouwang.access.scope import scope
from shouwang.devices.day import AT_DOORS
from shouwang.duties.discharge import settle
from shouwang.duties.matrix import marks
from shouwang.duties.models import Duty
from shouwang.flows.swabbing.rounds_day import look_after, owe_tests, rounds_to_look_at
from shouwang.lib.clock import now as clock_now
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Asking
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Person
from shouwang.standing.models import Hold
from shouwang.supplies.keeping import add_item, add_site
from shouwang.supplies.models import DrawLine
from shouwang.testing.duties import DOOR_SWAB, SWAB, SWABBED
from shouwang.testing.models import Call, Round, Stop, Swab, Tour
from shouwang.testing.rounds.on_phones import stops
from tests.stories.tapping import Worker
from tests.testing.tubes_world import lay
from tests.world import BUILDING_1, DIANLI, JIANXIN, XIANGYUN, at

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def day(world: "World", monkeypatch: pytest.MonkeyPatch):
    """The hour of the day, settable; a plan holds, there is a store."""

    def clock(on: int, hour: int, minute: int = 0) -> None:
        monkeypatch.setenv("SHOUWANG_CLOCK", at(on, hour, minute).isoformat())

    clock(21, 20)
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(20, 0)), reason="启用", by=None, at=at(20, 0))
        told = {"by": world.users["书记刘"], "at": at(20, 0)}
        add_site(XIANGYUN, kind="store", name="库房", **told)
        add_item(XIANGYUN, name="采样管", kind="tube", unit="支", minimum=0, **told)
    return clock


def person(world: "World", door: str) -> Person:
    return Person.objects.get(household=world.doors[door])


def keep_at_home(world: "World", door: str, *, since, until) -> None:
    who = person(world, door)
    Hold.objects.create(
        id=uuid7(since), area_code=who.area_code, person=who, about=uuid7(since), mode="home", from_at=since, until=until,
        approved_at=since, reason_code="close_contact", reason="密接", authority="指挥部", document="1号", legal_basis="第41条",
        proposed_by=world.users["李楼长"], approved_by=world.users["书记刘"],
    )  # fmt: skip


def swabbed(world: "World", *doors: str, when) -> None:
    """As phones tell it: in one tube."""
    people = [person(world, door) for door in doors]
    Swab.objects.bulk_create(
        Swab(
            id=uuid7(when),
            area_code=one.area_code,
            at=when,
            recorded_at=when,
            person=one,
            tube_id=uuid7(when),
            how="code",
        )
        for one in people
    )
    for kind in SWABBED:
        settle(kind, [one.pk for one in people], communities=[XIANGYUN], at=when)


def refused(worker: Worker, address: str, told: dict[str, object]) -> str:
    answer = worker.client.post(address, told)
    assert answer.status_code == 422
    return answer.content.decode()


def owed(kind: str = "") -> list[str]:
    rows = Duty.objects.filter(kind__startswith=kind or "testing.", fact="owed")
    return sorted(
        str(duty.person.household) for duty in rows.select_related("person__household") if duty.person_id
    )


def test_a_round_from_the_order_to_the_last_door(world, day):
    secretary = Worker(world.users["书记刘"])
    with scope([XIANGYUN]):
        keep_at_home(world, "电力楼院 1-1-101", since=at(21, 9), until=at(28, 9))
        Person.objects.filter(household=world.doors["电力楼院 1-2-202"]).update(helps=["disabled"])
    # 20:00: an order for tomorrow, every two days; first it is said what it means.
    secretary.open(reverse("testing_new")).tap("先看看多少人", area=XIANGYUN, repeat_every_days="2")
    assert "到采样点的 13 人" in secretary.said
    assert "上门采的 2 人" in secretary.said
    assert "按预案要 1 到 1 个采样点" in secretary.said
    secretary.tap("就这样下达")
    assert "下达了：采样点 13 人，上门 2 人" in secretary.said
    with scope([XIANGYUN]):
        row = Round.objects.get()
        assert (row.pool_sizes["everyone"], row.pool_sizes["isolation"]) == (10, 1)
        assert owed("testing.door") == ["1-1-101", "1-2-202"]
    # Points and a timetable; what they need is drawn; samplers are fetched.
    calls = reverse("testing_calls", args=[row.pk])
    for name in ("东门", "西门"):
        secretary.open(calls).tap("加这个点", name=name, tables="1", per_hour="60")
    again = {"id": uuid7(at(21, 20)), "name": "东门", "compound": DIANLI, "tables": "1", "per_hour": "60"}
    assert "已经有叫“东门”的采样点" in refused(secretary, reverse("testing_point", args=[row.pk]), again)
    secretary.open(calls).tap("排时间表")
    assert "排好了。排队最多" in secretary.said
    assert "3 次叫号" in secretary.said or "2 次叫号" in secretary.said
    assert "发到居民群" in secretary.said
    assert "【4月22日 全员核酸】东门" in secretary.page
    assert "排队前后隔 1 米。" in secretary.page
    secretary.tap("做领用单", per_box="50")
    assert "领用单做好了" in secretary.said
    secretary.tap("加上", hospital="人民医院", people="2", vehicle="豫A00001", phone="13900000001")
    assert "人民医院 · 2 人 · 豫A00001 · 139****0001" in secretary.said
    with scope([XIANGYUN]):
        assert {line.site.name: line.needed for line in DrawLine.objects.select_related("site")} == {
            "东门": 10,
            "西门": 10,
        }
        assert Duty.objects.get(kind="testing.fetch_medics").due_at == at(22, 7)
        assert Call.objects.filter(replaced_at=None).count() == 3
    # 7:30: somebody rings at the doors; the samplers are there; a point closes before anybody was called to it.
    day(22, 7, 30)
    secretary.open(calls).tap("接到了")
    day(22, 5, 0)
    secretary.open(calls).tap("关掉", near="西门")
    assert "没采的楼已经改到别的点" in secretary.said
    with scope([XIANGYUN]):
        assert {call.point.name for call in Call.objects.filter(replaced_at=None)} == {"东门"}
        assert not Duty.objects.filter(kind="testing.fetch_medics", fact="owed").exists()
    # Teams go round; on the phone stands what stands on paper.
    day(22, 6)
    doors = reverse("testing_doors", args=[row.pk])
    assert "2 户 2 人" in secretary.open(doors).said
    secretary.tap("排路线")
    assert "排好了，一共 1 队" in secretary.said
    with scope([XIANGYUN]):
        stop = [
            (one.household.door, one.rank)
            for one in Stop.objects.order_by("place").select_related("household")
        ]
        assert stop == [("1-2-202", 1), ("1-1-101", 2)]  # who may carry the infection comes last
        asking = Asking((XIANGYUN,), AT_DOORS, (), clock_now(), {})
        assert [one["place"] for one in stops(asking).values()] == [1, 2]
    assert "第 1 队" in secretary.tap("打印路线").said
    # At noon most have come; whoever has not stands on the list, is called, then visited.
    day(22, 12)
    with scope([XIANGYUN]):
        swabbed(
            world,
            *(f"电力楼院 1-{unit}-{room}" for unit in (1, 2) for room in (101, 102, 201)),
            when=at(22, 9),
        )
        look_after(row.pk, now=at(22, 12))
        drawn = {
            (one.unit, one.room): one.state
            for one in marks(BUILDING_1, SWAB.name, subject="person", now=at(22, 12))
        }
        assert [drawn["1", room] for room in ("102", "202")] == ["done", "open"]
    picture = reverse("matrix") + f"?area={BUILDING_1}&kind=testing.swab"
    assert "核酸采样" in secretary.open(picture).said
    page = secretary.open(reverse("testing_round", args=[row.pk]))
    assert "应检 15 人，采了 6 人" in page.said
    with CaptureQueriesContext(connection) as queries:
        secretary.open(reverse("testing_missing", args=[row.pk]))
    assert len(queries) <= 15
    assert re.search("1-1-202 住\\*\\* 到采样点 先打电话", secretary.said)
    secretary.tap("没接电话")
    assert re.search("1-1-202 住\\*\\* 到采样点 .{0,12} 没接电话 要上门", secretary.said)
    # Somebody was swabbed elsewhere and shows it, somebody is exempt; each stands with the reason.
    secretary.open(reverse("testing_missing", args=[row.pk])).tap("住**")
    told = {"what": "elsewhere", "o-taken_at": "2022-04-22T08:30", "o-proof": " "}
    assert "invalid" in refused(secretary, secretary.address, told)
    before = told | {"o-taken_at": "2022-04-21T08:30", "o-proof": "省医院报告"}
    assert "不在这一轮里" in refused(secretary, secretary.address, before)
    secretary.tap("算采过了", **{"o-taken_at": "2022-04-22T08:30", "o-proof": "省医院报告"})
    secretary.open(reverse("testing_missing", args=[row.pk])).tap("住**")
    secretary.tap("这一轮免检", **{"e-reason": "住院"})
    assert "应检 14，已检 7，免检 1" in secretary.open(reverse("testing_missing", args=[row.pk])).said
    # Nobody was home: the tours are laid out again for whoever is left.
    secretary.open(doors)
    with scope([XIANGYUN]):
        left = owed()
        assert Tour.objects.filter(replaced_at=None).count() == 1
    assert "1-2-202" not in left  # exempt: the first on the list after 1-1-202
    # Across the border nothing of it exists.
    stranger = Worker(world.users["书记赵"])
    assert stranger.client.get(reverse("testing_round", args=[row.pk])).status_code == 404
    assert JIANXIN not in stranger.client.get(reverse("testing_new")).content.decode().replace(JIANXIN, "", 9)


def test_the_next_round_comes_by_itself_and_an_early_end_needs_two(world, day):
    secretary = Worker(world.users["书记刘"])
    secretary.open(reverse("testing_new")).tap("先看看多少人", area=XIANGYUN, repeat_every_days="2").tap(
        "就这样下达"
    )
    with scope([XIANGYUN]):
        first = Round.objects.get()
        assert rounds_to_look_at(now=at(22, 12)) == [(first.pk, XIANGYUN)]
        look_after(first.pk, now=at(22, 12))
        assert Round.objects.count() == 1
        look_after(first.pk, now=at(23, 12))
        look_after(first.pk, now=at(23, 13))
        following = Round.objects.get(repeats=first)
        assert following.opens_at == at(24, 5, 30)
        assert [pk for pk, _area in rounds_to_look_at(now=at(23, 13))] == [following.pk]
        # Somebody is kept at home since: they are no longer asked to come down.
        keep_at_home(world, "电力楼院 1-1-102", since=at(23, 14), until=at(30, 14))
        look_after(following.pk, now=at(23, 15))
        mine = Duty.objects.filter(batch=following.pk, person=person(world, "电力楼院 1-1-102"), void_at=None)
        assert [duty.kind for duty in mine] == [DOOR_SWAB.name]
    day(24, 9)
    address = reverse("testing_round", args=[following.pk])
    assert (
        "要另一个人来确认"
        in secretary.open(address).tap("提出结束，等另一个人确认", reason="指挥部通知停采").said
    )
    assert "提出的人不能自己确认" in refused(secretary, reverse("testing_ended", args=[following.pk]), {})
    other = add_user("另一位", name="另一位书记", password=None, at=at(20, 0))
    grant(other, role="secretary", areas=[XIANGYUN], by=None, at=at(20, 0))
    assert "结束了。还没采的 15 人不用再采" in Worker(other).open(address).tap("确认结束这一轮").said
    with scope([XIANGYUN]):
        assert not Duty.objects.filter(batch=following.pk, fact="owed").exists()
        look_after(following.pk, now=at(25, 12))
        assert not Round.objects.filter(repeats=following).exists()


def test_a_special_trade_is_tested_on_its_own_days_and_who_is_on_leave_is_not(world, day):
    secretary = Worker(world.users["书记刘"])
    secretary.open(reverse("testing_trade_new")).tap(
        "加上",
        area=XIANGYUN,
        employer="顺达快递",
        trade="快递",
        every_days="3",
        times="2",
        from_on="2022-04-21",
    )
    with scope([XIANGYUN]):
        people = [person(world, door) for door in ("电力楼院 1-1-101", "电力楼院 1-1-102")]
    trade = re.search(r"/trades/([0-9a-f-]{36})/put/", secretary.page)
    address = secretary.address if trade is None else trade[0].replace("put/", "")
    for one in people:
        secretary.client.post(address + "put/", {"person": one.pk})
    secretary.open(address).tap("记下来", from_on="2022-04-21", until="2022-04-25")  # the first is on leave
    assert "休假，04-25 回来" in secretary.said
    with scope([XIANGYUN]):
        made = [owe_tests(XIANGYUN, now=at(on, 1)) for on in range(21, 30) for _again in (1, 2)]
        # Two tests in three days: on the first day, and on the second or third; nothing twice.
        assert made == [1, 0, 1, 0, 0, 0, 1, 0, 2, 0, 0, 0, 2, 0, 2, 0, 0, 0]
        assert set(Duty.objects.values_list("kind", flat=True)) == {SWAB.name}
    day(30, 9)
    assert "顺达快递 快递 3 天 2 检 2 2 0 2" in secretary.open(reverse("testing_trades")).said
    assert "2 天 3 检" not in secretary.said
    assert BUILDING_1 not in secretary.page


def test_the_plan_says_by_when_points_take_people_and_how_large_they_are(world, day):
    secretary = Worker(world.users["书记刘"])
    secretary.open(reverse("testing_new")).tap(
        "先看看多少人", area=XIANGYUN, opens_on="2022-04-21", opens_hour="20"
    )
    assert "每个点 1 到 3 张台" in secretary.said
    table = lay(world)
    calls = reverse("testing_calls", args=[table.round.pk])
    with scope([XIANGYUN]):
        Round.objects.update(ordered_at=at(21, 19, 30))
    # The order came at half past seven in the evening: by half past one at night the points have to take people.
    secretary.open(calls)
    assert "采样点要搭好、开始采 最晚 4-22 01:30" in secretary.said
    day(22, 1, 30)
    assert "采样点启用晚了 最晚 今天 01:30" in secretary.open(calls).said
    table.swab("采样孙", "D1", table.people[0], when=at(22, 1, 10))
    table.send("采样孙")
    assert "采样点按时启用了 最晚 今天 01:30 · 第一管 今天 01:10" in secretary.open(calls).said
