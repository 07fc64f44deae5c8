"""What a plan says, in the language of whoever reads."""

from django.utils.translation import get_language, gettext

from shouwang.isolation.schedule import SwabDay
from shouwang.plans.form.people import Category, Regime
from shouwang.plans.form.vocabulary import Words
from shouwang.plans.form.wording import say

IN = {"zh-hans": "zh_hans", "zh-hant": "zh_hant", "en": "en"}
TWICE = "双采双检"


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
