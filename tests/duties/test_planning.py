"""Making duties, at its edges."""

from django.db.models import Sum

from shouwang.access.scope import scope
from shouwang.duties.models import Count, Duty
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_end
from shouwang.lib.ids import uuid7
from shouwang.screening.duties import VISIT, doors
from tests.world import MORNING, XIANGYUN


def test_where_nobody_owes_nothing_is_planned(world):
    nobody = doors(XIANGYUN, XIANGYUN + "~", {}).filter(pk__in=[])
    with scope([XIANGYUN]):
        assert plan(VISIT, nobody, Window(MORNING, day_end(MORNING)), at=MORNING) == 0
        assert not Duty.objects.exists()


def test_what_somebody_owes_already_is_passed_over_by_a_new_batch_and_by_the_same(world):
    window, first, second = Window(MORNING, day_end(MORNING)), uuid7(MORNING), uuid7(MORNING)
    with scope([XIANGYUN]):
        everybody = doors(XIANGYUN, XIANGYUN + "~", {})
        some = list(everybody.order_by("pk").values_list("pk", flat=True)[:2])
        assert plan(VISIT, everybody.filter(pk__in=some), window, at=MORNING, batch=first) == len(some)
        rest = everybody.count() - len(some)
        assert plan(VISIT, everybody, window, at=MORNING, batch=second) == rest
        assert plan(VISIT, everybody, window, at=MORNING, batch=first) == 0
        assert Duty.objects.filter(batch=second).count() == rest > 0
        assert Count.objects.aggregate(all=Sum("amount"))["all"] == len(some) + rest
