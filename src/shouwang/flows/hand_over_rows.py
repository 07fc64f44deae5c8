"""People on a list who live elsewhere: settled here, and in the community where they live a list with the same clock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from shouwang.access.models import User
from shouwang.access.scope import everything
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import check_id_number
from shouwang.lib.sealing import Sealer, sealer
from shouwang.register.models import Area
from shouwang.screening.lists.deciding import not_ours
from shouwang.screening.lists.models import ListRow, PushedList
from shouwang.screening.lists.reading import Written
from shouwang.screening.lists.receiving import add_rows, begin

SOURCE = "handed_over"


class AtHome(Refusal):
    code = "flows.at_home"
    sentence = "“{place}”就是本社区，不用转。请改成别的社区，或者写“退回”。"


def hand_over_rows(
    inquiries: Sequence[UUID], *, to_whom: str, reason: str, by: User | None, at: datetime
) -> int:
    """These people go to whom these words name, or back to the sender; how many rows went.

    Shape: where the words name one community of this installation, they arrive there at once, as a list with the
    remaining clock; else the words say whom a letter goes to. Raises: NotInScope, WhereTo, AtHome.
    """
    to_area = community_named(to_whom)
    if to_area and ListRow.objects.filter(inquiry__in=inquiries, list__area_code=to_area).exists():
        raise AtHome(place=to_whom)
    rows = not_ours(inquiries, reason=reason, to_area=to_area, to_whom=to_whom, by=by, at=at)
    if to_area and rows:
        keys = sealer(settings.SEALING_KEY_FILE)
        with everything("people of a list handed over to where they live", at=at, by=by):
            for listed in {row.list_id: row.list for row in rows}.values():
                mine = [row for row in rows if row.list_id == listed.pk]
                _arrive(listed, mine, to_area, keys, by, at)
    return len(rows)


def community_named(words: str) -> str:
    """The one community of this installation whose name stands in these words; empty if none or several do."""
    rows = Area.objects.filter(level="community").values_list("code", "label")
    named = [code for code, label in rows if label and label in words]
    return named[0] if len(named) == 1 else ""


def _arrive(
    listed: PushedList,
    rows: Sequence[ListRow],
    to_area: str,
    keys: Sealer,
    by: User | None,
    at: datetime,
) -> None:
    """The rows as they were written, under the clock that began when the first list came."""
    own = Area.objects.filter(code=community_of(listed.area_code)).values_list("label", flat=True).first()
    sender = own or listed.sender
    hours = (listed.due_at - listed.arrived_at).total_seconds() / 3600
    made = begin(
        area=to_area, title=f"{sender}转来：{listed.title}"[:120], sender=sender, source=SOURCE,
        category=listed.category, letter=listed.letter, arrived_at=listed.arrived_at, hours=hours, by=by, at=at,
    )  # fmt: skip
    add_rows(made, [_written(row, number, keys) for number, row in enumerate(rows, 1)], by=by, at=at)


def _written(row: ListRow, number: int, keys: Sealer) -> Written:
    return Written(
        number, 0, "", name=row.name, identity=check_id_number(keys.open(row.id_sealed)),
        phones=tuple(keys.open(phone) for phone in row.phones_sealed), sex=row.sex, born_on=row.born_on,
        address=row.address, from_place=row.from_place, happened_on=row.happened_on, happened=row.happened,
        transport=row.transport, reason=row.reason, extra=row.extra, doubts=list(row.doubts),
    )  # fmt: skip
