"""A small demo town in the database: counts, log-ins, the board, and that a second call changes nothing."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings

from shouwang import demo
from shouwang.access.models import Grant, User
from shouwang.access.roles import ROLES
from shouwang.access.scope import grants_of, scope
from shouwang.demo.making import CODE, AlreadyInUse
from shouwang.demo.moment import FILE, remembered
from shouwang.demo.population import Size
from shouwang.devices.queries import oddities, standings
from shouwang.duties.board import board, total
from shouwang.duties.models import Account, Attempt, Carried, DayClose, Duty
from shouwang.inbox.models import Matter
from shouwang.isolation.models import Order, Seal, Transfer
from shouwang.lib.clock import ZONE
from shouwang.outreach.models import Notice
from shouwang.register.areas import name_area
from shouwang.register.models import Area, Grid, Helper, Household, Merge, Person, Place, Responsibility
from shouwang.screening.models import Round, Visit
from shouwang.testing.models import Pool
from shouwang.vaccination.models import Drive
from tests.conftest import Sweeper

SUNDAY_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=ZONE)
SCALE = 0.03
TABLES = (
    Account, Area, Attempt, Carried, DayClose, Duty, Grant, Grid, Helper, Household, Merge, Person, Place,
    Responsibility, Round, User, Visit,
)  # fmt: skip


@pytest.fixture(scope="module")
def town(sweeper: Sweeper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A street of the demo town in a data folder of its own, made once: it is only looked at."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA", tmp_path_factory.mktemp("town"))
        demo.make(said.append, now=SUNDAY_NIGHT, scale=SCALE)
        yield said
    sweeper.sweep()


def how_many() -> dict[str, int]:
    with scope([""]):
        return {model.__name__: model.objects.count() for model in TABLES}


def test_a_real_community_is_left_alone(
    database, tmp_path, monkeypatch
):  # the first: afterwards there is the town
    monkeypatch.setattr(settings, "DATA", tmp_path)
    with scope([""]):
        name_area("410103008004", "祥云社区", by=None, at=SUNDAY_NIGHT)
    with pytest.raises(AlreadyInUse):
        demo.make(lambda said: None, now=SUNDAY_NIGHT, scale=SCALE)
    assert how_many()["Area"] == 1
    assert remembered(tmp_path) is None


def test_the_town_is_there_once_and_adds_up(town):
    size, now = Size.of(SCALE), remembered(settings.DATA)
    there = how_many()
    assert (there["Household"], there["Person"], there["Place"]) == (size.households, size.people, size.shops)
    with scope([CODE]):
        assert Area.objects.filter(level="compound").count() == 13
        lines = board(CODE, now=now)
        visits = lines["screening.visit"]
        second = Round.objects.get(title="第二轮入户排查")
        by_compound = total(board(CODE, now=now, by="area_code", width=14).values())
        assert Duty.objects.filter(batch=second.pk).count() == size.households
        assert visits.done == Duty.objects.filter(batch=second.pk, fact="done").count() > size.households // 2
        assert (
            visits.left + visits.finished + visits.waived == visits.total == size.households + visits.overdue
        )
        assert by_compound == total(lines.values())
        assert Order.objects.filter(decided_at__lt=now, until__gt=now).count() == 7
        assert Transfer.objects.get().arrived_at < now
        assert Seal.objects.get().approved_at < now < Seal.objects.get().until
        assert Notice.objects.get(ended_at=None).version == 2
        assert Pool.objects.filter(closed_at=None).count() == 1
        assert Matter.objects.filter(told_back_at=None).count() == 2
        assert Drive.objects.get().said.exists()
        assert sum(one.alarm for one in standings([CODE], now=now)) == 3
        assert {one.code for one in oddities([CODE])} >= {
            "skewed_clock",
            "not_in_scope",
            "too_late",
            "unreadable",
        }
    before = how_many()
    demo.make(town.append, now=SUNDAY_NIGHT)
    (settings.DATA / FILE).unlink()
    demo.make(town.append, now=SUNDAY_NIGHT)
    assert how_many() == before
    assert remembered(settings.DATA) == now


def test_the_day_has_what_days_have(town):
    now = remembered(settings.DATA)
    with scope([CODE]):
        assert Visit.objects.exclude(symptoms="").count() == 3
        assert Visit.objects.exclude(void_at=None).count() == 3
        assert Visit.objects.exclude(newcomers="").exists()
        assert Attempt.objects.exists()
        assert Duty.objects.filter(fact="waived").exists()
        assert Merge.objects.get().kind == "place"
        assert {account.kind for account in DayClose.objects.get().accounts.all()} == {"screening.visit"}
        assert (
            Visit.objects.filter(recorded_at__gt=now).count()
            == Attempt.objects.filter(at__gt=now).count()
            == 0
        )
        assert Visit.objects.values("by").distinct().count() > 3
        assert Responsibility.objects.filter(role="grid_lead").exclude(grid=None).exists()


def test_everybody_can_log_in_and_sees_their_own_area_only(town):
    now = remembered(settings.DATA)
    assert {account.role for account in demo.ACCOUNTS} == set(ROLES)
    for account in demo.ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(demo.PASSWORD)
        assert user.grants.get().role == account.role
        for permission in ROLES[account.role].may:
            with scope(grants_of(user, permission=permission, now=now).codes):
                assert Household.objects.exists()
    with scope(grants_of(User.objects.get(username="louzhang"), permission="board", now=now).codes):
        assert 0 < Household.objects.count() < Size.of(SCALE).households
