"""Who answers for which building, from a workbook with merged cells: a name behind every door, gaps named."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Unpack

from shouwang.access.models import User
from shouwang.lib.codes import BUILDING, COMPOUND, UNIT, subtree
from shouwang.lib.doors import building_label, unit_label
from shouwang.lib.phones import read_phones
from shouwang.lib.sheets import Row
from shouwang.register.answering import ANSWERING_ROLES
from shouwang.register.importing.community import How, workbook_at_work
from shouwang.register.importing.helpers import Roster
from shouwang.register.importing.numbering import Numbering, doors_of
from shouwang.register.importing.report import Change, Pen, Report
from shouwang.register.importing.vocabulary import RESPONSIBILITY
from shouwang.register.models import Area, Helper, Responsibility

ROLES = dict(ANSWERING_ROLES)
OWN_BUILDING = frozenset(["unit_lead", "building_lead"])
ALL = re.compile(r"全部|整栋|全楼|所有|各单元|全$")
NONE = re.compile(r"^(无|没有|暂无|未|空缺|待定|/|-|—)")
RANGE = re.compile(r"^(\d{1,3})\s*(?:[-~～—至到]+)\s*(\d{1,3})$")
SPLIT = re.compile(r"[、,，;；/和及\s]+")
NAMED = re.compile(r"[\u3400-\u9fff·A-Za-z]{2,}")
PEOPLE = re.compile(r"[、,，;；/\n]+")
MEDIC = re.compile(r"医|护|卫")
MOST_IN_RANGE = 60
KEY = attrgetter("role", "area_code", "helper_id")

Who = tuple[str, str]  # name, phone


@dataclass
class Given:
    """What the file gives: for each role and helper the areas, and where in the file that stands."""

    areas: defaultdict[tuple[str, int], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    compounds: set[str] = field(default_factory=set)
    gaps: int = 0


def import_responsibility(source: Path | str | bytes, filename: str, **how: Unpack[How]) -> Report:
    """Takes who answers for what; buildings with nobody named stay without a name and are reported.

    Shape: whom a newer file replaces in a role for an area ends there; nobody else's duty is touched.
    Raises: the refusals of `sheets`, WrongCode, UnknownCommunity, NoCommunity.
    """
    with workbook_at_work(RESPONSIBILITY, source, filename, **how) as workbook:
        code, report = workbook.community, workbook.report
        walk = _Walk(Numbering(code), Roster.of(code, how["at"]), code)
        for row, pen in workbook.rows():
            walk.take(row, pen)
        walk.finish(report, how["by"], how["at"])
        report.compounds = len(walk.given.compounds)
    return report


class _Walk:
    """The rows of the file, one building or some units each."""

    def __init__(self, numbering: Numbering, roster: Roster, community: str) -> None:
        self.numbering, self.roster, self.given = numbering, roster, Given()
        low, high = subtree(community)
        inside = Area.objects.filter(code__gte=low, code__lt=high)
        self.known = set(inside.values_list("code", flat=True))
        doors = list(doors_of(community))
        numbering.learn_doors(doors)
        self.units: defaultdict[str, set[str]] = defaultdict(set)
        for door, _ in doors:
            self.units[door[:BUILDING]].add(door[:UNIT])

    def take(self, row: Row, pen: Pen) -> None:
        """One row: its areas, and everybody named in it."""
        compound = row.values.get("compound", "")
        if not compound:
            pen.doubt(row.number, "compound", "没有写小区，没有收进来。")
            return
        areas = self._areas(row, pen, self.numbering.compound(compound))
        named = dict(_named(row))
        for role, people in named.items():
            for name, phone in people:
                helper = self._helper(role, name, phone, compound)
                for area in areas:
                    self.given.areas[role, helper.pk].setdefault(area, row.number)
        self.given.compounds |= {area[:COMPOUND] for area in areas}
        for role in OWN_BUILDING & pen.fields:
            if not named.get(role) and (role == "building_lead" or "building_lead" not in pen.fields):
                self.given.gaps += 1
                pen.doubt(row.number, role, f"这里没有写{ROLES[role]}，暂时没有人负责。")

    def _areas(self, row: Row, pen: Pen, compound: str) -> list[str]:
        """The buildings of a row, or their units where the row names some and others are left out."""
        buildings = [
            self.numbering.building(compound, label) for label in labels(row.values.get("building", ""))
        ]
        for building in buildings:
            if building not in self.known and any(
                code[:COMPOUND] == compound and len(code) == BUILDING for code in self.known
            ):
                pen.doubt(row.number, "building", "底册里没有这栋楼，先建上了，请核对。")
        written = row.values.get("unit", "")
        units = [] if ALL.search(written) else [unit_label(unit) for unit in labels(written)]
        if not buildings:
            return [compound]
        return [area for building in buildings for area in self._units(building, units, row, pen)]

    def _units(self, building: str, labels_: list[str], row: Row, pen: Pen) -> Iterable[str]:
        there = self.units[building]
        if not labels_ or not there:
            return [building]
        units = {label: self.numbering.find_unit(building, label) for label in labels_}
        missing = [label for label, code in units.items() if code not in there]
        if missing:
            pen.doubt(row.number, "unit", f"底册里这栋楼没有{'、'.join(missing)}单元，请核对。")
        found = {code for code in units.values() if code in there}
        return [building] if not found or found >= there else sorted(code for code in found if code)

    def _helper(self, role: str, name: str, phone: str, compound: str) -> Helper:
        helper = self.roster.find(name, phone, compound)
        if helper is None:
            helper = self.roster.add(name, phone, kind=ROLES[role], unit=compound)
        elif phone and not helper.phone_digest and self.roster.give_phone(helper, phone):
            helper.save()
        return helper

    def finish(self, report: Report, by: User | None, at: datetime) -> None:
        """Writes what is new, ends what was replaced, counts."""
        Area.objects.bulk_create(self.numbering.new)
        told = [
            (role, area, helper, row)
            for (role, helper), areas in self.given.areas.items()
            for area, row in self._gathered(role, areas).items()
        ]
        rows = {(role, area): row for role, area, _, row in told}
        pairs = {(role, area, helper) for role, area, helper, _ in told}
        held = list(Responsibility.objects.in_force(at).filter(area_code__in={area for _, area in rows}))
        ended = [each for each in held if KEY(each)[:2] in rows and KEY(each) not in pairs]
        Responsibility.objects.filter(pk__in=[each.pk for each in ended]).update(until=at)
        new = sorted(pairs - set(map(KEY, held)))
        Responsibility.objects.bulk_create(
            Responsibility(role=role, area_code=area, helper_id=helper, from_at=at, given_by=by)
            for role, area, helper in new
        )
        report.added, report.changed = len(new) + len(self.roster.added), len(ended)
        report.counts = {
            "responsibilities": len(pairs), "helpers": len({helper for _, _, helper in pairs}), "gaps": self.given.gaps,
        }  # fmt: skip
        for role, area, helper in new:
            report.changes.append(Change("", rows[role, area], "added", self._who(helper, role), after=area))
        for each in ended:
            row, who = rows[each.role, each.area_code], self._who(each.helper_id, each.role)
            report.changes.append(Change("", row, "changed", who, before=each.area_code))

    def _who(self, helper: int, role: str) -> str:
        return f"{self.roster.helpers[helper].name}（{ROLES[role]}）"

    def _gathered(self, role: str, areas: dict[str, int]) -> dict[str, int]:
        """One line for a compound where somebody other than a building's own lead has all rows of it."""
        if role in OWN_BUILDING:
            return areas
        gathered: dict[str, int] = {}
        for compound in sorted({area[:COMPOUND] for area in areas}):
            own = {area: row for area, row in areas.items() if area.startswith(compound)}
            whole = set(own) >= self._rows_of(compound)
            gathered.update({compound: min(own.values())} if whole else own)
        return gathered

    def _rows_of(self, compound: str) -> set[str]:
        """All areas of a compound that the file has a row for."""
        return {area for areas in self.given.areas.values() for area in areas if area.startswith(compound)}


