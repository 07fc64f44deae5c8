"""Rows that no community owns yet: seen by whoever the list came to, and given to a community by hand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Length

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.codes import COMMUNITY, is_code
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Area
from shouwang.screening.codes.models import CodeRequest
from shouwang.screening.lists.deciding import move_duties
from shouwang.screening.lists.models import Inquiry, ListRow
from shouwang.screening.lists.settling import unsettled


class WhichRows(Refusal):
    code = "screening.which_rows"
    sentence = "请先勾选要交出去的行，再选交给哪个社区。"


def unowned() -> QuerySet[ListRow]:
    """The rows that lie with a street or a district and wait for an answer, those due first in front."""
    rows = unsettled(ListRow.objects.annotate(width=Length("area_code")).filter(width__lt=COMMUNITY))
    return rows.select_related("list", "inquiry").order_by("list__due_at", "list", "number")


def give_to(rows: Sequence[UUID], community: str, *, by: User | None, at: datetime) -> int:
    """These rows are worked on by that community from now on, under the clock that they have. How many.

    Raises: WhichRows, NotInScope.
    """
    if not rows or not is_code(community) or len(community) != COMMUNITY:
        raise WhichRows()
    if not Area.objects.filter(code=community).exists():
        raise NotInScope()
    found = list(unowned().filter(pk__in=rows))
    if len(found) != len(set(rows)):
        raise NotInScope()
    given = [row.pk for row in found]
    ListRow.objects.filter(pk__in=given).update(area_code=community)
    CodeRequest.objects.filter(row__in=given).update(area_code=community)
    Inquiry.objects.filter(rows__in=given, person=None).update(area_code=community)
    move_duties(given, community, at)
    audit("screening.give_rows", at=at, by=by, area=community, rows=len(given))
    return len(given)
