"""FHIR R4 DiagnosticReport, in and out: a laboratory that speaks it needs no spreadsheet.

Laboratories say the same in several ways: resources contained, beside each other by id, or by the address of their entry; the
specimen named by the report or by its observations; an outcome as conclusion, value, interpretation or member of a panel.

Source: HL7 FHIR R4, DiagnosticReport, Observation, Specimen, Bundle (references within it), ObservationInterpretation (NEG, POS, ND, DET);
SNOMED CT 260415000 not detected, 260385009 negative, 260373001 detected, 10828004 positive, 419984006 inconclusive, 42425007 equivocal;
LOINC LA11883-8 not detected, LA6577-6 negative, LA11882-0 detected, LA6576-8 positive, and 94500-6 SARS-CoV-2 RNA in respiratory
specimen by NAA with probe detection.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from shouwang.lib.errors import Refusal
from shouwang.testing.results.models import INVALID, NEGATIVE, POSITIVE, Result

SNOMED, LOINC, TEST = "http://snomed.info/sct", "http://loinc.org", "94500-6"
TO_CODE = {
    NEGATIVE: ("260415000", "Not detected"),
    POSITIVE: ("260373001", "Detected"),
    INVALID: ("419984006", "Inconclusive"),
}
OUTCOMES = {code: outcome for outcome, (code, _words) in TO_CODE.items()} | {
    "260385009": NEGATIVE, "LA11883-8": NEGATIVE, "LA6577-6": NEGATIVE, "NEG": NEGATIVE, "ND": NEGATIVE,
    "10828004": POSITIVE, "LA11882-0": POSITIVE, "LA6576-8": POSITIVE, "POS": POSITIVE, "DET": POSITIVE,
    "42425007": INVALID,
}  # fmt: skip
FINAL = frozenset(("final", "amended", "corrected"))


class NoReport(Refusal):
    code = "testing.no_fhir_report"
    sentence = "“{file}”里没有 DiagnosticReport（FHIR R4），看不出是检测结果。"


class Report(msgspec.Struct, frozen=True):
    """What matters of one report. Shape: `outcome` is empty where it is not final or its code means nothing to us."""

    code: str
    outcome: str
    written: str
    sampled_at: datetime | None
    tested_at: datetime | None
    laboratory: str


def read_reports(content: bytes, filename: str) -> list[Report]:
    """Every report of a Bundle, or the one that stands alone. Raises: NoReport."""
    try:
        told: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise NoReport(file=filename) from wrong
    bundle = isinstance(told, dict) and told.get("resourceType") == "Bundle"
    entries = [
        one for one in _list(told.get("entry") if bundle else [{"resource": told}])
        if isinstance(one.get("resource"), dict)
    ]  # fmt: skip
    reports = [
        one["resource"] for one in entries if one["resource"].get("resourceType") == "DiagnosticReport"
    ]
    if not reports:
        raise NoReport(file=filename)
    around = {name: one["resource"] for one in entries for name in _names(one)}
    return [_read(one, around | _contained(one)) for one in reports]


def report_of(row: Result) -> bytes:
    """A result that counts as others read it; nobody's name is in it, the tube's code says whose it is."""
    code, words = TO_CODE.get(row.outcome, TO_CODE[INVALID])
    concept = {"coding": [{"system": SNOMED, "code": code, "display": words}]}
    test = {"coding": [{"system": LOINC, "code": TEST}]}
    observed = {
        "resourceType": "Observation", "id": "outcome", "status": "final", "code": test, "valueCodeableConcept": concept,
    }  # fmt: skip
    report = {
        "resourceType": "DiagnosticReport", "id": str(row.pk), "status": "final" if not row.held else "preliminary",
        "contained": [{"resourceType": "Specimen", "id": "tube", "accessionIdentifier": {"value": row.code}}, observed],
        "code": test, "specimen": [{"reference": "#tube"}], "result": [{"reference": "#outcome"}],
        "effectiveDateTime": row.sampled_at, "issued": row.tested_at or row.received_at,
        "performer": [{"display": row.laboratory}] if row.laboratory else None, "conclusionCode": [concept],
    }  # fmt: skip
    return msgspec.json.encode({name: value for name, value in report.items() if value is not None})


def _read(report: Mapping[str, Any], around: Mapping[str, Any]) -> Report:
    observed = _observed(report, around)
    concepts = [*_list(report.get("conclusionCode"))]
    for one in observed:
        concepts += [*_list([one.get("valueCodeableConcept")]), *_list(one.get("interpretation"))]
    codes = [str(coding.get("code", "")) for one in concepts for coding in _list(one.get("coding"))]
    known = {OUTCOMES[code] for code in codes if code in OUTCOMES}
    certain = len(known) == 1 and report.get("status") in FINAL
    performers = [str(one.get("display", "")) for one in _list(report.get("performer"))]
    return Report(
        _tube([report, *observed], around), known.pop() if certain else "", " ".join(codes)[:40],
        _when(report.get("effectiveDateTime")), _when(report.get("issued")), next(filter(None, performers), "")[:80],
    )  # fmt: skip


def _observed(report: Mapping[str, Any], around: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The observations of a report, and those that a panel among them stands for."""
    named = list(_all(report.get("result"), around))
    return [*named, *(member for one in named for member in _all(one.get("hasMember"), around))]


def _tube(resources: Iterable[Mapping[str, Any]], around: Mapping[str, Any]) -> str:
    """The label of the specimen: its accession number, else its first identifier; also where only the label is named."""
    for named in (specimen for one in resources for specimen in _list(_as_list(one.get("specimen")))):
        specimen = _found(named, around) or named
        for label in _list([specimen.get("accessionIdentifier"), *_as_list(specimen.get("identifier"))]):
            if label.get("value"):
                return str(label["value"])
    return ""


def _names(entry: Mapping[str, Any]) -> list[str]:
    """What others in the bundle may call a resource: the address of its entry, its type and id."""
    resource = entry["resource"]
    own = f"{resource.get('resourceType')}/{resource['id']}" if resource.get("id") else ""
    return [name for name in (entry.get("fullUrl"), own) if name]


def _contained(report: Mapping[str, Any]) -> dict[str, Any]:
    return {f"#{one.get('id')}": one for one in _list(report.get("contained"))}


def _all(references: Any, around: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    found = (_found(one, around) for one in _list(references))
    return [one for one in found if one]


def _found(reference: Mapping[str, Any], around: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """By the name as it is written; a name with the laboratory's own address in front also by its type and id."""
    name = str(reference.get("reference", ""))
    return around.get(name) or around.get("/".join(name.split("/")[-2:]))


def _as_list(told: Any) -> list[Any]:
    """What FHIR has once here and many times there."""
    return told if isinstance(told, list) else [told]


def _list(told: Any) -> list[Mapping[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _when(written: Any) -> datetime | None:
    try:
        found = msgspec.convert(written, datetime)
    except msgspec.ValidationError:
        return None
    return found if found.tzinfo else None
