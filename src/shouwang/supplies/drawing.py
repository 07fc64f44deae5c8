"""领用单: what posts are to get, by when; handed out in one tap, the lot that expires first before the others.

Who needs something says so in one call: `draw(area, [Need("采样点1", "suit", 30), …], title=…, due_at=…, by=…, at=…)`. The norms of
the plan do it for every post with its heads (`by_norms`); testing and gates hand over their own needs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan, void
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.form.fieldwork import Supply
from shouwang.supplies.duties import ISSUE
from shouwang.supplies.models import ISSUED, POST, DrawLine, DrawList, Item, Lot, Movement, Site
from shouwang.supplies.moving import Move, record
from shouwang.supplies.rules import owed_by_norm, pick
from shouwang.supplies.stock import norms_of, posts, shelves, sites


class NothingNeeded(Refusal):
    code = "supplies.nothing_needed"
    sentence = "没有要领的东西。请在岗位上写人数，或者在预案里写每人发多少。"


class NoSuchItem(Refusal):
    code = "supplies.no_such_item"
    sentence = "物资里没有“{kind}”。请先在“物资”里建这一种，再做领用单。"


class NoStore(Refusal):
    code = "supplies.no_store"
    sentence = "还没有库房。请先建一个库房。"


class DueInThePast(Refusal):
    code = "supplies.due_in_the_past"
    sentence = "发齐的时间已经过了，请改一下。"


class DrawnAlready(Refusal):
    code = "supplies.drawn_already"
    sentence = "这张单已经发齐或者作废了。"


@dataclass(frozen=True)
class Need:
    """A post needs so many of a thing.

    Shape: `kind` is a key of the plan's supplies or the item's name; `post` is called by its name, and is made where it
    is not known yet; `heads` are the people there.
    """

    post: str
    kind: str
    quantity: int
    area_code: str = ""
    heads: int = 0


@dataclass(frozen=True)
class Short:
    """What a store could not give: the line and how many are missing."""

    line: DrawLine
    missing: int


def draw(
    area: str, needs: Sequence[Need], *, title: str, due_at: datetime, by: User | None, at: datetime,
    store: UUID | None = None, id: UUID | None = None,
) -> DrawList:  # fmt: skip
    """A list of what posts get from a store by an hour; from now on it is owed. Sent twice (one `id`) it is one list.

    Raises: NothingNeeded, NoSuchItem, NoStore, DueInThePast.
    """
    community = community_of(area)
    if id and (already := DrawList.objects.filter(pk=id).first()):
        return already
    if due_at <= at:
        raise DueInThePast()
    wanted = _added_up(community, needs, by=by, at=at)
    if not wanted:
        raise NothingNeeded()
    found = sites(community, "store")
    shelf = found.filter(pk=store).first() if store else found.first()
    if shelf is None:
        raise NoStore()
    row = DrawList.objects.create(
        id=id or uuid7(at), area_code=community, store=shelf, title=title[:60], due_at=due_at, made_at=at, made_by=by
    )  # fmt: skip
    DrawLine.objects.bulk_create(
        DrawLine(id=uuid7(at), area_code=community, list=row, site=site, item=item, needed=needed)
        for (site, item), needed in wanted.items()
    )
    who = DrawList.objects.filter(pk=row.pk).annotate(subject=F("area_code"), about=F("id"))
    plan(ISSUE, who, Window(at, due_at), at=at)
    audit("supplies.draw", at=at, by=by, area=community, list=row.pk, lines=len(wanted))
    return row


def by_norms(area: str, *, now: datetime, among: Iterable[Site] | None = None) -> list[Need]:
    """What each post gets in a day by the plan's norms and its heads; `among` are posts that a flow knows better."""
    norms = norms_of(area, now=now)
    return [
        Need(post.name, kind, amount, post.area_code, post.heads)
        for post in (posts(area) if among is None else among)
        for kind, norm in norms.items()
        if (amount := owed_by_norm(norm, post.heads))
    ]


