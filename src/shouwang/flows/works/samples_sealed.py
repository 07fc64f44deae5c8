"""A box of samples is sealed: whoever drives is told at once, wherever they are and whatever the hour (E5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shouwang.access.models import Grant
from shouwang.access.scope import whole
from shouwang.duties.models import Duty
from shouwang.flows.hands.tell_workers import Word, tell_workers
from shouwang.lib.clock import ZONE
from shouwang.register.models import Helper
from shouwang.testing.tubes.boxes import BOX
from shouwang.testing.tubes.models import Box

PURPOSE, ROLE = "box_sealed", "courier"


def samples_sealed(boxes: Sequence[UUID], at: datetime) -> int:
    """Every courier of the area hears of these boxes, each in one message. How many were written to."""
    if not boxes:
        return 0
    with whole():
        due = dict(
            Duty.objects.filter(kind=BOX.name, about__in=boxes, void_at=None).values_list("about", "due_at")
        )
        rows = Box.objects.filter(pk__in=boxes).order_by("code")
        words = [_word(helper, box, due) for box in rows for helper in couriers_of(box.area_code, now=at)]
        return len(tell_workers(PURPOSE, words, by=None, at=at, at_once=True).new)


def couriers_of(area: str, *, now: datetime) -> list[Helper]:
    """Who drives samples for an area, of those whose telephone is known."""
    grants = Grant.objects.filter(role=ROLE).in_force(now).values_list("user_id", "area_codes")
    users = {user for user, codes in grants if any(area.startswith(code) for code in codes)}
    return list(Helper.objects.filter(user__in=users).exclude(phone_sealed=b"").order_by("name", "id"))


def _word(helper: Helper, box: Box, due: Mapping[UUID | None, datetime]) -> Word:
    until = due.get(box.pk)
    params = {"box": box.code, "due": f"{until.astimezone(ZONE):%H:%M}" if until else "—"}
    return Word(helper, f"{box.pk} {helper.pk}", params)
