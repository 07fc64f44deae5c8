"""A name behind every door: given, ended, handed over, found by whoever is nearest."""

from datetime import timedelta

import pytest

from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Helper, Household, Responsibility
from shouwang.register.responsibility import (
    AlreadyEnded,
    HasLeft,
    NotARole,
    NothingToHandOver,
    ToThemselves,
    end,
    give,
    give_to_grid,
    hand_over,
    make_grid,
    unanswered,
    who_answers,
)
from tests.world import BUILDING_1, BUILDING_2, CHUNHUI, DIANLI, JIANXIN, MORNING, XIANGYUN, World

NOON = MORNING + timedelta(hours=4)
ROLES = ("unit_lead", "building_lead", "grid_lead", "cadre")


def names(world: World, *doors: str) -> list[str]:
    codes = [world.doors[door].area_code for door in doors]
    found = who_answers(codes, ROLES, now=NOON)
    return [found[code].name for code in codes]


def test_the_nearest_helper_answers_whatever_the_role(world: World) -> None:
    with scope([XIANGYUN]):
        assert names(world, "电力楼院 1-1-101", "电力楼院 2-1-101", "春晖新村 1-101") == [
            "李楼长",
            "王网格",
            "张干部",
        ]
        unit = world.doors["电力楼院 1-2-101"].area_code[:19]
        give(role="unit_lead", helper=world.helpers["张干部"].pk, area_codes=[unit], by=None, at=MORNING)
        assert names(world, "电力楼院 1-2-102", "电力楼院 1-1-102") == ["张干部", "李楼长"]


def test_in_one_area_the_first_of_the_roles_counts(world: World) -> None:
    with scope([XIANGYUN]):
        give(role="cadre", helper=world.helpers["张干部"].pk, area_codes=[BUILDING_1], by=None, at=MORNING)
        code = world.doors["电力楼院 1-1-101"].area_code
        assert who_answers([code], ("cadre", "building_lead"), now=NOON)[code].name == "张干部"
        assert who_answers([code], ("building_lead", "cadre"), now=NOON)[code].name == "李楼长"


def test_doors_with_nobody_are_listed(world: World) -> None:
    with scope([XIANGYUN]):
        assert [str(door) for door in unanswered(CHUNHUI, ("building_lead", "grid_lead"), now=NOON)] == [
            "1-101", "1-102", "1-201",
        ]  # fmt: skip
        assert unanswered(XIANGYUN, ("cadre",), now=NOON) == []
        Helper.objects.filter(name="张干部").update(left_at=MORNING)
        assert len(unanswered(XIANGYUN, ("cadre",), now=NOON)) == Household.objects.count()


def test_all_of_somebodys_areas_go_to_another_at_once(world: World) -> None:
    li, zhang = world.helpers["李楼长"].pk, world.helpers["张干部"].pk
    with scope([XIANGYUN]):
        give(role="building_lead", helper=li, area_codes=[BUILDING_2], by=None, at=MORNING)
        give(role="building_lead", helper=zhang, area_codes=[BUILDING_2], by=None, at=MORNING)
        assert hand_over(from_helper=li, to_helper=zhang, by=world.users["书记刘"], at=NOON) == 2
        held = Responsibility.objects.in_force(NOON).filter(role="building_lead")
        assert set(held.values_list("area_code", "helper_id")) == {(BUILDING_1, zhang), (BUILDING_2, zhang)}
        assert held.count() == 2
        with pytest.raises(NothingToHandOver):
            hand_over(from_helper=li, to_helper=zhang, by=None, at=NOON)
        with pytest.raises(ToThemselves):
            hand_over(from_helper=li, to_helper=li, by=None, at=NOON)
        assert Audit.objects.filter(action="register.hand_over").count() == 0  # of all areas: seen from above
    with scope([""]):
        line = Audit.objects.get(action="register.hand_over")
        assert (line.user, line.about["areas"]) == (world.users["书记刘"], 2)


def test_nobody_hands_over_what_lies_outside_their_scope(world: World) -> None:
    li, wang = world.helpers["李楼长"].pk, world.helpers["王网格"].pk
    with scope([JIANXIN]), pytest.raises(NotInScope):
        hand_over(from_helper=li, to_helper=wang, by=None, at=NOON)
    with scope([XIANGYUN]):
        assert names(world, "电力楼院 1-1-101") == ["李楼长"]


def test_what_ended_is_ended_once_and_the_gone_get_nothing(world: World) -> None:
    with scope([XIANGYUN]):
        held = Responsibility.objects.get(role="building_lead")
        assert end([held.pk], by=None, at=NOON) == 1
        with pytest.raises(AlreadyEnded):
            end([held.pk], by=None, at=NOON)
        assert names(world, "电力楼院 1-1-101") == ["王网格"]
        Helper.objects.filter(name="李楼长").update(left_at=MORNING)
        with pytest.raises(HasLeft):
            give(role="building_lead", helper=held.helper_id, area_codes=[BUILDING_1], by=None, at=NOON)
        with pytest.raises(NotARole):
            give(role="king", helper=held.helper_id, area_codes=[BUILDING_1], by=None, at=NOON)


def test_a_grid_is_written_out_and_its_lead_follows_it(world: World) -> None:
    li = world.helpers["李楼长"].pk
    with scope([XIANGYUN]):
        grid = make_grid(
            name="第一网格", area_code=XIANGYUN, area_codes=[BUILDING_2, CHUNHUI], by=None, at=MORNING
        )
        give_to_grid(role="grid_lead", helper=li, grid=grid.pk, by=None, at=MORNING)
        assert names(world, "春晖新村 1-101", "电力楼院 2-1-101") == ["李楼长", "李楼长"]
        make_grid(name="第一网格", area_code=XIANGYUN, area_codes=[BUILDING_2, BUILDING_1], by=None, at=NOON)
        held = Responsibility.objects.in_force(NOON).filter(grid=grid).values_list("area_code", flat=True)
        assert set(held) == {BUILDING_1, BUILDING_2}
        assert names(world, "春晖新村 1-101") == ["张干部"]


def test_a_refusal_is_a_sentence(world: World) -> None:
    with scope([XIANGYUN]), pytest.raises(Refusal, match="没有“king”这种负责人"):
        give(role="king", helper=world.helpers["李楼长"].pk, area_codes=[DIANLI], by=None, at=MORNING)
