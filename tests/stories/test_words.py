"""What people say: taken in with four fields, three clocks, folded, handed over, told back; and answered for everybody."""

from datetime import date, datetime

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.catalogue import PACKAGE_PARTS
from shouwang.duties.board import board
from shouwang.duties.models import Duty
from shouwang.inbox import actions
from shouwang.inbox.models import Matter, Question, Said
from shouwang.inbox.rules import due
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Asking
from shouwang.lib.sealing import sealer
from shouwang.outreach.channels import add_channel
from shouwang.outreach.fields import FIELDS
from shouwang.outreach.models import Notice
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Person
from shouwang.vaccination.models import Drive
from shouwang.vaccination.queries import coverage
from tests.world import DIANLI, XIANGYUN, World, at

PHONE = "13900000101"
GATEWAY = "json://127.0.0.1:9/sms?:to={phone}&:id={id}"


@pytest.fixture
def as_one(world: World, monkeypatch: pytest.MonkeyPatch):
    """What a browser got at this hour; nobody is logged in where no name is given."""

    def ask(account: str, moment: datetime, address: str, **sent: object) -> tuple[int, str]:
        monkeypatch.setenv("SHOUWANG_CLOCK", moment.isoformat())
        client = Client()
        if account:
            client.force_login(world.users[account])
        answer = client.post(address, sent, follow=True) if sent else client.get(address, follow=True)
        return answer.status_code, answer.content.decode()

    return ask


def owed(moment: datetime) -> dict[str, int]:
    with scope([XIANGYUN]):
        lines = board(XIANGYUN, now=moment)
    left = {kind: line.owed + line.overdue + line.running for kind, line in lines.items()}
    return {kind: amount for kind, amount in left.items() if kind.startswith("inbox.") and amount}


def test_a_matter_has_three_clocks_and_ends_when_it_was_told_back(world: World, as_one):
    with scope([XIANGYUN]):
        door = world.doors["电力楼院 1-1-101"]
        add_person(door.pk, Newcomer("程文", phone=PHONE), by=None, at=at(20, 8))
    first = uuid7(at(21, 9))
    said = {"id": str(first), "way": "call", "words": "一楼下水堵了", "phone": PHONE, "who": "程文"}
    assert as_one("书记刘", at(21, 9), "/inbox/", **said)[0] == 200
    assert as_one("书记刘", at(21, 9), "/inbox/", **said)[0] == 200  # sent twice
    status, page = as_one("书记刘", at(21, 9, 1), f"/inbox/{first}/")
    assert status == 200
    assert "电力楼院 1-1-101" in page  # the number told the door
    assert PHONE not in page
    assert owed(at(21, 10)) == {"inbox.answer": 1, "inbox.handle": 1, "inbox.tell_back": 1}

    # The same number five hundred times before anybody answers is one matter; nothing that was said is lost.
    with scope([XIANGYUN]):
        for _ in range(500):
            actions.receive(
                actions.Heard("还堵着", "chat", phone=PHONE), area=XIANGYUN, by=None, at=at(21, 9, 30)
            )
        assert Matter.objects.get().messages == 501
        assert Said.objects.count() == 501
    assert "同一个号码 501 条" in as_one("书记刘", at(21, 9, 40), "/inbox/")[1]

    step = f"/inbox/{first}/step/"
    assert "还没有办" in as_one("书记刘", at(21, 10), step, do="tell_back")[1]
    assert as_one("书记刘", at(21, 10), step, do="answer", words="物业十一点来")[0] == 200
    assert "别人已经做了" in as_one("书记刘", at(21, 10, 1), step, do="answer", words="来")[1]
    taker = world.helpers["王网格"].pk
    assert "王网格" in as_one("书记刘", at(21, 10, 5), f"/inbox/{first}/hand/", helper=taker)[1]
    assert as_one("书记刘", at(21, 11), step, do="handle", words="通了")[0] == 200
    assert owed(at(21, 11, 1)) == {"inbox.tell_back": 1}
    assert as_one("书记刘", at(21, 11, 5), step, do="tell_back")[0] == 200
    assert owed(at(21, 12)) == {}
    with scope([XIANGYUN]):
        assert set(Duty.objects.filter(kind__startswith="inbox.").values_list("fact", flat=True)) == {"done"}

    # Who speaks again begins a new matter, with the earlier one beside it.
    again = uuid7(at(22, 9))
    as_one("书记刘", at(22, 9), "/inbox/", id=str(again), way="visit", words="又堵了", phone=PHONE)
    assert "一楼下水堵了" in as_one("书记刘", at(22, 9, 1), f"/inbox/{again}/")[1]


