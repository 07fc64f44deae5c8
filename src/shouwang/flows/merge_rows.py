"""Two rows are one: the register joins them, and what both owed is owed once.

Where the kept row already owes the same in the same window, the lost one's duty is struck for the reason *merged*;
taking the merge back brings exactly those back. Rounds that were opened in between are extended to the row that
stands alone again.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.access.models import User
from shouwang.access.scope import whole
from shouwang.duties.discharge import settle
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_in, lock, unvoid, void
from shouwang.lib.kinds import Kind
from shouwang.register.joining.merging import MODELS, merge, unmerge
from shouwang.register.models import Merge
from shouwang.screening.actions import KINDS, extend
from shouwang.screening.models import Round


def merge_rows(kind: str, *, lost: int, kept: int, by: User | None, at: datetime) -> Merge:
    """Joins two rows of the register and their duties."""
    line = merge(kind, lost=lost, kept=kept, by=by, at=at)
    with whole():
        communities = _communities(kind, line)
        lock(communities)
        void(_coinciding(kind, line), reason=_reason(line), by=by, at=at)
        _settle(kind, line, communities, at)
    return line


def unmerge_rows(line: Merge, *, by: User | None, at: datetime) -> Merge:
    """Takes a merge back, in the register and in what is owed."""
    undone = unmerge(line, by=by, at=at)
    with whole():
        communities = _communities(line.kind, line)
        lock(communities)
        unvoid(_of(line.kind, [line.lost]), reason=_reason(line), at=at)
        for opened in Round.objects.filter(ended_at=None, kind__in=[k.name for k in _kinds(line.kind)]):
            if any(opened.area_code.startswith(c) or c.startswith(opened.area_code) for c in communities):
                extend(opened, at=at)
        _settle(line.kind, line, communities, at)
    return undone


def _coinciding(kind: str, line: Merge) -> QuerySet[Duty]:
    """The duties of lost rows that somebody else of the same family also has, in the same window."""
    family = MODELS[kind].objects.filter(kept_id=line.kept).values("pk")
    same = Duty.objects.filter(
        kind=OuterRef("kind"), opens_at=OuterRef("opens_at"), void_at=None, **{f"{kind}_id": line.kept}
    ).filter(Q(about=OuterRef("about")) | Q(about=None))
    return _of(kind, family).exclude(**{f"{kind}_id": line.kept}).filter(Exists(same), void_at=None)


def _of(kind: str, rows: object) -> QuerySet[Duty]:
    return Duty.objects.filter(**{f"{kind}_id__in": rows})


def _kinds(subject: str) -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.subject == subject]


def _communities(kind: str, line: Merge) -> list[str]:
    rows = MODELS[kind].objects.filter(Q(pk__in=[line.lost, line.kept]) | Q(kept_id=line.kept))
    return communities_in(rows)


def _settle(kind: str, line: Merge, communities: list[str], at: datetime) -> None:
    for each in _kinds(kind):
        settle(each, [line.lost, line.kept], communities=communities, at=at)


def _reason(line: Merge) -> str:
    return f"merged {line.pk}"
