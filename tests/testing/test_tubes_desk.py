"""The hub's screen: where boxes are, why counts differ, the account of a round, labels and sheets, swabs from paper."""

import re

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.devices.models import Enrolment
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.lib import clock
from shouwang.lib.qr import drawn
from shouwang.lib.traces import Traced
from shouwang.register.models import Helper, Person
from shouwang.testing.duties import NOTHING, SWAB, SWABBED
from shouwang.testing.models import Swab, Tube
from shouwang.testing.tubes.codes import person_code, row_of
from shouwang.testing.tubes.hub.fields import FIELDS
from shouwang.testing.tubes.hub.seen import account_of
from shouwang.testing.tubes.hub.tracing import TRACERS
from shouwang.testing.tubes.matching import match_later
from tests.testing.test_tubes_boxes import tell_a_day
from tests.testing.tubes_world import Table, lay
from tests.world import BUILDING_1, JIANXIN, XIANGYUN, at

BOX = row_of("box", "X1")


@pytest.fixture
def table(street) -> Table:
    return lay(street)


@pytest.fixture
def hub(table, newcomer):
    return newcomer("clerk", XIANGYUN)


def words_of(reply) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def test_the_hub_sees_a_box_come_counts_it_says_why_and_the_account_of_the_round_balances(table, hub):
    tell_a_day(table, "X1", ("T1", "T2"))
    table.swab("采样钱", "T3", table.people[5], when=at(21, 9, 5))
    table.tell("采样钱", "testing.box_tube", box="X1", tube="T3", when=at(21, 9, 22))
    for who in table.phones:
        table.send(who)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = hub.get(reverse("samples"))
    assert len(asked) <= 25
    assert "点收了一部分" in words_of(page)
    assert hub.get(reverse("samples"), {"code": "x1 "}).url == reverse("testing_box", args=[BOX])
    assert hub.get(reverse("samples"), {"code": "T1"}).url == reverse(
        "testing_tube", args=[row_of("tube", "T1")]
    )
    assert hub.get(reverse("samples"), {"code": "没有"}).status_code == 404
    opened = words_of(hub.get(reverse("testing_box", args=[BOX])))
    assert "封箱数和系统不一样 手点 2，系统 3" in opened
    assert "装了没收到 T3" in opened
    refused = hub.post(reverse("testing_box_reconcile", args=[BOX]))
    assert refused.status_code == 422
    assert "还有 3 处数对不上" in words_of(refused)
    for kind, tube in (("seal_count", ""), ("hand_count", ""), ("missing", str(row_of("tube", "T3")))):
        told = {"difference": kind, "tube": tube, "reason": "后来放进去的，已送到"}
        assert hub.post(reverse("testing_box_explain", args=[BOX]), told).status_code == 302
    assert hub.post(reverse("testing_box_reconcile", args=[BOX])).status_code == 302
    assert "已核对" in words_of(hub.get(reverse("samples")))
    account = words_of(hub.get(reverse("samples_account", args=[table.round.pk])))
    assert "3 = 已收到 2 + 在路上 0 + 没装箱 0 + 装了没收到 1" in account


def test_a_box_is_lost_and_found_and_every_tube_is_accounted_for(table, hub, monkeypatch):
    tell_a_day(table, "X1", ("T1", "T2"))
    table.send("采样孙")
    say = reverse("testing_box_said", args=[BOX])
    assert hub.post(say, {"kind": "lost", "reason": ""}).status_code == 422
    assert hub.post(say, {"kind": "lost", "reason": "车上没有"}).status_code == 302
    with scope([XIANGYUN]):
        account = account_of(table.round.pk)
    assert (account.states["lost"], len(account.missing), account.balances) == (1, 2, False)
    assert "1 箱找不到" in words_of(hub.get(reverse("samples")))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:20:00")
    assert hub.post(say, {"kind": "found", "reason": "在采样点桌子下面"}).status_code == 302
    for who in ("转运周", "中转吴", "检测郑"):
        table.send(who)
    with scope([XIANGYUN]):
        account = account_of(table.round.pk)
    assert (account.tubes, account.received, account.balances) == (2, 2, True)


def test_a_struck_swab_is_owed_again_and_names_are_for_those_who_need_them(table, hub, newcomer):
    with scope([XIANGYUN]):
        who = Person.objects.filter(pk=table.people[0]).annotate(subject=F("id"), about=NOTHING)
        plan(SWAB, who, Window(at(21, 5), at(22, 24)), at=at(21, 5))
    swab = table.swab("采样孙", "T1", table.people[0])
    table.send("采样孙")

    def owed() -> bool:
        with scope([XIANGYUN]):
            return Duty.objects.get(kind=SWAB.name).done_at is None

    assert not owed()
    tube = reverse("testing_tube", args=[row_of("tube", "T1")])
    assert "住户11101" in words_of(hub.get(tube))
    at_the_hub = words_of(newcomer("hub", XIANGYUN).get(tube))
    assert "住******" in at_the_hub
    assert "住户11101" not in at_the_hub
    carrying = words_of(newcomer("courier", XIANGYUN).get(tube))
    assert "1 / 10 人" in carrying
    assert "住" not in carrying.replace("住户", "")
    assert "住户1" not in carrying
    strike = reverse("testing_swab_strike", args=[row_of("tube", "T1"), swab])
    assert hub.post(strike, {"reason": "扫错了人"}).status_code == 302
    assert owed()
    assert "扫错了人" in words_of(hub.get(tube))


