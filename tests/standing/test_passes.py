"""Passes: given out in one run, lost, replaced, withdrawn by two, over by themselves."""

from datetime import timedelta

import pytest
from stdnum import luhn

from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.flows.at_home.gone import leave_home
from shouwang.flows.move_household import move_people
from shouwang.plans.actions import activate, keep_shipped, of_text, plan_of, text_of
from shouwang.register.models import Household, Person
from shouwang.standing import bars, cards, passes
from shouwang.standing.actions import Grounds, Over, SecondPerson, Unfounded
from shouwang.standing.bearers import Bearer, every_household_in, everybody_in, plate_as_kept
from shouwang.standing.models import Bar, Pass, Proposal
from shouwang.standing.tokens import read
from shouwang.standing.verdict import GOOD, LOST, REPLACED, WITHDRAWN, Rule
from tests.world import BUILDING_1, CHUNHUI, DIANLI, MORNING, XIANGYUN, World

FORTNIGHT = passes.Terms("resident", MORNING, MORNING + timedelta(days=14))
GROUNDS = Grounds(
    "transfer", "把证借给别人用", "祥云社区防控专班", "祥防〔2022〕9号", "本省疫情防控条例第三十条"
)
LATER = MORNING + timedelta(hours=5)


@pytest.fixture
def plan(world: World):
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_8th", at=MORNING), reason="文件", by=None, at=MORNING)
        yield plan_of(XIANGYUN, now=MORNING)


def given(plan, bearers, terms=FORTNIGHT):
    return passes.issue(terms, bearers, plan=plan, by=None, at=MORNING)


def state(card, now=LATER):
    row = Pass.objects.get(pk=card.pk)
    return cards.state_of(row, cards.withdrawn([row.pk], now=now).get(row.pk), now=now)


def test_a_compound_gets_its_passes_in_one_run_and_nobody_gets_two(plan):
    rows = given(plan, everybody_in(DIANLI))
    assert len(rows) == 12
    assert given(plan, everybody_in(DIANLI)) == []
    assert len({row.number for row in rows}) == 12
    assert all(luhn.is_valid(row.number) and len(row.number) == 10 for row in rows)
    token = read(cards.token_of(rows[0]))
    assert (token.id, token.area, token.until) == (rows[0].pk, DIANLI, FORTNIGHT.until)
    said = Audit.objects.get(action="standing.issue_passes")
    assert said.about == {"passes": 12, "kind": "resident"}
    low = passes.Terms("household", MORNING, FORTNIGHT.until)
    assert len(given(plan, every_household_in(BUILDING_1), low)) == 8


def test_what_cannot_be_given_out_is_refused_and_nothing_is(plan, world):
    one = everybody_in(BUILDING_1)[:1]
    ends = passes.Terms("resident", MORNING, MORNING)
    for terms, bearers, refusal in (
        (passes.Terms("royal", MORNING, FORTNIGHT.until), one, passes.NoSuchKind),
        (ends, one, passes.EndsBefore),
        (passes.Terms("household", MORNING, FORTNIGHT.until), one, passes.NotForThese),
        (passes.Terms("vehicle", MORNING, FORTNIGHT.until), one, passes.NotForThese),
        (FORTNIGHT, [*one, Bearer(DIANLI)], passes.NoName),
    ):
        with pytest.raises(refusal):
            given(plan, bearers, terms)
    assert not Pass.objects.exists()


def test_outsiders_and_cars_are_told_apart_by_what_is_known_of_them(plan):
    temporary = passes.Terms("temporary", MORNING, MORNING + timedelta(days=1))
    people = [Bearer(DIANLI, holder="外来甲", phone=f"1390000{end:04d}") for end in range(490)]
    assert len(given(plan, people, temporary)) == 490
    assert given(plan, people, temporary) == []
    cars = passes.Terms("vehicle", MORNING, FORTNIGHT.until)
    plate = plate_as_kept("豫a·12 345")
    assert plate == "豫A12345"
    assert len(given(plan, [Bearer(DIANLI, plate=plate), Bearer(DIANLI, plate=plate)], cars)) == 1
    sealed = Pass.objects.filter(kind="temporary").first()
    assert sealed.phone_mask.endswith(sealed.phone_mask[-4:])
    assert b"1390000" not in bytes(sealed.phone_sealed)


def test_a_lost_card_is_replaced_and_opens_nothing_any_more(plan, world):
    old = given(plan, everybody_in(BUILDING_1))[0]
    assert state(old) == GOOD
    passes.lose(old, by=None, at=LATER)
    assert state(old) == LOST
    passes.found_again(old, by=None, at=LATER)
    assert state(old) == GOOD
    new = passes.replace(old, withdrawn=False, by=None, at=LATER)
    assert (state(old), state(new)) == (REPLACED, GOOD)
    assert (new.until, new.person_id) == (old.until, old.person_id)
    assert new.number != old.number
    for verb in (passes.lose, passes.found_again):
        with pytest.raises(passes.PassOver):
            verb(old, by=None, at=LATER)
    with pytest.raises(passes.PassOver):
        passes.replace(old, withdrawn=False, by=None, at=LATER)
    assert (
        passes.prolong(
            [old.pk, new.pk], until=old.until + timedelta(days=7), by=world.users["书记刘"], at=LATER
        )
        == 1
    )
    assert state(new, old.until) == GOOD
    assert state(new, old.until + timedelta(days=7)) == cards.OVER


