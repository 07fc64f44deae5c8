"""The list desk from arrival to return, under row-level security, with the clock that the test sets."""

import csv
import io
from collections.abc import Iterator
from uuid import UUID

import pytest

from shouwang.access.scope import scope
from shouwang.duties.board import board
from shouwang.duties.models import Duty
from shouwang.flows.end_of_day import close_day
from shouwang.flows.first_message import first_messages
from shouwang.flows.move_household import move_people
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Person
from shouwang.screening.lists.asking import Told, record_checks, record_try, see_doctor, take_back
from shouwang.screening.lists.deciding import AlreadySettled, WhereTo, choose, enter, not_ours, not_these
from shouwang.screening.lists.models import Inquiry, ListRow, Referral
from shouwang.screening.lists.receiving import Received, receive
from shouwang.screening.lists.returning import return_list
from tests.world import DIANLI, XIANGYUN, World, at

ARRIVED = at(20, 21, 40)
HEADINGS = "姓名,身份证号,手机号,现住址,出发地,到达时间\n"
BIRTH = {"程文": "990101196205210078", "石兰": "990101198803011123", "罗平": "990101197707070217"}


@pytest.fixture
def known(world: World) -> Iterator[dict[str, Person]]:
    """Three residents whom lists speak of; everything happens inside the community's scope."""
    with scope([XIANGYUN], by=world.users["书记刘"]):
        homes = {"程文": "电力楼院 1-1-101", "石兰": "电力楼院 1-1-101", "罗平": "电力楼院 2-1-201"}
        phones = {"程文": "13900000101", "石兰": "13900000102", "罗平": "13900000201"}
        yield {
            name: add_person(
                world.doors[door].pk,
                Newcomer(name=name, id_number=BIRTH[name], phone=phones[name]),
                by=None,
                at=at(1, 8),
            )
            for name, door in homes.items()
        }


def listed(*rows: str, sender: str = "指挥部", arrived=ARRIVED, hours: float = 24) -> Received:
    content = (f"{sender}推送名单\n" + HEADINGS + "\n".join(rows) + "\n").encode("gb18030")
    return receive(
        content,
        f"{sender}.csv",
        area=XIANGYUN,
        sender=sender,
        by=None,
        at=arrived,
        arrived_at=arrived,
        hours=hours,
    )


def row(name: str, phone: str = "", door: str = "", when: str = "2022-04-18") -> str:
    return f"{name},{BIRTH.get(name, '')},{phone},{door},上海,{when}"


def met(inquiry: UUID, moment, **said: object) -> list:
    return record_checks([Told(inquiry=inquiry, at=moment, channel="phone", **said)], by=None, at=moment)


def states(name: str = "screening.list_row") -> list[str]:
    return sorted(Duty.objects.filter(kind=name).exclude(fact="void").values_list("fact", flat=True))


def test_who_is_on_two_lists_is_asked_once_and_told_once(known):
    first = listed(row("程文"), row("石兰"), sender="铁路")
    second = listed(row("程文"), sender="大数据局")
    assert (first.people, second.people, Inquiry.objects.count()) == (2, 1, 2)
    sent = first_messages([first.list.pk, second.list.pk], by=None, at=ARRIVED)
    assert (len(sent.new), len(sent.unreachable)) == (2, 0)
    assert first_messages([second.list.pk], by=None, at=ARRIVED).new == []
    asked = Inquiry.objects.get(person=known["程文"])
    met(asked.pk, at(21, 9))
    assert states() == ["done", "done", "owed"]


def test_a_family_on_one_phone_has_one_message(known, world):
    door = world.doors["电力楼院 1-1-101"].pk
    add_person(door, Newcomer(name="程小文", phone="13900000101"), by=None, at=at(1, 8))
    arrived = listed(
        row("程文"), "程小文,,13900000101,电力楼院1-1-101,上海,2022-04-18", "无电话,,,电力楼院1-1-102,上海,"
    )
    sent = first_messages([arrived.list.pk], by=None, at=ARRIVED)
    assert (len(sent.new), len(sent.unreachable)) == (1, 1)
    assert Inquiry.objects.exclude(messaged_at=None).count() == 2


