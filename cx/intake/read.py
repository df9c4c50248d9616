"""A file as tables of text, whatever it is called: recognised by its first bytes, never by its name."""

from __future__ import annotations

from pathlib import Path

from cx.errors import IntakeError
from cx.intake.structure import find_table
from cx.intake.table import Table
from cx.intake.text_file import decode, find_dialect, records
from cx.intake.workbook import UnreadableWorkbook, read_workbook
from cx.language import Text, text

_FOREIGN: tuple[tuple[bytes, Text], ...] = (
    (b"\x89PNG", text("a picture (PNG)")), (b"\xff\xd8\xff", text("a picture (JPEG)")),
    (b"GIF8", text("a picture (GIF)")), (b"BM", text("a picture (BMP)")), (b"II*\0", text("a picture (TIFF)")),
    (b"MM\0*", text("a picture (TIFF)")), (b"%PDF", text("a PDF document")), (b"Rar!", text("a RAR archive")),
    (b"7z\xbc\xaf", text("a 7-Zip archive")), (b"\x1f\x8b", text("a gzip archive")),
    (b"{\\rtf", text("a text document (RTF)")), (b"SQLite format 3", text("a SQLite database")),
    (b"PAR1", text("a Parquet file")), (b"MZ", text("a program")), (b"\x7fELF", text("a program")),
    (b"ID3", text("a sound file")), (b"OggS", text("a sound file")),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ACCEPTED = text("CSV or other delimited text, XLSX, XLSM, XLSB, XLS or ODS")


def read(path: str | Path, name: str | None = None) -> list[Table]:
    """Every table of a file as text cells, before any mapping, in the order of its sheets.

    name  what to call the file in messages (its own name by default)

    Raises IntakeError, saying what the file is and what is accepted: empty, only a header, a picture, protected by a
    password, damaged…
    """
    path = Path(path)
    name = name or path.name
    try:
        with path.open("rb") as file:
            head = file.read(8192)
    except OSError as error:
        raise IntakeError(text("The file “{name}” cannot be opened: {error}", name=name,
                               error=error.strerror)) from error
    if not head.strip():
        raise IntakeError(text("The file “{name}” is empty. Expected a table with a header row: {accepted}.", name=name,
                               accepted=ACCEPTED))
    if head.startswith(b"PK\x03\x04") or head.startswith(_OLE2):
        tables = _workbook(path, name, head)
    else:
        tables = _text(path, name, head)
    if not tables:
        raise IntakeError(text("The file “{name}” holds no table. Expected a header row with rows of data below it: "
                               "{accepted}.", name=name, accepted=ACCEPTED))
    if not any(table.rows for table in tables):
        raise IntakeError(text("The file “{name}” has a header but no rows below it.", name=name))
    return [table for table in tables if table.rows]


def _workbook(path: Path, name: str, head: bytes) -> list[Table]:
    content = path.read_bytes()
    if head.startswith(_OLE2):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise IntakeError(text("The file “{name}” is protected by a password. Save it without a password and "
                                   "upload it again.", name=name))
        if "WordDocument".encode("utf-16-le") in content or "PowerPoint".encode("utf-16-le") in content:
            raise _foreign(name, text("an Office document that is not a workbook"))
    elif b"word/document.xml" in content or b"ppt/presentation.xml" in content:
        raise _foreign(name, text("an Office document that is not a workbook"))
    elif not any(part in content for part in (b"xl/workbook", b"content.xml", b"xl/worksheets")):
        raise _foreign(name, text("a ZIP archive"))
    try:
        sheets = read_workbook(path)
    except UnreadableWorkbook as error:
        why = {"too large": text("it is too large or would unpack to far more than it holds"),
               "too slow": text("reading it took too long")}.get(str(error), text("it is damaged"))
        raise IntakeError(text("The workbook “{name}” cannot be read: {why}. Open it in a spreadsheet program, save it "
                               "anew, and upload it again.", name=name, why=why)) from error
    tables = (find_table(sheet.name, sheet.grid, typed=sheet.numbers) for sheet in sheets)
    return [table for table in tables if table is not None]


def _text(path: Path, name: str, head: bytes) -> list[Table]:
    for magic, what in _FOREIGN:
        if head.startswith(magic) and not (len(magic) == 2 and _is_text(head)):
            raise _foreign(name, what)
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        raise _foreign(name, text("a picture, sound or film"))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<script")):
        raise _foreign(name, text("a web page or XML document"))
    if start.startswith((b"{\"", b"[{", b"{\n", b"{ ")):
        raise _foreign(name, text("a JSON document"))
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise _foreign(name, text("no text, but some binary format"))
    content, encoding = decoded
    dialect = find_dialect(content, encoding)
    table = find_table(Path(name).stem, records(content, dialect), separator=dialect.delimiter)
    return [table] if table is not None else []


def _is_text(head: bytes) -> bool:
    return decode(head) is not None and b"\0" not in head


def _foreign(name: str, what: Text) -> IntakeError:
    return IntakeError(text("The file “{name}” is {what}. Accepted: {accepted}.", name=name, what=what,
                            accepted=ACCEPTED))