def test_a_pass_is_withdrawn_on_the_word_of_two_until_a_day_and_no_longer(plan, world):
    card = given(plan, everybody_in(BUILDING_1))[0]
    asking, deciding = world.users["李楼长"], world.users["书记刘"]
    what = bars.Barred(card.area_code, card=card, receipt="0007")
    until = LATER + timedelta(days=3)
    with pytest.raises(Unfounded):
        bars.propose(what, Grounds("transfer", "", "", "", ""), until=until, plan=plan, by=asking, at=LATER)
    with pytest.raises(passes.EndsBefore):
        bars.propose(what, GROUNDS, until=LATER, plan=plan, by=asking, at=LATER)
    asked = bars.propose(what, GROUNDS, until=until, plan=plan, by=asking, at=LATER)
    assert state(card) == GOOD
    with pytest.raises(SecondPerson):
        bars.decide(asked, by=asking, at=LATER)
    bar = bars.decide(asked, by=deciding, at=LATER)
    with pytest.raises(bars.Decided):
        bars.decide(asked, by=deciding, at=LATER)
    assert Bar.objects.count() == 1
    assert (state(card), state(card, until)) == (WITHDRAWN, GOOD)
    with pytest.raises(passes.PassWithdrawn):
        passes.replace(card, withdrawn=True, by=None, at=LATER)
    bars.end_early(bar, reason="查明是误会", by=deciding, at=LATER + timedelta(hours=1))
    assert state(card, LATER + timedelta(hours=2)) == GOOD
    with pytest.raises(Over):
        bars.end_early(bar, reason="再来一次", by=deciding, at=LATER + timedelta(hours=2))
    no = bars.propose(what, GROUNDS, until=until, plan=plan, by=asking, at=LATER)
    bars.refuse(no, reason="先批评教育", by=deciding, at=LATER)
    assert Proposal.objects.get(pk=no.pk).bar is None
    assert list(bars.waiting(LATER)) == []


def test_nobody_withdraws_longer_than_the_plan_says(plan, world):
    text = (
        text_of("covid_8th")
        .replace('"withdrawn_pass_days"', "")
        .replace("incident_review_hours = 24", "incident_review_hours = 24\nwithdrawn_pass_days = 7")
    )
    seven = of_text(text, "covid_8th")
    card = given(seven, everybody_in(BUILDING_1))[0]
    what, asking = bars.Barred(card.area_code, card=card), world.users["李楼长"]
    with pytest.raises(bars.TooLong, match="7"):
        bars.propose(what, GROUNDS, until=LATER + timedelta(days=8), plan=seven, by=asking, at=LATER)
    assert bars.propose(what, GROUNDS, until=LATER + timedelta(days=7), plan=seven, by=asking, at=LATER)


def test_whoever_dies_or_moves_away_needs_no_pass_and_whoever_moves_next_door_keeps_it(plan, world):
    own = {row.person_id: row for row in given(plan, everybody_in(DIANLI))}
    family = passes.Terms("household", MORNING, FORTNIGHT.until)
    first, second, third = (world.doors[f"电力楼院 {door}"] for door in ("1-1-101", "1-1-102", "1-1-201"))
    doors = {row.household_id: row for row in given(plan, every_household_in(DIANLI), family)}
    died, next_door, away = (Person.objects.get(household=door) for door in (first, second, third))
    secretary = world.users["书记刘"]
    leave_home(died.pk, reason="died", by=secretary, at=LATER)
    assert (state(own[died.pk]), state(doors[first.pk])) == (cards.OVER, cards.OVER)
    assert Pass.objects.get(pk=own[died.pk].pk).ended_why
    move_people([next_door.pk], world.doors["电力楼院 2-1-101"].pk, by=secretary, at=LATER)
    assert state(own[next_door.pk]) == GOOD
    assert Pass.objects.get(pk=own[next_door.pk].pk).area_code.startswith(DIANLI + "002")
    assert state(doors[second.pk]) == cards.OVER
    to = Household.objects.filter(area_code__startswith=CHUNHUI).first()
    move_people([away.pk], to.pk, by=secretary, at=LATER)
    assert state(own[away.pk]) == cards.OVER
    assert state(own[Person.objects.get(household=world.doors["电力楼院 1-1-202"]).pk]) == GOOD


def test_a_number_that_nobody_has_set_limits_nobody(plan):
    kinds = cards.kinds_of(plan)
    assert cards.rule_of(kinds["household"]) == Rule()
    assert cards.rule_of(cards.kinds_of(of_text(text_of("covid_2020"), "covid_2020"))["household"]) == Rule(
        1, 2, 3
    )
    assert cards.rule_of(kinds["visitor"]).announced
