"""Every page of the desk with the whole demo town of 12,500 people: p95 of thirty requests, and the questions asked."""

import os
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from bench.asking import p95_ms
from bench.district import installed, owner
from bench.result import Result, at_most
from bench.scratch import say, size

if TYPE_CHECKING:
    from django.test import Client

TIMES = 30
GOAL_MS, GOAL_BOARD_MS = 200, 150
BOARD = ("board", "board_numbers")
FULL_PEOPLE = 12_500
LIST_ROWS = 1_103
# Who looks: most pages open for the secretary, the log for the auditor, cases for whoever investigates them.
WHO = ("shuji", "shenji", "liudiao")
ASKED = {
    "board_list": "?state=left",
    "living_list": "?which=unknown",
    "find": "?q=王",
    "matrix": "?area={compound}",
    "door_sheets": "?area={compound}",
    "nobodys_doors": "?area={community}",
    "closed_day": "?community={community}&day={yesterday}",
    "account_list": "?community={community}&day={yesterday}&column=opened",
    "list_rows": "?area={community}",
    "work": "?all=1",
}
ABOUT_ONE = ("household", "household_aside", "person", "person_aside", "place")


def measure_pages() -> list[Result]:
    """Through middleware, door, view and template, as somebody to whom the page opens."""
    community = _town()
    clients = [_logged_in(name) for name in WHO]
    addresses = _addresses(community) | _file(clients[0], community) | _list(clients[0], community)
    found = []
    for name, address in sorted(addresses.items()):
        client = next((one for one in clients if one.get(address).status_code == HTTPStatus.OK), None)
        if client:  # what is only sent to, or is about something that the town has not, is no page here
            goal = GOAL_BOARD_MS if name in BOARD else GOAL_MS
            found.append(at_most(f"pages.{name}", p95_ms(client, address, TIMES), "ms", goal))
    return found


def _town() -> str:
    """The demo town at its own moment. Returns its code."""
    installed()
    from shouwang import demo
    from shouwang.demo.making import CODE
    from shouwang.demo.moment import remembered
    from shouwang.installation import data_folder
    from shouwang.lib.clock import now

    demo.make(say, now=now(), scale=min(1.0, size() / FULL_PEOPLE))
    os.environ["SHOUWANG_CLOCK"] = f"{remembered(data_folder()):%Y-%m-%dT%H:%M:%S%z}"
    with owner() as connection:  # as PostgreSQL does by itself a minute later
        connection.execute("ANALYZE")
    return CODE


def _logged_in(name: str) -> "Client":
    from django.test import Client

    from shouwang.access.models import User

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(User.objects.get(username=name))
    return client


def _addresses(community: str) -> dict[str, str]:
    """Every page of ours that needs nothing in its address, and those about the first household, person and place."""
    from django.urls import get_resolver, resolve, reverse

    from shouwang.access.scope import scope
    from shouwang.lib.clock import day_of, now
    from shouwang.register.models import Area, Household, Person, Place

    known = get_resolver().reverse_dict
    plain = [name for name in known if isinstance(name, str) and not known.getlist(name)[0][0][0][1]]
    found = {name: reverse(name) for name in plain}
    found = {
        name: address
        for name, address in found.items()
        if resolve(address).func.__module__.startswith("shouwang")
    }
    with scope([community]):
        compound = Area.objects.filter(level="compound").earliest("code").code
        ones = {
            model.__name__.lower(): model.objects.earliest("pk").pk for model in (Household, Person, Place)
        }
    told = {
        "compound": compound,
        "community": community,
        "yesterday": day_of(now()) - timedelta(days=1),
    }
    found |= {name: reverse(name) + query.format(**told) for name, query in ASKED.items()}
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


def _list(client: "Client", community: str) -> dict[str, str]:
    """A list of 1,103 rows pushed to the town: its page, its columns, one row and one person to call."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    from shouwang.access.scope import scope
    from shouwang.register.models import Person
    from shouwang.register.uploads import Upload
    from shouwang.screening.models import Inquiry, ListRow, PushedList

    with scope([community]):
        people = Person.objects.filter(left_at=None).select_related("household").order_by("pk")
        step = max(people.count() // LIST_ROWS, 1)
        rows = [
            f"{one.name},1390000{number:04},{one.household.compound}{one.household}"
            for number, one in enumerate(people[::step][:LIST_ROWS])
        ]
    file = SimpleUploadedFile("名单.csv", "\n".join(["姓名,手机号码,现住址", *rows]).encode())
    told = {"community": community, "sender": "区指挥部", "source": "pushed", "hours": "24", "brought": file}
    client.post(reverse("lists"), told)
    upload = Upload.objects.latest("received_at").pk
    with scope([community]):
        ones = {
            "list_page": PushedList.objects.latest("pk").pk,
            "list_columns": upload,
            "list_row": ListRow.objects.earliest("pk").pk,
            "inquiry": Inquiry.objects.earliest("pk").pk,
        }
    return {name: reverse(name, args=[pk]) for name, pk in ones.items()}
