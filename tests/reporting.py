"""Forms of 报备 as a phone sends them."""

from typing import Any
from uuid import uuid4

from django.test import Client

from shouwang.screening.reports import posters
from shouwang.screening.reports.models import Poster


def page_of(poster: Poster) -> str:
    """The address that the poster's code holds."""
    return f"/r/{posters.code_of(poster)}/"


def form(*people: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A family back from Hangzhou; its people are given, the rest can be said otherwise."""
    lines = {f"people-{n}-{name}": value for n, one in enumerate(people) for name, value in one.items()}
    return {
        "id": str(uuid4()), "whose": "family", "state": "back", "from_place": "浙江杭州", "left_on": "2022-04-20",
        "arrived_on": "2022-04-20", "transport": "G1811", "building": "1", "unit": "1", "room": "101",
        "phone": "19900001234", "people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": 0,
        "stops-TOTAL_FORMS": 0, "stops-INITIAL_FORMS": 0, **lines, **more,
    }  # fmt: skip


def ask(address: str, sent: dict[str, Any]) -> Any:
    """Sends it as the page's script does."""
    return Client().post(address, sent, headers={"Accept": "application/json"})
