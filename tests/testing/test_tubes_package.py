"""What phones of testing take along, what sealing sets going, and a wrong tap taken back."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.lib import clock
from shouwang.lib.sealing import sealer
from shouwang.outreach.models import Message
from shouwang.register.models import Helper, Person
from shouwang.testing.duties import NOTHING, SWAB
from shouwang.testing.models import Round, Swab
from tests.testing.test_tubes_boxes import tell_a_day
from tests.testing.test_tubes_told import hold, lot_over
from tests.testing.tubes_world import Table, lay
from tests.world import DIANLI, MORNING, XIANGYUN, at


@pytest.fixture
def table(street) -> Table:
    return lay(street)


def test_phones_take_along_what_their_work_needs_and_nothing_of_other_work(table):
    hold(table, table.people[7])
    lot_over()
    tell_a_day(table, "X1", ("T1", "T2"))
    table.send("采样孙")
    for who in ("采样钱", "转运周"):
        assert table.phones[who].fetch_package().status == 200
    parts = table.phones["采样钱"].parts
    assert parts["rounds"][str(table.round.pk)]["allowed"] == [1, 5, 10, 20]
    assert parts["points"] == {str(table.point.pk): {"name": "电力楼院一号点", "area": XIANGYUN}}
    first, second = (str(one) for one in table.people[:2])
    assert parts["swab_people"][first]["swabbed"] == [str(table.round.pk), "T1", "2022-04-21T09:00+08:00"]
    assert parts["swab_people"][str(table.people[7])] == {"kept": True}
    assert set(parts["swab_people"]) == {first, second, str(table.people[7])}
    assert parts["tubes_seen"]["T1"] == {
        "round": str(table.round.pk), "capacity": 10, "people": 1, "opened": "2022-04-21T09:00+08:00",
    }  # fmt: skip
    assert parts["lots"] == {"P2203": "2022-04-20"}
    on_the_road = table.phones["转运周"].parts
    assert on_the_road["boxes"]["X1"] == {
        "state": "sent", "station": "point", "count": 2, "tubes": ["T1", "T2"], "sealed": "2022-04-21T09:25+08:00",
        "due": "2022-04-21T13:00+08:00",
    }  # fmt: skip
    assert not {"swab_people", "lots", "rounds"} & set(on_the_road)  # a courier need not know who was swabbed


def test_a_phone_of_the_whole_community_knows_the_round_of_one_compound(table):
    with scope([XIANGYUN]):
        Round.objects.update(area_code=DIANLI)
    table.phones["采样钱"].fetch_package()
    assert list(table.phones["采样钱"].parts["rounds"]) == [str(table.round.pk)]


def test_a_sealed_box_is_told_to_the_courier_once(table):
    phone = sealer(settings.SEALING_KEY_FILE).seal("13800000000")
    with scope([XIANGYUN]):
        Helper.objects.create(
            area_code=XIANGYUN,
            name="转运周",
            user=table.world.users["转运周"],
            phone_sealed=phone,
            added_at=MORNING,
        )
    tell_a_day(table, "X1", ("T1", "T2"))
    table.send("采样孙")
    table.tell("采样孙", "testing.seal_box", box="X1", tubes=2)  # and again, with a second seal
    table.send("采样孙")
    with scope([XIANGYUN]):
        (told,) = Message.objects.filter(purpose="box_sealed")
    assert told.params["box"] == "X1"
    assert told.params["due"] == "13:00"


def test_a_wrong_tap_is_taken_back_within_half_an_hour_and_the_swab_is_owed_again(table):
    with scope([XIANGYUN]):
        who = Person.objects.filter(pk__in=table.people[:2]).annotate(subject=F("id"), about=NOTHING)
        plan(SWAB, who, Window(at(21, 5), at(22, 24)), at=at(21, 5))

    def owed() -> list[int]:
        with scope([XIANGYUN]):
            return sorted(
                Duty.objects.filter(kind=SWAB.name, done_at=None).values_list("person_id", flat=True)
            )

    early = table.swab("采样孙", "T1", table.people[0], when=clock.now() - timedelta(hours=1))
    late = table.swab("采样孙", "T1", table.people[1])
    table.send("采样孙")
    assert owed() == []
    back = {one: table.tell("采样孙", "undo", of=str(one)) for one in (early, late)}
    found = table.send("采样孙")
    assert [found[str(back[one])][1] for one in (early, late)] == ["too_late", ""]
    assert owed() == [table.people[1]]
    with scope([XIANGYUN]):
        assert Swab.objects.get(pk=late).void_reason == "点错"
