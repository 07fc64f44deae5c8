"""The demo's hands: squads called up, thirteen gates and three points with two days of turns, things held, people who sign up."""

from collections.abc import Sequence
from datetime import time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from shouwang.demo.families import SEED
from shouwang.demo.stage import Stage
from shouwang.flows.gates.gate_shifts import arrive
from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.register.models import Area, Helper, Household
from shouwang.roster import callups, custody, making, posts, turns, volunteers, workers
from shouwang.roster.abilities import HEAVY, OUTDOORS, STAIRS
from shouwang.roster.solver import solve

DAYS, SECONDS, ANSWERED, THERE = 2, 5, 0.85, 0.93
EVERY_DAY = range(7)
WATCHES = ((time(6), time(12), 2), (time(12), time(20), 2), (time(20), time(6), 1))
WHAT_FOR = "启动应急，明早七点半前到社区"
SIGNED_UP = (
    ("许愿", "13900006601", ("驾驶",), (), ("周末",)),
    ("何新", "13900006602", ("护士",), ("怀孕",), ("白天",)),
    ("吕帮", "13900006602", (), (), ("晚上",)),
)
HELD = (
    ("key", "钥匙一把", None),
    ("card", "医保卡一张", None),
    ("money", "买药的钱", Decimal(200)),
    ("medicine", "降压药两盒", None),
)


def staff_the_posts(stage: Stage) -> None:
    """From the call of yesterday to who stands where at half past two today."""
    chance = Random(SEED)
    people = list(workers.helpers_in(stage.community))
    _call(stage, people, chance)
    _posts(stage)
    first = day_of(stage.moment)
    asked = {"from_on": first, "until_on": first + timedelta(days=DAYS)}
    work = making.begin(
        making.ask_for(stage.community, **asked, by=stage.secretary, at=stage.at(-5)).pk, at=stage.at(-5)
    )
    if work:
        making.keep(work, solve(work.case, seconds=SECONDS), at=stage.at(-5))
    turns.publish(stage.community, **asked, by=stage.secretary, at=stage.at(-5, 10))
    _come(stage, chance)
    _hold(stage, people, chance)
    for number, (name, phone, skills, unfit, hours) in enumerate(SIGNED_UP):
        said = volunteers.Said(UUID(int=number + 1), name, phone, skills, unfit, hours)
        volunteers.sign_up(said, area=stage.community, at=stage.at(9, 10 * number))


def _call(stage: Stage, people: list[Helper], chance: Random) -> None:
    """Everybody belongs to a squad; most have answered by the evening."""
    squads = list(workers.squads_of(stage.community, now=stage.at(-6)))
    for number, squad in enumerate(squads):
        mine = [one.pk for one in people[number :: len(squads)]]
        workers.into_squad(mine, squad, by=stage.secretary, at=stage.at(-7))
    called = callups.call_up(stage.community, squads, reason=WHAT_FOR, by=stage.secretary, at=stage.at(-6))
    for row in chance.sample(called, round(len(called) * ANSWERED)):
        when = stage.at(-6, chance.randrange(3, 180))
        callups.answer(row.pk, coming=chance.random() < ANSWERED, answered_at=when, by=None, at=when)


def _posts(stage: Stage) -> None:
    """A gate for each compound in three watches, three sampling points in the morning, one squad after lunch, one on call."""
    low, high = subtree(stage.community)
    by, at = stage.secretary, stage.at(-8)

    def post(kind: str, name: str, area: str = stage.community, strains: Sequence[str] = ()) -> int:
        return posts.add_post(area, kind=kind, name=name, strains=strains, by=by, at=at).pk

    def hours(where: int, begins: time, ends: time, people: int, **asked: Any) -> None:
        posts.add_hours(
            where, days=EVERY_DAY, from_hour=begins, until_hour=ends, people=people, by=by, at=at, **asked
        )

    for compound in Area.objects.filter(code__gte=low, code__lt=high, level="compound").order_by("code"):
        gate = post("gate", f"{compound.label}门", compound.code, [OUTDOORS])
        for begins, ends, people in WATCHES:
            hours(gate, begins, ends, people, paired=people > 1)
    for number in (1, 2, 3):
        hours(post("point", f"{number}号采样点"), time(7), time(12), 3, skills=["medical"])
    hours(post("squad", "消杀组", strains=[STAIRS, HEAVY]), time(14), time(18), 4, led=True)
    hours(post("on_call", "夜间待命"), time(20), time(6), 1)


def _come(stage: Stage, chance: Random) -> None:
    """Most are at their posts; one gate has nobody since noon, one says that they cannot come tonight."""
    low, high = subtree(stage.community)
    mine = turns.Turn.objects.filter(
        area_code__gte=low, area_code__lt=high, ended_at=None, told_at__isnull=False
    )
    begun = list(mine.filter(from_at__lte=stage.moment).select_related("shift").order_by("from_at", "pk"))
    lonely = next((one.shift_id for one in reversed(begun) if one.shift.ends_at > stage.moment), None)
    for turn in begun:
        if turn.shift_id != lonely and chance.random() < THERE:
            when = turn.from_at - timedelta(minutes=chance.randrange(2, 20))
            arrive([turn.pk], how="scan", by=None, at=when)
    tonight = mine.filter(from_at__gt=stage.moment).order_by("from_at", "pk").first()
    if tonight:
        turns.wants_out(tonight.pk, why="孩子发烧", at=stage.at(13, 20))


def _hold(stage: Stage, people: list[Helper], chance: Random) -> None:
    """Some neighbours gave a key, a card, money or medicine into somebody's hands."""
    low, high = subtree(stage.community)
    doors = list(Household.objects.filter(area_code__gte=low, area_code__lt=high).order_by("area_code")[:200])
    leads = [one for one in people if one.kind == "楼长"] or people
    for number, (kind, words, amount) in enumerate(HELD):
        told = custody.Received(chance.choice(doors).pk, kind, words, leads[0].pk, amount, "本人")
        custody.receive(told, by=stage.clerk, at=stage.at(9, 5 * number), once=UUID(int=100 + number))
