"""What screening offers to ledgers: doors visited and people screened, by the day on which it was written down."""

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value

from shouwang.lib.codes import subtree
from shouwang.lib.fields import Field, NumberField
from shouwang.screening.models import PlaceVisit, Visit


def visits(area: str) -> QuerySet:
    """Doors at which somebody was met; each visit once, where it happened."""
    return _told(Visit.objects.all(), area, F("household__kept_id"))


def doors_seen(area: str) -> QuerySet:
    """Each door once: its first visit that counts."""
    same = Visit.objects.filter(household__kept_id=OuterRef("household__kept_id"), void_at=None)
    first = Subquery(same.order_by("recorded_at", "id").values("id")[:1])
    return visits(area).filter(Q(void_at=None), id=first)


def people_screened(area: str) -> QuerySet:
    """People who were told of at the door; nobody where nobody counted."""
    return visits(area).annotate(amount=F("people_count"))


def places_seen(area: str) -> QuerySet:
    """Shops, restaurants and venues that were looked at."""
    return _told(PlaceVisit.objects.all(), area, F("place__kept_id"))


def _told(rows: QuerySet, area: str, subject: F) -> QuerySet:
    low, high = subtree(area)
    return rows.filter(area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("at"),
        came_at=F("recorded_at"),
        gone_at=F("void_at"),
        amount=Value(1, output_field=IntegerField()),
        subject=subject,
    )


FIELDS: tuple[Field, ...] = (
    NumberField(
        key="screening.visits_day", words="今日入户数", synonyms=("今日入户", "当日入户数", "入户数", "今日走访户数"),
        span="day", source=visits, means="这一期里记下的入户，一次算一户次；撤销的扣除。",
    ),
    NumberField(
        key="screening.visits_ever", words="累计入户数", synonyms=("累计入户", "入户累计", "累计走访户数"),
        span="ever", source=visits, means="到截止时间为止记下的入户，一次算一户次。",
    ),
    NumberField(
        key="screening.doors_ever", words="累计入户数（不重复）", synonyms=("已入户户数", "入户覆盖户数"),
        span="ever", source=doors_seen, means="到截止时间为止走访过的门，一户只算一次。",
    ),
    NumberField(
        key="screening.people_day", words="今日排查人数", synonyms=("今日排查", "当日排查人数", "排查人数"),
        span="day", source=people_screened, means="这一期里记下的入户，门里说有几个人就算几个。",
    ),
    NumberField(
        key="screening.people_ever", words="累计排查人数", synonyms=("累计排查", "排查累计"),
        span="ever", source=people_screened, means="到截止时间为止记下的入户，门里说有几个人就算几个。",
    ),
    NumberField(
        key="screening.places_day", words="今日检查场所数", synonyms=("今日场所检查数", "检查场所数"),
        span="day", source=places_seen, subject="place", means="这一期里记下的场所检查，一次算一处次。",
    ),
    NumberField(
        key="screening.places_ever", words="累计检查场所数", synonyms=("累计场所检查数",),
        span="ever", source=places_seen, subject="place", means="到截止时间为止记下的场所检查，一次算一处次。",
    ),
)  # fmt: skip
