"""Which helper of the roster is behind a log-in, so that what somebody records is known to be theirs."""

from datetime import datetime

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.register.answering import Helper


def link_account(helper: int, user: User, *, by: User | None, at: datetime) -> None:
    """From now on this log-in belongs to this helper. Raises: NotInScope."""
    found = one_in_scope(Helper.objects.filter(pk=helper))
    Helper.objects.filter(pk=helper).update(user=user)
    record("register.link_account", at=at, by=by, area=found.area_code, helper=helper, user=user.pk)
