"""A file as tables of text, whatever it is called: recognised by its first bytes, never by its name."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from cx.errors import IntakeError, reason
from cx.intake import archive
from cx.intake.headings import NOBODY_SAID, Headings, place_in
from cx.intake.isolated import Sheet, Unreadable, read_sheets
from cx.intake.long_text import read_long
from cx.intake.progress import Progress, unwatched
from cx.intake.quotes import without_outer
from cx.intake.structure import MOST_COLUMNS, find_tables
from cx.intake.table import Table
from cx.intake.text_file import decode, find_dialect, records
from cx.language import Text, text
from cx.scratch import NoRoom

_FOREIGN: tuple[tuple[bytes, Text], ...] = (
    (b"\x89PNG", text("a picture (PNG)")), (b"\xff\xd8\xff", text("a picture (JPEG)")),
    (b"GIF8", text("a picture (GIF)")), (b"BM", text("a picture (BMP)")), (b"II*\0", text("a picture (TIFF)")),
    (b"MM\0*", text("a picture (TIFF)")), (b"%PDF", text("a PDF document")), (b"Rar!", text("a RAR archive")),
    (b"7z\xbc\xaf", text("a 7-Zip archive")),
    (b"BZh", text("a bzip2 archive")), (b"\xfd7zXZ", text("an xz archive")),
    (b"\x28\xb5\x2f\xfd", text("a zstd archive")),
    (b"{\\rtf", text("a text document (RTF)")), (b"SQLite format 3", text("a SQLite database")),
    (b"MZ", text("a program")), (b"\x7fELF", text("a program")),
    (b"ID3", text("a sound file")), (b"OggS", text("a sound file")), (b"ARROW1", text("an Arrow or Feather file")),
    (b"ORC", text("an ORC file")), (b"Obj\x01", text("an Avro file")), (b"\x80\x04\x95", text("a Python pickle")),
)
_GZIP = b"\x1f\x8b"
_TAR = b"ustar"  # at byte 257
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_WORKBOOK_PARTS = ("xl/workbook", "xl/worksheets")
_DOCUMENT_PARTS = ("word/document.xml", "ppt/presentation.xml")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[\[{\"\d\]-]|null|true|false))")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 65_536
ACCEPTED = text("an Excel or OpenDocument workbook, CSV or another text file with a row on each line, Parquet, JSON, a "
                "web page with a table, or a ZIP or gzip of these")


def read(path: str | Path, name: str | None = None, progress: Progress = unwatched,
         headings: Headings = NOBODY_SAID) -> list[Table]:
    """Every table of a file as text cells, before any mapping, in the order of its sheets (of a ZIP: of its files).

    name      what to call the file in messages (its own name by default)
    progress  told how many rows were read, of how many; see cx.intake.progress
    headings  which rows name the columns, where a person said it

    Raises IntakeError, saying what the file is and what is accepted: empty, only a header, a picture, protected by a
    password, damaged…
    """
    path = Path(path)
    return _named_apart(_read(path, name or path.name, progress, headings))


def _named_apart(tables: list[Table]) -> list[Table]:
    """Tables of the same name numbered."""
    taken: Counter[str] = Counter()
    for place, table in enumerate(tables):
        taken[table.name] += 1
        if taken[table.name] > 1:
            tables[place] = replace(table, name=f"{table.name} ({taken[table.name]})")
    return tables


def _read(path: Path, name: str, progress: Progress, headings: Headings, inside: bool = False) -> list[Table]:
    """inside = the file lies in an archive."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise IntakeError(text("The file “{name}” cannot be opened: {error}", name=name,
                               error=reason(error))) from error
    if not head.strip():
        raise IntakeError(text("The file “{name}” is empty. Expected a table with a header row: {accepted}.", name=name,
                               accepted=ACCEPTED))
    if head.startswith(_ZIP):
        tables = _zip(path, name, head, progress, headings, inside)
    elif head.startswith(_GZIP):
        tables = _packed(path, name, progress, headings, inside)
    elif head[257:262] == _TAR:
        raise _Foreign(name, text("a TAR archive"))
    elif head.startswith(_OLE2):
        tables = _legacy_workbook(path, name, progress, headings)
    elif head.startswith(b"PAR1"):
        tables = _nested("parquet_file", path, name, text("a Parquet file"), progress, headings)
    else:
        tables = _text(path, name, head, progress, headings)
    if not tables:
        raise IntakeError(text("The file “{name}” holds no table. Expected a header row with rows of data below it: "
                               "{accepted}.", name=name, accepted=ACCEPTED))
    if not any(table.rows for table in tables):
        raise IntakeError(text("The file “{name}” has a header but no rows below it. Export it again with its rows.",
                               name=name))
    return [table for table in tables if table.rows]


