"""A laboratory's reports in FHIR R4, said in the ways in which laboratories say them."""

import json
from typing import Any

import pytest

from shouwang.testing.results.fhir import NoReport, read_reports
from shouwang.testing.results.models import INVALID, NEGATIVE, POSITIVE

SPECIMEN_URL, SEEN_URL = "urn:uuid:5e1f", "urn:uuid:77aa"
HERE = "https://laboratory.example/fhir"
TUBE = {"resourceType": "Specimen", "id": "s", "accessionIdentifier": {"value": "EV0001"}}


def concept(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def seen(code: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "valueCodeableConcept": concept(code),
        **more,
    }


def report(**more: Any) -> dict[str, Any]:
    return {"resourceType": "DiagnosticReport", "status": "final", **more}


def bundle(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": list(entries)}


WAYS = {
    "contained": report(
        contained=[TUBE, seen("260415000")], specimen=[{"reference": "#s"}], result=[{"reference": "#o"}]
    ),
    "beside each other by id": bundle(
        {"resource": report(specimen=[{"reference": "Specimen/s"}], result=[{"reference": "Observation/o"}])},
        {"resource": TUBE},
        {"resource": seen("LA11883-8")},
    ),
    "by the address of the entry": bundle(
        {"resource": report(specimen=[{"reference": SPECIMEN_URL}], result=[{"reference": SEEN_URL}])},
        {"fullUrl": SPECIMEN_URL, "resource": {**TUBE, "id": ""}},
        {"fullUrl": SEEN_URL, "resource": seen("260385009", id="")},
    ),
    "by the laboratory's own address": bundle(
        {"resource": report(specimen=[{"reference": f"{HERE}/Specimen/s"}], conclusionCode=[concept("NEG")])},
        {"resource": TUBE},
    ),
    "the specimen named by the observation": bundle(
        {"resource": report(result=[{"reference": "Observation/o"}])},
        {"resource": seen("260415000", specimen={"reference": "Specimen/s"})},
        {"resource": TUBE},
    ),
    "the label alone": report(specimen=[{"identifier": {"value": "EV0001"}}], conclusionCode=[concept("LA6577-6")]),
    "an interpretation": bundle(
        {"resource": report(specimen=[{"reference": "Specimen/s"}], result=[{"reference": "Observation/o"}])},
        {"resource": {"resourceType": "Observation", "id": "o", "interpretation": [concept("ND")]}},
        {"resource": TUBE},
    ),
    "a panel": bundle(
        {"resource": report(specimen=[{"reference": "Specimen/s"}], result=[{"reference": "Observation/panel"}])},
        {"resource": {"resourceType": "Observation", "id": "panel", "hasMember": [{"reference": "Observation/o"}]}},
        {"resource": seen("260415000")},
        {"resource": TUBE},
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_negative_tube_is_read_in_each_way_of_saying_it(way: str) -> None:
    (found,) = read_reports(json.dumps(WAYS[way]).encode(), "结果.json")
    assert (found.code, found.outcome) == ("EV0001", NEGATIVE)


@pytest.mark.parametrize(
    ("codes", "status", "outcome"),
    [
        (["260373001"], "final", POSITIVE),
        (["10828004", "LA11882-0", "POS"], "corrected", POSITIVE),
        (["419984006"], "final", INVALID),
        (["42425007"], "final", INVALID),
        (["260373001", "260415000"], "final", ""),
        (["260373001"], "preliminary", ""),
        (["260373001"], "entered-in-error", ""),
        (["12345"], "final", ""),
        ([], "final", ""),
    ],
)
def test_only_a_final_report_that_says_one_thing_has_an_outcome(
    codes: list[str], status: str, outcome: str
) -> None:
    told = report(
        contained=[TUBE], specimen=[{"reference": "#s"}], conclusionCode=[concept(one) for one in codes]
    )
    (found,) = read_reports(json.dumps({**told, "status": status}).encode(), "结果.json")
    assert (found.code, found.outcome) == ("EV0001", outcome)


@pytest.mark.parametrize(
    "odd",
    [
        {"specimen": "Specimen/s"}, {"specimen": [{"reference": 7}]}, {"specimen": [None]}, {"result": [{"reference": []}]},
        {"result": {"reference": "Observation/o"}}, {"conclusionCode": "260415000"}, {"conclusionCode": [{"coding": "no"}]},
        {"contained": [{"resourceType": "Specimen", "identifier": "EV0001"}]}, {"performer": 7}, {"issued": "yesterday"},
    ],
)  # fmt: skip
def test_what_has_another_shape_says_nothing(odd: dict[str, Any]) -> None:
    (found,) = read_reports(json.dumps(report(**odd)).encode(), "结果.json")
    assert (found.code, found.outcome, found.tested_at) == ("", "", None)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b'{"resourceType": "Bundle"}', b'{"resourceType": "Patient"}']
)
def test_a_file_without_a_report_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(NoReport):
        read_reports(content, "结果.json")
