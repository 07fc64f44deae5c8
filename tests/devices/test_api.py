"""Who is let in, what is too much, what a phone takes along, and what the document says."""

import gzip
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouwang.access.models import Grant
from shouwang.access.scope import scope
from shouwang.access.signing import is_signed
from shouwang.api.client import NotIn, Phone
from shouwang.devices.envelope import MOST_BYTES, MOST_EVENTS
from shouwang.devices.models import Batch
from shouwang.lib import clock
from shouwang.screening.actions import Seen, record_visits
from tests.devices.phones import code_for, over_django, phone_of
from tests.world import BUILDING_1, DIANLI, XIANGYUN

EVENTS = "/api/v1/events"


@pytest.fixture
def phone(street):
    return phone_of(street, [DIANLI])


def post(phone, body=b"{}", **headers):
    return phone.send_request(
        "POST", EVENTS, {"X-Batch-Id": "b", "Authorization": f"Bearer {phone.token}", **headers}, body
    )


def test_nobody_is_let_in_without_a_word_of_ours(street, phone, monkeypatch):
    assert post(phone).status == 401
    phone.come_in()
    assert post(phone).status == 201  # no batch: kept raw, and answered
    for token in (
        "",
        "x",
        "a.b.c.d.e",
        phone.token[:-1] + ("1" if phone.token[-1] == "0" else "0"),
        "é" * 10,
        phone.token.replace(".", "..", 1),
    ):
        phone.token, before = token, phone.token
        assert post(phone).status == 401, token
        phone.token = before
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T22:01:00")  # twelve hours later, by our clock alone
    assert post(phone).said["code"] == "api.not_let_in"
    phone.tell("screening.visit", {"household": street.ids("电力楼院 1-1-101")[0]}, worker=1, at=clock.now())
    assert phone.send(at=clock.now()).status == 201  # the client asks for another


def test_a_question_is_signed_by_the_key_of_that_phone_within_minutes(street, phone, monkeypatch):
    other = phone_of(street, [BUILDING_1], "李楼长")
    asked = phone._post("/api/v1/session/question", {"device_id": str(phone.device_id)}).said["question"]
    forged = {**other._signed(asked), "device_id": str(phone.device_id)}
    assert phone._post("/api/v1/session", forged).status == 401
    assert phone._post("/api/v1/session", phone._signed(asked)).status == 200
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:02:01")
    assert phone._post("/api/v1/session", phone._signed(asked)).status == 401


def test_codes_cannot_be_guessed(street):
    thief = Phone(over_django())
    said = []
    for number in range(31):
        with pytest.raises(NotIn) as refused:
            thief.enrol(f"{number:012d}")
        said.append(refused.value.reply.status)
    assert said == [422] * 30 + [429]
    assert refused.value.reply.headers["Retry-After"] == "600"


def test_nobody_hands_out_more_than_they_have(street):
    from shouwang.devices.enrolling import MoreThanOwn

    with pytest.raises(MoreThanOwn):
        code_for(street, [DIANLI], [street.users["李楼长"]], role="auditor")


def test_a_phone_whose_worker_has_left_gets_no_more_packages_and_its_events_arrive(street, phone):
    Grant.objects.filter(user=street.users["李楼长"]).update(until=clock.now())
    assert phone.fetch_package().status == 403
    door = street.ids("电力楼院 1-1-101")[0]
    phone.tell("screening.visit", {"household": door}, worker=phone.workers[0]["id"], at=clock.now())
    assert phone.send(at=clock.now()).said["outcomes"][0]["outcome"] == "stored"


def test_too_much_at_once_is_halved_and_all_of_it_arrives(street, phone):
    door = street.ids("电力楼院 1-1-101")[0]
    for _ in range(MOST_EVENTS + 1):
        phone.tell("screening.visit", {"household": door}, worker=phone.workers[0]["id"], at=clock.now())
    phone.come_in()
    assert post(phone, b"x" * (MOST_BYTES + 1)).status == 413
    assert post(phone, gzip.compress(b" " * (MOST_BYTES + 1)), **{"Content-Encoding": "gzip"}).status == 413
    phone.send(at=clock.now(), most=MOST_EVENTS + 1)
    assert phone.green
    with scope([XIANGYUN]):
        assert Batch.objects.count() == 2


