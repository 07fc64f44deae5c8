"""The ledger of goods: whatever happens in whatever order, a balance is the sum of its movements and never below zero."""

from contextlib import suppress
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.lib.ids import uuid7
from shouwang.supplies.alarms import ask_for
from shouwang.supplies.counting import count
from shouwang.supplies.drawing import DueInThePast, Need, NothingNeeded, by_norms, draw, given_of, hand_out
from shouwang.supplies.giving import became_of, give
from shouwang.supplies.keeping import add_item, add_site, set_minimum
from shouwang.supplies.lending import TooManyBack, lend, take_back
from shouwang.supplies.models import (
    COUNTED,
    ISSUED,
    MOVED,
    POST,
    RETURNED,
    SPOILED,
    STORE,
    Balance,
    Item,
    Movement,
    Site,
)
from shouwang.supplies.moving import Delivery, Expired, Move, NoExpiry, NoReason, NotEnough, receive, record
from shouwang.supplies.stock import lot_by_code, stock
from tests.world import DIANLI, JIANXIN, MORNING, XIANGYUN, World, at

NOW = at(21, 9)


def shelf(world: World, **told: object) -> tuple[Item, Site, Site]:
    """An item, a store and a post; the caller is in a scope."""
    by = world.users["书记刘"]
    item = add_item(XIANGYUN, name=f"口罩{uuid4()}"[:40], unit="个", by=by, at=MORNING, **told)
    store = add_site(XIANGYUN, kind=STORE, name=f"库房{uuid4()}"[:40], by=by, at=MORNING)
    post = add_site(DIANLI, kind=POST, name=f"东门{uuid4()}"[:40], heads=3, by=by, at=MORNING)
    return item, store, post


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", ISSUED, RETURNED, MOVED, SPOILED, "count"]),
        st.integers(1, 9),
        st.integers(0, 1),
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(steps=STEPS)
def test_any_order_of_movements_keeps_balance_and_sum_the_same(world, steps):
    by = world.users["书记刘"]
    with scope([XIANGYUN]):
        item, store, post = shelf(world)
        other = add_site(XIANGYUN, kind=STORE, name=f"二库{uuid4()}"[:40], by=by, at=MORNING)
        (lot,) = receive([Delivery(item.pk, 5)], store=store.pk, by=by, at=NOW)
        ends = {ISSUED: (store, post), RETURNED: (post, store), MOVED: (store, other), SPOILED: (store, None)}
        kept = {store.pk: 5, post.pk: 0, other.pk: 0}
        for what, many, twice in steps:
            if what == "receive":
                record([Move(lot.pk, "received", many, to_site=store.pk)], by=by, at=NOW)
                kept[store.pk] += many
            elif what == "count":
                count(store.pk, {lot.pk: many}, reason="盘点", by=by, at=NOW)
                kept[store.pk] = many
            else:
                source, target = ends[what]
                one = Move(lot.pk, what, many, source.pk, target and target.pk, reason="潮了", id=uuid7(NOW))
                enough = kept[source.pk] >= many
                with suppress(NotEnough):
                    record([one] * (1 + twice), by=by, at=NOW) if not twice else [
                        record([one], by=by, at=NOW) for _ in "12"
                    ]
                kept[source.pk] -= many * enough
                if target:
                    kept[target.pk] += many * enough
        booked = {row.site_id: row.quantity for row in Balance.objects.filter(lot=lot)}
        assert {site: many for site, many in booked.items() if many} == {s: n for s, n in kept.items() if n}
        told = dict.fromkeys(kept, 0)
        for move in Movement.objects.filter(lot=lot):
            for site, sign in ((move.from_site_id, -1), (move.to_site_id, 1)):
                if site:
                    told[site] += sign * move.quantity
        assert told == kept
        assert min(booked.values()) >= 0


