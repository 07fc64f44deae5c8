"""Results are taken in: each counts, repeats what counts already, or is held for somebody to look at. All or nothing."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.writing import write
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import as_array, uuid7
from shouwang.register.intake.files import keep
from shouwang.register.uploads import Upload
from shouwang.testing.results.models import Result
from shouwang.testing.results.reading import Line, Progress, read_results
from shouwang.testing.results.rules import HELD, NOT_HANDED, Known, held
from shouwang.testing.tubes.handed import handed

KIND = "results"
TUBES = "SELECT code, id, area_code, round_id FROM testing_tube WHERE code = ANY(%s::text[])"
SWABBED = """
SELECT tube_id, count(*), min(at), max(at) FROM testing_swab
WHERE void_at IS NULL AND tube_id = ANY(%s::uuid[]) GROUP BY tube_id
"""
SAID = "SELECT tube_id, outcome FROM testing_result WHERE held = '' AND void_at IS NULL AND tube_id = ANY(%s::uuid[])"


class SettledBefore(Refusal):
    code = "testing.settled_before"
    sentence = "这一条已经有人处理过了。"


class NoWord(Refusal):
    code = "testing.no_word"
    sentence = "请写明为什么这样处理。"


class StillHeld(Refusal):
    code = "testing.still_held"
    sentence = "还不能算数：{reason}。先把采样记录或者另一条结果弄清楚。"


@dataclass
class Taken:
    """What became of a file. Shape: `new` are those that count; `again` repeated what counts; `held` by reason."""

    file: Upload
    same_file: bool = False
    lines: int = 0
    new: list[UUID] = field(default_factory=list)
    again: int = 0
    held: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Tube:
    pk: UUID
    area: str
    round: UUID | None


def take_in(
    content: bytes, filename: str, *, area: str, by: User | None, at: datetime, laboratory: str = "",
    own: User | None = None, progress: Progress | None = None,
) -> Taken:  # fmt: skip
    """Takes in a laboratory's file for an area; the very same file again changes nothing, at whichever entrance.

    Shape: `own` is the laboratory where it brings the file itself: what it says of a tube that it was never handed is held.

    Raises: the refusals of `sheets`, NoResults, DiskFull. Cost: 100,000 lines in a few dozen statements.
    """
    digest = hashlib.sha256(content).hexdigest()
    before = Upload.objects.filter(
        kind=KIND, sha256=digest, community=area, finished_at__isnull=False
    ).first()
    if before:
        return Taken(before, same_file=True, lines=before.rows_done)
    lines = read_results(content, filename, at=at, progress=progress)
    file = keep(content, filename, community=area, by=by, at=at, kind=KIND)
    taken = take(lines, area=area, by=by, at=at, laboratory=laboratory, own=own, file=file)
    Upload.objects.filter(pk=file.pk).update(
        finished_at=at, rows_done=len(lines), rows_total=len(lines),
        summary={"new": len(taken.new), "again": taken.again, "held": dict(taken.held)},
    )  # fmt: skip
    audit(
        "testing.results", at=at, by=by, area=area, file=file.pk, lines=len(lines), new=len(taken.new),
        held=sum(taken.held.values()),
    )  # fmt: skip
    return taken


def take(
    lines: Sequence[Line], *, area: str, by: User | None, at: datetime, file: Upload, laboratory: str = "",
    own: User | None = None,
) -> Taken:  # fmt: skip
    """The same for lines that came another way."""
    tubes = _tubes(line.code for line in lines)
    there = {tube.pk for tube in tubes.values()}
    foreign = there - handed(there, to=own) if own else set()
    known = _known(there)
    twice = _contradicting(lines)
    taken, rows = Taken(file, lines=len(lines)), []
    seen: set[UUID] = set()
    for line in lines:
        tube = tubes.get(line.code)
        facts = known.get(tube.pk, Known()) if tube else None
        reason = "differs" if line.code in twice and tube else held(line.said, facts, now=at)
        reason = NOT_HANDED if tube and tube.pk in foreign else reason
        repeats = tube is not None and (tube.pk in seen or (facts and facts.outcome == line.said.outcome))
        if repeats and reason in ("", "dates", "count_differs"):
            taken.again += 1
            continue
        row = _row(line, tube, area, reason, laboratory, at)
        rows.append(row)
        if reason:
            taken.held[reason] += 1
        elif tube:
            seen.add(tube.pk)
            taken.new.append(row["id"])
    same = {"file_id": file.pk, "received_at": at, "by_id": by.pk if by else None}
    write(Result, rows, same=same)
    return taken


def let_count(result: UUID, *, word: str, by: User, at: datetime) -> Result:
    """Somebody looked: what was held counts from now on, and what counted instead no longer does.

    Raises: NotInScope, SettledBefore, NoWord, StillHeld where the sample is still not known.
    """
    row = _held(result, word)
    tube = _tubes([row.code]).get(row.code)
    facts = _known([tube.pk]).get(tube.pk) if tube else None
    if tube is None or facts is None or not facts.people or not row.outcome:
        raise StillHeld(reason=HELD[row.held])
    Result.objects.filter(tube=tube.pk, held="", void_at=None).update(void_at=at)
    Result.objects.filter(pk=row.pk).update(
        held="", tube=tube.pk, round=tube.round, area_code=tube.area, settled_at=at, settled_by=by,
        settled_word=word[:100],
    )  # fmt: skip
    audit("testing.let_count", at=at, by=by, area=row.area_code, reason=word, result=row.pk)
    return Result.objects.get(pk=row.pk)


def set_aside(result: UUID, *, word: str, by: User, at: datetime) -> None:
    """Somebody looked: it counts for nobody. Raises: NotInScope, SettledBefore, NoWord."""
    row = _held(result, word)
    Result.objects.filter(pk=row.pk).update(settled_at=at, settled_by=by, settled_word=word[:100])
    audit("testing.set_aside", at=at, by=by, area=row.area_code, reason=word, result=row.pk)


def _held(result: UUID, word: str) -> Result:
    if not word.strip():
        raise NoWord()
    row = one_in_scope(Result.objects.select_for_update().filter(pk=result).exclude(held=""))
    if row.settled_at:
        raise SettledBefore()
    return row


def _contradicting(lines: Iterable[Line]) -> set[str]:
    """Codes of which one file says two different things: none of it is believed."""
    said: dict[str, str] = {}
    return {
        line.code
        for line in lines
        if line.code
        and line.said.outcome
        and said.setdefault(line.code, line.said.outcome) != line.said.outcome
    }


def _tubes(codes: Iterable[str]) -> dict[str, _Tube]:
    with connection.cursor() as cursor:
        cursor.execute(TUBES, ["{" + ",".join(sorted({code for code in codes if code})) + "}"])
        return {code: _Tube(pk, area, in_round) for code, pk, area, in_round in cursor.fetchall()}


def _known(tubes: Collection[UUID]) -> dict[UUID, Known]:
    with connection.cursor() as cursor:
        cursor.execute(SAID, [as_array(tubes)])
        said: Mapping[UUID, str] = dict(cursor.fetchall())
        cursor.execute(SWABBED, [as_array(tubes)])
        return {
            tube: Known(people, first, last, said.get(tube, ""))
            for tube, people, first, last in cursor.fetchall()
        }


def _row(
    line: Line, tube: _Tube | None, area: str, reason: str, laboratory: str, at: datetime
) -> dict[str, Any]:
    said = line.said
    return {
        "id": uuid7(at), "area_code": tube.area if tube else area, "code": line.code, "tube_id": tube.pk if tube else None,
        "round_id": tube.round if tube else None, "outcome": said.outcome, "written": line.written,
        "people_count": said.people_count, "sampled_at": said.sampled_at, "tested_at": said.tested_at,
        "values": line.values, "laboratory": line.laboratory or laboratory, "line": line.number, "held": reason,
    }  # fmt: skip
