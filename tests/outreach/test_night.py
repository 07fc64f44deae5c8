"""A night: three lists, one gateway that fails in every way it can, people who must not be woken and not be told twice."""

import pytest

from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.lib.clock import now
from shouwang.lib.ids import uuid7
from shouwang.outreach.actions import NothingToResend, answered, resend
from shouwang.outreach.channels import add_channel
from shouwang.outreach.delivering import take
from shouwang.outreach.models import Batch, Delivery, Message
from shouwang.register.models import Person
from tests.outreach.outbox import ask, message_to, states, wanted, work
from tests.outreach.receiver import HANG_UP
from tests.world import XIANGYUN

ANNA, BEN, CHEN, DUAN = "19900000001", "19900000002", "19900000003", "19900000004"


def test_everybody_is_told_once_whatever_number_of_lists_they_are_on(wired, gateway, clock):
    clock("21:40")
    with scope([XIANGYUN]):
        two = list(Person.objects.order_by("id")[:2])
    sent = ask(
        wanted(ANNA, person=two[0]), wanted(BEN, person=two[0]), wanted(ANNA, person=two[1]), wanted("")
    )
    assert [len(part) for part in (sent.new, sent.already, sent.unreachable)] == [1, 2, 1]
    work(sent.batch)
    again = ask(wanted(ANNA), wanted(BEN, person=two[0]), wanted(CHEN))
    assert [one.phone for one in again.new] == [CHEN]
    work(again.batch)
    work()
    assert gateway.counts == {ANNA: 1, CHEN: 1}
    assert "【祥云社区】" in gateway.text_to(ANNA)
    assert f"https://xy.example/r/{XIANGYUN}/" in gateway.text_to(ANNA)
    assert "037166000000" in gateway.text_to(ANNA)
    assert {body["id"] for body in gateway.got} == {str(message_to(tail).pk) for tail in ("0001", "0003")}
    assert Batch.objects.get(pk=sent.batch).next_at is None


def test_what_certainly_failed_is_tried_again_after_growing_pauses_and_then_no_more(wired, gateway, clock):
    clock("14:00")
    gateway.answers = {ANNA: [503, 400], BEN: [500] * 9}
    sent = ask(wanted(ANNA), wanted(BEN), wanted(CHEN))
    work(sent.batch)
    assert states() == {"0001": "waiting", "0002": "waiting", "0003": "sent"}
    work()
    assert gateway.counts == {ANNA: 1, BEN: 1, CHEN: 1}
    for hour in ("14:01", "14:06", "14:21", "15:21", "18:21", "21:21"):
        clock(hour)
        work()
        work()
    assert gateway.counts == {ANNA: 3, BEN: 6, CHEN: 1}
    assert states() == {"0001": "sent", "0002": "failed", "0003": "sent"}
    with scope([XIANGYUN]):
        told = Delivery.objects.filter(message=message_to("0001")).order_by("id").values_list("ok", "why")
        assert list(told) == [(False, "busy"), (False, "refused"), (True, "")]
    assert message_to("0002").why == "refused"


def test_what_may_have_gone_out_is_shown_and_sent_again_only_by_a_person(wired, gateway, clock):
    clock("14:00")
    gateway.answers = {ANNA: [HANG_UP], BEN: [502]}
    sent = ask(wanted(ANNA), wanted(BEN), wanted(CHEN))
    work(sent.batch)
    clock("18:00")
    work()
    assert states() == {"0001": "unsure", "0002": "unsure", "0003": "sent"}
    assert gateway.counts == {ANNA: 1, BEN: 1, CHEN: 1}
    with scope([XIANGYUN]):
        chosen = [message_to(tail).pk for tail in ("0001", "0003")]
        assert resend(chosen, reason="本人说没收到", by=wired.users["书记刘"], at=now()) == 1
        with pytest.raises(NothingToResend):
            resend(chosen, reason="再发", by=wired.users["书记刘"], at=now())
    work()
    assert gateway.counts == {ANNA: 2, BEN: 1, CHEN: 1}
    with scope([XIANGYUN]):
        assert Audit.objects.get(action="outreach.resend").reason == "本人说没收到"


