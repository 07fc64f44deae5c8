"""Whatever happens in whatever order, no gateway gets a message twice unless a person said so."""

from collections import Counter
from datetime import timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.access.scope import scope
from shouwang.lib.errors import Refusal
from shouwang.outreach.actions import answered, resend, send, withdraw
from shouwang.outreach.delivering import note, rest, take
from shouwang.outreach.gateway import Outcome, Parcel
from shouwang.outreach.handing import handed, put_back, take_one
from shouwang.outreach.models import Message
from tests.outreach.outbox import wanted
from tests.world import XIANGYUN, at

numbers = count(1)
OUTCOMES = st.sampled_from([(True, ""), (False, "busy"), (None, "no_answer")])
WORK = st.tuples(st.just("work"), st.none())
STEPS = st.one_of(
    WORK,
    WORK,
    WORK,
    st.tuples(st.just("ask"), st.integers(0, 3)),
    st.tuples(st.just("hear"), OUTCOMES),
    st.tuples(st.just("hear late"), OUTCOMES),
    st.tuples(st.just("die"), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([1, 11, 61])),
    st.tuples(st.just("resend"), st.integers(0, 3)),
    st.tuples(st.just("withdraw"), st.integers(0, 3)),
    st.tuples(st.just("phone"), st.booleans()),
    st.tuples(st.just("answer"), st.integers(0, 3)),
)


class Night:
    """A night of its own: four phones that nobody else has, and what went out of the house to each message."""

    def __init__(self, world) -> None:
        self.user, self.now, self.mark = world.users["书记刘"], at(21, 14), next(numbers)
        self.phones = [f"1990{self.mark:05d}{number:02d}" for number in range(4)]
        self.batches: list = []
        self.in_the_air: list[Parcel] = []
        self.left_the_house: Counter = Counter()
        self.allowed: Counter = Counter()

    def ask(self, number: int) -> None:
        sent = send([wanted(self.phones[number], once=str(self.mark))], by=self.user, at=self.now)
        self.batches += [sent.batch] if sent.batch else []
        for row in self.rows():
            self.allowed[row.pk] = max(self.allowed[row.pk], 1)

    def rows(self) -> list[Message]:
        return list(Message.objects.filter(once=str(self.mark)).order_by("pk"))

    def work(self, _nothing: None) -> None:
        for batch in self.batches:
            parcels = take(batch, at=self.now)
            rest(batch, at=self.now)
            self.in_the_air += parcels
            self.left_the_house.update(parcel.message for parcel in parcels)

    def hear(self, outcome: tuple[bool | None, str], which: int = 0) -> None:
        if not self.in_the_air:
            return
        parcel = self.in_the_air.pop(which)
        if outcome[0] is False:  # the gateway swears that nobody was written to
            self.left_the_house[parcel.message] -= 1
        note([Outcome(parcel.message, parcel.claim, parcel.channel, *outcome)], at=self.now)

    def hear_late(self, outcome: tuple[bool | None, str]) -> None:
        self.hear(outcome, -1)

    def die(self, _nothing: None) -> None:
        """Whoever had them in hand is gone, and the next one comes by."""
        self.in_the_air.clear()
        self.wait(11)
        self.work(None)

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def resend(self, number: int) -> None:
        row = self.rows()[number]
        resend([row.pk], reason="本人说没收到", by=self.user, at=self.now)
        self.allowed[row.pk] += 1

    def withdraw(self, number: int) -> None:
        withdraw(self.rows()[number].pk, by=self.user, at=self.now)

    def phone(self, ok: bool) -> None:
        held = take_one(self.user, XIANGYUN, at=self.now)
        if held and held.message.once == str(self.mark):
            self.left_the_house[held.message.pk] += ok
            handed(held.message.pk, ok=ok, by=self.user, at=self.now)
        elif held:
            put_back(held.message.pk, by=self.user)

    def answer(self, number: int) -> None:
        answered([self.rows()[number].about or self.rows()[number].pk], at=self.now)


@settings(max_examples=12)
@given(steps=st.lists(STEPS, min_size=6, max_size=20))
def test_no_message_leaves_the_house_more_often_than_a_person_said(wired, steps):
    with scope([XIANGYUN]):
        night = Night(wired)
        for number in range(3):
            night.ask(number)
        for name, told in steps:
            try:
                getattr(night, name.replace(" ", "_"))(told)
            except (Refusal, IndexError):
                continue  # there was nothing to do it with
        night.die(None)
        assert all(night.left_the_house[pk] <= night.allowed[pk] for pk in night.left_the_house)
        assert len(night.rows()) == len({bytes(row.phone_digest) for row in night.rows()})
