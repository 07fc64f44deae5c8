"""Without a gateway: one message after the other from a worker's own phone, and a text for the residents' groups."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Least

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import sealer
from shouwang.outreach.channels import community_ways
from shouwang.outreach.delivering import FREE, OPEN, quiet_hours, within, words_of
from shouwang.outreach.models import Batch, Delivery, Message
from shouwang.outreach.rules import IN_HAND_MOST, after_quiet
from shouwang.outreach.texts import LANGUAGES, purpose

GROUP_TEXT = "group"
NOT_SENT = "by_hand"


class NoOffice(Refusal):
    code = "outreach.no_office"
    sentence = "还没有填社区的名称、电话和网址。短信里要写这些，请先在“通知宣传”里填好。"


class TooLong(Refusal):
    code = "outreach.in_hand_too_long"
    sentence = "这一条放得太久，系统已经记成“不知道发没发”。请在名单里看一下。"


@dataclass(frozen=True)
class InHand:
    """A message that a worker is about to send from the own phone, with the number in clear."""

    message: Message
    phone: str
    text: str

    @property
    def link(self) -> str:
        """Opens the phone's own messages with everything filled in. Both systems read it written like this."""
        return f"sms:{self.phone}?&body={quote(self.text)}"


def in_hand(by: User, area: str, *, at: datetime) -> InHand | None:
    """What this worker took and has said nothing about yet. Raises: NoOffice."""
    held = Message.objects.filter(OPEN, within(area), claimed_by=by, claimed_at__gt=at - IN_HAND_MOST)
    row = held.select_related("person__household").order_by("claimed_at").first()
    return _opened(row) if row else None


def take_one(by: User, area: str, *, at: datetime) -> InHand | None:
    """The next message of an area, this worker's from here on; the one in hand first. None: there is nothing to send now.

    In quiet hours only urgent ones. That the number was opened is written down. Raises: NoOffice.
    """
    held = in_hand(by, area, at=at)
    if held:
        return held
    row = _next(area, at=at)
    if row is None:
        return None
    taken = Message.objects.filter(FREE, pk=row.pk)
    taken.update(claim=uuid4(), claimed_at=at, claimed_by=by)
    look_again = Least("next_at", at + IN_HAND_MOST)  # LEAST passes over an empty one
    Batch.objects.filter(pk=row.batch_id).update(next_at=look_again)
    record("outreach.open_phone", at=at, by=by, area=row.area_code, message=row.pk)
    return _opened(row)


def how_many(area: str, *, at: datetime) -> int:
    """How many messages to residents could go out by hand now."""
    return _waiting(area, at=at).count()


def handed(message: UUID, *, ok: bool, by: User, at: datetime) -> None:
    """The worker says: it went out from the own phone, or it did not. Said twice, it is noted once.

    Raises: NotInScope, TooLong.
    """
    held = Message.objects.filter(OPEN, pk=message, claimed_by=by)
    ended = {"sent_at": at} if ok else {"given_up_at": at, "why": NOT_SENT}
    if held.update(claim=None, claimed_at=None, claimed_by=None, **ended):
        area = Message.objects.values_list("area_code", flat=True).get(pk=message)
        Delivery.objects.create(
            area_code=area, message_id=message, at=at, by=by, ok=ok, why="" if ok else NOT_SENT
        )
        return
    row = one_in_scope(Message.objects.filter(pk=message))
    if row.unsure_at:
        raise TooLong()


def put_back(message: UUID, *, by: User) -> None:
    """The worker stops here; somebody else goes on."""
    held = Message.objects.filter(OPEN, pk=message, claimed_by=by)
    held.update(claim=None, claimed_at=None, claimed_by=None)


def group_text(area: str, language: str) -> str:
    """What is pasted into the residents' groups: the same for every building, so that it says of nobody that they were asked.

    Raises: NoOffice.
    """
    way = community_ways(area)
    if way.office is None:
        raise NoOffice()
    asked, chosen = purpose(GROUP_TEXT), language if language in LANGUAGES else LANGUAGES[0]
    link = way.office.address + asked.path({}, community_of(area))
    return asked.text(chosen, {"who": way.office.name, "phone": way.office.phone, "link": link})


def _waiting(area: str, *, at: datetime) -> QuerySet[Message]:
    community = community_of(area)
    quiet = after_quiet(at, *quiet_hours(community, at=at)) > at
    urgent = Q(urgent=True) if quiet else Q()
    return Message.objects.filter(FREE, within(area), urgent, due_at__lte=at).exclude(phone_digest=b"")


def _next(area: str, *, at: datetime) -> Message | None:
    rows = _waiting(area, at=at).select_related("person__household").order_by("-urgent", "due_at", "pk")
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _opened(row: Message) -> InHand:
    way = community_ways(row.area_code)
    if way.office is None:
        raise NoOffice()
    phone = sealer(settings.SEALING_KEY_FILE).open(row.phone_sealed)
    return InHand(row, phone, words_of(row, way, phone))
