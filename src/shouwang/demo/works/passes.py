"""Passes of a compound, as they were given out yesterday: one lost, one asked to be withdrawn, one taken at the gate at noon."""

from datetime import timedelta

from shouwang.demo.stage import Stage
from shouwang.gates.incidents.reporting import Happened, report
from shouwang.plans.actions import plan_of
from shouwang.register.models import Area
from shouwang.standing import bars, passes
from shouwang.standing.actions import Grounds
from shouwang.standing.bearers import Bearer, every_household_in, everybody_in
from shouwang.standing.models import Pass

A_FORTNIGHT, A_DAY = timedelta(days=14), timedelta(days=1)
LENT = Grounds(
    "transfer",
    "昨天晚上在东门把证借给别人",
    "社区防控专班",
    "社区防控〔2020〕3号",
    "本省突发公共卫生事件应急办法",
)


def give_passes(stage: Stage) -> None:
    """Everybody of the first compound has a card, every household of its first building one for errands."""
    compound = (
        Area.objects.filter(level="compound", code__startswith=stage.community).order_by("code").first()
    )
    if compound is None:
        return
    given_at, plan = stage.at(-6), plan_of(stage.community, now=stage.at(-6))
    until = given_at + A_FORTNIGHT

    def issue(kind: str, bearers: list[Bearer], *, last: timedelta = A_FORTNIGHT) -> list[Pass]:
        terms = passes.Terms(kind, given_at, given_at + last)
        return passes.issue(terms, bearers, plan=plan, by=stage.clerk, at=given_at)

    cards = issue("resident", everybody_in(compound.code))
    issue("household", every_household_in(compound.code)[:40])
    issue("supplier", [Bearer(compound.code, holder=name) for name in ("送菜甲", "送水乙", "快递丙")])
    passes.printed([row.pk for row in cards], by=stage.clerk, at=given_at)
    lost, lent, taken = cards[0], cards[len(cards) // 2], cards[-1]
    passes.lose(lost, by=stage.clerk, at=stage.at(9, 10))
    what = bars.Barred(lent.area_code, card=lent)
    bars.propose(
        what, LENT, until=min(stage.at(10) + 3 * A_DAY, until), plan=plan, by=stage.clerk, at=stage.at(10)
    )
    went = Happened(
        compound.code,
        "quarrel",
        "不肯量体温，推了值守的人一把，证先收下了",
        stage.at(12, 5),
        card=taken,
        taken=True,
        receipt="0012",
    )
    report([went], by=stage.clerk, at=stage.at(12, 10))
