"""What phones at gates tell: written down whatever it was, judged again by what the server knew then."""

from datetime import timedelta

import pytest

from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.gates.models import Companion, Passage, Watch
from shouwang.lib import clock
from tests.gates.gatekeeper import gates_of, give_pass, guard_at, keep_home, person_of, shown
from tests.world import DIANLI, XIANGYUN, at

DOOR, OTHER = "电力楼院 1-1-101", "电力楼院 1-1-102"


@pytest.fixture
def east(street):
    return guard_at(street, gates_of(street, "东门")[0])


def sent(guard, now=None):
    guard.phone.send(at=now or clock.now())
    assert guard.phone.green
    with scope([XIANGYUN]):
        return {row.pk: row for row in Passage.objects.all()}


def flags():
    return dict(Event.objects.values_list("id", "flag"))


def test_a_passage_says_what_happened_and_what_the_server_knew(street, east):
    card = give_pass(street, DOOR)
    first = east.passage(at=clock.now(), **{"pass": str(card.pk), "scanned": shown(card), "code": "home"})
    car = east.passage(
        at=clock.now(), kind="outsider", decision="refuse", code="no_pass", people=3, plate="豫A12345D8901234",
        outside="province", from_place="武汉", to_place="郑州", temperature_c="36.4",
        names=[{"name": "外来甲", "phone": "13900000001"}, {"name": "外来乙"}],
    )  # fmt: skip
    rows = sent(east)
    assert (rows[first].should, rows[first].should_code, rows[first].mattered) == ("admit", "home", False)
    assert rows[first].person_id == card.person_id
    assert (rows[car].plate, rows[car].people, rows[car].should_code) == ("豫A12345D8901234", 3, "no_pass")
    with scope([DIANLI]):
        names = list(Companion.objects.order_by("name").values_list("name", "phone_mask"))
    assert names == [("外来乙", ""), ("外来甲", "139****0001")]
    assert set(flags().values()) == {""}


def test_who_passed_and_should_not_have_or_the_reverse_is_shown(street, east):
    card = give_pass(street, DOOR)
    keep_home(street, DOOR, until=clock.now() + timedelta(days=3))
    held = east.passage(at=clock.now(), direction="out", code="pass", **{"pass": str(card.pk)})
    sick = east.passage(
        at=clock.now(), direction="out", code="medical_exit", medical=True, **{"pass": str(card.pk)}
    )
    own = give_pass(street, OTHER)
    kept_out = east.passage(at=clock.now(), decision="refuse", code="turned_back", **{"pass": str(own.pk)})
    asked = east.passage(at=clock.now(), decision="ask_admit", code="by_door", person=own.person_id)
    rows = sent(east)
    assert [rows[one].mattered for one in (held, sick, kept_out, asked)] == [True, False, True, False]
    assert [flags()[one] for one in (held, sick, kept_out, asked)] == [
        "override_mattered", "", "override_mattered", "",
    ]  # fmt: skip
    assert rows[asked].asked
    assert rows[asked].decision == "admit"


@pytest.mark.parametrize(
    ("spoil", "direction", "should"),
    [
        (lambda card: shown(card)[:-3] + "AAA", "out", "forged"),
        (lambda card: shown(card).replace("SW1:ey", "SW1:eY"), "out", "forged"),
        (lambda card: "SW1:", "out", "forged"),
    ],
    ids=["other_signature", "altered", "cut"],
)
def test_a_forged_or_altered_pass_is_known_by_its_signature(street, east, spoil, direction, should):
    card = give_pass(street, DOOR)
    told = east.passage(
        at=clock.now(), direction=direction, decision="refuse", code="forged", scanned=spoil(card),
        **{"pass": str(card.pk)},
    )  # fmt: skip
    row = sent(east)[told]
    assert (row.should, row.should_code, row.mattered) == ("ask", should, False)


def test_a_pass_of_somebody_else_an_expired_and_an_unknown_one(street, east):
    over = give_pass(
        street, DOOR, kind="temporary", person=None, holder="外来丙", until=clock.now() - timedelta(hours=1)
    )
    mine, theirs = give_pass(street, DOOR), give_pass(street, OTHER)
    expired = east.passage(at=clock.now(), kind="outsider", **{"pass": str(over.pk)})
    mixed = east.passage(at=clock.now(), direction="out", scanned=shown(theirs), **{"pass": str(mine.pk)})
    nobody = east.passage(at=clock.now(), kind="outsider", **{"pass": "01890000-0000-7000-8000-000000000000"})
    rows = sent(east)
    assert [rows[one].should_code for one in (expired, mixed, nobody)] == ["over", "forged", "forged"]
    assert [rows[one].mattered for one in (expired, mixed, nobody)] == [True, False, True]


def test_a_copied_pass_is_at_two_gates_within_a_minute(street):
    gates = gates_of(street, "东门", "西门")
    east, west = guard_at(street, gates[0]), guard_at(street, gates[1], "门卫老吴")
    card, now = give_pass(street, DOOR), clock.now()
    one = east.passage(at=now - timedelta(seconds=50), **{"pass": str(card.pk)})
    sent(east)
    two = west.passage(at=now, **{"pass": str(card.pk)})
    later = west.passage(at=now + timedelta(seconds=1), **{"pass": str(give_pass(street, OTHER).pk)})
    rows = sent(west)
    assert [rows[each].copied for each in (one, two, later)] == [True, True, False]
    assert (flags()[one], flags()[two]) == ("", "copied_pass")


