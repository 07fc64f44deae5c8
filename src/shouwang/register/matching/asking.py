"""A row made ready for the question: its name, number, phones and door in the forms in which the register is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import Sealer
from shouwang.register.matching.addresses import Known, Place
from shouwang.register.matching.names import Name, understand
from shouwang.register.matching.numbers import Number, read
from shouwang.register.matching.rows import Written

SEXES = {"男": "m", "女": "f", "m": "m", "f": "f", "male": "m", "female": "f"}
LEAST_PHONE = 7  # digits

Key = tuple[str, bytes]  # kind, digest


@dataclass(frozen=True, slots=True)
class Asked:
    """One row as it is compared.

    Shape: `keys` are the digests by which the register may know the person.
    """

    name: Name
    number: Number
    sex: str
    born: str
    place: Place
    keys: tuple[Key, ...]

    def line(self, index: int) -> tuple[object, ...]:
        """The columns of the table `written`."""
        name, place = self.name, self.place
        return (
            index, name.signs, name.sound, name.letters, name.turned, name.pattern,
            int(name.traditional), self.sex, self.born, self.number.state, place.community, place.compound,
            place.building, place.unit, place.room, int(bool(place.elsewhere)), int(place.in_words),
        )  # fmt: skip


def ask(row: Written, known: Known, sealer: Sealer) -> Asked:
    """What a written row says, in comparable form."""
    name, number = understand(row.name), read(row.id_number)
    born = row.born_on.isoformat() if row.born_on else number.born
    sex = SEXES.get(row.sex.strip().lower(), "") or number.sex or name.sex
    keys = (*_number_keys(number.value, sealer), *_phone_keys(row.phones, sealer))
    return Asked(name, number, sex, born, known.place(row.address), keys)


def _number_keys(number: str, sealer: Sealer) -> list[Key]:
    if not number:
        return []
    keys = [("id", sealer.digest("id", number))] if "*" not in number else []
    if len(number) == 18 and "*" not in number[:6] + number[14:]:
        keys.append(("id10", sealer.digest("id10", number[:6], number[14:])))
    if len(number) == 18 and "*" not in number:
        keys.append(("id15", sealer.digest("id15", number[:6] + number[8:17])))
    if len(number) == 15 and number.isdigit():
        keys.append(("id15", sealer.digest("id15", number)))
    return keys


def _phone_keys(written: Sequence[str], sealer: Sealer) -> list[Key]:
    found = dict.fromkeys(phone for text in written for phone in read_phones(text).numbers)
    return [
        ("phone", sealer.digest("phone", phone))
        for phone in found
        if len(phone) >= LEAST_PHONE and "*" not in phone
    ]
