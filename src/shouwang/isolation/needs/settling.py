"""Money and words about a request: what was paid is owed until it is settled; what a worker says back is sealed."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet, Sum

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.isolation.asking import NothingAsked
from shouwang.isolation.models import Need
from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import sealer

MOST_SIGNS = 500


class NothingOwed(Refusal):
    code = "isolation.nothing_owed"
    sentence = "这件事没有要还的钱，或者已经结清了。"


def settle_money(need: UUID, *, by: User, at: datetime) -> Need:
    """The household paid back what was laid out for it. Raises: NotInScope, NothingOwed."""
    row = _need(need)
    if not owing().filter(pk=need).update(settled_at=at, settled_by=by):
        raise NothingOwed()
    audit("isolation.settle_money", at=at, by=by, area=row.area_code, need=need, amount=str(row.amount))
    return _need(need)


def owing() -> QuerySet[Need]:
    """What was laid out and nobody has paid back yet, the oldest first."""
    rows = Need.objects.filter(at__isnull=False, amount__gt=0, settled_at=None, void_at=None)
    return rows.select_related("household", "person", "brought_by").order_by("at")


def sum_owed() -> object:
    """All that is owed, in yuan."""
    return owing().order_by().aggregate(sum=Sum("amount"))["sum"] or 0


def say_back(need: UUID, *, words: str, by: User | None, at: datetime) -> None:
    """What somebody answers to what was asked; it stands on the household's page. Raises: NotInScope, NothingAsked."""
    row = _need(need)
    if not words.strip():
        raise NothingAsked()
    sealed = sealer(settings.SEALING_KEY_FILE).seal(words.strip()[:MOST_SIGNS])
    Need.objects.filter(pk=need).update(answer_sealed=sealed)
    audit("isolation.say_back", at=at, by=by, area=row.area_code, need=need)


def answer_of(need: Need) -> str:
    """What was answered; nothing where nobody did."""
    return sealer(settings.SEALING_KEY_FILE).open(need.answer_sealed)


def _need(pk: UUID) -> Need:
    return one_in_scope(Need.objects.filter(pk=pk))
