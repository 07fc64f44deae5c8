"""我的任务: from a printed card to the last door, with a script and without, and nobody else's doors."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.models import Audit, Card, User
from shouwang.access.scope import scope
from shouwang.desk.templatetags.assets import DESK, built
from shouwang.duties.models import Attempt, Duty
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.inspection.models import SecondVisit
from shouwang.inspection.second import First, draw
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep, text_of
from shouwang.plans.form.filled import written
from shouwang.register.models import Helper, Person, Responsibility
from shouwang.screening.actions import Seen, record_visits
from shouwang.screening.models import Visit
from shouwang.testing.duties import NOTHING, SWAB
from tests.desk.test_closing import shown
from tests.door import TAIL, card_for, come_in, door_addresses, give_phone
from tests.world import BUILDING_1, JIANXIN, XIANGYUN

ROLES_OF_ALL_KINDS = ("commander", "grid_lead", "volunteer", "gate_guard")


def tell(client: Client, *entries: dict):
    body = json.dumps({"entries": entries})
    return client.post(reverse("door_told"), body, content_type="application/json").json()


def entry(street, door: str = "电力楼院 1-1-201", **more) -> dict:
    told = {
        "id": str(uuid7(clock.now())),
        "told": "no_answer",
        "household": street.doors[door].pk,
        "waited_s": 0,
    }
    return told | more


def owed(street, door: str) -> int:
    with scope([XIANGYUN]):
        return Duty.objects.filter(household=street.doors[door], fact="owed").count()


def test_a_card_opens_the_own_doors_top_floor_first(street, worker):
    page = worker.get(reverse("door")).content.decode()
    assert "还差 <strong>12</strong> 户" in page
    assert "春晖新村" not in page
    doors = re.findall(r"<h3>(.*?)</h3>", page)
    assert doors == ["1-1-201", "1-1-202", "1-1-101", "1-1-102", "1-2-201", "1-2-202", "1-2-101", "1-2-102"]
    assert "住**" in page
    assert "住户11201" not in page
    assert worker.get("/").status_code == 403


def test_doors_handed_over_are_gone_at_once(street, worker):
    from shouwang.register.responsibility import hand_over

    with scope([XIANGYUN]):
        helpers = street.helpers
        hand_over(
            from_helper=helpers["王网格"].pk, to_helper=helpers["张干部"].pk, by=None, at=clock.now()
        )  # fmt: skip
    assert "今天没有要您走的门" in worker.get(reverse("door")).content.decode()
    assert worker.get(reverse("door_household", args=street.ids("电力楼院 1-1-201"))).status_code == 404


def test_a_tap_counts_once_however_often_it_is_sent(street, worker):
    told = entry(street, told="same", people=1)
    assert tell(worker, told) == {"kept": [{"id": told["id"], "say": ""}], "wrong": []}
    assert tell(worker, told, told)["wrong"] == []
    with scope([XIANGYUN]):
        assert Visit.objects.count() == 1
        assert Visit.objects.get().people_count == 1
    assert owed(street, "电力楼院 1-1-201") == 0
    assert "还差 <strong>11</strong> 户" in worker.get(reverse("door")).content.decode()


def test_a_bad_entry_stops_no_other(street, worker):
    good = [entry(street), entry(street, "电力楼院 1-1-202", told="same", people=2)]
    bad = [
        entry(street, told="dance"), entry(street, "建新小区 1-1-101"), entry(street, people="many"),
        entry(street, extra=1), entry(street, waited_s=-1), entry(street, told="seen", temperature="99"), {"id": 7},
        entry(street, told="seen", met="王\x00"), entry(street, told="seen", temperature="NaN"),
        entry(street, told="seen", helps=["everything"]), entry(street, told="seen", note="很" * 10_000),
        entry(street, told="appointed", again="25:00"), entry(street, told="undo"),
    ]  # fmt: skip
    answer = tell(worker, bad[0], good[0], *bad[1:], good[1])
    assert [one["id"] for one in answer["kept"]] == [one["id"] for one in good]
    assert len(answer["wrong"]) == len(bad)
    assert all(one["say"] for one in answer["wrong"])
    with scope([""]):
        assert (Attempt.objects.count(), Visit.objects.count()) == (1, 1)


def test_what_is_no_list_of_entries_is_no_answer(street, worker):
    for body in (" ", "[]", "{", '{"entries": 1}', '{"entries": []', "\xff"):
        answer = worker.post(reverse("door_told"), body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["kept"] == []


def test_an_id_that_means_another_door_is_not_called_kept(street, worker):
    first = entry(street, told="same", people=1)
    tell(worker, first)
    second = first | {"household": street.doors["电力楼院 1-1-102"].pk}
    assert tell(worker, second)["kept"] == []
    assert owed(street, "电力楼院 1-1-102") == 1


def test_a_tap_that_waited_counts_when_it_was_tapped(street, worker):
    tell(worker, entry(street, told="same", people=1, waited_s=1800))
    with scope([XIANGYUN]):
        assert Visit.objects.get().at == clock.now() - timedelta(minutes=30)


def test_a_wrong_tap_is_taken_back_within_minutes(street, worker):
    visit, attempt = entry(street, told="same", people=1), entry(street, "电力楼院 1-1-202")
    undos = [entry(street, told="undo", of=one["id"]) for one in (visit, attempt)]
    assert tell(worker, visit, attempt, *undos)["wrong"] == []
    assert owed(street, "电力楼院 1-1-201") == 1
    with scope([XIANGYUN]):
        assert Visit.objects.get().void_reason == "点错"
        assert Attempt.objects.count() == 0
        assert Audit.objects.filter(action="screening.take_back_attempt").count() == 1
    late = entry(street, told="same", people=1, waited_s=700)
    answer = tell(worker, late, entry(street, told="undo", of=late["id"]))
    assert "超过 10 分钟" in answer["wrong"][0]["say"]


def test_a_fever_says_whom_to_call(street, worker):
    answer = tell(worker, entry(street, told="seen", temperature="38.5", people=2, met="大爷"))
    assert "请马上打电话给张干部" in answer["kept"][0]["say"]
    give_phone(street, "张干部", "19900007777")
    page = worker.post(reverse("door_call_lead", args=street.ids("电力楼院 1-1-201"))).content.decode()
    assert 'href="tel:19900007777"' in page
    with scope([XIANGYUN]):
        assert str(Visit.objects.get().temperature_c) == "38.5"


def test_without_a_script_every_button_is_a_form_and_sent_twice_it_is_once(street, worker):
    page = worker.get(reverse("door")).content.decode()
    number = street.doors["电力楼院 1-1-201"].pk
    form = {
        "page": re.search(r'name="page" value="([^"]+)', page)[1],
        "told": f"no_answer.{number}",
        "in": BUILDING_1,
    }
    for _ in range(2):
        assert worker.post(reverse("door_told"), form).status_code == 302
    after = worker.get(worker.post(reverse("door_told"), form)["Location"]).content.decode()
    assert "没人在家" in after
    with scope([XIANGYUN]):
        assert Attempt.objects.count() == 1
    undo = re.search(r'value="(undo\.[^"]+)"', after)[1]
    worker.post(reverse("door_told"), form | {"told": undo, "page": str(uuid4())})
    with scope([XIANGYUN]):
        assert Attempt.objects.count() == 0
    worker.post(reverse("door_told"), form | {"told": f"same.{number}.1"})
    assert owed(street, "电力楼院 1-1-201") == 0


def test_what_changed_is_told_in_few_fields_and_stays_when_wrong(street, worker):
    number = street.doors["电力楼院 1-1-201"].pk
    page = worker.get(reverse("door_household", args=[number])).content.decode()
    for form in page.split("<form")[1:]:
        names = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', form.split("</form>")[0]))
        assert len(names - {"page", "in", "csrfmiddlewaretoken"}) <= 8
    told = {"told": f"seen.{number}", "page": str(uuid4()), "people": "3", "note": "外甥女来了"}
    wrong = worker.post(reverse("door_told"), told | {"temperature": "77"})
    assert wrong.status_code == 422
    assert "外甥女来了" in wrong.content.decode()
    worker.post(reverse("door_told"), told | {"temperature": "36.6", "helps": ["lives_alone"]})
    with scope([XIANGYUN]):
        visit = Visit.objects.get()
    assert (visit.note, visit.people_count, visit.helps) == ("外甥女来了", 3, ["lives_alone"])


TENANT = {"name": "钱小", "id_number": "999103198001010015", "phone": "19900001234", "came_on": "2022-04-18"}
IMPOSSIBLE = [
    {"name": ""},
    {"name": "钱" * 65},
    {"id_number": "123456789012345678"},
    {"phone": "12"},
    {"came_on": "2022-04-22"},
    {"came_on": "2022-02-30"},
    {"born_on": "1850-01-01", "id_number": ""},
]


def living(street, door: str = "电力楼院 1-1-201") -> list[Person]:
    with scope([XIANGYUN]):
        return list(Person.objects.filter(household=street.doors[door], name__startswith="钱"))


def test_a_new_tenant_is_in_the_register_once_and_the_visit_is_still_owed(street, worker):
    number = street.doors["电力楼院 1-1-201"].pk
    one = entry(street, told="newcomer", newcomer=TENANT)
    for _twice in range(2):
        assert tell(worker, one) == {"kept": [{"id": one["id"], "say": ""}], "wrong": []}
    plain = {"told": f"newcomer.{number}", "page": str(uuid4()), **TENANT}
    assert "新来的人登记好了" in worker.post(reverse("door_told"), plain, follow=True).content.decode()
    (person,) = living(street)
    assert (person.sex, str(person.born_on), person.id_mask[-4:]) == ("m", "1980-01-01", "0015")
    assert person.note == "4月18日到，上门时登记"
    assert owed(street, "电力楼院 1-1-201") == 1


@pytest.mark.parametrize("wrong", IMPOSSIBLE, ids=lambda wrong: next(iter(wrong)))
def test_an_impossible_tenant_gets_a_sentence_and_keeps_what_was_typed(street, worker, wrong):
    number = street.doors["电力楼院 1-1-201"].pk
    told = {**TENANT, **wrong}
    answer = tell(worker, entry(street, told="newcomer", newcomer=told))
    assert (answer["kept"], len(answer["wrong"])) == ([], 1)
    page = worker.post(reverse("door_told"), {"told": f"newcomer.{number}", "page": str(uuid4()), **told})
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert f'value="{told["phone"]}"' in page.content.decode()
    assert living(street) == []


def test_nobody_registers_a_tenant_next_door(street, worker):
    answer = tell(worker, entry(street, "建新小区 1-1-101", told="newcomer", newcomer=TENANT))
    assert answer["kept"] == []
    assert len(answer["wrong"]) == 1


def test_a_phone_is_written_down_before_it_is_shown(street, worker):
    from tests.door import sealed

    home = street.doors["电力楼院 1-1-201"]
    with scope([XIANGYUN]):
        Person.objects.filter(household=home).update(phones_sealed=[sealed("19900001234")])
    assert worker.get(reverse("door_call", args=[home.pk])).status_code == 405
    page = worker.post(reverse("door_call", args=[home.pk])).content.decode()
    assert 'href="tel:19900001234"' in page
    for words in ("没接电话", "空号", "挂断", "约好了"):
        assert words in page
    with scope([XIANGYUN]):
        assert Audit.objects.filter(action="register.reveal").count() == 1
    assert worker.post(reverse("door_call", args=street.ids("春晖新村 1-101"))).status_code == 404


def test_an_agreed_hour_is_when_to_come_again(street, worker):
    tell(worker, entry(street, told="appointed", again="18:30"))
    with scope([XIANGYUN]):
        assert Attempt.objects.get().next_try_at == clock.now().replace(hour=18, minute=30)
    assert "今天 18:30 再来" in worker.get(reverse("door")).content.decode()


def test_a_second_visit_has_its_button_for_somebody_else_and_a_swab_at_a_point_is_no_door(
    street, worker, newcomer
):
    now, lead = clock.now(), newcomer("grid_lead", BUILDING_1)
    first, other = (street.doors[f"电力楼院 1-1-{room}"] for room in ("101", "102"))
    visits = [First(uuid7(now), first.pk, first.area_code, now, street.users["李楼长"].pk, 2)]
    with scope([XIANGYUN]):
        record_visits([Seen(door.pk, now) for door in (first, other)], by=street.users["李楼长"], at=now)
        assert draw(XIANGYUN, now.date(), visits, percent=100, at=now) == 1
        drawn = SecondVisit.objects.get()
        swabs = Person.objects.filter(household=other).annotate(subject=F("id"), about=NOTHING)
        plan(SWAB, swabs, Window(now, now + timedelta(hours=2)), at=now)
        known = User.objects.get(name="来人")
        helper = Helper.objects.create(
            area_code=XIANGYUN, name="来人", kind="网格长", user=known, added_at=now
        )
        Responsibility.objects.create(area_code=BUILDING_1, role="grid_lead", helper=helper, from_at=now)

    def doors(client: Client) -> tuple[bool, bool]:
        page = client.get(reverse("door"), {"in": BUILDING_1}).content.decode()
        return f"<h3>{first.door}</h3>" in page, f"<h3>{other.door}</h3>" in page

    assert doors(worker) == (False, False)
    assert doors(lead) == (True, False)
    page = lead.get(reverse("door"), {"in": BUILDING_1}).content.decode()
    way = re.search(rf'href="({reverse("second_visit", args=[drawn.pk])}[^"]*)"', page)
    assert lead.post(way[1], {"people": "2"})["Location"] == reverse("door")
    assert doors(lead) == (False, False)


def test_the_page_is_light_and_asks_little(street, worker):
    worker.get(reverse("door"))
    with CaptureQueriesContext(connection) as asked:
        page = worker.get(reverse("door"))
    questions = [
        one
        for one in asked.captured_queries
        if one["sql"].startswith("SELECT") and "_setting" not in one["sql"] and "set_config" not in one["sql"]
    ]
    assert len(questions) <= 15
    per_door = len(page.content) / 8
    assert per_door * 60 < 100 * 1024


def test_an_id_that_somebody_next_door_has_stops_nothing(street, worker):
    from shouwang.screening.actions import record_attempt

    taken, now = uuid7(clock.now()), clock.now()
    with scope([""]):
        number = street.doors["建新小区 1-1-101"].pk
        record_attempt(number, outcome="no_answer", tried_at=now, hours=(), by=None, at=now, id=taken)
    good = entry(street, "电力楼院 1-1-202")
    answer = tell(worker, entry(street, id=str(taken)), good)
    assert [one["id"] for one in answer["kept"]] == [good["id"]]
    assert [one["id"] for one in answer["wrong"]] == [str(taken)]


def test_a_worker_has_one_phone_the_last(street, worker, browser_of):
    other = come_in(card_for(browser_of("书记刘"), street.helpers["王网格"]), TAIL)
    assert other.get(reverse("door")).status_code == 200
    assert worker.get(reverse("door")).status_code == 302


def test_nobody_next_door_reaches_a_door_here(street, worker, newcomer):
    """Every address with what belongs to 电力楼院, for what there is of roles in 建新社区."""
    door, card = street.doors["电力楼院 1-1-201"].pk, Card.objects.get().pk
    told = {"told": f"same.{door}.1", "page": str(uuid4()), "building": BUILDING_1, "sheet": 1, "helper": 2}
    addresses = [reverse(name, args=args) for name, args in door_addresses(door, card)]
    for role in ROLES_OF_ALL_KINDS:
        client = newcomer(role, JIANXIN)
        for address in addresses:
            for answer in (client.get(address), client.post(address, told)):
                assert answer.status_code < 500, (role, address)
                assert "电力楼院" not in answer.content.decode(), (role, address)
                assert "1-1-201" not in answer.content.decode(), (role, address)
    assert worker.get(reverse("door")).status_code == 200
    with scope([XIANGYUN]):
        assert Visit.objects.count() == 0


def test_script_and_styles_of_the_door_are_tiny(street):
    every = json.loads(built(DESK, ".vite/manifest.json").read_text())
    door = every["src/door.ts"]
    scripts = [door, *(every[name] for name in door.get("imports", ()))]
    assert sum(built(DESK, one["file"]).stat().st_size for one in scripts) <= 10 * 1024
    assert sum(built(DESK, name).stat().st_size for name in door["css"]) <= 10 * 1024


def _two_tries_and_no_more() -> None:
    """The plan in force says that after two tries it is somebody else's turn."""
    text = text_of("covid_9th") + written({"screening.max_tries": 2}, because="两委会")
    with scope([XIANGYUN]):
        version = keep(text, file="covid_9th.toml", at=clock.now(), area=XIANGYUN, filling=1)
        activate(XIANGYUN, version, reason="上级文件", by=None, at=clock.now())


