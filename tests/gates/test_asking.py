"""A gate with a network: one request, one passage; and what becomes of it when the answer is not heard."""

import json
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.devices.models import Batch, Device, Event, Quarantined
from shouwang.gates.models import Companion, Expected, Gate, Passage
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from tests.gates.gatekeeper import gates_of, give_pass, guard_at, keep_home, shown
from tests.world import XIANGYUN

DOOR, OTHER = "电力楼院 1-1-101", "电力楼院 1-1-102"
CHECK = "/api/v1/gate/check"


@pytest.fixture
def east(street):
    guard = guard_at(street, gates_of(street, "东门")[0])
    guard.phone.come_in()
    return guard


def asked(guard, *, now=None, token=None, **payload):
    """What the phone asks, and would tell later: the reply, and the event as text without its decision."""
    at = now or clock.now()
    event = guard.passage(at=at, **payload)
    told = json.loads(guard.phone.outbox[str(event)])
    told["payload"] = {
        name: value for name, value in told["payload"].items() if name not in ("decision", "code")
    }
    told.pop("decision_basis")
    head = {"Authorization": f"Bearer {token or guard.phone.token}", "Content-Type": "application/json"}
    return event, guard.phone.send_request("POST", CHECK, head, json.dumps(told).encode())


def heard(guard, event):
    """The phone has the answer: the event is done."""
    del guard.phone.outbox[str(event)]


def row_of(event):
    with scope([XIANGYUN]):
        return Passage.objects.get(pk=event)


def test_one_request_answers_in_three_languages_and_is_a_passage(street, east):
    card = give_pass(street, DOOR)
    event, reply = asked(
        east, direction="out", scanned=shown(card), temperature_c="36.5",
        names=[{"name": "同行甲", "phone": "13900000002"}], **{"pass": str(card.pk)},
    )  # fmt: skip
    assert reply.status == 200, reply.body
    assert (reply.said["decision"], reply.said["code"], reply.said["stored"]) == ("admit", "pass", True)
    assert reply.said["sentence"]["zh-hans"] == ["请通行。", "放行"]
    heard(east, event)
    row = row_of(event)
    assert (row.online, row.decision, row.person_id, row.card_id) == (True, "admit", card.person_id, card.pk)
    assert Event.objects.get(pk=event).outcome == "asked"
    with scope([XIANGYUN]):
        assert Companion.objects.get().name == "同行甲"
        assert Batch.objects.count() == 1
    east.passage(at=clock.now())
    east.phone.send(at=clock.now())
    assert east.phone.green  # what was asked online has its place in the sequence


def test_a_hold_says_until_when_and_a_doctor_is_never_far(street, east):
    card, until = give_pass(street, DOOR), clock.now() + timedelta(days=3)
    keep_home(street, DOOR, until=until)
    _, refused = asked(east, direction="out", **{"pass": str(card.pk)})
    assert (refused.said["code"], refused.said["hold"]) == ("at_home", True)
    assert datetime.fromisoformat(refused.said["until"]) == until
    event, doctor = asked(east, direction="out", medical=True, **{"pass": str(card.pk)})
    assert (doctor.said["decision"], doctor.said["medical"]) == ("admit", True)
    assert row_of(event).medical


def test_whoever_was_out_too_long_is_welcome_and_the_guard_and_the_office_see_it(
    street, browser_of, monkeypatch
):
    east = guard_at(street, gates_of(street, "东门", plan="covid_2020")[0])
    east.phone.come_in()
    card = give_pass(street, DOOR, kind="household", person=None, household=street.doors[DOOR])
    _, out = asked(east, direction="out", **{"pass": str(card.pk)})
    monkeypatch.setenv("SHOUWANG_CLOCK", (clock.now() + timedelta(hours=3, minutes=1)).isoformat())
    event, home = asked(east, **{"pass": str(card.pk)})
    assert (out.said["code"], home.said["decision"], home.said["code"]) == ("pass", "admit", "home_late")
    assert home.said["sentence"]["zh-hans"][0] == "欢迎回家，请进。"
    monkeypatch.setenv("SHOUWANG_CLOCK", (clock.now() + timedelta(minutes=1)).isoformat())
    _, again = asked(east, **{"pass": str(card.pk)})
    assert again.said["code"] == "home"  # in twice: nobody has seen them go
    assert row_of(event).late
    office = browser_of("书记刘")
    for address in (reverse("gate", args=[east.gate.pk]) + "?which=late", reverse("gates_week")):
        assert "出门太久" in office.get(address).content.decode()
    shown_late = office.get(reverse("gate", args=[east.gate.pk]) + "?which=late").content.decode()
    assert shown_late.count('data-words="人数"') == 1


