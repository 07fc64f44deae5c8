"""The links under which somebody reports by themselves, and under which they see what they reported."""

from collections.abc import Collection
from uuid import UUID

from shouwang.access.links import token
from shouwang.screening.lists.models import Inquiry

ASKED, OWN = "asked", "own"


def report_links(inquiries: Collection[UUID]) -> dict[UUID, str]:
    """The address for each of these people, by inquiry; those out of scope are left out.

    Nothing in it says who is asked or why: it can stand in a message that others see.
    """
    areas = Inquiry.objects.filter(pk__in=inquiries).values_list("pk", "area_code")
    return {pk: f"/r/m/{token(ASKED, pk, area)}/" for pk, area in areas}
