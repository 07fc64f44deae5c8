"""What was tried and did not succeed, beside the duties that it was tried for."""

from collections.abc import Sequence

from django.db.models import F

from shouwang.duties.models import Attempt, Duty

SUBJECTS = ("household", "person", "place")


def last_attempts(duties: Sequence[Duty]) -> dict[int, Attempt]:
    """The last attempt at each duty since it opened, made at whoever stands for its subject.

    Shape: by the duty's id; duties that nobody tried are not in it. The duties come with their subjects.
    Cost: one query for each sort of subject.
    """
    found = _by_about([duty for duty in duties if duty.about])
    for name in SUBJECTS:
        there = ((duty, getattr(duty, name)) for duty in duties if duty.subject[0] == name and not duty.about)
        owed = [
            (duty, subject) for duty, subject in there if subject
        ]  # who lives elsewhere now may be out of sight
        tried = _by_kept(name, {subject.kept_id for _duty, subject in owed})
        for duty, subject in owed:
            last = tried.get((duty.kind, subject.kept_id))
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
