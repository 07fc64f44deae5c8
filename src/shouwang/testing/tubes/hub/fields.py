"""What testing offers to ledgers: how many are to be tested, were, and were not; and when and where somebody was swabbed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value
from django.db.models.functions import Least

from shouwang.duties.models import Duty
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.fields import Field, NumberField, RowField
from shouwang.register.fields import PERSON
from shouwang.testing.duties import DOOR_SWAB, SWAB
from shouwang.testing.rounds.models import Round
from shouwang.testing.tubes.models import Swab

KINDS = (SWAB.name, DOOR_SWAB.name)
ONE = Value(1, output_field=IntegerField())


def swabs(area: str) -> QuerySet[Swab]:
    """The swabs of an area."""
    low, high = subtree(area)
    return Swab.objects.filter(area_code__gte=low, area_code__lt=high).annotate(
        happened_at=F("at"),
        came_at=F("recorded_at"),
        gone_at=F("void_at"),
        amount=ONE,
        subject=F("person_id"),
    )


def to_test(area: str) -> QuerySet[Duty]:
    """Who is to be tested in the rounds that go on, without those who are exempt."""
    return _owed(area, Least("void_at", "waived_at", "due_at"))


def tested(area: str) -> QuerySet[Duty]:
    """Who of them was."""
    done = _owed(area, Least("void_at", "due_at")).filter(done_at__isnull=False)
    return done.annotate(happened_at=F("done_at"), came_at=F("done_at"))


def not_tested(area: str) -> QuerySet[Duty]:
    """Who of them was not yet."""
    return _owed(area, Least("void_at", "waived_at", "due_at", "done_at"))


def _owed(area: str, gone_at: Any) -> QuerySet[Duty]:
    low, high = subtree(area)
    rows = Duty.objects.filter(kind__in=KINDS, area_code__gte=low, area_code__lt=high, person__isnull=False)
    return rows.annotate(  # type: ignore[no-redef]  # read as values alone: a duty has a subject of its own
        happened_at=F("opens_at"), came_at=F("booked_at"), gone_at=gone_at, amount=ONE, subject=F("person_id")
    )


def has_rounds(area: str) -> bool:
    """Whether the community ever ordered a round: where it did not its swabs are not recorded, and never 0."""
    low, high = subtree(area[:COMMUNITY])
    return Round.objects.filter(area_code__gte=low, area_code__lt=high).exists()


def _of_last(value: Callable[[Swab], object]) -> Callable[[Sequence[Any], datetime], Sequence[object]]:
    """A cell of each person's last swab before a moment; nothing where there is none. Cost: one statement."""

    def cells(rows: Sequence[Any], at: datetime) -> Sequence[object]:
        swabs = Swab.objects.filter(person__in=[row.pk for row in rows], void_at=None, at__lte=at)
        latest = {swab.person_id: swab for swab in swabs.select_related("tube", "point").order_by("at", "id")}
        return [value(latest[row.pk]) if row.pk in latest else None for row in rows]

    return cells


def _cell(key: str, words: str, *synonyms: str, value: Callable[[Swab], object]) -> RowField:
    return RowField(
        key=f"testing.{key}",
        words=words,
        synonyms=synonyms,
        needs="register.read",
        lines=PERSON.key,
        source=_of_last(value),
    )


FIELDS: tuple[Field, ...] = (
    NumberField(
        key="testing.swabs_day", words="今日采样人次", synonyms=("今日采样人数", "核酸采样/今日", "今日核酸检测人数"), span="day",
        source=swabs, recorded=has_rounds, subject="person", means="这一期里记下的采样，撤销的扣除；底册没有的人也算。",
    ),
    NumberField(
        key="testing.swabs_ever", words="累计采样人次", synonyms=("核酸采样/累计", "累计核酸检测人次"), span="ever",
        source=swabs, recorded=has_rounds, subject="person", means="到截止时间为止记下的采样，撤销的扣除。",
    ),
    NumberField(
        key="testing.to_test", words="应检人数", synonyms=("核酸/应检", "应检", "今日应检", "应采人数"), span="standing",
        source=to_test, recorded=has_rounds, subject="person", means="正在进行的轮次里要采的人，免检的不算。",
    ),
    NumberField(
        key="testing.tested", words="已检人数", synonyms=("核酸/已检", "已检", "今日实检", "实检", "已采人数"), span="standing",
        source=tested, recorded=has_rounds, subject="person", means="其中已经采过的人，到外面采过、有证明的也算。",
    ),
    NumberField(
        key="testing.not_tested", words="未检人数", synonyms=("核酸/未检", "未检", "未采人数"), span="standing",
        source=not_tested, recorded=has_rounds, subject="person", means="其中还没有采的人。",
    ),
    _cell("swabbed_at", "采样时间", "核酸检测时间", "最近一次采样时间", value=lambda swab: swab.at.astimezone(ZONE)),
    _cell("point", "采样地点", "采样点", "检测地点", value=lambda swab: swab.point.name if swab.point else "上门"),
    _cell("tube", "采样管编号", "管码", "试管编号", "样本编号", value=lambda swab: swab.tube.code),
)  # fmt: skip
