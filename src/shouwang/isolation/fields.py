"""What isolation offers to ledgers: who is held, who was let out, and the file of each person (一人一档)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from shouwang.isolation.models import Care, Order, Reading
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.fields import Field, Lines, NumberField, RowField, cells_of
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import read as read_plan
from shouwang.plans.models import PlanVersion
from shouwang.register.fields import SEXES, address, age, answering_for
from shouwang.standing.models import Hold

AT_HOME, CENTRAL = ("home", "home_monitor"), ("central",)
NOON = 12


def has_orders(area: str) -> bool:
    """Where a community never entered an order nobody knows how many are held: that is not recorded, and never 0."""
    low, high = subtree(area[:COMMUNITY])
    return Order.objects.filter(area_code__gte=low, area_code__lt=high).exists()


def held(area: str) -> QuerySet[Hold]:
    """Everybody whom a decision holds, from when it was decided until it ends."""
    low, high = subtree(area)
    return Hold.objects.filter(area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("from_at"),
        came_at=F("approved_at"),
        gone_at=Coalesce("ended_at", "until"),
        amount=Value(1, output_field=IntegerField()),
        subject=F("person__kept_id"),
    )


def held_at_home(area: str) -> QuerySet[Hold]:
    """Those who are held at home."""
    return held(area).filter(mode__in=AT_HOME)


def held_centrally(area: str) -> QuerySet[Hold]:
    """Those who are held in central isolation."""
    return held(area).filter(mode__in=CENTRAL)


def fevers_at_home(area: str) -> QuerySet[Reading]:
    """Readings of those who are or were held at home that are a fever by the plan under which they are held."""
    low, high = subtree(area)
    mine = Order.objects.filter(area_code__gte=low, area_code__lt=high, mode__in=AT_HOME)
    fever = Q(pk__in=[])
    for version in PlanVersion.objects.filter(pk__in=mine.order_by().values("plan")):
        limits = read_plan(version).temperature
        if limits and limits.fever_c is not None:
            above = "gt" if limits.comparison == "above" else "gte"
            under = Exists(mine.filter(plan=version, person=OuterRef("person")))
            fever |= Q(under, **{f"temperature_c__{above}": Decimal(str(limits.fever_c))})
    return Reading.objects.filter(fever, area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("at"),
        came_at=F("recorded_at"),
        gone_at=F("void_at"),
        amount=Value(1, output_field=IntegerField()),
        subject=F("person__kept_id"),
    )


def orders(area: str, selection: Mapping[str, str], at: datetime) -> QuerySet[Order]:
    """Everybody who is or was under a decided order by then; of a category, since a day."""
    low, high = subtree(area)
    found = Order.objects.filter(area_code__gte=low, area_code__lt=high, decided_at__lt=at)
    if selection.get("category"):
        found = found.filter(category=selection["category"])
    if selection.get("since"):
        found = found.filter(decided_at__gte=midnight(date.fromisoformat(selection["since"])))
    cares = Care.objects.filter(void_at=None, recorded_at__lt=at).order_by("at")
    people = Reading.objects.filter(void_at=None, recorded_at__lt=at).order_by("at")
    return (
        found.select_related("person__household", "plan")
        .prefetch_related(Prefetch("cares", cares, "done"), Prefetch("person__readings", people, "taken"))
        .order_by("area_code", "decided_at", "id")
    )


FILE = Lines(
    key="isolation.order", words="居家隔离的一个人", rows=orders, subject="order",
    titles=("居家隔离", "一人一档", "隔离医学观察", "隔离人员"), selects=("category", "since"),
)  # fmt: skip


def _shown(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}" if moment else None


def _together(rows: Sequence[Any]) -> list[str | None]:
    """Who else is held behind the same door."""
    homes: dict[int, list[Order]] = {}
    for row in rows:
        homes.setdefault(row.household_id, []).append(row)
    others = ([one.person.name for one in homes[row.household_id] if one is not row] for row in rows)
    return ["、".join(names) or "无" for names in others]


def _why(row: Order) -> str:
    category = read_plan(row.plan).categories.get(row.category)
    return category.words.zh_hans if category else row.category


def _degrees(row: Any, at: datetime, *, morning: bool) -> object:
    """The last reading of that half of the day on which the period ends."""
    today = [
        one for one in row.person.taken if day_of(one.at) == day_of(at) and one.temperature_c is not None
    ]
    half = [one for one in today if (one.at.astimezone(ZONE).hour < NOON) is morning]
    return half[-1].temperature_c if half else None


def _verdict(row: Any, at: datetime) -> str | None:
    told = [care for care in row.done if care.what == "release"]
    return f"{_shown(row.released_at)} 解除" if told or (row.released_at and row.released_at < at) else None


def id_numbers(rows: Sequence[Any]) -> list[str]:
    """ID numbers in clear. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return [keys.open(row.person.id_sealed) for row in rows]


