"""Finding a person, a door or a place by the first letters, digits or characters that somebody types."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from shouwang.lib.characters import plain
from shouwang.lib.codes import COMMUNITY, community_of, subtree
from shouwang.lib.doors import parse_door
from shouwang.lib.sealing import sealer
from shouwang.register.models import Area, Household, Person, Place

BETWEEN = "\x1f"  # stands in no key: cells come without control characters
FIRST_PAGE = 20
NAMES_SHOWN = 4
KEYS_PER_SUBJECT = 6  # several keys of one person may begin alike
FEW = 3  # communities
LAST = "\U0010ffff"
ID_NUMBER = re.compile(r"\d{17}[\dxX]")
PHONE = re.compile(r"1\d{10}|0\d{9,11}")

FIND = """
SELECT found.key, found.household_id, found.person_id, found.place_id
FROM unnest(%s::text[]) AS here(community), LATERAL (
  SELECT key, household_id, person_id, place_id FROM register_searchkey
  WHERE community = here.community COLLATE "C" AND key >= %s COLLATE "C" AND key < %s COLLATE "C"
  ORDER BY community, key LIMIT %s
) AS found ORDER BY found.key LIMIT %s
"""

ADD = """
INSERT INTO register_searchkey (area_code, community, key, {subject})
SELECT area_code, left(area_code, %s), unnest(string_to_array(keys, %s)), id FROM keyed ORDER BY area_code, id
"""

Keyed = tuple[int, str, list[str]]  # identity, area code, keys


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the first page: what it is, where, and what tells it from others of the same name.

    Shape: `kind` is person, household or place; `exact` where the whole of a key was typed.
    """

    kind: str
    id: int
    area_code: str
    title: str
    detail: str
    exact: bool


def search(text: str, *, codes: Sequence[str], limit: int = FIRST_PAGE) -> list[Hit]:
    """Who and what begins like this, exact ones first: name, pinyin, initials, last four digits, 3-2-502.

    Shape: `codes` are the areas of the caller's scope. A whole ID number or phone finds its owner alone.
    """
    typed = "".join(plain(text).lower().split())
    if not typed:
        return []
    if ID_NUMBER.fullmatch(typed):
        digest = sealer(settings.SEALING_KEY_FILE).digest("id", typed.upper())
        return _hits([("person", row, True) for row in _ids(Person.objects.filter(id_digest=digest))], limit)
    if PHONE.fullmatch(typed):
        return _by_phone(typed, codes, limit)
    door = parse_door(typed)
    if door and not door.compound and door.room:
        typed = "-".join(part for part in (door.building, door.unit, door.room) if part).lower()
    return _hits(_found(typed, codes, limit), limit)


def known(person: int) -> list[Hit]:
    """Somebody who is known already, as search would show them; nothing where they do not live in the scope."""
    return _hits([("person", person, True)], 1)


def write_keys(subject: str, rows: Iterable[Keyed]) -> None:
    """Makes the search keys of these households, people or places anew.

    Shape: `subject` is household_id, person_id or place_id.
    """
    rows = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM register_searchkey WHERE {subject} = ANY(%s)", [[row[0] for row in rows]]
        )
        cursor.execute("CREATE TEMPORARY TABLE keyed (id bigint, area_code text, keys text) ON COMMIT DROP")
        with cursor.copy("COPY keyed FROM STDIN") as copy:
            for identity, area_code, keys in rows:
                copy.write_row((identity, area_code, BETWEEN.join(keys)))
        cursor.execute(ADD.format(subject=subject), [COMMUNITY, BETWEEN])
        cursor.execute("DROP TABLE keyed")


Found = tuple[str, int, bool]  # kind, identity, exact


def _found(typed: str, codes: Sequence[str], limit: int, end: str = LAST) -> list[Found]:
    """What has a key that begins like this, in the order of the keys: the shortest, exact one comes first."""
    communities, most = _communities(codes), limit * KEYS_PER_SUBJECT
    each = (
        most if len(communities) <= FEW else limit * 2
    )  # of a hundred communities none fills the page alone
    with connection.cursor() as cursor:
        cursor.execute(FIND, [communities, typed, typed + end, each, most])
        rows = cursor.fetchall()
    found: dict[tuple[str, int], bool] = {}
    for key, *subjects in rows:
        for kind, identity in zip(("household", "person", "place"), subjects, strict=True):
            if identity is not None:
                found.setdefault((kind, identity), key == typed)
    return [(kind, identity, exact) for (kind, identity), exact in found.items()]


