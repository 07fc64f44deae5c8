"""FHIR R4 DiagnosticReport, in and out: a laboratory that speaks it needs no spreadsheet.

Source: HL7 FHIR R4, DiagnosticReport, Observation, Specimen; SNOMED CT 260415000 not detected, 260373001 detected,
419984006 inconclusive; LOINC 94500-6 SARS-CoV-2 RNA in respiratory specimen by NAA with probe detection.
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
    "LA6577-6": NEGATIVE, "LA6576-8": POSITIVE, "NEG": NEGATIVE, "POS": POSITIVE, "ND": NEGATIVE, "DET": POSITIVE,
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
    entries = (
        told.get("entry", [])
        if isinstance(told, dict) and told.get("resourceType") == "Bundle"
        else [{"resource": told}]
    )
    resources = [
        one["resource"] for one in entries if isinstance(one, dict) and isinstance(one.get("resource"), dict)
    ]
    reports = [one for one in resources if one.get("resourceType") == "DiagnosticReport"]
    if not reports:
        raise NoReport(file=filename)
    around = {f"{one.get('resourceType')}/{one.get('id')}": one for one in resources if one.get("id")}
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
    concepts = [
        *_list(report.get("conclusionCode")),
        *(one.get("valueCodeableConcept") for one in _all(report.get("result"), around)),
    ]
    codes = [
        str(coding.get("code", ""))
        for one in concepts
        if isinstance(one, dict)
        for coding in _list(one.get("coding"))
    ]
    known = {OUTCOMES[code] for code in codes if code in OUTCOMES}
    certain = len(known) == 1 and report.get("status") in FINAL
    performers = [str(one.get("display", "")) for one in _list(report.get("performer"))]
    return Report(
        _tube(report, around), known.pop() if certain else "", " ".join(codes)[:40], _when(report.get("effectiveDateTime")),
        _when(report.get("issued")), next(filter(None, performers), "")[:80],
    )  # fmt: skip


def _tube(report: Mapping[str, Any], around: Mapping[str, Any]) -> str:
    """The label of the specimen: its accession number, else its first identifier."""
    for specimen in _all(report.get("specimen"), around):
        labels = [specimen.get("accessionIdentifier"), *_list(specimen.get("identifier"))]
        for label in labels:
            if isinstance(label, dict) and label.get("value"):
                return str(label["value"])
    return ""


def _contained(report: Mapping[str, Any]) -> dict[str, Any]:
    return {f"#{one.get('id')}": one for one in _list(report.get("contained"))}


def _all(references: Any, around: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    named = (str(one.get("reference", "")) for one in _list(references))
    return [around[name] for name in named if name in around]


def _list(told: Any) -> list[Mapping[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _when(written: Any) -> datetime | None:
    try:
        found = msgspec.convert(written, datetime)
    except msgspec.ValidationError:
        return None
    return found if found.tzinfo else None
