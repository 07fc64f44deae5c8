"""Posters: one for the community, each compound, each gate; made in bulk, printed again, taken down."""

import secrets
from base64 import b32decode, b32encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import COMMUNITY, COMPOUND, community_of, is_code, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.sealing import sealer
from shouwang.register.models import Area, Household
from shouwang.screening.reports.models import Poster

NUMBER_BYTES, PROOF_BYTES = 4, 6
Labels = list[list[Any]]


class PosterIsDown(Refusal):
    code = "screening.poster_is_down"
    sentence = "这张码已经换了。请找门口或者楼下新贴的码，或者给社区打电话。"


def put_up(
    areas: Sequence[str], *, by: User | None, at: datetime, spot: str = "", expires_at: datetime | None = None
) -> list[Poster]:
    """A poster for each of these areas; one that hangs there already is kept, with the doors as they are now.

    Raises: NotInScope.
    """
    made = []
    for area in areas:
        if not is_code(area) or len(area) not in (COMMUNITY, COMPOUND):
            raise NotInScope()
        known = Poster.objects.filter(area_code=area, spot=spot, revoked_at=None).first()
        poster = known or Poster(area_code=area, spot=spot, made_at=at, made_by=by)
        poster.doors, poster.expires_at = labels_of(area), expires_at
        poster.save()
        made.append(poster)
        if known is None:
            audit("screening.put_up_poster", at=at, by=by, area=area, poster=poster.pk)
    return made


def take_down(poster: Poster, *, by: User, at: datetime) -> None:
    """Its code opens nothing any more. Raises: PosterIsDown when it opened nothing before."""
    if not Poster.objects.filter(pk=poster.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        raise PosterIsDown()
    audit("screening.take_down_poster", at=at, by=by, area=poster.area_code, poster=poster.pk)


def hanging(codes: Iterable[str], *, now: datetime) -> QuerySet[Poster]:
    """The posters inside these areas that open the page now."""
    inside = Q(pk=None)
    for code in codes:
        low, high = subtree(code)
        inside |= Q(area_code__gte=low, area_code__lt=high)
    return Poster.objects.filter(inside & (Q(expires_at=None) | Q(expires_at__gt=now)), revoked_at=None)


def code_of(poster: Poster) -> str:
    """What stands in the link: sixteen signs, small letters and digits, which nobody can make up."""
    number = poster.pk.to_bytes(NUMBER_BYTES, "big")
    return b32encode(number + _proof(number)).decode().lower()


def of_code(code: str, *, now: datetime) -> Poster:
    """The poster of a code. Raises: NotInScope for a code that we did not make, PosterIsDown."""
    try:
        raw = b32decode(code.upper())
    except ValueError:
        raise NotInScope() from None
    number, proof = raw[:NUMBER_BYTES], raw[NUMBER_BYTES:]
    if not secrets.compare_digest(proof, _proof(number)):
        raise NotInScope()
    poster = Poster.objects.filter(pk=int.from_bytes(number, "big")).first()
    if poster is None or poster.revoked_at or (poster.expires_at and poster.expires_at <= now):
        raise PosterIsDown()
    return poster


def labels_of(area: str) -> Labels:
    """The doors of an area by their labels, as they are written on them. Nobody's name, no empty and no full."""
    low, high = subtree(area)
    doors = Household.objects.filter(area_code__gte=low, area_code__lt=high).exclude(room="")
    tree: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for compound, building, unit, room in doors.order_by("area_code", "id").values_list(
        "compound", "building", "unit", "room"
    ):
        rooms = tree[compound][building][unit]
        if room not in rooms:
            rooms.append(room)
    return [
        [compound, [[building, [[unit, rooms] for unit, rooms in units.items()]] for building, units in buildings.items()]]
        for compound, buildings in tree.items()
    ]  # fmt: skip


def place_words(poster: Poster) -> str:
    """Where a poster hangs: 祥云社区 电力楼院 东门."""
    codes = [poster.area_code[:COMMUNITY], poster.area_code]
    labels = dict(Area.objects.filter(code__in=codes).values_list("code", "label"))
    said = dict.fromkeys(labels.get(code, "") for code in codes)
    return " ".join(filter(None, [*said, poster.spot]))


def community_words(area: str) -> str:
    """The name of the community. Raises: NotInScope where there is none."""
    return one_in_scope(
        Area.objects.filter(code=community_of(area), level="community").values_list("label", flat=True)
    )


def _proof(number: bytes) -> bytes:
    return sealer(settings.SEALING_KEY_FILE).digest("poster", number.hex())[:PROOF_BYTES]
