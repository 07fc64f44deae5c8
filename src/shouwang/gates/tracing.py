"""Gate passages for case investigation: where somebody went in and out, and who stood before and behind them, for whom it is opened.

Every use is written down by the case that asks. Who only stood near is marked so, and forgotten after the plan's days.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db.models import Exists, F, Func, OuterRef, Q

from shouwang.gates.models import ADMITTED, Companion, Passage
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.traces import Trace, Traced, Tracer
from shouwang.register.models import Person

NEAR = timedelta(minutes=2)
MOST = 200


def where_they_passed(traced: Traced) -> Iterator[Trace]:
    """Gates and places at which somebody was seen, and those who went in or out around the same minute."""
    own = _own(traced)
    for row in own:
        yield Trace("gate", day_of(row.at), _where(row), row.get_direction_display(), row.at, row.at)
    if own:
        yield from _near(own, traced)


def _own(traced: Traced) -> list[Passage]:
    """Known by the pass or the door, or by the number or phone that they gave when they scanned."""
    person = Person.objects.filter(pk=traced.person)
    phones = person.annotate(one=Func(F("phone_digests"), function="unnest")).values("one")
    number = person.exclude(id_digest=b"").values("id_digest")
    named = Companion.objects.filter(Q(phone_digest__in=phones) | Q(id_digest__in=number))
    rows = Passage.objects.filter(
        Q(person=traced.person) | Q(pk__in=named.values("passage")), void_at=None, decision=ADMITTED,
        at__gte=midnight(traced.from_on), at__lt=midnight(traced.last_on + timedelta(days=1)),
    )  # fmt: skip
    return list(rows.select_related("gate").order_by("at")[:MOST])


def _near(own: Sequence[Passage], traced: Traced) -> Iterator[Trace]:
    """Whoever went through the same gate around the same minute as one of these. Cost: one question."""
    beside = Passage.objects.filter(
        pk__in=[row.pk for row in own], gate=OuterRef("gate"), at__gte=OuterRef("at") - NEAR,
        at__lte=OuterRef("at") + NEAR,
    )  # fmt: skip
    since, until = own[0].at - NEAR, own[-1].at + NEAR
    around = Passage.objects.filter(
        Exists(beside), gate__in={row.gate_id for row in own}, at__gte=since, at__lte=until, void_at=None,
        person__isnull=False,
    ).exclude(person=traced.person)  # fmt: skip
    for other in around.select_related("gate", "person").order_by("at")[:MOST]:
        if other.person:
            yield Trace(
                "gate", day_of(other.at), _where(other), "", other.at, other.at, other.person_id,
                other.person.name, near=True,
            )  # fmt: skip


def _where(row: Passage) -> str:
    return row.gate.name if row.gate else ""


TRACERS: tuple[Tracer, ...] = (where_they_passed,)
