"""Makes the files the tests read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import xlsxwriter


def text_file(folder: Path, content: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(folder: Path, sheets: Mapping[str, Iterable[Iterable[object]]], name: str = "file.xlsx") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, list(row))
    return path


def zipped(entries: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()
