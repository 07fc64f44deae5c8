"""A photograph without a network: counted as not sent, kept over a restart, then on the desk, and without its traces."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from shouwang.access.scope import scope
from shouwang.devices.models import Photo
from shouwang.gates.models import Incident
from shouwang.isolation.asking import ask
from shouwang.isolation.models import Need
from shouwang.lib import clock
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Household
from tests.browser.field import ALL_SENT, App
from tests.browser.gate import GateApp
from tests.browser.test_gate import app, post
from tests.devices.phones import code_for, worker
from tests.register.test_pictures import photo
from tests.world import DIANLI, XIANGYUN, World

__all__ = ["app", "post"]
pytestmark = pytest.mark.browser
TAKEN = {"name": "IMG_20220421.jpg", "mimeType": "image/jpeg", "buffer": photo(turned=6)}


def test_a_guard_photographs_without_a_network_and_the_desk_sees_it(
    app: GateApp, street: World, handset: BrowserContext
) -> None:
    handset.set_offline(True)
    app.tap("出事了")
    app.page.get_by_label("经过：谁、做了什么、怎么处理的").fill("栏杆撞断了")
    app.page.locator("input[type=file]").set_input_files(TAKEN)
    app.page.locator("input[type=file]").set_input_files(TAKEN)
    expect(app.page.locator(".photo")).to_have_count(2)
    app.tap("不要照片 2")
    expect(app.page.locator(".photo img")).not_to_have_js_property("naturalWidth", 0)
    app.tap("记下")
    expect(app.line).to_contain_text("还有 2 条没传")
    app.page.reload()
    app.unlock()
    expect(app.line).to_contain_text("还有 2 条没传")
    app.line.tap()
    expect(app.page.get_by_text("照片", exact=True)).to_be_visible()
    handset.set_offline(False)
    expect(app.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        told, kept = Incident.objects.get(), Photo.objects.select_related("upload").get()
        assert kept.event_id == told.pk
    desk = Client()
    desk.force_login(street.users["书记刘"])
    address = reverse("incident_photo", args=[told.pk, kept.pk])
    assert address in desk.get(reverse("incident", args=[told.pk])).content.decode()
    picture = b"".join(desk.get(address).streaming_content)  # type: ignore[attr-defined]
    assert picture == (Path(settings.MEDIA_ROOT) / kept.upload.stored).read_bytes()
    assert (picture[:2], b"Exif" in picture, b"Exif" in TAKEN["buffer"]) == (b"\xff\xd8", False, True)  # type: ignore[operator]


def test_a_bag_is_photographed_at_its_door(
    street: World, tower: list[Household], handset: BrowserContext
) -> None:
    now = clock.now()
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=now), reason="文件", by=None, at=now)
        wanted = ask(tower[-1].pk, what="medicine", words="降压药两盒", how="phone", by=None, at=now)
    handset.clock.install(time=now)
    lead = App(handset.new_page())
    lead.enrol(code_for(street, [DIANLI], [worker(street, "李楼长", [DIANLI])]))
    handset.set_offline(True)
    lead.open_door("1102")
    lead.tap("送到了")
    lead.page.get_by_label("药袋上的号").fill("004512")
    lead.page.locator("input[type=file]").set_input_files(TAKEN)
    lead.tap("放在门口了")  # while it is still being drawn
    expect(lead.line).to_contain_text("还有 2 条没传")
    expect(lead.button("送到了")).to_have_count(0)
    handset.set_offline(False)
    expect(lead.line).to_contain_text(ALL_SENT)
    with scope([XIANGYUN]):
        need = Need.objects.get(pk=wanted.pk)
        assert (need.at is not None, need.bag, need.photo_id) == (
            True,
            "004512",
            Photo.objects.get().upload_id,
        )
