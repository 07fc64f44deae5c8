"""A response plan: everything that is done differently because of this disease, this edition, this place.

A number stands in a plan file with its source and nowhere else. A plan in use is only ever superseded.
"""

import hashlib
from datetime import date, time
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shouwang.plans.form.entries import Setting, open_settings
from shouwang.plans.form.fieldwork import Disinfection, Gates, Supply, Testing, Zone
from shouwang.plans.form.people import Category, Investigation, Isolation, Regime, Screening, Temperature
from shouwang.plans.form.vocabulary import (
    Count,
    Days,
    Hours,
    Key,
    Kind,
    Part,
    Role,
    Seconds,
    Source,
    Text,
    Words,
)


class Disease(Part, frozen=True, kw_only=True):
    """The disease in plain words, and what the entries of the menu are called under this plan."""

    words: Words
    menu: dict[Literal["screening", "visits", "isolation", "testing", "gates"], Words] = {}


class Clocks(Part, frozen=True, kw_only=True):
    """How long everybody has: the hours between something arriving and somebody having answered for it."""

    list_hours: Hours | None = None
    list_warning_hours: tuple[Hours, ...] = ()
    first_message_seconds: Seconds | None = None
    referral_hours: Hours | None = None
    voluntary_lapse_hours: Hours | None = None
    objection_code_hours: Hours | None = None
    objection_order_hours: Hours | None = None
    code_conversion_hours: Hours | None = None
    tracing_letter_hours: Hours | None = None
    transfer_hours: Hours | None = None
    answer_hours: Hours | None = None
    correction_hours: Hours | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    calls_a_day: Count | None = None


class Squad(Part, frozen=True, kw_only=True):
    """A squad that activation calls up, what it does, and how soon it must have answered."""

    words: Words
    does: Text
    confirm_within_hours: Hours | None = None


class Retention(Part, frozen=True, kw_only=True):
    """How long one kind of personal record is kept before it is destroyed."""

    words: Words
    until: Literal["days_passed", "response_ends", "archived"]
    days: Days | None = None


class Statute(Part, frozen=True, kw_only=True):
    """A law that this work stands on, and what it asks here."""

    title: Text
    articles: tuple[Text, ...] = ()
    asks: Text
    in_force_from: date | None = None


class Legal(Part, frozen=True, kw_only=True):
    """Who decides and how one objects: the operator's counsel fills what differs from place to place."""

    deciding_authority: Text | None = None
    carried_out_by: Text | None = None
    document_number: Text | None = None
    review_terms: Text | None = None
    court_terms: Text | None = None
    livelihood_terms: Text | None = None
    statutes: dict[Key, Statute] = {}

    def laws(self, on: date) -> list[Statute]:
        """The laws that are in force on a day, in the order of the plan."""
        return [law for law in self.statutes.values() if law.in_force_from is None or law.in_force_from <= on]


class Meetings(Part, frozen=True, kw_only=True):
    """When the day's state is gathered and talked over."""

    per_day: Annotated[int, Meta(ge=1, le=12)] | None = None
    daily_report_due_by: time | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One response plan, complete: what a community does from the hour it is activated."""

    name: Key
    version: Annotated[int, Meta(ge=1, le=9999)]
    edition: Text
    valid_from: date
    words: Words
    disease: Disease
    sources: dict[str, Source]
    note: str = ""
    categories: dict[Key, Category] = {}
    regimes: dict[Key, Regime] = {}
    temperature: Temperature | None = None
    isolation: Isolation | None = None
    investigation: Investigation | None = None
    screening: Screening | None = None
    testing: Testing | None = None
    zones: dict[Key, Zone] = {}
    gates: Gates | None = None
    clocks: Clocks | None = None
    answers: dict[Kind, tuple[Role, ...]] = {}
    squads: dict[Key, Squad] = {}
    meetings: Meetings | None = None
    disinfection: dict[Key, Disinfection] = {}
    supplies: dict[Key, Supply] = {}
    retention: dict[Key, Retention] = {}
    legal: Legal | None = None

    @property
    def to_be_set(self) -> tuple[Setting, ...]:
        """What no document answers and the operator must fill before or while this plan is used."""
        return tuple(open_settings(self))

    def canonical(self) -> bytes:
        """The plan as one exact line of JSON: what is stored, compared and restored."""
        return msgspec.json.encode(self, order="sorted")

    def digest(self) -> str:
        """The fingerprint of what the plan says; comments and layout of the file do not count."""
        return hashlib.sha256(self.canonical()).hexdigest()
