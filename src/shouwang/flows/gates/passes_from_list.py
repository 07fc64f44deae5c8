"""Everybody on a pushed list who was asked gets a temporary pass, in one run: 490 screened outsiders, 490 passes.

Whoever was not asked yet, belongs elsewhere or is kept at home gets none, and is named with the reason.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import plan_of
from shouwang.screening.lists.models import FOUND, NEW, ListRow, PushedList, Settlement
from shouwang.standing.bearers import Bearer
from shouwang.standing.models import Pass
from shouwang.standing.passes import Terms, issue
from shouwang.standing.queries import in_force

NOT_ASKED, ELSEWHERE, AT_HOME, WHO = "not_asked", "elsewhere", "at_home", "who"


@dataclass
class Listed:
    """Who of a list can have a pass, and who cannot and why (a code)."""

    listed: PushedList
    bearers: list[Bearer] = field(default_factory=list)
    left_out: list[tuple[ListRow, str]] = field(default_factory=list)


def passes_for_the_listed(listed: UUID, terms: Terms, *, by: User, at: datetime) -> list[Pass]:
    """A pass for each who can have one and has none. Raises: NotInScope, and as `issue`."""
    found = who_can_have_one(listed, at=at)
    return issue(terms, found.bearers, plan=plan_of(found.listed.area_code, now=at), by=by, at=at)


def who_can_have_one(listed: UUID, *, at: datetime) -> Listed:
    """What would be given to whom, before anything is. Raises: NotInScope."""
    row = one_in_scope(PushedList.objects.filter(pk=listed))
    found = Listed(row)
    lines = ListRow.objects.filter(list=listed, withdrawn_at=None).select_related("inquiry__person__kept")
    said = Settlement.objects.filter(row__list=listed, void_at=None).exclude(check_made=None)
    asked = set(said.values_list("row", flat=True))
    held = set(in_force(now=at).values_list("person__kept_id", flat=True))
    for line in lines.order_by("number"):
        why = _why_not(line, asked, held)
        if why:
            found.left_out.append((line, why))
        else:
            found.bearers.append(_bearer(line))
    return found


def _why_not(line: ListRow, asked: set[UUID], held: set[int | None]) -> str:
    """Why somebody gets none; nothing where they do."""
    person = line.inquiry.person
    if line.outcome not in (FOUND, NEW) or (person is None and not line.name):
        return ELSEWHERE if line.outcome not in (FOUND, NEW) else WHO
    if line.pk not in asked:
        return NOT_ASKED
    return AT_HOME if person and person.kept_id in held else ""


def _bearer(line: ListRow) -> Bearer:
    person = line.inquiry.person
    if person and person.kept:
        return Bearer(person.kept.area_code, person=person.kept.pk)
    keys = sealer(settings.SEALING_KEY_FILE)
    phone = keys.open(line.phones_sealed[0]) if line.phones_sealed else ""
    return Bearer(line.area_code, holder=line.name, phone=phone)
