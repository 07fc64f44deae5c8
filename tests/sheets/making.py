"""Small workbooks made on the spot: xlsx, ods and text."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Sequence[Sequence[object]]
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def xlsx(rows: Rows, *, merges: Sequence[tuple[int, int, int, int]] = (), sheet: str = "Sheet1") -> bytes:
    """One sheet; `merges` are (top, left, bottom, right) and keep what stands in their first cell."""
    return workbook({sheet: rows}, merges=merges)


def workbook(
    sheets: dict[str, Rows], *, merges: Sequence[tuple[int, int, int, int]] = (), hidden: Sequence[str] = ()
) -> bytes:
    """Several sheets; the merges go into the first."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for place, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for top, left, bottom, right in merges if place == 0 else ():
                sheet.merge_range(top, left, bottom, right, rows[top][left])
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value)
    return made.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, date | datetime):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str) and value.startswith("="):
        sheet.write_formula(row, column, value, None, "")
    elif isinstance(value, str) and value:
        sheet.write_string(row, column, value)
    elif value not in ("", None):
        sheet.write(row, column, value)


def ods(rows: Rows, *, sheet: str = "Sheet1", tail: str = "") -> bytes:
    """One sheet as OpenDocument; `tail` is put behind the last row as it is."""
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = f'{ODS_HEAD}<table:table table:name="{sheet}">{body}{tail}</table:table>{ODS_TAIL}'
    return zipped({"mimetype": ODS_TYPE, "META-INF/manifest.xml": "<manifest/>", "content.xml": content})


def _ods_cell(value: object) -> str:
    if value in ("", None):
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    words = escape(str(value))
    return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def text(rows: Rows, *, sign: str = ",", encoding: str = "utf-8") -> bytes:
    """Lines of text with a sign between the cells."""
    return "\r\n".join(sign.join(str(value) for value in row) for row in rows).encode(encoding)


def sheet_xml(cells: str) -> bytes:
    """A workbook whose one worksheet has exactly these rows, as no program would write them."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}'
            "</sheetData></worksheet>",
        }
    )
