"""Whether a result may be shown to the people of its tube, or has to wait for somebody to look: values in, values out.

Source: DOMAIN RP21: results without a sample, two different results, wrong dates, a tube of another round.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

NEGATIVE, POSITIVE, INVALID = "negative", "positive", "invalid"
NOT_HANDED = "not_handed"
HELD = {
    "no_tube": "没有这支管的采样记录",
    "nobody_in_it": "这支管里还没有人的采样记录",
    "unclear": "结果写得不清楚",
    "differs": "和已经收到的结果不一样",
    "count_differs": "人数和采样记录不一样",
    "dates": "日期对不上",
    NOT_HANDED: "没有交给这家检测机构的记录",
}
WORDS = (
    (NEGATIVE, ("阴性", "阴", "neg", "negative", "-", "(-)", "未检出", "未见异常", "正常")),
    (POSITIVE, ("阳性", "阳", "pos", "positive", "+", "(+)", "检出", "混管异常", "需复采", "异常")),
    (INVALID, ("无效", "重采", "样本不合格", "无法判定", "invalid")),
)
A_DAY = timedelta(days=1)


def due_at(opened_at: datetime, capacity: int, limits: Mapping[Any, float]) -> datetime | None:
    """By when a tube's result has to be there: from its first swab, for one person or for several; never where the plan is silent."""
    hours = limits.get("single" if capacity == 1 else "pooled")
    return opened_at + timedelta(hours=hours) if hours else None


@dataclass(frozen=True)
class Said:
    """One line of a laboratory. `outcome` is empty where its words mean nothing certain."""

    outcome: str
    people_count: int | None = None
    sampled_at: datetime | None = None
    tested_at: datetime | None = None


@dataclass(frozen=True)
class Known:
    """What is known of the tube: how many are in it, from when to when they were swabbed, and what was said of it before."""

    people: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    outcome: str = ""


def outcome_of(written: str) -> str:
    """What a laboratory's word means; nothing where it is none of those that are certain (弱阳, 灰区, 待复核)."""
    word = written.strip().lower().replace("（", "(").replace("）", ")")
    return next((outcome for outcome, words in WORDS if word in words), "")


def held(said: Said, known: Known | None, *, now: datetime) -> str:
    """Why the result must wait, as a key of HELD; nothing where it counts. The gravest reason first.

    A result that repeats the one that counts is no reason to wait: whoever takes results in leaves it out before.
    """
    if known is None:
        return "no_tube"
    if not said.outcome:
        return "unclear"
    if not known.people or known.first_at is None or known.last_at is None:
        return "nobody_in_it"
    if known.outcome and known.outcome != said.outcome:
        return "differs"
    if _dates_wrong(said, known.first_at, known.last_at, now):
        return "dates"
    return "count_differs" if said.people_count not in (None, known.people) else ""


def _dates_wrong(said: Said, first: datetime, last: datetime, now: datetime) -> bool:
    """Sampled on another day than our samplers say, tested before that, or tested in the future."""
    if said.sampled_at and not first - A_DAY <= said.sampled_at <= last + A_DAY:
        return True
    return said.tested_at is not None and not first <= said.tested_at <= now + timedelta(hours=1)