def _zip(path: Path, name: str, head: bytes, progress: Progress, headings: Headings, inside: bool) -> list[Table]:
    """A workbook or another document, which are archives themselves, or an archive of files."""
    try:
        parts = {entry.filename for entry in archive.entries(path)}
    except Unreadable as error:
        looks_inside = head + (path.read_bytes() if path.stat().st_size < 200_000_000 else b"")
        if any(part.encode() in looks_inside for part in _DOCUMENT_PARTS):
            raise _Foreign(name, text("an Office document that is not a workbook")) from error
        if any(part in looks_inside for part in (b"[Content_Types].xml", b"xl/", _OPEN_DOCUMENT)):
            raise _bad_workbook(name, error) from error
        raise _bad_archive(name, error) from error
    start = head[:200]
    if any(part in parts for part in _DOCUMENT_PARTS) or (
            _OPEN_DOCUMENT in start and _OPEN_DOCUMENT + b"spreadsheet" not in start):
        raise _Foreign(name, text("an Office document that is not a workbook"))
    if any(part.startswith("Index/") and part.endswith(".iwa") for part in parts):
        raise _Foreign(name, text("a document of Apple's Numbers, Pages or Keynote"))
    if _OPEN_DOCUMENT in start or {"mimetype", "content.xml"} <= parts or any(
            part.startswith(_WORKBOOK_PARTS) for part in parts):
        return _workbook(path, name, progress, headings)
    if "[Content_Types].xml" in parts:
        raise _bad_workbook(name, Unreadable("broken"))
    if inside:
        raise _archive_inside(name)
    return _archive(path, name, progress, headings)


def _packed(path: Path, name: str, progress: Progress, headings: Headings, inside: bool) -> list[Table]:
    """One file packed with gzip."""
    if inside:
        raise _archive_inside(name)
    inner = name[:-3] if name.lower().endswith(".gz") else name
    try:
        with archive.unpacked(path) as where:
            return _read(where, inner, progress, headings, inside=True)
    except Unreadable as error:
        raise IntakeError(text("The gzip file “{name}” cannot be read: {why}. Unpack it and upload what it holds.",
                               name=name, why=_why(error))) from error


def _archive_inside(name: str) -> IntakeError:
    return IntakeError(text("“{name}” is an archive inside an archive. Unpack it and upload its files.", name=name))


def _archive(path: Path, name: str, progress: Progress, headings: Headings) -> list[Table]:
    found: list[tuple[str, list[Table]]] = []
    refused: list[tuple[str, IntakeError]] = []
    before = 0

    def report(done: int, _total: int | None, doing: Text | None = None, /) -> None:
        progress(before + done, None, doing)

    try:
        for inner, where in archive.files(path):
            try:
                found.append((inner, [replace(table, place=place_in(inner, table.place)) for table in _read(
                    where, inner, report, headings.inside(inner), inside=True)]))
                before += sum(len(table.rows) for table in found[-1][1])
            except NoRoom:
                raise
            except IntakeError as error:
                refused.append((inner, error))
    except Unreadable as error:
        raise _bad_archive(name, error) from error
    if not found and not refused:
        raise _Foreign(name, text("a ZIP archive without files"))
    if not found:
        raise IntakeError(text("The ZIP archive “{name}” holds no file that can be read. {why}", name=name,
                               why=refused[0][1].text)) from refused[0][1]
    tables = [table if len(found) == 1 else replace(table, name=_inner_name(inner, table, len(each)))
              for inner, each in found for table in each]
    notes = [text("“{file}” in the archive was left out: it is {what}.", file=inner, what=error.what)
             if isinstance(error, _Foreign) else
             text("“{file}” in the archive was left out. {why}", file=inner, why=error.text)
             for inner, error in refused]
    tables[0] = replace(tables[0], notes=[*tables[0].notes, *notes])
    return tables


def _inner_name(file: str, table: Table, beside: int) -> str:
    stem = file.rsplit(".", 1)[0] or file
    return stem if beside == 1 else f"{stem}: {table.name}"


def _legacy_workbook(path: Path, name: str, progress: Progress, headings: Headings) -> list[Table]:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise IntakeError(text("The file “{name}” is protected by a password. Save it without a password and "
                               "upload it again.", name=name))
    if "WordDocument".encode("utf-16-le") in content or "PowerPoint".encode("utf-16-le") in content:
        raise _Foreign(name, text("an Office document that is not a workbook"))
    if "__substg1.0_".encode("utf-16-le") in content:
        raise _Foreign(name, text("an e-mail message"))
    return _workbook(path, name, progress, headings)


def _workbook(path: Path, name: str, progress: Progress, headings: Headings) -> list[Table]:
    try:
        return _tables(read_sheets("workbook", path, progress=progress, headings=headings), name, headings)
    except Unreadable as error:
        raise _bad_workbook(name, error) from error


def _nested(kind: str, path: Path, name: str, what: Text, progress: Progress, headings: Headings,
            encoding: str = "utf-8") -> list[Table]:
    try:
        return _tables(read_sheets(kind, path, encoding, progress, headings), name, headings)
    except Unreadable as error:
        if error.reason == "no workbook":
            raise _Foreign(name, text("an XML document that is no workbook")) from error
        raise IntakeError(text("The file “{name}” is {what}, but cannot be read: {why}. Export it again, or "
                               "save it as an Excel file or CSV.", name=name, what=what, why=_why(error))) from error


