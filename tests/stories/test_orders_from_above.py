"""Tip sheet no. 12 comes at 21:40: taken in, looked at, confirmed, done by the areas it names, answered, on the board."""

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.directives.models import Directive, Point
from shouwang.duties.board import board
from shouwang.duties.models import Duty
from tests.desk.test_closing import shown, words_in
from tests.world import CHUNHUI, DIANLI, JIANXIN, XIANGYUN, at

if TYPE_CHECKING:
    from tests.world import World

SHEET = (
    "温馨提示单（第12号）", "各社区：", "根据区疫情防控指挥部要求，请做好以下工作：",
    "一、4月22日12时前完成4月15日以来到过钱塘衣城人员的摸排登记，2小时内反馈首批名单；",
    "二、自4月22日起对独居老人每日电话问候一次；",
    "三、各卡口交接班须填写交接记录，4月22日18时前报送卡口负责人名单；",
    "四、小区单元门、电梯按键每日消杀不少于两次。",
    "请收到后立即确认，并于4月22日20时前反馈落实情况。",
    "京广路街道疫情防控指挥部  4月21日21时30分",
)  # fmt: skip
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def docx(*lines: str, also: str = "") -> bytes:
    """A document as Word keeps it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("word/document.xml", WORD.format("".join(map(PARAGRAPH.format, lines))))
        if also:
            parts.writestr(also, b"x")
    return packed.getvalue()


@pytest.fixture
def clerk(world: "World", monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 21, 40).isoformat())
    client = Client()
    client.force_login(world.users["书记刘"])
    return client


def bring(client: Client, content: bytes, name: str, hour: str = "21:40") -> object:
    told = {"area": XIANGYUN, "arrived_at": f"2022-04-21T{hour}", "text": ""}
    return client.post(
        reverse("directive_new"), told | {"file": SimpleUploadedFile(name, content)}, follow=True
    )


def as_proposed(page: object) -> dict[str, str]:
    """The form as it stands on the page, to be sent back unchanged."""
    forms = page.context["forms"]
    told = {f"form-{key}": str(value) for key, value in forms.management_form.initial.items()}
    for field in (field for form in forms for field in form):
        value, chosen = field.value(), field.name in ("where", "how")
        if value is True:
            told[field.html_name] = "on"
        elif value not in (None, "", False):
            told[field.html_name] = value if chosen else str(field.field.widget.format_value(value))
    return told


def test_the_evening_of_tip_sheet_12(clerk, world, monkeypatch):
    page = bring(clerk, docx(*SHEET), "温馨提示单.docx")
    said = words_in(shown(page))
    assert "确认要办什么" in said
    told = as_proposed(page)
    assert [told[f"form-{n}-words"] for n in (0, 1)] == [
        "4月22日12时前完成4月15日以来到过钱塘衣城人员的摸排登记", "2小时内反馈首批名单",
    ]  # fmt: skip
    assert [told.get(f"form-{n}-due_at") for n in range(7)] == [
        "2022-04-22T12:00", "2022-04-21T23:40", None, None, "2022-04-22T18:00", None, "2022-04-22T20:00",
    ]  # fmt: skip
    assert (told["form-2-how"], told["form-3-how"], told["form-5-times_a_day"]) == ("daily", "know", "2")
    assert told["form-5-where"] == "compounds"

    wanting = shown(clerk.post(page.redirect_chain[-1][0], told))
    assert "每天办的事，请写从哪天起、到哪天为止" in wanting
    told |= {"form-2-last_on": "2022-04-24", "form-5-last_on": "2022-04-22"}
    page = clerk.post(page.redirect_chain[-1][0], told, follow=True)
    said = words_in(shown(page))
    # 1 + 1 once, 3 days, 1 by compounds twice, disinfection: 3 halves still ahead in each of 2 compounds, 1 reply
    assert "已确认。派出任务 14 件" in said
    assert "还没确认" in said
    with scope([XIANGYUN]):
        assert board(XIANGYUN, now=at(21, 21, 41))["directives.point"].left == 3
        one = Directive.objects.get()
        first_names = one.points.get(number=2)

    clerk.post(reverse("directive_read", args=[one.pk]))
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 22, 30).isoformat())
    page = clerk.get(reverse("directive_point", args=[first_names.pk]))
    answer = {"once": page.context["form"]["once"].value(), "area": XIANGYUN, "text": "首批 23 人，名单已送"}
    for _twice in range(2):
        page = clerk.post(reverse("directive_point", args=[first_names.pk]), answer, follow=True)
    assert words_in(shown(page)).count("首批 23 人") == 1
    with scope([XIANGYUN]):
        duty = Duty.objects.get(about=first_names.pk)
        assert (duty.fact, duty.done_at) == ("done", at(21, 22, 30))

    monkeypatch.setenv("SHOUWANG_CLOCK", at(22, 13).isoformat())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = clerk.get(reverse("directive", args=[one.pk]))
    assert len(asked) <= 15
    said = words_in(shown(page))
    assert "祥云社区 已超时 0/1" in said
    assert "书记刘" in said
    assert said.count("还没确认") == 0
    assert "0/3 · 过期未办 2" in said  # nobody disinfected last night and this morning
    assert "上级要求" in words_in(shown(clerk.get("/")))
    overdue = shown(clerk.get(reverse("board_list"), {"area": XIANGYUN, "state": "overdue"}))
    assert "上级要求" in overdue


def test_the_street_sends_down_and_each_community_answers_for_itself(world, monkeypatch):
    from shouwang.access.models import Grant, User
    from shouwang.directives.actions import Told, add_point, receive

    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 9).isoformat())
    head = User.objects.create_user("指挥", name="指挥长孙", created_at=at(20, 0))
    Grant.objects.create(user=head, role="commander", area_codes=[XIANGYUN[:9]], from_at=at(20, 0))
    with scope([XIANGYUN[:9]]):
        one, _ = receive(
            area=XIANGYUN[:9],
            by=head,
            at=at(21, 9),
            arrived_at=at(21, 9),
            text="通知\n请各社区12时前报送人数",
        )
        add_point(one, Told("报送人数", [XIANGYUN, JIANXIN], due_at=at(21, 12)), by=head, at=at(21, 9))
        point = Point.objects.get()
    clients = {name: Client() for name in ("书记刘", "书记赵")}
    for name, client in clients.items():
        client.force_login(world.users[name])
    page = clients["书记刘"].get(reverse("directive_point", args=[point.pk]))
    assert [code for code, _ in page.context["form"].fields["area"].choices] == [XIANGYUN]
    once = page.context["form"]["once"].value()
    stolen = clients["书记刘"].post(
        reverse("directive_point", args=[point.pk]), {"once": once, "area": JIANXIN, "text": "替别人报"}
    )
    assert 'role="alert"' in shown(stolen)
    clients["书记刘"].post(
        reverse("directive_point", args=[point.pk]), {"once": once, "area": XIANGYUN, "text": "12500 人"}
    )
    assert "12500" not in shown(clients["书记赵"].get(reverse("directive_point", args=[point.pk])))
    assert (
        clients["书记刘"].post(reverse("directive_end", args=[point.pk]), {"reason": "x"}).status_code == 404
    )
    with scope([XIANGYUN[:9]]):
        facts = dict(Duty.objects.filter(about=point.pk).values_list("subject_area", "fact"))
    assert facts == {XIANGYUN: "done", JIANXIN: "owed"}
    boss = Client()
    boss.force_login(head)
    said = words_in(shown(boss.get(reverse("directive", args=[one.pk]))))
    assert "祥云社区 已办 1/1" in said
    assert "建新社区 待办 0/1" in said


def test_the_same_again_is_the_same_and_taking_back_owes_again(clerk, world):
    from shouwang.directives.actions import Told, add_point, end_point, report_back, take_back

    bring(clerk, docx(*SHEET), "一.docx")
    assert "已经收过了" in shown(bring(clerk, docx(*SHEET), "二.docx"))
    user = world.users["书记刘"]
    with scope([XIANGYUN]):
        one = Directive.objects.get()
        told = Told("门岗名单", [DIANLI, CHUNHUI], due_at=at(22, 18))
        assert add_point(one, told, by=user, at=at(21, 22)) == 2
        point = Point.objects.get()
        report = report_back(point, area=DIANLI, text="报了", by=user, at=at(21, 23))
        take_back(report.pk, reason="报错了", by=user, at=at(21, 23, 10))
        assert set(Duty.objects.values_list("fact", flat=True)) == {"owed"}
        report_back(point, area=DIANLI, text="重报", by=user, at=at(22, 8))
        assert end_point(point.pk, reason="上级取消", by=user, at=at(22, 9)) == 1
        assert sorted(Duty.objects.values_list("fact", flat=True)) == ["done", "void"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "空.docx", "空"),
        (b"\0" * 50, "空的.docx", "是空的"),
        (docx("通知", also="word/vbaProject.bin"), "带宏.docm", "带着宏"),
        (b"MZ\x90\0 program", "通知.docx", "没有收"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密.docx", "加了密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "旧.doc", "旧版 Word"),
        (docx("通知")[:80], "半截.docx", "不完整或已损坏"),
        (b"%PDF-1.4\nnothing", "坏.pdf", "不完整或已损坏"),
        (b"x" * (50 * 1024 * 1024 + 1), "大.txt", "超过 50 MB"),
        (b'PK\x03\x04' + b"\0" * 60, "假.docx", "不完整或已损坏"),
    ],
    ids=["empty", "zeros", "macros", "program", "password", "old", "half", "pdf", "large", "false"],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_said_and_not_kept(clerk, content, name, said):
    page = bring(clerk, content, name)
    assert said in shown(page)
    with scope([XIANGYUN]):
        assert not Directive.objects.exists()


def test_a_picture_is_kept_and_typed_by_a_person(clerk):
    page = bring(clerk, b"\x89PNG\r\n\x1a\n" + b"picture", "拍的.png")
    assert "没有能读的文字" in shown(page)
    with scope([XIANGYUN]):
        one = Directive.objects.get()
    came = clerk.get(reverse("directive_file", args=[one.pk]))
    assert (came["Content-Type"], b"".join(came.streaming_content)[-7:]) == ("image/png", b"picture")
    page = clerk.post(
        reverse("directive_text", args=[one.pk]), {"text": "通知\n一、明日8时前报送名单"}, follow=True
    )
    assert as_proposed(page)["form-0-due_at"] == "2022-04-22T08:00"
