"""What can be opened from every page, in the order in which a day goes; only what exists."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A page by its words, its address, its icon, and the permission that opens it."""

    words: Promise | str
    url_name: str
    icon: str
    permission: str


ENTRIES = (Entry(_("今日看板"), "board", "board", "board"),)
