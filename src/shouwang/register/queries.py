"""What pages show of a household, a person, an area: merged rows through the one that stands for them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.identity import mask_contact
from shouwang.lib.ids import as_array
from shouwang.lib.sealing import sealer
from shouwang.register.answering import Helper
from shouwang.register.models import Area, Household, Person, Place, Residence

SEALED = {"id_number": "证件号", "phones": "电话"}


class NotSealed(Refusal):
    code = "register.not_sealed"
    sentence = "只能查看证件号和电话。"


class NoReason(Refusal):
    code = "register.no_reason"
    sentence = "请写明为什么要看全号，会记下来。"


@dataclass
class HouseholdPage:
    """A household (一户一账): the door, the people behind it, and who has another home here."""

    household: Household
    people: list[Person] = field(default_factory=list)
    also_here: list[Residence] = field(default_factory=list)
    merged: list[Household] = field(default_factory=list)


@dataclass
class PersonPage:
    """A person (一人一档): the kept row, the door, the family, other homes, and the rows merged into it."""

    person: Person
    family: list[Person] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    merged: list[Person] = field(default_factory=list)


def household_page(household: int) -> HouseholdPage:
    """All that a household's page shows. Raises: NotInScope."""
    asked = Household.objects.filter(pk=household).values("kept_id")
    rows = list(Household.objects.filter(kept_id__in=asked).order_by("id"))
    kept = next((row for row in rows if row.pk == row.kept_id), None)
    if kept is None:
        raise NotInScope()
    page = HouseholdPage(kept, merged=[row for row in rows if row.pk != kept.pk])
    page.people = people_of([kept.pk])[kept.pk]
    codes = [row.area_code for row in rows]
    page.also_here = list(Residence.objects.filter(area_code__in=codes, until=None).select_related("person"))
    return page


def areas_of(model: type[Household] | type[Person] | type[Place], ids: Iterable[int]) -> dict[int, str]:
    """Where each of these lies, of those that are in scope. Cost: one short statement, however many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, area_code FROM {model._meta.db_table} WHERE id = ANY(%s::bigint[])",
            [as_array(set(ids))],
        )
        return dict(cursor.fetchall())


def in_scope(model: type[Household] | type[Person] | type[Place], ids: Iterable[int]) -> dict[int, str]:
    """Where each of these lies: what somebody named is looked up, the database does not check it. Raises: NotInScope."""
    wanted = set(ids)
    found = areas_of(model, wanted)
    if len(found) != len(wanted):
        raise NotInScope()
    return found


def people_of(households: Sequence[int]) -> dict[int, list[Person]]:
    """Who lives behind these doors now, the head first, each once; by the household that stands for them."""
    rows = Person.objects.filter(household__kept_id__in=households, left_at=None, kept_id=F("id"))
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for person in rows.select_related("household").order_by("id"):
        found[person.household.kept_id or person.household_id].append(person)
    for people in found.values():
        people.sort(key=lambda person: (person.relation != "户主", person.pk))
    return found


def person_page(person: int) -> PersonPage:
    """All that a person's page shows. Raises: NotInScope."""
    asked = Person.objects.filter(pk=person).values("kept_id")
    rows = list(Person.objects.filter(kept_id__in=asked).select_related("household").order_by("id"))
    kept = next((row for row in rows if row.pk == row.kept_id), None)
    if kept is None:
        raise NotInScope()
    page = PersonPage(kept, merged=[row for row in rows if row.pk != kept.pk])
    home = kept.household.kept_id or kept.household_id
    page.family = [other for other in people_of([home])[home] if other.pk != kept.pk]
    page.residences = list(Residence.objects.filter(person__in=rows).order_by("-from_at", "id"))
    return page


def empty_doors(area: str) -> QuerySet[Household]:
    """The doors of an area behind which nobody lives, as somebody has seen."""
    return _doors(area).exclude(empty_on=None)


def unknown_doors(area: str) -> QuerySet[Household]:
    """The doors of which nobody knows whether anybody lives there: no people, and not called empty."""
    lived_in = Person.objects.filter(left_at=None).values("household_id")
    return _doors(area).filter(empty_on=None).exclude(pk__in=lived_in)


