"""导入 in the browser: looked at first, columns corrected and remembered, taken in by the worker, once."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.register.models import Person
from shouwang.register.uploads import SheetShape, Upload
from tests.desk.test_closing import shown, words_in
from tests.world import JIANXIN, XIANGYUN

HEADINGS = ("小区", "楼号", "单元", "房号", "户主姓名", "姓名", "与户主关系", "身份证号", "联系电话", "来历")
PEOPLE = (
    ("新建小区", "1", "1", "101", "钱一", "钱一", "户主", "999103198001010019", "10000000001", "本地"),
    ("新建小区", "1", "1", "101", "钱一", "钱二", "之子", "", "", "本地"),
    ("新建小区", "1", "1", "102", "孙三", "孙三", "户主", "", "100-0000-0003", "外地"),
)


def workbook(rows=PEOPLE, headings=HEADINGS) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("新建小区")
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.fixture
def files(tmp_path, settings_of):
    settings_of(MEDIA_ROOT=tmp_path)
    return tmp_path


@pytest.fixture
def clerk(files, browser_of):
    return browser_of("书记刘")


def bring(client, content: bytes, name: str = "祥云社区_人口信息底册.xlsx", community: str = XIANGYUN):
    told = {"community": community, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("imports"), told, follow=True)


def people() -> set[str]:
    with scope([XIANGYUN]):
        return set(Person.objects.values_list("name", flat=True)) & {"钱一", "钱二", "孙三"}


def test_a_file_is_looked_at_first_and_written_when_somebody_says_so(clerk):
    assert "正在看这个文件会变什么" in words_in(shown(bring(clerk, workbook())))
    upload = Upload.objects.get()
    jobs.preview_upload(upload.pk)
    said = words_in(shown(clerk.get(reverse("import_state", args=[upload.pk]))))
    assert "还没有写入" in said
    assert "户 2 人 3 新增 5" in said
    assert people() == set()
    for _twice in range(2):
        said = words_in(shown(clerk.post(reverse("import_start", args=[upload.pk]), follow=True)))
        assert "正在导入" in said
    jobs.import_upload(upload.pk)
    jobs.import_upload(upload.pk)
    assert "已导入" in words_in(shown(clerk.get(reverse("import_file", args=[upload.pk]))))
    assert people() == {"钱一", "钱二", "孙三"}


def test_the_worker_is_asked_once_by_name(clerk, owner):
    bring(clerk, workbook())
    upload = Upload.objects.get()
    for _twice in range(2):
        clerk.post(reverse("import_start", args=[upload.pk]))
    asked = owner.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id").fetchall()
    told = {"upload_id": upload.pk}
    assert asked == [("shouwang.jobs.preview_upload", told), ("shouwang.jobs.import_upload", told)]


def test_the_rows_that_need_a_person_are_a_workbook(clerk):
    doubtful = (*PEOPLE, ("新建小区", "1", "1", "103", "李四", "李四", "户主", "12345", "", ""))
    bring(clerk, workbook(doubtful))
    upload = Upload.objects.get()
    jobs.preview_upload(upload.pk)
    page = words_in(shown(clerk.get(reverse("import_file", args=[upload.pk]))))
    assert "新建小区 第 5 行 H 列" in page
    answer = clerk.get(reverse("import_check", args=[upload.pk]))
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["请核对"].values)
    assert any(row[:3] == ("新建小区", 5, "H") for row in rows)


def test_columns_are_shown_with_first_rows_corrected_and_remembered(clerk):
    bring(clerk, workbook())
    upload = Upload.objects.get()
    address = reverse("import_columns", args=[upload.pk])
    page = shown(clerk.get(address))
    assert "999****0019" in page
    assert "999103198001010019" not in page
    assert "100-0000-0003" not in page
    shape = page.partition('name="shape" value="')[2].partition('"')[0]
    told = {"shape": shape} | {f"column_{number}": "" for number in range(len(HEADINGS))}
    fields = (
        "compound",
        "building",
        "unit",
        "room",
        "",
        "name",
        "relation",
        "id_number",
        "phone",
        "from_place",
    )
    told |= {f"column_{number}": field for number, field in enumerate(fields)}
    assert "记住了" in words_in(shown(clerk.post(address, told, follow=True)))
    assert SheetShape.objects.get().columns["9"] == "from_place"
    jobs.import_upload(upload.pk)
    with scope([XIANGYUN]):
        assert Person.objects.get(name="孙三").from_place == "外地"


def test_one_field_cannot_be_two_columns(clerk):
    bring(clerk, workbook())
    address = reverse("import_columns", args=[Upload.objects.get().pk])
    shape = shown(clerk.get(address)).partition('name="shape" value="')[2].partition('"')[0]
    for wrong, said in (
        ({"shape": shape, "column_4": "name", "column_5": "name"}, "选了两次"),
        ({"shape": shape, "column_4": "x"}, "没有“x”这一项"),
    ):
        answer = clerk.post(address, wrong)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert clerk.post(address, {"shape": "别的", "column_4": "name"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04cut off", "底册.xlsx", "不完整或已损坏"),
        (b"\x89PNG\r\n", "照片.xlsx", "不是电子表格"),
        (workbook(((1, 2),), ("甲", "乙")), "别的.xlsx", "看不出"),
    ],
)
def test_what_is_no_workbook_is_said_beside_the_field(clerk, content, name, said):
    page = shown(bring(clerk, content, name))
    assert said in page
    assert 'role="alert"' in page
    assert not Upload.objects.exists()


def test_a_file_that_the_worker_cannot_take_says_why_and_another_can_be_brought(clerk, files):
    bring(clerk, workbook())
    upload = Upload.objects.get()
    (files / upload.stored).unlink()
    jobs.preview_upload(upload.pk)
    said = words_in(shown(clerk.get(reverse("import_file", args=[upload.pk]))))
    assert "已经按保存期限删掉了" in said
    assert "换一个文件" in said


def test_nobody_brings_or_sees_files_of_next_door(clerk, files, browser_of):
    bring(clerk, workbook())
    upload = Upload.objects.get()
    next_door = browser_of("书记赵")
    for name in ("import_file", "import_state", "import_columns", "import_check"):
        assert next_door.get(reverse(name, args=[upload.pk])).status_code == 404
    assert next_door.post(reverse("import_start", args=[upload.pk])).status_code == 404
    assert "人口信息底册" not in shown(next_door.get(reverse("imports")))
    bring(clerk, workbook(), community=JIANXIN)
    assert Upload.objects.count() == 1
    assert browser_of("李楼长").get(reverse("imports")).status_code == 403