def _by_phone(number: str, codes: Sequence[str], limit: int) -> list[Hit]:
    """The owners of a whole phone number: those with its last four digits whose digest is the same."""
    digest = sealer(settings.SEALING_KEY_FILE).digest("phone", number)
    near = _found(number[-4:], codes, limit * FIRST_PAGE, end="\x01")
    people = Person.objects.filter(pk__in=[row for kind, row, _ in near if kind == "person"])
    places = Place.objects.filter(pk__in=[row for kind, row, _ in near if kind == "place"])
    owners = [("person", row, True) for row in _ids(people.filter(phone_digests__contains=[digest]))]
    return _hits(
        owners + [("place", row, True) for row in _ids(places.filter(phone_digests__contains=[digest]))],
        limit,
    )


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("id").values_list("id", flat=True)[:FIRST_PAGE])


def _communities(codes: Sequence[str]) -> list[str]:
    """The communities in which these areas lie, or that lie in them."""
    near = {community_of(code) for code in codes if len(code) >= COMMUNITY}
    for code in codes:
        if len(code) < COMMUNITY:
            low, high = subtree(code)
            inside = Area.objects.filter(level="community", code__gte=low, code__lt=high)
            near.update(inside.values_list("code", flat=True))
    return sorted(near)


def _hits(found: list[Found], limit: int) -> list[Hit]:
    """The lines to show, each once, a merged row as the one that stands for it."""
    found = found[: limit * 2]
    makers = {"person": _people, "household": _households, "place": _places}
    shown = {
        kind: make([identity for other, identity, _ in found if other == kind])
        for kind, make in makers.items()
    }
    hits: dict[tuple[str, int], Hit] = {}
    for kind, identity, exact in sorted(found, key=lambda one: not one[2]):
        if line := shown[kind].get(identity):
            kept, area_code, title, detail = line
            hits.setdefault((kind, kept), Hit(kind, kept, area_code, title, detail, exact))
    return list(hits.values())[:limit]


Lines = dict[int, tuple[int, str, str, str]]  # identity: kept, area code, title, detail


def _kept(model: Any, ids: list[int], *related: str) -> list[tuple[int, Any]]:
    """Each of these rows with the one that stands for it."""
    kept = dict(model.objects.filter(pk__in=ids).values_list("id", "kept_id")) if ids else {}
    rows = model.objects.select_related(*related).in_bulk(set(kept.values())) if kept else {}
    return [(identity, rows[row]) for identity, row in kept.items() if row in rows]


def _people(ids: list[int]) -> Lines:
    return {
        identity: (row.pk, row.area_code, row.name, _joined(row.household, row.phone_mask, row.id_mask))
        for identity, row in _kept(Person, ids, "household")
    }


def _joined(household: Household, *masks: str) -> str:
    return " ".join(filter(None, [f"{household.compound}{household.door}", *masks]))


def _households(ids: list[int]) -> Lines:
    rows = _kept(Household, ids)
    people = (
        Person.objects.filter(household_id__in=[row.pk for _, row in rows], left_at=None) if rows else None
    )
    names: dict[int, list[str]] = {}
    for household, name in (
        people.order_by("id").values_list("household_id", "name") if people is not None else ()
    ):
        names.setdefault(household, []).append(name)
    return {
        identity: (
            row.pk,
            row.area_code,
            f"{row.compound}{row.door}",
            "、".join(names.get(row.pk, [])[:NAMES_SHOWN]) or ("空户" if row.empty_on else ""),
        )
        for identity, row in rows
    }


def _places(ids: list[int]) -> Lines:
    return {
        identity: (row.pk, row.area_code, row.name, f"{row.kind} {row.address}".strip())
        for identity, row in _kept(Place, ids)
    }
