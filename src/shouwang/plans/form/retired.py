"""What plans of earlier releases said and nothing reads any more: a plan that is kept must be read as long as it is needed."""

from typing import Any

from shouwang.plans.form.filled import TABLE

GONE = (
    "categories.*.infectious_days", "clocks.found_and_placed_hours", "clocks.law_report_hours",
    "disinfection.*.record", "investigation.together_area_hours", "investigation.together_cell_m",
    "investigation.together_minutes", "investigation.together_within_days", "investigation.zone_lookback_days",
    "screening.channels", "screening.evening_until", "testing.result_hours.fever_clinic",
    "testing.result_hours.patients", "testing.result_hours.voluntary", "testing.result_hours.yellow_code", "vector",
    "zones.*.cover_within_days", "zones.*.radius_m", "zones.*.ring_m", "zones.*.survey_every_days", "zones.*.unit",
)  # fmt: skip


def without_retired(tables: dict[str, Any]) -> None:
    """Takes out of a kept plan, and of what was filled in below it, whatever is no longer asked."""
    for place in GONE:
        _take_out(tables, place.split("."))
    filled = tables.get(TABLE)
    values = filled.get("values") if isinstance(filled, dict) else None
    if isinstance(values, dict):
        for key in [key for key in values if is_retired(key)]:
            del values[key]


def is_retired(key: str) -> bool:
    """Whether a place in a plan, written as in the file, is no longer asked."""
    path = key.split(".")
    return any(_leads(place.split("."), path) for place in GONE)


def _leads(place: list[str], path: list[str]) -> bool:
    same = zip(place, path, strict=False)
    return len(place) <= len(path) and all(wanted in ("*", key) for wanted, key in same)


def _take_out(table: Any, place: list[str]) -> None:
    key, *rest = place
    if not isinstance(table, dict):
        return
    if key == "*":
        for child in table.values():
            _take_out(child, rest)
    elif rest:
        _take_out(table.get(key), rest)
    else:
        table.pop(key, None)
        _forget(table, key)


def _forget(table: dict[str, Any], key: str) -> None:
    """It is neither open nor does it have a source of its own."""
    if isinstance(table.get("to_be_set"), list):
        table["to_be_set"] = [one for one in table["to_be_set"] if one != key]
    if isinstance(table.get("source_of"), dict):
        table["source_of"].pop(key, None)
