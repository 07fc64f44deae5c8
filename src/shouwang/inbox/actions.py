"""Taking in what people say, and the three steps after it. Many messages of one number before an answer are one matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, UUIDField, Value

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.inbox.duties import ANSWER, HANDLE, TELL_BACK
from shouwang.inbox.models import Matter, Said
from shouwang.inbox.rules import due
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Kind
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import clocks_of
from shouwang.register.models import Helper, Household, Person

RECEIPT_DIGITS = 8
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('inbox ' || %s, 0))"


class NothingSaid(Refusal):
    code = "inbox.nothing_said"
    sentence = "请写下说了什么。"


class StepDone(Refusal):
    code = "inbox.step_done"
    sentence = "这一步别人已经做了，请刷新页面看看。"


class FirstHandle(Refusal):
    code = "inbox.first_handle"
    sentence = "还没有办，先写下办了什么，再反馈。"


class NotHere(Refusal):
    code = "inbox.not_here"
    sentence = "这个人不在这个社区的防控力量里，不能交给他。"


@dataclass(frozen=True)
class Heard:
    """What was said: how it came, who spoke, under which number, from which door, and when."""

    words: str
    way: str
    who: str = ""
    phone: str = ""
    household: int | None = None
    id: UUID | None = None


def receive(heard: Heard, *, area: str, by: User | None, at: datetime) -> Matter:
    """Takes in what somebody said; three duties begin. The same sent again is there once.

    What the same number says before it is answered joins the matter that is there, however often.
    Raises: NothingSaid, NotInScope.
    """
    if not heard.words.strip():
        raise NothingSaid()
    keys, own = sealer(settings.SEALING_KEY_FILE), heard.id or uuid7(at)
    digest = keys.digest("phone", heard.phone) if heard.phone else b""
    home = _home(heard, digest, area)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [digest.hex() or own.hex])
    if known := Said.objects.filter(pk=own).select_related("matter").first():
        return known.matter
    matter = _waiting(digest, area) or _new(heard, own, home, area, digest, by, at)
    said = Said(
        id=own,
        matter=matter,
        area_code=matter.area_code,
        way=heard.way,
        words=heard.words[:1000],
        at=at,
        by=by,
    )
    said.save(force_insert=True)
    if matter.pk != own:
        Matter.objects.filter(pk=matter.pk).update(messages=F("messages") + 1, last_at=at)
        matter.refresh_from_db()
    return matter


def answer(matter: UUID, *, words: str, by: User, at: datetime) -> Matter:
    """They have an answer. Raises: NothingSaid, StepDone, NotInScope."""
    row = _open(matter, words)
    _step(
        Matter.objects.filter(pk=matter, answered_at=None),
        answered_at=at,
        answered_by=by,
        answer=words[:1000],
    )
    _settle(row, (ANSWER,), at)
    return matter_of(matter)


def handle(matter: UUID, *, words: str, by: User, at: datetime) -> Matter:
    """It is done; who has not even been answered is answered by it. Raises: NothingSaid, StepDone, NotInScope."""
    row = _open(matter, words)
    Matter.objects.filter(pk=matter, answered_at=None).update(
        answered_at=at, answered_by=by, answer=words[:1000]
    )
    _step(Matter.objects.filter(pk=matter, handled_at=None), handled_at=at, handled_by=by, done=words[:1000])
    _settle(row, (ANSWER, HANDLE), at)
    return matter_of(matter)


def tell_back(matter: UUID, *, by: User, at: datetime) -> Matter:
    """They were told what became of it: the matter is over. Raises: FirstHandle, StepDone, NotInScope."""
    row = matter_of(matter)
    if row.handled_at is None:
        raise FirstHandle()
    _step(Matter.objects.filter(pk=matter, told_back_at=None), told_back_at=at, told_back_by=by)
    _settle(row, (TELL_BACK,), at)
    return matter_of(matter)


def hand_over(matters: Sequence[UUID], helper: int, *, by: User | None, at: datetime) -> int:
    """Others go on with these; the clocks run on. How many changed hands. Raises: NotHere, NotInScope."""
    rows = list(Matter.objects.filter(pk__in=matters))
    if len(rows) != len(set(matters)):
        raise NotInScope()
    taker = Helper.objects.filter(pk=helper, left_at=None).first()
    for row in rows:
        if taker is None or community_of(taker.area_code) != community_of(row.area_code):
            raise NotHere()
        audit(
            "inbox.hand_over",
            at=at,
            by=by,
            area=row.area_code,
            matter=row.pk,
            helper=helper,
            before=row.helper_id,
        )
    return Matter.objects.filter(pk__in=matters).update(helper=helper)


def matter_of(matter: UUID) -> Matter:
    """One in scope. Raises: NotInScope."""
    rows = Matter.objects.select_related("household", "helper", "answered_by", "handled_by", "told_back_by")
    return one_in_scope(rows.filter(pk=matter))


def receipt_of(matter: Matter) -> str:
    """The number under which whoever wrote on the page sees what became of it."""
    keyed = sealer(settings.SEALING_KEY_FILE).digest("inbox receipt", matter.pk.hex)
    return f"{int.from_bytes(keyed, 'big') % 10**RECEIPT_DIGITS:0{RECEIPT_DIGITS}d}"


def by_receipt(receipt: str, phone: str, *, area: str) -> Matter:
    """The matter of whoever knows its number and wrote under this phone. Raises: NotInScope."""
    keys = sealer(settings.SEALING_KEY_FILE)
    low, high = subtree(area)
    found = Matter.objects.filter(
        receipt=keys.digest("inbox receipt", receipt, phone[-4:]), area_code__gte=low, area_code__lt=high
    )
    return one_in_scope(found)


def _waiting(digest: bytes, area: str) -> Matter | None:
    """What this number said in this community and nobody has answered yet."""
    low, high = subtree(area)
    open_ones = Matter.objects.filter(
        phone_digest=digest, answered_at=None, area_code__gte=low, area_code__lt=high
    )
    return open_ones.order_by("received_at").first() if digest else None


def _new(
    heard: Heard, own: UUID, home: Household | None, area: str, digest: bytes, by: User | None, at: datetime
) -> Matter:
    keys = sealer(settings.SEALING_KEY_FILE)
    matter = Matter(
        id=own, area_code=home.area_code if home else area, household=home, who=heard.who[:64], way=heard.way,
        phone_sealed=keys.seal(heard.phone), phone_digest=digest, phone_mask=mask_phone(heard.phone)[:24],
        words=heard.words[:1000], received_at=at, last_at=at, taken_by=by,
    )  # fmt: skip
    matter.receipt = (
        keys.digest("inbox receipt", receipt_of(matter), heard.phone[-4:]) if heard.phone else b""
    )
    matter.save(force_insert=True)
    clocks = due(at, clocks_of(matter.area_code, now=at).answer_hours)
    for kind, until in ((ANSWER, clocks.answer), (HANDLE, clocks.handle), (TELL_BACK, clocks.tell_back)):
        who = Matter.objects.filter(pk=own).annotate(
            subject=Value(community_of(matter.area_code)), about=Value(own, output_field=UUIDField())
        )
        plan(kind, who, Window(at, until), at=at)
    return matter


def _home(heard: Heard, digest: bytes, area: str) -> Household | None:
    """The door that was named, or the only one behind which this number lives. Raises: NotInScope."""
    if heard.household is not None:
        return one_in_scope(Household.objects.filter(pk=heard.household))
    if not digest:
        return None
    low, high = subtree(area)
    living = Person.objects.filter(
        area_code__gte=low, area_code__lt=high, phone_digests__contains=[digest], left_at=None
    )
    homes = set(living.values_list("household", flat=True)[:5])
    return Household.objects.filter(pk__in=homes).first() if len(homes) == 1 else None


def _open(matter: UUID, words: str) -> Matter:
    if not words.strip():
        raise NothingSaid()
    return matter_of(matter)


def _step(rows, **facts: object) -> None:  # type: ignore[no-untyped-def]
    """Raises: StepDone when somebody was quicker."""
    if not rows.update(**facts):
        raise StepDone()


def _settle(row: Matter, kinds: Sequence[Kind], at: datetime) -> None:
    for kind in kinds:
        settle_about(kind, [row.pk], communities=sorted(communities_of([row.area_code])), at=at)
