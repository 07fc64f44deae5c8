"""Three days of 祥云社区: what is owed, tried, done, taken back, moved, merged, carried and closed."""

import pytest

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.duties.models import Account, Carried, DayClose, Duty
from shouwang.duties.plan import NotWaivable, waive
from shouwang.flows.end_of_day import REASON_WORDS
from shouwang.flows.merge_rows import merge_rows, unmerge_rows
from shouwang.flows.move_household import move_door, move_people
from shouwang.lib.codes import child
from shouwang.plans.actions import activate, keep, text_of
from shouwang.plans.form.filled import written
from shouwang.register.models import Area, Person, Residence
from shouwang.screening.actions import Seen, record_visits, void_visit
from shouwang.screening.models import Visit
from tests.stories.telling import Street
from tests.world import CHUNHUI, DIANLI, JIANXIN, XIANGYUN, World, at

ALL_DOORS = 15


def line(street: Street, moment, area: str = XIANGYUN) -> dict:
    lines = street.at(moment, "board", "--area", area)["lines"]
    return lines.get("screening.visit", {})


def open_today(street: Street, moment=at(21, 8), **options: str) -> dict:
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return street.at(moment, "open-round", "--area", XIANGYUN, *words)


def test_a_day_with_everything_done(street: Street, world: World) -> None:
    assert open_today(street)["owed"] == ALL_DOORS
    for minute, door in enumerate(d for d in world.doors if not d.startswith("建新")):
        street.at(at(21, 9, minute), "visit", door, "--met", "户主", "--people", "3")
    assert line(street, at(21, 20)) | {"late": 0} == {
        "owed": 0, "overdue": 0, "done": ALL_DOORS, "late": 0, "waived": 0, "missed": 0, "running": 0, "left": 0, "total": ALL_DOORS,
    }  # fmt: skip
    closed = street.at(at(21, 22), "close-day", "--area", XIANGYUN, "--day", "2022-04-21")
    account = closed["accounts"]["screening.visit"]
    assert (account["opened"], account["done"], account["carried_out"]) == (ALL_DOORS, ALL_DOORS, 0)
    assert closed["carried_because"] == {}
    assert "已经结账" in street.refused(at(21, 23), "close-day", "--area", XIANGYUN, "--day", "2022-04-21")


def test_most_doors_are_left_and_the_close_never_refuses(street: Street, world: World) -> None:
    open_today(street)
    street.at(at(21, 10), "visit", "电力楼院 1-1-101", "--failed", "no_answer")
    street.at(at(21, 10), "visit", "电力楼院 1-1-102", "--failed", "appointed", "--again", "2022-04-22T19:00")
    street.at(at(21, 11), "visit", "电力楼院 1-1-201")
    closed = street.at(at(21, 23), "close-day", "--area", XIANGYUN, "--day", "2022-04-21")
    # The round is due at midnight: at 23 o'clock it is still running and nothing needs a word.
    assert closed["carried_because"] == {}
    assert closed["accounts"]["screening.visit"]["carried_out"] == ALL_DOORS - 1
    closed = street.at(at(23, 0), "close-day", "--area", XIANGYUN, "--day", "2022-04-22")
    assert closed["carried_because"] == {"nobody_home": 1, "appointed": 1, "untold": ALL_DOORS - 3}
    with scope([XIANGYUN]):
        carried = {row.duty.household_id: row for row in Carried.objects.select_related("duty", "owner")}
        tried = carried[world.doors["电力楼院 1-1-102"].pk]
        assert (tried.owner.name, REASON_WORDS[tried.reason]) == ("李楼长", "住户约定")
        assert carried[world.doors["电力楼院 2-1-101"].pk].owner.name == "王网格"
        assert carried[world.doors["春晖新村 1-101"].pk].owner.name == "张干部"
    assert line(street, at(23, 9))["overdue"] == ALL_DOORS - 1


def test_what_was_tried_often_enough_is_handed_to_somebody_else(street: Street, world: World) -> None:
    text = text_of("covid_9th") + written({"screening.max_tries": 2}, because="两委会")
    with scope([XIANGYUN]):
        version = keep(text, file="covid_9th.toml", at=at(21, 7), area=XIANGYUN, filling=1)
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(21, 7))
    open_today(street)
    for door, tries in (("电力楼院 1-1-101", 1), ("电力楼院 1-1-102", 2)):
        for hour in range(tries):
            street.at(at(21, 12 + 6 * hour), "visit", door, "--failed", "no_answer")
    street.at(at(22, 0), "close-day", "--area", XIANGYUN, "--day", "2022-04-21")
    with scope([XIANGYUN]):
        carried = {row.duty.household_id: row for row in Carried.objects.select_related("duty", "owner")}
    assert carried[world.doors["电力楼院 1-1-101"].pk].owner.name == "李楼长"
    assert carried[world.doors["电力楼院 1-1-102"].pk].owner.name == "王网格"


