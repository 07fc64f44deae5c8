"""The end: a street at work is closed out by two people; a certificate; a restored backup in which nobody is found."""

import json
import os
from datetime import date, datetime, time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shouwang import installation, jobs
from shouwang.access.audit import record as audit
from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.catalogue import ANSWERS, RETENTION
from shouwang.duties.models import Account, Count, Duty
from shouwang.duties.windows import Window
from shouwang.flows.end_of_day import close_day
from shouwang.flows.ending.close_out import confirm_end, propose_end
from shouwang.flows.ending.destroy_response import Means, carry_out
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.caring import release
from shouwang.isolation.models import Order
from shouwang.isolation.needs.regular import Days, keep
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.keeping.backing_up import back_up
from shouwang.keeping.database import destroyer
from shouwang.lib.postgres import Cluster
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.joining.merging import merge
from shouwang.register.models import Household, Person
from shouwang.retention.evidence import open_evidence
from shouwang.retention.log import NAME as DESTROYED
from shouwang.retention.models import Closing, Evidence
from shouwang.screening.actions import Seen, open_round, record_attempt, record_visits
from shouwang.standing.actions import Grounds
from shouwang.supplies.giving import give
from shouwang.supplies.models import Donation
from tests.keeping.commands import run
from tests.world import JIANXIN, XIANGYUN, World, at

GROUNDS = Grounds("secondary_contact", "与密接同住", "区防控指挥部", "17号", "传染病防治法第四十一条")
PEOPLE = ("程文", "石兰", "罗平")
PHONE, NUMBER = "13900000101", "990101196205210078"
EVERY_ROW = "SELECT count(*) FROM {} AS entire_row WHERE entire_row::text LIKE ANY (%s)"


def visible(owner: psycopg.Connection, *words: str) -> dict[str, int]:
    """The tables in which any of these words can be read anywhere, history included."""
    tables = owner.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    like = [f"%{word}%" for word in words]
    found = {name: owner.execute(EVERY_ROW.format(name), [like]).fetchone()[0] for (name,) in tables}
    return {name: amount for name, amount in found.items() if amount}


@pytest.fixture
def told(world: World, monkeypatch: pytest.MonkeyPatch):
    """What a browser of somebody got at this hour."""
    second = User.objects.create_user("主任周", name="周主任", created_at=at(1, 8))
    Grant.objects.create(user=second, role="commander", area_codes=[XIANGYUN], from_at=at(1, 8))
    world.users["主任周"] = second

    def tell(who: str, moment: datetime, address: str, **sent: object) -> tuple[int, str]:
        monkeypatch.setenv("SHOUWANG_CLOCK", moment.isoformat())
        client = Client()
        client.force_login(world.users[who])
        answer = client.post(address, sent, follow=True) if sent else client.get(address, follow=True)
        return answer.status_code, answer.content.decode()

    yield tell
    (settings.DATA / DESTROYED).unlink(
        missing_ok=True
    )  # or the next restore would destroy what it brings back