def labels(written: str) -> list[str]:
    """The buildings or units named in one cell: 1-3号楼 are three, 1、2 are two."""
    found: list[str] = []
    for part in SPLIT.split(written.strip()):
        short = re.sub(r"(号楼|单元|栋|幢|#楼?|号)", "", part)
        if span := RANGE.match(short):
            low, high = int(span[1]), int(span[2])
            found += [str(number) for number in range(low, min(high, low + MOST_IN_RANGE) + 1)]
        elif part:
            found.append(building_label(part))
    return list(dict.fromkeys(found))


def _named(row: Row) -> Iterator[tuple[str, list[Who]]]:
    """For each role the people named in a row, each with a phone where one is written."""
    values = dict(row.values)
    both = PEOPLE.split(values.pop("police_and_medic", ""))
    values.setdefault("medic", "、".join(part for part in both if MEDIC.search(part)))
    values.setdefault("police", "、".join(part for part in both if part and not MEDIC.search(part)))
    for role in ROLES:
        phones = [values.get(f"{role}_phone", ""), *row.others.get(f"{role}_phone", ())]
        if people := _people(values.get(role, ""), phones):
            yield role, people


def _people(written: str, phones: list[str]) -> list[Who]:
    """Two people of one cell, each with a phone; the column beside gives to whoever has none, in order."""
    people: list[Who] = []
    spare = [phone for phone in phones if phone]
    for part in PEOPLE.split(written):
        if NONE.match(part.strip()):
            continue
        own = read_phones(part).numbers
        name = NAMED.search(re.sub(r"[\d\-+()（）:：]+", " ", part))
        if name:
            people.append((name[0], own[0] if own else spare.pop(0) if spare else ""))
        elif own and people and not people[-1][1]:
            people[-1] = (people[-1][0], own[0])
    return people
