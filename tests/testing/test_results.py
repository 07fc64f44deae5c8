"""Results: each is shown to whom it is about or held for somebody, and a tube to be taken again becomes ten named people."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.swabbing.results_arrive import count_after_all, results_arrive
from shouwang.lib.sheets import NotASpreadsheet
from shouwang.outreach.models import Message
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds, SecondPerson
from shouwang.standing.models import Hold
from shouwang.testing.models import Pool, PoolPerson, Result, Told
from shouwang.testing.results.pools import hold, tell
from shouwang.testing.results.reading import NoResults
from shouwang.testing.results.rules import HELD, Known, Said, held, outcome_of
from shouwang.testing.results.seeing import AGAIN, CLEAR, WAITING, seen_of
from shouwang.testing.results.taking import NoWord, SettledBefore, StillHeld, set_aside
from tests.door import sealed
from tests.testing.tubes_world import Table, lay
from tests.world import XIANGYUN, at

HEAD = "条码号,混采人数,采样时间,检测时间,ORF1ab,N,结果,检测机构"
NOON = at(21, 12)
GROUNDS = Grounds("pool_again", "同一支管要单人复采", "区指挥部", "2022-17号", "传染病防治法第三十九条")
FIRST, LAST = at(21, 7), at(21, 7, 30)
TEN = Known(10, FIRST, LAST)


def said(
    outcome: str = "negative", *, people: int | None = 10, sampled: datetime = FIRST, tested: datetime = NOON
) -> Said:
    return Said(outcome, people, sampled, tested)


@pytest.mark.parametrize(
    ("line", "known", "reason"),
    [
        (said(), TEN, ""),
        (said("positive"), TEN, ""),
        (Said("negative"), TEN, ""),  # a laboratory that says no more than that
        (said(), None, "no_tube"),
        (said(), Known(), "nobody_in_it"),
        (said(""), TEN, "unclear"),
        (said("positive"), Known(10, FIRST, LAST, "negative"), "differs"),
        (said(people=9), TEN, "count_differs"),
        (said(sampled=at(19, 7)), TEN, "dates"),
        (said(tested=at(20, 15)), TEN, "dates"),
        (said(tested=at(22, 15)), TEN, "dates"),
    ],
)  # fmt: skip
def test_a_result_counts_or_waits_for_somebody(line, known, reason):
    assert held(line, known, now=NOON) == reason
    assert not reason or reason in HELD


@pytest.mark.parametrize(
    ("written", "outcome"),
    [("阴性", "negative"), (" 阴 ", "negative"), ("（-）", "negative"), ("阳性", "positive"), ("混管异常", "positive"),
     ("无效", "invalid"), ("弱阳", ""), ("灰区", ""), ("待复核", ""), ("", "")],
)  # fmt: skip
def test_only_words_that_are_certain_are_believed(written, outcome):
    assert outcome_of(written) == outcome


@given(st.text(max_size=12))
def test_no_word_is_both(written):
    assert outcome_of(written) in ("", "negative", "positive", "invalid")


@pytest.fixture
def table(street) -> Table:
    return lay(street)


def lab(*lines: str) -> bytes:
    return ("\ufeff" + "\r\n".join((HEAD, *lines))).encode()


def line(
    code: str,
    outcome: str = "阴性",
    *,
    people: int = 2,
    sampled: str = "2022-04-21 07:10",
    tested: str = "2022-04-21 11:00",
) -> str:
    return f"{code},{people},{sampled},{tested},,,{outcome},某某医学检验所"


def pairs(table: Table, *tubes: str) -> dict[str, list[int]]:
    """Two people in each of these tubes, swabbed at seven."""
    people = iter(table.people)
    found = {tube: [next(people), next(people)] for tube in tubes}
    for tube, two in found.items():
        for person in two:
            table.swab("采样孙", tube, person, capacity=2, when=at(21, 7, 10))
    table.send("采样孙")
    return found


def arrive(content: bytes, *, name: str = "结果.csv", when: datetime = NOON):
    with scope([XIANGYUN]):
        return results_arrive(content, name, area=XIANGYUN, by=None, at=when)


def test_everybody_sees_their_own_and_nothing_that_is_doubtful(table):
    first = pairs(table, "A1", "A2", "A3", "A4", "A5")["A1"][0]
    with scope([XIANGYUN]):
        Person.objects.filter(pk=first).update(phones_sealed=[sealed("13900004321")])
    content = lab(
        line("A1"), line(" a1 ", sampled="2022-04-19 07:00", tested="2022-04-18 15:00"), line("A2", people=3),
        line("A3"), line("A3", "阳性"), line("A4", "弱阳"), line("A9"), line("", "无效"), line("A5", sampled="2022-04-19"),
    )  # fmt: skip
    taken = arrive(content)
    assert (len(taken.new), taken.again) == (1, 1)
    assert dict(taken.held) == {"count_differs": 1, "differs": 2, "unclear": 1, "no_tube": 2, "dates": 1}
    assert arrive(content, name="另一个入口.csv").same_file
    assert arrive(lab(line("A1", tested="2022-04-21 10:00"))).again == 1
    with scope([XIANGYUN]):
        people = list(Person.objects.filter(pk__in=table.people[:4]).order_by("area_code"))
        states = {pk: [one.state for one in seen] for pk, seen in seen_of(people, now=NOON).items()}
        assert [states[pk] for pk in table.people[:4]] == [[CLEAR], [CLEAR], [WAITING], [WAITING]]
        messages = Message.objects.filter(purpose="tests_there")
        assert messages.exists()
        assert "阴" not in str(list(messages.values()))


def test_what_waited_is_looked_at_by_somebody_and_settled_once(table):
    pairs(table, "B1", "B2")
    arrive(lab(line("B1", people=3), line("B7")))
    clerk = next(iter(table.world.users.values()))
    with scope([XIANGYUN]):
        one, nobodys = Result.objects.exclude(held="").order_by("line")
        with pytest.raises(NoWord):
            count_after_all(one.pk, word=" ", by=clerk, at=NOON)
        assert count_after_all(one.pk, word="数过，是两个人", by=clerk, at=NOON).held == ""
        with pytest.raises(StillHeld):
            count_after_all(nobodys.pk, word="算吧", by=clerk, at=NOON)
        set_aside(nobodys.pk, word="不是我们的管", by=clerk, at=NOON)
        with pytest.raises(SettledBefore):
            set_aside(nobodys.pk, word="再来一次", by=clerk, at=NOON)


def test_a_tube_taken_again_ends_for_each_with_the_own_result(table, monkeypatch):
    two = pairs(table, "C1", "C2")["C1"]
    proposer, second = list(table.world.users.values())[:2]
    with scope([XIANGYUN]):
        results_arrive(lab(line("C1", "阳性"), line("C2")), "夜里.csv", area=XIANGYUN, by=proposer, at=NOON)
        pool = Pool.objects.get()
        assert (pool.due_at, pool.until) == (NOON + timedelta(hours=6), NOON + timedelta(hours=6))
        assert Duty.objects.filter(kind="testing.resample", fact="owed", person__in=two).count() == 2
        assert not Hold.objects.exists()  # nobody is held on one word
        with pytest.raises(SecondPerson):
            hold(pool.pk, GROUNDS, by=proposer, at=NOON)
        assert hold(pool.pk, GROUNDS, by=second, at=NOON + timedelta(minutes=5)) == 2
        assert set(Hold.objects.values_list("person", flat=True)) == set(two)  # and none of the neighbours
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T13:05:00")
    for tube, person in zip(("S1", "S2"), two, strict=True):
        table.swab("采样孙", tube, person, capacity=1, at_door=True, when=at(21, 13))
    table.send("采样孙")
    later = at(21, 16)
    with scope([XIANGYUN]):
        own = {"people": 1, "sampled": "2022-04-21 13:00", "tested": "2022-04-21 15:30"}
        content = lab(line("S1", "阴性", **own), line("S2", "阳性", **own))
        results_arrive(content, "单人.csv", area=XIANGYUN, by=proposer, at=later)
        members = {one.person_id: one for one in PoolPerson.objects.filter(pool=pool).select_related("hold")}
        assert [members[pk].outcome for pk in two] == ["negative", "positive"]
        assert [members[pk].hold.ended_at for pk in two] == [later, None]
        seen = seen_of(list(Person.objects.filter(pk__in=two)), now=later)
        assert seen[two[0]][0].state == CLEAR
        assert seen[two[1]][0].state == AGAIN
        assert not Duty.objects.filter(kind="testing.resample", fact="owed").exists()
        assert Pool.objects.get(pk=pool.pk).closed_at is None  # six still have to be told
        for told in Told.objects.filter(member__pool=pool):
            tell(told.pk, by=second, at=later)
        assert Told.objects.filter(told_at=later).count() == 6
        assert Pool.objects.get(pk=pool.pk).closed_at == later


def test_what_is_no_list_of_results_is_refused_with_a_sentence(table):
    for content, refusal in (
        ("条码号,采样时间\r\nA1,2022-04-21\r\nA2,2022-04-21\r\n".encode(), NoResults),
        (b"\x00\x01", NotASpreadsheet),
    ):
        with scope([XIANGYUN]), pytest.raises(refusal):
            results_arrive(content, "名单.csv", area=XIANGYUN, by=None, at=NOON)
