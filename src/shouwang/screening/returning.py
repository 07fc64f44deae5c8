"""What talks with people on lists offer to ledgers: who came back from another province, and from where the risk is high."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from shouwang.lib.fields import Field, NumberField
from shouwang.lib.provinces import PROVINCES
from shouwang.register.areas import town_of
from shouwang.screening.listed import checks
from shouwang.screening.models import ListRow

RISKS = ("high_risk_stay", "medium_risk_stay")


def talks(area: str) -> QuerySet:
    """Every talk, where the person is looked for, counted by whoever they now are."""
    return checks(area).annotate(subject=F("inquiry__person__kept_id"))


def returned(area: str) -> QuerySet | None:
    """People who said that they came from another province. None where the own province is not known."""
    own = town_of(area).province
    elsewhere = Q(pk__in=[])
    for name in set(PROVINCES.values()) - {own}:
        elsewhere |= Q(from_place__startswith=name)
    return talks(area).filter(elsewhere, follow_up=False) if own else None


def returned_from_risk(area: str) -> QuerySet | None:
    """Those of them who were where the plan says that the risk is high or medium."""
    rows = returned(area)
    listed = ListRow.objects.filter(inquiry=OuterRef("inquiry"), list__category__in=RISKS)
    return None if rows is None else rows.filter(Q(category__in=RISKS) | Exists(listed))


FIELDS: tuple[Field, ...] = (
    NumberField(
        key="screening.returned_day", words="省外返回", synonyms=("省外返回人数", "今日省外返回", "外省返回"),
        span="day", source=returned, subject="person", means="这一期里核查过、说是从外省来的人；回访不重复算。",
    ),
    NumberField(
        key="screening.returned_risk_day", words="其中中高风险", synonyms=("中高风险返回", "其中中高风险地区", "中高风险地区返回"),
        span="day", source=returned_from_risk, subject="person",
        means="省外返回里，类别是高、中风险区旅居的人。",
    ),
)  # fmt: skip
