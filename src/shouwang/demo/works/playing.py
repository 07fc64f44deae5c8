"""Goods, disinfection and inspection of the demo's day: a store and three posts, spots of the first compound, two findings."""

from datetime import timedelta

from shouwang.demo.stage import Stage
from shouwang.disinfection.rounds import Done, record_rounds
from shouwang.disinfection.spots import add_spots
from shouwang.flows.works.works_day import draw_second_visits
from shouwang.inspection.looking import Seen, look
from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.register.models import Area
from shouwang.supplies.drawing import Need, draw, hand_out
from shouwang.supplies.giving import give
from shouwang.supplies.keeping import add_item, add_site
from shouwang.supplies.lending import lend
from shouwang.supplies.models import POST, STORE
from shouwang.supplies.moving import Delivery, receive

POSTS = (("东门卡口", 6), ("西门卡口", 4), ("社区大厅", 8))
# Name, unit, kind of the plan, pack, pieces in a pack, minimum, whether it expires, how many came, days it is good.
GOODS = (
    ("医用口罩", "个", "mask", "盒", 50, 500, True, 2000, 400),
    ("防护服", "套", "suit", "箱", 40, 100, True, 60, 700),
    ("消毒液", "瓶", "disinfectant", "箱", 12, 20, True, 48, 200),
    ("额温枪", "支", "thermometer", "", None, 5, False, 12, 0),
)
NEEDS = (("医用口罩", 40), ("消毒液", 2), ("防护服", 3))
DONE_SHARE = 0.7


def works(stage: Stage) -> None:
    """From the evening before to half past two."""
    _goods(stage)
    _spots(stage)
    _looks(stage)


def _goods(stage: Stage) -> None:
    by, before = stage.users["storekeeper"], stage.at(-6)
    store = add_site(stage.community, kind=STORE, name="社区库房", by=by, at=before)
    for name, heads in POSTS:
        add_site(stage.community, kind=POST, name=name, heads=heads, by=by, at=before)
    items, lots = {}, {}
    for name, unit, kind, pack, in_pack, minimum, expires, came, days in GOODS:
        item = add_item(
            stage.community, name=name, unit=unit, kind=kind, pack=pack, in_pack=in_pack, minimum=minimum,
            expires=expires, comes_back=not expires, by=by, at=before,
        )  # fmt: skip
        until = day_of(before) + timedelta(days=days) if expires else None
        items[name] = item
        (lots[name],) = receive([Delivery(item.pk, came, until)], store=store.pk, by=by, at=before)
    needs = [Need(post, name, many) for post, _heads in POSTS for name, many in NEEDS]
    morning = draw(stage.community, needs, title="今天早上", due_at=stage.at(7), by=by, at=stage.at(-4))
    hand_out(morning.pk, by=by, at=stage.at(5, 10))
    draw(stage.community, needs, title="明天早上", due_at=stage.at(29), by=by, at=stage.at(14))
    good_until = day_of(before) + timedelta(days=120)
    alcohol = [Delivery(items["消毒液"].pk, 30, good_until)]
    give(stage.community, donor="孙女士", deliveries=alcohol, store=store.pk, by=by, at=stage.at(10))
    give(
        stage.community,
        donor="孙先生",
        deliveries=[],
        store=None,
        words="车库一间，供值守的人取暖",
        by=by,
        at=stage.at(11),
    )
    lend(
        lots["额温枪"].pk, store=store.pk, quantity=2, borrower="东门卡口", due_at=stage.at(20), by=by, at=stage.at(8)
    )  # fmt: skip


def _spots(stage: Stage) -> None:
    low, high = subtree(stage.community)
    compound = Area.objects.filter(code__gte=low, code__lt=high, level="compound").earliest("code")
    told = {
        "kind": "entrances",
        "agent": "84 消毒液",
        "chlorine_mg_per_l": 500,
        "area_m2": 30,
        "contact_minutes": 30,
    }
    at = stage.at(0, 5)
    spots = add_spots(compound.code, each="building", name="单元门", by=stage.clerk, at=at, **told)  # type: ignore[arg-type]
    spots += add_spots(compound.code, name="垃圾点", by=stage.clerk, at=at, **told)  # type: ignore[arg-type]
    for hour in (8, 13):
        for spot in stage.random.sample(spots, round(len(spots) * DONE_SHARE)):
            when = stage.at(hour, stage.random.randrange(60))
            record_rounds([Done(spot.pk, when)], by=stage.users["property_company"], at=when)


def _looks(stage: Stage) -> None:
    by = stage.users["inspector"]
    due = stage.at(18)
    look(
        Seen(stage.community, "gate", "东门卡口", ["register", "roster"], due_at=due),
        by=by,
        at=stage.at(10, 20),
    )
    look(Seen(stage.community, "point", "社区大厅采样点"), by=by, at=stage.at(11, 5))
    draw_second_visits(stage.community, now=stage.at(0, 12))
