"""Swabs of people whom the register did not know at the table: found later, by the digest of their number."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from shouwang.access.audit import record as audit
from shouwang.lib.codes import subtree
from shouwang.lib.kinds import Kind
from shouwang.testing.tubes.swabs import settle_swabbed

MATCH = """
UPDATE testing_swab swab SET person_id = known.person, name = '', id_sealed = '', id_digest = '', phone_sealed = '', phone_mask = ''
FROM (SELECT id_digest, min(kept_id) AS person FROM register_person WHERE id_digest <> '' AND left_at IS NULL GROUP BY 1) AS known
WHERE swab.person_id IS NULL AND swab.void_at IS NULL AND swab.id_digest <> '' AND known.id_digest = swab.id_digest
  AND swab.area_code >= %s AND swab.area_code < %s
RETURNING known.person
"""


def match_later(area: str, *, kinds: Sequence[Kind], at: datetime) -> int:
    """Whoever has come into the register since is given their swabs; what they owed is done. How many swabs were matched.

    Shape: the numbers said at the table are forgotten then: the register has them.
    """
    with connection.cursor() as cursor:
        cursor.execute(MATCH, subtree(area))
        people = [person for (person,) in cursor.fetchall()]
    if people:
        settle_swabbed(people, kinds, at=at)
        audit("testing.match_swabs", at=at, area=area, swabs=len(people))
    return len(people)
