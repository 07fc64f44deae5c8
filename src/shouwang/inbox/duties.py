"""What is owed to whoever speaks to the community (第一时间回复、处置、反馈).

inbox.answer     They have an answer: heard, by whom, what happens next.
inbox.handle     What they wanted is done, or was tried by whoever can do it.
inbox.tell_back  They are told what became of it.
"""

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.inbox.models import Matter
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind

MATTER = Matter._meta.db_table
ANSWERERS = ("building_lead", "grid_lead", "cadre")


def _with(moment: str) -> QuerySet[Matter]:
    rows = Matter.objects.exclude(**{moment: None})
    return rows.annotate(subject=Left("area_code", COMMUNITY), about=F("id"), at=F(moment))


def answered() -> QuerySet[Matter]:
    """Those who have an answer."""
    return _with("answered_at")


def handled() -> QuerySet[Matter]:
    """What was done."""
    return _with("handled_at")


def told_back() -> QuerySet[Matter]:
    """Who was told."""
    return _with("told_back_at")


ANSWER = Kind("inbox.answer", "答复居民", "area", answered, ANSWERERS, MATTER, "matter")
HANDLE = Kind("inbox.handle", "处置诉求", "area", handled, ANSWERERS, MATTER, "matter")
TELL_BACK = Kind("inbox.tell_back", "反馈居民", "area", told_back, ANSWERERS, MATTER, "matter")
KINDS = (ANSWER, HANDLE, TELL_BACK)
