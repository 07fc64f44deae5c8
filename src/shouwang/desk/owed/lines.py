"""The lines of an account's lists: which door, what became of it, why it is carried and who answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.owed.named import named
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

ONE_TABLE = 1  # the account has asked much already: what its lines are about costs one question more

CARRIED_WORDS = (_("户 / 场所"), _("事项"), _("原因"), _("补充一句"), _("下次再去"), _("责任人"))
CHANGED_WORDS = (_("户 / 场所"), _("事项"), _("这一天开始时"), _("这一天结束时"))


@dataclass(frozen=True)
class Line:
    """One line: a door or place or what else it is about, what it was and became, and what is said about it where it is carried."""

    door: str
    kind: str
    was: str = ""
    became: str = ""
    reason: str = ""
    word: str = ""
    next_try_at: datetime | None = None
    owner: str = ""
    carried: bool = False


def changed_lines(duties: Sequence[Duty], changes: Mapping[int, tuple[str, str]], *, here: str) -> list[Line]:
    """What these duties were when the day began and what they became; `here` is where they are owed, in words."""
    titles = _titles(duties, here)
    return [
        Line(
            titles[duty.pk],
            _kind(duty),
            was=str(BOOKED[changes[duty.pk][0]]),
            became=str(BOOKED[changes[duty.pk][1]]),
        )
        for duty in duties
    ]


def carried_lines(rows: Sequence[Carried], *, here: str) -> list[Line]:
    """What a closed day carried, as it was written down."""
    titles = _titles([row.duty for row in rows], here)
    return [_told(titles[row.duty_id], row.duty, row, row.owner.name if row.owner else "") for row in rows]


def proposed_lines(duties: Sequence[Duty], proposals: Mapping[int, Proposal], *, here: str) -> list[Line]:
    """What would be carried, with what is known about it; what is not due yet needs nothing said."""
    owners = {proposal.owner for proposal in proposals.values() if proposal.owner}
    names = dict(Helper.objects.filter(pk__in=owners).values_list("pk", "name"))
    titles = _titles(duties, here)
    return [_proposed(titles[duty.pk], duty, proposals.get(duty.pk), names) for duty in duties]


def carried_cells(line: Line) -> list[object]:
    """A carried line as it stands in a workbook, under CARRIED_WORDS."""
    owner = line.owner or gettext("没人负责")
    return [line.door, gettext(line.kind), gettext(line.reason), line.word, line.next_try_at, owner]


def changed_cells(line: Line) -> list[object]:
    """A changed line as it stands in a workbook, under CHANGED_WORDS."""
    return [line.door, gettext(line.kind), line.was, line.became]


def _titles(duties: Sequence[Duty], here: str) -> dict[int, str]:
    """What each is called: by its door, place or person, else by what a module says of it, else by where it is owed.

    Cost: one question, whatever they are about.
    """
    doors = {duty.pk: _door(duty) for duty in duties}
    about = named((duty for duty in duties if not doors[duty.pk]), ONE_TABLE)
    return {
        duty.pk: doors[duty.pk] or (about[duty.about][0] if duty.about in about else here) for duty in duties
    }


def _door(duty: Duty) -> str:
    if duty.household:
        return f"{duty.household.compound} {duty.household.door}"
    return str(duty.place or duty.person or "")


def _kind(duty: Duty) -> str:
    return DUTY_KINDS[duty.kind].words


def _proposed(title: str, duty: Duty, proposal: Proposal | None, names: Mapping[int, str]) -> Line:
    if proposal is None:
        return Line(title, _kind(duty), reason=gettext("未到期"), carried=True)
    return _told(title, duty, proposal, names.get(proposal.owner or 0, ""))


def _told(title: str, duty: Duty, told: Carried | Proposal, owner: str) -> Line:
    return Line(
        title,
        _kind(duty),
        reason=REASON_WORDS[told.reason],
        word=told.word,
        next_try_at=told.next_try_at,
        owner=owner,
        carried=True,
    )
