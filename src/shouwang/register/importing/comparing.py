"""What a sheet says beside what the register holds: whom it adds, changes, moves. It writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shouwang.lib.codes import COMPOUND, UNIT, subtree
from shouwang.lib.sealing import Sealer
from shouwang.register.finding.sealed import Values
from shouwang.register.importing.numbering import Numbering
from shouwang.register.importing.reading import UNKNOWN_ROOM, Behind
from shouwang.register.importing.residents import Resident
from shouwang.register.importing.storing import (
    HOUSEHOLD,
    PERSON,
    household_values,
    merged_values,
    person_values,
)
from shouwang.register.models import Household, Person

Labels = tuple[str, str, str]  # building, unit, room


@dataclass
class Present:
    """What the register holds of some compounds, and of the people of a file wherever they live."""

    households: dict[int, Values] = field(default_factory=dict)
    people: dict[int, Values] = field(default_factory=dict)
    by_labels: dict[tuple[str, Labels], int] = field(default_factory=dict)
    by_digest: dict[bytes, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_household: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def load(self, community: str, compounds: Iterable[str], digests: list[bytes]) -> "Present":
        """Reads the compounds named, and everybody else in the community who has one of these ID numbers."""
        for compound in compounds:
            self._households(
                Household.objects.filter(area_code__gte=compound, area_code__lt=subtree(compound)[1])
            )
            self._people(Person.objects.filter(area_code__gte=compound, area_code__lt=subtree(compound)[1]))
        low, high = subtree(community)
        self._people(
            Person.objects.filter(area_code__gte=low, area_code__lt=high, id_digest__in=digests).exclude(
                pk__in=self.people
            )
            if digests
            else Person.objects.none()
        )
        return self

    def _households(self, rows: Any) -> None:
        for row in rows.order_by("id").values("id", "area_code", "kept_id", *HOUSEHOLD):
            row["landlord_sealed"] = bytes(row["landlord_sealed"])
            self.households[row["id"]] = row
            labels = (row["building"], row["unit"], row["room"])
            self.by_labels.setdefault((row["area_code"][:COMPOUND], labels), row["id"])

    def _people(self, rows: Any) -> None:
        for row in rows.order_by("id").values("id", "kept_id", "left_at", *PERSON):
            for name in ("id_sealed", "id_digest"):
                row[name] = bytes(row[name])
            for name in ("phones_sealed", "phone_digests", "match_digests"):
                row[name] = [bytes(value) for value in row[name]]
            self.people[row["id"]] = row
            self.by_household[row["household_id"]].append(row["id"])
            if row["id_digest"]:
                self.by_digest[row["id_digest"]].append(row["id"])


@dataclass(slots=True)
class Paired:
    """A row of the file and the row of the register that it is about, if there is one."""

    said: Any
    code: str
    new: Values
    old: Values | None = None
    household: "Paired | None" = None
    elsewhere: bool = False

    @property
    def id(self) -> int:
        """The identity that the register gives to this row."""
        return int((self.old or self.new)["id"])


class Comparison:
    """One sheet, household by household."""

    def __init__(
        self, numbering: Numbering, present: Present, sealer: Sealer, today: date, spoken: set[str]
    ) -> None:
        self.numbering, self.present, self.sealer, self.today = numbering, present, sealer, today
        self.spoken = spoken
        self.households: list[Paired] = []
        self.people: list[Paired] = []
        self._taken: set[int] = set()

    def take(self, said: Behind) -> None:
        """Finds the household of the file in the register, and each of its people."""
        compound = self.numbering.compound(said.compound)
        found = {id(person): self._by_number(person) for person in said.people}
        old = self._household(said, compound, [row for row in found.values() if row])
        household = Paired(
            said, self._code(said, compound, old), household_values(said, self.sealer, self.today), old
        )
        self._settle_household(household, said)
        self.households.append(household)
        for person in said.people:
            self._take_person(person, household, found[id(person)])

    def _household(self, said: Behind, compound: str, known: list[Values]) -> Values | None:
        """By its door; a door that was not written once, by its people, and under its new name since then."""
        if not said.unknown:
            labels = (said.building, said.unit, said.room)
            if (row := self.present.by_labels.get((compound, labels))) is not None:
                return self.present.households[row]
        homes = {person["household_id"] for person in known}
        for home in sorted(homes & self.present.households.keys()):
            old = self.present.households[home]
            here = old["area_code"][:UNIT] == self._unit(said, compound)
            if here and (said.unknown or old["room"].startswith(UNKNOWN_ROOM)):
                return old
        return self._same_nameless(said, compound) if said.unknown else None

    def _same_nameless(self, said: Behind, compound: str) -> Values | None:
        """A household without door and ID numbers: the one of the same label with one of its names, or with nobody."""
        row = self.present.by_labels.get((compound, (said.building, said.unit, said.room)))
        if row is None:
            return None
        names = {self.present.people[person]["name"] for person in self.present.by_household[row]}
        told = {person.name for person in said.people}
        return self.present.households[row] if names & told or not (names or told) else None

    def _unit(self, said: Behind, compound: str) -> str:
        return self.numbering.unit(self.numbering.building(compound, said.building), said.unit)

    def _code(self, said: Behind, compound: str, old: Values | None) -> str:
        return str(old["area_code"]) if old else self.numbering.door(self._unit(said, compound))

    def _settle_household(self, household: Paired, said: Behind) -> None:
        """A door that gets people is empty no more; one that stays empty is so since first seen."""
        old = household.old
        if old is None:
            return
        new = household.new
        if said.unknown:
            new.update({name: old[name] for name in ("building", "unit", "room")})
        empty_on = (old["empty_on"] or self.today) if said.empty else None
        household.new = {
            **merged_values(old, new),
            "empty_on": empty_on if said.empty or said.people else old["empty_on"],
        }

    def _by_number(self, person: Resident) -> Values | None:
        if not person.sure:
            return None
        digest = self.sealer.digest("id", person.identity.value)
        rows = [row for row in self.present.by_digest.get(digest, ()) if row not in self._taken]
        same = [row for row in rows if self.present.people[row]["name"] == person.name]
        return self.present.people[(same or rows)[0]] if rows else None

    def _take_person(self, person: Resident, household: Paired, old: Values | None) -> None:
        old = old or self._by_name(person, household)
        paired = Paired(person, household.code, person_values(person, self.sealer), old, household)
        if old is not None:
            self._taken.add(old["id"])
            at_home = household.old is not None and old["household_id"] == household.old["id"]
            paired.elsewhere = not at_home and old["area_code"][:COMPOUND] not in self.spoken
            paired.new = merged_values(old, paired.new)
        self.people.append(paired)

    def _by_name(self, person: Resident, household: Paired) -> Values | None:
        """Somebody of the same name behind the same door, unless ID numbers or birthdays say no."""
        if household.old is None:
            return None
        rows = [self.present.people[row] for row in self.present.by_household[household.old["id"]]]
        same = [row for row in rows if row["name"] == person.name and row["id"] not in self._taken]
        fitting = [row for row in same if not self._contradict(person, row)]
        return (
            min(fitting, key=lambda row: (row["born_on"] != person.born_on, row["id"])) if fitting else None
        )

    def _contradict(self, person: Resident, row: Values) -> bool:
        if person.sure and row["id_digest"]:
            return True
        return bool(person.born_on and row["born_on"] and person.born_on != row["born_on"])