def test_nobody_is_awake_and_the_day_closes_itself(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    open_today(street)
    street.at(at(21, 19), "visit", "春晖新村 1-101")
    monkeypatch.setenv("SHOUWANG_CLOCK", at(22, 0, 5).isoformat())
    jobs.close_days()
    jobs.close_days()
    with scope([XIANGYUN]):
        closing = DayClose.objects.get()
        assert (closing.day, closing.until, closing.closed_by) == (at(21, 0).date(), at(22, 0), None)
        assert Account.objects.get().carried_out == ALL_DOORS - 1
        assert set(Carried.objects.values_list("reason", flat=True)) == {"untold"}
    with scope([JIANXIN]):
        assert not DayClose.objects.exists()


def test_a_late_upload_stands_under_corrections_of_the_day_on_which_it_arrives(
    street: Street, world: World
) -> None:
    open_today(street, lapses="2022-04-22T00:00")
    first = street.at(at(22, 0, 10), "close-day", "--area", XIANGYUN, "--day", "2022-04-21")
    assert first["accounts"]["screening.visit"]["missed"] == ALL_DOORS
    # A phone that had no network hands in at nine what was seen at eight the evening before.
    street.at(at(22, 9), "visit", "春晖新村 1-102", "--at", "2022-04-21T20:00")
    second = street.at(at(22, 23), "close-day", "--area", XIANGYUN, "--day", "2022-04-22")["accounts"][
        "screening.visit"
    ]
    assert (second["corrected"], second["done"], second["carried_in"], second["carried_out"]) == (1, 1, 0, 0)
    with scope([XIANGYUN]):
        assert Account.objects.get(close__day=at(21, 0).date()).missed == ALL_DOORS


def test_striking_a_visit_out_opens_the_duty_again(street: Street, world: World) -> None:
    open_today(street)
    street.at(at(21, 9), "visit", "电力楼院 1-1-101")
    assert line(street, at(21, 10))["done"] == 1
    with scope([XIANGYUN]):
        void_visit(Visit.objects.get().pk, reason="走错门", by=world.users["书记刘"], at=at(21, 11))
    assert line(street, at(21, 12))["left"] == ALL_DOORS
    street.at(at(21, 13), "visit", "电力楼院 1-1-101")
    assert line(street, at(21, 14))["done"] == 1


def test_a_waiver_needs_something_owed_and_a_reason_that_stays(street: Street, world: World) -> None:
    open_today(street)
    street.at(at(21, 9), "visit", "电力楼院 1-1-101")
    with scope([XIANGYUN]):
        duties = Duty.objects.filter(household_id__in=world.ids("春晖新村 1-201"))
        waive(duties, reason="空户，封门", by=world.users["书记刘"], at=at(21, 10))
        with pytest.raises(NotWaivable):
            waive(duties, reason="再免一次", by=world.users["书记刘"], at=at(21, 10))
        with pytest.raises(NotWaivable):
            waive(
                Duty.objects.filter(fact="done"),
                reason="已办的不能免",
                by=world.users["书记刘"],
                at=at(21, 11),
            )
    today = line(street, at(21, 12))
    assert (today["waived"], today["done"], today["left"]) == (1, 1, ALL_DOORS - 2)


def test_a_second_round_asks_again_and_one_visit_serves_both_where_they_overlap(street: Street) -> None:
    open_today(street)
    street.at(at(21, 9), "visit", "电力楼院 1-1-101")
    open_today(street, at(21, 12), title="第二轮", opens="2022-04-21T12:00", due="2022-04-22T12:00")
    before = line(street, at(21, 13))
    assert (before["done"], before["left"], before["running"]) == (1, ALL_DOORS - 1, ALL_DOORS)
    street.at(at(21, 14), "visit", "电力楼院 1-1-102")
    after = line(street, at(21, 15))
    assert (after["done"], after["left"], after["running"]) == (3, ALL_DOORS - 2, ALL_DOORS - 1)


def test_a_door_moves_to_the_next_community_in_the_middle_of_a_round(street: Street, world: World) -> None:
    open_today(street, due="2022-04-23T00:00")
    with scope([""]):
        unit = child(child(child(JIANXIN, 1), 1), 1)
        Area.objects.get_or_create(code=unit, defaults={"level": "unit", "label": "1单元"})
        move_door(world.doors["春晖新村 1-101"].pk, child(unit, 9), by=None, at=at(21, 10))
    ours = street.at(at(22, 0), "close-day", "--area", XIANGYUN, "--day", "2022-04-21")["accounts"][
        "screening.visit"
    ]
    theirs = street.at(at(22, 0), "close-day", "--area", JIANXIN, "--day", "2022-04-21")["accounts"][
        "screening.visit"
    ]
    assert (ours["opened"], ours["moved_out"], ours["carried_out"]) == (ALL_DOORS, 1, ALL_DOORS - 1)
    assert (theirs["moved_in"], theirs["carried_out"]) == (1, 1)


def test_people_move_and_where_they_lived_is_remembered(street: Street, world: World) -> None:
    old, new = world.doors["电力楼院 1-1-101"], world.doors["春晖新村 1-201"]
    with scope([XIANGYUN]):
        person = Person.objects.get(household=old)
        move_people([person.pk], new.pk, by=world.users["书记刘"], at=at(21, 10))
        person.refresh_from_db()
        assert (person.household_id, person.area_code) == (new.pk, new.area_code)
        left = Residence.objects.get(person=person)
        assert (left.kind, left.address, left.area_code, left.until) == (
            "former",
            "1-1-101",
            old.area_code,
            at(21, 10),
        )


def test_two_rows_of_one_door_owe_one_visit_until_they_are_taken_apart(street: Street, world: World) -> None:
    open_today(street)
    lost, kept = world.ids("电力楼院 1-1-101", "电力楼院 1-1-102")
    with scope([XIANGYUN]):
        merged = merge_rows("household", lost=lost, kept=kept, by=world.users["书记刘"], at=at(21, 9))
    assert line(street, at(21, 10))["left"] == ALL_DOORS - 1
    with scope([XIANGYUN]):  # a visit written on the lost row counts for the kept one
        record_visits([Seen(lost, at(21, 10))], by=None, at=at(21, 10))
    assert (line(street, at(21, 11))["done"], line(street, at(21, 11))["left"]) == (1, ALL_DOORS - 2)
    with scope([XIANGYUN]):
        unmerge_rows(merged, by=world.users["书记刘"], at=at(21, 12))
        assert Duty.objects.get(household_id=lost).fact == "done"
        assert Duty.objects.get(household_id=kept).fact == "owed"
    assert (line(street, at(21, 13))["done"], line(street, at(21, 13))["left"]) == (1, ALL_DOORS - 1)


def test_a_correction_of_a_closed_day_leaves_the_closed_account_alone(street: Street, world: World) -> None:
    open_today(street, due="2022-04-23T00:00")
    street.at(at(21, 9), "visit", "电力楼院 1-1-101")
    street.at(at(22, 0), "close-day", "--area", XIANGYUN, "--day", "2022-04-21")
    with scope([XIANGYUN]):
        before = list(Account.objects.values())
        void_visit(Visit.objects.get().pk, reason="走错门", by=None, at=at(22, 9))
    street.at(at(22, 10), "visit", "电力楼院 1-1-102")
    second = street.at(at(23, 0), "close-day", "--area", XIANGYUN, "--day", "2022-04-22")["accounts"][
        "screening.visit"
    ]
    assert (second["carried_in"], second["corrected"], second["done"], second["carried_out"]) == (
        14,
        1,
        1,
        14,
    )
    with scope([XIANGYUN]):
        assert list(Account.objects.filter(close__day=at(21, 0).date()).values()) == before


def test_a_round_of_places_and_a_round_of_some_doors(street: Street, world: World) -> None:
    with scope([XIANGYUN]):
        Person.objects.filter(household=world.doors["电力楼院 2-1-101"].pk).update(helps=["lives_alone"])
    some = street.at(
        at(21, 8), "open-round", "--area", DIANLI, "--only", "help=lives_alone", "--title", "独居老人"
    )
    assert some["owed"] == 1
    places = street.at(at(21, 8), "open-round", "--area", XIANGYUN, "--kind", "screening.place_visit")
    assert places["owed"] == 1
    assert line(street, at(21, 9), CHUNHUI) == {}


def test_the_end_of_a_day_is_said_as_24_o_clock(street: Street) -> None:
    assert open_today(street, due="24:00")["due_at"].startswith("2022-04-22 00:00")
    assert open_today(street, at(21, 9), due="2022-04-22T24:00")["due_at"].startswith("2022-04-23 00:00")


def test_what_cannot_be_gets_a_sentence(street: Street) -> None:
    assert "没有找到" in street.refused(at(21, 9), "visit", "电力楼院 9-9-909")
    assert "看不懂时间" in street.refused(at(21, 9), "visit", "电力楼院 1-1-101", "--at", "昨天")
    assert "还没到" in street.refused(at(21, 9), "visit", "电力楼院 1-1-101", "--at", "2022-04-21T10:00")
    assert "没有编号" in street.refused(at(21, 9), "open-round", "--area", "410103999999")
    assert "截止时间" in street.refused(
        at(21, 9), "open-round", "--area", XIANGYUN, "--due", "2022-04-20T00:00"
    )
    assert "不能提前结账" in street.refused(at(21, 9), "close-day", "--area", XIANGYUN, "--day", "2022-04-22")