def test_who_was_asked_after_the_journey_is_not_asked_again(known):
    asked = listed(row("程文"), sender="铁路").list.rows.get().inquiry_id
    met(asked, at(21, 9))
    later = listed(row("程文"), sender="大数据局", arrived=at(21, 20))
    again = listed(row("程文", when="2022-04-23"), sender="公安", arrived=at(24, 20))
    assert (later.before, again.before) == (1, 0)  # a new journey is a new question
    assert states() == ["done", "done", "owed"]


def test_a_mistake_taken_back_is_owed_again_on_every_list(known):
    listed(row("程文"), sender="铁路")
    asked = listed(row("程文"), sender="大数据局").list.rows.get().inquiry_id
    check = met(asked, at(21, 9))[0]
    assert states() == ["done", "done"]
    take_back(check.pk, reason="打错人了", by=None, at=at(21, 10))
    assert states() == ["owed", "owed"]


def test_nobody_reached_is_a_try_for_every_list_and_the_next_hour(known):
    listed(row("程文"), sender="铁路")
    asked = listed(row("程文"), sender="大数据局").list.rows.get().inquiry_id
    noon = at(21, 11, 30).time()
    again = record_try(asked, outcome="no_reply", tried_at=at(21, 9), hours=[noon], by=None, at=at(21, 9))
    assert again == at(21, 11, 30)
    with pytest.raises(Exception, match="还没到"):
        record_try(asked, outcome="no_reply", tried_at=at(22, 9), hours=[noon], by=None, at=at(21, 9))


def test_a_person_chosen_by_hand_brings_the_rows_together(known):
    listed(row("程文"), sender="铁路")
    stranger = listed("兰,,13900000777,,上海,2022-04-18", sender="公安").list.rows.get()
    assert stranger.outcome == "new"
    assert stranger.area_code == XIANGYUN
    choose(stranger.inquiry_id, known["程文"].pk, by=None, at=at(21, 9))
    assert Inquiry.objects.count() == 1
    owed = Duty.objects.get(about=stranger.pk, void_at=None)
    assert owed.area_code == known["程文"].area_code
    met(Inquiry.objects.get().pk, at(21, 10))
    assert states() == ["done", "done"]
    same = listed("兰,,13900000777,,北京,2022-04-25", sender="铁路", arrived=at(26, 9)).list.rows.get()
    assert (same.outcome, same.why) == ("found", ["decided"])  # what somebody decided holds for the next list


def test_not_this_person_is_remembered(known):
    found = listed(row("程文")).list.rows.get()
    not_these(found.inquiry_id, [known["程文"].pk], by=None, at=at(21, 9))
    found.refresh_from_db()
    assert found.outcome == "new"
    assert [one["refused"] for one in found.candidates] == [True]
    assert Duty.objects.get(about=found.pk, void_at=None).area_code == XIANGYUN
    again = listed(row("程文"), sender="公安").list.rows.get()
    assert known["程文"].pk not in [one["person"] for one in again.candidates]
    met(again.inquiry_id, at(21, 10))
    with pytest.raises(AlreadySettled):
        not_these(again.inquiry_id, [known["石兰"].pk], by=None, at=at(21, 11))


def test_somebody_new_is_entered_from_the_row(known, world):
    stranger = listed("唐宁,990101199005050034,13900000555,,武汉,2022-04-18").list.rows.get()
    made = enter(stranger.inquiry_id, world.doors["春晖新村 1-101"].pk, by=None, at=at(21, 9))
    assert made.person.name == "唐宁"
    assert made.person.from_place == "武汉"
    assert ListRow.objects.get(pk=stranger.pk).area_code == made.person.area_code
    assert listed("唐宁,990101199005050034,,,,", sender="公安").outcomes == {"found": 1}


def test_who_is_not_ours_needs_a_place_and_a_reason(known):
    away = listed("何东,,13900000666,建新社区3号楼2单元501,上海,2022-04-18").list.rows.get()
    with pytest.raises(WhereTo):
        not_ours([away.inquiry_id], reason="", to_whom="建新社区", by=None, at=at(21, 9))
    not_ours([away.inquiry_id], reason="住址在建新社区", to_whom="建新社区", by=None, at=at(21, 9))
    assert states() == ["done"]


