"""A long list is taken in while people go on working: said row by row how far it is, and a message first where asked."""

from datetime import datetime

from shouwang.access.models import User
from shouwang.flows.first_message import first_messages
from shouwang.register.intake.background import Telling
from shouwang.register.uploads import Upload
from shouwang.screening.lists.models import PushedList
from shouwang.screening.lists.receiving import bring


def list_arrives(upload: Upload, *, by: User | None, at: datetime) -> PushedList:
    """Takes in a list that is kept already; a newer edition waits for somebody to look. Raises: as `bring`."""
    telling = Telling(upload.pk)
    try:
        received = bring(upload, by=by, at=at, progress=telling)
    finally:
        telling.close()
    if upload.summary.get("tell") and not received.differs:
        first_messages([received.list.pk], by=by, at=at)
    return received.list