def unset_norms(area: str, *, now: datetime) -> list[Supply]:
    """What the plan says is handed out at posts without saying how many: a person has to write the number."""
    norms = norms_of(area, now=now).values()
    return [norm for norm in norms if not norm.quantity and norm.per in ("worker", "point")]


def hand_out(list_id: UUID, *, by: User | None, at: datetime) -> list[Short]:
    """按单发齐: everything that the list still lacks leaves the store. What could not be given; tapped twice it goes once.

    Raises: NotInScope, DrawnAlready.
    """
    row = _open(list_id)
    lines = list(row.lines.select_related("item", "site").order_by("site__name", "item__name"))
    given, lying = given_of(row), shelves(row.store_id, [line.item_id for line in lines])
    moves, short, today = [], [], day_of(at)
    for line in lines:
        lacking = line.needed - given.get(line.pk, 0)
        taken = pick(lying[line.item_id], lacking, today=today) if lacking > 0 else []
        for shelf, amount in taken:
            lot: Lot = shelf.lot  # type: ignore[assignment]
            moves.append(Move(lot.pk, ISSUED, amount, row.store_id, line.site_id, about=line.pk))
            shelves_of = lying[line.item_id]
            shelves_of[shelves_of.index(shelf)] = type(shelf)(lot, shelf.quantity - amount, shelf.expires_on)
        missing = lacking - sum(amount for _shelf, amount in taken)
        if missing > 0:
            short.append(Short(line, missing))
    record(moves, by=by, at=at)
    if not short and DrawList.objects.filter(pk=row.pk, at=None).update(at=at, issued_by=by):
        settle_about(ISSUE, [row.pk], communities=[row.area_code], at=at)
    return short


def strike(list_id: UUID, *, reason: str, by: User, at: datetime) -> None:
    """The list is not wanted any more; what was handed out stays handed out. Raises: NotInScope, DrawnAlready."""
    row = _open(list_id)
    DrawList.objects.filter(pk=row.pk).update(void_at=at, void_by=by, void_reason=reason[:100])
    void(Duty.objects.filter(kind=ISSUE.name, about=row.pk, fact="owed"), reason=reason[:100], by=by, at=at)
    audit("supplies.strike_list", at=at, by=by, area=row.area_code, reason=reason, list=row.pk)


def given_of(row: DrawList) -> dict[UUID, int]:
    """How many each line of a list was given."""
    rows = Movement.objects.filter(about__in=row.lines.values("pk"), kind=ISSUED).order_by()
    told = rows.values_list("about").annotate(given=Sum("quantity"))
    return {line: given for line, given in told if line}


def _added_up(
    community: str, needs: Sequence[Need], *, by: User | None, at: datetime
) -> dict[tuple[Site, Item], int]:
    """Each post and item once, however many asked. Raises: NoSuchItem."""
    items: dict[str, Item] = {}
    for item in Item.objects.filter(area_code=community).order_by("-added_at"):
        items |= {key: item for key in (item.kind, item.name) if key}
    there = {site.name: site for site in posts(community)}
    added: defaultdict[tuple[Site, Item], int] = defaultdict(int)
    for need in needs:
        if need.quantity <= 0:
            continue
        if need.kind not in items:
            norm = norms_of(community, now=at).get(need.kind)
            raise NoSuchItem(kind=norm.words if norm else need.kind)
        site = there.get(need.post) or _new_post(need, community, by, at)
        there[need.post] = site
        added[site, items[need.kind]] += need.quantity
    return dict(added)


def _new_post(need: Need, community: str, by: User | None, at: datetime) -> Site:
    return Site.objects.create(
        id=uuid7(at), area_code=need.area_code or community, kind=POST, name=need.post[:40], heads=need.heads,
        added_at=at, added_by=by,
    )  # fmt: skip


def _open(pk: UUID) -> DrawList:
    row = one_in_scope(DrawList.objects.filter(pk=pk).select_related("store"))
    if row.at or row.void_at:
        raise DrawnAlready()
    return row
