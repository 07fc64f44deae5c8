"""Every form of a town at work, sent as it should not be: a sentence, and what was typed is still there; never a broken page."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from shouwang.access.links import token
from shouwang.access.models import User
from shouwang.access.scope import scope
from shouwang.demo.making import CODE
from shouwang.desk.disinfection.sheets import SPOT
from shouwang.desk.open import closed, handing
from shouwang.disinfection.models import Spot
from shouwang.isolation import home
from shouwang.isolation.models import Order, Seal, Transfer
from shouwang.lib import clock
from shouwang.register.models import Helper, Household
from shouwang.roster.models import Post, Turn
from shouwang.roster.posts import post_link
from shouwang.roster.workers import own_link
from shouwang.screening.contests import own as inquired
from shouwang.screening.lists.models import Inquiry
from shouwang.screening.reports.links import ASKED
from shouwang.standing.models import Pass
from shouwang.standing.own import path_of as pass_page
from shouwang.testing.results.seeing import path_to
from tests.desk.test_few_questions import HREF, kind_of, town  # noqa: F401
from tests.desk.test_imports import files  # noqa: F401
from tests.forms import PICKED, Asked, Form, forms_on

WHO = ("shuji", "shenji")  # between them they open all but a few pages that others have alike
LONG = "长" * 10_000
TYPED = {"text", "search", "tel", "textarea", "password", "email", "url"}
DAYS = {"date", "datetime-local", "time", "month"}
IMPOSSIBLE = ("2022-02-30", "0001-01-01", "9999-12-31")
ODD = ("9" * 5000, "昨天\0", "0001-01-01", "-1")
# A phone's digits and passwords are never written back; a hidden trap and the empty line to be copied are nobody's words.
NOT_KEPT = ("tail", "password", "website", "__prefix__")
# A document and a list are pasted whole; whoever needs a doctor or flees a fire is written down whatever was typed; who
# taps the right person among several gives no reason.
ANY_LENGTH = {"directive_new", "lists", "seal_left", "exit", "decide"}
# What was brought again is kept as it was brought, beside the list that it is; a list is sent back as often as it is asked
# for, and read again when somebody says so. Somebody who calls twice has tried twice.
GROWS = {"directive_new", "lists", "list_return", "list_columns", "inquiry_tried"}
OPEN = ("report", "say", "say_receipt", "join", "community", "pass_find", "check_area", "closed")
SENT_ON = ("account_logout", "account_login")


@dataclass(frozen=True)
class Said:
    """How a form was answered. Shape: `words` are the page, or where it leads; `broke` says where, when it did."""

    status: int
    words: str = ""
    broke: str = ""


@contextmanager
def undone() -> Iterator[None]:
    """What happens here has not happened afterwards; what only a commit would find is found."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answer_of(client: Client, form: Form, told: dict) -> HttpResponseBase:
    with transaction.atomic():
        answer = client.post(form.action, told) if form.method == "post" else client.get(form.action, told)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return answer


def send(client: Client, form: Form, told: dict) -> Said:
    try:
        answer = answer_of(client, form, told)
    except Exception as error:  # whatever it was, it is what is looked for
        ours = [frame for frame in traceback.extract_tb(sys.exc_info()[2]) if "shouwang" in frame.filename]
        where = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else ""
        return Said(500, broke=f"{type(error).__name__} {error} {where}"[:300])
    if answer.streaming:
        return Said(answer.status_code if list(answer.streaming_content) else 500)
    if answer.status_code == 302:
        return Said(302, answer["Location"])
    return Said(answer.status_code, unescape(answer.content.decode(errors="ignore")))


def as_it_stands(one: Asked) -> list:
    """What somebody sends who fills in what is asked and looks at nothing."""
    now = clock.now().astimezone(clock.ZONE)
    usual = {
        "date": now.date().isoformat(), "datetime-local": now.strftime("%Y-%m-%dT%H:%M"), "time": "09:00", "number": "1",
        "tel": "13900000101", "file": SimpleUploadedFile("名单.csv", "姓名,手机号码\n王五,13900000101\n".encode()),
    }  # fmt: skip
    if one.kind in PICKED:
        return one.values or one.choices[:1]
    if one.kind == "select":
        return one.values or [each for each in one.choices if each][:1]
    if one.name == "more":  # one line more: nobody is told off for what is not filled in yet
        return []
    if one.kind in ("hidden", "button"):
        return one.values or one.choices[:1]
    return one.values if any(one.values) else [usual.get(one.kind, "试一试")]


