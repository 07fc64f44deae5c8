"""What somebody can do, must not be asked, and when they can come: the words of the roster's sheet, understood. Pure.

A word about the body that nobody here knows keeps its person from everything that strains: who wrote it had a reason.
"""

from collections.abc import Iterable
from datetime import time

from shouwang.roster.solver.cases import EXPERIENCED, LEAD, NIGHT, Offer

DRIVE, MEDICAL, SIGN, COMPUTER, COUNSEL = "drive", "medical", "sign", "computer", "counsel"
STAIRS, HEAVY, OUTDOORS, EXPOSED = "stairs", "heavy", "outdoors", "exposed"

ABILITY_WORDS = {
    LEAD: "能带班",
    EXPERIENCED: "有经验",
    DRIVE: "驾驶",
    MEDICAL: "医护",
    SIGN: "手语",
    COMPUTER: "会电脑",
    COUNSEL: "心理疏导",
}
STRAIN_WORDS = {
    NIGHT: "夜班",
    STAIRS: "爬楼",
    HEAVY: "搬重物",
    OUTDOORS: "长时间在外面",
    EXPOSED: "近处接触病人",
}
_ABILITIES = {
    **{words: key for key, words in ABILITY_WORDS.items()},
    "开车": DRIVE,
    "司机": DRIVE,
    "护士": MEDICAL,
    "医生": MEDICAL,
    "护理": MEDICAL,
    "急救": MEDICAL,
    "心理咨询师": COUNSEL,
    "电脑": COMPUTER,
    "带班": LEAD,
}
_UNFIT = {
    "怀孕": {NIGHT, STAIRS, HEAVY, OUTDOORS, EXPOSED},
    "哺乳": {NIGHT, EXPOSED},
    "60岁以上": {NIGHT, HEAVY, EXPOSED},
    "高血压": {NIGHT, HEAVY},
    "心脏病": {NIGHT, STAIRS, HEAVY, OUTDOORS, EXPOSED},
    "不能爬楼": {STAIRS},
    "不上夜班": {NIGHT},
    "不能搬重物": {HEAVY},
    "生病": {NIGHT, STAIRS, HEAVY, OUTDOORS, EXPOSED},
}
UNFIT_CHOICES = ("怀孕", "哺乳", "60岁以上", "高血压", "心脏病", "不能爬楼", "不上夜班", "不能搬重物")
SKILL_CHOICES = ("驾驶", "护士", "医生", "急救", "会电脑", "手语", "心理疏导")
HOUR_CHOICES = ("全天", "白天", "上午", "下午", "晚上", "夜间", "周末")
# What rosters and sheets usually call shifts, squads, people and what they can do: data, and yet known in every language.
USUAL = (
    *("早班", "白班", "中班", "晚班", "大夜班", "消杀组", "巡逻组", "转运组", "采样组", "流调组"),
    *("社区干部", "机关下沉干部", "党员", "退役军人", "心理咨询师", "水电维修", "会方言"),
)
_LEADING = frozenset({"社区书记", "社区干部", "网格长", "楼长", "机关下沉干部"})
_AT_HOME_HERE = frozenset({"物业"})
_HOURS = {
    "白天": (time(6), time(20)),
    "上午": (time(6), time(12)),
    "中午": (time(11), time(14)),
    "下午": (time(12), time(18)),
    "晚上": (time(18), time(0)),
    "夜间": (time(18), time(8)),
    "夜里": (time(18), time(8)),
}
_DAYS = {"周末": frozenset({5, 6}), "双休日": frozenset({5, 6}), "工作日": frozenset(range(5))}
_SEPARATORS = "、,，;；/ "
TURNS_TO_KNOW = 3  # who has stood so many turns knows the work


def can(kind: str, skills: Iterable[str], *, turns: int = 0) -> frozenset[str]:
    """What somebody is able to do, from their kind, the words about skills, and how many turns they have stood."""
    found = {_ABILITIES[word] for word in skills if word in _ABILITIES}
    if kind in _LEADING:
        found.add(LEAD)
    if LEAD in found or kind in _AT_HOME_HERE or turns >= TURNS_TO_KNOW:
        found.add(EXPERIENCED)
    return frozenset(found)


def cannot(unfit: str) -> frozenset[str]:
    """What must not be asked of somebody, from the words under 不宜安排."""
    found: set[str] = set()
    for word in words_of(unfit):
        found |= _UNFIT.get(word, set(STRAIN_WORDS))
    return frozenset(found)


def offers(available: str) -> tuple[Offer, ...]:
    """When somebody can come, from the words under 可值班时段; nothing for any time. Hours that touch are one."""
    days = frozenset[int]()
    hours: list[tuple[time, time]] = []
    for word in words_of(available):
        days |= next((those for name, those in _DAYS.items() if name in word), frozenset())
        hours += [those for name, those in _HOURS.items() if name in word]
    if not days and not hours:
        return ()
    named = days or frozenset(range(7))
    return tuple(Offer(named, *those) for those in _joined(hours)) or (Offer(named),)


def understood(available: str) -> bool:
    """Whether every word about hours was understood."""
    known = ("全天", "随时", "都可以", *_HOURS, *_DAYS)
    return all(any(name in word for name in known) for word in words_of(available))


def words_of(text: str) -> list[str]:
    """The words of a cell, however they are set apart."""
    for sign in _SEPARATORS:
        text = text.replace(sign, "、")
    return [word for word in text.split("、") if word and word != "无"]


def _joined(hours: list[tuple[time, time]]) -> list[tuple[time, time]]:
    found: list[tuple[time, time]] = []
    for begins, ends in sorted(set(hours)):
        if found and found[-1][1] == begins:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found
