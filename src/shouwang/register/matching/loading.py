"""The register beside the rows: only the columns that are compared, read under the caller's scope."""

import re
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db import connection

from shouwang.lib.codes import merged
from shouwang.lib.sealing import sealer
from shouwang.register.importing.residents import NO_NAME
from shouwang.register.matching.names import traditional_signs
from shouwang.register.matching.tables import Tables, blocks
from shouwang.register.models import Person

Ranges = list[tuple[str, str]]

HOUSEHOLDS = """
SELECT id, replace(compound, ' ', ''), building, unit, room FROM register_household
WHERE kept_id = id AND ({inside})
"""
NUMBERED = "'resident', 'residence_permit', 'foreign_permit', 'legacy', 'masked', 'unknown'"
PEOPLE = f"""
SELECT p.id, h.kept_id, CASE WHEN p.name = '{NO_NAME}' THEN '' ELSE translate(p.name, ' ·', '') END,
       p.name_key, replace(p.name_key, ' ', ''), p.sex, coalesce(p.born_on::text, ''),
       CASE WHEN p.id_kind = '' THEN '' WHEN p.id_kind NOT IN ({NUMBERED}) THEN 'other'
            WHEN p.id_digest <> '' AND length(p.id_mask) = 18 THEN 'whole' ELSE 'look' END,
       CASE WHEN p.left_at IS NULL THEN 0 ELSE 1 END, CASE WHEN p.relation = '户主' THEN 1 ELSE 0 END
FROM register_person p JOIN register_household h ON h.id = p.household_id
WHERE p.kept_id = p.id AND ({{inside}})
"""
HITS = """
SELECT DISTINCT a.key, p.kept_id
FROM register_person p
CROSS JOIN LATERAL unnest(p.match_digests || p.phone_digests || p.id_digest) AS d(digest)
JOIN asked_digest a ON a.digest = d.digest
WHERE {inside}
"""


def load(tables: Tables, areas: Sequence[str], digests: Sequence[bytes]) -> None:
    """Fills person, household and hit: who of these areas has which of the digests, by its place in the list.

    Cost: one pass over the people of the areas for each of the three; nothing is unsealed.
    """
    ranges = merged(areas)
    for table, query, column in (("household", HOUSEHOLDS, "area_code"), ("person", PEOPLE, "p.area_code")):
        _copy(tables, table, query, column, ranges)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE asked_digest (key integer, digest bytea) ON COMMIT DROP")
        with cursor.copy("COPY asked_digest FROM STDIN") as copy:
            for line in enumerate(digests):
                copy.write_row(line)
        cursor.execute("ANALYZE asked_digest")
        _copy(tables, "hit", HITS, "p.area_code", ranges)
        cursor.execute("DROP TABLE asked_digest")


def _copy(tables: Tables, table: str, query: str, column: str, ranges: Ranges) -> None:
    """The answer of a question straight into a table, traditional characters made simplified on the way."""
    inside = " OR ".join(f"({column} >= '{low}' AND {column} < '{high}')" for low, high in ranges) or "false"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query.format(inside=inside)}) TO STDOUT") as copy,
    ):
        for block in blocks(_decoded(copy)):
            tables.fill_from_text(table, _simplified(block))


def _decoded(pieces: Iterable[bytes | memoryview]) -> Iterator[str]:
    """Text of whole lines: PostgreSQL sends each line in one piece."""
    for piece in pieces:
        yield bytes(piece).decode()


def _simplified(block: str) -> str:
    signs = traditional_signs()
    return _pattern(signs).sub(lambda found: signs[ord(found[0])], block)


def _pattern(signs: dict[int, str]) -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, signs))}]")


def unsealed(people: Iterable[int]) -> dict[int, str]:
    """The document numbers of a few people, for comparing: they are shown to nobody and kept nowhere."""
    keys = sealer(settings.SEALING_KEY_FILE)
    rows = Person.objects.filter(pk__in=list(people)).values_list("id", "id_sealed")
    return {identity: keys.open(sealed) for identity, sealed in rows}