def nonsense(one: Asked, number: int) -> list:
    """What cannot be, in every field; the button that is pressed is one of the page's."""
    if one.kind in DAYS:
        day = IMPOSSIBLE[number % len(IMPOSSIBLE)]
        return [{"datetime-local": f"{day}T00:00", "time": "25:61"}.get(one.kind, day)]
    if one.kind == "number":
        return [("-1", "9" * 40, "NaN")[number % 3]]
    if one.kind in TYPED:
        return ["王\0\x07五"]
    if one.kind == "button" or one.name.endswith("_FORMS"):
        return as_it_stands(one)
    if one.kind == "file":
        return [SimpleUploadedFile("坏" * 90 + ".xlsx", b"\0\x01" * 50)]
    return [ODD[number % len(ODD)] if number % 2 else str(UUID(int=7 << 76 | 2 << 62))]


def told_by(form: Form) -> list[Asked]:
    return [one for one in form.fields.values() if one.name != "csrfmiddlewaretoken"]


def streets() -> list[str]:
    """Where somebody in the street begins: open pages, and a link of each kind that people have."""
    found = [reverse(name, args=[CODE]) for name in OPEN] + [reverse("report_receipt"), reverse("door_enter")]
    with scope([CODE]):
        turn = Turn.objects.order_by("pk").first()
        rows = (
            (Order.objects.filter(released_at=None), home.path_of), (Seal.objects.all(), closed.exit_link),
            (Transfer.objects.all(), handing.hand_link), (Post.objects.filter(ended_at=None), post_link),
            (Helper.objects.filter(pk=turn.helper_id if turn else 0), own_link), (Inquiry.objects.all(), inquired.path_of),
            (Inquiry.objects.all(), lambda row: f"/r/m/{token(ASKED, row.pk, row.area_code)}/"),
            (Pass.objects.all(), pass_page), (Household.objects.all(), lambda row: path_to(row.pk, row.area_code)),
            (Spot.objects.all(), lambda row: reverse("spot_done", args=[token(SPOT, row.pk, row.area_code)])),
        )  # fmt: skip
        return found + [path(row) for kind, path in rows for row in kind.order_by("pk")[:1]]


def walk(client: Client, starts: list[str], forms: dict, addresses: dict) -> None:
    """Along every link, one page of each kind; one form of each kind is kept, and one address with a question in it."""
    waiting, met = list(starts), set()
    for address in waiting:
        answer = client.get(address)
        words = "" if answer.streaming else answer.content.decode(errors="ignore")
        here = address.partition("?")[0]
        if answer.get("Content-Type", "").startswith("text/html"):
            for form in forms_on(address, words):
                kind = name_of(form)
                if kind and kind[0] not in SENT_ON:
                    forms.setdefault(kind, (client, form))
        ways = [answer["Location"]] if answer.status_code == 302 else map(unescape, HREF.findall(words))
        for way in (here + one if one.startswith("?") else one for one in ways):
            kind = kind_of(way)
            if kind and kind not in met:
                met.add(kind)
                waiting.append(way)
                if kind[1]:
                    addresses.setdefault(kind, (client, way))


def name_of(form: Form) -> tuple[str, str, frozenset[str]] | None:
    try:
        found = resolve(form.action.partition("?")[0])
    except Resolver404:
        return None
    return found.url_name or "", form.method, form.names


@pytest.fixture
def everything(town):  # noqa: F811
    """One form of each kind that the town has, with somebody who may open it; and addresses that ask for something."""
    forms: dict = {}
    addresses: dict = {}
    for name in WHO:
        client = Client()
        client.force_login(User.objects.get(username=name))
        walk(client, ["/", reverse("door")], forms, addresses)
    walk(Client(), streets(), forms, addresses)
    assert len(forms) > 200
    return sorted(forms.items(), key=place_of), sorted(addresses.items(), key=place_of)


