"""检测结果 at the desk: a file is brought twice, what is doubtful is settled, a tube is approved by a second person, and a
resident sees the own result after four digits."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.home import path_of
from shouwang.isolation.models import Change, Order
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib import clock
from shouwang.lib.clock import day_of
from shouwang.plans.actions import keep_shipped
from shouwang.register.models import Household, Person
from shouwang.standing.actions import Grounds
from shouwang.standing.models import Hold
from shouwang.testing.models import Pool, Result, Told
from shouwang.testing.results.seeing import path_to
from shouwang.testing.tubes.codes import row_of
from tests.desk.test_closing import shown, words_in
from tests.door import sealed
from tests.testing.test_results import lab, line, pairs
from tests.testing.test_tubes_boxes import tell_a_day
from tests.testing.tubes_world import lay
from tests.world import XIANGYUN, at

GROUNDS = {
    "authority": "区指挥部",
    "document": "2022-17号",
    "legal_basis": "传染病防治法",
    "reason": "单人复采",
}


def bring(client: Client, content: bytes, name: str = "结果.csv"):
    return client.post(
        reverse("results"), {"community": XIANGYUN, "brought": SimpleUploadedFile(name, content)}, follow=True
    )


def fhir(code: str, concept: str) -> bytes:
    specimen = {"resourceType": "Specimen", "id": "s", "identifier": [{"value": code}]}
    report = {
        "resourceType": "DiagnosticReport", "status": "final", "contained": [specimen], "specimen": [{"reference": "#s"}],
        "issued": "2022-04-21T09:30:00+08:00", "conclusionCode": [{"coding": [{"code": concept}]}],
    }  # fmt: skip
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": report}]}).encode()


def test_from_the_laboratorys_file_to_the_residents_page(street, newcomer):
    table = lay(street)
    inside = pairs(table, "D1", "D2", "D3")
    clerk, secretary = newcomer("clerk", XIANGYUN), newcomer("secretary", XIANGYUN)
    tested = {"tested": "2022-04-21 09:30"}
    content = lab(line("D1", **tested), line("D2", "阳性", **tested), line("D9", **tested))
    assert "收下 3 行：新结果 2，重复 0，要人看 1" in bring(clerk, content).content.decode()
    assert "已经收过了" in bring(clerk, content, "再传.csv").content.decode()
    assert bring(clerk, b"\x00\x00").status_code == 422
    assert "D3" in clerk.get(reverse("results_waiting")).content.decode()
    bring(clerk, fhir("D3", "260415000"), "d3.json")
    with scope([XIANGYUN]):
        held, pool = Result.objects.exclude(held="").get(), Pool.objects.get()
        report = Result.objects.get(code="D3")
    taken = clerk.get(reverse("result_fhir", args=[report.pk])).json()
    assert taken["conclusionCode"][0]["coding"][0]["code"] == "260415000"
    page = reverse("result_decide", args=[held.pk])
    assert "没有这支管" in clerk.get(page).content.decode()
    assert clerk.post(page, {"counts": "yes", "word": "算吧"}).status_code == 422
    clerk.post(page, {"counts": "no", "word": "不是我们的管"})
    approve = reverse("pool_hold", args=[pool.pk])
    assert clerk.post(approve, GROUNDS).status_code == 403  # a clerk may not decide
    assert "批准了" in secretary.post(approve, GROUNDS, follow=True).content.decode()
    with scope([XIANGYUN]):
        assert set(Hold.objects.values_list("person", flat=True)) == set(inside["D2"])
        assert not Told.objects.exists()
        person = Person.objects.get(pk=inside["D1"][0])
        Person.objects.filter(pk=person.pk).update(phones_sealed=[sealed("13900004321")])
        home = Household.objects.get(pk=person.household_id)
    mine, address = Client(), path_to(home.pk, home.area_code)
    assert "阴性" not in mine.get(address).content.decode()
    assert mine.post(address, {"tail": "0000"}).status_code == 422
    assert "阴性" in mine.post(address, {"tail": "4321"}, follow=True).content.decode()
    assert Client().get(address[:-4] + "AAA/").status_code == 404
    at_home = path_of(keep_at_home(street, person))
    phone = Client()
    assert "阴性" in phone.post(f"{at_home}enter/", {"tail": "4321"}, follow=True).content.decode()


def keep_at_home(street, person: Person, category: str = "secondary_contact", **more) -> Order:
    """Asked by one, decided by another; the results stand on the household's own page."""
    by, other = (
        {"by": street.users["书记刘"], "at": clock.now()},
        {"by": street.users["李楼长"], "at": clock.now()},
    )
    with scope([XIANGYUN]):
        wanted = Proposal(person.pk, category, {"last_exposure": Moment(day_of(clock.now()))}, **more)
        order = propose([wanted], version=keep_shipped("covid_9th", at=clock.now()), **by)[0]
        confirm_address([order.pk], **other)
        begin_isolation([order.pk], Grounds(category, **GROUNDS), **other)
    return order


