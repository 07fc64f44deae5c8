"""Two rows, one person (or door, or place): joined by a line that can be taken back; nothing is moved.

The lost row keeps everything that it ever had and points to the kept one; whoever reads goes through `kept`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Household, Merge, NotTheSame, Person, Place

MODELS: dict[str, Any] = {"person": Person, "household": Household, "place": Place}


class AlreadyOne(Refusal):
    code = "register.already_one"
    sentence = "这两条已经合并在一起了。"


class NotMerged(Refusal):
    code = "register.not_merged"
    sentence = "这次合并已经撤回过了。"


class SaidNotTheSame(Refusal):
    code = "register.said_not_the_same"
    sentence = "有人核对过，说这两位不是同一个人。要合并，请先撤回那句话。"


def merge(kind: str, *, lost: int, kept: int, by: User | None, at: datetime) -> Merge:
    """From now on `kept` stands for `lost`, and for whoever was merged into it before.

    Raises: NotInScope, AlreadyOne, SaidNotTheSame.
    """
    rows = MODELS[kind].objects.in_bulk([lost, kept])
    if len(rows) < 2:
        raise NotInScope()
    if rows[lost].kept_id == rows[kept].kept_id:
        raise AlreadyOne()
    if (
        kind == "person"
        and NotTheSame.objects.filter(one_id=min(lost, kept), other_id=max(lost, kept)).exists()
    ):
        raise SaidNotTheSame()
    root = rows[lost].kept_id
    line = Merge.objects.create(
        kind=kind, lost=root, kept=rows[kept].kept_id, area_code=rows[kept].area_code, at=at, by=by
    )
    _point(kind, [root])
    audit("register.merge", at=at, by=by, area=line.area_code, kind=kind, lost=root, kept=line.kept)
    return line


def unmerge(line: Merge, *, by: User | None, at: datetime) -> Merge:
    """Takes a merge back: both are again exactly what they were. Raises: NotMerged."""
    if not Merge.objects.filter(pk=line.pk, undone_at=None).update(undone_at=at, undone_by=by):
        raise NotMerged()
    _point(line.kind, [line.lost])
    audit(
        "register.unmerge", at=at, by=by, area=line.area_code, kind=line.kind, lost=line.lost, kept=line.kept
    )
    return line


def not_the_same(one: int, other: int, *, by: User | None, at: datetime) -> None:
    """Remembers that these two are different people, so that nobody is asked again."""
    first, second = sorted((one, other))
    area = one_in_scope(Person.objects.filter(pk=first).values_list("area_code", flat=True))
    NotTheSame.objects.get_or_create(
        one_id=first, other_id=second, defaults={"area_code": area, "at": at, "by": by}
    )
    audit("register.not_the_same", at=at, by=by, area=area, one=first, other=second)


def take_back_not_the_same(one: int, other: int, *, by: User | None, at: datetime) -> None:
    """Forgets that somebody called these two different people. Raises: NotInScope when nobody has."""
    first, second = sorted((one, other))
    said = one_in_scope(NotTheSame.objects.filter(one_id=first, other_id=second))
    said.delete()
    audit("register.maybe_the_same", at=at, by=by, area=said.area_code, one=first, other=second)


def _point(kind: str, roots: Iterable[int]) -> None:
    """Lets each of these rows, and all below it, point to what now stands at the top of its chain."""
    lines = dict(Merge.objects.filter(kind=kind, undone_at=None).values_list("lost", "kept"))
    below: dict[int, list[int]] = {}
    for lost, kept in lines.items():
        below.setdefault(kept, []).append(lost)
    for root in roots:
        top = root
        while top in lines:
            top = lines[top]
        members, pending = [], [root]
        while pending:
            members.append(pending.pop())
            pending += below.get(members[-1], [])
        MODELS[kind].objects.filter(pk__in=members).update(kept_id=top)