def test_a_quota_overdrawn_at_two_gates_is_counted_and_no_override(street):
    gates = gates_of(street, "东门", "西门", plan="covid_2020")
    east, west = guard_at(street, gates[0]), guard_at(street, gates[1], "门卫老吴")
    home = street.doors[DOOR]
    card = give_pass(street, DOOR, kind="household", person=None, household=home)
    for guard, hours in ((east, 3), (west, 1)):
        guard.passage(at=clock.now() - timedelta(hours=hours), direction="out", **{"pass": str(card.pk)})
        rows = sent(guard)
    assert sorted((row.should_code, row.mattered) for row in rows.values()) == [
        ("pass", False), ("used_up", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "order", [("out", "in"), ("in", "out"), ("both",)], ids=["as_it_was", "in_first", "at_once"]
)
def test_who_was_out_too_long_is_let_in_and_noted_in_whatever_order_it_is_told(street, order):
    gates = gates_of(street, "东门", "西门", plan="covid_2020")
    east, west = guard_at(street, gates[0]), guard_at(street, gates[1], "门卫老吴")
    card = give_pass(street, DOOR, kind="household", person=None, household=street.doors[DOOR])

    def pass_by(guard, hours_ago, direction):
        passed_at = clock.now() - timedelta(hours=hours_ago)
        return guard.passage(at=passed_at, direction=direction, **{"pass": str(card.pk)})

    for what in order:
        if what != "in":
            pass_by(west if what == "out" else east, 8, "out")
        if what != "out":
            home = pass_by(east, 2, "in")
        rows = sent(west if what == "out" else east)
    assert (rows[home].decision, rows[home].should, rows[home].should_code) == ("admit", "admit", "home_late")
    assert (rows[home].late, rows[home].mattered) == (True, False)
    assert flags()[home] == (
        "" if order[0] == "in" else "home_late"
    )  # a flag is of what was known when it came
    between = [
        pass_by(west, 6, "in"),
        pass_by(west, 5, "out"),
    ]  # the west gate had no network: three hours, to the minute
    assert not sent(west)[between[0]].late
    assert sent(west)[home].late is False
    for told in between:
        west.phone.tell("undo", {"of": str(told)}, worker=west.worker, at=clock.now())
    assert sent(west)[home].late


def test_nobody_is_late_from_the_doctor_or_by_a_pass_without_such_a_rule(street):
    east = guard_at(street, gates_of(street, "东门", plan="covid_2020")[0])
    cards = [
        give_pass(street, DOOR, kind="household", person=None, household=street.doors[DOOR]),
        give_pass(street, OTHER),
    ]
    for card, medical in zip(cards, (True, False), strict=True):
        for hours, direction in ((9, "out"), (1, "in")):
            passed_at = clock.now() - timedelta(hours=hours)
            sick = medical and direction == "out"
            east.passage(at=passed_at, direction=direction, medical=sick, **{"pass": str(card.pk)})
    assert [row.should_code for row in sent(east).values() if row.direction == "in"] == ["home", "home"]
    assert set(flags().values()) == {""}


def test_a_list_a_week_old_and_a_clock_wrong_by_a_day(street, east, monkeypatch):
    east.phone.fetch_package()
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-28T11:00:00")
    old = east.passage(
        at=clock.now(), code="by_door", person=person_of(street, DOOR).pk, decision="ask_admit"
    )
    sent(east)
    assert flags()[old] == "old_list"
    east.phone.fetch_package()
    wrong = clock.now() - timedelta(days=1)
    skewed = east.passage(at=wrong, basis="signed_pass")
    row = sent(east, wrong)[skewed]
    assert flags()[skewed] == "skewed_clock"
    assert row.at == clock.now()


def test_taken_back_by_whoever_told_it(street, east):
    told = east.passage(at=clock.now())
    east.phone.tell("undo", {"of": str(told)}, worker=east.worker, at=clock.now())
    assert sent(east)[told].void_at


def test_a_gate_of_somebody_else_is_kept_and_not_booked(street, east):
    east.gate.pk = "01890000-0000-7000-8000-00000000000a"
    told = east.passage(at=clock.now())
    assert sent(east) == {}
    assert flags()[told] == "not_in_scope"


def test_watches_with_counts_and_a_note(street, east):
    east.watch(True, at=at(21, 8))
    east.watch(False, at=at(21, 9), counts={"passed": 12, "turned_back": 1}, note="钥匙在抽屉")
    sent(east)
    with scope([DIANLI]):
        rows = list(Watch.objects.order_by("at").values_list("takes_over", "passed", "turned_back", "note"))
    assert rows == [(True, None, None, ""), (False, 12, 1, "钥匙在抽屉")]


def test_the_package_holds_what_a_guard_looks_up(street, east):
    card = give_pass(street, DOOR)
    until = at(22, 8)
    keep_home(street, DOOR, until=until)
    east.phone.fetch_package()
    parts = east.phone.parts
    row = parts["passes"][card.pk.hex]
    assert row[:5] == ["000001", "resident", "住******", "1-1-101", ""]
    assert row[6] == [["refuse", "at_home", until.isoformat(timespec="minutes")], ["admit", "pass", None]]
    person = str(card.person_id)
    assert parts["known_people"][person][3] == [["refuse", "at_home", until.isoformat(timespec="minutes")],
                                                ["ask", "by_door", None]]  # fmt: skip
    others = [row for key, row in parts["known_people"].items() if key != person]
    assert len(others) == 11
    assert all(len(row) == 2 for row in others)
    assert parts["gate_rules"]["usual"] == {
        "in": [["ask", "by_door", None]],
        "out": [["ask", "by_door", None]],
    }
    assert parts["gates"][str(east.gate.pk)]["name"] == "东门"
    assert parts["gate_rules"]["on_fever"] == "hold_aside"
    assert set(parts["sentences"]["at_home"]) == {"zh-hans", "zh-hant", "en"}
    assert "doors" not in parts
    assert "people" not in parts
