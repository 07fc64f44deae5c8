"""Making accounts, giving and ending grants. Grants of kept roles (the auditor) are given at the console only."""

from collections.abc import Sequence
from datetime import datetime

from shouwang.access.audit import record as audit
from shouwang.access.models import Grant, User
from shouwang.access.roles import ROLES
from shouwang.access.scope import Grants
from shouwang.lib.codes import is_code
from shouwang.lib.errors import NotInScope, Refusal

ITSELF = "（系统）"


class NoSuchRole(Refusal):
    code = "access.no_such_role"
    sentence = "没有“{role}”这个角色。有：{known}。"


class WrongArea(Refusal):
    code = "access.wrong_area"
    sentence = "“{area}”不是区域编号。编号是 6、9、12、14、17、19 或 23 位数字。"


class KeptRole(Refusal):
    code = "access.kept_role"
    sentence = "“{role}”只能由系统管理员在服务器上给予或收回。"


class MoreThanOwn(Refusal):
    code = "access.more_than_own"
    sentence = "不能给出比自己更大的权限或范围。"


def add_user(username: str, *, name: str, password: str | None, at: datetime) -> User:
    """A new account; without a password it is entered by a card."""
    user = User.objects.create_user(username, password, name=name, created_at=at)
    audit("access.add_user", at=at, user=user.pk)
    return user


def by_itself(*, at: datetime) -> User:
    """Whoever asks for something on a result alone: the system, which may log in nowhere and decide nothing."""
    user, _made = User.objects.get_or_create(
        username=ITSELF, defaults={"name": "系统（自动提出）", "is_active": False, "created_at": at}
    )
    return user


def grant(
    user: User,
    *,
    role: str,
    areas: Sequence[str],
    at: datetime,
    by: Grants | None,
    until: datetime | None = None,
) -> Grant:
    """Gives somebody a role in some areas. `by` is None at the console.

    Raises: NoSuchRole, WrongArea, KeptRole, MoreThanOwn (nobody gives what they do not have).
    """
    if role not in ROLES:
        raise NoSuchRole(role=role, known="、".join(ROLES))
    for area in areas:
        if not is_code(area):
            raise WrongArea(area=area)
    _may_give(role, areas, by)
    given = Grant.objects.create(
        user=user,
        role=role,
        area_codes=sorted(areas),
        from_at=at,
        until=until,
        granted_by=by.user if by else None,
    )
    for area in areas:
        audit("access.grant", at=at, by=given.granted_by, area=area, user=user.pk, role=role)
    return given


def end_grant(given: Grant, *, at: datetime, by: Grants | None) -> None:
    """Takes a grant back. Raises: KeptRole, MoreThanOwn."""
    _may_give(given.role, given.area_codes, by)
    Grant.objects.filter(pk=given.pk).update(until=at)
    for area in given.area_codes:
        audit(
            "access.end_grant",
            at=at,
            by=by.user if by else None,
            area=area,
            user=given.user_id,
            role=given.role,
        )


def _may_give(role: str, areas: Sequence[str], by: Grants | None) -> None:
    if by is None:
        return
    by.require("grant.edit")
    if ROLES[role].kept:
        raise KeptRole(role=ROLES[role].words)
    try:
        for area in areas:
            by.require_area(area)
    except NotInScope as outside:
        raise MoreThanOwn() from outside
    if not ROLES[role].may <= by.may:
        raise MoreThanOwn()
