"""Five days of a form: what is sent is what the records say, Σ今日 = 累计, and what was sent stays what it was."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.access.scope import scope
from shouwang.catalogue import FIELDS
from shouwang.duties.models import Duty
from shouwang.ledgers.filled.counting import Period, behind, counted
from shouwang.ledgers.models import Snapshot
from shouwang.ledgers.reports import period_for, standings
from shouwang.ledgers.snapshots import (
    AlreadyPrepared,
    SameName,
    changes,
    check,
    correct,
    prepare,
    records_behind,
    snapshot_of,
    told_later,
)
from shouwang.register.models import Person
from shouwang.screening.actions import Seen, record_visits, void_visit
from shouwang.screening.models import Visit
from tests.ledgers.blanks import DAILY, blank
from tests.ledgers.doing import CATALOGUE, grants, look, numbers, opened, printed_sheet, report_on, sent
from tests.world import XIANGYUN, at


def visit(world, door: str, happened, *, told=None, people: int | None = 2):
    """One visit, written down when it happened or later."""
    told = told or happened
    seen = Seen(world.doors[door].pk, happened, people_count=people)
    record_visits([seen], by=world.users["书记刘"], at=told)
    return Visit.objects.filter(recorded_at=told).latest("id")


def test_a_late_visit_leaves_the_snapshot_and_stands_in_tomorrows_with_a_note(clerk, use):
    with scope([XIANGYUN]):
        form = use(blank("防控日报告表", DAILY)).form
        first = visit(clerk, "电力楼院 1-1-101", at(21, 9))
        visit(clerk, "电力楼院 1-1-102", at(21, 10), people=3)
        today = report_on(form, at(21, 16))
        left = sent(clerk, today, at(21, 17, 5))
        assert numbers(left) == {
            "社区": "祥云社区", "今日入户数": 2, "累计入户数": 2, "今日排查人数": 5, "累计排查人数": 5,
            "今日更换": None, "没有更换": None, "张贴(副)": None,
        }  # fmt: skip

        visit(clerk, "电力楼院 1-2-101", at(21, 16, 50), told=at(21, 17, 20))
        void_visit(first.pk, reason="走错了门", by=clerk.users["书记刘"], at=at(21, 18))
        again = snapshot_of(left.pk)
        assert numbers(again) == numbers(left)
        assert changes(again, catalogue=CATALOGUE, grants=grants(clerk.users["书记刘"])) == []
        later = dict(told_later(again, catalogue=CATALOGUE))
        assert [one.sign for one in later["排查情况/今日入户数"]] == [1, -1]

        visit(clerk, "电力楼院 1-2-102", at(22, 9), people=1)
        tomorrow = sent(clerk, report_on(form, at(22, 9)), at(22, 17))
        assert numbers(tomorrow)["今日入户数"] == 2 - 1
        assert numbers(tomorrow)["累计入户数"] == 3
        assert numbers(tomorrow)["今日排查人数"] == 2 + 1 - 2
        notes = tomorrow.table["notes"]
        assert "今日入户数含补录 1 条：04月21日17:00 以前发生，之后才传到。" in notes
        assert "今日入户数已扣除 1 条：以前报过，后来撤销。" in notes


def test_what_left_early_counts_until_then_and_the_next_begins_there(clerk, use):
    with scope([XIANGYUN]):
        form = use(blank("防控日报告表", DAILY)).form
        visit(clerk, "电力楼院 1-1-101", at(21, 9))
        early = sent(clerk, report_on(form, at(21, 16)), at(21, 16, 30))
        visit(clerk, "电力楼院 1-1-102", at(21, 16, 40))
        nextday = report_on(form, at(22, 9))
        assert early.until == at(21, 16, 30)
        assert period_for(nextday, now=at(22, 17)).from_at == at(21, 16, 30)
        assert numbers(sent(clerk, nextday, at(22, 17)))["今日入户数"] == 1


def test_two_names_and_a_duty_that_is_done_by_sending(clerk, use):
    secretary, other = clerk.users["书记刘"], clerk.users["信息员孙"]
    with scope([XIANGYUN]):
        form = use(blank("防控日报告表", DAILY)).form
        report = report_on(form, at(21, 9))
        owed = Duty.objects.get(kind="ledgers.report", about=report.pk)
        assert (owed.subject_area, owed.due_at, owed.fact) == (XIANGYUN, at(21, 17), "owed")
        assert [one.state for one in standings([report], now=at(21, 17))] == ["overdue"]
        made = prepare(report, catalogue=CATALOGUE, grants=grants(secretary), by=secretary, at=at(21, 16))
        with pytest.raises(SameName):
            check(made, by=secretary, at=at(21, 16))
        with pytest.raises(AlreadyPrepared):
            prepare(report, catalogue=CATALOGUE, grants=grants(other), by=other, at=at(21, 16))
        check(made, by=other, at=at(21, 16, 5))
        owed.refresh_from_db()
        assert owed.fact == "done"
        assert [one.state for one in standings([report], now=at(22, 9))] == ["sent"]


def test_nothing_of_what_was_sent_can_be_changed_and_a_correction_says_why(clerk, use):
    secretary, other = clerk.users["书记刘"], clerk.users["信息员孙"]
    with scope([XIANGYUN]):
        form = use(blank("防控日报告表", DAILY)).form
        visit(clerk, "电力楼院 1-1-101", at(21, 9))
        left = sent(clerk, report_on(form, at(21, 9)), at(21, 17))
        assert left.zero is False
        for change in (
            {"table": {}},
            {"checked_at": at(22, 1)},
            {"until": at(22, 1)},
            {"withdrawn_at": at(22, 1)},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                Snapshot.objects.filter(pk=left.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Snapshot.objects.filter(pk=left.pk).delete()
        fixed = correct(
            left, reason="上级改了口径", catalogue=CATALOGUE, grants=grants(other), by=other, at=at(22, 8)
        )
        assert (fixed.corrects_id, fixed.until) == (left.pk, left.until)
        check(fixed, by=secretary, at=at(22, 9))
        assert numbers(snapshot_of(left.pk)) == numbers(left)


def test_every_number_opens_as_many_records(clerk, use):
    with scope([XIANGYUN]):
        form = use(blank("防控日报告表", DAILY)).form
        for number, door in enumerate(("1-1-101", "1-1-102", "1-2-201")):
            visit(clerk, f"电力楼院 {door}", at(20, 20) + timedelta(hours=number))
        left = sent(clerk, report_on(form, at(21, 9)), at(21, 17))
        period = Period(left.from_at, left.until)
        for column in left.version.columns[1:5]:
            asked = {"catalogue": CATALOGUE, "most": 2}
            _, number, begin = records_behind(column["field"], XIANGYUN, period, first=0, **asked)
            _, _number, rest = records_behind(column["field"], XIANGYUN, period, first=2, **asked)
            told = sum(one.sign * (one.amount or 0) for one in (*begin, *rest))
            assert number == told == left.table["cells"][0][column["index"]]


def test_the_printed_form_is_the_blank_one_with_its_cells_filled(clerk, use):
    content = blank("防控日报告表", DAILY)
    with scope([XIANGYUN]):
        form = use(content).form
        visit(clerk, "电力楼院 1-1-101", at(21, 9))
        left = sent(clerk, report_on(form, at(21, 9)), at(21, 17))
        filled, before = printed_sheet(left, at(21, 17)), opened(content)
    assert filled["A2"].value.split() == [
        "填报单位（盖章）：京广路街道祥云社区", "填报人：书记刘", "审核人：信息员孙", "联系电话：", "填报时间：2022年4月21日",
    ]  # fmt: skip
    assert [cell.value for cell in filled[5]] == ["祥云社区", 1, 1, 2, 2, "未统计", "未统计", "未统计"]
    assert filled["A8"].value == before["A8"].value
    assert sorted(map(str, filled.merged_cells.ranges)) == sorted(map(str, before.merged_cells.ranges))
    for row in (1, 3, 4, 5):
        for cell, was in zip(filled[row], before[row], strict=True):
            assert look(cell) == look(was)


SPANS = (("screening.visits_day", "screening.visits_ever"), ("screening.people_day", "screening.people_ever"))


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_today_adds_up_to_all_over_any_five_periods(clerk, seed):
    """Visits come late and are struck, people were counted or not: what each period booked makes up the whole."""
    chance, base = random.Random(seed), at(1 + seed % 3, 17)
    fields = {key: FIELDS[key] for pair in SPANS for key in pair}
    with scope([XIANGYUN]), transaction.atomic():
        some_visits(clerk, chance, base)
        cuts = [base, *sorted(base + timedelta(minutes=chance.randrange(1, 8 * 1440)) for _ in range(5))]
        told = dict.fromkeys(fields, 0)
        for since, until in pairwise(cuts):
            period = Period(since, until)
            found = counted(fields.values(), XIANGYUN, 12, period)
            for day, ever in SPANS:
                number = found[day](XIANGYUN).number
                told[day] += number
                assert told[day] == found[ever](XIANGYUN).number
                rows = behind(fields[day], XIANGYUN, period, first=0, most=99)
                assert sum(one.sign * one.amount for one in rows) == number
        transaction.set_rollback(True)


def some_visits(world, chance: random.Random, base) -> None:
    """Visits of five days, some told a day later, some struck within two days after."""
    doors = [door.pk for name, door in world.doors.items() if not name.startswith("建新")]
    for _ in range(chance.randrange(1, 40)):
        happened = base + timedelta(minutes=chance.randrange(0, 5 * 1440))
        told = happened + timedelta(minutes=chance.choice((0, 0, 5, 90, 1500)))
        seen = Seen(chance.choice(doors), happened, people_count=chance.randrange(0, 5))
        record_visits([seen], by=None, at=told)
    for row in list(Visit.objects.filter(void_at=None)):
        if chance.random() < 0.3:
            gone = row.recorded_at + timedelta(minutes=chance.randrange(0, 3000))
            Visit.objects.filter(pk=row.pk).update(void_at=gone)


def test_who_stands_is_yesterdays_and_the_new_less_those_who_left(clerk):
    """辖区人数 of each evening, as people are entered and leave."""
    people = [replace(FIELDS["register.people"], span=span) for span in ("added", "removed", "standing")]
    people = [replace(one, key=one.span) for one in people]
    with scope([XIANGYUN]):
        everybody = list(Person.objects.order_by("id"))
        for number, person in enumerate(everybody):
            Person.objects.filter(pk=person.pk).update(
                added_at=at(20 + number % 4, 8), left_at=at(22 + number % 3, 9) if number % 2 else None
            )
        before = 0
        for day in range(20, 26):
            found = counted(people, XIANGYUN, 12, Period(at(day - 1, 17), at(day, 17)))
            told = {name: count(XIANGYUN).number for name, count in found.items()}
            assert told["standing"] == before + told["added"] - told["removed"]
            before = told["standing"]
        assert before == sum(1 for number in range(len(everybody)) if not number % 2)
