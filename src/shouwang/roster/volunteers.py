"""Volunteers (报名): signed up in the street, checked by somebody, briefed point by point, and then on the roster."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.links import token
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import COMMUNITY, community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.sealing import sealer
from shouwang.register.importing.helpers import Roster
from shouwang.register.models import Helper, Person
from shouwang.roster.models import SignUp

OWN = "signup"
KIND = "志愿者"
# What everybody hears before the first turn. All of it is ticked, or nobody becomes a helper.
BRIEFING = (
    ("protect", "口罩、手套怎么戴、怎么脱，用过的扔哪里"),
    ("distance", "和人说话站多远，发热的人怎么办、找谁"),
    ("words", "见了居民先说自己是谁；不问病，不在群里说谁家的事"),
    ("privacy", "名单、电话不拍照、不转发，下班交回"),
    ("rest", "累了、不舒服要说，两班之间要歇够，可以说不来"),
    ("contact", "带班的人是谁，电话多少，找不到人打哪里"),
)


class NotBriefed(Refusal):
    code = "roster.not_briefed"
    sentence = "还有没讲到的：{points}。都讲过再收下。"


class Decided(Refusal):
    code = "roster.signup_decided"
    sentence = "这份报名已经办过了。"


class WhyNot(Refusal):
    code = "roster.why_not"
    sentence = "请写一句为什么不收，会原样告诉本人。"


@dataclass(frozen=True)
class Said:
    """What somebody filled in. Shape: `id` is made with the form, so that it is there once however often it is sent."""

    id: UUID
    name: str
    phone: str
    skills: Sequence[str] = ()
    unfit: Sequence[str] = ()
    available: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of somebody who signed up: on the roster already, in the register, signed up before with this phone."""

    helper: Helper | None
    resident: bool
    earlier: list[SignUp]


def sign_up(said: Said, *, area: str, at: datetime) -> str:
    """Somebody in the street wants to help; the address under which they see what came of it. Only added, nothing is read."""
    keys = sealer(settings.SEALING_KEY_FILE)
    row = SignUp(
        id=said.id, area_code=area, name=said.name[:64], phone_sealed=keys.seal(said.phone),
        phone_digest=keys.digest("phone", said.phone), phone_mask=mask_phone(said.phone)[:24],
        skills=[one[:16] for one in said.skills], unfit=[one[:16] for one in said.unfit],
        available=[one[:16] for one in said.available], note=said.note[:200], at=at,
    )  # fmt: skip
    SignUp.objects.bulk_create([row], ignore_conflicts=True)
    return own_link(said.id, area)


def own_link(signup: UUID, area: str) -> str:
    """The address of the receipt."""
    return f"/join/own/{token(OWN, signup, area)}/"


def waiting(area: str) -> QuerySet[SignUp]:
    """Who signed up and has no answer yet, the longest waiting first."""
    low, high = subtree(area)
    rows = SignUp.objects.filter(area_code__gte=low, area_code__lt=high, helper=None, refused_at=None)
    return rows.order_by("at", "pk")


def signup_of(pk: UUID) -> SignUp:
    """Raises: NotInScope."""
    return one_in_scope(SignUp.objects.select_related("helper", "checked_by").filter(pk=pk))


def known(row: SignUp) -> Known:
    """Whether this phone is on the roster, belongs to somebody in the register, or signed up before."""
    low, high = subtree(row.area_code[:COMMUNITY])
    here = {"area_code__gte": low, "area_code__lt": high, "phone_digest": bytes(row.phone_digest)}
    helper = Helper.objects.filter(**here, left_at=None).order_by("id").first()
    owners = Person.objects.filter(phone_digests__contains=[bytes(row.phone_digest)], name=row.name)
    earlier = SignUp.objects.filter(**here).exclude(pk=row.pk).order_by("at")
    return Known(helper, owners.exists(), list(earlier))


def take(signup: UUID, *, briefed: Collection[str], by: User, at: datetime) -> Helper:
    """Checked and briefed: from now on somebody is a helper; one who is on the roster already stays the same one.

    Raises: NotInScope, Decided, NotBriefed.
    """
    row = signup_of(signup)
    if row.helper_id or row.refused_at:
        raise Decided()
    missing = [words for key, words in BRIEFING if key not in briefed]
    if missing:
        raise NotBriefed(points="；".join(missing))
    phone = sealer(settings.SEALING_KEY_FILE).open(row.phone_sealed)
    roster = Roster.of(community_of(row.area_code), at)
    helper = roster.find(row.name, phone) or roster.add(
        row.name, phone, kind=KIND, unit="", skills=list(row.skills), available="、".join(row.available)[:32],
        unfit="、".join(row.unfit)[:64], note=row.note,
    )  # fmt: skip
    SignUp.objects.filter(pk=signup, helper=None, refused_at=None).update(
        checked_at=at, checked_by=by, briefed_at=at, briefed_by=by, helper=helper
    )
    audit("roster.take_volunteer", at=at, by=by, area=row.area_code, signup=signup, helper=helper.pk)
    return helper


def refuse(signup: UUID, *, reason: str, by: User, at: datetime) -> None:
    """Not this time, with a reason that the person reads. Raises: NotInScope, Decided, WhyNot."""
    row = signup_of(signup)
    if not reason.strip():
        raise WhyNot()
    rows = SignUp.objects.filter(pk=signup, helper=None, refused_at=None)
    if not rows.update(refused_at=at, refused_reason=reason.strip()[:100], checked_at=at, checked_by=by):
        raise Decided()
    audit("roster.refuse_volunteer", at=at, by=by, area=row.area_code, signup=signup)
