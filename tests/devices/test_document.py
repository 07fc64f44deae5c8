"""Schemathesis asks the interface everything that its own document allows, and much that it does not."""

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

from tests.devices.phones import phone_of
from tests.world import DIANLI

ADDRESS = "/api/v1/openapi.json"
NAMES = (
    "enrol",
    "session",
    "session/question",
    "session/wiped",
    "events",
    "events/have",
    "gate/check",
    "numbers",
    "package",
    "photos",
)
EXAMPLES = 30


def test_the_document_names_every_address():
    paths = Client(SERVER_NAME="localhost").get(ADDRESS).json()["paths"]
    assert set(paths) == {f"/api/v1/{name}" for name in NAMES}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_nothing_that_is_asked_breaks_the_server(street, name, mode):
    from shouwang.wsgi import application

    phone = phone_of(street, [DIANLI])
    phone.come_in()
    address = f"/api/v1/{name}"
    operation = schemathesis.openapi.from_wsgi(ADDRESS, application)[address][
        "GET" if name == "package" else "POST"
    ]
    seen = set()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case):
        answer = case.call(headers={"Authorization": f"Bearer {phone.token}"})
        seen.add(answer.status_code)

    asked()
    assert seen
    assert max(seen) < 500
