"""A message first, a call second: when lists arrive, everybody on them who can be reached has one message at once.

However many lists somebody is on, it is one message, with a link to report by themselves and no word about health.
Calls go to those who have not answered.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from shouwang.access.models import User
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import Sealer, sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.screening.lists.models import Inquiry, ListRow
from shouwang.screening.lists.settling import unsettled
from shouwang.screening.reports.links import report_links

FIRST = "list_first"


def first_messages(lists: Collection[UUID], *, by: User | None, at: datetime) -> Sent:
    """Writes to everybody on these lists whom nobody has written to or asked yet. Asked twice, it writes once."""
    rows = unsettled(ListRow.objects.filter(list__in=lists))
    people = Inquiry.objects.filter(rows__in=rows, messaged_at=None, answered_at=None).distinct()
    waiting = list(
        people.select_related("person").prefetch_related(Prefetch("rows", queryset=rows.order_by("number")))
    )
    links = report_links([one.pk for one in waiting])
    families = _by_phone(waiting)
    alone = [_wanted("", [one], links) for one in families.pop("", [])]
    sent = send([*(_wanted(*told, links) for told in families.items()), *alone], by=by, at=at)
    told = {one.phone for one in (*sent.new, *sent.already)}
    reached = [one.pk for phone, family in families.items() if phone in told for one in family]
    Inquiry.objects.filter(pk__in=reached).update(messaged_at=at)
    return sent


def _by_phone(people: list[Inquiry]) -> dict[str, list[Inquiry]]:
    """Who shares a phone shares a message: a family reports in one go. Who has none stands under an empty number."""
    keys = sealer(settings.SEALING_KEY_FILE)
    found: dict[str, list[Inquiry]] = {}
    for one in people:
        found.setdefault(_phone(one, keys), []).append(one)
    return found


def _wanted(phone: str, family: list[Inquiry], links: dict[UUID, str]) -> Wanted:
    first = family[0]
    return Wanted(
        phone=phone,
        purpose=FIRST,
        once=str(first.pk),
        area_code=first.area_code,
        person=first.person if len(family) == 1 else None,
        about=first.pk,
        params={"path": links[first.pk]},
    )


def _phone(one: Inquiry, keys: Sealer) -> str:
    """The first mobile number: what the register knows of a person, else what the sender wrote."""
    known = list(one.person.phones_sealed) if one.person else []
    sealed = [*known, *(phone for row in one.rows.all() for phone in row.phones_sealed)]
    return next((phone for phone in map(keys.open, sealed) if MOBILE.fullmatch(phone)), "")