def test_the_street_writes_and_sees_what_became_of_it(world: World, as_one):
    address = f"/say/{XIANGYUN}/"
    assert all(
        f">{words}</label>" in as_one("", at(21, 9), address)[1]
        for words in ("什么事", "怎么称呼、住哪（可以不填）")
    )
    sent = {"id": str(uuid7(at(21, 9))), "words": "电梯停了", "phone": PHONE, "who": "住 2 号楼"}
    status, page = as_one("", at(21, 9), address, **sent)
    assert status == 200
    with scope([XIANGYUN]):
        row = Matter.objects.get()
        receipt = actions.receipt_of(row)
        assert receipt in page
        assert sealer(settings.SEALING_KEY_FILE).open(row.phone_sealed) == PHONE
        actions.handle(row.pk, words="电梯修好了", by=world.users["书记刘"], at=at(21, 10))
    look = f"/say/{XIANGYUN}/receipt/"
    assert "电梯修好了" in as_one("", at(21, 11), look, receipt=receipt, tail="0101")[1]
    assert "电梯修好了" not in as_one("", at(21, 11), look, receipt=receipt, tail="9999")[1]
    codes = [as_one("", at(21, 12), look, receipt=f"{n:08d}", tail="0101")[0] for n in range(31)]
    assert codes[-1] == 429


def test_an_answer_for_everybody_has_a_source_and_replaces_a_rumour(world: World, as_one):
    said = {"area": XIANGYUN, "asked": "超市要关门吗", "answer": "不关，照常营业", "rumour": "on"}
    assert (
        as_one("书记刘", at(21, 9), "/inbox/questions/", **said, source="", source_on="2022-04-21")[0] == 422
    )
    assert (
        as_one(
            "书记刘", at(21, 9), "/inbox/questions/", **said, source="区通告 8 号", source_on="2022-04-21"
        )[0]
        == 200
    )
    assert "不关，照常营业" in as_one("书记刘", at(21, 10), "/inbox/questions/?about=超市")[1]
    assert "不关，照常营业" not in as_one("书记刘", at(21, 10), "/inbox/questions/?about=核酸")[1]
    street = as_one("", at(21, 10), f"/c/{XIANGYUN}/")[1]
    assert "超市要关门吗" in street
    assert "区通告 8 号" in street
    assert len(street.encode()) < 60_000
    assert "不关，照常营业" in as_one("", at(21, 10), f"/c/{XIANGYUN}/?about=超市")[1]
    nothing = as_one("", at(21, 10), f"/c/{XIANGYUN}/?about=口罩")[1]
    assert ("不关，照常营业" in nothing, "没有找到。换个词再找" in nothing) == (False, True)
    with scope([XIANGYUN]):
        question = Question.objects.get()
    as_one("书记刘", at(21, 11), f"/inbox/questions/{question.pk}/end/", sure="1")
    assert "超市要关门吗" not in as_one("", at(21, 12), f"/c/{XIANGYUN}/")[1]


