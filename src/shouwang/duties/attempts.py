"""What was tried and did not succeed, beside the duties that it was tried for."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Cast

from shouwang.duties.models import Attempt, Duty

SUBJECTS = ("household", "person", "place")
OF_A_ROW = "about"


def last_attempts(duties: Sequence[Duty]) -> dict[int, Attempt]:
    """The last attempt at each duty since it opened. Shape: as `attempts_at`."""
    return {duty: made[-1] for duty, made in attempts_at(duties).items()}


def attempts_at(duties: Sequence[Duty]) -> dict[int, list[Attempt]]:
    """The attempts at each duty since it opened, the last one last, made at whoever stands for its subject.

    Shape: by the duty's id; duties that nobody tried are not in it. The duties come with their subjects.
    Cost: one query, whatever they are about.
    """
    keys = {duty.pk: key for duty in duties if (key := _key(duty))}
    wanted = [
        _tried_at(name, {key for sort, key in keys.values() if sort == name})
        for name in (*SUBJECTS, OF_A_ROW)
    ]
    first, *others = wanted
    tried: defaultdict[tuple[str, str, object], list[Attempt]] = defaultdict(list)
    for row in first.union(*others, all=True).order_by("at", "id"):
        tried[row.kind, row.sort, row.about if row.sort == OF_A_ROW else row.kept].append(row)
    found = {
        duty.pk: [one for one in tried[duty.kind, *keys[duty.pk]] if one.at >= duty.opens_at]
        for duty in duties
        if duty.pk in keys
    }
    return {duty: made for duty, made in found.items() if made}


def _key(duty: Duty) -> tuple[str, object] | None:
    """At what an attempt must have been made: the very row that a duty is about, or whoever stands for its subject."""
    if duty.about:
        return OF_A_ROW, duty.about
    name = duty.subject[0]
    subject = getattr(duty, name) if name in SUBJECTS else None
    return (name, subject.kept_id) if subject else None  # who lives elsewhere now may be out of sight


def _tried_at(sort: str, keys: set[Any]) -> QuerySet[Any]:
    rows = Attempt.objects.annotate(sort=Value(sort))
    if not keys:
        return rows.none()
    if sort == OF_A_ROW:
        return rows.filter(about__in=keys).annotate(kept=Cast(Value(None), BigIntegerField()))
    return rows.filter(about=None, **{f"{sort}__kept_id__in": keys}).annotate(kept=F(f"{sort}__kept_id"))