def test_a_household_s_pass_asks_who_carries_it_while_one_of_them_is_held(street, east):
    person = keep_home(street, DOOR, until=clock.now() + timedelta(days=1)).person
    card = give_pass(street, DOOR, kind="household", person=None, household_id=person.household_id)
    _, out = asked(east, direction="out", **{"pass": str(card.pk)})
    assert (out.said["decision"], out.said["code"]) == ("ask", "which_of_them")
    _, held = asked(east, direction="out", person=person.pk, **{"pass": str(card.pk)})
    assert (held.said["decision"], held.said["code"]) == ("refuse", "at_home")
    steps = east.phone.fetch_package() and east.phone.parts["passes"][card.pk.hex]
    assert [one[:2] for one in steps[6]] == [["ask", "which_of_them"], ["admit", "pass"]]


@pytest.mark.parametrize(
    ("held", "phone_did", "outcome", "flag", "mattered"),
    [
        (False, "admit", "duplicate", "", False),
        (True, "refuse", "duplicate", "", False),
        (True, "admit", "flagged", "override_mattered", True),
        (False, "refuse", "flagged", "override_mattered", True),
    ],
    ids=["both_let_through", "both_turned_back", "server_refused_phone_admitted", "server_admitted_phone_refused"],
)  # fmt: skip
def test_the_answer_was_not_heard_and_the_phone_decided_alone(
    street, east, held, phone_did, outcome, flag, mattered
):
    card = give_pass(street, DOOR)
    if held:
        keep_home(street, DOOR, until=clock.now() + timedelta(days=3))
    event, _lost = asked(east, direction="out", decision=phone_did, code="pass", **{"pass": str(card.pk)})
    reply = east.phone.send(at=clock.now())
    assert [line["outcome"] for line in reply.said["outcomes"]] == [outcome]
    assert east.phone.green
    row = row_of(event)
    assert (row.decision, row.mattered, row.should) == (phone_did, mattered, "refuse" if held else "admit")
    kept = Event.objects.get(pk=event)
    assert (kept.outcome, kept.flag, kept.claimed_offline) == ("flagged" if flag else "stored", flag, True)
    with scope([XIANGYUN]):
        assert Passage.objects.count() == 1
        assert Batch.objects.count() == 2  # what was asked, and what was done: both as they came


def test_neither_heard_the_server_never_knew_and_the_event_arrives_as_any_other(street, east):
    card = give_pass(street, DOOR)
    event, reply = asked(east, token="nothing", **{"pass": str(card.pk)})
    assert reply.status == 401
    assert [line["outcome"] for line in east.phone.send(at=clock.now()).said["outcomes"]] == ["stored"]
    assert row_of(event).online is False


def test_told_a_third_time_it_is_a_duplicate_and_other_words_go_to_the_quarantine(street, east):
    event, _ = asked(east)
    told = east.phone.outbox[str(event)]
    for text, outcome in (
        (told, "duplicate"),
        (told, "duplicate"),
        (told.replace("in", "out"), "unreadable"),
    ):
        east.phone.outbox[str(event)] = text
        reply = east.phone.send(at=clock.now())
        assert [line["outcome"] for line in reply.said["outcomes"]] == [outcome]
    east.phone.outbox[str(event)] = told.replace('"direction": "in"', '"direction": "out"')
    assert east.phone.send(at=clock.now()).said["outcomes"][0]["outcome"] == "duplicate_differs"
    with scope([XIANGYUN]):
        assert Quarantined.objects.count() == 2
        assert row_of(event).direction == "in"


