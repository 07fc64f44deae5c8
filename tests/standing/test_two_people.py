"""Nothing that keeps people from going where they want stands on one person's word, or without an end and a reason."""

import pytest
from django.apps import apps

from shouwang.standing.models import Restriction

RESTRICTIONS = sorted(
    (model for model in apps.get_models() if issubclass(model, Restriction)), key=lambda model: model.__name__
)


@pytest.mark.parametrize("model", RESTRICTIONS, ids=lambda model: model.__name__)
def test_the_table_itself_asks_for_a_second_person_an_end_and_a_reason(model):
    rules = {str(rule.condition) for rule in model._meta.constraints if hasattr(rule, "condition")}
    assert "(NOT (AND: ('proposed_by', F(approved_by))))" in rules
    assert any("('from_at__lt', F(until))" in rule for rule in rules)
    for name in ("until", "reason", "authority", "document", "legal_basis", "proposed_by"):
        assert not model._meta.get_field(name).null, name
