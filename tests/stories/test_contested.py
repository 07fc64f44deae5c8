"""何东 is at home, under no order, and was written down wrongly: a category, a refused code, and being asked to wait.

Each is contested on the own page, answered by somebody whose word it was not, and once more by the level above.
"""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.outreach.models import Message
from shouwang.register.models import Household, Person
from shouwang.screening.contests.own import path_of
from shouwang.screening.models import Check, CodeRequest, Contest, Inquiry, Settlement
from shouwang.standing.actions import Grounds, Wanted, put
from shouwang.standing.queries import held
from shouwang.testing.results.pools import REASON
from shouwang.testing.results.seeing import path_to
from tests.door import sealed
from tests.stories.test_lists import CODES, FILES, book, bring, hour, settings_folder, workers  # noqa: F401
from tests.world import XIANGYUN, at

GENERAL, CONTACT = "general_contact", "close_contact"


class Case:
    """The page of 何东 on the own phone, and those who may answer."""

    def __init__(self, known, to) -> None:
        self.desk, self.hour = {name: one.client for name, one in known.items()}, to
        street = User.objects.create_user("街道", name="街道", created_at=at(1, 8))
        Grant.objects.create(user=street, role="commander", area_codes=[XIANGYUN[:9]], from_at=at(1, 8))
        self.desk["街道"] = Client()
        self.desk["街道"].force_login(street)
        self.phone = Client()

    def says(self, address: str, against: str, about: object, words: str, **more: object) -> str:
        said = {"id": str(uuid7(clock.now())), "against": against, "about": about, "words": words, **more}
        return read(self.phone.post(f"{address}objection/", said, follow=True))

    def answers(self, who: str, upheld: str, words: str, **more: str) -> str:
        with scope([XIANGYUN]):
            contest = Contest.objects.latest("asked_at")
        said = {"upheld": upheld, "words": words, **more}
        return read(self.desk[who].post(reverse("contest", args=[contest.pk]), said, follow=True))


