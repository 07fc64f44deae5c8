"""What was tried and did not succeed, beside the duties that it was tried for."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from shouwang.duties.models import Attempt, Duty
from shouwang.register.models import Household, Person, Place

SUBJECTS: dict[str, Any] = {"household": Household, "person": Person, "place": Place}


def last_attempts(duties: Sequence[Duty]) -> dict[int, Attempt]:
    """The last attempt at each duty since it opened, made at whoever stands for its subject.

    Shape: by the duty's id; duties that nobody tried are not in it.
    """
    found = _by_about([duty for duty in duties if duty.about])
    for name, model in SUBJECTS.items():
        owed = [duty for duty in duties if duty.subject[0] == name and not duty.about]
        kept = dict(
            model.objects.filter(pk__in={duty.subject[1] for duty in owed}).values_list("pk", "kept_id")
        )
        tried = _by_kept(name, set(kept.values()))
        for duty in owed:
            last = tried.get((duty.kind, kept.get(duty.subject[1], 0)))
            if last and last.at >= duty.opens_at:
                found[duty.pk] = last
    return found


def _by_about(duties: Sequence[Duty]) -> dict[int, Attempt]:
    """What was tried for the very row that a duty is about."""
    rows = (
        Attempt.objects.filter(about__in={duty.about for duty in duties})
        if duties
        else Attempt.objects.none()
    )
    tried = {(row.kind, row.about): row for row in rows.order_by("at", "id")}
    lasts = ((duty, tried.get((duty.kind, duty.about))) for duty in duties)
    return {duty.pk: last for duty, last in lasts if last and last.at >= duty.opens_at}


def _by_kept(name: str, kept: set[int]) -> dict[tuple[str, int], Attempt]:
    rows = Attempt.objects.filter(about=None, **{f"{name}__kept_id__in": kept}).annotate(
        kept=F(f"{name}__kept_id")
    )
    return {(row.kind, row.kept): row for row in rows.order_by("at", "id")}
