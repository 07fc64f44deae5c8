"""The answers to extra questions as fields of a form, beside those that the catalogue lists."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shouwang.ledgers.asked.rules import AT_THE_DOOR, span_of
from shouwang.ledgers.models import Question, Reply
from shouwang.lib.codes import subtree
from shouwang.lib.fields import Field, NumberField, RowField
from shouwang.screening.models import Check, Inquiry, Visit

ASKED = "asked."


def key_of(question: Question) -> str:
    """The field under which the answers to a question are counted or shown."""
    return f"{ASKED}{question.pk}"


def is_asked(field: str) -> bool:
    """Whether a column is filled from answers to a question of its own."""
    return field.startswith(ASKED)


class Known(Mapping[str, Field]):
    """The catalogue's fields, and those of the questions that are asked here. Listing them names the catalogue's alone."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields

    def __getitem__(self, key: str) -> Field:
        if not is_asked(key):
            return self._fields[key]
        number = key.removeprefix(ASKED)
        question = (
            Question.objects.select_related("form").filter(pk=int(number)).first()
            if number.isdecimal()
            else None
        )
        if question is None:
            raise KeyError(key)
        return field_of(question)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def field_of(question: Question) -> Field:
    """A question as a field: a number that is blank while nobody answered, or a cell of each person."""
    if question.where == AT_THE_DOOR:
        return NumberField(
            key=key_of(question), words=question.words, span=span_of(question.heading), source=_told(question.pk),
            silent=True,
        )  # fmt: skip
    return RowField(
        key=key_of(question),
        words=question.words,
        needs="register.read",
        lines="",
        source=_cells(question.pk),
    )


def _counting() -> QuerySet:
    """Every answer with the moment at which the visit or talk behind it was struck."""
    visit = Visit.objects.filter(pk=OuterRef("about")).values("void_at")[:1]
    check = Check.objects.filter(pk=OuterRef("about")).values("void_at")[:1]
    struck = Coalesce(Subquery(visit), Subquery(check), output_field=DateTimeField())
    return Reply.objects.annotate(gone_at=struck)


def _told(question: int) -> Callable[[str], QuerySet]:
    def rows(area: str) -> QuerySet:
        low, high = subtree(area)
        found = _counting().filter(question=question, area_code__gte=low, area_code__lt=high)
        return found.annotate(happened_at=F("at"), came_at=F("recorded_at"), subject=F("household_id"))

    return rows


def _cells(question: int) -> Callable[[Sequence[Any], datetime], list[object]]:
    def cells(rows: Sequence[Any], at: datetime) -> list[object]:
        """The last answer of each of these people that counted by then."""
        inquiries = {row.pk: row.person_id for row in rows if isinstance(row, Inquiry)}
        people = {row.pk for row in rows if not isinstance(row, Inquiry)} | set(
            filter(None, inquiries.values())
        )
        mine = Q(inquiry__in=list(inquiries)) | Q(person__in=people)
        told = (
            _counting().filter(mine, question=question, recorded_at__lt=at, gone_at=None).order_by("at", "id")
        )
        said: dict[object, str] = {}
        for inquiry, person, value in told.values_list("inquiry", "person", "value"):
            said |= {inquiry: value, person: value}
        said.pop(None, None)
        return [said.get(row.pk) or said.get(getattr(row, "person_id", None)) for row in rows]

    return cells
