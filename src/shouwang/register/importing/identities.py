"""Rows of one file with one ID number: written twice, living in two places, or two names for one number."""

from collections import defaultdict
from dataclasses import dataclass

from shouwang.register.importing.reading import Behind, Register
from shouwang.register.importing.report import Doubtful
from shouwang.register.importing.residents import Resident

Where = tuple[Behind, Resident]


@dataclass(frozen=True, slots=True)
class Second:
    """A second door of somebody who really lives behind another one."""

    person: Resident
    household: Behind


def settle_identities(register: Register) -> list[Second]:
    """Keeps each person once, at the actual residence, and returns the other doors.

    One number under two names identifies neither: both are taken, and a person has to look.
    """
    by_number: defaultdict[str, list[Where]] = defaultdict(list)
    for household, person in register.people():
        if person.sure:
            by_number[person.identity.value].append((household, person))
    seconds: list[Second] = []
    for places in by_number.values():
        if len(places) == 1:
            continue
        if len({person.name for _, person in places}) > 1:
            _two_names(register, places)
        else:
            seconds += _several_doors(register, places)
    return seconds


def _two_names(register: Register, places: list[Where]) -> None:
    for number, (_, person) in enumerate(places):
        other = places[number - 1 if number else 1][1]
        person.sure = False
        sentence = f"这个证件号和“{other.sheet}”第{other.row}行{other.name}的一样，姓名却不同，请核对是谁的。"
        register.doubts.append(Doubtful(person.sheet, person.row, "", sentence))


def _several_doors(register: Register, places: list[Where]) -> list[Second]:
    """The first door counts, unless its row says that nobody lives there and another does not."""
    actual = next((place for place in places if place[1].lives_here), places[0])
    seconds = []
    for household, person in places:
        if person is actual[1]:
            continue
        household.people.remove(person)
        there = f"“{actual[1].sheet}”第{actual[1].row}行（{actual[0].compound}{actual[0].door}）"
        if household is actual[0]:
            sentence = f"和{there}是同一个人，只收了一次。"
        else:
            sentence = (
                f"这个人在{there}也登记了，按住在{actual[0].door}收，这里记作另一住处，请核对住在哪里。"
            )
            seconds.append(Second(actual[1], household))
        register.doubts.append(Doubtful(person.sheet, person.row, "", sentence))
    return seconds
