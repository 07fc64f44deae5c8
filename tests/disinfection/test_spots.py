"""Spots owe their rounds, rounds settle them, forms from above fill themselves; after a case somebody else accepts."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.models import User
from shouwang.access.scope import scope
from shouwang.disinfection.fields import FIELDS
from shouwang.disinfection.final import AcceptedAlready, OwnWork, StepsMissing, accept, ask_for, step
from shouwang.disinfection.models import STEPS, Spot
from shouwang.disinfection.rounds import Done, record_rounds, strike
from shouwang.disinfection.rules import windows
from shouwang.disinfection.spots import SpotTwice, add_spots, end_spot, owe_the_day
from shouwang.disinfection.today import today
from shouwang.duties.models import Duty
from shouwang.ledgers.filled.counting import behind, counted
from shouwang.ledgers.periods import Period
from shouwang.plans.actions import activate, keep_shipped
from shouwang.plans.form.fieldwork import Disinfection
from shouwang.plans.form.vocabulary import Words
from tests.world import CHUNHUI, DIANLI, XIANGYUN, World, at

DAY = date(2022, 4, 21)
WORDS = Words(zh_hans="入口", zh_hant="入口", en="entrances")


@pytest.mark.parametrize(
    ("rule", "hours"),
    [
        ({"per_day": 2}, [(0, 12), (12, 24)]),
        ({"per_day": 3, "from_hour": time(8), "until_hour": time(20)}, [(8, 12), (12, 16), (16, 20)]),
        ({"every_hours": 2.0, "from_hour": time(8), "until_hour": time(13)}, [(8, 10), (10, 12)]),
        ({"every_hours": 2.0}, []),
        ({}, []),
    ],
    ids=["twice a day", "three times in working hours", "every two hours", "hours not set", "nothing set"],
)
def test_the_windows_of_a_day(rule, hours):
    found = windows(Disinfection(words=WORDS, **rule), DAY)
    assert [(one.opens_at, one.due_at) for one in found] == [(at(21, a), at(21, b)) for a, b in hours]
    assert all(one.lapses_at == one.due_at for one in found)


@pytest.fixture
def planned(world: World) -> World:
    """The plan of the 9th edition holds."""
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(20, 0)), reason="启用", by=None, at=at(20, 0))
    return world


def test_rounds_are_owed_done_missed_struck_and_counted(planned):
    by = planned.users["书记刘"]
    with scope([XIANGYUN]):
        told = {"kind": "entrances", "name": "单元门", "agent": "84", "by": by, "area_m2": 30}
        first, second = add_spots(DIANLI, each="building", at=at(21, 7), **told)
        assert (first.name, second.name) == ("电力楼院1号楼单元门", "电力楼院2号楼单元门")
        with pytest.raises(SpotTwice):
            add_spots(DIANLI, each="building", at=at(21, 7), **told)
        (gate,) = add_spots(CHUNHUI, kind="entrances", name="大门", agent="84", by=by, at=at(21, 7))
        assert owe_the_day(XIANGYUN, now=at(21, 8)) == 0
        one = Done(first.pk, at(21, 9), id=uuid4())
        for _twice in range(2):
            record_rounds([one], by=by, at=at(21, 9))
        record_rounds([Done(first.pk, at(21, 15))], by=None, at=at(21, 15))
        record_rounds([Done(gate.pk, at(21, 18))], by=None, at=at(21, 18))
        stands = {each.spot.name[-3:]: each for each in today(XIANGYUN, now=at(21, 19))}
        assert [state for _duty, state in stands["单元门"].windows] == ["missed", "open"]
        assert {each.spot: each.done for each in today(XIANGYUN, now=at(21, 19))}[first] == 2
        fields = {field.key: field for field in FIELDS}
        period = Period(at(20, 17), at(21, 17))
        tell = counted(fields.values(), XIANGYUN, 12, period)
        keys = ("spots_day", "rounds_day", "area_day", "bags_day")
        assert [tell[f"disinfection.{key}"](XIANGYUN).number for key in keys] == [1, 2, 60, 0]
        assert len(behind(fields["disinfection.spots_day"], XIANGYUN, period, first=0, most=9)) == 1
        assert len(behind(fields["disinfection.rounds_day"], XIANGYUN, period, first=0, most=9)) == 2
        strike(one.id, reason="扫错了", by=by, at=at(21, 19))
        assert Duty.objects.filter(about=first.pk, fact="done").count() == 1
        end_spot(second.pk, by=by, at=at(21, 20))
        assert not Duty.objects.filter(about=second.pk, fact="owed").exists()
    with scope([planned.doors["建新小区 1-1-101"].area_code[:12]]):
        assert (
            counted(FIELDS, "410103008002", 12, period)["disinfection.rounds_day"]("410103008002").number
            is None
        )


def test_after_a_case_the_steps_are_done_and_another_accepts(planned):
    by, case = planned.users["书记刘"], uuid4()
    other = User.objects.create_user("疾控", name="疾控", created_at=at(20, 0))
    door = planned.doors["电力楼院 1-1-101"]
    with scope([XIANGYUN]):
        row = ask_for(case, door.pk, by=by, at=at(21, 9))
        assert ask_for(case, door.pk, by=by, at=at(21, 10)) == row
        assert Duty.objects.get(about=row.pk).fact == "owed"
        for what, _words in STEPS[:-1]:
            step(row.pk, what, by=by, at=at(21, 11), agent="含氯", chlorine_mg_per_l=1000, area_m2=80)
        with pytest.raises(StepsMissing, match="废弃物装袋封口"):
            accept(row.pk, by=other, at=at(21, 12))
        step(row.pk, "bagged", by=by, at=at(21, 12))
        with pytest.raises(OwnWork):
            accept(row.pk, by=by, at=at(21, 13))
        assert accept(row.pk, by=other, at=at(21, 13)).number == "终消-2022-0001"
        assert Duty.objects.get(about=row.pk).fact == "done"
        with pytest.raises(AcceptedAlready):
            accept(row.pk, by=other, at=at(21, 14))
        assert Spot.objects.get(pk=row.spot_id).rounds.get().chlorine_mg_per_l == 1000
        assert not today(XIANGYUN, now=at(21, 14) + timedelta(hours=1))


def test_whoever_plans_a_spot_reads_how_strong_the_plan_wants_the_agent(planned, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 9).isoformat())
    client = Client()
    client.force_login(planned.users["书记刘"])
    said = client.get(reverse("disinfection_new")).content.decode()
    assert "（有效氯 250 到 500 毫克/升）" in said