def read(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def owed(kind: str) -> list[str]:
    with scope([XIANGYUN]):
        return sorted(
            Duty.objects.filter(kind=f"screening.{kind}", void_at=None).values_list("fact", flat=True)
        )


@pytest.fixture
def case(workers, hour) -> Case:  # noqa: F811
    return Case(workers, hour)


def asked_and_put_down(case: Case, category: str) -> tuple[Inquiry, Check]:
    """小周 asks 何东, who came by train, and puts him under a category."""
    bring(case.desk_worker, {"两站一场.xlsx": FILES["两站一场_0420.xlsx"]}, tell="")
    with scope([XIANGYUN]):
        inquiry = Inquiry.objects.get(person__name="何东")
    met = {
        "token": str(uuid7(clock.now())),
        "channel": "phone",
        "category": category,
        "from_place": "广东深圳",
    }
    answer = case.desk["小周"].post(reverse("inquiry_met", args=[inquiry.pk]), met, follow=True)
    assert "核实好了" in read(answer)
    with scope([XIANGYUN]):
        return inquiry, Check.objects.get(inquiry=inquiry)


def test_a_wrong_category_is_put_right_and_nothing_is_asked_twice(case, workers):  # noqa: F811
    case.desk_worker = workers["信息员孙"]
    case.hour(at(20, 21, 50))
    inquiry, check = asked_and_put_down(case, CONTACT)
    shown = case.desk["小周"].get(reverse("inquiry", args=[inquiry.pk])).content.decode()
    address = path_of(inquiry)
    assert address in shown  # whoever asked can hand the page over
    assert case.phone.post(address, {"tail": "0000"}).status_code == 422
    page = read(case.phone.post(address, {"tail": "0301"}, follow=True))
    assert "把我定为 密接" in page
    assert Client().post(f"{address}objection/", {}).status_code == 404  # only on a phone that came in
    case.says(address, "category", check.pk, "我没坐那趟车")
    again = case.says(address, "category", check.pk, "再说一遍")
    assert "已经提过了" in again
    with scope([XIANGYUN]):
        assert Contest.objects.get().due_at == clock.now() + timedelta(hours=24)
    assert owed("objection") == ["owed"]
    assert "异议要由别人复核" in case.answers("小周", "no", "车票上有")
    assert "答复了" in case.answers("小吴", "no", "车次对得上")
    with scope([XIANGYUN]):
        first = Contest.objects.get()
    case.hour(at(21, 8))
    assert "不成立 车次对得上" in read(case.phone.get(address))
    case.says(address, "category", check.pk, "票退了，这是退票单", after=first.pk)
    assert "要由上一级" in case.answers("信息员孙", "yes", "退票单属实", category=GENERAL)
    settled = done_rows(inquiry)
    assert "答复了" in case.answers("街道", "yes", "退票单属实", category=GENERAL)
    page = read(case.phone.get(address))
    assert "把我定为 密接" not in page
    assert "退票单属实" in page  # what was said and answered stays to be read
    with scope([XIANGYUN]):
        check.refresh_from_db()
        assert check.void_reason.startswith("异议成立")
        assert Check.objects.get(inquiry=inquiry, void_at=None).category == GENERAL
    assert done_rows(inquiry) == settled
    assert owed("objection") == ["done", "done"]
    with scope([XIANGYUN]):
        assert Message.objects.filter(purpose="answered").count() == 2


def done_rows(inquiry: Inquiry) -> list[tuple[datetime, str]]:
    """When the rows of somebody were settled, and what became of what they owed."""
    with scope([XIANGYUN]):
        rows = Settlement.objects.filter(row__inquiry=inquiry, void_at=None, check_made__void_at=None)
        facts = Duty.objects.filter(kind="screening.list_row", about__in=rows.values("row"))
        return [*rows.values_list("at", "outcome"), *facts.values_list("done_at", "fact")]


def test_a_code_that_was_not_taken_back_is_asked_for_again(case, workers):  # noqa: F811
    clerk = workers["信息员孙"]
    case.hour(at(20, 21, 40))
    bring(clerk, {"转码申请.xlsx": book(CODES, ("赋码人员转码申请名单",))}, source="codes", tell="")
    with scope([XIANGYUN]):
        request = CodeRequest.objects.select_related("row__inquiry__person").get(row__name="何东")
    for step in ("verify", "report"):
        case.desk["信息员孙"].post("/codes/step/", {"step": step, "one": [request.pk], "state": "asked"})
    refuse = {"step": "refuse", "one": [request.pk], "state": "reported", "reason": "材料不全"}
    case.desk["小吴"].post("/codes/step/", refuse)
    assert owed("code").count("done") == 1
    address = path_of(request.row.inquiry)
    assert "材料不全" in read(case.phone.post(address, {"tail": "0301"}, follow=True))
    case.says(address, "code", request.pk, "核酸单附上了")
    assert "异议要由别人复核" in case.answers("小吴", "yes", "看漏了")
    case.answers("小周", "yes", "材料齐，重新上报")
    assert owed("code").count("done") == 0  # owed an answer again
    assert "待上报" in read(case.phone.get(address))
    for step in ("report", "convert"):
        case.hour(clock.now() + timedelta(minutes=5))
        case.desk["信息员孙"].post("/codes/step/", {"step": step, "one": [request.pk], "state": "verified"})
    with scope([XIANGYUN]):
        told = Message.objects.filter(purpose="request_done").order_by("made_at")
        assert [one.params["outcome"] for one in told] == ["没有办成，原因请打电话问", "已经办好了"]
    assert "已转码" in read(case.phone.get(address))


def test_waiting_at_home_for_a_result_is_contested_and_ends_at_once(case, workers):  # noqa: F811
    case.hour(at(20, 21, 40))
    with scope([XIANGYUN]):
        person = Person.objects.get(name="何东")
        users = {one.username: one for one in User.objects.all()}
        wanted = Wanted(
            person.pk, person.area_code, uuid7(clock.now()), "home", clock.now(), at(21, 21), users["小周"]
        )
        grounds = Grounds(REASON, "单人复采", "区指挥部", "17号", "传染病防治法")
        hold = put([wanted], grounds, by=users["小吴"], at=clock.now())[0]
        Person.objects.filter(pk=person.pk).update(phones_sealed=[sealed("13900000301")])
        home = Household.objects.get(pk=person.household_id)
    address = path_to(home.pk, home.area_code)
    page = read(case.phone.post(address, {"tail": "0301"}, follow=True))
    assert "先请您留在家里" in page
    assert case.phone.post(
        f"{address}objection/", {"id": hold.pk, "against": "hold", "about": hold.about, "words": "不对"}
    ).status_code == 404  # fmt: skip
    case.says(address, "hold", hold.pk, "我没有采过")
    with scope([XIANGYUN]):
        assert Contest.objects.get().due_at == at(21, 21)  # before it is over by itself
    for whoever in ("小周", "小吴"):
        assert "异议要由别人复核" in case.answers(whoever, "yes", "没采过")
    case.answers("信息员孙", "yes", "采样记录里没有他")
    with scope([XIANGYUN]):
        assert held([person.pk], now=clock.now()) == {}
        told = Message.objects.get(purpose="answered")
        assert told.params["path"] == address  # where it is read, never what it says
    assert "先请您留在家里" not in read(case.phone.get(address))