def test_a_worker_that_dies_in_between_leaves_them_unsure_and_the_rest_goes_on(wired, gateway, clock):
    clock("14:00")
    sent = ask(wanted(ANNA))
    with scope([XIANGYUN]):
        assert len(take(sent.batch, at=now())) == 1  # and here the power went
    clock("14:09")
    work()
    assert states() == {"0001": "in_hand"}
    clock("14:10")
    work()
    assert states() == {"0001": "unsure"}
    assert message_to("0001").why == "crashed"
    assert not gateway.got


def test_nobody_is_woken_but_for_what_is_urgent(wired, gateway, clock):
    clock("22:30")
    sent = ask(wanted(ANNA), wanted(BEN, urgent=True))
    work(sent.batch)
    clock("+06:59")
    work()
    assert gateway.counts == {BEN: 1}
    clock("+07:00")
    work()
    assert gateway.counts == {ANNA: 1, BEN: 1}


def test_nobody_gets_more_than_the_office_says_in_a_day(wired, gateway, clock):
    clock("14:00")
    for number in range(4):
        work(ask(wanted(ANNA, once=f"list {number}", urgent=number == 3)).batch)
    assert gateway.counts == {ANNA: 3}  # two and the urgent one
    clock("+07:00")
    work()
    assert gateway.counts == {ANNA: 4}


def test_who_has_answered_is_left_alone(wired, gateway, clock):
    clock("22:30")
    about = {phone: uuid7(now()) for phone in (ANNA, BEN)}
    ask(wanted(ANNA, about=about[ANNA]), wanted(BEN, about=about[BEN]))
    with scope([XIANGYUN]):
        assert answered([about[ANNA]], at=now()) == 1
        assert answered([about[ANNA]], at=now()) == 0
    clock("+07:00")
    work()
    assert gateway.counts == {BEN: 1}
    assert states() == {"0001": "spared", "0002": "sent"}
    with scope([XIANGYUN]):
        assert answered(about.values(), at=now()) == 1
    assert message_to("0002").answered_at == now()


def test_without_a_gateway_it_waits_until_there_is_one_or_it_is_too_late(evening, gateway, clock):
    clock("20:00")
    ask(wanted(ANNA))
    work()
    assert states() == {"0001": "waiting"}
    clock("21:00")
    with scope([XIANGYUN]):
        add_channel(XIANGYUN, name="街道短信平台", url=gateway.address, by=None, at=now())
        ask(wanted(BEN, language="en"))
    clock("21:01")
    work()
    assert gateway.counts == {ANNA: 1, BEN: 1}
    assert "Please open" in gateway.text_to(BEN)


def test_what_nobody_sent_within_a_day_is_not_sent_any_more(evening, clock):
    clock("10:00")
    ask(wanted(ANNA))
    work()
    clock("+10:00")
    work()
    assert states() == {"0001": "failed"}
    assert message_to("0001").why == "too_late"
    assert not Batch.objects.exclude(next_at=None).exists()


def test_nothing_of_the_outbox_exists_outside_a_scope(wired, clock):
    clock("14:00")
    ask(wanted(ANNA))
    assert not Message.objects.exists()
    with scope(["410103008002"]):
        assert not Message.objects.exists()


def test_a_refused_text_puts_nothing_into_the_outbox(wired):
    from shouwang.outreach.texts import NoSuchPurpose, Unfilled

    for wrong, refusal in (
        (wanted(ANNA, purpose="gossip"), NoSuchPurpose),
        (wanted(ANNA, params={"name": "安"}), Unfilled),
        (wanted(ANNA, params={"path": "//elsewhere.example/"}), Unfilled),
    ):
        with pytest.raises(refusal):
            ask(wanted(BEN), wrong)
    assert not Batch.objects.exists()
    assert [one.phone for one in ask(wanted(DUAN, params={"path": "/r/x/"})).new] == [DUAN]