def test_my_day_says_when_to_knock_and_when_to_leave_it_to_others(street, worker, monkeypatch):
    assert "敲门" not in shown(worker.get(reverse("door")))
    _two_tries_and_no_more()
    page = shown(worker.get(reverse("door")))
    assert "8:00 到 21:00 敲门。白天没人的，11:30–13:00、17:30–19:00 或者晚上再去。" in page
    assert "现在不是敲门的时间" not in page
    tell(worker, entry(street))
    assert "不用再跑" not in shown(worker.get(reverse("door")))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T18:30:00")
    tell(worker, entry(street))
    assert "试过 2 次了，不用再跑" in shown(worker.get(reverse("door")))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T21:00:00")
    assert "现在不是敲门的时间，急事除外。" in shown(worker.get(reverse("door")))


def test_nobody_is_sent_to_a_door_outside_the_hours_of_visits(street, worker, monkeypatch):
    """Supper is over at seven; a plan that ends visits then sends people on the next day, not in the evening."""
    text = text_of("covid_9th").replace("visit_until = 21:00:00", "visit_until = 19:00:00")
    with scope([XIANGYUN]):
        version = keep(text, file="covid_9th.toml", at=clock.now())
        activate(XIANGYUN, version, reason="上级文件", by=None, at=clock.now())
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T17:40:00")
    tell(worker, entry(street))
    with scope([XIANGYUN]):
        again = Attempt.objects.get().next_try_at.astimezone(clock.ZONE)
    assert f"{again:%m-%d %H:%M}" == "04-22 11:30"
