"""The register beside the rows: only the columns that are compared, read under the caller's scope."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from django.conf import settings
from django.db import connection

from shouwang.lib.codes import merged
from shouwang.lib.sealing import sealer
from shouwang.register.importing.residents import NO_NAME
from shouwang.register.matching.names import traditional_signs
from shouwang.register.matching.tables import Tables
from shouwang.register.models import Person

LINES_AT_ONCE = 50_000


# One text for each line: a row costs the client next to nothing, and the engine takes it apart. No joins: the rows of a
# million people come as fast as they lie, and which household stands for another is settled there.
HOUSEHOLDS = """
SELECT concat_ws(E'\\t', id, kept_id, left(area_code, 12), replace(compound, ' ', ''), building, unit, room)
FROM register_household WHERE {inside}
"""
NUMBERED = "'resident', 'residence_permit', 'foreign_permit', 'legacy', 'masked', 'unknown'"
PEOPLE = f"""
SELECT concat_ws(E'\\t', id, household_id,
  CASE WHEN name = '{NO_NAME}' THEN '' ELSE translate(name, ' ·', '') END, name_key, sex, coalesce(born_on::text, ''),
  CASE WHEN id_kind = '' THEN '' WHEN id_kind NOT IN ({NUMBERED}) THEN 'other'
       WHEN id_digest <> '' AND length(id_mask) = 18 THEN 'whole' ELSE 'look' END,
  CASE WHEN left_at IS NULL THEN 0 ELSE 1 END, CASE WHEN relation = '户主' THEN 1 ELSE 0 END)
FROM register_person WHERE kept_id = id AND ({{inside}})
"""
HITS = """
SELECT DISTINCT a.key, p.kept_id
FROM register_person p
CROSS JOIN LATERAL unnest(p.match_digests || p.phone_digests || p.id_digest) AS d(digest)
JOIN asked_digest a ON a.digest = d.digest
WHERE {inside}
"""
KEPT = (
    "UPDATE person SET household = h.kept FROM household h WHERE h.id = person.household AND h.kept <> h.id"
)


def load(tables: Tables, areas: Sequence[str], digests: Sequence[bytes]) -> None:
    """Fills person, household and hit: who of these areas has which of the digests, by its place in the list.

    Cost: one pass over the people of the areas for each of the three; nothing is unsealed.
    """
    ranges = merged(areas)
    inside = (
        " OR ".join(f"(area_code >= '{low}' AND area_code < '{high}')" for low, high in ranges) or "false"
    )
    _take(tables, "household", HOUSEHOLDS.format(inside=inside))
    _take(tables, "person", PEOPLE.format(inside=inside))
    tables.connection.execute(KEPT)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE asked_digest (key integer, digest bytea) ON COMMIT DROP")
        with cursor.copy("COPY asked_digest FROM STDIN") as copy:
            for line in enumerate(digests):
                copy.write_row(line)
        cursor.execute("ANALYZE asked_digest")
        cursor.execute(HITS.format(inside=inside))
        tables.fill("hit", cursor.fetchall())
        cursor.execute("DROP TABLE asked_digest")


def _take(tables: Tables, table: str, query: str) -> None:
    """The lines of an answer into a table, traditional characters made simplified on the way."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while lines := cursor.fetchmany(LINES_AT_ONCE):
            tables.fill_from_text(table, _simplified("\n".join(line for (line,) in lines)))


def _simplified(block: str) -> str:
    signs = traditional_signs()
    return _traditional().sub(lambda found: signs[ord(found[0])], block)


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, traditional_signs()))}]")


def unsealed(people: Iterable[int]) -> dict[int, str]:
    """The document numbers of a few people, for comparing: they are shown to nobody and kept nowhere."""
    keys = sealer(settings.SEALING_KEY_FILE)
    rows = Person.objects.filter(pk__in=list(people)).values_list("id", "id_sealed")
    return {identity: keys.open(sealed) for identity, sealed in rows}
