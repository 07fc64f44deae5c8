"""The day of the isolated begins by itself."""

from datetime import date

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds
from tests.world import XIANGYUN, World, at

GROUNDS = Grounds("secondary_contact", "与密接同住", "区防控指挥部", "17号", "传染病防治法第四十一条")


def readings_owed(moment) -> int:
    with scope([XIANGYUN]):
        return Duty.objects.filter(
            kind="isolation.temperature", opens_at__lte=moment, lapses_at__gt=moment
        ).count()


def test_care_is_owed_on_the_day_of_the_decision_and_every_day_until_the_end(world: World, monkeypatch):
    with scope([XIANGYUN]):
        version = keep_shipped("covid_9th", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        person = Person.objects.order_by("pk").first()
        wanted = Proposal(person.pk, "secondary_contact", {"last_exposure": Moment(date(2022, 4, 18))})
        order = propose([wanted], version=version, by=world.users["书记刘"], at=at(20, 8))[0]
        confirm_address([order.pk], by=world.users["李楼长"], at=at(20, 9))
        begin_isolation([order.pk], GROUNDS, by=world.users["李楼长"], at=at(20, 9))
    assert readings_owed(at(20, 10)) == 1
    for day, owed in ((21, 1), (25, 1), (26, 0)):
        monkeypatch.setenv("SHOUWANG_CLOCK", at(day, 0, 1).isoformat())
        jobs.owe_isolation()
        jobs.owe_isolation()
        assert readings_owed(at(day, 10)) == owed