def test_the_database_itself_refuses_less_than_nothing_and_a_changed_movement(world):
    by = world.users["书记刘"]
    with scope([XIANGYUN]):
        item, store, _post = shelf(world)
        (lot,) = receive([Delivery(item.pk, 5)], store=store.pk, by=by, at=NOW)
        row = {
            "area_code": XIANGYUN,
            "lot": lot,
            "kind": COUNTED,
            "at": NOW,
            "recorded_at": NOW,
            "reason": "x",
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            Movement.objects.create(id=uuid7(NOW), quantity=6, from_site=store, **row)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Movement.objects.filter(lot=lot).update(quantity=1)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Balance.objects.filter(lot=lot).update(quantity=99)
    with scope([JIANXIN]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM supplies_movement) + (SELECT count(*) FROM supplies_balance)"
        )
        assert cursor.fetchone() == (0,)


def test_what_is_scanned_wrongly_is_refused_with_a_sentence(world):
    by = world.users["书记刘"]
    with scope([XIANGYUN]):
        item, store, post = shelf(world, expires=True)
        with pytest.raises(NoExpiry):
            receive([Delivery(item.pk, 5)], store=store.pk, by=by, at=NOW)
        with pytest.raises(Expired):
            receive([Delivery(item.pk, 5, date(2022, 4, 20))], store=store.pk, by=by, at=NOW)
        (lot,) = receive([Delivery(item.pk, 5, date(2022, 4, 21))], store=store.pk, by=by, at=NOW)
        found = lot_by_code(XIANGYUN, f"https://x.example/goods/scan/?code={lot.code}")
        record([Move(found.pk, ISSUED, 1, store.pk, post.pk)], by=by, at=at(21, 23, 59))
        with pytest.raises(Expired, match="到期了，不能发"):
            record([Move(lot.pk, ISSUED, 1, store.pk, post.pk)], by=by, at=at(22, 0))
        with pytest.raises(NoReason):
            record([Move(lot.pk, SPOILED, 4, store.pk)], by=by, at=at(22, 0))
        record([Move(lot.pk, SPOILED, 4, store.pk, reason="过期")], by=by, at=at(22, 0))
        with pytest.raises(NotEnough, match=r"只有 1 个，不够 2"):
            record([Move(lot.pk, RETURNED, 2, post.pk, store.pk)], by=by, at=at(22, 1))
        with pytest.raises(NoReason):
            count(store.pk, {lot.pk: 3}, reason=" ", by=by, at=at(22, 1))


def test_a_list_is_handed_out_in_one_tap_the_first_to_expire_first(world):
    by = world.users["书记刘"]
    with scope([XIANGYUN]):
        item, store, post = shelf(world, kind="mask", expires=True)
        told = [Delivery(item.pk, 20, day) for day in (date(2022, 9, 1), date(2022, 5, 1), date(2022, 4, 21))]
        late, soon, over = receive(told, store=store.pk, by=by, at=NOW)
        needs = [Need(post.name, "mask", 15), Need("采样点1", item.name, 20), Need("采样点1", "mask", 0)]
        with pytest.raises(NothingNeeded):
            draw(XIANGYUN, needs[2:], title="明早", due_at=at(22, 5), by=by, at=NOW)
        with pytest.raises(DueInThePast):
            draw(XIANGYUN, needs, title="明早", due_at=NOW, by=by, at=NOW)
        once = uuid7(NOW)
        row = draw(XIANGYUN, needs, title="明早", due_at=at(22, 5), by=by, at=NOW, store=store.pk, id=once)
        assert draw(XIANGYUN, needs, title="明早", due_at=at(22, 5), by=by, at=NOW, id=once) == row
        assert Duty.objects.get(about=row.pk).fact == "owed"
        assert hand_out(row.pk, by=by, at=at(22, 4)) == []
        assert sum(given_of(row).values()) == 35
        left = dict(Balance.objects.filter(site=store).values_list("lot", "quantity"))
        assert left == {late.pk: 5, soon.pk: 0, over.pk: 20}
        assert Duty.objects.get(about=row.pk).fact == "done"
        short = draw(
            XIANGYUN, [Need("采样点1", "mask", 9)], title="中午", due_at=at(22, 12), by=by, at=at(22, 5)
        )
        assert [one.missing for one in hand_out(short.pk, by=by, at=at(22, 6))] == [4]
        assert [one.missing for one in hand_out(short.pk, by=by, at=at(22, 6))] == [4]
        assert Duty.objects.get(about=short.pk).fact == "owed"
        assert by_norms(XIANGYUN, now=NOW) == []  # the plan sets no number


