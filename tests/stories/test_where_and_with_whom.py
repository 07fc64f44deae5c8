"""流调: a case is opened and given, asked day by day, its contacts found, corrected, judged and handed on; and watched."""

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.models import Audit, Grant, User
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.lib.traces import Trace
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.finding.keys import person_keys
from shouwang.register.finding.search import write_keys
from shouwang.register.models import Person
from shouwang.screening import actions
from shouwang.screening.cases.contacts import add_traced, judge, read_named
from shouwang.screening.cases.forgetting import forget_neighbours
from shouwang.screening.cases.models import Case, Contact, Statement
from shouwang.screening.lists.deciding import choose
from shouwang.screening.lists.models import ListRow
from shouwang.screening.lists.reading import Written
from shouwang.screening.lists.receiving import add_rows, begin
from tests.desk.test_closing import shown, words_in
from tests.desk.test_few_questions import NO_QUESTION
from tests.world import JIANXIN, XIANGYUN, at

if TYPE_CHECKING:
    from tests.world import World

STREET = XIANGYUN[:9]
HERE = "电力楼院 1-1-101"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(world: "World", monkeypatch: pytest.MonkeyPatch) -> dict[str, User]:
    """The ninth edition holds; two investigators and an auditor work for the street; a sister lives with the case."""
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 9).isoformat())
    people = dict(world.users)
    for name, role in (("流调钱", "investigator"), ("流调孙", "investigator"), ("审计周", "auditor")):
        people[name] = User.objects.create_user(name, name=name, created_at=at(20, 0))
        Grant.objects.create(user=people[name], role=role, area_codes=[STREET], from_at=at(20, 0))
    with scope([STREET]):
        version = keep_shipped("covid_9th", at=at(20, 0))
        activate(STREET, version, reason="演练", by=None, at=at(20, 0))
        door = world.doors[HERE]
        Person.objects.create(
            household=door, area_code=door.area_code, name="同住妹妹", relation="妹妹", added_at=at(1, 0)
        )
        keyed = [(one.pk, one.area_code, person_keys(one.name, "", [])) for one in Person.objects.all()]
        write_keys("person_id", keyed)
        seen = actions.Seen(door.pk, at(19, 15), met="本人")
        actions.record_visits([seen], by=people["李楼长"], at=at(19, 15))
        listed = begin(area=XIANGYUN, title="车站", sender="车站", by=None, at=at(20, 1))
        rows = ((1, "住户11101", "G1234"), (2, "住户12202", "g 1234"), (3, "住户11202", "G99"))
        travelled = [
            Written(n, n, "", name=name, address=f"电力楼院{name[2]}-{name[3]}-{name[4:]}", transport=train, happened_on=at(18, 0).date())
            for n, name, train in rows
        ]  # fmt: skip
        add_rows(listed, travelled, by=None, at=at(20, 1))
        for row in ListRow.objects.all():
            choose(
                row.inquiry_id,
                Person.objects.get(name=row.name, area_code__startswith=XIANGYUN).pk,
                by=None,
                at=at(20, 2),
            )
    return people


@pytest.fixture
def case(staff: dict[str, User], world: "World") -> Case:
    """The secretary opens the case and gives it to 流调钱 until the end of the 25th."""
    secretary = client_of(staff["书记刘"])
    form = secretary.get(reverse("case_new")).context["form"]
    assert form["lookback_days"].value() == 4  # the plan's
    with scope([XIANGYUN]):
        person = Person.objects.get(name="住户11101")
    told = {"q": "住户11101", "counts_on": "2022-04-20", "lookback_days": "4", "neighbour_days": "3"}
    looked = secretary.post(reverse("case_new"), told)
    assert [hit.id for hit in looked.context["hits"]] == [person.pk]
    page = secretary.post(reverse("case_new"), told | {"person": str(person.pk)}, follow=True)
    given = {"user": str(staff["流调钱"].pk), "until_on": "2022-04-25"}
    assert "流调钱 到" in words_in(shown(secretary.post(page.redirect_chain[-1][0], given, follow=True)))
    with scope([XIANGYUN]):
        return Case.objects.get()