def test_asked_twice_it_is_answered_twice_and_counted_once(street, east):
    card = give_pass(street, DOOR)
    event, first = asked(east, direction="out", **{"pass": str(card.pk)})
    told = json.loads(east.phone.outbox[str(event)])
    told["payload"].pop("decision")
    head = {"Authorization": f"Bearer {east.phone.token}"}
    again = east.phone.send_request("POST", CHECK, head, json.dumps(told).encode())
    assert again.said == first.said
    with scope([XIANGYUN]):
        assert Passage.objects.count() == 1


def test_the_guard_asks_and_then_says_what_was_done(street, east):
    event, reply = asked(east, decision="ask_admit", code="by_door")
    assert (reply.said["decision"], reply.said["code"]) == ("ask", "by_door")
    assert row_of(event).decision == "ask"
    east.phone.send(at=clock.now())
    row = row_of(event)
    assert (row.decision, row.asked, row.mattered) == ("admit", True, False)


def test_a_warm_forehead_is_read_again_and_a_cold_one_indoors(street, east):
    card = give_pass(street, DOOR)
    said = [
        asked(
            east, temperature_c=first, **({"second_c": second} if second else {}), **{"pass": str(card.pk)}
        )[1].said["code"]
        for first, second in (
            ("37.3", ""),
            ("37.3", "37.4"),
            ("37.4", "36.6"),
            ("35.1", ""),
            ("35.1", "36.4"),
        )
    ]
    assert said == ["fever_again", "aside", "home", "cold_again", "home"]


def test_a_visitor_who_was_announced_and_one_whose_host_comes(street, east):
    now, home = clock.now(), street.doors[DOOR]
    with scope([XIANGYUN]):
        told = Expected.objects.create(
            id=uuid7(now), area_code=home.area_code, host=home, name="来访丁", from_at=now,
            until=now + timedelta(hours=2), told_at=now,
        )  # fmt: skip
    codes = [
        asked(east, kind="visitor", **more)[1].said["code"]
        for more in ({"expected": str(told.pk)}, {"host": home.pk}, {})
    ]
    assert codes == ["fetched", "announce", "no_pass"]


def test_the_same_pass_at_two_gates_in_a_minute_is_asked_after(street, east):
    with scope([XIANGYUN]):
        other = Gate.objects.create(
            id=uuid7(clock.now()), area_code=east.gate.area_code, kind="compound", name="西门",
            added_at=clock.now(),
        )  # fmt: skip
    west, card = guard_at(street, other, "门卫老吴"), give_pass(street, DOOR)
    west.phone.come_in()
    first, _ = asked(east, **{"pass": str(card.pk)})
    second, reply = asked(west, **{"pass": str(card.pk)})
    assert (reply.said["code"], reply.said["copied"]) == ("copied", True)
    assert row_of(first).copied
    assert row_of(second).copied


def test_two_phones_at_one_gate_count_what_each_saw(street, east):
    west, card = guard_at(street, east.gate, "门卫老吴"), give_pass(street, DOOR)
    west.phone.come_in()
    codes = [asked(guard, **{"pass": str(card.pk)})[1].said["code"] for guard in (east, west)]
    assert codes == ["home", "home"]
    with scope([XIANGYUN]):
        assert Passage.objects.filter(copied=False).count() == 2


def test_who_is_not_let_in_and_what_is_not_understood(street, east):
    def status(guard, **spoil):
        return asked(guard, **spoil)[1].status

    lead = guard_at(street, east.gate, "门卫老吴")
    Device.objects.filter(pk=lead.phone.device_id).update(role="building_lead")
    lead.phone.come_in()
    assert status(lead) == 403
    assert status(east, people=0) == 422
    gone = guard_at(street, Gate(id=uuid7(clock.now()), area_code=""), "门卫老郑")
    gone.phone.come_in()
    assert status(gone) == 422
    Device.objects.filter(pk=east.phone.device_id).update(revoked_at=clock.now())
    assert status(east) == 401
    with scope([XIANGYUN]):
        assert not Passage.objects.exists()
