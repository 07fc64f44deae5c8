"""当晚急采: whoever stands on a list that came this evening is swabbed at the door tonight."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle
from shouwang.duties.plan import communities_in, plan
from shouwang.duties.windows import Window
from shouwang.lib.errors import Refusal
from shouwang.register.models import Person
from shouwang.screening.lists.models import ListRow, PushedList
from shouwang.testing.duties import NOTHING, URGENT


class NobodyKnown(Refusal):
    code = "testing.nobody_known"
    sentence = "这些名单上还没有对上底册的人。请先在“排查名单”里对人。"


class DueInThePast(Refusal):
    code = "testing.urgent_in_the_past"
    sentence = "最晚采到的时间已经过了，请改一下。"


def swab_tonight(lists: Collection[UUID], *, due_at: datetime, by: User | None, at: datetime) -> int:
    """Everybody on these lists who lives here owes a swab at the door until this hour; whoever was swabbed since the list came
    has done it. How many are new; asked twice, nobody owes it twice.

    Raises: NobodyKnown, DueInThePast.
    """
    if due_at <= at:
        raise DueInThePast()
    rows = PushedList.objects.filter(pk__in=lists)
    since = min(rows.values_list("arrived_at", flat=True), default=at)
    people = ListRow.objects.filter(list__in=rows, inquiry__person__left_at=None).values(
        "inquiry__person__kept_id"
    )
    found = Person.objects.filter(pk__in=people, left_at=None)
    who = found.annotate(subject=F("id"), about=NOTHING)
    known = sorted(found.values_list("pk", flat=True))
    if not known:
        raise NobodyKnown()
    made = plan(URGENT, who, Window(since, due_at), at=at)
    settle(URGENT, known, communities=communities_in(who), at=at)
    audit(
        "testing.swab_tonight",
        at=at,
        by=by,
        area=min(rows.values_list("area_code", flat=True)),
        lists=sorted(map(str, lists)),
        made=made,
    )
    return made
