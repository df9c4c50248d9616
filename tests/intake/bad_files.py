"""Bad and hostile files, made in memory."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.intake.files import workbook, zipped

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
HEADER = b"customer,date,touchpoint,nps\n"
GOOD = HEADER + b"a,2025-01-02,cart,9\nb,2025-01-03,home,3\n"


def book(*rows: list[object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return workbook(Path(folder), {"Sheet": rows}).read_bytes()


BOOK = book(["customer", "date", "touchpoint"], ["a", "2025-01-02", "cart"])


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as good:
        return zipped({part: good.read(part) for part in good.namelist()} | {name: content})


def sheet(cells: bytes, before: bytes = b"") -> bytes:
    """A workbook whose sheet has these rows, in XML."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_part("xl/worksheets/sheet1.xml", b'<?xml version="1.0"?>' + before + b'<worksheet xmlns="' + space + b'">'
                     + cells + b"</worksheet>")


def cell(place: bytes, content: bytes) -> bytes:
    row = place.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (b'<row r="' + row + b'"><c r="' + place + b'" t="inlineStr"><is><t>' + content + b"</t></is></c></row>")


def parquet(**columns: list[object]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}), out)
    return out.getvalue()


PARQUET = parquet(customer=["a"], date=["2025-01-02"], touchpoint=["cart"])


def lying(length: int) -> bytes:
    """A Parquet file whose last bytes give its footer this length."""
    return PARQUET[:-8] + struct.pack("<I", length) + b"PAR1"


def locked_zip() -> bytes:
    content = bytearray(zipped({"a.csv": GOOD}))
    content[content.find(b"PK\x03\x04") + 6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def packed_otherwise() -> bytes:
    """A ZIP whose file is packed with Deflate64, as Windows does with large ones."""
    content = bytearray(zipped({"a.csv": GOOD}))
    content[content.find(b"PK\x03\x04") + 8] = 9
    content[content.find(b"PK\x01\x02") + 10] = 9
    return bytes(content)


def behind_a_damaged_part(workbook: bytes) -> bytes:
    """A workbook before whose parts stands one that is packed in a way few programs know."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts, zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", b"<a/>")
        for part in parts.infolist():
            archive.writestr(part.filename, parts.read(part))
    content = bytearray(out.getvalue())
    content[content.find(b"PK\x03\x04") + 8] = 9
    content[content.find(b"PK\x01\x02") + 10] = 9
    return bytes(content)


def lying_zip() -> bytes:
    """A ZIP that says its file unpacks to 9 bytes."""
    content = bytearray(zipped({"a.csv": GOOD}))
    content[content.find(b"PK\x01\x02") + 24:content.find(b"PK\x01\x02") + 28] = struct.pack("<I", 9)
    return bytes(content)


def open_document(kind: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument." + kind)
        archive.writestr("content.xml", b"<office/>")
    return out.getvalue()


def old_office(part: str) -> bytes:
    return OLE2 + b"\0" * 500 + part.encode("utf-16-le") + b"\0" * 500


def entities(body: bytes, name: bytes = b"Workbook") -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE x [' + body + b']><' + name + b">&b;</" + name + b">"


BILLION_LAUGHS = b'<!ENTITY a "ha ha ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
MANY_KEYS = json.dumps([{f"k{n}": n for n in range(20_000)}]).encode()
BOMB = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"0" * 80_000_000})