def test_what_runs_short_is_owed_to_be_asked_for_until_there_is_enough(world):
    by = world.users["书记刘"]
    with scope([XIANGYUN]):
        item, store, post = shelf(world)
        set_minimum(item.pk, 10, by=by, at=NOW)
        (lot,) = receive([Delivery(item.pk, 12)], store=store.pk, by=by, at=NOW)
        assert not Duty.objects.filter(about=item.pk).exists()
        record([Move(lot.pk, ISSUED, 4, store.pk, post.pk)], by=by, at=NOW)
        (one,) = (each for each in stock(XIANGYUN, now=at(21, 10)) if each.item == item)
        assert (one.good, one.used, one.days, one.short) == (8, 4, 2, True)
        duty = Duty.objects.get(about=item.pk)
        record([Move(lot.pk, ISSUED, 1, store.pk, post.pk)], by=by, at=NOW)
        ask_for(item.pk, quantity=500, of_whom="街道", by=by, at=at(21, 10))
        duty.refresh_from_db()
        assert (duty.fact, Duty.objects.filter(about=item.pk).count()) == ("done", 1)
        record([Move(lot.pk, ISSUED, 1, store.pk, post.pk)], by=by, at=at(22, 8))
        assert Duty.objects.filter(about=item.pk, fact="owed").count() == 1
        receive([Delivery(item.pk, 500)], store=store.pk, by=by, at=at(22, 9))
        assert not Duty.objects.filter(about=item.pk, fact="owed").exists()


def test_a_gift_has_a_receipt_and_is_followed_to_the_posts_and_a_loan_comes_back(world):
    by = world.users["书记刘"]
    with scope([XIANGYUN]):
        item, store, post = shelf(world)
        told = [Delivery(item.pk, 30)]
        gift = give(XIANGYUN, donor="孙女士", deliveries=told, store=store.pk, by=by, at=NOW)
        room = give(XIANGYUN, donor="孙先生", deliveries=[], store=None, words="车库一间", by=by, at=NOW)
        assert (gift.number, room.number) == ("2022-0001", "2022-0002")
        lot = gift.lots.get()
        record([Move(lot.pk, ISSUED, 12, store.pk, post.pk)], by=by, at=NOW)
        record([Move(lot.pk, RETURNED, 2, post.pk, store.pk)], by=by, at=NOW)
        record([Move(lot.pk, SPOILED, 3, store.pk, reason="漏了")], by=by, at=NOW)
        (fate,) = became_of(gift)
        assert (fate.came, fate.posts, fate.spoiled, fate.left) == (30, ((post.name, 10),), 3, 17)
        loan = lend(lot.pk, store=store.pk, quantity=5, borrower="1-1-101", due_at=at(28, 18), by=by, at=NOW)
        with pytest.raises(TooManyBack):
            take_back(loan.pk, store=store.pk, quantity=6, by=by, at=NOW)
        take_back(loan.pk, store=store.pk, quantity=2, by=by, at=NOW)
        assert Duty.objects.get(about=loan.pk).fact == "owed"
        assert take_back(loan.pk, store=store.pk, quantity=3, by=by, at=at(22, 9)).at == at(22, 9)
        assert Duty.objects.get(about=loan.pk).fact == "done"