def test_only_whoever_was_given_the_case_sees_it_and_only_for_its_days(staff, case, monkeypatch):
    address = reverse("case", args=[case.pk])
    assert client_of(staff["流调钱"]).get(address).status_code == 200
    assert client_of(staff["流调孙"]).get(address).status_code == 404
    assert client_of(staff["书记刘"]).get(address).status_code == 403
    watched = words_in(shown(client_of(staff["审计周"]).get(reverse("case_looks"))))
    assert "流调钱 病例 1 看流调 逐日行程" in watched
    assert "住户" not in watched
    monkeypatch.setenv("SHOUWANG_CLOCK", at(26, 0).isoformat())
    assert client_of(staff["流调钱"]).get(address).status_code == 404


def test_a_morning_of_questions(staff, case, world):
    client, address = client_of(staff["流调钱"]), reverse("case", args=[case.pk])
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    assert len([one for one in asked if not one["sql"].startswith(NO_QUESTION)]) <= 15
    days = {day.on.day: known for day, known in page.context["days"]}
    assert list(days) == [16, 17, 18, 19, 20, 21]
    on_the_train = [(one.trace.name, one.trace.how) for one in days[18]]
    assert on_the_train == [("", "G1234"), ("住户12202", "g 1234")]
    assert [one.trace.name for one in days[19]] == ["李楼长"]
    assert [(one.trace.name, one.trace.how) for one in days[21]] == [("同住妹妹", "妹妹")]

    keys = [one.key for one in days[18] + days[21] if one.trace.name]
    client.post(reverse("case_add", args=[case.pk]), {"trace": keys, "category": "close_contact"})
    told = {
        "from_at": "2022-04-17T18:00", "until": "2022-04-17T20:00", "place": "李记饭店", "transport": "",
        "named": "王五 13900000001 外县李家庄\n住户2-1-101 在电力楼院住",
    }  # fmt: skip
    client.post(reverse("case_say", args=[case.pk]), told)
    late = client.post(
        reverse("case_say", args=[case.pk]),
        told | {"from_at": "2022-04-10T18:00", "until": "2022-04-10T19:00"},
    )
    assert "不在这个病例要查的日子里" in shown(late)
    with scope([STREET]):
        said = Statement.objects.get()
    correct = told | {
        "replaces": str(said.pk),
        "place": "张记饭店",
        "named": told["named"].replace("外县", "外省"),
    }
    assert "请写为什么改" in shown(client.post(reverse("case_say", args=[case.pk]), correct))
    client.post(reverse("case_say", args=[case.pk]), correct | {"reason": "记错了店名"})
    shown_now = words_in(shown(client.get(address)))
    assert "张记饭店" in shown_now
    assert "李记饭店" in shown_now  # struck, and still to be read
    assert "已改 记错了店名" in shown_now
    with scope([STREET]):
        contacts = {one.name: one for one in Contact.objects.filter(void_at=None)}
    assert set(contacts) == {"住户12202", "同住妹妹", "王五", "住户2-1-101"}
    assert "13900000001" not in shown(client.get(address))

    neighbour = contacts["住户2-1-101"]
    with scope([STREET]):
        really = Person.objects.get(name="住户21101")
    hits = client.get(
        reverse("case_who", args=[case.pk]), {"contact": str(neighbour.pk), "q": "2-1-101"}
    ).context["hits"]
    found = client.get(
        reverse("case_who", args=[case.pk]), {"contact": str(neighbour.pk), "q": "住户21101"}
    ).context["hits"]
    assert [hit.id for hit in found] == [really.pk]
    assert all(hit.kind == "person" for hit in hits)
    client.post(
        reverse("case_found", args=[case.pk]), {"contact": str(neighbour.pk), "person": str(really.pk)}
    )
    with scope([STREET]):
        neighbour = Contact.objects.get(person=really, void_at=None)
    judged = {
        "contact": str(neighbour.pk),
        "category": "secondary_contact",
        "through": str(contacts["王五"].pk),
    }
    client.post(reverse("case_judge", args=[case.pk]), judged)
    client.post(
        reverse("case_judge", args=[case.pk]),
        {"contact": str(contacts["王五"].pk), "category": "close_contact"},
    )

    page = client.post(reverse("case_hand_on", args=[case.pk]), follow=True)
    assert "3 人已转给所在社区" in words_in(shown(page))
    with scope([STREET]):
        rows = ListRow.objects.filter(list__source="case").select_related("list", "inquiry__person")
        handed = {(row.inquiry.person.name, row.list.category, str(row.happened_on)) for row in rows}
        owed = Duty.objects.filter(
            kind="screening.list_row", about__in=[row.pk for row in rows], fact="owed"
        ).count()
        assert "11101" not in "".join(
            f"{row.reason}{row.list.title}" for row in rows
        )  # who the case is stays here
    assert handed == {
        ("住户12202", "close_contact", "2022-04-18"),
        ("同住妹妹", "close_contact", "2022-04-21"),
        ("住户21101", "secondary_contact", "2022-04-17"),
    }
    assert owed == 3
    again = client.post(reverse("case_hand_on", args=[case.pk]))
    assert "没有要转的人" in again.content.decode()

    letter = client.post(
        reverse("case_letters", args=[case.pk]),
        {"contact": str(contacts["王五"].pk), "to_whom": "外省李家庄村"},
        follow=True,
    )
    assert "外省李家庄村：" in shown(letter)
    assert "13900000001" in shown(letter)
    with scope([STREET]):
        reads = [one.about["what"] for one in Audit.objects.filter(action="case.look", user=staff["流调钱"])]
    assert "letter" in reads
    assert "who" in reads

    chain = client.get(reverse("case_chain", args=[case.pk]))
    boxes = {box.met.name: box for box in chain.context["drawing"].boxes}
    assert [boxes[name].step for name in ("住户11101", "王五", "同住妹妹", "住户21101")] == [0, 1, 1, 2]
    assert len(chain.context["drawing"].lines) == 4
    assert "住户21101 王五" in words_in(shown(chain))


