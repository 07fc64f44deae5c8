"""Rows that may be one person: proposed once to somebody who knows, never joined by themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BinaryField, Count, F, Func, Q, QuerySet, Value

from shouwang.lib.codes import COMPOUND, community_of, subtree
from shouwang.register.finding.keys import LONGEST
from shouwang.register.models import Household, NotTheSame, Person, SearchKey

WHY = {"id": "证件号一样", "born": "姓名和出生日期一样", "phone": "姓名和电话一样"}
MOST_ALIKE = 20  # more rows with one phone are a front desk, not one person


@dataclass(frozen=True, slots=True)
class Suspected:
    """Two people who may be one, the earlier row first, and why."""

    one: int
    other: int
    why: str


def suspected_duplicates(community: str) -> list[Suspected]:
    """Pairs of a community with the same ID number, the same name and birth date, or the same phone and name.

    Pairs that somebody has judged, either way, are not shown again.
    """
    low, high = subtree(community)
    return _alike(_standing().filter(area_code__gte=low, area_code__lt=high))


def suspected_of(people: Sequence[Person]) -> list[Suspected]:
    """The pairs that one of these people may be part of. Cost: two queries, by the keys of search and documents."""
    digests = [person.id_digest for person in people if person.id_digest]
    communities = {community_of(person.area_code) for person in people}
    named = SearchKey.objects.filter(
        community__in=communities, key__in=[person.name.lower()[:LONGEST] for person in people]
    )
    near = Q(pk__in=named.exclude(person=None).values("person_id")) | Q(id_digest__in=digests)
    own = {person.pk for person in people}
    return [pair for pair in _alike(_standing().filter(near)) if own & {pair.one, pair.other}] if own else []


def told_apart() -> QuerySet[NotTheSame]:
    """What somebody said about two people of like names: they are two. The latest first."""
    people = ("one__household", "other__household")
    return NotTheSame.objects.select_related(*people, "by").order_by("-at", "-pk")


def same_door(household: Household) -> list[Household]:
    """Other rows of the register that name this very door of the compound."""
    low, high = subtree(household.area_code[:COMPOUND])
    rows = Household.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"))
    labels = {name: getattr(household, name) for name in ("building", "unit", "room")}
    return list(rows.filter(**labels).exclude(pk=household.pk).order_by("id")) if household.room else []


def _standing() -> QuerySet[Person]:
    return Person.objects.filter(kept_id=F("id"), left_at=None)


def _alike(rows: QuerySet[Person]) -> list[Suspected]:
    """Pairs among these rows; the database puts together what is alike, in one query."""
    phone = Func(F("phone_digests"), function="unnest", output_field=BinaryField())
    groups = _groups("id", rows.exclude(id_digest=b""), "id_digest").union(
        _groups("born", rows.exclude(born_on=None), "name", "born_on"),
        _groups("phone", rows.annotate(phone=phone), "name", "phone"),
        all=True,
    )
    judged = {tuple(pair) for pair in NotTheSame.objects.values_list("one_id", "other_id")}
    found: dict[tuple[int, int], str] = {}
    for why, members in sorted(groups, key=lambda group: list(WHY).index(group[0])):
        for pair in _pairs(members):
            if pair not in judged:
                found.setdefault(pair, WHY[why])
    return [Suspected(one, other, why) for (one, other), why in sorted(found.items())]


def _groups(why: str, rows: QuerySet[Person], *alike: str) -> QuerySet:
    """The rows that have all of this in common, two or more together."""
    together = (
        rows.order_by().values(*alike).annotate(members=ArrayAgg("id", order_by="id"), many=Count("id"))
    )
    return together.filter(many__gt=1).annotate(why=Value(why)).values_list("why", "members")


def _pairs(members: list[int]) -> Iterator[tuple[int, int]]:
    """Each two of a few; neighbours alone where there are many."""
    return combinations(members, 2) if len(members) <= MOST_ALIKE else pairwise(members)
