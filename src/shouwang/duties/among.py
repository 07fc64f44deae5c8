"""Some thousands of keys in one question: as one array they cost the driver and the planner one place, not thousands."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Field, Func, Value


def among(column: str, keys: Iterable[object], kind: Field) -> Func:
    """A condition: the column holds one of these keys. Shape: `kind` is a field like the column's."""
    these = Value(list(keys), ArrayField(kind))
    return Func(
        F(column), these, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
    )
