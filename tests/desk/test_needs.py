"""What people ask for through the pages: taken on, sealed, paid back, answered, raised; and doors that nothing reaches."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.asking import object_to
from shouwang.isolation.caring import Taken, record_readings
from shouwang.isolation.models import Change, Need, Objection, OddityWord, Order
from shouwang.isolation.needs.rising import rise
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib import clock
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import Message
from shouwang.plans.actions import activate, keep, keep_shipped
from shouwang.plans.loader import shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.intake.pictures import without_traces
from shouwang.standing.actions import Grounds
from tests.register.test_pictures import photo
from tests.world import XIANGYUN, at

ALARM = re.compile(r'class="tile overdue"[^>]*>\s*<span class="words">最久几天没送到东西')
GROUNDS = Grounds("secondary_contact", "与感染者同楼", "区防控指挥部", "17号", "传染病防治法第四十一条")


@pytest.fixture
def set_clock(monkeypatch):
    return lambda day, hour: monkeypatch.setenv("SHOUWANG_CLOCK", at(day, hour).isoformat())


@pytest.fixture
def held(street, set_clock) -> Order:
    """程文 is held since the 14th; it is the morning of the 21st."""
    set_clock(21, 8)
    with scope([XIANGYUN]):
        version = keep_shipped("covid_9th", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        door = street.doors["电力楼院 1-1-101"].pk
        set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=2,
                   by=None, at=at(1, 8))  # fmt: skip
        person = add_person(door, Newcomer(name="程文", phone="13900000101"), by=None, at=at(1, 8))
        wanted = [Proposal(person.pk, "close_contact", {"last_exposure": Moment(date(2022, 4, 14))})]
        order = propose(wanted, version=version, by=street.users["书记刘"], at=at(14, 8))[0]
        confirm_address([order.pk], by=street.users["李楼长"], at=at(14, 8))
        begin_isolation([order.pk], GROUNDS, by=street.users["李楼长"], at=at(14, 8))
    return order


def ask(client, door: int, **asked) -> Need:
    said = {
        "id": "0192f000-0000-7000-8000-0000000000ba",
        "words": "降压药两盒",
        "due_at": "2022-04-21T18:00",
        **asked,
    }
    client.post(reverse("need_new", args=[door]), said)
    with scope([XIANGYUN]):
        return Need.objects.get(pk=said["id"])


def open_duties(kind: str) -> int:
    with scope([XIANGYUN]):
        return Duty.objects.filter(kind=f"isolation.{kind}", fact="owed").count()


def test_medicine_travels_unseen_and_its_money_comes_back(held, street, newcomer, browser_of):
    lead, volunteer = browser_of("李楼长"), newcomer("volunteer", XIANGYUN)
    door = street.doors["电力楼院 1-1-102"].pk  # nobody is held there: somebody old who lives alone
    need = ask(lead, door, what="medicine")
    page = reverse("need", args=[need.pk])
    assert "降压药" not in volunteer.get(reverse("needs")).content.decode()
    assert "降压药" not in volunteer.get(page).content.decode()
    lead.post(reverse("need_take", args=[need.pk]), {"way": "worker"})
    assert "降压药" in lead.get(page).content.decode()
    with scope([XIANGYUN]):
        bag = Need.objects.get().bag
    assert bag in volunteer.get(page).content.decode()
    lead.post(reverse("need_say", args=[need.pk]), {"say-words": "五点前送到"})
    lead.post(reverse("need_bring", args=[need.pk]), {"bring-amount": "36.50"})
    assert "36.50" in lead.get(reverse("needs_owed")).content.decode()
    assert bag in lead.get(reverse("need_receipt", args=[need.pk])).content.decode()
    for _ in range(2):
        assert lead.post(reverse("need_settle", args=[need.pk])).status_code == 302
    assert "36.50" not in lead.get(reverse("needs_owed")).content.decode()
    with scope([XIANGYUN]):
        assert Need.objects.get().settled_at == clock.now()


def test_what_nobody_answers_rises_to_the_grid_lead_and_the_secretary(held, street, browser_of, set_clock):
    lead = browser_of("李楼长")
    need = ask(lead, street.doors["电力楼院 1-1-102"].pk, what="food", words="大米")
    other = ask(
        lead,
        street.doors["电力楼院 1-1-102"].pk,
        what="food",
        words="油",
        id="0192f000-0000-7000-8000-0000000000bb",
    )
    with scope([XIANGYUN]):
        assert rise(now=at(21, 12)) == 0
        assert [rise(now=at(21, 13)) for _ in range(2)] == [2, 0]
    lead.post(reverse("need_take", args=[need.pk]), {"way": "worker"})
    assert open_duties("need_unanswered") == 1
    with scope([XIANGYUN]):
        assert rise(now=at(21, 18)) == 2  # taken on, but it is not there
    set_clock(21, 19)
    for one in (need, other):
        lead.post(reverse("need_bring", args=[one.pk]), {})
    assert [open_duties(kind) for kind in ("need", "need_unanswered", "need_late")] == [0, 0, 0]


def test_days_since_anything_reached_a_door(held, browser_of):
    lead = browser_of("李楼长")
    page = lead.get(reverse("doors_reached")).content.decode()
    assert "<strong>7</strong>" in page
    assert "还一次都没有" in page
    assert "要马上问" not in page  # the plan does not say yet from how many days on
    text = shipped()["covid_9th"].read_text(encoding="utf-8").replace(', "no_delivery_alarm_days"', "", 1)
    text = text.replace(
        "transfer_passengers = 3\n", "transfer_passengers = 3\nno_delivery_alarm_days = 3\n", 1
    )
    with scope([XIANGYUN]):
        version = keep(text, file="covid_9th.toml", at=at(20, 8))
        activate(XIANGYUN, version, reason="填了本地规定", by=None, at=at(20, 8))
    assert "要马上问" in lead.get(reverse("doors_reached")).content.decode()
    assert ALARM.search(lead.get(reverse("isolation")).content.decode())
    need = ask(lead, held.household_id, what="food")
    lead.post(reverse("need_bring", args=[need.pk]), {})
    assert "<strong>0</strong>" in lead.get(reverse("doors_reached")).content.decode()
    assert not ALARM.search(lead.get(reverse("isolation")).content.decode())


def test_what_is_too_good_to_be_true_is_looked_at_and_settled_with_a_word(held, street, newcomer, browser_of):
    lead, clerk, secretary = street.users["李楼长"], newcomer("clerk", XIANGYUN), browser_of("书记刘")
    with scope([XIANGYUN]):
        for day in range(15, 22):
            record_readings(
                [Taken(held.person_id, at(day, 7), "own", Decimal("36.5"))], by=lead, at=at(day, 7)
            )
    page = secretary.get(reverse("oddities")).content.decode()
    assert "体温一直不变" in page
    assert browser_of("李楼长").get(reverse("oddities")).status_code == 403
    settle = {"what": "same", "on": "2022-04-21", "person": held.person_id, "worker": "", "words": ""}
    assert clerk.post(reverse("oddity_settle"), settle).status_code == 422
    clerk.post(reverse("oddity_settle"), {**settle, "words": "体温计坏了，换了一支"})
    page = secretary.get(reverse("oddities")).content.decode()
    assert "没有要核对的体温" in page
    assert "换了一支" in page
    with scope([XIANGYUN]):
        assert OddityWord.objects.get().person_id == held.person_id


def test_whoever_is_not_content_is_answered_by_the_level_above(held, street, newcomer):
    with scope([XIANGYUN]):
        first = object_to(held.pk, words="那天我在外地", at=at(21, 8))
        other = newcomer("grid_lead", XIANGYUN)
    said = {"upheld": "no", "words": "车票对不上"}
    other.post(reverse("objection", args=[first.pk]), said)
    with scope([XIANGYUN]):
        further = object_to(held.pk, words="我有住宿记录", at=at(21, 9), after=first.pk)
    address, yes = reverse("objection", args=[further.pk]), {"upheld": "yes", "words": "住宿记录核实"}
    second = newcomer("secretary", XIANGYUN)
    assert "要由上一级" in second.post(address, yes).content.decode()
    assert newcomer("commander", XIANGYUN[:9]).post(address, yes).status_code == 302
    with scope([XIANGYUN]):
        assert Objection.objects.get(pk=further.pk).upheld is True
        assert Order.objects.get().released_at is not None


def test_a_wrong_category_is_put_right_on_the_word_of_two_who_did_not_decide(held, newcomer, browser_of):
    with scope([XIANGYUN]):
        said = object_to(held.pk, words="隔着两排座位", at=at(21, 8), against="category")
    lead, address = newcomer("grid_lead", XIANGYUN), reverse("objection", args=[said.pk])
    page = lead.get(address).content.decode()
    assert "认为类别定错了，现在是“密接”" in page
    assert '<option value="close_contact"' not in page
    lead.post(address, {"upheld": "yes", "category": "secondary_contact", "words": "座位图核实"})
    with scope([XIANGYUN]):
        change, order = Change.objects.get(), Order.objects.get()
        assert (order.category, order.until, order.released_at) == ("close_contact", at(25, 0), None)
    browser_of("书记刘").post(reverse("change_approve", args=[change.pk]))
    with scope([XIANGYUN]):
        order = Order.objects.get()
        assert (order.category, order.until) == ("secondary_contact", at(22, 0))
        assert Duty.objects.get(kind="isolation.objection").fact == "done"


def test_dialysis_is_on_the_list_days_ahead_with_its_car_and_the_person_is_reminded(
    held, street, browser_of, set_clock
):
    lead, door = browser_of("李楼长"), street.doors["电力楼院 1-1-101"].pk
    asked = {
        "id": "0192f000-0000-7000-8000-0000000000bc", "person": held.person_id, "what": "dialysis", "weekdays": ["2", "5"],
        "dates": "4-24", "leaves_at": "13:00", "hospital": "市二院", "way": "car",
    }  # fmt: skip
    address = reverse("regular_new", args=[door])
    assert "看不懂" in lead.post(address, {**asked, "dates": "后天"}).content.decode()
    assert "请勾星期几" in lead.post(address, {**asked, "weekdays": [], "dates": ""}).content.decode()
    for _tap in range(2):
        assert lead.post(address, asked).status_code == 302
    with scope([XIANGYUN]):
        assert [one.due_at for one in Need.objects.all()] == [at(22, 13)]
    set_clock(22, 9)
    for _tick in range(2):
        jobs.raise_needs()
    with scope([XIANGYUN]):
        first, second = Need.objects.order_by("due_at")
        assert (first.due_at, second.due_at, second.what) == (at(22, 13), at(24, 13), "dialysis")
        reminder = Message.objects.get(purpose="car_tomorrow")
        assert (reminder.about, reminder.params) == (first.pk, {"at": "04月22日 13:00"})
    page = lead.get(reverse("need", args=[first.pk])).content.decode()
    assert "市二院，社区派车" in page
    assert "超市送" not in page
    lead.post(reverse("need_take", args=[first.pk]), {"way": "car"})
    assert "4-24 13:00" in lead.get(reverse("regulars")).content.decode()
    regular = reverse("regular_end", args=[asked["id"]])
    lead.post(regular, {"reason": "住院了"})
    with scope([XIANGYUN]):
        second.refresh_from_db()
        assert (second.void_reason, open_duties("need")) == ("住院了", 0)
    assert "没有定期就医的人" in lead.get(reverse("regulars")).content.decode()


def test_what_stands_at_the_door_is_photographed_without_its_traces(held, browser_of):
    lead = browser_of("李楼长")
    need = ask(lead, held.household_id, what="food", words="大米")
    address = reverse("need_bring", args=[need.pk])
    page = lead.post(address, {"bring-photo": SimpleUploadedFile("a.jpg", b"not a photo")})
    assert "这不是照片" in page.content.decode()
    taken = photo(turned=6)
    lead.post(address, {"bring-photo": SimpleUploadedFile("a.jpg", taken)})
    assert reverse("need_photo", args=[need.pk]) in lead.get(reverse("need", args=[need.pk])).content.decode()
    seen = lead.get(reverse("need_photo", args=[need.pk]))
    assert (seen["Content-Type"], b"".join(seen.streaming_content)) == ("image/jpeg", without_traces(taken))


def test_pictures_draw_who_is_held_where_and_few_questions_are_asked(held, browser_of):
    secretary = browser_of("书记刘")
    with CaptureQueriesContext(connection) as asked:
        page = secretary.get(reverse("isolation_pictures")).content.decode()
    assert "隔离 1 人" in page
    assert page.count('class="planned"') == 14
    assert len(asked) <= 18, [one["sql"][:90] for one in asked]
    with CaptureQueriesContext(connection) as asked:
        secretary.get(reverse("isolation"))
    assert len(asked) <= 15, [one["sql"][:90] for one in asked]
