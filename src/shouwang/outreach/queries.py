"""What pages show of the outbox: how many messages are where, which they are, what hinders them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.db.models.functions import Substr

from shouwang.lib.codes import LEVELS
from shouwang.outreach.channels import WaysOut
from shouwang.outreach.delivering import within
from shouwang.outreach.models import Message
from shouwang.register.models import Area, Helper, Person

SHOWN_DAYS = 7
STATES = {
    "waiting": "等着发",
    "in_hand": "正在发",
    "sent": "已发出",
    "unsure": "不知道发没发",
    "failed": "没发成",
    "spared": "不用发了",
}
STUCK = ("unsure", "failed")
WHY = {
    "unreachable": "连不上短信网关",
    "busy": "短信网关太忙",
    "refused": "短信网关不收，请核对号码和通道",
    "settings": "通道设置不对，请找管系统的人",
    "no_answer": "网关收下了没有回话",
    "broken_off": "发到一半断线了",
    "crashed": "发到一半停了，没有人记下结果",
    "by_hand": "用手机没发成",
    "too_late": "过了时间，不再发",
    "answered": "已经答复",
    "withdrawn": "撤回了",
}
SPARED = ("answered", "withdrawn")
STATE = Case(
    When(sent_at__isnull=False, then=Value("sent")),
    When(unsure_at__isnull=False, then=Value("unsure")),
    When(given_up_at__isnull=False, why__in=SPARED, then=Value("spared")),
    When(given_up_at__isnull=False, then=Value("failed")),
    When(claim__isnull=False, then=Value("in_hand")),
    default=Value("waiting"),
    output_field=CharField(),
)


@dataclass(frozen=True)
class Line:
    """One line of numbers: a purpose or an area, how many messages are in each state, how many were answered."""

    key: str
    counts: dict[str, int]
    answered: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def messages_of(area: str, *, now: datetime, purpose: str = "", state: str = "") -> QuerySet[Message]:
    """The messages of an area in the last days, the youngest first, each with its state."""
    rows = Message.objects.filter(within(area), made_at__gte=now - timedelta(days=SHOWN_DAYS))
    rows = rows.filter(purpose=purpose) if purpose else rows
    rows = rows.annotate(state=STATE).select_related("person__household")
    rows = rows.filter(state=state) if state else rows
    return rows.order_by("-made_at", "pk")


def by_purpose(area: str, *, now: datetime) -> list[Line]:
    """How many messages of each purpose are where."""
    return _lines(messages_of(area, now=now), "purpose")


def by_area(area: str, *, now: datetime) -> list[Line]:
    """How many messages of each area just below this one are where."""
    width = next((length for length in LEVELS if length > len(area)), len(area))
    return _lines(messages_of(area, now=now).annotate(below=Substr("area_code", 1, width)), "below")


def labels_of(codes: Iterable[str]) -> dict[str, str]:
    """What areas are called."""
    return dict(Area.objects.filter(code__in=set(codes)).values_list("code", "label"))


def hindrances(ways: WaysOut) -> list[str]:
    """Why messages of a community do not leave by themselves: `no_office`, `no_channel`."""
    missing = [] if ways.office else ["no_office"]
    return missing if ways.of(to_phone=True) else [*missing, "no_channel"]


def people_under(messages: Iterable[Message]) -> dict[bytes, list[Person]]:
    """Who lives here under the phones of messages that name nobody: a family shares one number. Cost: one question."""
    phones = {bytes(one.phone_digest) for one in messages if one.person is None and one.phone_digest}
    rows = Person.objects.filter(phone_digests__overlap=list(phones), left_at=None, kept_id=F("pk"))
    found: dict[bytes, list[Person]] = {phone: [] for phone in phones}
    for person in rows.select_related("household").order_by("pk"):
        for phone in phones.intersection(map(bytes, person.phone_digests)):
            found[phone].append(person)
    return found


def workers_under(messages: Iterable[Message]) -> dict[bytes, str]:
    """Which workers have the phones of messages that name nobody. Cost: one question."""
    phones = {bytes(one.phone_digest) for one in messages if one.person is None and one.phone_digest}
    rows = Helper.objects.filter(phone_digest__in=phones, left_at=None).order_by("-pk")
    return {bytes(phone): name for phone, name in rows.values_list("phone_digest", "name")}


def _lines(rows: QuerySet[Message], key: str) -> list[Line]:
    counted = (
        rows.order_by().values(key, "state").annotate(messages=Count("pk"), answers=Count("answered_at"))
    )
    found: dict[str, tuple[dict[str, int], int]] = {}
    for one in counted:
        counts, answers = found.get(one[key], ({}, 0))
        counts[one["state"]] = one["messages"]
        found[one[key]] = (counts, answers + one["answers"])
    return [Line(name, counts, answers) for name, (counts, answers) in sorted(found.items())]
