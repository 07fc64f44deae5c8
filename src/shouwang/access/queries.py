"""Who may do what where, and what was done, as somebody with the right to it sees them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from shouwang.access.models import Audit, Grant, User
from shouwang.access.roles import ROLES, Role
from shouwang.access.scope import Grants


def people_under(grants: Grants, *, now: datetime) -> list[tuple[User, list[Grant]]]:
    """The accounts that hold something in these areas, each with what it holds there, by name."""
    held: dict[int, list[Grant]] = {}
    for grant in Grant.objects.in_force(now).select_related("user").order_by("user__name", "user_id", "role"):
        if any(_touches(code, grants.codes) for code in grant.area_codes):
            held.setdefault(grant.user_id, []).append(grant)
    return [(own[0].user, own) for own in held.values()]


def may_give(grants: Grants) -> Iterator[Role]:
    """The roles that somebody can give: nobody gives what they do not have, and kept roles are given elsewhere."""
    return (role for role in ROLES.values() if not role.kept and role.may <= grants.may)


def lines_between(since: datetime, until: datetime, *, action: str = "") -> QuerySet[Audit]:
    """What was done in some hours, the latest first; row-level security leaves what lies in scope."""
    rows = Audit.objects.filter(at__gte=since, at__lt=until).select_related("user").order_by("-at", "-id")
    return rows.filter(action=action) if action else rows


def _touches(code: str, own: tuple[str, ...]) -> bool:
    return any(code.startswith(mine) for mine in own)