def test_a_stranger_is_matched_when_the_register_knows_them(table, hub):
    table.swab("采样孙", "T1", name="新来的", id_number="110105194901230024", phone="13800000000", how="id")
    table.send("采样孙")
    from django.conf import settings

    from shouwang.lib.sealing import sealer

    digest = sealer(settings.SEALING_KEY_FILE).digest("id", "110105194901230024")
    with scope([XIANGYUN]):
        assert match_later(XIANGYUN, kinds=SWABBED, at=clock.now()) == 0
        Person.objects.filter(pk=table.people[2]).update(id_digest=digest)
        assert match_later(XIANGYUN, kinds=SWABBED, at=clock.now()) == 1
        found = Swab.objects.get()
    assert (found.person_id, found.name, bytes(found.id_sealed), found.phone_mask) == (
        table.people[2],
        "",
        b"",
        "",
    )


def test_paper_is_typed_in_by_door_and_place(table, hub):
    page = reverse("testing_paper")
    told = {
        "building": BUILDING_1, "point": str(table.point.pk), "taken_at": "2022-04-21T09:30", "capacity": "10",
        "tube": "P1", "people": "1/101 102.1 2/201",
    }  # fmt: skip
    for wrong, sentence in (
        ("1/999", "这栋楼没有 1-999"), ("1/101.3", "没有第 3 个人"), ("?", "看不懂"), ("101", "这栋楼没有 101"),
    ):  # fmt: skip
        refused = hub.post(page, told | {"people": wrong})
        assert refused.status_code == 422
        assert sentence in words_of(refused)
    assert "采样时间还没到" in words_of(hub.post(page, told | {"taken_at": "2022-04-21T23:00"}))
    done = hub.post(page, told, follow=True)
    assert "管 P1：记了 3 人" in words_of(done)
    assert (
        f'value="{BUILDING_1}" selected' in done.content.decode()
    )  # the next tube begins where this one ended
    with scope([XIANGYUN]):
        assert Tube.objects.get().capacity == 10
        assert Swab.objects.filter(how="household", note="纸上补录", void_at=None).count() == 3


def test_everybody_in_a_building_has_a_card_that_the_table_knows(table, hub, newcomer):
    with scope([XIANGYUN]):
        living = list(Person.objects.filter(area_code__startswith=BUILDING_1, left_at=None))
    sheet = hub.get(reverse("testing_codes"), {"building": BUILDING_1}).content.decode()
    assert sheet.count('class="code-card"') == sheet.count('class="qr"') == len(living) > 1
    for one in living:
        assert one.name in sheet
        assert drawn(person_code(one.pk)) in sheet
    volunteer = newcomer("volunteer", XIANGYUN).get(reverse("testing_codes"), {"building": BUILDING_1})
    masked = volunteer.content.decode()
    assert masked.count('class="code-card"') == len(living)
    assert not [one.name for one in living if one.name in masked]
    assert hub.get(reverse("testing_codes"), {"building": JIANXIN}).status_code == 404
    assert BUILDING_1 in hub.get(reverse("testing_paper")).content.decode()


def test_labels_and_sheets_are_ready_for_the_printer(table, hub):
    tell_a_day(table, "X1", ("T1", "T2"))
    table.send("采样孙")
    assert (
        hub.get(
            reverse("testing_labels"), {"kind": "tubes", "before": "管", "first": 1, "many": 10}
        ).status_code
        == 422
    )
    strips = hub.get(
        reverse("testing_labels"), {"kind": "tubes", "before": "eq", "first": 1, "many": 25}
    ).content.decode()
    assert (strips.count('class="strip'), strips.count('class="bars"')) == (3, 25)
    assert "EQ00025" in strips
    sheet = words_of(hub.get(reverse("testing_box_sheet", args=[BOX])))
    assert "样本 2 管， 2 人" in sheet
    assert "T1" in sheet
    assert hub.get(reverse("testing_paper_sheet")).status_code == 200
    speed = words_of(hub.get(reverse("samples_speed")))
    for words in ("电力楼院一号点", "最近十分钟", "跟得上", "采样到出结果要几小时"):
        assert words in speed


