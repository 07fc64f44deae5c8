"""A day and a half of work, played through the same actions that the pages use.

The night before, a first round was closed with some doors left over; this morning the second one was opened, and at
half past two three doors in five have been seen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shouwang.access.models import User
from shouwang.catalogue import ANSWERS
from shouwang.demo.at_the_door import known_doors, unusual
from shouwang.demo.hands import staff_the_posts
from shouwang.demo.log_ins import Users
from shouwang.demo.shops import SECOND_NAME
from shouwang.demo.stage import Stage
from shouwang.demo.works.at_home import at_home
from shouwang.demo.works.gates import at_the_gates
from shouwang.demo.works.passes import give_passes
from shouwang.demo.works.phones import phones
from shouwang.demo.works.playing import works
from shouwang.demo.works.results import results
from shouwang.demo.works.samples import samples
from shouwang.demo.works.words import words
from shouwang.duties.windows import Window
from shouwang.flows.end_of_day import close_day
from shouwang.flows.merge_rows import merge_rows
from shouwang.lib.clock import day_end, day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Place
from shouwang.screening.actions import Looked, Seen, record_place_visits, record_visits, void_visit
from shouwang.screening.duties import PLACE_VISIT, VISIT

PLAN, ORDER = "covid_2020", "街道防控办〔2020〕6号"
YESTERDAY = ((-15, 18), (-13, 14), (-10, 12), (-7, 16), (-6, 22), (-5, 18))
TODAY = ((8, 10), (9, 15), (10, 17), (11, 12), (12, 16), (13, 10), (14, 6))
SEEN_YESTERDAY, SEEN_TODAY, LOOKED_TODAY = 0.985, 0.6, 0.55
WAIVED_OF_UNSEEN, TRIED_OF_UNSEEN = 100, 12  # one in so many
AWAY, IN_HOSPITAL = "全家在外地，已电话核实", "住院，家属已核实"
VOIDED = ("记错了门牌", "同一户记了两次", "没有见到人，误点了")
UNTOLD, LATE_UPLOADS, PLACES_AT_ONCE = 5, 4, 25


def play(community: str, users: Users, teams: dict[str, list[User]], *, moment: datetime) -> None:
    """From the activation of the plan to half past two today."""
    activated_at = midnight(day_of(moment)) - timedelta(hours=31)
    plan = keep_shipped(PLAN, at=activated_at)
    activate(community, plan, reason=ORDER, by=users["secretary"], at=activated_at)
    stage = Stage(community, users, teams, moment, plan, known_doors(community))
    _this_morning(stage, late=_yesterday(stage))
    _places(stage)
    _two_rows_are_one(stage)
    staff_the_posts(stage)
    works(stage)
    give_passes(stage)
    at_the_gates(stage)
    phones(stage)
    at_home(stage)
    samples(stage)
    results(stage)
    words(stage)


def _yesterday(stage: Stage) -> list[Seen]:
    """The first round, closed at midnight. Returns visits of the evening that nobody has sent yet."""
    begun = stage.at(-17, 30)
    stage.open(VISIT.name, "第一轮入户排查", Window(begun, day_end(begun)))
    seen, missed = stage.chosen(SEEN_YESTERDAY)
    visits = stage.visits(seen, YESTERDAY)
    stage.send(visits[:-LATE_UPLOADS])
    away = missed[: len(missed) // 6]
    stage.waive(away, AWAY, stage.at(-3))
    stage.attempts(missed[len(away) : -UNTOLD], stage.at(-14), minutes=600)
    close_day(stage.community, day_of(begun), now=stage.at(0, 4), by=stage.secretary, answers=ANSWERS)
    return visits[-LATE_UPLOADS:]


def _this_morning(stage: Stage, late: Sequence[Seen]) -> None:
    """The second round, with what a day brings: fevers, new people, nobody home, mistakes taken back."""
    begun = stage.at(7, 30)
    stage.open(VISIT.name, "第二轮入户排查", Window(begun, day_end(begun)))
    record_visits(late, by=stage.clerk, at=stage.at(8, 10))
    seen, unseen = stage.chosen(SEEN_TODAY)
    visits = unusual(stage.visits(seen, TODAY), stage.random)
    stage.send(visits)
    ill = unseen[:: WAIVED_OF_UNSEEN * 4] or unseen[:1]
    stage.waive(ill, IN_HOSPITAL, stage.at(10, 40))
    stage.waive(unseen[1::WAIVED_OF_UNSEEN], AWAY, stage.at(11, 20))
    stage.attempts(unseen[2::TRIED_OF_UNSEEN], stage.at(8, 30), minutes=340)
    captured = [seen.id for seen in visits if seen.id]
    for number, reason in enumerate(VOIDED, 1):
        mistaken = captured[number * len(captured) // 5]
        void_visit(mistaken, reason=reason, by=stage.clerk, at=stage.at(14, 5 + number))


def _places(stage: Stage) -> None:
    """Every place of the community is to be looked at by six; more than half have been."""
    begun = stage.at(8)
    stage.open(PLACE_VISIT.name, "重点场所检查", Window(begun, stage.at(18)))
    low, high = subtree(stage.community)
    places = list(Place.objects.filter(area_code__gte=low, area_code__lt=high).order_by("id"))
    looked = stage.random.sample(places, round(len(places) * LOOKED_TODAY))
    for number in range(0, len(looked), PLACES_AT_ONCE):
        when = stage.at(9, 300 * number // len(looked))
        looks = [
            Looked(place.pk, when, place.state, staff_count=place.staff_count)
            for place in looked[number : number + PLACES_AT_ONCE]
        ]
        record_place_visits(looks, by=stage.users["property_company"], at=when + timedelta(minutes=20))


def _two_rows_are_one(stage: Stage) -> None:
    """The shop that stands in the register under two names is one."""
    low, high = subtree(stage.community)
    rows = Place.objects.filter(area_code__gte=low, area_code__lt=high)
    by_name = {place.name: place.pk for place in rows}
    second = next(name for name in by_name if name.endswith(SECOND_NAME))
    first = second.removesuffix(SECOND_NAME)
    merge_rows("place", lost=by_name[second], kept=by_name[first], by=stage.clerk, at=stage.at(13, 40))
