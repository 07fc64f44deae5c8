"""What the law wants said before anybody fills in a form: who asks, why, what, for how long, and how to object."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext

from shouwang.isolation.schedule import SwabDay
from shouwang.lib.clock import day_of
from shouwang.outreach.channels import community_ways
from shouwang.outreach.models import Office
from shouwang.plans.actions import plan_of
from shouwang.plans.form.people import Category, Regime
from shouwang.plans.form.vocabulary import Words
from shouwang.plans.form.wording import say
from shouwang.screening.reports.posters import community_words

IN = {"zh-hans": "zh_hans", "zh-hant": "zh_hant", "en": "en"}
KEPT = "lists"
TWICE = "双采双检"


@dataclass(frozen=True)
class Notice:
    """Source: PIPL, articles 17 and 30; the plan's retention and legal part. Shape: `laws` are titles, each with what it asks here."""

    who: str
    office: Office | None
    disease: str
    days: int | None
    laws: tuple[tuple[str, str], ...]
    authority: str
    document: str


def notice_of(area: str, *, now: datetime) -> Notice:
    """The notice as it holds in a community now."""
    plan, office = plan_of(area, now=now), community_ways(area).office
    kept = plan.retention.get(KEPT) if plan else None
    legal = plan.legal if plan else None
    return Notice(
        who=office.name if office else community_words(area),
        office=office,
        disease=in_language(plan.disease.words) if plan else gettext("传染病"),
        days=kept.days if kept else None,
        laws=tuple((one.title, one.asks) for one in legal.laws(day_of(now))) if legal else (),
        authority=(legal.deciding_authority or "") if legal else "",
        document=(legal.document_number or "") if legal else "",
    )


def in_language(words: Words) -> str:
    """A plan's words in the reader's language."""
    return str(getattr(words, IN.get(get_language() or "", "zh_hans"), "") or words.zh_hans)


def tests_in_language(category: Category) -> str:
    """How often the plan asks for a test of this kind of person: 3 天内检测 2 次，至少隔 24 小时. Empty where it asks for none."""
    if category.tests and category.tests_within_days:
        said = gettext("{days} 天内检测 {times} 次").format(
            days=category.tests_within_days, times=category.tests
        )
        apart = category.tests_apart_hours
        return said + (gettext("，至少隔 {hours} 小时").format(hours=f"{apart:g}") if apart else "")
    every = category.test_every_days
    return gettext("每 {days} 天检测一次").format(days=every) if every else ""


def swab_in_language(test: SwabDay) -> str:
    """How somebody is swabbed on a test day, as the plan asks: 鼻咽拭子，双采双检. Empty where it says nothing."""
    said = [gettext(say("swab", test.swab))] if test.swab else []
    return gettext("，").join([*said, *([gettext(TWICE)] if test.twice else [])])


def regime_in_language(regime: Regime) -> str:
    """What somebody goes through, step by step, in the reader's language: 集中隔离 7 天，再居家健康监测 3 天。"""
    steps = (
        gettext("{mode} {days} 天").format(
            mode=gettext(say("mode", one.mode)), days=one.days or gettext("（待定）")
        )
        for one in regime.steps
    )
    return gettext("，再").join(steps)