def test_a_word_that_was_handed_on_is_not_changed_and_an_earlier_word_stays(staff, case):
    user = staff["流调钱"]
    with scope([STREET]):
        trace = Trace(
            "gate", at(20, 0).date(), "北门", "前后", at(20, 8), at(20, 8), name="路人甲", near=True
        )
        one = add_traced(case, trace, category="", by=user, at=at(21, 9))
        again = add_traced(case, trace, category="", by=user, at=at(21, 9))
        assert again.pk == one.pk
        first = judge(one, category="close_contact", by=user, at=at(21, 9))
        second = judge(first, category="none", by=user, at=at(21, 10))
        assert (second.replaces_id, second.category) == (first.pk, "none")
        first.refresh_from_db()
        assert (first.category, first.void_reason) == ("close_contact", "改判")


def test_who_only_stood_near_is_forgotten_after_the_days(staff, case):
    with scope([STREET]):
        for name, category in (("路人甲", ""), ("路人乙", "none"), ("路人丙", "close_contact")):
            trace = Trace(
                "queue", at(18, 0).date(), "2号采样点", "前后", at(18, 8), at(18, 8), name=name, near=True
            )
            add_traced(case, trace, category=category, by=None, at=at(21, 9))
        assert forget_neighbours(now=at(21, 7)) == 0
        assert forget_neighbours(now=at(21, 9)) == 2
        assert list(Contact.objects.values_list("name", flat=True)) == ["路人丙"]
        case.refresh_from_db()
        assert case.forgotten == 2


def test_nobody_next_door_is_in_it(staff, case):
    stranger = User.objects.create_user("邻", name="邻区流调", created_at=at(20, 0))
    Grant.objects.create(user=stranger, role="investigator", area_codes=[JIANXIN], from_at=at(20, 0))
    assert client_of(stranger).get(reverse("case", args=[case.pk])).status_code == 404


@pytest.mark.parametrize(
    ("line", "name", "phone", "address"),
    [
        ("王五 13900000001 电力楼院3-2-502", "王五", "13900000001", "电力楼院3-2-502"),
        ("13900000001，王五，同事", "王五", "13900000001", "同事"),
        ("王五", "王五", "", ""),
        ("王五、139 0000 0001", "王五", "13900000001", ""),
    ],
)
def test_people_as_they_are_told(line, name, phone, address):
    (one,) = read_named(line)
    assert (one.name, one.phone, one.address) == (name, phone, address)
