"""Which person of the register each row of a pushed list means: one scorer for ten rows and for a hundred thousand."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.db.models import Q

from shouwang.lib.codes import COMMUNITY, SUBDISTRICT, merged
from shouwang.lib.sealing import sealer
from shouwang.register.matching.addresses import Known, known
from shouwang.register.matching.alike import alike_signs
from shouwang.register.matching.asking import Asked, ask
from shouwang.register.matching.deciding import decide
from shouwang.register.matching.loading import load, unsealed
from shouwang.register.matching.numbers import compare
from shouwang.register.matching.rows import Match, Written
from shouwang.register.matching.tables import Tables, tables
from shouwang.register.matching.weights import LIMITS, WEIGHTS
from shouwang.register.models import Area

TO_LOOK_AT = """
SELECT pr.number, pr.person
FROM pair pr JOIN written w ON w.number = pr.number JOIN person p ON p.id = pr.person
WHERE w.number_state IN ('whole', 'masked', 'look') AND p.number_state IN ('whole', 'look')
  AND NOT (w.number_state IN ('whole', 'masked') AND p.number_state = 'whole')
"""
STEPS = 4  # rows made ready, register read, pairs made, weighed

Refused = Mapping[int, frozenset[int]]
NOBODY: Refused = {}
Progress = Callable[[str, int, int], None]


def match(
    rows: Sequence[Written],
    *,
    areas: Sequence[str],
    refused: Refused = NOBODY,
    progress: Progress | None = None,
) -> list[Match]:
    """Finds each row's person among the residents of these areas, or says who it may be, or that it is nobody.

    Shape: the answers stand in the order of the rows; `areas` are codes inside the caller's scope; `refused` tells by
    the row's number of whom somebody has said that it is not they.
    Cost: 1,103 rows against 12,500 people about a second; 100,000 against a million less than a GB.
    """
    if not rows:
        return []
    step = _steps(progress)
    with tables() as held:
        asked = prepare(held, rows, areas=areas, refused=refused, step=step)
        weigh(held)
        step()
        return decide(held, rows, asked)


def prepare(
    held: Tables,
    rows: Sequence[Written],
    *,
    areas: Sequence[str],
    refused: Refused,
    step: Callable[[], None] = lambda: None,
) -> list[Asked]:
    """Fills the tables: the rows, the register, who may be meant, and what a look at their numbers says."""
    names, keys = our_names(areas), sealer(settings.SEALING_KEY_FILE)
    asked = [ask(row, names, keys) for row in rows]
    step()
    _fill(held, rows, asked, refused, areas)
    step()
    held.run("pairs.sql", limits(held))
    _look(held, asked)
    step()
    return asked


def weigh(held: Tables) -> None:
    """What speaks for each pair and what against, in bits."""
    held.run("scores.sql", limits(held))


def limits(held: Tables) -> dict[str, object]:
    """The numbers that stand in the statements."""
    everybody = max(1, held.ask("SELECT count(*) FROM person")[0][0])
    return {"everybody": everybody, **vars(LIMITS)}


def our_names(areas: Sequence[str]) -> Known:
    """What the communities, streets and compounds of these areas are called, and what lies above them."""
    above = {code[:length] for code in areas for length in (SUBDISTRICT, COMMUNITY)}
    wanted = Q(code__in=above)
    for low, high in merged(areas):
        wanted |= Q(code__gte=low, code__lt=high)
    found = Area.objects.filter(wanted, level__in=("community", "subdistrict", "compound")).order_by("code")
    labels: dict[str, dict[str, str]] = {"community": {}, "subdistrict": {}, "compound": {}}
    for level, label, code in found.values_list("level", "label", "code"):
        labels[level][label] = code
    return known(labels["community"], labels["subdistrict"], labels["compound"])


def weight_lines() -> list[tuple[str, float, int, int, int, int]]:
    """The table `weight`."""
    return [
        (key, one.bits, int(one.bars), int(one.needs_name), int(one.weak_name), int(one.needs_number))
        for key, one in WEIGHTS.items()
    ]


def _fill(
    held: Tables, rows: Sequence[Written], asked: Sequence[Asked], refused: Refused, areas: Sequence[str]
) -> None:
    digests: dict[bytes, int] = {}
    held.fill("written", (row.line(index) for index, row in enumerate(asked)))
    key_of = [
        (index, kind, digests.setdefault(digest, len(digests)))
        for index, row in enumerate(asked)
        for kind, digest in row.keys
    ]
    held.fill("key_of", key_of)
    held.fill("weight", weight_lines())
    held.fill("alike", alike_signs())
    said = ((index, person) for index, row in enumerate(rows) for person in refused.get(row.number, ()))
    held.fill("refused", said)
    load(held, areas, list(digests))


def _look(held: Tables, asked: Sequence[Asked]) -> None:
    """Opens the numbers of the few people for whom digests cannot decide, and compares digit by digit."""
    pairs = held.ask(TO_LOOK_AT)
    opened = unsealed({person for _, person in pairs})
    says = (
        (number, person, compare(asked[number].number.value, opened.get(person, "")))
        for number, person in pairs
    )
    held.fill("compared", (line for line in says if line[2]))


def _steps(progress: Progress | None) -> Callable[[], None]:
    done = iter(range(1, STEPS + 1))
    return lambda: progress("match", next(done), STEPS) if progress else None
