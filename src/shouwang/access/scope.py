"""Where somebody may look: the only place that sets what row-level security reads.

A scope opens a transaction, tells PostgreSQL the ranges of area codes, and puts back what held before on leaving,
also when scopes are nested and when something fails. Outside every scope a table with residents in it is empty.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from shouwang.lib.codes import AFTER_ALL, Range, merged
from shouwang.lib.errors import NotInScope, Refusal

if TYPE_CHECKING:
    from shouwang.access.models import User

Row = TypeVar("Row")

SLOTS = 4
NOWHERE: Range = ("", "")
SETTINGS = ["shouwang.lo", "shouwang.hi"] + [
    f"shouwang.{end}{slot}" for slot in range(SLOTS) for end in ("lo", "hi")
]
MORE = "shouwang.more"
# Beside the connection: the ranges of the innermost scope, so that one within another of the same asks nobody.
SEEN = "shouwang_ranges"


class NoGrant(Refusal):
    code = "access.no_grant"
    sentence = "您的账号现在没有这项权限。请找社区信息员或书记开通。"


@dataclass(frozen=True)
class Grants:
    """Who is acting, with which permissions, in which areas; `held` are those of all their roles, wherever."""

    user: "User | None"
    may: frozenset[str]
    codes: tuple[str, ...]
    held: frozenset[str] = frozenset()

    def require(self, permission: str) -> None:
        """Raises: NoGrant when none of the roles held now carries the permission."""
        if permission not in self.may:
            raise NoGrant()

    def require_area(self, code: str) -> str:
        """The code, if all of the area lies in scope. Raises: NotInScope."""
        if not any(code.startswith(own) for own in self.codes):
            raise NotInScope()
        return code


def grants_of(user: "User", *, permission: str, now: datetime) -> Grants:
    """What this person may do now, and where: the areas of those grants whose role carries the permission."""
    from shouwang.access.models import Grant
    from shouwang.access.roles import permissions_of

    held = list(Grant.objects.filter(user_id=user.pk).in_force(now))
    useful = [grant for grant in held if permission in permissions_of([grant.role])]
    if not useful:
        raise NoGrant()
    codes = tuple(sorted({code for grant in useful for code in grant.area_codes}))
    may = permissions_of(grant.role for grant in useful)
    return Grants(user, may, codes, permissions_of(grant.role for grant in held))


@contextmanager
def scope(codes: Iterable[str], *, by: "User | None" = None) -> Iterator[None]:
    """Opens a transaction in which just these areas exist; `by` is written beside the history of what is changed.

    Cost: one round trip on entering, and inside of another scope one on leaving.
    """
    within, ranges = connection.in_atomic_block, merged(codes)
    wanted, around = _values(ranges) | _who(by), getattr(connection, SEEN, None)
    with transaction.atomic():
        before: dict[str, str] = {}
        if within:
            before = _exchange(wanted)
        else:
            _set(wanted)
        setattr(connection, SEEN, ranges)
        try:
            yield
        finally:
            setattr(connection, SEEN, around)
        if before:  # otherwise the settings end with the transaction, as they do after an error
            _exchange(before)


@contextmanager
def everything(reason: str, *, at: datetime, by: "User | None" = None) -> Iterator[None]:
    """Opens a transaction across all areas, for flows and jobs that must cross them; the reason is audited."""
    from shouwang.access.audit import record

    with scope([""], by=by):
        record("access.everything", at=at, by=by, reason=reason)
        yield


@contextmanager
def whole() -> Iterator[None]:
    """All areas, for the engine alone: settling must see every record of a subject, and shows nothing to anybody.

    Cost: nothing where all areas are seen already.
    """
    if connection.in_atomic_block and getattr(connection, SEEN, None) == merged([""]):
        yield
        return
    with scope([""]):
        yield


def first_code() -> str:
    """The first of the areas of this scope: where something lies of which nobody said where."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('shouwang.lo', true)")
        return str(cursor.fetchone()[0] or "")


def _values(ranges: list[Range]) -> dict[str, str]:
    """The settings that say these ranges: an envelope, four slots, and a list for what does not fit."""
    envelope = (ranges[0][0], ranges[-1][1]) if ranges else NOWHERE
    slots = (ranges + [NOWHERE] * SLOTS)[:SLOTS]
    flat = [end for pair in [envelope, *slots] for end in pair]
    more = [end for pair in ranges[SLOTS:] for end in pair]
    return {**dict(zip(SETTINGS, flat, strict=True)), MORE: "{" + ",".join(f'"{end}"' for end in more) + "}"}


def _who(by: "User | None") -> dict[str, str]:
    """What the history triggers read: one context for all changes of this scope."""
    if by is None:
        return {}
    return {"pghistory.context_id": str(uuid4()), "pghistory.context_metadata": json.dumps({"user": by.pk})}


@lru_cache(maxsize=256)
def told_of(codes: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The statement that says these areas for one transaction, and its values: for questions that go along with it."""
    return _telling(_values(merged(codes)))


def _telling(values: dict[str, str]) -> tuple[str, dict[str, str]]:
    settings = [f"set_config('{name}', %(value{place})s::text, true)" for place, name in enumerate(values)]
    told = {f"value{place}": value for place, value in enumerate(values.values())}
    return "SELECT " + ", ".join(settings), told


def _set(values: dict[str, str]) -> None:
    """Sets the values for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(*_telling(values))


def _exchange(values: dict[str, str]) -> dict[str, str]:
    """Sets the values for this transaction and returns those that held, in one question."""
    names = list(values)
    held = ", ".join("coalesce(current_setting(%s, true), '')" for _ in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH held AS MATERIALIZED (SELECT ARRAY[{held}] AS values)"
            " SELECT held.values, " + ", ".join("set_config(%s, %s, true)" for _ in names) + " FROM held",
            [*names, *(item for name in names for item in (name, values[name]))],
        )
        return dict(zip(names, cursor.fetchone()[0], strict=True))


def one_in_scope(rows: "QuerySet[Any, Row]") -> Row:
    """The one that is meant, as whoever looks may see it. Raises: NotInScope where there is none, or none for them."""
    found = rows.first()
    if found is None:
        raise NotInScope()
    return found


__all__ = [
    "AFTER_ALL", "Grants", "NoGrant", "everything", "first_code", "grants_of", "one_in_scope", "scope", "whole",
]  # fmt: skip