def test_who_moves_is_asked_about_at_the_new_door(known, world):
    asked = listed(row("程文")).list.rows.get()
    new_home = world.doors["电力楼院 2-1-101"]
    move_people([known["程文"].pk], new_home.pk, by=None, at=at(21, 9))
    assert Duty.objects.get(about=asked.pk, void_at=None).area_code == new_home.area_code
    assert Inquiry.objects.get().area_code == new_home.area_code


def test_the_ill_see_a_doctor_and_the_watched_are_asked_again(known):
    from shouwang.plans.loader import load, shipped

    plan = load(shipped()["covid_2020"])
    rows = {one.name: one.inquiry_id for one in listed(row("程文"), row("罗平")).list.rows.all()}
    ill = Told(inquiry=rows["程文"], at=at(21, 9), channel="door", symptoms=("干咳",), told_to="街道防疫办")
    watched = Told(inquiry=rows["罗平"], at=at(21, 9), channel="phone", category="other_province")
    record_checks([ill, watched], by=None, at=at(21, 9), plan_now=plan)
    referral = Referral.objects.get()
    assert referral.due_at == at(21, 11)  # the plan's two hours
    assert states("screening.referral") == ["owed"]
    see_doctor(referral.pk, seen_at=at(21, 10, 30), hospital="市一院发热门诊", by=None, at=at(21, 12))
    assert states("screening.referral") == ["done"]
    follow_ups = Duty.objects.filter(kind="screening.follow_up").order_by("due_at")
    assert follow_ups.first().opens_at == at(22, 0)
    met(rows["罗平"], at(22, 10), follow_up=True)
    assert follow_ups.first().fact == "done"
    assert follow_ups.filter(fact="owed").count() == follow_ups.count() - 1


def test_the_same_file_again_is_the_list_that_is_there(known):
    first, again = listed(row("程文")), listed(row("程文"))
    assert again.again
    assert again.list == first.list
    assert states() == ["owed"]


def test_the_senders_file_goes_back_with_every_answer(known):
    received = listed(row("程文"), row("何东", phone="13900000666", door="建新社区3号楼2单元501"))
    rows = {one.name: one.inquiry_id for one in received.list.rows.all()}
    half, _name, _content = return_list(received.list.pk, by=None, at=at(21, 8))
    assert (half.rows, half.settled, states("screening.return")) == (2, 0, ["owed"])
    met(rows["程文"], at(21, 9), note="已打三针")
    not_ours([rows["何东"]], reason="住址在建新社区", to_whom="建新社区", by=None, at=at(21, 9))
    _whole, name, content = return_list(received.list.pk, by=None, at=at(21, 20))
    lines = list(csv.reader(io.StringIO(content.decode("gb18030"))))
    assert name.startswith("指挥部_反馈0421")
    assert lines[1][6:] == ["核查结果", "核查方式", "核查人", "核查时间"]
    assert lines[2][6] == "已核实，住电力楼院1-1-101，已打三针"
    assert lines[3][6] == "非本辖区，转建新社区。住址在建新社区"
    assert states("screening.return") == ["done"]


def test_the_evening_closes_with_what_is_still_open(known, world):
    listed(row("程文"), row("罗平"), hours=2)
    met(Inquiry.objects.get(person=known["程文"]).pk, at(20, 22))
    closed = close_day(XIANGYUN, at(20, 23).date(), now=at(21, 0, 5), by=None, answers={
        "screening.list_row": ("grid_lead", "cadre"), "screening.return": ("cadre",),
    })  # fmt: skip
    carried = {line.duty.kind: line.owner for line in closed.carried.all()}
    assert carried["screening.list_row"] == world.helpers["王网格"]
    assert board(DIANLI, now=at(21, 8))["screening.list_row"].overdue == 1


def test_a_building_lead_sees_the_rows_of_the_building_and_no_other(known):
    listed(row("程文"), row("罗平"), "何东,,13900000666,,上海,2022-04-18")
    with scope([known["程文"].area_code[:17]]):
        assert [one.name for one in ListRow.objects.all()] == ["程文"]
        assert Inquiry.objects.count() == 1
