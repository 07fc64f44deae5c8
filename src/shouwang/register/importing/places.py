"""The register of places from a workbook: shops, restaurants, hotels, venues, and whether they are open."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Unpack

from django.conf import settings
from stdnum.cn import uscc

from shouwang.lib.codes import subtree
from shouwang.lib.sealing import sealer
from shouwang.lib.sheets import Row
from shouwang.register.bulk import add_rows, change_rows, new_ids
from shouwang.register.finding.keys import place_keys
from shouwang.register.finding.sealed import phone_values
from shouwang.register.finding.search import write_keys
from shouwang.register.importing.community import How, workbook_at_work
from shouwang.register.importing.report import Change, Pen, Report
from shouwang.register.importing.vocabulary import PLACES
from shouwang.register.models import Area, Place

COLUMNS = (
    "area_code", "kind", "name", "address", "in_charge", "phones_sealed", "phone_digests", "phone_mask",
    "staff_count", "state", "credit_code", "note",
)  # fmt: skip
WORDS = {
    "kind": "类别", "in_charge": "负责人", "phone_mask": "联系电话", "staff_count": "从业人数",
    "state": "营业状态", "credit_code": "统一社会信用代码", "note": "备注", "area_code": "所在片区",
}  # fmt: skip
WIDEST = {"kind": 16, "name": 80, "address": 120, "in_charge": 64, "state": 16, "note": 200}
MOST_STAFF = 100_000

Key = tuple[str, str]  # name, address


@dataclass(slots=True)
class Told:
    """One place as the file tells it."""

    sheet: str
    row: int
    values: dict[str, Any]
    phones: tuple[str, ...]
    known: dict[str, Any] | None = None
    id: int = 0


@dataclass
class _Reading:
    """All places of the file, each once, by name and address."""

    places: dict[Key, Told] = field(default_factory=dict)


def import_places(source: Path | str | bytes, filename: str, **how: Unpack[How]) -> Report:
    """Takes a community's register of places; known by name and address, the same file again changes nothing.

    Raises: the refusals of `sheets`, WrongCode, UnknownCommunity, NoCommunity.
    """
    with workbook_at_work(PLACES, source, filename, **how) as workbook:
        reading = _Reading()
        for row, pen in workbook.rows():
            _take(row, pen, reading, workbook.community)
        _write(reading, workbook.community, how["at"], workbook.report)
        workbook.report.counts = {"places": len(reading.places)}
    return workbook.report


def _take(row: Row, pen: Pen, reading: _Reading, community: str) -> None:
    """One row as a place; without a name there is no place."""
    values: dict[str, Any] = {name: row.values.get(name, "") for name in ("name", "address", *WIDEST)}
    if not values["name"]:
        pen.doubt(row.number, "name", "没有写名称，没有收进来。")
        return
    for name, most in WIDEST.items():
        if len(values[name]) > most:
            pen.doubt(row.number, name, f"写得太长，只留了前{most}个字。")
            values[name] = values[name][:most]
    key = (values["name"], values["address"])
    if key in reading.places:
        pen.doubt(row.number, "name", f"和第{reading.places[key].row}行是同一个地方，只收了一次。")
        return
    phones = tuple(filter(None, (row.values.get("phone", ""), *row.others.get("phone", ()))))
    values["staff_count"] = _staff(row, pen)
    values["credit_code"] = _credit_code(row, pen)
    values["area_code"] = community
    values.update(phone_values(phones, sealer(settings.SEALING_KEY_FILE)))
    reading.places[key] = Told(pen.sheet, row.number, values, phones)


def _staff(row: Row, pen: Pen) -> int | None:
    written = row.values.get("staff", "")
    if written.isdigit() and int(written) <= MOST_STAFF:
        return int(written)
    if written and not any(doubt.code.startswith("number") for doubt in row.doubts):
        pen.doubt(row.number, "staff", "人数不对，请核对。")
    return None


def _credit_code(row: Row, pen: Pen) -> str:
    written = "".join(row.values.get("credit_code", "").split()).upper()
    if written and not uscc.is_valid(written):
        pen.doubt(row.number, "credit_code", "统一社会信用代码不对，请核对。")
    return written[:18]


def _write(reading: _Reading, community: str, at: datetime, report: Report) -> None:
    low, high = subtree(community)
    inside = Place.objects.filter(area_code__gte=low, area_code__lt=high)
    known = {(row["name"], row["address"]): row for row in inside.values("id", *COLUMNS)}
    compounds = dict(
        Area.objects.filter(level="compound", code__gt=low, code__lt=high).values_list("label", "code")
    )
    for key, told in reading.places.items():
        told.values["area_code"] = _area(told.values["address"], compounds, community)
        told.known = known.get(key)
    added = [told for told in reading.places.values() if told.known is None]
    changed = [told for told in reading.places.values() if told.known and _differs(told, report)]
    for told, identity in zip(added, new_ids("register_place", len(added)), strict=True):
        told.id = identity
    add_rows("register_place", ("id", "added_at", *COLUMNS), ((row.id, at, *_columns(row)) for row in added))
    change_rows("register_place", ("id", *COLUMNS), ((row.id, *_columns(row)) for row in changed))
    write_keys("place_id", [(row.id, row.values["area_code"], _keys(row)) for row in [*added, *changed]])
    report.added, report.changed = len(added), len(changed)
    report.changes += [Change(row.sheet, row.row, "added", row.values["name"]) for row in added]
    gone = known.keys() - reading.places.keys()
    report.missing = len(gone)
    for name, address in sorted(gone):
        report.changes.append(Change("", 0, "missing", f"{name}（{address}）"))


def _area(address: str, compounds: dict[str, str], community: str) -> str:
    """The compound that an address begins with, the longest name first; otherwise the community."""
    for label in sorted(compounds, key=len, reverse=True):
        if label in address:
            return compounds[label]
    return community


def _differs(told: Told, report: Report) -> bool:
    """Whether a place has changed; what the file leaves empty stays as it is known."""
    old = told.known or {}
    told.id = old["id"]
    for name in ("phones_sealed", "phone_digests"):
        old[name] = [bytes(value) for value in old[name]]
    for name in COLUMNS:
        if told.values[name] in ("", None, []):
            told.values[name] = old[name]
    differing = [name for name in COLUMNS if told.values[name] != old[name]]
    for name in differing:
        if name in WORDS:
            before, after = str(old[name] or ""), str(told.values[name] or "")
            report.changes.append(
                Change(told.sheet, told.row, "changed", told.values["name"], WORDS[name], before, after)
            )
    return bool(differing)


def _columns(told: Told) -> Iterator[Any]:
    return (told.values[name] for name in COLUMNS)


def _keys(told: Told) -> list[str]:
    return place_keys(told.values["name"], told.values["in_charge"], told.phones)
