"""The lines of an account's lists: which door, what became of it, why it is carried and who answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.catalogue import DUTY_KINDS
from shouwang.duties.close import Proposal
from shouwang.duties.models import Carried, Duty
from shouwang.flows.end_of_day import REASON_WORDS
from shouwang.register.models import Helper

BOOKED = {
    "absent": _("没有"),
    "owed": _("待办"),
    "done": _("已办"),
    "late": _("超时已办"),
    "waived": _("免办"),
    "missed": _("过期未办"),
    "void": _("已撤销"),
    "elsewhere": _("别的社区"),
}


CARRIED_WORDS = (_("户 / 场所"), _("事项"), _("原因"), _("补充一句"), _("下次再去"), _("责任人"))
CHANGED_WORDS = (_("户 / 场所"), _("事项"), _("这一天开始时"), _("这一天结束时"))


@dataclass(frozen=True)
class Line:
    """One line: a door or place, what it was and became, and what is said about it where it is carried."""

    door: str
    kind: str
    was: str = ""
    became: str = ""
    reason: str = ""
    word: str = ""
    next_try_at: datetime | None = None
    owner: str = ""
    carried: bool = False


def changed_lines(duties: Iterable[Duty], changes: Mapping[int, tuple[str, str]]) -> list[Line]:
    """What these duties were when the day began and what they became."""
    return [
        Line(
            door_of(duty),
            _kind(duty),
            was=str(BOOKED[changes[duty.pk][0]]),
            became=str(BOOKED[changes[duty.pk][1]]),
        )
        for duty in duties
    ]


def carried_lines(rows: Iterable[Carried]) -> list[Line]:
    """What a closed day carried, as it was written down."""
    return [_told(row.duty, row, row.owner.name if row.owner else "") for row in rows]


def proposed_lines(duties: Iterable[Duty], proposals: Mapping[int, Proposal]) -> list[Line]:
    """What would be carried, with what is known about it; what is not due yet needs nothing said."""
    owners = {proposal.owner for proposal in proposals.values() if proposal.owner}
    names = dict(Helper.objects.filter(pk__in=owners).values_list("pk", "name"))
    return [_proposed(duty, proposals.get(duty.pk), names) for duty in duties]


def carried_cells(line: Line) -> list[object]:
    """A carried line as it stands in a workbook, under CARRIED_WORDS."""
    owner = line.owner or gettext("没人负责")
    return [line.door, gettext(line.kind), gettext(line.reason), line.word, line.next_try_at, owner]


def changed_cells(line: Line) -> list[object]:
    """A changed line as it stands in a workbook, under CHANGED_WORDS."""
    return [line.door, gettext(line.kind), line.was, line.became]


def door_of(duty: Duty) -> str:
    """How people write the door, place or person that a duty is about."""
    if duty.household:
        return f"{duty.household.compound} {duty.household.door}"
    return str(duty.place or duty.person or "")


def _kind(duty: Duty) -> str:
    return DUTY_KINDS[duty.kind].words


def _proposed(duty: Duty, proposal: Proposal | None, names: Mapping[int, str]) -> Line:
    if proposal is None:
        return Line(door_of(duty), _kind(duty), reason=gettext("未到期"), carried=True)
    return _told(duty, proposal, names.get(proposal.owner or 0, ""))


def _told(duty: Duty, told: Carried | Proposal, owner: str) -> Line:
    return Line(
        door_of(duty),
        _kind(duty),
        reason=REASON_WORDS[told.reason],
        word=told.word,
        next_try_at=told.next_try_at,
        owner=owner,
        carried=True,
    )
