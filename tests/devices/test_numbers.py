"""The numbers of a door on a phone: in clear for whoever goes there, and written down before they are told."""

import json

import pytest
from django.conf import settings

from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.lib.sealing import sealer
from shouwang.register.models import Person
from tests.devices.phones import phone_of
from tests.world import BUILDING_1, XIANGYUN


@pytest.fixture
def called(street):
    """A door of 李楼长's with a number, one of the next building, and 李楼长's phone."""
    here, next_door = street.ids("电力楼院 1-1-101", "电力楼院 2-1-101")
    with scope([XIANGYUN]):
        sealed = [sealer(settings.SEALING_KEY_FILE).seal("19900001234")]
        Person.objects.filter(household__in=[here, next_door]).update(phones_sealed=sealed)
    return phone_of(street, [BUILDING_1]), here, next_door


def asked(phone, household, worker=None):
    said = {"household": household, "worker": worker or phone.workers[0]["id"]}
    return phone._ask(
        "POST", "/api/v1/numbers", {"Content-Type": "application/json"}, json.dumps(said).encode()
    )


def test_whoever_goes_there_sees_the_number_and_it_is_written_down(called):
    phone, here, _next_door = called

    told = asked(phone, here)

    assert [(one["name"][:2], one["phone"]) for one in told.said["numbers"]] == [("住户", "19900001234")]
    assert told.said["numbers"][0]["code"]
    with scope([XIANGYUN]):
        assert Audit.objects.filter(action="register.reveal", user__name="李楼长").count() == 1


def test_nobody_sees_a_number_next_door_or_under_another_name(called):
    phone, here, next_door = called

    assert asked(phone, next_door).status == 403
    assert asked(phone, here, worker=10**6).status == 403
    with scope([XIANGYUN]):
        assert not Audit.objects.filter(action="register.reveal").exists()
