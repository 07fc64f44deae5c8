"""What the pages of passes share: which areas somebody answers for, the plan there, whose a pass is, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest
from shouwang.desk.wording import in_language
from shouwang.lib.codes import COMMUNITY, COMPOUND
from shouwang.lib.errors import NotInScope
from shouwang.plans.actions import plan_of
from shouwang.plans.form.fieldwork import Pass as Kind
from shouwang.plans.schema import Plan
from shouwang.register.models import Area
from shouwang.standing.cards import kinds_of, spaced, state_of, withdrawn
from shouwang.standing.models import Bar, Pass

FULL_NAMES = "register.read"
STATES = {
    "good": gettext_lazy("有效"), "waiting": gettext_lazy("还没开始"), "over": gettext_lazy("已到期"),
    "lost": gettext_lazy("已挂失"), "replaced": gettext_lazy("已补办新证"), "withdrawn": gettext_lazy("暂时收回"),
}  # fmt: skip
TONES = {
    "good": "done", "waiting": "waiting", "over": "void", "lost": "missed", "replaced": "void", "withdrawn": "overdue",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A pass as a page shows it."""

    card: Pass
    name: str
    door: str
    kind: str
    state: str
    bar: Bar | None = None

    @property
    def number(self) -> str:
        return spaced(self.card.number)

    @property
    def words(self) -> str:
        """The state in words."""
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        """How the state looks."""
        return TONES[self.state]


def areas_of(request: DeskRequest, levels: Sequence[str] = ("compound", "building")) -> list[tuple[str, str]]:
    """The compounds and buildings that somebody answers for, with their words."""
    rows = Area.objects.filter(level__in=levels).order_by("code").values_list("code", "label")
    mine = [(code, label) for code, label in rows if code.startswith(request.grants.codes)]
    compounds = dict(mine)
    above = {
        code: compounds.get(code[:COMPOUND], "") if len(code) > COMPOUND else "" for code, _label in mine
    }
    return [(code, f"{above[code]} {label}".strip()) for code, label in mine]


def community_of_page(request: DeskRequest) -> str:
    """The first community that somebody answers for. Raises: NotInScope."""
    rows = Area.objects.filter(level="community").order_by("code").values_list("code", flat=True)
    mine = [code for code in rows if code.startswith(request.grants.codes)]
    own = mine[0] if mine else min(request.grants.codes, default="")[:COMMUNITY]
    if len(own) < COMMUNITY:
        raise NotInScope()
    return own


def plan_here(request: DeskRequest, area: str = "") -> Plan | None:
    """The plan that holds here now."""
    return plan_of(area or community_of_page(request), now=request.now)


def passes() -> QuerySet[Pass]:
    """With whoever carries them."""
    return Pass.objects.select_related("person__household", "household", "host")


def pass_of(pk: UUID) -> Pass:
    """The pass. Raises: NotInScope."""
    return one_in_scope(
        passes().select_related("issued_by", "lost_by", "ended_by", "replaced_by").filter(pk=pk)
    )


def lines_of(request: DeskRequest, rows: Sequence[Pass], plan: Plan | None) -> list[Line]:
    """These passes as a page shows them. Cost: one query."""
    bars, kinds = withdrawn([row.pk for row in rows], now=request.now), kinds_of(plan)
    return [_line(request, row, bars.get(row.pk), kinds) for row in rows]


def _line(request: DeskRequest, row: Pass, bar: Bar | None, kinds: dict[str, Kind]) -> Line:
    home = row.household or (row.person.household if row.person else row.host)
    door = f"{home.compound} {home.door}" if home else ""
    kind = in_language(kinds[row.kind].words) if row.kind in kinds else row.kind
    return Line(row, name_on(request, row), door, kind, state_of(row, bar, now=request.now), bar)


def name_on(request: DeskRequest, row: Pass) -> str:
    """Whose it is: whole for those who read the register, else the surname alone; a car by its plate, a door by its words."""
    name = row.person.name if row.person else row.holder
    shown = name if FULL_NAMES in request.grants.may or not name else f"{name[:1]}**"
    return " ".join(filter(None, (shown, row.plate))) or _("全家")