def test_who_was_swabbed_beside_is_known_to_case_investigation_and_ledgers_have_their_numbers(table):
    for number, (tube, minute) in enumerate([("T1", 0), ("T1", 1), ("T2", 2), ("T2", 3), ("T9", 40)]):
        table.swab("采样孙", tube, table.people[number], when=at(21, 9, minute))
    table.send("采样孙")
    day = clock.day_of(clock.now())
    with scope([XIANGYUN]):
        traced = Traced(table.people[1], 0, "", day, day)
        found = [(one.how, one.person, one.near) for tracer in TRACERS for one in tracer(traced)]
        fields = {field.key: field for field in FIELDS}
        rows = list(Person.objects.filter(pk__in=table.people[:6]).order_by("area_code"))
        tubes = fields["testing.tube"].source(rows, clock.now())
        assert fields["testing.swabs_day"].source(XIANGYUN).count() == 5
        assert [fields["testing.swabs_day"].recorded(area) for area in (XIANGYUN, JIANXIN)] == [True, False]
    first, _self, third, fourth, *_rest = table.people
    assert found == [("同管 T1", first, True), ("排在后面", third, True), ("排在后面", fourth, True)]
    assert tubes == ["T1", "T1", "T2", "T2", "T9", None]


def test_those_to_be_tested_are_those_who_were_and_those_who_were_not(table):
    with scope([XIANGYUN]):
        who = Person.objects.filter(pk__in=table.people).annotate(subject=F("id"), about=NOTHING)
        plan(SWAB, who, Window(at(21, 5), at(22, 24)), at=at(21, 5))
    for person in table.people[:3]:
        table.swab("采样孙", "T1", person)
    table.send("采样孙")
    now, fields = clock.now(), {field.key: field for field in FIELDS}
    with scope([XIANGYUN]):
        numbers = [
            fields[f"testing.{key}"].source(XIANGYUN).filter(happened_at__lte=now, gone_at__gt=now).count()
            for key in ("to_test", "tested", "not_tested")
        ]
    assert numbers == [len(table.people), 3, len(table.people) - 3]


def test_the_hub_has_its_own_role_and_who_drives_or_tests_sees_the_boxes_alone(table, newcomer):
    """中转员: counts, says why, reconciles, prints; a courier and a laboratory find a box and learn nobody's door."""
    tell_a_day(table, "X1", ("T1", "T2"))
    table.swab("采样钱", "T3", table.people[5], when=at(21, 9, 5))
    table.tell("采样钱", "testing.box_tube", box="X1", tube="T3", when=at(21, 9, 22))
    for who in table.phones:
        table.send(who)
    box, tube = reverse("testing_box", args=[BOX]), reverse("testing_tube", args=[row_of("tube", "T1")])
    told = {"difference": "seal_count", "tube": "", "reason": "后来放进去的"}
    acts = [(reverse(f"testing_box_{act}", args=[BOX]), told) for act in ("explain", "said", "reconcile")]
    only_hub = [
        reverse("samples_account", args=[table.round.pk]),
        reverse("samples_speed"),
        reverse("testing_labels"),
    ]
    for role in ("courier", "laboratory"):
        client = newcomer(role, XIANGYUN)
        shown = words_of(client.get(reverse("samples"))) + words_of(client.get(box))
        assert "X1" in shown
        assert "数对不上" not in shown
        assert "核对完" not in shown
        assert "1-1-101" not in words_of(client.get(tube))
        assert [client.post(address, typed).status_code for address, typed in acts] == [403] * 3
        assert [client.get(address).status_code for address in only_hub] == [403] * 3
        assert "T1" in words_of(
            client.get(reverse("results_waiting"))
        )  # the laboratory's worklist: codes and counts
        assert client.get(reverse("results")).status_code == 403
    hub = newcomer("hub", XIANGYUN)
    assert [hub.get(address).status_code for address in only_hub] == [200] * 3
    assert "数对不上" in words_of(hub.get(box))
    assert hub.post(*acts[0]).status_code == 302
    assert "1-1-101" not in words_of(hub.get(tube))
    assert hub.get(reverse("living")).status_code == 403


def test_a_phone_for_the_hub_is_given_out_at_the_desk_though_nobody_there_answers_for_doors(street, newcomer):
    secretary, now = newcomer("secretary", XIANGYUN), clock.now()
    with scope([XIANGYUN]):
        who = Helper.objects.create(area_code=XIANGYUN, name="中转吴", added_at=now)
    page = reverse("device_new")
    assert "中转员" in words_of(secretary.get(page))
    told = {"helpers": [who.pk], "role": "hub", "way": "screen", "label": "中转站一号"}
    assert "现在没有负责的地方" in words_of(secretary.post(page, told))
    assert secretary.post(page, told | {"area": JIANXIN}).status_code == 422
    assert "用手机扫这个码" in words_of(secretary.post(page, told | {"area": XIANGYUN}))
    with scope([XIANGYUN]):
        made = Enrolment.objects.get()
    assert (made.role, made.area_codes) == ("hub", [XIANGYUN])
