"""What a phone takes along of what is announced: what to bring and to say at a door, in the words of now."""

from collections.abc import Mapping
from typing import Any

from shouwang.lib.codes import community_of
from shouwang.lib.kinds import Asking, Part
from shouwang.outreach.notices.queries import in_force

VISITING = frozenset({"visit.record"})
MOST, BODY = 12, 400


def notices(asking: Asking) -> Mapping[str, Any]:
    """The notices in force where the phone works, the latest first by `place`; ticked at a door they count as handed over."""
    communities = {community_of(code) for code in asking.codes}
    found = {one.pk: one for area in communities for one in in_force(area, now=asking.now)}
    latest = sorted(found.values(), key=lambda one: one.published_at, reverse=True)[:MOST]
    return {
        str(one.pk): {"place": place, "title": one.title, "body": one.body[:BODY], "changed": one.changed}
        for place, one in enumerate(latest)
    }


PARTS = (Part("notices", notices, VISITING),)