@pytest.fixture
def busy(world: World, told) -> list[int]:
    """Days of work: residents by name and number, a history, a merge, visits, a list, an order, an upload, a closed day."""
    key = sealer(settings.SEALING_KEY_FILE)
    with scope([XIANGYUN, JIANXIN], by=world.users["书记刘"]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(18, 8)), reason="上级文件", by=None, at=at(18, 8))
        door = world.doors["电力楼院 1-1-101"].pk
        rows = [
            add_person(
                door, Newcomer(name, NUMBER if name == "程文" else "", phone=PHONE), by=None, at=at(18, 9)
            )
            for name in PEOPLE
        ]
        Person.objects.filter(pk=rows[0].pk).update(note="程文说头疼")
        Person.objects.filter(pk=rows[0].pk).update(note="程文好了", id_sealed=key.seal(NUMBER))
        merge("person", lost=rows[2].pk, kept=rows[1].pk, by=world.users["书记刘"], at=at(18, 10))
        window = Window(at(20, 8), at(22, 0))
        open_round(XIANGYUN, kind="screening.visit", title="走访", window=window, by=None, at=at(20, 8))
        open_round(JIANXIN, kind="screening.visit", title="走访", window=window, by=None, at=at(20, 8))
        record_visits([Seen(door, at(20, 10), met="程文", note="程文一家在")], by=None, at=at(20, 10))
        record_attempt(
            world.ids("电力楼院 1-1-201")[0], outcome="no_answer", tried_at=at(20, 11), hours=(), by=None,
            at=at(20, 11),
        )  # fmt: skip
        close_day(XIANGYUN, date(2022, 4, 20), now=at(20, 23), by=None, answers=ANSWERS)
        audit("register.reveal", at=at(20, 12), area=XIANGYUN, reason="给程文打电话")
        version = keep_shipped("covid_9th", at=at(18, 8))
        wanted = Proposal(rows[0].pk, "secondary_contact", {"last_exposure": Moment(date(2022, 4, 18))})
        order = propose([wanted], version=version, by=world.users["书记刘"], at=at(20, 12))[0]
        confirm_address([order.pk], by=world.users["李楼长"], at=at(20, 13))
        begin_isolation([order.pk], GROUNDS, by=world.users["李楼长"], at=at(20, 13))
        days = Days(time(13), weekdays=[4])
        keep(rows[0].pk, days, what="dialysis", hospital="市二院（程文）", way="car", by=world.users["书记刘"],
             at=at(20, 13))  # fmt: skip
        give(XIANGYUN, donor="程文", deliveries=[], store=None, words="车库一间", by=world.users["书记刘"],
             at=at(20, 14))  # fmt: skip
    book = f"姓名,证件号,电话\n程文,{NUMBER},{PHONE}\n".encode()
    sheet = SimpleUploadedFile("程文一家.csv", book)
    assert told("书记刘", at(20, 14), "/import/", kind="residents", community=XIANGYUN, file=sheet)[0] in (
        200,
        422,
    )
    return [row.pk for row in rows]


