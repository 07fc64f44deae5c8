"""Three days at four gates: no network for two hours, a forged pass, a fever, a birth, a barred courier, a shift without a guard.

What the phones counted, what the server counts, and what the ledger is filled with is the same in the end.
"""

from datetime import time, timedelta

import pytest
from django.db.models import Sum
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.catalogue import FIELDS
from shouwang.duties.models import Duty
from shouwang.flows.gates.gate_shifts import arrive, gates_of_posts
from shouwang.flows.hands.change_turns import publish_roster
from shouwang.gates.duties import STAFFED
from shouwang.gates.models import Fever, Gate, Passage
from shouwang.gates.queries import live, mattering, tallies
from shouwang.lib import clock
from shouwang.lib.fields import NumberField
from shouwang.lib.ids import uuid7
from shouwang.outreach.models import Message
from shouwang.roster import posts, turns
from shouwang.roster.models import Shift
from shouwang.screening.lists.models import Referral
from shouwang.standing.models import Bar
from tests.desk.conftest import browser_of, street
from tests.gates.gatekeeper import gates_of, give_pass, guard_at, keep_home, person_of, shown
from tests.world import DIANLI, XIANGYUN, at

__all__ = ["browser_of", "street"]

NAMES = ("东门", "西门", "南门", "北门")
MOTHER, RESIDENT, HELD, ILL = (f"电力楼院 1-1-{room}" for room in (101, 102, 201, 202))


@pytest.fixture
def to(monkeypatch):
    """Sets the clock of the server and of everybody."""

    def to(moment):
        monkeypatch.setenv("SHOUWANG_CLOCK", moment.replace(tzinfo=None).isoformat())
        return moment

    return to


def manned(street, now):
    """Four posts of the roster become gates in one step; three shifts a day, one guard at each but the north gate."""
    by = street.users["书记刘"]
    gates_of(street)  # a plan, and no gate yet
    with scope([XIANGYUN]):
        helpers = list(street.helpers.values())
        for name in NAMES:
            post = posts.add_post(DIANLI, kind="gate", name=name, by=by, at=now)
            for hour in (0, 8, 16):
                posts.add_hours(
                    post.pk, days=range(7), from_hour=time(hour), until_hour=time((hour + 8) % 24), people=1,
                    by=by, at=now,
                )  # fmt: skip
        first = clock.day_of(now)
        posts.lay_out(DIANLI, from_on=first, until_on=first + timedelta(days=3), at=now)
        publish_roster(DIANLI, from_on=first, until_on=first + timedelta(days=3), by=by, at=now)
        made = gates_of_posts(DIANLI, by=by, at=now)
        Gate.objects.filter(name="西门").update(kind="road")  # the other way leads on to the motorway
        assert gates_of_posts(DIANLI, by=by, at=now) == []
        today = Shift.objects.filter(starts_at=at(21, 16), post__name__in=NAMES[:3]).order_by("post")
        for shift, helper in zip(today, helpers, strict=False):
            turn = turns.give(shift.pk, helper.pk, by=by, at=now)
            arrive([turn.pk], how="tap", by=None, at=at(21, 15, 50))
    return {gate.name: gate for gate in made}


def barred(street, card, now):
    """The courier's pass is withdrawn, on the word of two."""
    with scope([XIANGYUN]):
        Bar.objects.create(
            id=uuid7(now), area_code=card.area_code, card=card, from_at=now - timedelta(hours=1),
            until=now + timedelta(days=7), reason_code="incident", reason="强行冲卡", authority="街道办", document="3号",
            legal_basis="第五十条", proposed_by=street.users["李楼长"], approved_by=street.users["书记刘"], approved_at=now,
        )  # fmt: skip


