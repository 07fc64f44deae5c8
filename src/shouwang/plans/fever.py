"""What counts as a fever: the plan's limit and its comparison. Seed 003 says above 37.3, others say from 37.3."""

from collections.abc import Sequence
from decimal import Decimal

from shouwang.plans.form.people import Temperature


def is_fever(temperature_c: Decimal | None, limits: Temperature | None) -> bool:
    """Whether a reading is a fever; without a limit in the plan nothing is."""
    if temperature_c is None or limits is None or limits.fever_c is None:
        return False
    limit = Decimal(str(limits.fever_c))
    return temperature_c > limit if limits.comparison == "above" else temperature_c >= limit


def is_ill(symptoms: Sequence[str], temperature_c: Decimal | None, limits: Temperature | None) -> bool:
    """Whether somebody must see a doctor: a symptom, or a fever."""
    return bool(symptoms) or is_fever(temperature_c, limits)
