"""Words of orders: by when, how often, from and until which day, and who. Pure: text in, values out."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shouwang.lib.characters import chinese_number
from shouwang.lib.clock import ZONE, day_of, midnight

NUM = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
DAY = r"(?:(?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*[日号]|\d{1,2}\s*[日号]|今[日天晚]|本日|当[日天]|明[日天]|次日|后天)"
HOUR = r"(?:上午|下午|晚上?|中午|凌晨|早上?)?\s*\d{1,2}\s*(?:[:：]\s*\d{2}|[时点](?:\s*\d{1,2}\s*分|半|整)?)"
BEFORE = re.compile(
    rf"(?:于|在|请于|须于)?(?P<day>{DAY})?[（(]?[^\d，。；]{{0,3}}?[）)]?\s*(?P<hour>{HOUR})?\s*(?:之前|以前|前|止|截止)"
)
WITHIN = re.compile(
    rf"(?:收到后|接到后|接通知后|文件下发后)?\s*(?P<many>{NUM}|半)\s*个?(?P<unit>小时|分钟|日|天)(?:之内|以内|内)"
)
EACH_DAY = re.compile(r"每[日天晚早]|一[日天]|早晚各")
TIMES = re.compile(rf"(?:每[日天]|一[日天])[^，。；]*?(?P<many>{NUM})\s*[次遍轮]")
HALVES = re.compile(r"早晚各|早、晚各|早中晚各")
FROM = re.compile(rf"(?:自|从)?\s*(?P<day>{DAY}|即日|即刻)\s*(?:开始|起)")
UNTIL = re.compile(rf"(?:至|到|直至)\s*(?P<day>{DAY})(?!\s*{HOUR})\s*(?:止|为止|结束)?")
VAGUE = re.compile(r"下班前|每周|每月|每\s*\d+\s*(?:小时|天)|尽快|立即|马上|个工作日内")
WHO = re.compile(
    r"各(?:社区|村|小区|楼院|卡口|网格|门岗|物业|单位|商户|药店|学校|场所|部门|专班|组)(?:居委会|公司|负责人)?"
)
AFTERNOON = ("下午", "晚")
NEAR = {"今": 0, "本": 0, "当": 0, "明": 1, "次": 1, "后": 2}
LONG_AGO_DAYS = 60


@dataclass(frozen=True)
class Clock:
    """What a piece of text says about time; `doubt` is what a person must look at."""

    due_at: datetime | None = None
    times_a_day: int = 0
    by_hour: time | None = None
    from_on: date | None = None
    last_on: date | None = None
    doubt: str = ""

    @property
    def says_something(self) -> bool:
        """Whether something is owed by a time or each day."""
        return bool(self.due_at or self.times_a_day)


def read_clock(text: str, arrived_at: datetime) -> Clock:
    """By when, or how often, this piece of an order wants something."""
    came = arrived_at.astimezone(ZONE)
    begins, ends = _day_in(FROM, text, came), _day_in(UNTIL, text, came)
    vague = VAGUE.search(text)
    doubt = f"原文写“{vague[0]}”，请定时间。" if vague else ""
    times = _times(text)
    if times:
        found = BEFORE.search(text)
        hour = _hour(found["hour"]) if found and found["hour"] and not found["day"] else None
        open_end = "" if ends else "原文没写到哪天为止，请定。"
        return Clock(None, times, hour, begins or day_of(came), ends, doubt or open_end)
    due, unsure = _due(text, came)
    return Clock(due, doubt=unsure or ("" if due else doubt))


def without_clock(text: str) -> str:
    """The text without its words of time: what is left says what to do."""
    for pattern in (BEFORE, WITHIN, FROM):
        text = pattern.sub("", text)
    return re.sub(r"[\s，、：:并请须应要于在]", "", text)


def who_in(text: str) -> str:
    """Whom the order names: 各社区, 各卡口."""
    return "、".join(dict.fromkeys(WHO.findall(text)))[:60]


def _times(text: str) -> int:
    if not EACH_DAY.search(text):
        return 0
    if halves := HALVES.search(text):
        return 3 if "中" in halves[0] else 2
    found = TIMES.search(text)
    if found:
        return min(max(_number(found["many"]), 1), 24)
    return 1 if re.search(r"每[日天晚早]", text) else 0


def _due(text: str, came: datetime) -> tuple[datetime | None, str]:
    for found in BEFORE.finditer(text):
        if not (found["day"] or found["hour"]):
            continue
        day = _day(found["day"], came) if found["day"] else None
        if found["day"] and day is None:
            continue
        if not found["hour"]:
            return midnight((day or day_of(came)) + timedelta(days=1)), "原文没写几点，按当天 24 时。"
        return _moment(day, found["hour"], came), ""
    if within := WITHIN.search(text):
        many = 0.5 if within["many"] == "半" else _number(within["many"])
        unit = {"小时": "hours", "分钟": "minutes"}.get(within["unit"], "days")
        return came + timedelta(**{unit: many}), ""
    return None, ""


def _moment(day: date | None, hour: str, came: datetime) -> datetime | None:
    """That hour of that day; without a day the next time that it is this hour."""
    clock = _hour(hour)
    if clock is None:  # 24时
        return midnight((day or day_of(came)) + timedelta(days=1))
    moment = datetime.combine(day or day_of(came), clock, tzinfo=ZONE)
    return moment + timedelta(days=1) if day is None and moment <= came else moment


def _hour(text: str) -> time | None:
    digits = [int(one) for one in re.findall(r"\d+", text)]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 30 if "半" in text else 0
    hour += 12 if any(word in text for word in AFTERNOON) and hour < 12 else 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day_in(pattern: re.Pattern[str], text: str, came: datetime) -> date | None:
    found = pattern.search(text)
    return _day(found["day"], came) if found else None


def _day(text: str, came: datetime) -> date | None:
    """A written day, near the day on which the document came."""
    today = day_of(came)
    if text[0] in NEAR:
        return today + timedelta(days=NEAR[text[0]])
    if text.startswith("即"):
        return today
    parts = [int(one) for one in re.findall(r"\d+", text)]
    try:
        if len(parts) == 3:
            return date(*parts)
        if len(parts) == 2:
            return _nearest(date(today.year, *parts), today)
        found = today.replace(day=parts[0])
        return found if found >= today else _next_month(found)
    except ValueError:
        return None


def _nearest(day: date, today: date) -> date:
    """1月2日 in a document of December is next year's."""
    return day.replace(year=today.year + 1) if (today - day).days > LONG_AGO_DAYS else day


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=day.day)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else int(chinese_number(text.replace("两", "二")))