def first_day(street, gates, to):
    """Morning and afternoon at the east and west gates; the network is away from ten to twelve at the east gate."""
    east, west = guard_at(street, gates["东门"]), guard_at(street, gates["西门"], "门卫老吴")
    mine = give_pass(street, RESIDENT)
    courier = give_pass(street, RESIDENT, kind="supplier", person=None, holder="快递戊")
    barred(street, courier, at(21, 10))
    keep_home(street, HELD, until=at(22, 8))
    east.phone.fetch_package()
    known = east.phone.parts["passes"]
    assert known[courier.pk.hex][5][0][:2] == ["refuse", "withdrawn"]
    to(at(21, 10, 5))
    offline = [
        {"code": "home", "pass": str(mine.pk), "scanned": shown(mine)},
        {"kind": "supplier", "decision": "refuse", "code": "withdrawn", "pass": str(courier.pk)},
        {"direction": "out", "code": "medical_exit", "medical": True, "person": person_of(street, MOTHER).pk},
        {"direction": "out", "code": "pass", "person": person_of(street, HELD).pk},
        {
            "kind": "outsider",
            "decision": "refuse",
            "code": "forged",
            "scanned": shown(mine)[:-4] + "AAAA",
            "pass": str(mine.pk),
        },
    ]
    for minutes, said in enumerate(offline):
        east.passage(at=at(21, 10, 10 + 20 * minutes), **said)
    hot = east.passage(
        at=at(21, 11, 50), decision="ask_admit", code="aside", person=person_of(street, ILL).pk,
        temperature_c="38.1", second_c="38.2",
    )  # fmt: skip
    east.phone.tell(
        "gates.fever",
        {"gate": str(east.gate.pk), "temperature_c": "38.1", "second_c": "38.2", "passage": str(hot), "told": "张干部",
         "person": person_of(street, ILL).pk},
        worker=east.worker, at=at(21, 11, 51),
    )  # fmt: skip
    assert not east.phone.green
    for number in range(3):
        west.passage(
            at=at(21, 11, number), kind="outsider", people=number + 1, plate=f"云D0000{number}",
            outside="province" if number == 0 else "city", decision="refuse" if number == 2 else "admit",
        )  # fmt: skip
    to(at(21, 12))
    for guard in (east, west):
        guard.phone.send(at=at(21, 12))
        assert guard.phone.green
    return east, west


def test_three_days_at_four_gates(street, browser_of, to):
    gates = manned(street, to(at(21, 9)))
    assert sorted(gates) == sorted(NAMES)
    east, west = first_day(street, gates, to)
    with scope([XIANGYUN]):
        rows = list(Passage.objects.filter(void_at=None).order_by("at"))
        mine = [row for row in rows if row.gate_id == east.gate.pk]
        assert [row.decision for row in mine] == ["admit", "refuse", "admit", "admit", "refuse", "admit"]
        assert [row.mattered for row in mine] == [False, False, False, True, False, False]
        assert [row.code for row in mattering(DIANLI, now=at(21, 12))] == ["pass"]
        assert Fever.objects.get().told == "张干部"
        assert Referral.objects.filter(person=person_of(street, ILL).pk).count() == 1
        assert not Message.objects.filter(area_code__startswith=XIANGYUN, params__icontains="38").exists()
    to(at(21, 16, 30))
    with scope([XIANGYUN]):
        states = {line.gate.name: (line.manned, line.unmanned) for line in live(DIANLI, now=at(21, 16, 30))}
        assert states == {
            "东门": (True, False),
            "西门": (True, False),
            "南门": (True, False),
            "北门": (False, True),
        }
        owed = Duty.objects.filter(kind=STAFFED.name, due_at=at(21, 16))
        assert owed.filter(fact="done").count() == 3
        assert owed.get(fact="owed").about == gates["北门"].pk
    page = browser_of("书记刘").get(reverse("gates")).content.decode()
    assert "没有人的卡口 1" in page
    to(at(22, 8, 30))
    out = west.passage(at=at(22, 8, 20), direction="out", code="pass", person=person_of(street, HELD).pk)
    west.phone.send(at=at(22, 8, 30))
    with scope([XIANGYUN]):
        assert not Passage.objects.get(pk=out).mattered  # the hold ended at eight, nobody had to say so
    agreed(gates, to(at(23, 18)))


def agreed(gates, now):
    """The figures by gate and shift, and the form of the day, are sums of the very same events."""
    first = clock.midnight(at(21, 0).date())
    with scope([XIANGYUN]):
        found = tallies([gate.pk for gate in gates.values()], from_at=first, until=now, shifts=3)
        west = next(one for one in found if one.gate == gates["西门"].pk)
        assert (west.vehicles, west.people, west.province, west.city) == (3, 6, 1, 5)
        assert (west.turned_vehicles, west.turned_people) == (1, 3)
        for key, name in (
            ("gates.vehicles_ever", "vehicles"), ("gates.people_ever", "people"), ("gates.province_ever", "province"),
            ("gates.city_ever", "city"), ("gates.turned_vehicles_ever", "turned_vehicles"),
            ("gates.turned_people_ever", "turned_people"), ("gates.fevers_ever", "fevers"),
        ):  # fmt: skip
            field = FIELDS[key]
            assert isinstance(field, NumberField)
            rows = field.source(DIANLI).filter(came_at__lt=now, gone_at=None)
            assert (rows.aggregate(many=Sum("amount"))["many"] or 0) == sum(
                getattr(one, name) for one in found
            ), key
        assert Gate.objects.filter(closed_at=None).count() == len(NAMES)
