"""What gates offer to ledgers: vehicles and people that came to a checkpoint, by when it was written down."""

from collections.abc import Callable

from django.db.models import F, IntegerField, Q, QuerySet, Value

from shouwang.gates.models import ADMITTED, REFUSED, Gate, Passage
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.fields import Field, NumberField

COUNTED = Q(direction="in", decision__in=(ADMITTED, REFUSED))
VEHICLE, TURNED_BACK = ~Q(plate=""), Q(decision=REFUSED)
PROVINCE, CITY = Q(outside="province"), Q(outside="city")


def has_gates(area: str) -> bool:
    """Whether the community has a gate: where it has none its passages are not recorded, and never 0."""
    low, high = subtree(area[:COMMUNITY])
    return Gate.objects.filter(area_code__gte=low, area_code__lt=high).exists()


def _source(which: Q, *, people: bool) -> Callable[[str], QuerySet[Passage]]:
    """Passages inwards."""

    def rows(area: str) -> QuerySet[Passage]:
        low, high = subtree(area)
        found = Passage.objects.filter(which, COUNTED, area_code__gte=low, area_code__lt=high)
        return found.annotate(
            happened_at=F("at"), came_at=F("recorded_at"), gone_at=F("void_at"), subject=F("gate_id"),
            amount=F("people") if people else Value(1, output_field=IntegerField()),
        )  # fmt: skip

    return rows


def _both(
    key: str, words: str, *synonyms: str, which: Q, means: str, people: bool = True
) -> tuple[NumberField, NumberField]:
    """A number of the day, and the same until now."""
    source = _source(which, people=people)
    return (
        NumberField(
            key=f"gates.{key}_day", words=f"今日{words}", synonyms=synonyms, span="day", source=source,
            recorded=has_gates, subject="gate", means=f"这一期里{means}；撤销的扣除。",
        ),
        NumberField(
            key=f"gates.{key}_ever", words=f"累计{words}", span="ever", source=source, recorded=has_gates, subject="gate",
            synonyms=tuple(f"累计{word}" for word in synonyms), means=f"到截止时间为止{means}。",
        ),
    )  # fmt: skip


FIELDS: tuple[Field, ...] = (
    *_both("vehicles", "卡口登记车辆数", "登记车辆", "卡口/车辆数", "检查车辆数", which=VEHICLE, people=False,
           means="卡口登记的进来的车，劝返的也算"),
    *_both("people", "卡口登记人数", "登记人员", "卡口/人数", "检查人数", which=Q(), means="卡口登记的进来的人，连司机，劝返的也算"),
    *_both("province", "卡口省外人数", "省外人员", "卡口/省外", which=PROVINCE, means="卡口登记的进来的人里从外省来的"),
    *_both("city", "卡口省内市外人数", "市外人员", "卡口/市外", which=CITY, means="卡口登记的进来的人里从本省外市来的"),
    *_both("within", "卡口省内人数", "省内人员", "卡口/省内", which=~PROVINCE, means="卡口登记的进来的人里不是从外省来的"),
    *_both("turned_vehicles", "劝返车辆数", "劝返车辆", "劝返/车辆", which=VEHICLE & TURNED_BACK, people=False, means="劝返的车"),
    *_both("turned_people", "劝返人数", "劝返人员", "劝返/人数", which=TURNED_BACK, means="劝返的人，连司机"),
    *_both("fevers", "卡口发热人次", "卡口发热", "卡口/发热", which=Q(fever=True), people=False, means="卡口量到发热的次数"),
)  # fmt: skip