def test_a_laboratory_brings_its_own_file_and_speaks_only_of_tubes_that_it_was_handed(
    street, newcomer, browser_of
):
    table = lay(street)
    laboratory, stranger, page = (
        browser_of("检测郑"),
        newcomer("laboratory", XIANGYUN),
        reverse("results_own"),
    )
    assert "还没有交给您的转运箱" in laboratory.get(page).content.decode()
    assert (
        laboratory.get(reverse("results")).status_code == 403
    )  # what the community decides is the community's
    tell_a_day(table, "X1", ("GUAN-0001", "GUAN-0002"))
    inside = pairs(table, "GUAN-0003")
    for who in table.phones:
        table.send(who)
    shown = laboratory.get(page).content.decode()
    assert [tube in shown for tube in ("GUAN-0001", "GUAN-0002", "GUAN-0003")] == [True, True, False]
    one = {"people": 1, "sampled": "2022-04-21 09:00", "tested": "2022-04-21 09:59"}
    content = lab(
        line("GUAN-0001", **one),
        line("GUAN-0002", "阳性", **one),
        line("GUAN-0003", tested="2022-04-21 09:30"),
        line("GUAN-0009"),
    )
    sent = {"community": XIANGYUN, "brought": SimpleUploadedFile("上午.csv", content)}
    assert stranger.post(page, sent).status_code == 422  # nothing was handed to this one
    said = laboratory.post(
        page, {**sent, "brought": SimpleUploadedFile("上午.csv", content)}, follow=True
    ).content.decode()
    assert "收下 4 行：新结果 2，重复 0，要人看 2" in said
    assert "没有交给这家检测机构的记录" in said
    assert "GUAN-0001" not in said
    again = {**sent, "brought": SimpleUploadedFile("再传.csv", content)}
    assert "已经收过了" in laboratory.post(page, again, follow=True).content.decode()
    assert (
        laboratory.post(page, {**sent, "brought": SimpleUploadedFile("坏.csv", b"\x00\x00")}).status_code
        == 422
    )
    with scope([XIANGYUN]):
        assert dict(Result.objects.values_list("code", "held")) == {
            "GUAN-0001": "",
            "GUAN-0002": "",
            "GUAN-0003": "not_handed",
            "GUAN-0009": "no_tube",
        }
        names = Person.objects.filter(pk__in=[*table.people[:2], *inside["GUAN-0003"]]).values_list(
            "name", flat=True
        )
        held = Result.objects.get(held="not_handed")
        assert Pool.objects.get().found_by == street.users["检测郑"]
    tube = laboratory.get(reverse("testing_tube", args=[row_of("tube", "GUAN-0001")])).content.decode()
    assert not [name for name in names if name in said or name in tube]
    clerk = newcomer("clerk", XIANGYUN)
    clerk.post(reverse("result_decide", args=[held.pk]), {"counts": "yes", "word": "另外送去的"})
    with scope([XIANGYUN]):
        assert Result.objects.get(pk=held.pk).held == ""


def test_who_follows_a_contact_becomes_one_when_the_contacts_own_test_is_positive(street, newcomer):
    table, clerk = lay(street), newcomer("clerk", XIANGYUN)
    with scope([XIANGYUN]):
        followed, follower = (Person.objects.get(pk=pk) for pk in table.people[:2])
        contact = keep_at_home(street, followed, "close_contact")
        order = keep_at_home(street, follower, primary=contact.pk)
    table.swab("采样孙", "E1", followed.pk, capacity=1, when=at(21, 7, 10))
    table.send("采样孙")
    said = line("E1", "阳性", people=1, tested="2022-04-21 09:30")
    for _ in range(2):
        bring(clerk, lab(said))
    with scope([XIANGYUN]):
        change = Change.objects.get()
        assert (change.order_id, change.category, change.approved_at) == (order.pk, "close_contact", None)
    page = clerk.get(reverse("order", args=[order.pk])).content.decode()
    assert "所跟的密接检测阳性" in page
    newcomer("secretary", XIANGYUN).post(reverse("change_approve", args=[change.pk]), {})
    with scope([XIANGYUN]):
        assert Order.objects.get(pk=order.pk).category == "close_contact"


def test_the_clock_of_a_result_is_kept_or_missed_by_the_plan_of_its_round(street, newcomer, monkeypatch):
    """Several in a tube: twenty-four hours from the swab; somebody alone: six."""
    table = lay(street)
    pairs(table, "D1", "D2")
    table.swab("采样孙", "D9", table.people[6], capacity=1, when=at(21, 7, 10))
    table.send("采样孙")
    clerk = newcomer("clerk", XIANGYUN)
    bring(clerk, lab(line("D1", tested="2022-04-21 09:30")))
    assert "按预案的时限 都按时" in words_in(shown(clerk.get(reverse("results"))))
    said = words_in(shown(clerk.get(reverse("results_waiting"))))
    assert "D2 2 今天 07:10 4-22 07:10 D9 1 今天 07:10 今天 13:10" in said
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T13:10:00")
    said = words_in(shown(clerk.get(reverse("results_waiting"))))
    assert "D9 1 今天 07:10 今天 13:10 已超时" in said
    assert said.count("已超时") == 1
    bring(clerk, lab(line("D9", people=1, tested="2022-04-21 12:30")), "单采.csv")
    bring(clerk, lab(line("D2", tested="2022-04-21 12:30")), "混采.csv")
    assert "按预案的时限 晚了 1 管" in words_in(shown(clerk.get(reverse("results"))))
