"""The contract between phone and server, line by line (the table of outcomes, and what stands under it)."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from shouwang.access.scope import scope
from shouwang.devices.models import Batch, Device, Event, Quarantined
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.screening.models import Visit
from tests.devices.phones import phone_of
from tests.world import BUILDING_1, DIANLI, JIANXIN, XIANGYUN


@pytest.fixture
def phone(street):
    return phone_of(street, [DIANLI])


def visit(phone, door, **more):
    worker = more.pop("worker", phone.workers[0]["id"])
    at = more.pop("at", clock.now())
    return phone.tell("screening.visit", {"household": door, **more}, worker=worker, at=at)


def outcomes(phone, **options):
    reply = phone.send(at=options.pop("at", clock.now()))
    assert reply.status == 201, reply
    return [line["outcome"] for line in reply.said["outcomes"]]


def done():
    with scope([XIANGYUN, JIANXIN]):
        return Duty.objects.filter(kind="screening.visit", fact="done").count()


def test_what_is_stored_settles_what_was_owed(street, phone):
    for door in street.ids("电力楼院 1-1-101", "电力楼院 1-1-102"):
        visit(phone, door, met="户主", people_count=3, temperature_c="36.5", helps=["chronic"])
    assert outcomes(phone) == ["stored", "stored"]
    assert done() == 2
    assert phone.green
    with scope([XIANGYUN]):
        assert (
            list(Visit.objects.values_list("met", "people_count", "by__username"))
            == [("户主", 3, "李楼长")] * 2
        )
        assert Batch.objects.count() == 1


def test_sent_again_nothing_happens_twice_and_the_raw_batch_lies_there_once(street, phone):
    visit(phone, *street.ids("电力楼院 1-1-101"))
    kept = dict(phone.outbox)
    assert outcomes(phone) == ["stored"]
    phone.outbox = dict(kept)  # the answer was lost
    assert outcomes(phone) == ["duplicate"]
    phone.outbox = {name: json.dumps(dict(reversed(json.loads(text).items()))) for name, text in kept.items()}
    assert outcomes(phone) == ["duplicate"]  # the same, written in another order
    with scope([XIANGYUN]):
        assert (Visit.objects.count(), Event.objects.count(), Batch.objects.count()) == (1, 1, 1)


def test_another_content_under_a_known_name_or_place_is_kept_apart(street, phone):
    door = street.ids("电力楼院 1-1-101")[0]
    first = visit(phone, door, met="户主")
    assert outcomes(phone) == ["stored"]
    phone.seq -= 1
    visit(phone, door, met="别人")  # the same place in the sequence
    other = json.loads(next(iter(phone.outbox.values())))
    phone.outbox[str(first)] = json.dumps({**other, "event_id": str(first), "seq": 2})
    assert outcomes(phone) == ["duplicate_differs"] * 2
    assert len(phone.quarantine) == 2
    assert not phone.outbox
    with scope([XIANGYUN]):
        assert Visit.objects.get().met == "户主"
        assert Quarantined.objects.filter(outcome="duplicate_differs", settled_at=None).count() == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seq", 0), ("seq", "1"), ("event_id", "x"), ("kind", ""), ("kind", "A"), ("occurred_at", "yesterday"),
        ("occurred_at", "2022-04-21T08:00:00"), ("worker", None), ("payload", {}), ("payload", {"household": 1, "x": 1}),
        ("payload", {"household": 1, "note": "\x00"}), ("payload", {"household": 1, "temperature_c": "99"}),
        ("payload", None), ("device_id", "00000000-0000-7000-8000-000000000001"), ("boot_id", "x" * 41), ("decision_basis", "guess"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_stands_apart_and_its_neighbours_are_taken(street, phone, name, value):
    doors = street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201")
    names = [str(visit(phone, door)) for door in doors]
    phone.outbox[names[1]] = json.dumps({**json.loads(phone.outbox[names[1]]), name: value})
    reply = phone.send(at=clock.now())
    assert [line["outcome"] for line in reply.said["outcomes"]] == ["stored", "unreadable", "stored"]
    assert reply.said["outcomes"][1]["reason"]
    assert list(phone.quarantine) == [names[1]]
    assert done() == 2
    found = Quarantined.objects
    with scope([XIANGYUN]):
        assert found.get().raw
        assert found.get().seq == (None if name == "seq" else 2)
    assert reply.said["highest_contiguous_seq"] == (1 if name == "seq" else 3)
    assert reply.said["missing"] == ([[2, 2]] if name == "seq" else [])


@pytest.mark.parametrize("poison", ["{", '{"a":', "\ud800", "nonsense, ]", "[" * 2000])
def test_a_batch_that_is_no_json_is_halved_until_the_poison_stands_alone(street, phone, poison):
    doors = street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201", "电力楼院 1-1-202")
    names = [str(visit(phone, door)) for door in doors]
    whole = phone.outbox[names[2]]
    phone.outbox[names[2]] = whole[:-1] + "," + poison
    phone.send(at=clock.now())
    assert not phone.outbox
    assert list(phone.quarantine) == [names[2]]
    assert done() == 3
    assert phone.confirmed_seq == 4
    with scope([XIANGYUN]):
        alone = Quarantined.objects.filter(event_id=names[2]).get()
        assert (alone.seq, alone.outcome) == (3, "unreadable_batch")


def test_an_answer_without_our_batch_id_is_no_answer(street, phone):
    visit(phone, *street.ids("电力楼院 1-1-101"))
    phone.come_in()
    ours, portal = (
        phone.send_request,
        lambda *_asked: type(ours("GET", "/api/v1/openapi.json", {}, b""))(
            200, {}, b"<html>Welcome to this network</html>"
        ),
    )
    phone.send_request = portal
    phone.send(at=clock.now())
    assert len(phone.outbox) == 1
    assert not phone.green
    phone.send_request = ours
    assert outcomes(phone) == ["stored"]


def test_a_taking_back_that_comes_first_waits_for_what_it_names(street, phone):
    door = street.ids("电力楼院 1-1-101")[0]
    first = visit(phone, door)
    told = phone.outbox.pop(str(first))
    undo = phone.tell("undo", {"of": str(first)}, worker=phone.workers[0]["id"], at=clock.now())
    reply = phone.send(at=clock.now())
    assert reply.said["outcomes"][0]["outcome"] == "held"
    assert reply.said["missing"] == [[1, 1]]
    phone.outbox[str(first)] = told
    assert outcomes(phone) == ["stored"]
    with scope([XIANGYUN]):
        assert Visit.objects.get().void_reason == "点错"
        assert Event.objects.get(pk=undo).outcome == "stored"
    assert done() == 0
    assert phone.green


def test_both_in_one_batch_and_by_somebody_else_and_too_late(street):
    phone = phone_of(street, [DIANLI], "李楼长", "赵志愿")
    mine, other = (worker["id"] for worker in phone.workers)
    doors = street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201")
    seen = [visit(phone, door, worker=mine, at=clock.now() - timedelta(hours=1)) for door in doors]
    for event, by, when in ((seen[0], mine, -58), (seen[1], other, -58), (seen[2], mine, 0)):
        phone.tell("undo", {"of": str(event)}, worker=by, at=clock.now() + timedelta(minutes=when))
    assert outcomes(phone) == ["stored"] * 4 + ["flagged"] * 2
    assert sorted(Event.objects.exclude(flag="").values_list("flag", flat=True)) == ["not_theirs", "too_late"]
    assert done() == 2


@pytest.mark.parametrize(
    ("flag", "change"),
    [
        ("unknown_kind", {"kind": "elsewhere.happened"}),
        ("unknown_worker", {"worker": 999_999}),
        ("not_in_scope", {"payload": {"household": 999_999}}),
        ("from_the_future", {"occurred_at": "2023-04-21T10:00:00+08:00"}),
        ("long_ago", {"occurred_at": "2019-04-21T10:00:00+08:00"}),
        ("long_ago", {"occurred_at": "0001-01-01T00:00:00+14:00"}),
        ("from_the_future", {"occurred_at": "9999-12-31T23:59:59-14:00"}),
    ],
)
def test_what_is_odd_is_durable_and_flagged(street, phone, flag, change):
    name = str(visit(phone, street.ids("电力楼院 1-1-101")[0], offline=None))
    told = json.loads(phone.outbox[name])
    told["payload"].pop("offline")
    phone.outbox[name] = json.dumps({**told, "offline": True, **change})
    assert outcomes(phone) == ["flagged"]
    event = Event.objects.get()
    assert (event.flag, event.claimed_offline, event.override_mattered) == (flag, True, False)
    assert event.at <= event.received_at
    with scope([XIANGYUN]):
        assert Visit.objects.count() == (flag in ("from_the_future", "long_ago"))


def test_another_communitys_door_is_kept_and_not_acted_on(street, phone):
    visit(phone, street.doors["建新小区 1-1-101"].pk)
    assert outcomes(phone) == ["flagged"]
    assert Event.objects.get().flag == "not_in_scope"
    assert done() == 0


def test_a_clock_that_is_a_day_off_changes_nothing_but_a_flag(street, phone):
    for door, behind in zip(street.ids("电力楼院 1-1-101", "电力楼院 1-1-102"), (24, -24), strict=True):
        wrong = clock.now() - timedelta(hours=behind)
        visit(phone, door, at=wrong - timedelta(minutes=30))
        assert outcomes(phone, at=wrong) == ["flagged"]
        event = Event.objects.latest("seq")
        assert event.flag == "skewed_clock"
        assert event.at == clock.now() - timedelta(minutes=30)
        assert event.occurred_at == wrong - timedelta(minutes=30)
    assert Device.objects.get().skew_s == -24 * 3600
    assert done() == 2


def test_the_proof_that_nothing_is_missing(street, phone):
    doors = street.ids("电力楼院 1-1-101", "电力楼院 1-1-102", "电力楼院 1-1-201", "电力楼院 1-1-202")
    names = [str(visit(phone, door)) for door in doors]
    late = {name: phone.outbox.pop(name) for name in (names[0], names[2])}
    reply = phone.send(at=clock.now())
    assert (reply.said["highest_contiguous_seq"], reply.said["highest_seq"]) == (0, 4)
    assert reply.said["missing"] == [[1, 1], [3, 3]]
    assert not phone.green
    assert phone.have(names) == {names[1], names[3]}
    phone.outbox = late
    reply = phone.send(at=clock.now())
    assert reply.said["missing"] == []
    assert phone.green
    assert Device.objects.get().contiguous_seq == 4


def test_a_kind_that_the_server_learns_later_is_judged_then(street, phone):
    from shouwang.catalogue import EVENT_KINDS
    from shouwang.devices.judging import judge_waiting, phones_waiting

    visit(phone, *street.ids("电力楼院 1-1-101"))
    event = UUID(next(iter(phone.outbox)))
    some = {name: kind for name, kind in EVENT_KINDS.items() if name != "screening.visit"}
    with pytest.MonkeyPatch.context() as younger:
        younger.setattr("shouwang.api.v1.EVENT_KINDS", some)
        assert outcomes(phone) == ["flagged"]
    with scope([XIANGYUN]):
        assert phones_waiting(some) == []
        (waiting,) = phones_waiting(EVENT_KINDS)
        assert judge_waiting(waiting, EVENT_KINDS, at=clock.now()) == 1
    assert (Event.objects.get(pk=event).outcome, done()) == ("stored", 1)


def test_attempts_calls_and_readings_of_two_workers_each_under_the_own_name(street):
    from shouwang.duties.models import Attempt
    from shouwang.isolation.models import Reading

    phone = phone_of(street, [DIANLI], "李楼长", "赵志愿")
    mine, other = (worker["id"] for worker in phone.workers)
    door = street.doors["电力楼院 1-1-101"]
    with scope([XIANGYUN]):
        person = door.people.get()
    phone.tell(
        "screening.attempt", {"household": door.pk, "outcome": "no_answer"}, worker=mine, at=clock.now()
    )
    phone.tell("screening.call", {"household": door.pk, "outcome": "hung_up"}, worker=other, at=clock.now())
    for worker, degrees in ((mine, "36.5"), (other, "36.6")):
        taken = {"person": person.pk, "how": "door", "temperature_c": degrees}
        last = phone.tell("isolation.temperature", taken, worker=worker, at=clock.now())
    phone.tell("undo", {"of": str(last)}, worker=other, at=clock.now())
    assert outcomes(phone) == ["stored"] * 5
    with scope([XIANGYUN]):
        assert set(Attempt.objects.values_list("outcome", "by")) == {("no_answer", mine), ("hung_up", other)}
        assert list(Reading.objects.filter(void_at=None).values_list("by", "how")) == [(mine, "door")]
    assert BUILDING_1
