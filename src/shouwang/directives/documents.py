"""A document from its bytes to its text: Word, PDF, plain text. What only an eye can read is kept, and typed by a person."""

import io
import re
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

from shouwang.lib.characters import INVISIBLE
from shouwang.lib.errors import Refusal
from shouwang.lib.sheets.archive import BROKEN
from shouwang.register.intake.pictures import picture_kind

MOST_BYTES, MOST_TEXT, MOST_PAGES, MOST_UNPACKED = 50 * 1024 * 1024, 40_000, 60, 30_000_000
OLE, ZIP, PDF, PROGRAMS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK", b"%PDF", (b"MZ", b"\x7fELF", b"#!")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MACROS = ("vbaProject.bin", "vbaData.xml")


class Empty(Refusal):
    code = "directives.empty_file"
    sentence = "“{file}”是空的，里面什么也没有。请重新拿一份。"


class TooBig(Refusal):
    code = "directives.too_big"
    sentence = "“{file}”超过 50 MB，收不下。请截图，或者另存成小一点的文件。"


class NotADocument(Refusal):
    code = "directives.not_a_document"
    sentence = "“{file}”不是文件、图片或文字，没有收。能收的有：Word（.docx）、PDF、图片、纯文字。"


class HasMacros(Refusal):
    code = "directives.has_macros"
    sentence = "“{file}”里带着宏（会自己运行的程序），没有收。请在 Word 或 WPS 里另存为 .docx 再来。"


class Locked(Refusal):
    code = "directives.locked"
    sentence = "“{file}”加了密码，打不开。请先去掉密码，或者截图。"


class OldWord(Refusal):
    code = "directives.old_word"
    sentence = "“{file}”是旧版 Word 文件，读不了。请在 Word 或 WPS 里另存为 .docx，或者截图。"


class Broken(Refusal):
    code = "directives.broken"
    sentence = "“{file}”不完整或已损坏，可能没有下载完。请重新拿一份。"


def text_of(content: bytes, filename: str) -> str:
    """The text of a document; empty where it is a picture, or a PDF of pictures, that a person must type from.

    Raises: Empty, TooBig, NotADocument, HasMacros, Locked, OldWord, Broken: such a file is not kept.
    """
    if not content.strip(b"\0 \r\n\t"):
        raise Empty(file=filename)
    if len(content) > MOST_BYTES:
        raise TooBig(file=filename)
    return _tidied(_reader(content, filename)(content, filename))


def _reader(content: bytes, filename: str) -> Callable[[bytes, str], str]:
    """By what is in the file, whatever it is called."""
    if content.startswith(OLE):
        raise (Locked if ENCRYPTED_STREAM in content else OldWord)(file=filename)
    if content.startswith(PROGRAMS):
        raise NotADocument(file=filename)
    if content.startswith(ZIP):
        return _from_zip
    if content.lstrip()[:4] == PDF:
        return _from_pdf
    return (lambda _content, _filename: "") if picture_kind(content) else _from_text


def _from_zip(content: bytes, filename: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if any(name.endswith(MACROS) for name in names):
                raise HasMacros(file=filename)
            if "OFD.xml" in names:
                return ""  # the state's own page format: shown by its program, typed by a person
            if "word/document.xml" not in names:
                raise NotADocument(file=filename)
            part = packed.getinfo("word/document.xml")
            if part.flag_bits & 1:
                raise Locked(file=filename)
            if part.file_size > MOST_UNPACKED:
                raise TooBig(file=filename)
            with packed.open(part) as stream:
                markup = stream.read(MOST_UNPACKED)
        if b"<!DOCTYPE" in markup or b"<!ENTITY" in markup:
            raise Broken(file=filename)
        return "\n".join(map(_paragraph, ElementTree.fromstring(markup).iter(f"{WORD}p")))
    except BROKEN as broken:
        raise Broken(file=filename) from broken


def _paragraph(element: ElementTree.Element) -> str:
    """One paragraph; what was struck out in the document's own history is not in it."""
    said = []
    for part in element.iter():
        if part.tag == f"{WORD}t":
            said.append(part.text or "")
        elif part.tag in (f"{WORD}br", f"{WORD}cr"):
            said.append("\n")
        elif part.tag == f"{WORD}tab":
            said.append(" ")
    return "".join(said)


def _from_pdf(content: bytes, filename: str) -> str:
    from pypdf import PdfReader  # here: few need it, and it takes a while to load
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Locked(file=filename)
        return "\n".join(page.extract_text() or "" for page in reader.pages[:MOST_PAGES])
    except Refusal:
        raise
    except (PyPdfError, *BROKEN, AttributeError, TypeError, IndexError, RecursionError) as broken:
        raise Broken(file=filename) from broken


def _from_text(content: bytes, filename: str) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and sum(map(str.isprintable, text)) > 0.9 * len(
            text.replace("\n", "").replace("\r", "")
        ):
            return text
    raise NotADocument(file=filename)


def _tidied(text: str) -> str:
    """Without what nobody sees; at most as many blank lines as a reader wants."""
    seen = "".join(
        sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or ord(sign) not in INVISIBLE
    )
    return re.sub(r"\n{3,}", "\n\n", seen).strip()[:MOST_TEXT]