def test_a_batch_may_come_compressed(street, phone):
    door = street.ids("电力楼院 1-1-101")[0]
    name = str(
        phone.tell("screening.visit", {"household": door}, worker=phone.workers[0]["id"], at=clock.now())
    )
    body = json.dumps({"batch_id": "b", "events": [json.loads(phone.outbox[name])]}).encode()
    phone.come_in()
    assert (
        post(phone, gzip.compress(body), **{"Content-Encoding": "gzip"}).said["outcomes"][0]["outcome"]
        == "stored"
    )
    assert post(phone, body[:-9], **{"Content-Encoding": "gzip"}).said["outcome"] == "unreadable_batch"


def test_two_batches_of_one_phone_never_run_beside_each_other(street, phone, owner):
    phone.come_in()
    with owner.transaction():
        owner.execute("SELECT FROM devices_device WHERE id = %s FOR UPDATE", [phone.device_id])
        busy = post(phone)
    assert (busy.status, busy.headers["Retry-After"]) == (429, "2")
    assert post(phone).status == 201


def test_the_package_is_signed_whole_then_only_what_changed_then_nothing(street, phone):
    reply = phone.fetch_package()
    assert reply.status == 200
    assert is_signed(gzip.decompress(reply.body).decode(), reply.headers["X-Signature"], phone.server_key)
    door = street.doors["电力楼院 1-1-101"]
    assert len(phone.parts["doors"]) == 12
    assert [owed[0] for owed in phone.parts["doors"][str(door.pk)]["owed"]] == ["screening.visit"]
    assert phone.parts["people"][str(_person(door))]["door"] == door.pk
    assert phone.parts["words"]["screening.visit"]["en"]
    assert [one["name"] for one in phone.parts["workers"].values()] == ["李楼长"]
    assert phone.fetch_package().status == 304
    with scope([XIANGYUN]):
        record_visits([Seen(door.pk, clock.now())], by=None, at=clock.now())
    delta = json.loads(gzip.decompress(phone.fetch_package().body))
    assert list(delta["changed"]) == ["doors"]
    assert list(delta["changed"]["doors"]) == [str(door.pk)]
    assert "owed" not in phone.parts["doors"][str(door.pk)]
    kept = phone.parts
    phone.version = ""
    phone.fetch_package()
    assert phone.parts == kept


def test_a_package_that_nobody_signed_is_not_believed(street, phone):
    ours = phone.send_request
    phone.come_in()

    def meddled(method, path, headers, body):
        reply = ours(method, path, headers, body)
        return type(reply)(reply.status, reply.headers, gzip.compress(gzip.decompress(reply.body) + b" "))

    phone.send_request = meddled
    phone.fetch_package()
    assert phone.parts == {}
    phone.send_request = ours
    phone.fetch_package()
    assert phone.parts


def test_a_version_or_a_name_that_nothing_can_be_called_breaks_nothing(street, phone):
    phone.come_in()
    token = {"Authorization": f"Bearer {phone.token}"}
    for asked, held in (("?since=%00", ""), ("?since=" + "9" * 50, ""), ("", '"\0"'), ("", 'W/"x"')):
        headers = {**token, "If-None-Match": held}
        assert phone.send_request("GET", f"/api/v1/package{asked}", headers, b"").status == 200
    code = code_for(street, [DIANLI], [street.users["李楼长"]])
    with pytest.raises(NotIn, match=r"422 api\.not_understood"):
        Phone(over_django()).enrol(code, label="\0")


def test_names_are_masked_where_the_role_may_not_read_the_register(street):
    helper = phone_of(street, [DIANLI], role="volunteer")
    helper.fetch_package()
    assert all("*" in one["name"] for one in helper.parts["people"].values())


def test_a_package_asks_few_questions(street, phone):
    phone.come_in()
    with CaptureQueriesContext(connection) as asked:
        phone.fetch_package()
    assert len(asked) <= 30  # a few for each part, however many people there are


def _person(door):
    with scope([XIANGYUN]):
        return door.people.get().pk
