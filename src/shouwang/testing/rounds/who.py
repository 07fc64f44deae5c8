"""Who is swabbed in a round, and where: at a point, or at the door."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.register.models import HELPS, Person
from shouwang.standing.queries import in_force
from shouwang.testing.duties import NOTHING
from shouwang.testing.rounds.models import Round

ISOLATION, KEY_GROUPS, EVERYONE = "isolation", "key_groups", "everyone"
# Whom a round may be for; none of them is everybody.
GROUPS = {ISOLATION: "隔离的人", KEY_GROUPS: "重点照顾的人", **dict(HELPS)}
# Who cannot well come down to a point.
AT_DOOR = ("lives_alone", "disabled", "pregnant", "chronic")


def of_round(row: Round, *, now: datetime) -> QuerySet[Person]:
    """Everybody whom a round is for, as the register knows them now."""
    low, high = subtree(row.area_code)
    people = Person.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"), left_at=None)
    return people.filter(_groups(row.categories, now)) if row.categories else people


def at_points(row: Round, *, now: datetime) -> QuerySet[Person]:
    """Those who come to a point; with the columns that duties are planned from."""
    return owing(of_round(row, now=now).exclude(_at_door(row, now)))


def at_doors(row: Round, *, now: datetime) -> QuerySet[Person]:
    """Those who are swabbed at the door: kept at home, old, ill."""
    return owing(of_round(row, now=now).filter(_at_door(row, now)))


def held_now(now: datetime) -> Q:
    """Whoever is kept at home now, by whoever stands for them."""
    return Q(pk__in=in_force(now=now).filter(person__kept_id__isnull=False).values("person__kept_id"))


def owing(people: QuerySet[Person]) -> QuerySet[Person]:
    """With the columns that duties are planned from."""
    return people.annotate(subject=F("id"), about=NOTHING)


def _at_door(row: Round, now: datetime) -> Q:
    found = held_now(now)
    if row.door_helps:
        found |= Q(helps__overlap=list(row.door_helps))
    if row.door_from_age:
        found |= Q(born_on__isnull=False, born_on__lte=born_by(row.door_from_age, day_of(now)))
    return found


def born_by(age: int, on: date) -> date:
    """The last birthday of those who are that old on a day."""
    return on.replace(year=on.year - age, day=min(on.day, 28) if on.month == 2 else on.day)


def _groups(keys: Collection[str], now: datetime) -> Q:
    found, helps = Q(pk=None), [key for key in keys if key in dict(HELPS)]
    if ISOLATION in keys:
        found |= held_now(now)
    if KEY_GROUPS in keys:
        helps = [name for name, _words in HELPS]
    return found | Q(helps__overlap=helps) if helps else found
