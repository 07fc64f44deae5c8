"""What somebody sees of their own tests: on their page, at once, in words that frighten nobody without need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.access.links import read, token
from shouwang.register.models import Person
from shouwang.testing.results.models import INVALID, NEGATIVE, Pool, Result
from shouwang.testing.tubes.models import Swab

PAGE = "tests"
SHOWN = timedelta(days=14)
WAITING, CLEAR, AGAIN = "waiting", "clear", "again"


@dataclass(frozen=True)
class Seen:
    """One swab and how it stands: waiting for the result, clear, or taken again. `until`: please wait at home so long."""

    swab: Swab
    state: str
    result_at: datetime | None = None
    until: datetime | None = None


def path_to(household: int, area: str) -> str:
    """The address of a household's page of tests."""
    return f"/tests/{token(PAGE, UUID(int=household), area)}/"


def household_of(code: str) -> tuple[int, str] | None:
    """Which household a link is of, and in which community; nothing where we did not make it."""
    found = read(PAGE, code)
    return (found[0].int, found[1]) if found else None


def seen_of(people: Sequence[Person], *, now: datetime) -> dict[int, list[Seen]]:
    """The tests of these people of the last days, the latest first. A result that is held is nobody's."""
    ids = {one.pk: one.kept_id or one.pk for one in people}
    swabs = list(
        Swab.objects.filter(person__kept_id__in=ids.values(), void_at=None, at__gt=now - SHOWN)
        .select_related("person").order_by("-at")
    )  # fmt: skip
    tubes = {swab.tube_id for swab in swabs}
    results: dict[UUID | None, Result] = {
        row.tube_id: row for row in Result.objects.filter(tube__in=tubes, held="", void_at=None)
    }
    pools: dict[UUID | None, Pool] = {pool.tube_id: pool for pool in Pool.objects.filter(tube__in=tubes)}
    found: dict[int, list[Seen]] = {pk: [] for pk in ids}
    own = {kept: pk for pk, kept in ids.items()}
    for swab in swabs:
        if swab.person is not None:
            found[own[swab.person.kept_id or swab.person.pk]].append(_seen(swab, results, pools))
    return found


def _seen(swab: Swab, results: dict[UUID | None, Result], pools: dict[UUID | None, Pool]) -> Seen:
    result, pool = results.get(swab.tube_id), pools.get(swab.tube_id)
    if result is None:
        return Seen(swab, WAITING)
    if result.outcome == NEGATIVE:
        return Seen(swab, CLEAR, result.received_at)
    until = None if result.outcome == INVALID or pool is None or pool.closed_at else pool.until
    return Seen(swab, AGAIN, result.received_at, until)
