"""275 households with 764 people: a pushed list and the register become decisions in one run, and nobody types a name."""

import re
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.isolation.models import Order
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import Message
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.editing import leave
from shouwang.register.models import Person
from shouwang.screening.models import ListRow, PushedList
from shouwang.standing.models import Hold
from tests.register.towns import id_number, workbook
from tests.stories.tapping import Worker
from tests.world import XIANGYUN, at

DOORS, PEOPLE = 275, 764
GIVEN = "春夏秋冬山水花木云雨风雪金银铜玉松竹梅兰东西南北天地日月"
GROUNDS = {
    "authority": "区防控指挥部",
    "document": "17号",
    "legal_basis": "传染病防治法第四十一条",
    "reason": "与密接同住",
}


def residents() -> list[list[str]]:
    """Door, name, number, phone: three behind each of the first 214 doors, two behind the others."""
    found = []
    for number in range(DOORS):
        door = [
            f"{1 + number // 60}栋",
            f"{1 + number // 20 % 3}单元",
            f"{1 + number // 2 % 10}0{1 + number % 2}",
        ]
        for _member in range(3 if number < PEOPLE - 2 * DOORS else 2):
            order = len(found) + 1
            born = f"19{50 + order % 45}{1 + order % 12:02d}{1 + order % 28:02d}"
            found.append(
                [
                    *door,
                    f"周{GIVEN[order // 28]}{GIVEN[order % 28]}",
                    id_number(born, order),
                    f"1390000{order:04d}",
                ]
            )
    return found


@pytest.fixture
def night(street, world, monkeypatch, tmp_path):
    """The register is in; the plan holds; a clerk, somebody who knows the doors, and the secretary are at work."""
    lines = residents()
    heads = ["序号", "小区名称", "楼栋", "单元", "室号", "家庭成员", "公民身份号码", "手机"]
    rows = [heads, *([number, "长江新村", *one] for number, one in enumerate(lines, 1))]
    register = tmp_path / "底册.xlsx"
    register.write_bytes(workbook({"底册": rows}))
    told = street.at(at(20, 20), "import-register", str(register), "--area", XIANGYUN)
    assert told["people"] == PEOPLE, told
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(1, 8)), reason="上级文件", by=None, at=at(1, 8))
        set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=2,
                   by=None, at=at(1, 8))  # fmt: skip
    workers = {"书记刘": Worker(world.users["书记刘"])}
    for name, role in (("信息员孙", "clerk"), ("网格长周", "grid_lead")):
        user = User.objects.create_user(name, "一个很长的口令", name=name, created_at=at(1, 8))
        Grant.objects.create(user=user, role=role, area_codes=[XIANGYUN], from_at=at(1, 8))
        workers[name] = Worker(user)
    with override_settings(MEDIA_ROOT=tmp_path):
        monkeypatch.setenv("SHOUWANG_CLOCK", at(20, 21).isoformat())
        yield workers


def pushed(lines: list[list[str]]) -> SimpleUploadedFile:
    heads = ["编号", "姓名", "身份证号", "电话", "末次接触日期", "接触方式"]
    rows = [
        heads,
        *(
            [n, name, number, phone, "20220418", "同住"]
            for n, (*_d, name, number, phone) in enumerate(lines, 1)
        ),
    ]
    return SimpleUploadedFile("次密接名单.xlsx", workbook({"名单": rows}))


def test_a_list_and_the_register_become_decisions_with_no_typing(night, monkeypatch):
    clerk, lead, secretary = night["信息员孙"], night["网格长周"], night["书记刘"]
    lines = residents()
    with scope([XIANGYUN]):
        gone = Person.objects.get(name=lines[5][3])
        leave(gone.pk, reason="moved", by=None, at=at(20, 20))
    said = {"community": XIANGYUN, "sender": "区流调组", "source": "pushed", "category": "secondary_contact"}
    answer = clerk.client.post("/lists/", {**said, "brought": [pushed(lines)]}, follow=True)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    with scope([XIANGYUN]):
        listed = PushedList.objects.get()
        assert list(ListRow.objects.exclude(outcome="found").values_list("name", "outcome")) == []
    page = reverse("isolation_of_list", args=[listed.pk])

    # The clerk asks for all of them in one tap; who moved away is named, and nobody is asked twice.
    clerk.open(f"/lists/{listed.pk}/").tap("要隔离的人")
    assert re.search(rf"可以提出 {PEOPLE - 1} ", clerk.said), clerk.said[:600]
    assert f"{gone.name} {gone.name}已经搬走，不能再下隔离通知。" in clerk.said
    clerk.tap("全部提出")
    assert clerk.taps == 2
    clerk.client.post(reverse("isolation_of_list_ask", args=[listed.pk]))
    assert "住址要由另一个人核对" in clerk.open(page).said
    clerk.client.post(reverse("isolation_of_list_decide", args=[listed.pk]), GROUNDS)
    with scope([XIANGYUN]):
        assert Order.objects.count() == PEOPLE - 1
        assert not Order.objects.exclude(decided_at=None).exists()  # nobody has seen the addresses yet

    assert re.search(rf"家里没核实 {PEOPLE - 1} ", clerk.open(page).said)  # nobody asked about a single home

    # Somebody who knows the doors, then the secretary on the word of the deciding authority.
    lead.open(page).tap("人都核对好了")
    monkeypatch.setenv("SHOUWANG_CLOCK", at(20, 21, 30).isoformat())
    assert f"有 {PEOPLE - 1} 人还没核实家里能不能隔离" in secretary.open(page).said
    secretary.tap("决定", **GROUNDS)
    with scope([XIANGYUN]):
        orders = list(Order.objects.all())
        assert {(one.decided_at, one.until, one.source) for one in orders} == {
            (at(20, 21, 30), at(26, 0), "list")
        }
        assert len({one.household_id for one in orders}) == DOORS
        assert sum(one.bound_to_id is None for one in orders) == DOORS
        assert Hold.objects.count() == PEOPLE - 1
        owed = Counter(Duty.objects.filter(kind__startswith="isolation").values_list("kind", flat=True))
        assert owed == dict.fromkeys(
            ("isolation.begin", "isolation.home_check", "isolation.temperature", "isolation.release"),
            PEOPLE - 1,
        )
        assert Message.objects.filter(purpose="isolation_told", made_at=at(20, 21, 30)).count() == PEOPLE - 1
