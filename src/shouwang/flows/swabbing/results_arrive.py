"""Results arrive: people see theirs at once and have a message, a tube that has to be taken again begins its own story."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from shouwang.access.models import User
from shouwang.flows.swabbing.followers import followers_change
from shouwang.flows.swabbing.positives import ask_for_orders
from shouwang.lib.ids import as_array
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import Sealer, sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.testing.results.models import NEGATIVE, Pool, Result
from shouwang.testing.results.pools import find, hear
from shouwang.testing.results.queries import said_so
from shouwang.testing.results.reading import Progress
from shouwang.testing.results.seeing import path_to
from shouwang.testing.results.taking import Taken, let_count, take_in

THERE, AGAIN = "tests_there", "tests_again"
# Who was swabbed into these tubes: one line per household, with the phones that somebody of it has.
HOUSEHOLDS = """
SELECT person.household_id, min(door.area_code), array_agg(phone) FILTER (WHERE phone IS NOT NULL)
FROM testing_swab swab JOIN register_person person ON person.id = swab.person_id
JOIN register_household door ON door.id = person.household_id
LEFT JOIN LATERAL unnest(person.phones_sealed) phone ON true
WHERE swab.void_at IS NULL AND swab.tube_id = ANY(%s::uuid[]) GROUP BY person.household_id ORDER BY 2
"""


def results_arrive(
    content: bytes, filename: str, *, area: str, by: User | None, at: datetime, laboratory: str = "",
    own: User | None = None, progress: Progress | None = None,
) -> Taken:  # fmt: skip
    """A laboratory's file is taken in, and whatever follows from it begins at once. Raises as `take_in`."""
    taken = take_in(
        content, filename, area=area, by=by, at=at, laboratory=laboratory, own=own, progress=progress
    )
    follow(taken.new, by=by, at=at)
    return taken


def count_after_all(result: UUID, *, word: str, by: User, at: datetime) -> Result:
    """Somebody looked at a result that was held: it counts. Raises as `let_count`."""
    row = let_count(result, word=word, by=by, at=at)
    follow([row.pk], by=by, at=at)
    return row


def follow(results: Sequence[UUID], *, by: User | None, at: datetime) -> list[Pool]:
    """What new results mean: who waited is let go, who must wait is asked to, who follows changes, everybody has a message."""
    hear(results, by=by, at=at)
    pools = find(results, by=by, at=at)
    followers_change(results, by=by, at=at)
    ask_for_orders(results, at=at)
    _write(THERE, said_so(results, NEGATIVE).values(), by=by, at=at)
    for pool in pools:
        _write(AGAIN, [pool.tube_id], by=by, at=at, urgent=True)
    return pools


def _write(
    purpose: str, tubes: Iterable[UUID], *, by: User | None, at: datetime, urgent: bool = False
) -> Sent | None:
    """One message to each household of these tubes, whoever of it was in them."""
    with connection.cursor() as cursor:
        cursor.execute(HOUSEHOLDS, [as_array(tubes)])
        doors = cursor.fetchall()
    keys = sealer(settings.SEALING_KEY_FILE)
    wanted = [
        Wanted(
            phone=_phone(phones or (), keys), purpose=purpose, once=f"{door} {at:%Y%m%d%H%M}", area_code=area,
            params={"path": path_to(door, area)}, urgent=urgent,
        )
        for door, area, phones in doors
    ]  # fmt: skip
    return send(wanted, by=by, at=at) if wanted else None


def _phone(sealed: Iterable[bytes], keys: Sealer) -> str:
    return next(filter(MOBILE.fullmatch, (keys.open(one) for one in sealed)), "")
