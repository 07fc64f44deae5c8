"""A building is sealed with an open fire exit, a key and an end, or not at all."""

from dataclasses import replace
from datetime import date

import pytest
from msgspec import structs

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.isolation.buildings.endings import conditions, ready_on
from shouwang.isolation.buildings.exits import check_exit, let_out
from shouwang.isolation.buildings.longer import LongerWaits, approve_longer, propose_longer
from shouwang.isolation.buildings.seals import (
    NobodyWithTheKey,
    NoEnd,
    NotABuilding,
    NothingToApprove,
    NoWayOut,
    Opened,
    SealedAlready,
    WayOut,
    approve,
    open_again,
    propose,
    sealed_now,
    withdraw,
)
from shouwang.isolation.daily import plan_day
from shouwang.isolation.models import MedicalExit
from shouwang.plans.form.fieldwork import ZoneEnding
from shouwang.plans.loader import load, shipped
from shouwang.standing.actions import Grounds, SecondPerson, Unfounded
from tests.world import BUILDING_1, XIANGYUN, World, at

GROUNDS = Grounds("case", "楼内发现病例", "区防控指挥部", "20号", "传染病防治法第四十一条")
WAY_OUT = WayOut("一楼北侧消防门", True, "物业 郑师傅", "13900000999")
NINTH = load(shipped()["covid_9th"])


def proposed(world: World, **changes):
    said = {
        "area": BUILDING_1, "zone": "high", "grounds": GROUNDS, "way_out": WAY_OUT, "until": at(28, 0),
        "by": world.users["书记刘"], "at": at(21, 9), **changes,
    }  # fmt: skip
    return propose(said.pop("area"), said.pop("zone"), said.pop("grounds"), said.pop("way_out"), **said)


def sealed(world: World):
    return approve(proposed(world).pk, exit_open=True, by=world.users["李楼长"], at=at(21, 9))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"area": XIANGYUN}, NotABuilding),
        ({"way_out": replace(WAY_OUT, exit_open=False)}, NoWayOut),
        ({"way_out": replace(WAY_OUT, key_holder=" ")}, NobodyWithTheKey),
        ({"way_out": replace(WAY_OUT, key_phone="没有")}, NobodyWithTheKey),
        ({"until": at(21, 9)}, NoEnd),
        ({"grounds": replace(GROUNDS, document="")}, Unfounded),
    ],
)
def test_what_is_missing_is_said(world, changes, refusal):
    with scope([XIANGYUN]), pytest.raises(refusal):
        proposed(world, **changes)


def test_a_seal_needs_two_and_ends_by_itself(world):
    with scope([XIANGYUN]):
        asked = proposed(world)
        door = world.doors["电力楼院 1-1-101"].area_code
        assert sealed_now(door, now=at(21, 10)) is None  # asked for is not closed
        with pytest.raises(SecondPerson):
            approve(asked.pk, exit_open=True, by=world.users["书记刘"], at=at(21, 9))
        with pytest.raises(NoWayOut):
            approve(asked.pk, exit_open=False, by=world.users["李楼长"], at=at(21, 9))
        closed = approve(asked.pk, exit_open=True, by=world.users["李楼长"], at=at(21, 9))
        with pytest.raises(SealedAlready):
            proposed(world)
        with pytest.raises(NothingToApprove):
            withdraw(closed.pk, reason="不封了", by=world.users["李楼长"], at=at(21, 9))
        assert sealed_now(door, now=at(27, 23, 59)) == closed
        assert sealed_now(door, now=at(28, 0)) is None
        assert sealed_now(world.doors["电力楼院 2-1-101"].area_code, now=at(22, 0)) is None


def test_longer_only_in_writing_before_the_end_and_on_the_word_of_two(world):
    with scope([XIANGYUN]):
        closed, clerk, other = sealed(world), world.users["书记刘"], world.users["李楼长"]
        words = {"reason": "又有一例", "document": "23号", "by": clerk}
        asked = propose_longer(closed.pk, until=at(30, 0), at=at(26, 9), **words)
        with pytest.raises(LongerWaits):
            propose_longer(closed.pk, until=at(29, 0), at=at(26, 9), **words)
        with pytest.raises(SecondPerson):
            approve_longer(asked.pk, by=clerk, at=at(27, 9))
        with pytest.raises(Opened):
            approve_longer(asked.pk, by=other, at=at(28, 0))  # too late: it is open
        assert sealed_now(BUILDING_1, now=at(28, 0)) is None
        assert approve_longer(asked.pk, by=other, at=at(27, 23)).until == at(30, 0)
        assert sealed_now(BUILDING_1, now=at(29, 23)) == closed


def test_the_exit_is_walked_to_twice_a_day_and_a_blocked_one_stays_owed(world):
    with scope([XIANGYUN]):
        closed = sealed(world)
        plan_day(XIANGYUN, date(2022, 4, 22), rules=NINTH, at=at(22, 0, 1))
        owed = Duty.objects.filter(kind="isolation.exit_check")
        assert [one.fact for one in owed] == ["owed", "owed"]
        by = world.users["李楼长"]
        check_exit(closed.pk, passable=False, checked_at=at(22, 8), by=by, at=at(22, 8), note="堆了自行车")
        assert owed.filter(fact="done").count() == 0
        check_exit(closed.pk, passable=True, checked_at=at(22, 9), by=by, at=at(22, 9))
        assert owed.filter(fact="done").count() == 1
        open_again(closed.pk, reason="三条都满足", by=by, at=at(22, 10))
        assert sorted(one.fact for one in owed.all()) == ["done", "void"]
        with pytest.raises(Opened):
            open_again(closed.pk, reason="三条都满足", by=by, at=at(22, 11))


def test_nobody_is_kept_from_a_doctor(world):
    with scope([XIANGYUN]):
        sealed(world)
        let_out(
            BUILDING_1, why="doctor", who="1-1-101", left_at=at(22, 3), by=None, at=at(22, 3), transport="120"
        )
        assert MedicalExit.objects.get().transport == "120"


THREE = structs.replace(
    NINTH.zones["high"],
    endings=(ZoneEnding(clean_days=7, contacts_clear_days=5, negative_round_within_days=2),),
)


@pytest.mark.parametrize(
    ("days", "holds", "ready"),
    [
        ((14, 16, 20), [True, True, True], 21),
        ((17, 16, 20), [False, True, True], 24),  # two of three hold; the third on the 24th
        ((17, None, 20), [False, None, True], None),
        ((14, 16, 18), [True, True, False], None),  # a round that is too old counts no more
    ],
)
def test_the_end_is_a_checklist_that_says_from_when(days, holds, ready):
    case, contacts, clean = (date(2022, 4, day) if day else None for day in days)
    found = conditions(
        THREE, last_case_on=case, contacts_clear_on=contacts, clean_round_on=clean, today=date(2022, 4, 21)
    )
    assert [one.holds for one in found] == holds
    assert ready_on(found, date(2022, 4, 21)) == (date(2022, 4, ready) if ready else None)
