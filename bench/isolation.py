"""A district with 100,000 people in isolation: the day's duties, the overview of all of them, one household's own page."""

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.asking import p95_ms
from bench.district import DISTRICT, MORNING, installed, make_households, make_people, owner
from bench.result import Result, at_most
from bench.scratch import SIZE_VARIABLE, say, size

if TYPE_CHECKING:
    from django.test import Client

GOAL_DAY_SECONDS, GOAL_OVERVIEW_MS, GOAL_HOME_MS, GOAL_HOME_KB = 30, 200, 100, 50
TIMES = 40
SHARE = 10  # of a million doors every tenth
PHONE = "19900004321"
# A call and the rubbish every day, somebody at the door every other day.
EVERY = "welfare_call_every_days = 1\nspot_check_every_days = 2\nwaste_every_days = 1\n"
OPEN = '"welfare_call_every_days", "spot_check_every_days", "waste_every_days", '
ORDERS = """
INSERT INTO isolation_order (id, area_code, person_id, household_id, category, regime, plan_id, origin_clock, origin_on,
  home_fit, home_unmet, mode, outside, source, proposed_at, proposed_by_id, lapses_at, until, address_confirmed_at,
  address_confirmed_by_id, decided_at, decided_by_id, above, withdrawn_reason)
SELECT gen_random_uuid(), area_code, id, household_id, 'secondary_contact', 'secondary_contact', %(plan)s, 'last_exposure',
       began::date, true, '{}', 'home', '', 'list', began, %(one)s, began + interval '2 hours',
       date_trunc('day', began AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai' + interval '8 days', began,
       %(other)s, began, %(other)s, false, ''
FROM (SELECT *, %(at)s::timestamptz - interval '1 day' * (1 + mod(id, 6)) AS began FROM register_person) AS person
"""
HOLDS = """
INSERT INTO standing_hold (id, area_code, from_at, until, reason_code, reason, authority, document, legal_basis,
  proposed_by_id, approved_by_id, person_id, about, mode, approved_at, ended_reason)
SELECT gen_random_uuid(), area_code, decided_at, until, category, '同住', '区防控指挥部', '17号', '传染病防治法', proposed_by_id,
       decided_by_id, person_id, id, mode, decided_at, ''
FROM isolation_order
"""
COUNTED = ("isolation_order", "standing_hold", "duties_duty", "duties_count", "register_person")


def measure_isolation() -> list[Result]:
    """Duties as the job of the night makes them, community by community; pages through middleware, door, view and template."""
    os.environ[SIZE_VARIABLE] = str(size() // SHARE)
    os.environ["SHOUWANG_CLOCK"] = MORNING.isoformat()
    installed()
    make_households()
    make_people()
    _hold_everybody()
    made, seconds = _owe()
    say(f"{made:,} duties in {seconds:.1f} s")
    _count()
    overview, home = _overview(), _home()
    return [
        at_most("isolation.day", seconds, "s", GOAL_DAY_SECONDS),
        at_most("isolation.overview", p95_ms(*overview, TIMES), "ms", GOAL_OVERVIEW_MS),
        at_most("isolation.home", p95_ms(*home, TIMES), "ms", GOAL_HOME_MS),
        at_most("isolation.home_size", len(home[0].get(home[1]).content) / 1000, "kB", GOAL_HOME_KB),
    ]


def _hold_everybody() -> None:
    """Everybody of the district is held, since one to six days."""
    from shouwang.access.models import Grant, User
    from shouwang.access.scope import scope
    from shouwang.plans.actions import activate, keep
    from shouwang.plans.loader import shipped

    say("holding everybody")
    text = shipped()["covid_9th"].read_text(encoding="utf-8").replace(OPEN, "")
    text = text.replace("transfer_passengers = 3\n", f"transfer_passengers = 3\n{EVERY}", 1)
    users = [
        User.objects.create_user(name, name=name, created_at=MORNING)
        for name in ("one", "other", "commander")
    ]
    Grant.objects.create(
        user=users[2], role="commander", area_codes=[DISTRICT], from_at=MORNING - timedelta(days=9)
    )
    with scope([DISTRICT]):
        version = keep(text, file="covid_9th.toml", at=MORNING)
        activate(DISTRICT, version, reason="上级文件", by=None, at=MORNING)
    values = {"plan": version.pk, "one": users[0].pk, "other": users[1].pk, "at": MORNING}
    with owner() as connection:
        connection.execute(ORDERS, values)
        connection.execute(HOLDS)
    with scope([DISTRICT]):
        _owe_releases()
    _count()


def _owe_releases() -> None:
    """What a decision owes everybody: to be let out at the hour of the end."""
    from django.db.models import F

    from shouwang.isolation.models import Order
    from shouwang.isolation.ordering import owe_release

    who = Order.objects.annotate(subject=F("person_id"), about=F("id"))
    for until in list(who.order_by("until").values_list("until", flat=True).distinct()):
        owe_release(who.filter(until=until), until, at=MORNING)


def _owe() -> tuple[int, float]:
    from shouwang.access.scope import everything, scope
    from shouwang.flows.isolation_day import communities_with_isolation, owe_the_day

    say("owing the day")
    begun, made = time.perf_counter(), 0
    with everything("looking for communities with people in isolation", at=MORNING):
        communities = communities_with_isolation(now=MORNING)
    for community in communities:
        with scope([community]):
            made += owe_the_day(community, now=MORNING)
    return made, time.perf_counter() - begun


def _overview() -> tuple["Client", str]:
    """The whole district, as its commander opens it."""
    from django.test import Client
    from django.urls import reverse

    from shouwang.access.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="commander"))
    return client, reverse("isolation")


def _home() -> tuple["Client", str]:
    """One household's page, on a phone that has proved to be theirs."""
    from django.conf import settings
    from django.test import Client

    from shouwang.access.scope import scope
    from shouwang.isolation.home import path_of
    from shouwang.isolation.models import Order
    from shouwang.lib.sealing import sealer
    from shouwang.register.models import Person

    client = Client(SERVER_NAME="localhost")
    with scope([DISTRICT]):
        order = Order.objects.earliest("area_code")
        sealed = sealer(settings.SEALING_KEY_FILE).seal(PHONE)
        Person.objects.filter(pk=order.person_id).update(phones_sealed=[sealed])
    link = path_of(order)
    client.post(f"{link}enter/", {"tail": PHONE[-4:]})
    return client, link


def _count() -> None:
    """The database counts its tables, as it does by itself within a minute."""
    with owner() as connection:
        connection.execute(f"ANALYZE {', '.join(COUNTED)}")
