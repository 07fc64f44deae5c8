"""What somebody may know of how they were written down: their category, their request for a code, and their objections."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from shouwang.access.links import read, token
from shouwang.lib.sealing import sealer
from shouwang.plans.form.people import Category
from shouwang.plans.schema import Plan
from shouwang.screening.codes.models import CodeRequest
from shouwang.screening.contests.models import Contest
from shouwang.screening.lists.models import Check, Inquiry
from shouwang.standing.own import PHONE_TAIL

PAGE = "me"


@dataclass(frozen=True)
class Objections:
    """What was said against one decision so far."""

    rows: tuple[Contest, ...] = ()

    @property
    def further(self) -> Contest | None:
        """The answer with which somebody may go to the level above: once."""
        return self.rows[0] if len(self.rows) == 1 and self.rows[0].upheld is False else None

    @property
    def open(self) -> bool:
        """Whether nothing was said yet."""
        return not self.rows


@dataclass
class Own:
    """One person's page: the last talk that gave a category, and the requests for a code, with what was said against each.

    Shape: `before` was said against categories that count no longer.
    """

    inquiry: Inquiry
    name: str
    check: Check | None
    category: Category | None
    codes: list[CodeRequest]
    said: dict[UUID, Objections] = field(default_factory=dict)
    before: list[Contest] = field(default_factory=list)

    @property
    def decisions(self) -> set[UUID]:
        """What may be contested on this page."""
        refused = {code.pk for code in self.codes if code.converted is False}
        return refused | ({self.check.pk} if self.check else set())

    @property
    def against_category(self) -> Objections:
        """What was said against the category that counts now."""
        return self.said.get(self.check.pk, Objections()) if self.check else Objections()

    @property
    def against_codes(self) -> list[tuple[CodeRequest, Objections]]:
        """Each request, and what was said against its refusal."""
        return [(code, self.said.get(code.pk, Objections())) for code in self.codes]


def path_of(inquiry: Inquiry) -> str:
    """The address of somebody's own page."""
    return f"/me/{token(PAGE, inquiry.pk, inquiry.area_code)}/"


def inquiry_of(code: str) -> tuple[UUID, str] | None:
    """Whose page a link is, and in which community; nothing where we did not make it."""
    return read(PAGE, code)


def own_of(inquiry: Inquiry, *, plan_now: Plan | None) -> Own:
    """All that the page shows. Cost: four queries."""
    rows = list(inquiry.rows.filter(withdrawn_at=None).order_by("pk"))
    talks = list(Check.objects.filter(inquiry=inquiry).exclude(category="").order_by("-at", "-recorded_at"))
    check = next((talk for talk in talks if talk.void_at is None), None)
    codes = list(CodeRequest.objects.filter(row__in=rows).order_by("-requested_at"))
    name = inquiry.person.name if inquiry.person else next((row.name for row in rows), "")
    category = plan_now.categories.get(check.category) if plan_now and check else None
    said = said_against(one.pk for one in (*talks, *codes))
    before = [row for talk in talks if talk is not check for row in said.get(talk.pk, Objections()).rows]
    return Own(inquiry, name, check, category, codes, said, before)


def said_against(decisions: Iterable[UUID]) -> dict[UUID, Objections]:
    """What was said against these decisions, in order."""
    found: defaultdict[UUID, list[Contest]] = defaultdict(list)
    for row in Contest.objects.filter(decision__in=list(decisions)).order_by("asked_at"):
        found[row.decision].append(row)
    return {about: Objections(tuple(rows)) for about, rows in found.items()}


def phone_tails(inquiry: Inquiry) -> set[str]:
    """The last four digits of this person's phones: those of the register, and those on the lists."""
    keys = sealer(settings.SEALING_KEY_FILE)
    sealed = [*(inquiry.person.phones_sealed if inquiry.person else ())]
    for row in inquiry.rows.all():
        sealed += row.phones_sealed
    numbers = (keys.open(one) for one in sealed)
    return {number[-PHONE_TAIL:] for number in numbers if len(number) >= PHONE_TAIL}
