"""Files that cannot be read: each gets its own sentence, and none takes the process down."""

import io
import random
import struct
import zipfile
from contextlib import suppress

import pytest

from shouwang.lib.errors import Refusal
from shouwang.lib.sheets import (
    Bomb,
    Damaged,
    Encrypted,
    NoTable,
    NotASpreadsheet,
    TooManyRows,
    TooWide,
    read,
)
from tests.sheets.making import ODS_HEAD, ODS_TAIL, ods, sheet_xml, text, workbook, xlsx, zipped
from tests.sheets.words import REGISTER

ROWS = [["姓名", "身份证号", "联系电话"], ["王芳", "", "13800001234"], ["李强", "", "13800005678"]]
GOOD = xlsx(ROWS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def lying(content: bytes, said: int) -> bytes:
    """The same zip with another unpacked size written into its directory for the last part."""
    start = content.rindex(b"PK\x01\x02")
    return content[: start + 24] + struct.pack("<I", said) + content[start + 28 :]


BAD = {
    "nothing": (b"", NotASpreadsheet),
    "blanks": (b"  \n \n", NotASpreadsheet),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NotASpreadsheet),
    "a pdf": (b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n\0\0", NotASpreadsheet),
    "a letter": ("王主任：\n今天的表我明天再发。\n谢谢\n".encode(), NotASpreadsheet),
    "a docx": (zipped({"word/document.xml": "<w/>"}), NotASpreadsheet),
    "a zip of pictures": (zipped({"1.jpg": b"\xff\xd8"}), NotASpreadsheet),
    "encrypted xlsx": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, Encrypted),
    "encrypted ods": (
        zipped({"content.xml": "?", "META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        Encrypted,
    ),
    "cut off in the middle": (GOOD[: len(GOOD) // 2], Damaged),
    "the last byte missing": (GOOD[:-30], Damaged),
    "old xls cut off": (OLE + b"\0" * 3000, Damaged),
    "xml cut off": (zipped({"xl/workbook.xml": "<workbook"}), Damaged),
    "size in the directory is a lie": (lying(zipped({"content.xml": "x" * 9_000}), 10), Damaged),
    "bomb that says so": (zipped({"content.xml": b"0" * 60_000_000}), Bomb),
    "bomb that lies": (lying(zipped({"content.xml": b"0" * 60_000_000}), 1_000), Bomb),
    "two hundred thousand columns": (text([["姓名"] * 200_000, ["王芳"] * 200_000]), TooWide),
    "one cell far to the right": (
        sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'),
        TooWide,
    ),
    "a column that does not exist": (sheet_xml('<row r="1"><c r="KHJKL1"><v>1</v></c></row>'), TooWide),
    "one cell far down": (sheet_xml('<row r="1000001"><c r="A1000001"><v>1</v></c></row>'), TooManyRows),
    "far down and to the right": (
        sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row><c r="GA999999"><v>1</v></c></row>'),
        TooManyRows,
    ),
    "far down without addresses": (sheet_xml('<row r="99000001"><c><v>1</v></c></row>'), TooManyRows),
    "a million and one lines": (b"a,b\n" * 1_000_001, TooManyRows),
    "ods that repeats a cell": (
        ods([], tail='<table:table-row><table:table-cell office:value-type="string" '
            'table:number-columns-repeated="16000"><text:p>1</text:p></table:table-cell></table:table-row>'),
        TooWide,
    ),
    "ods that repeats a row": (
        ods([], tail='<table:table-row table:number-rows-repeated="90000000"><table:table-cell '
            'office:value-type="float" office:value="1"/></table:table-row>'),
        TooManyRows,
    ),
    "only a letter inside": (xlsx([["各位网格员："], ["请于今天17时前上报。"]]), NoTable),
    "an empty sheet": (xlsx([]), NoTable),
    "only a hidden sheet": (workbook({"说明": [["看下一张"]], "表": ROWS}, hidden=["表"]), NoTable),
}  # fmt: skip


@pytest.mark.parametrize(("content", "refusal"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_gets_its_sentence(content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        read(content, filename="底册.xlsx", vocabulary=REGISTER)
    assert "底册.xlsx" in str(refused.value)
    assert "{" not in str(refused.value)


def test_far_cells_that_are_empty_do_not_matter() -> None:
    styled = sheet_xml(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>联系电话</t></is></c>'
        '<c r="XFD1" s="1"/></row><row r="2"><c r="A2" t="inlineStr"><is><t>王芳</t></is></c>'
        '<c r="B2"><v>13800001234</v></c></row><row r="1048576" ht="12.8"></row>'
    )
    (table,) = read(styled, vocabulary=REGISTER).tables
    assert [row.values for row in table.rows] == [{"name": "王芳", "phone": "13800001234"}]


def test_an_ods_with_a_million_empty_rows_behind_the_table_is_read() -> None:
    tail = (
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    (table,) = read(ods(ROWS, tail=tail), vocabulary=REGISTER).tables
    assert [row.values["name"] for row in table.rows] == ["王芳", "李强"]


def test_a_file_with_flipped_bytes_is_read_or_refused() -> None:
    chance = random.Random(7)
    for _ in range(300):
        content = bytearray(GOOD)
        for _ in range(chance.randrange(1, 9)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(Refusal):
            assert read(bytes(content), vocabulary=REGISTER).tables


def test_making_an_ods_is_honest() -> None:
    assert ODS_HEAD.startswith("<?xml")
    assert ODS_TAIL.endswith(">")
    assert zipfile.is_zipfile(io.BytesIO(ods(ROWS)))
