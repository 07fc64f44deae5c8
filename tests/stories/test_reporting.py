"""报备, from the street to the list desk: a family of four comes back, one of them is on a list; a landlord tells of tenants."""

import pytest
from django.test import Client
from django.urls import reverse

from shouwang import jobs
from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.plans.actions import activate, keep, text_of
from shouwang.plans.form.filled import written
from shouwang.register.editing import Newcomer, add_person
from shouwang.screening.lists.asking import Told, record_checks
from shouwang.screening.lists.models import Check, Inquiry, ListRow, PushedList, Settlement
from shouwang.screening.lists.receiving import receive
from shouwang.screening.reports import posters
from shouwang.screening.reports.links import report_links
from shouwang.screening.reports.models import SelfReport, Wish
from shouwang.screening.reports.queries import said_of, told_of
from tests.reporting import ask, form, page_of
from tests.world import CHUNHUI, DIANLI, MORNING, XIANGYUN, World, at

NUMBER, PHONE = "990101196205210078", "19900000101"
PUSHED = (
    f"铁路推送名单\n姓名,身份证号,手机号,现住址,出发地,到达时间\n程文,{NUMBER},{PHONE},,杭州,2022-04-20\n"
)
FAMILY = (
    {"name": "程文", "id_number": NUMBER},
    {"name": "石兰"},
    {"name": "程小明"},
    {"name": "程小红", "symptoms": ["发热"]},
)


