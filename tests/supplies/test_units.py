"""Units of goods as each reader says them; what is no usual unit stays as it was typed."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.supplies.keeping import add_item, add_site
from shouwang.supplies.models import STORE, Lot
from shouwang.supplies.moving import Delivery, receive
from shouwang.supplies.rules import Units, UnknownUnit, read_quantity
from shouwang.supplies.units import ways_to_say
from tests.world import XIANGYUN


@pytest.fixture
def store(street):
    now, by = clock.now(), street.users["书记刘"]
    with scope([XIANGYUN]):
        there = add_site(XIANGYUN, kind=STORE, name="社区库房", by=by, at=now)
        for name, unit, pack, in_pack in (
            ("消毒液", "瓶", "箱", 12),
            ("面粉", "斤", "", None),
            ("对联", "幅儿", "", None),
        ):
            item = add_item(XIANGYUN, name=name, unit=unit, pack=pack, in_pack=in_pack, by=by, at=now)
            receive([Delivery(item.pk, 24, None, "", "")], store=there.pk, by=by, at=now, id=uuid7(now))
        return there


@pytest.mark.parametrize(
    ("language", "bottles", "pack", "flour"),
    [
        ("zh-hans", "24 瓶", "1 箱 = 12 瓶", "24 斤"),
        ("zh-hant", "24 瓶", "1 箱 = 12 瓶", "24 斤"),
        ("en", "24 bottles", "1 case = 12 bottles", "24 jin"),
    ],
)
def test_goods_are_counted_in_the_readers_language(store, browser_of, language, bottles, pack, flour):
    secretary = browser_of("书记刘")
    said = {"headers": {"Accept-Language": language}}
    page = secretary.get(reverse("goods"), **said).content.decode()
    assert (bottles in page, flour in page, "24 幅儿" in page) == (True, True, True)
    with scope([XIANGYUN]):
        item = Lot.objects.get(item__name="消毒液").item_id
    assert pack in secretary.get(reverse("goods_item", args=[item]), **said).content.decode()


@pytest.mark.parametrize("typed", ["3箱", "36", "36瓶", "36 Bottles", "3 cases", "3 case", "36 bottle"])
def test_a_unit_may_be_typed_as_it_is_read(typed):
    with override("en"):
        units = Units("消毒液", ways_to_say("瓶"), ways_to_say("箱"), 12)
        assert read_quantity(typed, units) == 36
        with pytest.raises(UnknownUnit) as refused:
            read_quantity("3 rolls", units)
    assert refused.value.params["units"] == "bottles、cases"