def people_with_help(area: str, help_kind: str = "") -> QuerySet[Person]:
    """Who needs help in an area: of one kind, or of any."""
    low, high = subtree(area)
    rows = Person.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None, kept_id=F("id"))
    wanted = Q(helps__contains=[help_kind]) if help_kind else Q(helps__len__gt=0)
    return rows.filter(wanted).select_related("household").order_by("area_code", "id")


def unchecked_people(area: str) -> QuerySet[Person]:
    """Newcomers told at the door at whom nobody of the office has looked yet, the earliest first."""
    low, high = subtree(area)
    rows = Person.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None, kept_id=F("id"))
    told = rows.exclude(unchecked_since=None)
    return told.select_related("household").order_by("unchecked_since", "id")


def areas_below(area: str, level: str) -> list[tuple[Area, int]]:
    """The compounds or buildings of an area, each with its number of households."""
    low, high = subtree(area)
    areas = list(Area.objects.filter(level=level, code__gte=low, code__lt=high).order_by("code"))
    width = len(areas[0].code) if areas else 0
    counts: defaultdict[str, int] = defaultdict(int)
    codes = _doors(area).order_by().values("area_code").annotate(doors=Count("id"))
    for code, doors in codes.values_list("area_code", "doors"):
        counts[code[:width]] += doors
    return [(each, counts[each.code]) for each in areas]


def reveal(person: Person, field_name: str, *, by: User, at: datetime, reason: str) -> list[str]:
    """An ID number or the phones in clear; that it was read, by whom and why, is written down first.

    Raises: NotSealed, NoReason.
    """
    if field_name not in SEALED:
        raise NotSealed()
    _note("person", person.pk, person.area_code, field_name, by=by, at=at, reason=reason)
    keys = sealer(settings.SEALING_KEY_FILE)
    sealed = [person.id_sealed] if field_name == "id_number" else person.phones_sealed
    return [keys.open(value) for value in sealed if value]


def reveal_place_phones(place: Place, *, by: User, at: datetime, reason: str) -> list[str]:
    """A place's phones in clear, written down first. Raises: NoReason."""
    _note("place", place.pk, place.area_code, "phones", by=by, at=at, reason=reason)
    return [sealer(settings.SEALING_KEY_FILE).open(value) for value in place.phones_sealed]


def landlord_masked(found: HouseholdPage) -> str:
    """The landlord of this door, enough to recognise; empty where none is known."""
    return "；".join(map(mask_contact, _landlords(found)))


def reveal_landlord(found: HouseholdPage, *, by: User, at: datetime, reason: str) -> list[str]:
    """The landlord of this door in clear, written down first. Raises: NoReason."""
    door = found.household
    _note("household", door.pk, door.area_code, "landlord", by=by, at=at, reason=reason)
    return _landlords(found)


def reveal_helper_phone(helper: Helper, *, by: User, at: datetime, reason: str) -> str:
    """A helper's phone in clear, written down first. Raises: NoReason."""
    _note("helper", helper.pk, helper.area_code, "phone", by=by, at=at, reason=reason)
    return sealer(settings.SEALING_KEY_FILE).open(helper.phone_sealed)


def _landlords(found: HouseholdPage) -> list[str]:
    """As they were written into the register, of this row and of those that were merged into it."""
    keys = sealer(settings.SEALING_KEY_FILE)
    told = (keys.open(door.landlord_sealed) for door in (found.household, *found.merged))
    return list(dict.fromkeys(filter(None, told)))


def _note(
    kind: str, identity: int, area: str, field_name: str, *, by: User, at: datetime, reason: str
) -> None:
    if not reason.strip():
        raise NoReason()
    record(
        "register.reveal",
        at=at,
        by=by,
        area=area,
        reason=reason[:200],
        kind=kind,
        id=identity,
        field=field_name,
    )


def _doors(area: str) -> QuerySet[Household]:
    low, high = subtree(area)
    return Household.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id")).order_by(
        "area_code"
    )
