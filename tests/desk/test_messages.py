"""通知宣传: the numbers open their lists, nobody is named in full, one sends by hand where there is no gateway."""

import re
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang import jobs
from shouwang.access.models import Audit
from shouwang.access.scope import scope
from shouwang.lib.clock import now
from shouwang.lib.identity import mask_name
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Wanted, send
from shouwang.outreach.channels import NotAnAddress, add_channel
from shouwang.outreach.models import Channel, Message
from shouwang.register.models import Person
from tests.outreach.receiver import HANG_UP, receiving
from tests.world import DIANLI, XIANGYUN

ANNA, BEN = "19900000001", "19900000002"
OFFICE = {"name": "祥云社区", "phone": "0371-66000000", "address": "https://xy.example/", "daily_most": 2}


@pytest.fixture
def secretary(browser_of):
    return browser_of("书记刘")


@pytest.fixture
def asked(street, secretary):
    """The office has signed, two people wait for their message."""
    assert secretary.post(reverse("messages_office") + f"?area={XIANGYUN}", OFFICE).status_code == 302
    with scope([XIANGYUN]):
        people = list(Person.objects.filter(area_code__startswith=DIANLI).order_by("id")[:2])
        wanted = [
            Wanted(phone=phone, purpose="list_first", once="a", area_code=person.area_code, person=person)
            for phone, person in zip((ANNA, BEN), people, strict=True)
        ]
        return send(wanted, by=None, at=now())


def page(client, name: str, **asked: str) -> str:
    return client.get(reverse(name), asked).content.decode()


def test_the_outbox_says_what_stands_in_the_way_and_counts(asked, secretary):
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        shown = page(secretary, "messages")
    assert len(asked_for) <= 15
    assert "还没有短信通道" in shown
    assert "还没有填社区的名称" not in shown
    assert "用手机逐条发（2）" in shown
    link = re.search(r'class="waiting" href="([^"]+)">2<', shown)[1].replace("&amp;", "&")
    listed = secretary.get(link).content.decode()
    assert "199****0001" in listed
    assert "住****" in listed
    assert ANNA not in listed
    assert "住户1" not in listed


def test_by_hand_each_number_is_opened_once_and_written_down(asked, secretary, browser_of):
    address = reverse("messages_by_hand") + f"?area={XIANGYUN}"
    assert ANNA not in secretary.get(address).content.decode()
    secretary.post(address, {"said": "next"})
    shown = secretary.get(address).content.decode()
    link = unquote(re.search(r'href="(sms:[^"]+)"', shown)[1].replace("&amp;", "&"))
    first = re.match(rf"sms:({ANNA}|{BEN})\?&body=【祥云社区】", link)[1]
    message = re.search(r'name="message" value="([^"]+)"', shown)[1]
    for _ in range(2):
        assert secretary.post(address, {"said": "sent", "message": message}).status_code == 302
    second = re.search(r"sms:(\d+)", secretary.get(address).content.decode())[1]
    assert {first, second} == {ANNA, BEN}
    message = re.search(r'name="message" value="([^"]+)"', secretary.get(address).content.decode())[1]
    secretary.post(address, {"said": "stop", "message": message})
    assert "开始发" in secretary.get(address).content.decode()
    with scope([XIANGYUN]):
        assert Audit.objects.filter(action="outreach.open_phone").count() == 2
        assert Message.objects.exclude(sent_at=None).count() == 1


def test_what_may_have_gone_out_is_sent_again_with_a_reason(asked, secretary):
    with receiving() as gateway:
        gateway.answers = {ANNA: [HANG_UP]}
        with scope([XIANGYUN]):
            add_channel(XIANGYUN, name="街道短信平台", url=gateway.address, by=None, at=now())
        jobs.deliver_waiting()
        shown = page(secretary, "messages_list", area=DIANLI, state="unsure")
        message = re.search(r'name="message" value="([^"]+)"', shown)[1]
        again = reverse("messages_again") + f"?area={DIANLI}&state=unsure"
        refused = secretary.post(again, {"message": message, "reason": " "})
        assert refused.status_code == 422
        assert "请写明为什么要再发一次" in refused.content.decode()
        assert f'value="{message}" form="again" checked' in refused.content.decode()
        assert secretary.post(again, {"message": message, "reason": "本人说没收到"}).status_code == 302
        jobs.deliver_waiting()
        assert gateway.counts == {ANNA: 2, BEN: 1}
    overview = page(secretary, "messages")
    assert "街道短信平台" in overview
    assert "127.0.0.1" not in overview


def test_a_message_that_names_nobody_says_whose_the_phone_is(street, secretary):
    """A family shares one; a worker has one; one is nobody's; and a group has none."""
    keys = sealer(settings.SEALING_KEY_FILE)
    family, worker, stranger = "19900000003", "19900000004", "19900000005"
    with scope([XIANGYUN]):
        two = list(Person.objects.filter(area_code__startswith=DIANLI).order_by("id")[:2])
        Person.objects.filter(pk__in=[one.pk for one in two]).update(
            phone_digests=[keys.digest("phone", family)]
        )
        street.helpers["王网格"].phone_digest = keys.digest("phone", worker)
        street.helpers["王网格"].save(update_fields=["phone_digest"])
        send(
            [
                Wanted(phone=phone, purpose="list_first", once="b", area_code=XIANGYUN)
                for phone in (family, worker, stranger)
            ]
            + [
                Wanted(
                    phone="",
                    purpose="clock",
                    once="b",
                    area_code=XIANGYUN,
                    params={"left": "3", "due": "20:00"},
                )
            ],
            by=None,
            at=now(),
        )
        names = "、".join(mask_name(one.name) for one in two)
    shown = page(secretary, "messages_list", area=XIANGYUN)
    for who in (f"{names} 等 2 人共用这个号码", "王网格", "这里的底册没有这个号码", "工作群"):
        assert shown.count(f'<th scope="row">{who}</th>') == 1


def test_the_text_for_groups_is_the_same_for_everybody_and_names_nobody(asked, secretary):
    texts = re.findall(r"<textarea[^>]*>([^<]+)<", page(secretary, "messages_group", area=DIANLI))
    assert len(texts) == 3
    assert texts == re.findall(r"<textarea[^>]*>([^<]+)<", page(secretary, "messages_group", area=XIANGYUN))
    assert f"https://xy.example/check/{XIANGYUN}/" in texts[0]


def test_who_only_records_visits_may_not_send(asked, newcomer):
    volunteer = newcomer("volunteer", XIANGYUN)
    for name in ("messages", "messages_by_hand", "messages_group", "messages_office"):
        assert volunteer.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    "url", ["json://h/sms", "nonsense", "wecombot://key/{phone}", "syslog://", "jsons://{phone"]
)
def test_an_address_that_reaches_nobody_is_refused(street, url):
    with scope([XIANGYUN]):
        with pytest.raises(NotAnAddress):
            add_channel(XIANGYUN, name="x", url=url, by=None, at=now())
        assert not Channel.objects.exists()
