"""What changes behind a door while people work: somebody came, moved out, died; nobody lives there any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.characters import plain
from shouwang.lib.clock import day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import IdNumber, check_id_number
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import sealer
from shouwang.register.finding.keys import name_key, person_keys
from shouwang.register.finding.sealed import identity_values, match_digests, phone_values
from shouwang.register.finding.search import write_keys
from shouwang.register.models import Household, Person

SEXES = {"男": "m", "女": "f"}


class AlreadyLeft(Refusal):
    code = "register.already_left"
    sentence = "{name}已经记过搬走或去世了。"


class NotLeft(Refusal):
    code = "register.not_left"
    sentence = "{name}没有记过搬走或去世，不用改回来。"


class PeopleLiveHere(Refusal):
    code = "register.people_live_here"
    sentence = "这一户还登记着 {count} 个人。请先把他们记为搬走，再标空户。"


class WrongNumber(Refusal):
    code = "register.wrong_number"
    sentence = "证件号不对，请对着证件再看一遍。"


class WrongPhone(Refusal):
    code = "register.wrong_phone"
    sentence = "电话有不对的地方，请核对。"


@dataclass(frozen=True)
class Newcomer:
    """Somebody who came to live behind a door, in few answers; a document says sex and birth by itself."""

    name: str
    id_number: str = ""
    sex: str = ""
    born_on: date | None = None
    phone: str = ""
    relation: str = ""
    category: str = ""
    from_place: str = ""
    helps: Sequence[str] = ()
    note: str = ""


def add_person(
    household: int, newcomer: Newcomer, *, by: User | None, at: datetime, unchecked: bool = False
) -> Person:
    """Somebody new lives here. The same person told again is the one who is there already.

    `unchecked`: told by somebody who may not change the register. The person is in it at once, so that nobody is missed
    tonight, and stands among those to be checked until somebody of the office has looked.
    Raises: NotInScope, WrongNumber, WrongPhone.
    """
    door, keys = _door(household), sealer(settings.SEALING_KEY_FILE)
    identity, numbers = _checked(newcomer)
    values = {
        "name": newcomer.name, "born_on": identity.born_on or newcomer.born_on,
        "sex": SEXES.get(identity.sex, newcomer.sex), **identity_values(identity, keys, bool(identity.valid)),
        **phone_values(numbers, keys),
    }  # fmt: skip
    if known := _known(door, values):
        return known
    person = Person.objects.create(
        household=door, area_code=door.area_code, added_at=at, name_key=name_key(newcomer.name),
        relation=newcomer.relation, category=newcomer.category, from_place=newcomer.from_place,
        helps=list(newcomer.helps), note=newcomer.note, unchecked_since=at if unchecked else None,
        match_digests=match_digests(values, identity.value, door.door, keys), **values,
    )  # fmt: skip
    write_keys("person_id", [(person.pk, door.area_code, person_keys(person.name, identity.value, numbers))])
    Household.objects.filter(pk=door.pk).exclude(empty_on=None).update(empty_on=None)
    audit("register.add_person", at=at, by=by, area=door.area_code, person=person.pk, household=door.pk)
    return person


def _checked(newcomer: Newcomer) -> tuple[IdNumber, tuple[str, ...]]:
    """What the document says, and the phones. Raises: WrongNumber, WrongPhone."""
    identity = check_id_number(plain(newcomer.id_number).upper().replace(" ", ""))
    if identity.valid is False:
        raise WrongNumber()
    phones = read_phones(newcomer.phone)
    if phones.problem:
        raise WrongPhone()
    return identity, phones.numbers


def _known(door: Household, values: dict) -> Person | None:
    """Who lives here with just this name, these documents and these phones."""
    same = {name: values[name] for name in ("name", "id_mask", "id_digest", "phone_digests")}
    return Person.objects.filter(household=door, left_at=None, **same).order_by("id").first()


def confirm_newcomer(person: int, *, by: User, at: datetime) -> None:
    """Somebody of the office has looked: the newcomer is who was told at the door. Twice is as good as once.

    Raises: NotInScope.
    """
    found = _person(person)
    if Person.objects.filter(pk=found.pk).exclude(unchecked_since=None).update(unchecked_since=None):
        audit("register.confirm_newcomer", at=at, by=by, area=found.area_code, person=found.pk)


def leave(person: int, *, reason: str, by: User | None, at: datetime) -> None:
    """Somebody moved out or died; the file is kept. Raises: NotInScope, AlreadyLeft."""
    row = _person(person)
    gone = Person.objects.filter(pk=person, left_at=None)
    if not gone.update(left_at=at, left_reason=reason):
        raise AlreadyLeft(name=row.name)
    audit("register.leave", at=at, by=by, area=row.area_code, reason=reason, person=person)


def come_back(person: int, *, by: User | None, at: datetime) -> None:
    """Somebody was said to have left and has not. Raises: NotInScope, NotLeft."""
    row = _person(person)
    if not Person.objects.filter(pk=person).exclude(left_at=None).update(left_at=None, left_reason=""):
        raise NotLeft(name=row.name)
    Household.objects.filter(pk=row.household_id).exclude(empty_on=None).update(empty_on=None)
    audit("register.come_back", at=at, by=by, area=row.area_code, person=person)


def mark_empty(household: int, *, empty: bool, by: User | None, at: datetime) -> None:
    """Somebody saw that nobody lives behind this door, or that it is lived in after all.

    Raises: NotInScope, PeopleLiveHere.
    """
    door = _door(household)
    living = Person.objects.filter(household__kept_id=household, left_at=None, kept_id=F("id")).count()
    if empty and living:
        raise PeopleLiveHere(count=living)
    Household.objects.filter(pk=household).update(empty_on=day_of(at) if empty else None)
    audit("register.mark_empty", at=at, by=by, area=door.area_code, household=household, empty=empty)


def _door(household: int) -> Household:
    return one_in_scope(Household.objects.filter(pk=household))


def _person(person: int) -> Person:
    return one_in_scope(Person.objects.filter(pk=person))