@given(
    minutes=st.integers(0, 24 * 60 - 1),
    hours=st.one_of(st.none(), st.floats(0.25, 72)),
)
@hypothesis_settings(max_examples=60)
def test_the_clocks_run_in_order_and_leave_time(minutes: int, hours: float | None):
    received = at(21, minutes // 60, minutes % 60)
    clocks = due(received, hours)
    assert received < clocks.answer <= clocks.handle <= clocks.tell_back
    if hours is None:
        assert clocks.answer == at(22, 0)


def test_a_notice_in_two_versions_is_counted_by_channel_and_door(world: World, as_one):
    said = {"title": "超市不关门", "body": "照常营业，不用抢购。", "loop": "超市不关门"}
    assert as_one("书记刘", at(21, 8), "/messages/notices/", **said)[0] == 200
    with scope([XIANGYUN]):
        first = Notice.objects.get()
    again = f"/messages/notices/{first.pk}/again/"
    assert "改了什么" in as_one("书记刘", at(21, 9), again, **said)[1]
    assert as_one("书记刘", at(21, 9), again, **said, changed="延长到 21 点")[0] == 200
    with scope([XIANGYUN]):
        second = Notice.objects.get(ended_at=None)
        assert (second.version, second.replaces_id) == (2, first.pk)
    one = f"/messages/notices/{second.pk}/"
    boxes = {"id": str(uuid7(at(21, 9))), "way": "box", "amount": "63000"}
    for _ in range(2):  # a form sent twice
        assert as_one("书记刘", at(21, 9, 10), f"{one}handed/", **boxes)[0] == 200
    door = world.doors["电力楼院 1-1-101"].pk
    visit = {"token": str(uuid7(at(21, 10))), "met": "老程", "handed_out": "超市不关门"}
    assert as_one("书记刘", at(21, 10), f"/households/{door}/visit/", **visit)[0] == 200
    jobs.count_leaflets()
    jobs.count_leaflets()
    as_one("书记刘", at(21, 10, 5), f"{one}read/", do="read")
    page = as_one("书记刘", at(21, 11), one)[1]
    for words in ("63000", "入户带去", "延长到 21 点", "各位居民请注意：超市不关门", "刘"):
        assert words in page
    with scope([XIANGYUN]):
        leaflets = next(field for field in FIELDS if field.key == "outreach.leaflets_day")
        assert sum(leaflets.source(XIANGYUN).values_list("amount", flat=True)) == 63_001
    assert "延长到 21 点" in as_one("", at(21, 11), f"/c/{XIANGYUN}/")[1]
    assert "发短信给全体居民" not in page  # nothing leaves by itself where there is no gateway
    assert "还没有短信通道" in as_one("书记刘", at(21, 11), f"{one}text/", sure="1")[1]
    with scope([XIANGYUN]):
        for phone in ("13900000101", "13900000101", "13900000102"):
            add_person(door, Newcomer("程家人", phone=phone), by=None, at=at(21, 11))
        add_channel(XIANGYUN, name="短信", url=GATEWAY, by=None, at=at(21, 11))
    assert "发短信给全体居民" in as_one("书记刘", at(21, 12), one)[1]
    assert "新排了 2 条短信，以前发过 0 条" in as_one("书记刘", at(21, 12), f"{one}text/", sure="1")[1]
    assert "新排了 0 条短信，以前发过 2 条" in as_one("书记刘", at(21, 13), f"{one}text/", sure="1")[1]
    asking = Asking((XIANGYUN,), frozenset({"visit.record"}), (), at(21, 12), {})
    part = next(part for part in PACKAGE_PARTS if part.name == "notices")
    with scope([XIANGYUN]):
        assert part.rows(asking) == {
            str(second.pk): {
                "place": 0,
                "title": "超市不关门",
                "body": "照常营业，不用抢购。",
                "changed": "延长到 21 点",
            }
        }
    assert "超市不关门" in as_one("书记刘", at(21, 11), f"{one}leaflet/?size=a5")[1]


def test_a_vaccination_drive_asks_once_and_presses_nobody(world: World, as_one):
    ages = {
        "电力楼院 1-1-101": date(1940, 2, 29),
        "电力楼院 1-1-102": date(1962, 4, 21),
        "电力楼院 1-1-201": date(1962, 4, 22),
    }
    with scope([XIANGYUN]):
        for door, born_on in ages.items():
            Person.objects.filter(household=world.doors[door]).update(born_on=born_on, vaccine_doses=2)
    asked = {"title": "60 岁以上加强针", "from_age": "60", "doses": "3", "due_on": "2022-04-25"}
    status, page = as_one("书记刘", at(21, 9), "/vaccination/", **asked)
    assert (status, "还有 2 人没问到" in page) == (200, True)  # sixty today counts, sixty tomorrow does not
    with scope([XIANGYUN]):
        drive = Drive.objects.get()
        first, second = Person.objects.filter(vaccine_doses=2, born_on__lte=date(1962, 4, 21)).order_by("pk")
    oldest, sixty = (
        as_one("书记刘", at(21, 10), f"/vaccination/doors/?area={DIANLI}&from={age}")[1] for age in (80, 60)
    )
    assert [page.count("1 人没打满，其中 0 人不知道") for page in (oldest, sixty)] == [1, 1]
    assert "这个年龄 1 人，打满 3 剂的 0 人" in oldest
    address = f"/vaccination/{drive.pk}/"
    assert (
        "写一句原因"
        in as_one("书记刘", at(21, 10), f"{address}{first.pk}/", id=str(uuid7(at(21, 10))), says="refused")[1]
    )
    done = {"id": str(uuid7(at(21, 10))), "says": "elsewhere"}
    for _ in range(2):
        assert as_one("书记刘", at(21, 10), f"{address}{first.pk}/", **done)[0] == 200
    no = {"id": str(uuid7(at(21, 11))), "says": "refused", "note": "怕过敏"}
    assert "都问到了" in as_one("书记刘", at(21, 11), f"{address}{second.pk}/", **no)[1]
    with scope([XIANGYUN]):
        first.refresh_from_db()
        assert first.vaccine_doses == 3
        cover = {
            one.from_age: (one.people, one.enough) for one in coverage(XIANGYUN, 3, day=date(2022, 4, 21))
        }
        assert (cover[60], cover[80]) == ((1, 0), (1, 1))
        assert not Duty.objects.filter(kind="vaccination.call", fact="owed").exists()
