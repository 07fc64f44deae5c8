"""What a duty kind is, as a plain value: modules declare them, the catalogue lists them, the engine is handed them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Rows = Any  # a Django queryset; this floor knows no Django


@dataclass(frozen=True)
class Kind:
    """Something that is owed about a subject.

    Shape: `records()` is a queryset with the columns `subject`, `about`, `at`, `id`: what really happened and counts.
    `answers` are the roles that answer for it, nearest first; a response plan may say otherwise. `about`
    is the table of the rows that such duties are about, `page` the page that opens one of them.
    """

    name: str
    words: str
    subject: str
    records: Callable[[], Rows]
    answers: tuple[str, ...] = ("unit_lead", "building_lead", "grid_lead", "cadre")
    about: str = ""
    page: str = ""


@dataclass(frozen=True)
class Retention:
    """A table (or a folder of the data folder, with a slash) that holds personal data, and the rule it follows.

    Shape: `rule` is a key of the plan's retention; `words` name what it is on the certificate of destruction.
    """

    rule: str
    store: str
    words: str
