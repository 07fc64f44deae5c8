"""What was wrong is owed until somebody else has seen it right; doors are asked a second time by somebody else."""

from datetime import timedelta
from random import Random

import pytest

from shouwang.access.models import User
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.works.works_day import draw_second_visits, owe_works
from shouwang.inspection.looking import (
    NotPutRight,
    NoWords,
    OwnWork,
    PutRightAlready,
    Seen,
    check_again,
    findings,
    look,
    put_right,
)
from shouwang.inspection.models import Draw, SecondVisit
from shouwang.inspection.places import Over, close, closures, give_leave
from shouwang.inspection.second import First, NoAnswer, SamePerson, answer, differs, draw
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep_shipped
from shouwang.screening.actions import Seen as Visited
from shouwang.screening.actions import record_visits
from shouwang.standing.actions import Grounds, SecondPerson, Unfounded
from tests.world import DIANLI, XIANGYUN, at

GROUNDS = Grounds("closed", "聚集场所停业", "区指挥部", "通告〔2022〕3 号", "传染病防治法第四十二条")


@pytest.fixture
def inspector(world):
    return User.objects.create_user("督导", name="督导员孙", created_at=at(20, 0))


def facts(kind):
    return sorted(Duty.objects.filter(kind=kind).values_list("fact", flat=True))


def test_a_finding_goes_round_until_somebody_else_has_seen_it_right(world, inspector):
    by, once = world.users["书记刘"], uuid7(at(21, 10))
    with scope([XIANGYUN]):
        seen = Seen(DIANLI, "gate", "东门", ["register", "roster", "no such"], due_at=at(21, 12), id=once)
        for _twice in range(2):
            look(seen, by=inspector, at=at(21, 10))
        other, one = findings(XIANGYUN, "open")
        assert (one.owner.name, one.words, one.where) == ("王网格", "没有登记，或者登记不全", "东门")
        with pytest.raises(NotPutRight):
            check_again(one.pk, right=True, by=inspector, at=at(21, 11))
        with pytest.raises(NoWords):
            put_right(one.pk, words=" ", by=by, at=at(21, 11))
        put_right(one.pk, words="登记本补上了", by=by, at=at(21, 11))
        with pytest.raises(PutRightAlready):
            put_right(one.pk, words="又一次", by=by, at=at(21, 11))
        with pytest.raises(OwnWork):
            check_again(one.pk, right=True, by=by, at=at(21, 12))
        assert (facts("inspection.put_right"), facts("inspection.check_again")) == (
            ["done", "owed"],
            ["owed"],
        )
        check_again(one.pk, right=False, by=inspector, at=at(21, 14))
        again = findings(XIANGYUN, "open").exclude(pk=other.pk).get()
        assert (again.again, again.words) == (one, one.words)
        put_right(again.pk, words="这次真的补了", by=by, at=at(21, 15))
        check_again(again.pk, right=True, by=inspector, at=at(21, 16))
        assert facts("inspection.check_again") == ["done", "done"]


def test_some_of_yesterdays_doors_are_asked_again_and_a_difference_is_a_finding(world, inspector):
    by = world.users["书记刘"]
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(20, 0)), reason="启用", by=None, at=at(20, 0))
        doors = world.ids("电力楼院 1-1-101", "电力楼院 1-1-102")
        record_visits([Visited(door, at(21, 9), people_count=3) for door in doors], by=by, at=at(21, 9))
        assert draw_second_visits(XIANGYUN, now=at(21, 20)) == 0
        assert owe_works(XIANGYUN, now=at(22, 0, 5)) == 1
        assert owe_works(XIANGYUN, now=at(22, 0, 15)) == 0
        assert (Draw.objects.get().doors, Draw.objects.get().drawn) == (2, 1)
        row = SecondVisit.objects.get()
        with pytest.raises(SamePerson):
            answer(row.pk, people=3, was_visited=True, by=by, at=at(22, 9))
        with pytest.raises(NoAnswer):
            answer(row.pk, people=None, was_visited=True, by=inspector, at=at(22, 9))
        row = answer(row.pk, people=2, was_visited=True, by=inspector, at=at(22, 9))
        assert differs(row) == "抽查再访：第一次记 3 人，这次 2 人"
        assert findings(XIANGYUN, "open").get().words == differs(row)
        assert facts("inspection.second_visit") == ["done"]


@pytest.mark.parametrize(("visited", "drawn"), [(1, 1), (20, 1), (21, 2), (100, 5)])
def test_five_of_a_hundred_are_drawn_and_no_door_twice(world, visited, drawn):
    doors = list(world.doors.values())
    with scope([XIANGYUN]):
        told = [
            First(uuid7(at(21, 9)), doors[number % 12].pk + number * 0, XIANGYUN, at(21, 9), None, 2)
            for number in range(min(visited, 12))
        ]
        assert draw(XIANGYUN, at(21, 0).date(), told, percent=5, at=at(22, 0), chance=Random(1)) == 1
        assert SecondVisit.objects.values("household").distinct().count() == SecondVisit.objects.count()


def test_a_place_works_again_at_its_time_or_by_somebodys_leave(world, inspector):
    by, shop = world.users["书记刘"], world.places["刘记商铺"]
    with scope([XIANGYUN]):
        with pytest.raises(SecondPerson):
            close(shop.pk, GROUNDS, until=at(24, 0), proposed_by=by, by=by, at=at(21, 9))
        empty = Grounds("closed", "", "", "", "")
        with pytest.raises(Unfounded):
            close(shop.pk, empty, until=at(24, 0), proposed_by=inspector, by=by, at=at(21, 9))
        row = close(shop.pk, GROUNDS, until=at(24, 0), proposed_by=inspector, by=by, at=at(21, 9))
        assert not closures(XIANGYUN, now=at(24, 0)).exists()
        assert closures(XIANGYUN, now=at(24, 0) - timedelta(seconds=1)).get() == row
        give_leave(row.pk, authority="区商务局", document="", reason="保供单位", by=by, at=at(22, 9))
        assert not closures(XIANGYUN, now=at(22, 9)).exists()
        with pytest.raises(Over):
            give_leave(row.pk, authority="区商务局", document="", reason="再来", by=by, at=at(22, 10))