def test_the_end(busy, told, world, owner, tmp_path, monkeypatch):
    data = Path(os.environ["SHOUWANG_DATA"])
    early = tmp_path / "early.zip"
    back_up(early, data=data, with_keys=True, now=at(20, 20), say=lambda _: None, step=lambda *_: None)
    audit("keeping.backup", at=at(20, 20), file="early.zip")
    assert visible(owner, *PEOPLE, NUMBER)

    # Somebody is still held: nothing ends, and the page says what must be done first.
    page = f"/close-out/?community={XIANGYUN}"
    assert "1 人还在隔离" in told("书记刘", at(21, 9), page)[1]
    asked = {"community": XIANGYUN, "reason": "区指〔2022〕9号", "witness": "公证员 郑某"}
    kept = {"keep": ["orders"], "keep_reason": "有人提起诉讼", "keep_until": "2024-04-21"}
    status, said = told("书记刘", at(21, 9), "/close-out/propose/", **asked)
    assert (status, "还不能结束应急：1 人还在隔离" in said) == (422, True)
    with scope([XIANGYUN]):
        release([Order.objects.get().pk], by=world.users["书记刘"], at=at(25, 9), reason="上级宣布结束")

    # One proposes and cannot confirm it; the other must write the name.
    assert told("书记刘", at(25, 10), "/close-out/propose/", **asked, **kept)[0] == 200
    with scope([XIANGYUN]):
        closing = Closing.objects.get()
    confirm = f"/close-out/{closing.pk}/confirm/"
    assert "要由另一个人确认" in told("书记刘", at(25, 10), confirm, name="祥云社区")[1]
    assert "没有确认" in told("主任周", at(25, 10), confirm, name="祥云")[1]
    assert told("主任周", at(25, 10), confirm, name="祥云社区")[0] == 200
    assert told("主任周", at(25, 10), f"/close-out/{closing.pk}/certificate/")[0] == 404

    jobs.destroy_what_ended()
    with scope([XIANGYUN]):
        closing.refresh_from_db()
        assert closing.finished_at
        lines = {words: amount for words, amount, _ in closing.certificate["lines"]}
        assert lines["一人一档"] == 18
        assert closing.certificate["backups"] == ["early.zip"]
        assert not Duty.objects.exists()
        assert Account.objects.filter(kind="screening.visit").exists()  # counts stay
        assert (Donation.objects.get().donor, Donation.objects.get().words) == (
            "",
            "车库一间",
        )  # and goods, without names

    # Nobody can be read anywhere; only what is sealed as evidence still knows one, and says why and until when.
    assert visible(owner, *PEOPLE, "李楼长", PHONE, NUMBER) == {}
    with scope([JIANXIN]):
        assert Household.objects.count() == 2  # next door nothing was touched
        assert Count.objects.filter(fact="owed").exists()
    with scope([XIANGYUN]):
        opened = list(open_evidence(
            closing.pk, sealer=sealer(settings.SEALING_KEY_FILE), reason="法院调取", by=None, at=at(26, 8)
        ))  # fmt: skip
        assert {row["names"].get("person_id", {}).get("name") for row in opened if "person_id" in row} == {
            "程文"
        }
    status, certificate = told("主任周", at(25, 11), f"/close-out/{closing.pk}/certificate/")
    assert status == 200
    for words in ("一人一档", "公证员 郑某", "刘", "周主任", "有人提起诉讼", closing.sha256, "early.zip"):
        assert words in certificate
    assert told("李楼长", at(25, 11), "/")[0] in (200, 403)

    # A backup from before is restored with the log at hand: nobody is there.
    restored = tmp_path / "again"
    log = (data / "destroyed.json").read_text()
    assert json.loads(log)[0]["area"] == XIANGYUN
    assert not any(name in log for name in PEOPLE)
    (tmp_path / "destroyed.json").write_text(log)
    try:
        run(tmp_path / "elsewhere", "restore", early, "--into", restored)
        with psycopg.connect(Cluster(restored).dsn(installation.OWNER, installation.DATABASE)) as again:
            assert visible(again, *PEOPLE, NUMBER, PHONE) == {}
            assert again.execute("SELECT count(*) FROM register_household").fetchone() == (2,)
        assert not any((restored / "uploads").rglob("*.csv"))
    finally:
        Cluster(restored).stop()

    # Its day come, the evidence goes too.
    monkeypatch.setenv("SHOUWANG_CLOCK", datetime(2024, 4, 22, 3, tzinfo=at(1, 1).tzinfo).isoformat())
    jobs.expire_what_is_old()
    with scope([XIANGYUN]):
        assert not Evidence.objects.exists()


class PowerCut(Exception):
    """What a story of a killed process breaks off with."""


@pytest.mark.parametrize("table", [3, 40, 90])
def test_broken_off_it_goes_on_and_counts_everybody_once(busy, world, table):
    data, keys = Path(os.environ["SHOUWANG_DATA"]), sealer(settings.SEALING_KEY_FILE)
    with scope([XIANGYUN]):
        release([Order.objects.get().pk], by=world.users["书记刘"], at=at(25, 9), reason="上级宣布结束")
        closing = propose_end(
            XIANGYUN, reason="结束", witness="郑某", by=world.users["书记刘"], at=at(25, 10)
        )
        confirm_end(closing, by=world.users["主任周"], at=at(25, 10))

    def cut(what: str, done: int, total: int) -> None:
        if done == table:
            raise PowerCut

    def go(step) -> bool:
        with destroyer(data) as owner:
            return carry_out(closing, Means(owner, data, RETENTION, ANSWERS, keys, lambda: at(25, 11), step))

    with pytest.raises(PowerCut):
        go(cut)
    with scope([XIANGYUN]):
        closing.refresh_from_db()
        assert not closing.finished_at
    assert go(lambda *_: None)
    with scope([XIANGYUN]):
        lines = {words: amount for words, amount, _ in closing.certificate["lines"]}
        assert (lines["一人一档"], lines["住户底册"]) == (18, 15)
        assert not Person.objects.exists()