@pytest.fixture
def evening(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """程文 lives in 1-1-101 and stands on a list that came at nine; it is noon."""
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T12:00:00")
    with scope([XIANGYUN]):
        home = world.doors["电力楼院 1-1-101"].pk
        add_person(home, Newcomer(name="程文", id_number=NUMBER, phone=PHONE), by=None, at=at(1, 8))
        receive(
            PUSHED.encode("gb18030"),
            "铁路.csv",
            area=XIANGYUN,
            sender="铁路",
            by=None,
            at=at(21, 9),
            hours=24,
        )
        posters.put_up([DIANLI, CHUNHUI], by=None, at=MORNING)
    return world


def land() -> None:
    """What the worker does when a report has come."""
    jobs.land_reports(area=XIANGYUN)


def poster(area: str) -> str:
    with scope([XIANGYUN]):
        return page_of(posters.hanging([area], now=at(21, 12)).get())


def row_of(name: str) -> ListRow:
    return ListRow.objects.select_related("list", "inquiry__person").get(
        name=name, list__source="self_report"
    )


def told(inquiry: object) -> Told:
    """What somebody reported, as a check that a worker confirms."""
    return told_of(said_of([inquiry])[inquiry])


def worker(street: World, role: str, area: str) -> Client:
    user = User.objects.create_user(role, name="来人", created_at=MORNING)
    Grant.objects.create(user=user, role=role, area_codes=[area], from_at=MORNING)
    client = Client()
    client.force_login(user)
    return client


def test_a_family_comes_back_and_is_asked_once(evening):
    said = ask(poster(DIANLI), form(*FAMILY, phone=PHONE))
    assert said.status_code == 200
    land()
    land()
    with scope([XIANGYUN]):
        day = PushedList.objects.get(source="self_report")
        assert (day.title, day.due_at, day.rows.count()) == ("居民报备 4月21日", at(23, 0), 4)
        mine = row_of("程文")
        assert (mine.outcome, mine.inquiry.person.name) == ("found", "程文")
        assert mine.inquiry.rows.count() == 2  # the railway's row and one's own are one question
        assert mine.inquiry.answered_at == at(21, 12)
        owed = Duty.objects.get(kind="screening.list_row", about=mine.pk)
        assert (owed.due_at, owed.done_at) == (
            at(22, 12),
            None,
        )  # a worker still confirms, within a clock of its own
        mine_told = told(mine.inquiry_id)
        assert (mine_told.channel, mine_told.from_place, str(mine_told.arrived_on)) == (
            "self_report",
            "浙江杭州",
            "2022-04-20",
        )
        record_checks([mine_told], by=evening.users["书记刘"], at=at(21, 13))
        record_checks([mine_told], by=evening.users["书记刘"], at=at(21, 13))
        assert Check.objects.count() == 1
        assert Settlement.objects.filter(row__inquiry=mine.inquiry_id).count() == 2
        ill = told(row_of("程小红").inquiry_id)
        record_checks([ill], by=None, at=at(21, 13))
        assert Duty.objects.filter(kind="screening.referral").count() == 1


def test_a_landlord_reports_tenants_who_are_still_on_the_way(evening):
    tenants = ({"name": "租客甲", "phone": "19900007001"}, {"name": "租客乙"})
    sent = form(
        *tenants,
        whose="tenants",
        teller="房东孙",
        state="coming",
        arrived_on="2022-04-25",
        phone="19900009000",
    )
    assert ask(poster(CHUNHUI), sent | {"unit": ""}).status_code == 200
    land()
    with scope([XIANGYUN]):
        first, second = row_of("租客甲"), row_of("租客乙")
        assert first.happened == "4月25日准备到"
        assert (first.phone_mask, second.phone_mask) == (
            "199****7001",
            "",
        )  # the landlord's number is not the tenant's
        assert (second.extra["填表人"], second.extra["填表人电话"]) == ("房东孙", "199****9000")
        assert first.address == "春晖新村1号楼101室"
        assert told(first.inquiry_id).at_home is None
    shown = worker(evening, "clerk", XIANGYUN).get(reverse("reported")).content.decode()
    assert "准备回来的 2 人" in shown
    assert "房东替租客填" in shown
    assert "19900009000" not in shown
    assert worker(evening, "volunteer", DIANLI).get(reverse("reported")).status_code == 200
    assert "租客甲" not in worker(evening, "grid_lead", DIANLI).get(reverse("reported")).content.decode()


def test_a_personal_link_answers_for_its_owner_and_for_nobody_else(evening):
    with scope([XIANGYUN]):
        asked = Inquiry.objects.get()
        link = report_links([asked.pk])[asked.pk]
    shown = Client().get(link).content.decode()
    assert "给程**" in shown
    assert not any(word in shown for word in ("程文", NUMBER, PHONE, "1-1-101", "铁路", "确诊", "密接"))
    alone = {"building": "", "room": "", "unit": "", "phone": PHONE}
    assert ask(link, form({"name": "路人"}) | alone).status_code == 200  # passed on to somebody else
    assert ask(link, form({"name": "程文"}) | alone).status_code == 200
    land()
    with scope([XIANGYUN]):
        assert row_of("路人").inquiry_id != asked.pk
        assert asked.rows.count() == 1  # no second row: the one that waits has its answer
        assert said_of([asked.pk])[asked.pk].person.name == "程文"
        assert Inquiry.objects.get(pk=asked.pk).answered_at == at(21, 12)


def test_corrected_before_and_after_it_landed_and_deleted_when_asked(evening, monkeypatch):
    kept = ask(poster(DIANLI), form({"name": "石兰", "id_number": "990101198803011123"}, phone=PHONE)).json()
    change = f"{kept['own']}correct/"
    assert "990101********1123" not in Client().get(change).content.decode()
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T12:05:00")
    ask(change, form({"name": "石兰"}, from_place="浙江宁波", phone=""))
    land()
    with scope([XIANGYUN]):
        row = row_of("石兰")  # one row: the earlier version never landed
        assert (row.from_place, row.id_mask, row.phone_mask) == (
            "浙江宁波",
            "990101********1123",
            "199****0101",
        )
        record_checks([told(row.inquiry_id)], by=None, at=at(21, 12, 30))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T14:00:00")
    ask(change, form({"name": "石兰", "symptoms": ["发热"]}, phone=""))
    land()
    with scope([XIANGYUN]):
        assert SelfReport.objects.count() == 3
        again = ListRow.objects.filter(name="石兰").latest("number")
        assert again.inquiry_id == row.inquiry_id
        assert not again.settlements.exists()  # what is new is asked again
        assert said_of([row.inquiry_id])[row.inquiry_id].versions == 3
    Client().post(
        f"{kept['own']}ask/",
        {"id": "01804a46-de00-7c58-8c4f-509ab2db86f1", "kind": "delete", "words": "填错了"},
    )
    with scope([XIANGYUN]):
        wish = Wish.objects.get()
    desk = worker(evening, "clerk", XIANGYUN)
    page = desk.get(reverse("reported")).content.decode()
    assert "填错了" in page
    assert "前要答复" not in page
    plan = text_of("covid_9th") + written({"clocks.correction_hours": 2.0}, because="两委会")
    with scope([XIANGYUN]):
        version = keep(plan, file="covid_9th.toml", at=at(21, 14), area=XIANGYUN, filling=1)
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(21, 14))
    assert "今天 16:00 前要答复" in Client().get(kept["own"]).content.decode()
    assert "已超时" not in desk.get(reverse("reported")).content.decode()
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T16:00:00")
    page = desk.get(reverse("reported")).content.decode()
    assert "今天 16:00 前要答复" in page
    assert "已超时" in page
    answer = desk.post(reverse("report_wish", args=[wish.pk]), {"granted": "1", "words": "已删除"})
    assert answer.status_code == 302
    assert Client().get(kept["own"]).status_code == 404
    with scope([XIANGYUN]):
        assert not SelfReport.objects.exists()


def test_somebody_without_a_phone_is_reported_by_the_worker(evening):
    desk = worker(evening, "clerk", XIANGYUN)
    address = reverse("report_enter")
    assert "回到居民报备" in desk.get(address).content.decode()
    sent = form({"name": "马奶奶"}, whose="others", teller="来人", state="stayed", compound="电力楼院")
    assert desk.post(address, sent).status_code == 302
    land()
    with scope([XIANGYUN]):
        told = SelfReport.objects.get()
        assert (told.by.name, told.from_place, told.compound) == ("来人", "", "电力楼院")
        assert row_of("马奶奶").reason == "别人代填"
