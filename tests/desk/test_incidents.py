"""A guard takes a pass: for hours it is not good, somebody else looks, whoever carried it objects on the own page, and is answered."""

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.gates.incidents.models import Contest, Incident
from shouwang.gates.keeping import add_gate
from shouwang.gates.known import Asked, known_of
from shouwang.gates.models import Expected
from shouwang.lib.kinds import Told
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import activate, keep_shipped, plan_of
from shouwang.register.models import Person
from shouwang.standing.bearers import everybody_in
from shouwang.standing.models import Bar, Pass
from shouwang.standing.own import path_of
from shouwang.standing.passes import Terms, issue
from shouwang.standing.verdict import GOOD, WITHDRAWN
from tests.world import BUILDING_1, CHUNHUI, DIANLI, MORNING, XIANGYUN, at

PHONE = "13900000321"
ONCE = "01804a00-0000-7000-8000-0000000000{:02x}"


@pytest.fixture
def set_clock(monkeypatch):
    return lambda day, hour: monkeypatch.setenv("SHOUWANG_CLOCK", at(day, hour).isoformat())


@pytest.fixture
def gate(street, set_clock, settings_of):
    from django.conf import settings

    set_clock(21, 12)
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_8th", at=MORNING), reason="文件", by=None, at=MORNING)
        terms = Terms("resident", MORNING, at(30, 0))
        issue(terms, everybody_in(BUILDING_1), plan=plan_of(XIANGYUN, now=MORNING), by=None, at=MORNING)
        sealed = sealer(settings.SEALING_KEY_FILE).seal(PHONE)
        Person.objects.filter(household=street.doors["电力楼院 1-1-101"]).update(phones_sealed=[sealed])
        return add_gate(DIANLI, kind="compound", name="东门", by=None, at=MORNING)


@pytest.fixture
def card(gate, street):
    with scope([XIANGYUN]):
        return Pass.objects.get(person__household=street.doors["电力楼院 1-1-101"])


@pytest.fixture
def bearer(card):
    phone = Client()
    assert "手机号后四位" in phone.get(path_of(card)).content.decode()
    assert "对不上" in phone.post(path_of(card), {"tail": "0000"}).content.decode()
    assert phone.post(path_of(card), {"tail": PHONE[-4:]}).status_code == 302
    return phone


def happened(gate, card, **more):
    return {
        "id": ONCE.format(1), "gate": str(gate.pk), "kind": "forged", "words": "借证给别人进门", "happened_at": "2022-04-21T11:50",
        "number": card.number, "taken": "on", "receipt": "0007", **more,
    }  # fmt: skip


def at_the_gate(gate, card, now):
    with scope([XIANGYUN]):
        seen = known_of([Asked(gate, now, card=card.pk)], plan_of(XIANGYUN, now=now))[0].known.card
    return seen.state, seen.state_until


def owed(kind):
    with scope([XIANGYUN]):
        return Duty.objects.filter(kind=kind, fact="owed").count()


def test_a_pass_that_a_guard_took_is_good_again_when_nobody_looks(gate, card, bearer, newcomer, set_clock):
    clerk = newcomer("clerk", XIANGYUN)
    assert 'class="qr"' in bearer.get(path_of(card)).content.decode()
    no_receipt = clerk.post(reverse("incident_new"), happened(gate, card, receipt=""))
    assert "请写收条号" in no_receipt.content.decode()
    unknown = clerk.post(reverse("incident_new"), happened(gate, card, number="1234567890"))
    assert "没有 1234567890 号证" in unknown.content.decode()
    for _ in range(2):
        assert clerk.post(reverse("incident_new"), happened(gate, card)).status_code == 302
    with scope([XIANGYUN]):
        row = Incident.objects.get()
    assert (row.taken, row.review_due_at, owed("gates.incident_review")) == (True, at(22, 12), 1)
    assert at_the_gate(gate, card, at(21, 13)) == (WITHDRAWN, at(22, 12))
    assert at_the_gate(gate, card, at(22, 12)) == (GOOD, None)
    shown = bearer.get(path_of(card)).content.decode()
    assert "这张证暂时收回了" in shown
    assert 'class="qr"' not in shown
    assert "这件事是您记的" in clerk.get(reverse("incident", args=[row.pk])).content.decode()
    assert (
        clerk.post(reverse("incident", args=[row.pk]), {"outcome": "given_back", "words": "好"}).status_code
        == 403
    )
    set_clock(22, 13)
    assert 'class="qr"' in bearer.get(path_of(card)).content.decode()