def phones(rows: Sequence[Any]) -> list[str]:
    """Phones in clear. Callers have had it approved and written down."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return ["、".join(keys.open(sealed) for sealed in row.person.phones_sealed) for row in rows]


_cell = cells_of(FILE, "isolation")


CELLS: tuple[RowField, ...] = (
    _cell("name", "姓名", "人员姓名", value=lambda row, at: row.person.name),
    _cell("sex", "性别", value=lambda row, at: SEXES.get(row.person.sex)),
    _cell("age", "年龄", "周岁", value=lambda row, at: age(row.person.born_on, at)),
    _cell(
        "id_number", "身份证号", "身份证号码", "证件号", "证件号码", "身份证",
        value=lambda row, at: row.person.id_mask, clear=id_numbers,
    ),
    _cell(
        "phone", "联系电话", "联系手机", "电话", "手机", "手机号码", "联系方式",
        value=lambda row, at: row.person.phone_mask, clear=phones,
    ),
    _cell("address", "隔离地址", "现住址", "居住地址", "住址", value=lambda row, at: address(row.person)),
    _cell("why", "隔离原因", "人员类别", "管控原因", value=lambda row, at: _why(row)),
    _cell("from_at", "开始隔离时间", "隔离开始时间", "隔离措施/起始日期", value=lambda row, at: _shown(row.decided_at)),
    _cell("until", "结束隔离时间", "隔离结束时间", "隔离措施/解除日期", value=lambda row, at: _shown(row.until)),
    _cell("day", "体温监测/日期", value=lambda row, at: day_of(at).isoformat()),
    _cell("morning", "体温监测/上午", "早体温", value=lambda row, at: _degrees(row, at, morning=True)),
    _cell("evening", "体温监测/下午", "晚体温", value=lambda row, at: _degrees(row, at, morning=False)),
    _cell("verdict", "解除意见", "解除情况", value=_verdict),
)  # fmt: skip
SHARED: tuple[RowField, ...] = (
    RowField(
        key="isolation.together", words="同住人员", synonyms=("同住人", "共同隔离人员"), needs="register.read",
        lines=FILE.key, source=lambda rows, at: _together(rows),
    ),
    RowField(
        key="isolation.answers", words="包保责任人", synonyms=("责任人", "包保人"), needs="register.read", lines=FILE.key,
        source=lambda rows, at: answering_for([row.area_code for row in rows], at),
    ),
)  # fmt: skip
NUMBERS: tuple[NumberField, ...] = (
    NumberField(
        key="isolation.added", words="居家隔离今日新增", synonyms=("居家隔离/今日新增", "居家隔离新增"), span="added",
        source=held_at_home, recorded=has_orders, subject="person", means="这一期里决定居家隔离的人。",
    ),
    NumberField(
        key="isolation.removed", words="居家隔离今日解除", synonyms=("居家隔离/今日解除", "居家隔离解除"), span="removed",
        source=held_at_home, recorded=has_orders, subject="person", means="这一期里到期或者提前解除的人。",
    ),
    NumberField(
        key="isolation.standing", words="居家隔离现有人数", synonyms=("居家隔离/现有人数", "居家隔离现有"), span="standing",
        source=held_at_home, recorded=has_orders, subject="person", means="到截止时间还在居家隔离的人。",
    ),
    NumberField(
        key="isolation.central", words="集中隔离现有", synonyms=("集中隔离现有人数", "集中隔离/现有人数"), span="standing",
        source=held_centrally, recorded=has_orders, subject="person", means="到截止时间还在集中隔离的人。",
    ),
    NumberField(
        key="isolation.fevers_day", words="居家隔离/体温异常", synonyms=("体温异常", "体温异常人数", "居家隔离体温异常"),
        span="day", source=fevers_at_home, recorded=has_orders, subject="person", once=True,
        means="这一期里量到发热的居家隔离的人，一个人只算一次；多少度算发热按预案。",
    ),
)  # fmt: skip
FIELDS: tuple[Field, ...] = (*NUMBERS, *CELLS, *SHARED)
