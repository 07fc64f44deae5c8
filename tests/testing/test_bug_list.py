"""The bugs of a sampling app that was used in earnest (DOMAIN 2f), each as what must hold here: one table that names them all.

Those of the screen itself are in tests/browser/test_table.py: a phone number carried over to the next person, the keyboard for
numbers, a document that is no identity card, a morning without a network, and a screen of its own for tubes and for boxes.
What an import says of each row (2e) is in tests/register/test_import_people.py and test_import_others.py.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.lib import clock
from shouwang.lib.sealing import sealer
from shouwang.register.models import Person
from shouwang.testing.models import BoxStep, Swab, Tube
from shouwang.testing.rounds.planning import close_point
from shouwang.testing.tubes.codes import row_of
from tests.stories.tapping import Worker
from tests.testing.tubes_world import Table, lay
from tests.world import XIANGYUN, at

CARD, OLD_CARD, WRONG_CARD, WRONG_DAY = (
    "110105194901230024",
    "110105490123002",
    "110105194901230025",
    "110105491323002",
)


@pytest.fixture
def table(street) -> Table:
    return lay(street)


def flag_of(table: Table, who: str, event: object) -> str:
    return table.send(who)[str(event)][1]


def page_of(table: Table, address: str) -> str:
    """What the secretary reads there."""
    return Worker(table.world.users["书记刘"]).open(address).said


def stranger(table: Table, **said: Any) -> tuple[Swab, str]:
    """Somebody without a code is swabbed: what is kept of them, and what is odd."""
    event = table.swab("采样孙", "B1", how="id" if "id_number" in said else "none", **said)
    flag = flag_of(table, "采样孙", event)
    with scope([XIANGYUN]):
        return Swab.objects.get(pk=event), flag


def two_accounts_scan_one_tube(table: Table) -> None:
    table.swab("采样孙", "B1", table.people[0])
    table.send("采样孙")
    assert flag_of(table, "采样钱", table.swab("采样钱", "B1", table.people[1])) == "two_hands"


def a_box_that_somebody_else_used(table: Table) -> None:
    table.tell("采样孙", "testing.open_box", box="X1", when=at(21, 9))
    table.send("采样孙")
    again = table.tell("采样钱", "testing.open_box", box="x1 ", when=at(21, 9, 10))
    assert flag_of(table, "采样钱", again) == "box_used"
    phone = table.phones["转运周"]
    phone.fetch_package()
    assert phone.parts["boxes"]["X1"]["state"] == "draft"


def a_box_is_looked_up_with_its_people(table: Table) -> None:
    for number in range(3):
        table.swab("采样孙", "B1", table.people[number])
    table.tell("采样孙", "testing.box_tube", box="X1", tube="B1")
    table.send("采样孙")
    assert "B1 3 还没收" in page_of(table, f"{reverse('samples')}?code=x1")
    assert "住户11101" in page_of(table, reverse("testing_tube", args=[row_of("tube", "B1")]))


def a_tube_called_null(table: Table) -> None:
    first, second = (table.swab("采样孙", "null", table.people[number]) for number in (0, 1))
    found = table.send("采样孙")
    assert [found[str(one)][1] for one in (first, second)] == ["odd_code", "odd_code"]
    with scope([XIANGYUN]):
        codes = set(Tube.objects.values_list("code", flat=True))
    assert len(codes) == 2
    assert all(code.startswith("?") for code in codes)


def special_signs_in_a_code(table: Table) -> None:
    for number, code in enumerate(("b１", "B1\r\n", "\x1dB1", "B\u200b1")):
        assert flag_of(table, "采样孙", table.swab("采样孙", code, table.people[number])) == ""
    with scope([XIANGYUN]):
        assert list(Tube.objects.values_list("code", flat=True)) == ["B1"]


def fifteen_digits_are_looked_at(table: Table) -> None:
    with scope([XIANGYUN]):
        digest = sealer(settings.SEALING_KEY_FILE).digest("id", CARD)
        Person.objects.filter(pk=table.people[3]).update(id_digest=digest)
    assert stranger(table, id_number=OLD_CARD)[0].person_id == table.people[3]
    assert stranger(table, id_number=WRONG_DAY)[1] == "odd_papers"


def a_number_that_cannot_be_right(table: Table) -> None:
    found, flag = stranger(table, name="老李", id_number=WRONG_CARD)
    assert (found.name, flag) == ("老李", "odd_papers")


def the_next_person_has_no_phone_of_the_last(table: Table) -> None:
    first, _flag = stranger(table, name="老李", phone="13900000001")
    second, _flag = stranger(table, name="老周")
    assert (first.phone_mask, second.phone_mask, bytes(second.phone_sealed)) == ("139****0001", "", b"")


def a_closed_point_is_offered_to_nobody(table: Table) -> None:
    phone = table.phones["采样孙"]
    phone.fetch_package()
    assert str(table.point.pk) in phone.parts["points"]
    with scope([XIANGYUN]):
        close_point(table.point.pk, by=table.world.users["书记刘"], at=clock.now())
    phone.fetch_package()
    assert phone.parts["points"] == {}
    for address in (reverse("testing_calls", args=[table.round.pk]), reverse("testing_paper")):
        assert table.point.name not in page_of(table, address)


def a_box_opened_before_a_long_rest(table: Table, set_clock: Callable[[str], None]) -> None:
    phone, opened_at = table.phones["采样孙"], at(21, 9, 40)
    told = table.tell("采样孙", "testing.open_box", box="X1", when=opened_at)
    set_clock("2022-04-21T19:10:00")  # it lay in a pocket, and the app was closed
    phone.boot_id, phone.token = "another", ""
    assert flag_of(table, "采样孙", told) == ""
    with scope([XIANGYUN]):
        assert BoxStep.objects.get().at == opened_at


def nobody_is_thrown_out_between_two_boxes(table: Table, set_clock: Callable[[str], None]) -> None:
    told = {"side": "take", "station": "courier", "count": 0, "disinfected": True}
    table.tell("转运周", "testing.hand_over", box="X1", **told)
    table.send("转运周")
    set_clock((clock.now() + timedelta(hours=13)).isoformat())  # longer than a session lasts
    late = table.tell("转运周", "testing.hand_over", box="X2", **told, when=clock.now())
    assert table.send("转运周")[str(late)][0] == "stored"


def who_swabs_and_who_carries_have_screens_of_their_own(table: Table) -> None:
    for who, mine in (
        ("采样孙", {"rounds", "points", "swab_people", "boxes"}),
        ("转运周", {"points", "boxes"}),
    ):
        phone = table.phones[who]
        phone.fetch_package()
        assert {"rounds", "points", "swab_people", "boxes"} & set(phone.parts) == mine


def what_sort_of_person(table: Table) -> None:
    assert stranger(table, name="送货的", category="worker")[0].category == "worker"
    assert "送货的 底册没有 务工" in page_of(table, reverse("testing_tube", args=[row_of("tube", "B1")]))


def another_document_in_its_own_words(table: Table) -> None:
    written = "士字第0012号"
    found, flag = stranger(table, name="小兵", id_kind="other", id_number=written)
    assert (found.id_kind, flag) == ("other", "")
    assert sealer(settings.SEALING_KEY_FILE).open(bytes(found.id_sealed)) == written


def a_remark_where_nothing_could_be_read(table: Table) -> None:
    assert stranger(table, name="老李", note="证件磨花了，问过邻居")[0].note == "证件磨花了，问过邻居"
    assert "证件磨花了" in page_of(table, reverse("testing_tube", args=[row_of("tube", "B1")]))


def offline_needs_no_choice(table: Table) -> None:
    event = table.tell("采样孙", "testing.swab", tube="B1", capacity=10, how="code", person=table.people[0])
    phone = table.phones["采样孙"]
    online, phone.send_request = phone.send_request, lambda *asked: type(online(*asked))(0)
    phone.token = "kept"
    phone.send_these(list(phone.outbox), at=clock.now())
    assert str(event) in phone.outbox
    phone.send_request, phone.token = online, ""
    assert flag_of(table, "采样孙", event) == ""
    assert Event.objects.filter(pk=event).count() == 1


BUGS: dict[str, Callable[..., None]] = {
    "two accounts scan the same tube": two_accounts_scan_one_tube,
    "scanning a box does not show that somebody used it": a_box_that_somebody_else_used,
    "box look-up misses people": a_box_is_looked_up_with_its_people,
    "tube code shown as null": a_tube_called_null,
    "special characters in a scanned tube code": special_signs_in_a_code,
    "an ID of 15 digits is not validated": fifteen_digits_are_looked_at,
    "strict check of the ID": a_number_that_cannot_be_right,
    "phone carried over on the second visit": the_next_person_has_no_phone_of_the_last,
    "disabled sampling points are still listed": a_closed_point_is_offered_to_nobody,
    "box-opening time is wrong after a long idle": a_box_opened_before_a_long_rest,
    "idle log-out while receiving and sending": nobody_is_thrown_out_between_two_boxes,
    "one screen for collecting, sending and receiving": who_swabs_and_who_carries_have_screens_of_their_own,
    "person category is missing": what_sort_of_person,
    "another document type needs free fields": another_document_in_its_own_words,
    "no remark when recognition fails": a_remark_where_nothing_could_be_read,
    "offline or intranet must be chosen at log-in": offline_needs_no_choice,
}  # fmt: skip


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_that_others_had_is_none_here(bug, table, monkeypatch):
    check = BUGS[bug]
    more = (
        (lambda moment: monkeypatch.setenv("SHOUWANG_CLOCK", moment),)
        if "set_clock" in check.__annotations__
        else ()
    )
    check(table, *more)
