"""A day of hands through the pages: goods, disinfection, inspection; each no is a sentence, each tap counts once."""

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.actions import add_user, grant
from shouwang.access.scope import scope
from shouwang.disinfection.models import Final, Round, Spot
from shouwang.duties.board import board
from shouwang.duties.models import Duty
from shouwang.inspection.models import Finding
from shouwang.inspection.questions import QUESTIONS
from shouwang.plans.actions import activate, keep_shipped
from shouwang.supplies.models import Donation, DrawList, Item, Loan, Lot, Meal, Site
from tests.stories.tapping import Worker
from tests.world import BUILDING_1, DIANLI, XIANGYUN, at

if TYPE_CHECKING:
    from tests.world import World


class Day:
    """The people of the day, and the hour."""

    def __init__(self, world: "World", monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self._environment = world, monkeypatch
        with scope([XIANGYUN]):
            activate(XIANGYUN, keep_shipped("covid_9th", at=at(20, 0)), reason="启用", by=None, at=at(20, 0))

    def worker(self, role: str, area: str = XIANGYUN) -> Worker:
        user = add_user(f"{role}1", name=f"{role}的人", password=None, at=at(20, 0))
        grant(user, role=role, areas=[area], by=None, at=at(20, 0))
        return Worker(user)

    def clock(self, day: int, hour: int, minute: int = 0) -> None:
        self._environment.setenv("SHOUWANG_CLOCK", at(day, hour, minute).isoformat())


@pytest.fixture
def day(world, monkeypatch):
    return Day(world, monkeypatch)


def one(model, **which):
    with scope([XIANGYUN]):
        return model.objects.get(**which)


def answers(site: str) -> dict[str, str]:
    """Every question answered with yes: nothing is answered beforehand."""
    return {f"ask-{key}": "yes" for key, *_words in QUESTIONS[site]}


def asked(worker: Worker, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        worker.open(address)
    return len(queries)


def test_a_day_of_the_storekeeper(day):
    keeper = day.worker("storekeeper")
    day.clock(21, 8)
    for kind, name, heads in (("store", "社区库房", ""), ("post", "东门", "3")):
        keeper.open("/goods/sites/").tap("加上", kind=kind, name=name, area=XIANGYUN, heads=heads)
    told = {
        "name": "口罩",
        "unit": "个",
        "kind": "mask",
        "pack": "盒",
        "in_pack": "50",
        "expires": "on",
        "minimum": "60",
    }
    half = keeper.client.post("/goods/items/new/", told | {"in_pack": ""})
    assert "要么都写，要么都空着" in half.content.decode()
    keeper.open("/goods/items/new/").tap("记下", **told)
    mask = one(Item)
    wanted = {"item": str(mask.pk), "quantity": "2箱", "expires_on": "2022-05-01"}
    refused = keeper.client.post(
        "/goods/receive/", wanted | {"id": mask.pk, "store": one(Site, kind="store").pk}
    )
    assert (refused.status_code, "看不懂" in refused.content.decode()) == (422, True)
    keeper.open("/goods/receive/").tap("记下", **wanted | {"quantity": "2盒"})
    lot = one(Lot)
    assert "社区库房 100 个" in keeper.said
    assert lot.code in keeper.open(reverse("goods_label", args=[lot.pk])).said
    post = str(one(Site, kind="post").pk)
    over = keeper.client.post(f"/goods/scan/?code={lot.code}", {
        "id": lot.pk, "kind": "issued", "quantity": "101", "store": one(Site, kind="store").pk, "post": post, "to_store": "",
    })  # fmt: skip
    assert "只有 100 个，不够 101" in over.content.decode()
    keeper.open(f"/goods/scan/?code={lot.code}").tap("记下", quantity="10", post=post)
    assert "没有编码 999" in keeper.client.get("/goods/scan/?code=999").content.decode()

    page = keeper.open("/goods/lists/new/")
    assert "请自己填数：口罩、防护服" in page.said  # no norm of the plan has a number yet
    name = re.search(r'name="(need-[^"]+)"', page.page)[1]
    page.tap("做好了", **{name: "120"})
    assert "4-22 05:00" in page.said or "明天" in page.said
    day.clock(22, 4, 50)
    page.open(reverse("goods_list", args=[one(DrawList).pk])).tap("按单发齐")
    assert "还缺：东门 口罩 30 个" in page.said
    assert "口罩 120 个" in page.open(reverse("goods_list_sheet", args=[one(DrawList).pk])).said
    assert "快不够了" in page.open("/goods/").said
    with scope([XIANGYUN]):
        owed = board(XIANGYUN, now=at(22, 4, 51))
        assert (owed["supplies.issue"].left, owed["supplies.reorder"].left) == (1, 1)
    page.open(reverse("goods_item", args=[mask.pk])).tap("记下", near="申请", quantity="500", of_whom="街道")
    assert "街道 500 个" in page.said

    gift = {"donor": "孙女士", "item-0": str(mask.pk), "quantity-0": "若干", "expires-0": "2022-06-01"}
    page.open("/goods/gifts/new/")
    again = page.client.post(
        "/goods/gifts/new/", gift | {"id": mask.pk, "store": str(one(Site, kind="store").pk), "words": ""}
    )
    assert "“若干”看不懂" in again.content.decode()
    page.tap("开收据", **gift | {"quantity-0": "30"})
    assert "收据" in page.open(reverse("gift_receipt", args=[one(Donation).pk])).said
    page.open(reverse("goods_list", args=[one(DrawList).pk])).tap("按单发齐")
    assert "全部发齐了" in page.said
    assert "东门 30" in page.open(reverse("gift", args=[one(Donation).pk])).tap("已经谢过").said

    told = {"code": lot.code, "borrower": "1-1-101", "due_at": "2022-04-23T18:00"}
    wrong = page.open("/goods/loans/").client.post(
        "/goods/loans/", told | {"id": mask.pk, "quantity": 1, "store": str(one(Site, kind="store").pk)}
    )
    assert "不够 1" in wrong.content.decode()
    page.open("/goods/receive/").tap("记下", item=str(mask.pk), quantity="5", expires_on="2022-04-22")
    fresh = one(Lot, expires_on="2022-04-22")
    lent = told | {
        "id": fresh.pk,
        "code": fresh.code,
        "quantity": 1,
        "store": str(one(Site, kind="store").pk),
    }
    for _twice in range(2):
        assert page.client.post("/goods/loans/", lent).status_code == 302
    page.open(reverse("goods_loan", args=[one(Loan).pk])).tap("还了")
    assert one(Loan).at == at(22, 4, 50)
    day.clock(23, 8)
    late = page.client.post(f"/goods/scan/?code={fresh.code}", {
        "id": mask.pk, "kind": "issued", "quantity": "1", "store": one(Site, kind="store").pk, "post": post, "to_store": "",
    })  # fmt: skip
    assert "到期了，不能发" in late.content.decode()
    counted = {"id": mask.pk, f"lot-{fresh.pk}": "3", "reason": ""}
    assert "请写明原因" in page.client.post("/goods/count/", counted).content.decode()
    page.open("/goods/count/").tap("盘好了", reason="压坏两个", **{f"lot-{fresh.pk}": "3"})
    assert "1 批对不上" in page.said
    page.open("/goods/meals/").tap("就订这么多", **{f"post-{post}": "4"})
    assert "4 份" in page.said
    page.client.post(reverse("goods_meals_brought", args=[post]), {"meal": "lunch"})
    assert one(Meal).brought_at == at(23, 8)
    addresses = (
        "/goods/",
        "/goods/ledger/",
        "/goods/lists/new/",
        "/goods/gifts/",
        "/goods/meals/",
        "/goods/sites/",
    )
    assert max(asked(page, address) for address in addresses) <= 15


def test_a_day_of_disinfection(day):
    lead, other = day.worker("grid_lead", DIANLI), day.worker("secretary")
    day.clock(21, 7)
    told = {
        "area": DIANLI,
        "each": "building",
        "kind": "entrances",
        "name": "单元门",
        "agent": "84 消毒液",
        "area_m2": "40",
    }
    lead.open("/disinfection/new/").tap("建好", **told)
    assert "建了 2 个点位" in lead.said
    spot = one(Spot, area_code=BUILDING_1)
    sheet = lead.open(f"/disinfection/sheets/?spot={spot.pk}")
    path = re.search(r"/d/[\w-]+/", sheet.page)[0]
    street = Client()
    assert "您的名字" in street.get(path).content.decode()
    assert street.post(path, {"id": spot.pk}).status_code == 422
    for _twice in range(2):
        assert street.post(path, {"id": spot.pk, "who": "物业老张"}).status_code == 302
    assert 'value="物业老张"' in street.get(path).content.decode()
    assert street.get("/d/" + "A" * 39 + "/").status_code == 404
    with scope([XIANGYUN]):
        assert Round.objects.get().who == "物业老张"
        assert board(XIANGYUN, now=at(21, 8))["disinfection.round"].finished == 1
    day.clock(21, 13)
    page = lead.open("/disinfection/")
    assert ("今天漏过 1" in page.said, "1/2" in page.said) == (True, True)
    page.tap("消好了")
    assert asked(lead, "/disinfection/") <= 15

    other.open(f"/disinfection/finals/new/{day.world.doors['电力楼院 1-1-101'].pk}/").tap("安排")
    final = one(Final)
    lead.open(reverse("disinfection_final", args=[final.pk])).tap("做好防护，围好现场")
    told = {"what": "disinfected", "agent": "含氯消毒剂", "chlorine_mg_per_l": "1000"}
    nothing = lead.client.post(reverse("disinfection_step", args=[final.pk]), told | {"agent": ""})
    assert nothing.status_code == 422
    lead.client.post(reverse("disinfection_step", args=[final.pk]), told)
    lead.open(reverse("disinfection_final", args=[final.pk]))
    for words in ("作用时间到了", "擦净、通风", "废弃物装袋封口"):
        lead.tap(words)
    refused = lead.client.post(reverse("disinfection_accept", args=[final.pk]))
    assert (refused.status_code, "请换一个人" in refused.content.decode()) == (422, True)
    other.open(reverse("disinfection_final", args=[final.pk])).tap("验收")
    assert "终消-2022-0001" in other.open(reverse("disinfection_certificate", args=[final.pk])).said
    spots = re.findall(r'name="(spot-[^"]+)"', lead.open("/disinfection/bags/").page)
    assert "记下了 3 袋" in lead.tap("记下", **{spots[0]: "3"}).said


def test_a_day_of_inspection(day):
    inspector, lead = day.worker("inspector"), day.worker("property_company", DIANLI)
    secretary = day.worker("secretary")
    day.clock(21, 10)
    page = inspector.open("/inspection/").tap("看一处卡口")
    assert page.client.post("/inspection/new/?site=gate", {"area": DIANLI, "name": "东门"}).status_code == 422
    page.tap("记下", area=DIANLI, name="东门", **answers("gate") | {"ask-register": "no"})
    assert "1 个问题等着整改" in page.said
    finding = reverse("finding", args=[one(Finding).pk])
    assert "请写怎么整改的" in lead.client.post(finding, {"right": "1", "words": ""}).content.decode()
    day.clock(21, 12)
    for _twice in range(2):
        lead.client.post(finding, {"right": "1", "words": "登记本补上了"})
    assert lead.client.post(finding, {"checked": "yes"}).status_code == 403
    inspector.open(finding).tap("看过了，改好了")
    assert one(Finding).checked_right is True
    with scope([XIANGYUN]):
        assert {duty.fact for duty in Duty.objects.filter(kind__startswith="inspection.")} == {"done"}

    shop = day.world.places["刘记商铺"]
    inspector.open(f"/inspection/new/?site=shop&place={shop.pk}").tap(
        "记下", **answers("shop") | {"price-0": "3.20"}
    )
    day.clock(21, 13)
    assert "大米 3.20" in inspector.open("/inspection/places/").said
    assert "上次的价钱 大米 3.20" in inspector.open(f"/inspection/new/?site=shop&place={shop.pk}").said
    inspector.open("/inspection/places/").tap(
        "记下", supplier="送水工老李", brings="桶装水", told="戴口罩，放门口"
    )
    grounds = {
        "until": "2022-04-24",
        "reason": "停业",
        "authority": "区指挥部",
        "document": "3 号",
        "legal_basis": "第四十二条",
    }
    page = secretary.open(reverse("closure_new", args=[shop.pk])).tap("记下", **grounds)
    assert "刘记商铺" in page.said
    page.tap("提前准许").tap("准许营业", authority="区商务局", reason="保供")
    assert asked(inspector, "/inspection/places/") <= 15
