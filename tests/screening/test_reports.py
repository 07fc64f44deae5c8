"""报备: from the poster to the row on the list desk."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from shouwang.access.scope import scope
from shouwang.flows.reports_arrive import take_in
from shouwang.register.models import Person
from shouwang.screening.lists.models import Inquiry, ListRow, PushedList
from shouwang.screening.reports import posters
from shouwang.screening.reports.models import ReportedPerson, SelfReport
from tests.world import CHUNHUI, DIANLI, JIANXIN, XIANGYUN, at

NOON = "2022-04-21T12:00:00"


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", NOON)
    return at(21, 12)


@pytest.fixture
def poster(world, noon):
    with scope([XIANGYUN]):
        return posters.put_up([DIANLI], by=None, at=at(21, 8))[0]


def page_of(poster):
    return f"/r/{posters.code_of(poster)}/"


def form(*people, **more):
    """A form as a browser sends it."""
    lines = {f"people-{n}-{name}": value for n, one in enumerate(people) for name, value in one.items()}
    return {
        "id": str(uuid4()), "whose": "family", "state": "back", "from_place": "浙江杭州", "arrived_on": "2022-04-20",
        "left_on": "2022-04-20", "transport": "G1811", "building": "1", "unit": "1", "room": "101",
        "phone": "19900001234", "people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": 0,
        "stops-TOTAL_FORMS": 0, "stops-INITIAL_FORMS": 0, **lines, **more,
    }  # fmt: skip


def test_first(poster):
    client = Client()
    shown = client.get(page_of(poster))
    assert shown.status_code == 200, shown.content.decode()[:2000]
    sent = form({"name": "住户11101"}, {"name": "新来的"})
    answer = client.post(page_of(poster), sent)
    assert answer.status_code == 302, answer.content.decode()
    own = client.get(answer["Location"])
    assert own.status_code == 200
    print(own.content.decode())
    with scope([XIANGYUN]):
        landed = take_in(XIANGYUN, at=at(21, 12))
        print(landed, list(ListRow.objects.values("name", "outcome", "why", "address")))
        assert landed.people == 2
