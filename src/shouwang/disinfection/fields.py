"""What disinfection offers to ledgers: places, times, square metres, by when it was written down."""

from django.db.models import F, IntegerField, QuerySet, Value

from shouwang.disinfection.models import Collection, Round, Spot
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.fields import Field, NumberField


def has_spots(area: str) -> bool:
    """Where a community never listed a spot its rounds are not recorded, and never 0."""
    low, high = subtree(area[:COMMUNITY])
    return Spot.objects.filter(area_code__gte=low, area_code__lt=high).exists()


def rounds(area: str) -> QuerySet[Round]:
    """The rounds of an area."""
    low, high = subtree(area)
    return Round.objects.filter(area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("at"),
        came_at=F("recorded_at"),
        gone_at=F("void_at"),
        amount=Value(1, output_field=IntegerField()),
        subject=F("spot_id"),
    )


def square_metres(area: str) -> QuerySet[Round]:
    """The same by the area that was disinfected; nothing where nobody knows how large."""
    return rounds(area).annotate(amount=F("area_m2"))


def bags(area: str) -> QuerySet[Collection]:
    """Bags of used masks and rubbish."""
    low, high = subtree(area)
    return Collection.objects.filter(area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("at"), came_at=F("recorded_at"), gone_at=F("void_at"), amount=F("bags"), subject=F("spot_id")
    )  # fmt: skip


FIELDS: tuple[Field, ...] = (
    NumberField(
        key="disinfection.spots_day", words="今日消杀场所数", synonyms=("消杀/场所数", "消杀场所数", "消毒场所数"), span="day",
        source=rounds, recorded=has_spots, subject="spot", once=True, means="这一期里消杀过的点位，一个点位只算一次。",
    ),
    NumberField(
        key="disinfection.rounds_day", words="今日消杀次数", synonyms=("消杀/次数", "消杀次数", "消毒次数"), span="day",
        source=rounds, recorded=has_spots, subject="spot", means="这一期里记下的消杀，一个点位一次算一次；撤销的扣除。",
    ),
    NumberField(
        key="disinfection.rounds_ever", words="累计消杀次数", synonyms=("消杀累计", "累计消毒次数"), span="ever",
        source=rounds, recorded=has_spots, subject="spot", means="到截止时间为止记下的消杀。",
    ),
    NumberField(
        key="disinfection.area_day", words="今日消杀面积", synonyms=("消杀面积(㎡)", "消杀面积", "消杀/面积", "消毒面积"), span="day",
        source=square_metres, recorded=has_spots, subject="spot",
        means="这一期里记下的消杀，按点位登记的平方米数相加；没有登记面积的不算。",
    ),
    NumberField(
        key="disinfection.bags_day", words="今日收废口罩和垃圾袋数", synonyms=("废口罩袋数", "收运袋数"), span="day",
        source=bags, recorded=has_spots, subject="spot", means="这一期里收的废口罩和隔离户垃圾，按袋数。",
    ),
)  # fmt: skip