def _tables(sheets: list[Sheet], name: str, headings: Headings) -> list[Table]:
    """The tables of the sheets; those of hidden sheets only where no other has any."""
    shown, hidden = ([_found(sheet, name, str(place), headings) for place, sheet in enumerate(sheets)
                      if sheet.hidden == secret] for secret in (False, True))
    tables = [table for found in shown for table in found]
    if not any(table.rows for table in tables):
        return [*tables, *(table for found in hidden for table in found)]
    notes = [text("Sheet “{sheet}” is hidden and was left out. To load it, show it in a spreadsheet program, save the "
                  "file and upload it again.", sheet=found[0].name) for found in hidden if any(
                      table.rows for table in found)]
    tables[0] = replace(tables[0], notes=notes)
    return tables


def _found(sheet: Sheet, name: str, place: str, headings: Headings) -> list[Table]:
    called = sheet.name or Path(name).stem
    tables = ([replace(sheet.table, name=called)] if sheet.table else
              find_tables(called, sheet.grid, sheet.numbers, sheet.merged, place=place, headings=headings))
    return [replace(table, from_1904=True) for table in tables] if sheet.from_1904 else tables


def _text(path: Path, name: str, head: bytes, progress: Progress, headings: Headings) -> list[Table]:
    for magic, what in _FOREIGN:
        if head.startswith(magic) and not (len(magic) <= 3 and _is_text(head)):
            raise _Foreign(name, what)
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        raise _Foreign(name, text("a picture, sound or film"))
    decoded = decode(head[:_HEAD - 4] if len(head) == _HEAD else head)
    if decoded is None:
        raise _Foreign(name, text("not text, but some binary format"))
    start, encoding = decoded[0].lstrip("\ufeff \t\r\n"), _codec(decoded[1])
    if start.startswith("<"):
        return _markup(path, name, head, start, encoding, progress, headings)
    if _JSON.match(start):
        return _nested("json_file", path, name, text("a JSON document"), progress, headings, encoding)
    long = read_long(path, name, progress, headings)
    if long is not None:
        return [long]
    decoded = decode(path.read_bytes())
    if decoded is None:
        raise _Foreign(name, text("not text, but some binary format"))
    content, encoding = decoded
    content = without_outer(content)
    dialect = find_dialect(content, encoding)
    return find_tables(Path(name).stem, records(content, dialect), separator=dialect.delimiter, headings=headings)


def _markup(path: Path, name: str, head: bytes, start: str, encoding: str, progress: Progress,
            headings: Headings) -> list[Table]:
    """XML Spreadsheet 2003, or an HTML page with tables."""
    if start.startswith("<?xml") and "<html" not in start.lower():
        return _nested("sheet_xml", path, name, text("an XML document"), progress, headings)
    stated = _CHARSET.search(head)
    if stated and not encoding.startswith("utf"):
        with contextlib.suppress(LookupError):
            encoding = codecs.lookup(stated[1].decode("ascii")).name
    tables = _nested("html_table", path, name, text("a web page"), progress, headings, encoding)
    if not tables:
        raise _Foreign(name, text("a web page without a table (a page to sign in on, maybe, instead of the file)"))
    return tables


def _codec(encoding: str) -> str:
    """The codec of an encoding as `decode` names it."""
    return encoding.split(" ")[0]


def _is_text(head: bytes) -> bool:
    return decode(head) is not None and b"\0" not in head


def _why(error: Unreadable) -> Text:
    given = error.details
    if error.reason == "too wide":
        return text("it has {n} columns; at most {most} are read", n=given["columns"], most=MOST_COLUMNS)
    if error.reason == "broken json":
        return text("it breaks off or is no JSON at line {line}, character {column}", line=given["line"],
                    column=given["column"])
    if error.reason == "too long":
        return text("it is larger than {n} MB, the most that is read of its kind",
                    n=int(str(given["bytes"])) // 1_000_000)
    if error.reason in ("too many files", "too many tables"):
        return text("it holds more than {most} tables or files", most=given["most"])
    return {"too large": text("it is too large or would unpack to far more than it holds"),
            "too slow": text("reading it took too long"), "too deep": text("its parts are nested too deeply"),
            "password": text("it is protected by a password"),
            "packing": text("it is packed in a way that only a few programs know"),
            "entities": text("it holds abbreviations that could grow without end when they are written out, as in "
                             "harmful files"),
            }.get(error.reason, text("it is damaged"))


def _bad_workbook(name: str, error: Unreadable) -> IntakeError:
    return IntakeError(text("The workbook “{name}” cannot be read: {why}. Open it in a spreadsheet program, save it "
                            "anew, and upload it again.", name=name, why=_why(error)))


def _bad_archive(name: str, error: Unreadable) -> IntakeError:
    return IntakeError(text("The ZIP archive “{name}” cannot be read: {why}. Unpack it and upload its "
                            "files, or have it made again.",
                            name=name, why=_why(error)))


class _Foreign(IntakeError):
    """The file is something else: `what`."""

    def __init__(self, name: str, what: Text) -> None:
        super().__init__(text("The file “{name}” is {what}. Accepted: {accepted}.", name=name, what=what,
                              accepted=ACCEPTED))
        self.what = what