def place_of(kept: tuple) -> tuple:
    """In the same order in every run: which nonsense a form is sent hangs on its place."""
    (name, *rest), _ = kept
    return name, *(one if isinstance(one, str) else sorted(one) for one in rest)


def rows_in_all() -> dict[str, int]:
    """How many rows every table of ours has."""
    tables = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("shouwang")]
    with scope([""]), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables))
        return dict(cursor.fetchall())


def said_no(client: Client, said: Said) -> bool:
    """Whether somebody is told that it was not taken: on the page, or on the one they are led to."""
    if said.status == 302:
        shown = client.get(said.words).content.decode(errors="ignore")
        return "alert-danger" in shown or "alert-warning" in shown
    return said.status >= 400 or 'role="alert"' in said.words


def what_breaks(name: str, client: Client, form: Form, number: int) -> list[str]:
    """What is wrong with one form: each sentence names the form and what was sent."""
    fields = told_by(form)
    typed = [
        one.name for one in fields if one.kind in TYPED and not any(part in one.name for part in NOT_KEPT)
    ]
    days = [one.name for one in fields if one.kind in DAYS or one.kind == "number"]
    found = []
    with undone():
        said = send(client, form, {one.name: nonsense(one, number) for one in fields})
        found += [f"{name}, nonsense: {said.broke}"] if said.broke else []
        taken = form.method == "post" and days and not said_no(client, said)
        found += [f"{name}: {days} taken as they cannot be"] if taken else []
    with undone():
        said = send(client, form, {})
        found += [f"{name}, nothing: {said.broke}"] if said.broke else []
    if typed:
        with undone():
            found += too_long(name, client, form, typed)
    if form.method == "post":
        with undone():
            found += twice(name, client, form)
    return found


def too_long(name: str, client: Client, form: Form, typed: list[str]) -> list[str]:
    """10,000 characters in every field of text: not taken, and still there."""
    plain = {one.name: as_it_stands(one) for one in told_by(form)}
    said = send(client, form, {**plain, **{one: [LONG] for one in typed}})
    if said.broke:
        return [f"{name}, too long: {said.broke}"]
    if form.method == "get" or name in ANY_LENGTH:
        return []
    if not said_no(client, said):
        return [f"{name}, too long: {typed} taken"]
    kept = said.status in (302, 403, 404) or LONG in said.words
    return [] if kept else [f"{name}, too long: {typed} lost"]


def twice(name: str, client: Client, form: Form) -> list[str]:
    """Sent as it stands, and once more: nothing breaks, and nothing is there twice."""
    said = send(client, form, {one.name: as_it_stands(one) for one in told_by(form)})
    if said.broke:
        return [f"{name}, as it stands: {said.broke}"]
    if said.status != 302:
        return []
    before = rows_in_all()
    again = send(client, form, {one.name: as_it_stands(one) for one in told_by(form)})
    grown = {table for table, many in rows_in_all().items() if many > before[table]}
    grown = {table for table in grown if table != "access_audit" and not table.endswith("event")}
    if again.broke:
        return [f"{name}, twice: {again.broke}"]
    return [f"{name}, twice: more in {grown}"] if grown and name not in GROWS else []


def addresses_that_break(addresses: list) -> list[str]:
    """Nonsense in every question of an address: a page or a page that says no."""
    found = []
    for number, (_kind, (client, way)) in enumerate(addresses):
        path, _mark, query = way.partition("?")
        names = [name for name, _value in parse_qsl(query, keep_blank_values=True)]
        for odd in (ODD[number % len(ODD)], "王\0\x07五"):
            form = Form(way, f"{path}?{urlencode(dict.fromkeys(names, odd))}", "get")
            with undone():
                said = send(client, form, {})
            found += [f"{way}: {said.broke}"] if said.broke else []
    return found


@pytest.mark.slow
def test_no_form_breaks_takes_nonsense_loses_what_was_typed_or_does_it_twice(everything):
    forms, addresses = everything
    found = addresses_that_break(addresses)
    for number, ((name, _method, _names), (client, form)) in enumerate(forms):
        found += what_breaks(name, client, form, number)
    assert not found, "\n".join(found)
