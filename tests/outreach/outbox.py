"""Short words for the stories: asking for messages, letting the worker work, looking where a message is."""

from uuid import UUID

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.lib.clock import now
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.outreach.models import Message
from shouwang.outreach.queries import messages_of
from tests.world import DIANLI, XIANGYUN


def wanted(phone: str, once: str = "evening", **more) -> Wanted:
    """Somebody in 电力楼院 with this phone is to fill in where they were."""
    return Wanted(**{"phone": phone, "purpose": "list_first", "once": once, "area_code": DIANLI} | more)


def ask(*messages: Wanted) -> Sent:
    """Asks for messages at this moment."""
    with scope([XIANGYUN]):
        return send(messages, by=None, at=now())


def work(batch: UUID | None = None) -> None:
    """What the worker does: one batch that was just asked for, or whatever is due at this minute."""
    jobs.deliver(batch) if batch else jobs.deliver_waiting()


def states() -> dict[str, str]:
    """Where each message is, by the last digits of its phone."""
    with scope([XIANGYUN]):
        return {row.phone_mask[-4:]: row.state for row in messages_of(XIANGYUN, now=now())}


def message_to(tail: str) -> Message:
    """The message to the phone that ends like this."""
    with scope([XIANGYUN]):
        return Message.objects.get(phone_mask__endswith=tail)
