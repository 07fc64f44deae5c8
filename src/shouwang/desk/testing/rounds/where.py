"""Which round, and which part of its area, a page shows."""

from collections.abc import Collection
from uuid import UUID

from shouwang.access.scope import Grants
from shouwang.desk.doors import DeskRequest
from shouwang.lib.codes import COMMUNITY, LEVELS, community_of, is_code
from shouwang.lib.errors import NotInScope
from shouwang.plans.actions import plan_of
from shouwang.plans.form.fieldwork import Testing
from shouwang.register.models import Area
from shouwang.testing.models import Round
from shouwang.testing.rounds.ordering import round_of


def within(request: DeskRequest, pk: UUID) -> Round:
    """A round all of whose area is one's own. Raises: NotInScope."""
    row = round_of(pk)
    request.grants.require_area(row.area_code)
    return row


def shown_area(request: DeskRequest, row: Round) -> str:
    """The part of the round that was asked for, or all of it that is one's own. Raises: NotInScope."""
    asked = request.POST.get("area") or request.GET.get("area", "") or _home(row.area_code, request.grants)
    if row.area_code.startswith(asked):  # a round of a building has no more than it
        asked = row.area_code
    related = any(code.startswith(asked) or asked.startswith(code) for code in request.grants.codes)
    if not is_code(asked) or not related or not asked.startswith(row.area_code):
        raise NotInScope()
    return asked


def community_shown(request: DeskRequest, row: Round) -> str:
    """The community of a round in which somebody plans. Raises: NotInScope."""
    area = shown_area(request, row)
    if len(area) < COMMUNITY:
        below = Area.objects.filter(level="community", code__gte=area, code__lt=area + "~").order_by("code")
        area = below.values_list("code", flat=True).first() or area
    return request.grants.require_area(community_of(area))


def trail_of(area: str, row: Round, grants: Grants) -> list[tuple[str, str]]:
    """The way from the round's area (or one's own, where that is smaller) down to what is shown."""
    top = max(len(row.area_code), len(_home(row.area_code, grants)))
    above = [area[:length] for length in LEVELS if top <= length <= len(area)]
    labels = labels_of(above)
    return [(code, labels.get(code, "")) for code in above]


def labels_of(codes: Collection[str]) -> dict[str, str]:
    """The words of areas."""
    return dict(Area.objects.filter(code__in=codes).values_list("code", "label"))


def rules_at(area: str, request: DeskRequest) -> Testing | None:
    """The plan's numbers for testing here."""
    rules = plan_of(community_of(area), now=request.now)
    return rules.testing if rules else None


def _home(area: str, grants: Grants) -> str:
    """All of a round's area that is one's own: the smallest area that holds it."""
    own = [
        code if code.startswith(area) else area
        for code in grants.codes
        if code.startswith(area) or area.startswith(code)
    ]
    if not own:
        return area
    first, last = min(own), max(own)
    shared = [first[:length] for length in LEVELS if first[:length] == last[:length]]
    return max([area, *shared], key=len)
