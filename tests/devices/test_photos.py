"""A photograph from a phone: after its event, without its traces, once, and seen only where its record is."""

import pytest
from django.urls import reverse

from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.devices.models import Photo, Quarantined
from shouwang.devices.photos import MOST_BYTES, MOST_OF_ONE
from shouwang.gates.keeping import add_gate
from shouwang.isolation.asking import ask
from shouwang.isolation.models import Need
from shouwang.lib import clock
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.intake.pictures import without_traces
from tests.devices.phones import phone_of
from tests.register.test_pictures import photo
from tests.world import BUILDING_1, CHUNHUI, DIANLI, MORNING, XIANGYUN

TAKEN = photo(turned=6)


@pytest.fixture
def gate(street):
    with scope([XIANGYUN]):
        plan = keep_shipped("covid_8th", at=MORNING)
        activate(XIANGYUN, plan, reason="文件", by=None, at=MORNING)
        return add_gate(DIANLI, kind="compound", name="东门", by=None, at=MORNING)


def send(phone, event, picture=TAKEN):
    """One photograph, sent; what became of it."""
    phone.photograph(event, picture, at=clock.now())
    reply = phone.send_photos()
    return (reply.said or {}).get("outcome") or (reply.status, (reply.said or {}).get("code"))


def looks(action):
    with scope([XIANGYUN]):
        return Audit.objects.filter(action=action).count()


def test_a_guards_photograph_lies_beside_the_incident_and_whoever_looks_is_written_down(
    gate, street, browser_of, newcomer
):
    now = clock.now()
    guard = phone_of(street, [XIANGYUN, DIANLI], "门岗老陈", role="gate_guard")
    guard.fetch_package()
    assert guard.parts["rules"]["photos"] == ["gates.incident", "isolation.brought"]
    told = {"gate": str(gate.pk), "kind": "quarrel", "words": "两辆车争道"}
    event = guard.tell("gates.incident", told, worker=street.users["门岗老陈"].pk, at=now)
    guard.photograph(event, TAKEN, at=now)
    assert guard.send_photos().status == 0, "its event has not been sent"
    assert (guard.send(at=now).status, guard.green) == (201, False)
    assert (guard.send_photos().said["outcome"], guard.green) == ("stored", True)
    with scope([DIANLI]):
        kept = Photo.objects.select_related("upload").get()
    assert kept.area_code == DIANLI
    again = f"/api/v1/photos?photo={kept.pk}&event={event}"
    as_jpeg = {"Authorization": f"Bearer {guard.token}", "Content-Type": "image/jpeg"}
    assert guard.send_request("POST", again, as_jpeg, TAKEN).said["outcome"] == "duplicate"
    assert guard.send_request("POST", again, as_jpeg, photo()).said["outcome"] == "duplicate_differs"
    page = browser_of("书记刘").get(reverse("incident", args=[event])).content.decode()
    address = reverse("incident_photo", args=[event, kept.pk])
    assert address in page
    seen = browser_of("书记刘").get(address)
    assert b"".join(seen.streaming_content) == without_traces(TAKEN)
    assert (seen["Content-Type"], seen["Cache-Control"]) == ("image/jpeg", "no-store")
    assert looks("gates.look_at_photo") == 1
    assert newcomer("clerk", CHUNHUI).get(address).status_code == 404
    with scope([CHUNHUI]):
        assert not Photo.objects.exists()


def test_what_is_no_photograph_is_set_aside_and_nothing_breaks(gate, street):
    now, guard = clock.now(), phone_of(street, [DIANLI], "门岗老陈", role="gate_guard")
    told = {"gate": str(gate.pk), "kind": "other", "words": "栏杆断了"}
    event = guard.tell("gates.incident", told, worker=street.users["门岗老陈"].pk, at=now)
    guard.send(at=now)
    assert send(guard, event, b"<html>") == "unreadable"
    assert send(guard, event, TAKEN + b"\x00" * MOST_BYTES) == (413, "api.too_large")
    guard.photos.clear()
    other = phone_of(street, [DIANLI], "门岗小刘", role="gate_guard")
    assert send(other, event) == (422, "devices.event_first")
    assert [send(guard, event) for _ in range(MOST_OF_ONE)] == ["stored"] * MOST_OF_ONE
    assert send(guard, event) == (422, "devices.enough_photos")
    with scope([DIANLI]):
        assert Quarantined.objects.filter(reason="register.not_a_photo", seq=None).count() == 1
        assert Photo.objects.count() == MOST_OF_ONE


def test_what_was_brought_stands_at_the_door_with_its_photograph(gate, street, browser_of):
    now, lead = clock.now(), phone_of(street, [BUILDING_1])
    with scope([XIANGYUN]):
        door = street.doors["电力楼院 1-1-101"]
        wanted = ask(door.pk, what="medicine", words="降压药两盒", how="phone", by=None, at=now)
        ask(door.pk, what="counselling", words="想说说话", how="phone", by=None, at=now, private=True)
    lead.fetch_package()
    assert list(lead.parts["needs"]) == [str(wanted.pk)]
    assert "降压药" not in str(lead.parts)
    by = street.users["李楼长"].pk
    first, second = (
        lead.tell("isolation.brought", {"need": str(wanted.pk), "bag": "004512"}, worker=by, at=now)
        for _ in range(2)
    )
    assert [one["reason"] for one in lead.send(at=now).said["outcomes"] if "reason" in one] == [
        "brought_before"
    ]
    assert send(lead, first) == "stored"
    with scope([BUILDING_1]):
        need = Need.objects.get(pk=wanted.pk)
        assert (need.at, need.bag, need.photo_id) == (now, "004512", Photo.objects.get().upload_id)
        assert Photo.objects.get().area_code == need.area_code
    assert (
        reverse("need_photo", args=[need.pk])
        in browser_of("李楼长").get(reverse("need", args=[need.pk])).content.decode()
    )
    assert looks("isolation.look_at_photo") == 0
    seen = browser_of("李楼长").get(reverse("need_photo", args=[need.pk]))
    assert b"".join(seen.streaming_content) == without_traces(TAKEN)
    assert looks("isolation.look_at_photo") == 1
    assert send(lead, second) == "stored"
    lead.fetch_package()
    assert lead.parts["needs"] == {}
