"""The line of the day is what happened, hour by hour, and ends in the very numbers of the board."""

from datetime import timedelta

from django.db import connection

from shouwang.access.scope import scope
from shouwang.duties.board import board, total
from shouwang.duties.close import close
from shouwang.duties.course import HOUR, course
from shouwang.duties.models import Duty
from shouwang.duties.plan import waive
from shouwang.duties.windows import Window
from shouwang.keeping.looks.books import BY_THE_HOUR
from shouwang.lib.clock import midnight
from shouwang.lib.ids import uuid7
from shouwang.screening.actions import Seen, open_round, record_visits, void_visit
from tests.world import BUILDING_1, CHUNHUI, DIANLI, XIANGYUN, at

DOORS = ["电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201", "电力楼院 1-2-101", "春晖新村 1-101"]


def visit(world, door, when, told=None):
    seen = Seen(world.doors[DOORS[door]].pk, when, id=uuid7(when))
    record_visits([seen], by=None, at=told or when)
    return seen.id


def lived(world):
    """Three days: yesterday's round, today's, one that lapses at noon, late doors, a visit struck out, a close."""
    with scope([XIANGYUN]):
        open_round(
            DIANLI,
            kind="screening.visit",
            title="昨",
            window=Window(at(21, 0), at(22, 0)),
            by=None,
            at=at(21, 7, 30),
        )
        visit(world, 0, at(21, 9, 10))
        visit(world, 1, at(21, 18, 59))
        close(XIANGYUN, at(21, 0).date(), now=at(22, 0, 10), propose=lambda duties, until: [])
        window = Window(at(22, 0), at(23, 0), at(23, 0))
        open_round(XIANGYUN, kind="screening.visit", title="今", window=window, by=None, at=at(22, 8))
        noon = Window(at(22, 8), at(22, 11), at(22, 12))
        open_round(CHUNHUI, kind="screening.visit", title="午前", window=noon, by=None, at=at(22, 8, 20))
        visit(world, 2, at(22, 10, 5))  # late for yesterday, in time for today
        void_visit(visit(world, 3, at(22, 10, 30)), reason="录错了门", by=None, at=at(22, 11))
        visit(world, 4, at(22, 11, 30))
        away = Duty.objects.filter(household=world.doors[DOORS[1]], fact="owed")
        waive(away, reason="人在外地", by=world.users["书记刘"], at=at(22, 13))


def recounted(area, now, day, when):
    """What was left and done at a moment of a day, counted from the duties themselves."""
    end = midnight(day.date() + timedelta(days=1))
    left = done = 0
    for duty in Duty.objects.filter(area_code__startswith=area):
        ended = duty.void_at or duty.done_at or duty.waived_at
        if not ended and duty.lapses_at and duty.lapses_at <= now:
            ended = duty.lapses_at
        begun = max(duty.opens_at, duty.booked_at).replace(minute=0)
        ended_hour = ended and ended.replace(minute=0, second=0)
        left += duty.due_at <= end and begun < when and not (ended and ended_hour < when)
        done += duty.fact in ("done", "late") and duty.due_at > day and ended_hour < when
    return left, done


def test_every_hour_is_what_the_duties_say(world):
    lived(world)
    now = at(22, 14, 40)
    for area in (XIANGYUN, DIANLI, BUILDING_1, CHUNHUI):
        with scope([XIANGYUN]):
            found = course(area, now=now)
            assert course(area, now=now, whole=True) == found
            for points, day in ((found.today, at(22, 0)), (found.yesterday, at(21, 0))):
                assert [point.at for point in points[:-1]] == [
                    day + number * HOUR for number in range(len(points) - 1)
                ]
                for point in points:
                    assert (point.left, point.done) == recounted(area, now, day, point.at), (area, point)
            now_is = total(board(area, now=now).values())
            assert (found.today[-1].left, found.today[-1].done) == (now_is.left, now_is.finished)
            assert (found.today[-1].at, found.yesterday[-1].at) == (now, at(22, 0))
    with scope([XIANGYUN]):
        found = course(XIANGYUN, now=now)
        assert found.yesterday[-1].done == 2
        assert found.yesterday[-1].left == 10
        assert max(point.left for point in found.today) > found.today[-1].left


def test_a_building_lead_sees_the_own_line_and_nothing_of_others(world):
    lived(world)
    with scope([BUILDING_1]):
        assert course(XIANGYUN, now=at(22, 14)) == course(BUILDING_1, now=at(22, 14))
        assert course(CHUNHUI, now=at(22, 14)).today[-1].left == 0


def test_only_some_kinds_can_be_asked_for(world):
    lived(world)
    with scope([XIANGYUN]):
        everything = course(XIANGYUN, now=at(22, 14))
        assert course(XIANGYUN, now=at(22, 14), kinds=["screening.visit"]) == everything
        assert {
            p.left + p.done for p in course(XIANGYUN, now=at(22, 14), kinds=["screening.return"]).today
        } == {0}


def test_the_kept_hours_are_the_duties_hours(world, owner):
    lived(world)
    assert owner.execute(BY_THE_HOUR).fetchone() == (0,)
    with scope([XIANGYUN]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(amount) FROM duties_hour WHERE fact = 'owed' AND width = 19")
        assert cursor.fetchone()[1] == Duty.objects.count()
