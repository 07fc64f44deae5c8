"""The roster of helpers from a workbook: who can do what, when, and what must not be asked of them."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Unpack

from django.conf import settings

from shouwang.lib.codes import subtree
from shouwang.lib.identity import mask_phone
from shouwang.lib.sealing import Sealer, sealer
from shouwang.lib.sheets import Row
from shouwang.register.answering import ANSWERING_ROLES
from shouwang.register.importing.community import How, workbook_at_work
from shouwang.register.importing.report import Change, Pen, Report
from shouwang.register.importing.vocabulary import HELPERS
from shouwang.register.models import Helper

SEVERAL = re.compile(r"[、,，;；/\s]+")
WIDEST = {"kind": 16, "unit": 64, "available": 32, "unfit": 64, "note": 200}
WORDS = {
    "kind": "类别",
    "unit": "所在单位",
    "available": "可值班时段",
    "unfit": "不宜安排",
    "note": "备注",
    "sex": "性别",
}
SEXES = {"男": "m", "女": "f"}
SKILL_LENGTH = 16


@dataclass
class Roster:
    """The helpers of a community, known by phone, or by name where there is none; new ones are added."""

    community: str
    at: datetime
    sealer: Sealer
    helpers: dict[int, Helper] = field(default_factory=dict)
    added: list[Helper] = field(default_factory=list)
    _by_phone: dict[bytes, Helper] = field(default_factory=dict)
    _by_name: defaultdict[str, list[Helper]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, community: str, at: datetime) -> "Roster":
        """Everybody on the roster now."""
        roster = cls(community, at, sealer(settings.SEALING_KEY_FILE))
        low, high = subtree(community)
        for helper in Helper.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None).order_by(
            "id"
        ):
            roster._know(helper)
        return roster

    def find(self, name: str, phone: str, unit: str = "") -> Helper | None:
        """Somebody by phone; without one by name, if there is just one of that name (in that unit first).

        Two people share a phone where the names differ: then the name decides.
        """
        same_name = self._by_name[name]
        if phone:
            digest = self.sealer.digest("phone", phone)
            found = self._by_phone.get(digest)
            if found and found.name == name:
                return found
            return _only([helper for helper in same_name if not helper.phone_digest])
        return _only([helper for helper in same_name if helper.unit == unit]) or _only(
            [helper for helper in same_name if helper.phone_digest]
        )

    def add(self, name: str, phone: str, **more: Any) -> Helper:
        """Puts somebody on the roster."""
        helper = Helper(area_code=self.community, name=name[:64], added_at=self.at, **more)
        self.give_phone(helper, phone)
        helper.save()
        self.added.append(helper)
        self._know(helper)
        return helper

    def give_phone(self, helper: Helper, phone: str) -> bool:
        """Writes a phone down; whether it was not known before."""
        digest = self.sealer.digest("phone", phone) if phone else b""
        if not phone or bytes(helper.phone_digest) == digest:
            return False
        helper.phone_sealed, helper.phone_digest = self.sealer.seal(phone), digest
        helper.phone_mask = mask_phone(phone)[:24]
        return True

    def _know(self, helper: Helper) -> None:
        self.helpers[helper.pk] = helper
        self._by_name[helper.name].append(helper)
        if helper.phone_digest:
            self._by_phone.setdefault(bytes(helper.phone_digest), helper)


def _written(name: str, value: object) -> str:
    """What a column holds, as a sheet writes it."""
    return {"m": "男", "f": "女", "": ""}[str(value)] if name == "sex" else str(value)


def _only(helpers: list[Helper]) -> Helper | None:
    return helpers[0] if len(helpers) == 1 else None


def import_helpers(source: Path | str | bytes, filename: str, **how: Unpack[How]) -> Report:
    """Takes the roster of helpers; nobody is removed by it, and the same file again changes nothing.

    Raises: the refusals of `sheets`, WrongCode, UnknownCommunity, NoCommunity.
    """
    with workbook_at_work(HELPERS, source, filename, **how) as workbook:
        told = _Told(Roster.of(workbook.community, how["at"]), workbook.report)
        for row, pen in workbook.rows():
            told.take(row, pen)
        told.settle()
        workbook.report.counts = {"helpers": len(told.rows)}
    return workbook.report


@dataclass
class _Told:
    """What the file says of the helpers, row by row."""

    roster: Roster
    report: Report
    rows: dict[int, int] = field(default_factory=dict)

    def take(self, row: Row, pen: Pen) -> None:
        """One row: somebody new, somebody known, or a doubt."""
        name, phone = row.values.get("name", ""), row.values.get("phone", "")
        if not name:
            pen.doubt(row.number, "name", "没有写姓名，没有收进来。")
            return
        if not phone:
            pen.doubt(row.number, "phone", "没有写电话，联系不上，请补上。")
        values = self._values(row, pen)
        helper = self.roster.find(name, phone, str(values["unit"]))
        if helper is None:
            helper = self.roster.add(name, phone, **values)
            self.report.changes.append(Change(pen.sheet, row.number, "added", name))
        elif helper.pk in self.rows:
            pen.doubt(row.number, "name", f"和第{self.rows[helper.pk]}行是同一个人，只收了一次。")
            return
        else:
            self._change(helper, phone, values, Change(pen.sheet, row.number, "changed", name))
        self.rows[helper.pk] = row.number

    def _values(self, row: Row, pen: Pen) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, most in WIDEST.items():
            values[name] = row.values.get(name, "")[:most]
            if len(row.values.get(name, "")) > most:
                pen.doubt(row.number, name, f"写得太长，只留了前{most}个字。")
        skills = [skill[:SKILL_LENGTH] for skill in SEVERAL.split(row.values.get("skills", "")) if skill]
        return {**values, "skills": skills, "sex": SEXES.get(row.values.get("sex", ""), "")}

    def _change(self, helper: Helper, phone: str, values: dict[str, Any], change: Change) -> None:
        changed = self.roster.give_phone(helper, phone)
        for name, value in values.items():
            before = getattr(helper, name)
            if value and value != before:
                setattr(helper, name, value)
                changed = True
                self.report.changes.append(
                    Change(
                        change.sheet,
                        change.row,
                        "changed",
                        change.who,
                        WORDS.get(name, "特长"),
                        _written(name, before),
                        _written(name, value),
                    )
                )
        if changed:
            helper.save()
            self.report.changed += 1

    def settle(self) -> None:
        """Counts, and tells of whom the file no longer speaks."""
        self.report.added = len(self.roster.added)
        answering = dict(ANSWERING_ROLES).values()  # these came with the responsibility workbook
        others = (each for each in self.roster.helpers.values() if each.kind not in answering)
        gone = [helper for helper in others if helper.pk not in self.rows]
        self.report.missing = len(gone)
        self.report.changes += [Change("", 0, "missing", helper.name) for helper in gone]
