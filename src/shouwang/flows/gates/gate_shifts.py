"""The roster mans the gates: posts become gates in one step, each shift of theirs owes somebody on watch, an arrival is a watch.

A post that is a gate owes its shift once: as a gate, where the alarm is seen, and not beside it as a post.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from shouwang.access.models import User
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan, void
from shouwang.duties.windows import Window
from shouwang.gates.duties import STAFFED
from shouwang.gates.keeping import add_gate
from shouwang.gates.models import Gate
from shouwang.gates.recording import arrived
from shouwang.lib.codes import COMPOUND, subtree
from shouwang.roster import arriving
from shouwang.roster.duties import STAFFED as POST_STAFFED
from shouwang.roster.models import Arrival, Post, Shift
from shouwang.roster.rules import EARLY

AS_A_GATE, CHANGED = "按卡口算", "班次改了"


def gates_of_posts(area: str, *, by: User | None, at: datetime) -> list[Gate]:
    """Every post of the roster that is a gate and has none yet becomes one, and its shifts to come are owed. Returns the new."""
    low, high = subtree(area)
    inside = {"area_code__gte": low, "area_code__lt": high}
    known = set(
        Gate.objects.filter(closed_at=None, post__isnull=False, **inside).values_list("post", flat=True)
    )
    named = set(Gate.objects.filter(closed_at=None, **inside).values_list("area_code", "name"))
    made = []
    for post in Post.objects.filter(kind="gate", ended_at=None, **inside).order_by("id"):
        if post.pk in known or (post.area_code, post.name) in named:
            continue
        kind = "compound" if len(post.area_code) >= COMPOUND else "road"
        made.append(add_gate(post.area_code, kind=kind, name=post.name, post=post.pk, by=by, at=at))
    lay(area, at=at)
    return made


def lay(area: str, *, at: datetime) -> int:
    """Each published shift to come at a gate owes somebody on watch; shifts that fell away owe nobody. How many are new."""
    low, high = subtree(area)
    gates = {
        gate.post: gate
        for gate in Gate.objects.filter(
            area_code__gte=low, area_code__lt=high, closed_at=None, post__isnull=False
        )
    }
    shifts = list(
        Shift.objects.filter(
            post__in=gates, ends_at__gt=at, published_at__isnull=False, cancelled_at=None
        ).order_by("starts_at")
    )
    wanted = {(gates[shift.post_id].pk, shift.starts_at - EARLY) for shift in shifts}
    ahead = Duty.objects.filter(
        kind=STAFFED.name, about__in=[gate.pk for gate in gates.values()], due_at__gt=at, void_at=None
    )
    gone = [
        pk
        for pk, about, opens in ahead.values_list("pk", "about", "opens_at")
        if (about, opens) not in wanted
    ]
    void(Duty.objects.filter(pk__in=gone), reason=CHANGED, at=at)
    void(
        Duty.objects.filter(kind=POST_STAFFED.name, about__in=[shift.pk for shift in shifts]),
        reason=AS_A_GATE,
        at=at,
    )
    return sum(_owe(those, windows, at) for windows, those in _by_window(shifts, gates).items())


def arrive(turns: Sequence[UUID], *, how: str, by: User | None, at: datetime) -> list[Arrival]:
    """Somebody is at the post, and on watch where the post is a gate. Raises: as `arriving.arrive`."""
    there = arriving.arrive(turns, how=how, by=by, at=at)
    posts = dict(
        Arrival.objects.filter(pk__in=[one.pk for one in there]).values_list("pk", "turn__shift__post")
    )
    gates = {gate.post: gate for gate in Gate.objects.filter(post__in=posts.values(), closed_at=None)}
    for one in there:
        if gate := gates.get(posts[one.pk]):
            arrived(gate, one.pk, by=by, came_at=one.at, at=at)
    return there


def _by_window(shifts: Sequence[Shift], gates: dict[int | None, Gate]) -> dict[Window, list[UUID]]:
    found: dict[Window, list[UUID]] = {}
    for shift in shifts:
        window = Window(shift.starts_at - EARLY, shift.starts_at, shift.ends_at)
        found.setdefault(window, []).append(gates[shift.post_id].pk)
    return found


def _owe(gates: list[UUID], window: Window, at: datetime) -> int:
    who = Gate.objects.filter(pk__in=gates).annotate(subject=F("area_code"), about=F("id"))
    return plan(STAFFED, who, window, at=at)
