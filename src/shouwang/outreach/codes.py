"""Four digits by which a resident knows that whoever writes or calls is real (RP09).

The digits are made from the phone, so that nobody keeps a list of them; what is kept is a digest of phone and digits
together, which answers one question only: are these digits good for this phone now?
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter

from django.conf import settings
from django.db.models import Q

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.access.tries import one_more
from shouwang.duties.writing import as_bytes, write
from shouwang.lib.clock import day_end, day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import sealer
from shouwang.outreach.models import CallCode

DIGITS = 4
A_DAY = timedelta(days=1)
TRIES_A_DAY = 10  # of ten thousand: whoever guesses gets nowhere, whoever mistypes does


class TooManyTries(Refusal):
    code = "outreach.too_many_tries"
    sentence = "这个号码今天试的次数太多了。请直接给社区打电话核实。"


def for_messages(phones: Iterable[str], *, at: datetime) -> dict[str, str]:
    """The digits that a message of today carries, by phone. Good until tomorrow night: the call may come tomorrow."""
    codes = {phone: _of_message(phone, at) for phone in phones}
    _allow([(phone, code, None) for phone, code in codes.items()], until=day_end(at + A_DAY), at=at)
    return codes


def written_in(phone: str, *, made_at: datetime) -> str:
    """The digits that a message made at that moment carries."""
    return _of_message(phone, made_at)


def for_calls(phones: Iterable[str], *, by: User, area: str, at: datetime) -> dict[str, str]:
    """The digits that this worker says first when calling, by phone; good until tonight.

    Shape: where a message of today or yesterday told the resident digits, they are the same; else this worker's own.
    That the worker was shown them is written down.
    """
    asked = list(dict.fromkeys(phones))
    told = _told(asked, at=at)
    own = {phone: _digits("call", str(by.pk), phone, day_of(at).isoformat()) for phone in asked}
    codes = {phone: told.get(phone, own[phone]) for phone in asked}
    _allow([(phone, code, by) for phone, code in codes.items()], until=day_end(at), at=at)
    if codes:
        record("outreach.call_code", at=at, by=by, area=area, phones=len(codes))
    return codes


def is_real(phone: str, code: str, *, at: datetime) -> bool:
    """Whether these digits were told for this phone by a message, or by somebody who still works here.

    Each question about a phone counts, known or not, so that nobody finds the digits by trying.

    Raises: TooManyTries.
    """
    if one_more("call code", phone, within=A_DAY, at=at) > TRIES_A_DAY:
        raise TooManyTries()
    working = Q(user=None) | Q(user__is_active=True)
    return CallCode.objects.filter(working, digest=_digest(phone, code), until__gt=at).exists()


def _told(phones: list[str], *, at: datetime) -> dict[str, str]:
    """The digits in the youngest message to each phone, where they are still good."""
    days = (at - A_DAY, at)
    digests = {_digest(phone, _of_message(phone, day)): (phone, day) for phone in phones for day in days}
    good = CallCode.objects.filter(digest__in=list(digests), user=None, until__gt=at)
    found = sorted((digests[bytes(digest)] for digest in good.values_list("digest", flat=True)), key=_day)
    return {phone: _of_message(phone, day) for phone, day in found}


def _day(found: tuple[str, datetime]) -> datetime:
    return found[1]


def _allow(codes: list[tuple[str, str, User | None]], *, until: datetime, at: datetime) -> None:
    CallCode.objects.filter(until__lte=at).delete()
    rows = [
        {"digest": as_bytes(_digest(phone, code)), "user_id": user.pk if user else None}
        for phone, code, user in codes
    ]
    rows.sort(key=itemgetter("digest"))  # two that share digests wait for each other in one order
    write(CallCode, rows, same={"until": until})


def _of_message(phone: str, made_at: datetime) -> str:
    return _digits("message", phone, day_of(made_at).isoformat())


def _digits(*parts: str) -> str:
    keyed = sealer(settings.SEALING_KEY_FILE).digest("call digits", *parts)
    return f"{int.from_bytes(keyed, 'big') % 10**DIGITS:0{DIGITS}d}"


def _digest(phone: str, code: str) -> bytes:
    return sealer(settings.SEALING_KEY_FILE).digest("call code", phone, code)
