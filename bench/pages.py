"""Every page of the desk with the whole demo town of 12,500 people: p95 of thirty requests, and the questions asked."""

import os
import time
from typing import TYPE_CHECKING

from bench.district import installed, owner
from bench.result import Result, at_most, percentile
from bench.scratch import say, size

if TYPE_CHECKING:
    from django.test import Client

TIMES = 30
GOAL_MS, GOAL_BOARD_MS = 200, 150
BOARD = ("board", "board_numbers")
FULL_PEOPLE = 12_500
# Pages without anything in their address, with what is asked for; pages about one stand below.
PLAIN = {
    "board": "",
    "board_numbers": "",
    "board_list": "?state=left",
    "living": "",
    "living_list": "?which=unknown",
    "duplicates": "",
    "find": "?q=王",
    "matrix": "",
    "places": "",
    "closing": "",
    "past_days": "",
    "rounds": "",
    "new_round": "",
    "imports": "",
    "answering": "",
    "helpers": "",
    "give_area": "",
    "plans": "",
    "people": "",
    "new_account": "",
    "door": "",
    "door_sheets": "",
    "door_cards": "",
    "door_keying": "",
}
ABOUT_ONE = ("household", "household_aside", "person", "person_aside", "place")


def measure_pages() -> list[Result]:
    """Through middleware, door, view and template, as the secretary of the community."""
    client, community = _secretary()
    addresses = _addresses(community) | _file(client, community)
    found = []
    for name, address in addresses.items():
        goal = GOAL_BOARD_MS if name in BOARD else GOAL_MS
        found.append(at_most(f"pages.{name}", _p95(client, address), "ms", goal))
    return found


def _secretary() -> tuple["Client", str]:
    """The town, and a browser in which its secretary is logged in."""
    installed()
    from django.test import Client

    from shouwang import demo
    from shouwang.access.models import User
    from shouwang.demo.making import CODE
    from shouwang.demo.moment import remembered
    from shouwang.installation import data_folder
    from shouwang.lib.clock import now

    demo.make(say, now=now(), scale=min(1.0, size() / FULL_PEOPLE))
    os.environ["SHOUWANG_CLOCK"] = f"{remembered(data_folder()):%Y-%m-%dT%H:%M:%S%z}"
    with owner() as connection:  # as PostgreSQL does by itself a minute later
        connection.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="shuji"))
    return client, CODE


def _addresses(community: str) -> dict[str, str]:
    from django.urls import reverse

    from shouwang.access.scope import scope
    from shouwang.register.models import Area, Household, Person, Place

    found = {name: reverse(name) + query for name, query in PLAIN.items()}
    with scope([community]):
        compound = Area.objects.filter(level="compound").earliest("code").code
        ones = {
            model.__name__.lower(): model.objects.earliest("pk").pk for model in (Household, Person, Place)
        }
    found["matrix"] += f"?area={compound}"
    found["door_sheets"] += f"?area={compound}"
    return found | {name: reverse(name, args=[ones[name.split("_")[0]]]) for name in ABOUT_ONE}


def _file(client: "Client", community: str) -> dict[str, str]:
    """The town's register brought once more, looked at, and not taken in."""
    from django.urls import reverse

    from shouwang import jobs
    from shouwang.installation import data_folder
    from shouwang.register.uploads import Upload

    book = next((data_folder() / "demo").glob("*底册*.xlsx"))
    with book.open("rb") as file:
        client.post(reverse("imports"), {"community": community, "file": file})
    upload = Upload.objects.latest("received_at").pk
    jobs.preview_upload(upload)
    return {name: reverse(name, args=[upload]) for name in ("import_file", "import_columns")}


def _p95(client: "Client", address: str) -> float:
    durations = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = client.get(address)
        durations.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return percentile(durations, 0.95) * 1000
