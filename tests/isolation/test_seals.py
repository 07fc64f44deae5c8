"""A building is sealed with an open fire exit, a key and an end, or not at all."""

from dataclasses import replace
from datetime import date

import pytest

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.isolation.daily import plan_day
from shouwang.isolation.models import MedicalExit
from shouwang.isolation.seals import (
    NobodyWithTheKey,
    NoEnd,
    NotABuilding,
    NoWayOut,
    Opened,
    SealedAlready,
    WayOut,
    check_exit,
    conditions,
    let_out,
    open_again,
    seal,
    sealed_now,
)
from shouwang.plans.loader import load, shipped
from shouwang.standing.actions import Grounds, SecondPerson, Unfounded
from tests.world import BUILDING_1, XIANGYUN, World, at

GROUNDS = Grounds("case", "楼内发现病例", "区防控指挥部", "20号", "传染病防治法第四十一条")
WAY_OUT = WayOut("一楼北侧消防门", True, "物业 郑师傅", "13900000999")
NINTH = load(shipped()["covid_9th"])


def sealed(world: World, **changes):
    said = {
        "area": BUILDING_1, "zone": "high", "grounds": GROUNDS, "way_out": WAY_OUT, "until": at(28, 0),
        "proposed_by": world.users["书记刘"], "by": world.users["李楼长"], "at": at(21, 9), **changes,
    }  # fmt: skip
    return seal(said.pop("area"), said.pop("zone"), said.pop("grounds"), said.pop("way_out"), **said)


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
        sealed(world, **changes)


def test_a_seal_needs_two_and_ends_by_itself(world):
    with scope([XIANGYUN]):
        with pytest.raises(SecondPerson):
            sealed(world, by=world.users["书记刘"])
        closed = sealed(world)
        with pytest.raises(SealedAlready):
            sealed(world)
        door = world.doors["电力楼院 1-1-101"].area_code
        assert sealed_now(door, now=at(27, 23, 59)) == closed
        assert sealed_now(door, now=at(28, 0)) is None
        assert sealed_now(world.doors["电力楼院 2-1-101"].area_code, now=at(22, 0)) is None


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


@pytest.mark.parametrize(
    ("last_case_on", "holds", "holds_from"),
    [(date(2022, 4, 14), True, 21), (date(2022, 4, 17), False, 24), (None, None, None)],
)
def test_the_end_is_a_checklist_that_says_from_when(last_case_on, holds, holds_from):
    found = conditions(
        NINTH.zones["high"],
        last_case_on=last_case_on,
        contacts_clear_on=None,
        round_clean=None,
        today=date(2022, 4, 21),
    )
    assert [(one.holds, one.holds_from and one.holds_from.day) for one in found] == [(holds, holds_from)]
