"""What is asked at each sort of place; a no is a finding, in these words.

Source: what a spot check of 222 gates found wrong (no register, unknown telephones, not twice a day, no roster, passive),
and what reports of streets say they look at.
"""

from shouwang.inspection.models import GATE, HOME, POINT, SHOP, VENUE

# For each sort of place: the question's key, the question, what stands in the finding where the answer is no.
QUESTIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    GATE: (
        ("staffed", "有人在岗吗？", "没有人在岗"),
        ("register", "有登记本，当天有登记吗？", "没有登记，或者登记不全"),
        ("temperature", "进出都量体温吗？", "没有量体温"),
        ("roster", "有值班表吗？", "没有值班表"),
        ("phone", "值班电话打得通吗？", "值班电话打不通"),
        ("exit", "消防通道走得通吗？", "消防通道堵了"),
    ),
    HOME: (
        ("told", "告知书送到、说清楚了吗？", "告知书没有送到或者没有说清楚"),
        ("temperature", "今天早晚都有人问体温吗？", "没有人问体温"),
        ("needs", "要买的菜、药都送到了吗？", "要的东西没有送到"),
        ("waste", "垃圾有人收吗？", "垃圾没有人收"),
        ("phone", "知道白天夜里找谁吗？", "不知道找谁"),
    ),
    SHOP: (
        ("masks", "店员都戴口罩吗？", "店员没有戴口罩"),
        ("disinfected", "今天消杀过、有记录吗？", "没有消杀记录"),
        ("prices", "明码标价吗？", "没有明码标价"),
        ("supply", "米面油菜蛋都有吗？", "缺货"),
        ("distance", "排队隔开一米吗？", "排队太挤"),
    ),
    VENUE: (
        ("closed", "关着门、没有营业吗？", "该停业的还在营业"),
        ("notice", "门口贴着停业的通知吗？", "没有贴停业通知"),
    ),
    POINT: (
        ("distance", "有一米线、单向走吗？", "没有一米线或者没有单向走"),
        ("expiry", "采样管、保存液都没有过期吗？", "采样管或保存液过期"),
        ("protection", "采样的人防护穿好了吗？", "防护没有穿好"),
        ("elderly", "老人、孕妇、残疾人有绿色通道吗？", "没有绿色通道"),
        ("waste", "医疗垃圾分开装吗？", "医疗垃圾没有分开装"),
    ),
}  # fmt: skip
WATCHED = ("大米", "面粉", "食用油", "鸡蛋", "白菜", "土豆", "猪肉", "口罩")


def finding_words(site: str, key: str) -> str:
    """What stands in the finding where this question was answered with no."""
    return next((wrong for name, _asked, wrong in QUESTIONS[site] if name == key), key)
