"""The pages of goods with a ledger of 100,000 movements: what there is, one item, the ledger, the draw lists."""

from uuid import uuid4

from bench.asking import p95_ms
from bench.district import installed, owner
from bench.result import Result, at_most
from bench.scratch import FULL_SIZE, say, size

MOVEMENTS, ITEMS, LOTS_OF_EACH, TIMES, GOAL_MS = 100_000, 40, 3, 30, 150
COMMUNITY = "990101001001"
PAGES = ("goods", "goods_ledger", "goods_lists", "goods_count")

# Every lot was received once, then handed out a little at a time over the last sixty days.
FILL = """
INSERT INTO supplies_movement (id, area_code, lot_id, kind, quantity, from_site_id, to_site_id, at, recorded_at, reason)
SELECT gen_random_uuid(), lot.area_code, lot.id, 'issued', 1, %(store)s, %(post)s, moment, moment, ''
FROM generate_series(1, %(many)s) AS turn
JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS place FROM supplies_lot) lot
  ON lot.place = turn %% %(lots)s,
LATERAL (SELECT now() - turn * interval '60 days' / %(many)s AS moment) when_it_was
"""


def measure_supplies() -> list[Result]:
    """As the storekeeper, through middleware, door, view and template."""
    installed()
    from django.test import Client
    from django.urls import reverse

    from shouwang.access.actions import add_user, grant
    from shouwang.access.scope import scope
    from shouwang.lib.clock import now
    from shouwang.register.areas import name_area

    at = now()
    with scope([COMMUNITY]):
        name_area(COMMUNITY, "社区", by=None, at=at)
        keeper = add_user("cangguan", name="仓管员", password=None, at=at)
        grant(keeper, role="storekeeper", areas=[COMMUNITY], by=None, at=at)
    item = _fill(keeper, at)
    client = Client(SERVER_NAME="localhost")
    client.force_login(keeper)
    addresses = {name: reverse(name) for name in PAGES} | {"goods_item": reverse("goods_item", args=[item])}
    return [
        at_most(f"supplies.{name}", p95_ms(client, one, TIMES), "ms", GOAL_MS)
        for name, one in addresses.items()
    ]


def _fill(keeper: object, at: object) -> object:
    """Items, lots, a store and a post; then the movements, as the owner of the tables, in one statement."""
    from shouwang.access.scope import scope
    from shouwang.supplies.keeping import add_item, add_site
    from shouwang.supplies.moving import Delivery, receive

    many = max(1000, MOVEMENTS * size() // FULL_SIZE)
    with scope([COMMUNITY]):
        told = {"by": keeper, "at": at}
        store = add_site(COMMUNITY, kind="store", name="库房", **told)  # type: ignore[arg-type]
        post = add_site(COMMUNITY, kind="post", name="东门", heads=6, **told)  # type: ignore[arg-type]
        items = [add_item(COMMUNITY, name=f"物资{n}", unit="个", minimum=100, **told) for n in range(ITEMS)]  # type: ignore[arg-type]
        for item in items:
            receive([Delivery(item.pk, many)] * LOTS_OF_EACH, store=store.pk, id=uuid4(), **told)  # type: ignore[arg-type]
    say(f"{many} movements of {ITEMS * LOTS_OF_EACH} lots")
    with owner() as connection:
        asked = {"store": store.pk, "post": post.pk, "many": many, "lots": ITEMS * LOTS_OF_EACH}
        connection.execute(FILL, asked)
        connection.execute("ANALYZE")
    return items[0].pk