def test_whoever_looks_withdraws_it_until_a_day_and_somebody_else_answers_the_objection(
    gate, card, bearer, newcomer, browser_of, set_clock
):
    clerk, secretary, commander = (
        newcomer("clerk", XIANGYUN),
        browser_of("书记刘"),
        newcomer("commander", XIANGYUN[:9]),
    )
    clerk.post(reverse("incident_new"), happened(gate, card))
    page = reverse("incident", args=[ONCE.format(1)])
    grounds = {
        "authority": "祥云社区防控专班",
        "document": "祥防〔2022〕9号",
        "legal_basis": "本省疫情防控条例第三十条",
    }
    decided = {"outcome": "withdrawn", "words": "东门监控看到转借", **grounds}
    assert "收回要写结束的时间" in secretary.post(page, decided).content.decode()
    for _ in range(2):
        assert secretary.post(page, {**decided, "until": "2022-04-24T12:00"}).status_code == 302
    assert owed("gates.incident_review") == 0
    with scope([XIANGYUN]):
        bar = Bar.objects.get()
        assert (bar.until, bar.receipt, str(bar.about)) == (at(24, 12), "0007", ONCE.format(1))
        assert bar.proposed_by_id != bar.approved_by_id
    assert "东门监控看到转借" in bearer.get(path_of(card)).content.decode()
    objection = reverse("pass_own_objection", args=[path_of(card).split("/")[2]])
    said = {"contest-id": ONCE.format(2), "contest-words": "那天我在家，证是丢的"}
    for _ in range(2):
        assert bearer.post(objection, said).status_code == 302
    again = bearer.post(objection, {**said, "contest-id": ONCE.format(3)})
    assert "已经提过了" in again.content.decode()
    assert owed("gates.objection") == 1
    with scope([XIANGYUN]):
        contest = Contest.objects.get()
    answer = reverse("pass_contest", args=[contest.pk])
    yes = {"upheld": "yes", "words": "查了监控，不是本人"}
    assert "异议要由别人复核" in secretary.post(answer, yes).content.decode()
    assert "那天我在家" in commander.get(answer).content.decode()
    for _ in range(2):
        assert commander.post(answer, yes).status_code == 302
    shown = bearer.get(path_of(card)).content.decode()
    assert "查了监控，不是本人" in shown
    assert 'class="qr"' in shown
    assert owed("gates.objection") == 0


def test_a_stranger_finds_nothing_with_a_number_alone(gate, card):
    stranger, find = Client(), reverse("pass_find", args=[XIANGYUN])
    for typed in ({"number": card.number, "tail": "0000"}, {"number": "1111111111", "tail": PHONE[-4:]}):
        assert "对不上" in stranger.post(find, typed).content.decode()
    came = stranger.post(find, {"number": f"{card.number[:3]} {card.number[3:]}", "tail": PHONE[-4:]})
    assert came["Location"] == path_of(card)
    assert 'class="qr"' in stranger.get(path_of(card)).content.decode()
    for _ in range(12):
        last = stranger.post(find, {"number": "2222222222", "tail": "0000"})
    assert "试的次数太多" in last.content.decode()
    assert Client().post(reverse("pass_own_visitor", args=[path_of(card).split("/")[2]])).status_code == 404


def test_a_household_announces_a_visitor_and_calls_off(gate, card, bearer, street):
    page = reverse("pass_own_visitor", args=[path_of(card).split("/")[2]])
    coming = {
        "id": ONCE.format(9),
        "name": "外来甲",
        "from_at": "2022-04-21T15:00",
        "people": "2",
        "plate": "豫a·12345",
    }
    coming = {f"visitor-{key}": value for key, value in coming.items()}
    assert "七天以内" in bearer.post(page, {**coming, "visitor-from_at": "2022-05-21T15:00"}).content.decode()
    for _ in range(2):
        assert bearer.post(page, coming).status_code == 302
    with scope([XIANGYUN]):
        row = Expected.objects.get()
    assert (row.plate, row.host_id, row.until) == ("豫A12345", street.doors["电力楼院 1-1-101"].pk, at(22, 0))
    assert "外来甲" in bearer.get(path_of(card)).content.decode()
    assert bearer.post(page, {"off": "x"}).status_code == 404
    bearer.post(page, {"off": str(row.pk)})
    assert "没有登记来访" in bearer.get(path_of(card)).content.decode()


def test_what_a_phone_tells_of_an_incident_is_taken_and_taken_back(gate, card, street):
    from types import SimpleNamespace
    from uuid import UUID

    from shouwang.catalogue import EVENT_KINDS

    kind, guard = EVENT_KINDS["gates.incident"], street.users["李楼长"]
    with scope([XIANGYUN]):
        other = add_gate(CHUNHUI, kind="compound", name="西门", by=None, at=MORNING)
    said = kind.payload(gate=gate.pk, kind="force", words="冲岗", card=card.pk, pass_taken=True)
    elsewhere = kind.payload(gate=other.pk, kind="quarrel", words="吵")
    told = [Told(UUID(ONCE.format(n)), at(21, 11), guard, what) for n, what in ((5, said), (6, elsewhere))]
    with scope([DIANLI]):
        assert kind.handle(told, at(21, 12)) == {told[1].id: "not_in_scope"}
        assert kind.handle(told[:1], at(21, 12)) == {}
        assert len(Incident.objects.get().receipt) == 6
        assert Pass.objects.get(pk=card.pk).taken_until == at(22, 12)
        undo = Told(UUID(ONCE.format(7)), at(21, 12), guard, SimpleNamespace(of=told[0].id))
        assert kind.undo([undo], at(21, 13)) == {}
        assert Pass.objects.get(pk=card.pk).taken_until == at(21, 13)
    assert owed("gates.incident_review") == 0
