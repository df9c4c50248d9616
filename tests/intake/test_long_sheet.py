"""Long sheets go to disk as they are read, and are the same tables as those held in memory."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from cx import intake
from cx.intake.formats import batches, cells, json_file
from cx.intake.isolated import _sheets, read_sheets
from cx.intake.progress import unwatched
from cx.intake.structure import find_tables
from tests.intake.files import text_file


def _workbook(folder: Path, rows: int, **more: object) -> Path:
    path, day = folder / "long.xlsx", dt.datetime(2025, 1, 1)
    with xlsxwriter.Workbook(str(path), {"constant_memory": not more, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet("Events")
        sheet.write_row(0, 0, ["Contacts of the year"])
        sheet.write_row(2, 0, ["customer no", "date", "NPS", "ok", "amount"])
        for line in range(rows):
            sheet.write_row(line + 3, 0, [f"C{line % 97}", day + dt.timedelta(minutes=line),
                                          line % 11 if line % 3 else "N/A" if line % 2 else None, line % 5 == 0, line / 8])
        sheet.write_row(rows + 3, 0, ["Total", None, None, None, 12.5])
        if more.get("merged"):
            sheet.merge_range(rows, 0, rows + 1, 0, "C1")
    return path


def _parquet(folder: Path, rows: int) -> Path:
    path = folder / "long.parquet"
    pq.write_table(pa.table({
        "id": range(rows), "at": pa.array([1_700_000_000_000_000_000 + n for n in range(rows)], pa.timestamp("ns")),
        "nps": [n % 11 if n % 3 else None for n in range(rows)], "amount": [n / 4 for n in range(rows)],
        "ok": [n % 2 == 0 for n in range(rows)], "place": pa.array([f"P{n % 5}" for n in range(rows)]).dictionary_encode(),
        "about": [{"a": n % 7, "b": None} for n in range(rows)], "tags": [["x", "y"] if n % 2 else [] for n in range(rows)],
    }), path, row_group_size=20_000)
    return path


def _array(folder: Path, rows: int) -> Path:
    lines = _lines(folder, rows).read_text(encoding="utf-8").splitlines()
    return text_file(folder, "[" + ",\n ".join(lines) + "]\n", "long.json")


def _lines(folder: Path, rows: int) -> Path:
    return text_file(folder, "".join(json.dumps({"id": n, "about": {"place": f"P{n % 5}", "nps": n % 11 if n % 2 else None},
                                                 "comment": "ş" * 400} | ({"late": True} if n % 9 == 0 else {})) + "\n"
                                     for n in range(rows)), "long.jsonl")


def _page(folder: Path, rows: int) -> Path:
    cells = "".join(f"<tr><td>C{n % 97}<td>{n % 28 + 1}.01.2026<td>{n % 11 if n % 3 else 'yok'}<td>ş {n}</tr>\n"
                    for n in range(rows))
    return text_file(folder, f"<html><table><tr><th>Müşteri<th>Tarih<th>NPS<th>Yorum</tr>{cells}</table></html>", "long.xls")


def _xml(folder: Path, rows: int) -> Path:
    def row(*cells: object) -> str:
        return "<Row>" + "".join(f'<Cell><Data ss:Type="{"Number" if isinstance(each, int) else "String"}">{each}</Data>'
                                 "</Cell>" for each in cells) + "</Row>"

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return text_file(folder, f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="A"><Table>'
                     + row("customer", "date", "nps") + "".join(row(f"C{n % 97}", f"2026-01-{n % 28 + 1:02}", n % 11)
                                                                for n in range(rows)) + "</Table></Worksheet></Workbook>",
                     "long.xml")


@pytest.mark.parametrize(("kind", "make", "rows"), [
    ("workbook", _workbook, 21_500), ("parquet_file", _parquet, 50_500), ("json_file", _lines, 20_600),
    ("json_file", _array, 20_600), ("html_table", _page, 20_400), ("sheet_xml", _xml, 20_400)])
def test_a_long_sheet_is_the_same_on_disk_as_in_memory(tmp_path, kind, make, rows):
    path = make(tmp_path, rows)
    told: list[int] = []
    [streamed] = read_sheets(kind, path, progress=lambda done, *_: told.append(done))
    [held] = _sheets(kind, path, "utf-8", unwatched)
    [table] = find_tables(held.name, held.grid, held.numbers, held.merged)
    assert streamed.table is not None
    assert (streamed.grid, held.table) == ([], None)
    assert streamed.table.header == table.header
    assert list(streamed.table.rows[:]) == [[cell.strip() for cell in row] for row in table.rows]
    assert (streamed.table.header_row, streamed.table.numbers) == (table.header_row, table.numbers)
    assert list(streamed.table.row_numbers) == list(table.row_numbers)
    assert [(row, str(why)) for row, why in streamed.table.skipped] == [(row, str(why)) for row, why in table.skipped]
    assert told == sorted(told)
    assert told[-1] >= rows


@pytest.mark.parametrize(("changed", "cells"), [
    (15_000, ["C1", "2026-01-01", "7", "more"]), (39_999, ["C1", "2026-01-01"]), (39_999, ["C1", "2026-01-01", "7", "more"])])
def test_a_long_sheet_whose_rows_are_of_several_widths_loses_no_cell(tmp_path, changed, cells):
    rows = [["C1", "2026-01-01", "7"]] * 40_000
    rows[changed:] = [cells] * (len(rows) - changed)
    path = text_file(tmp_path, json.dumps([["customer", "date", "nps"], *rows]), "long.json")
    [sheet] = read_sheets("json_file", path)
    found = [list(each) for each in sheet.table.rows[:]] if sheet.table else sheet.grid[1:]
    assert len(found) == len(rows)
    assert [each for each in found[-1] if each] == cells


def test_lists_in_cells_of_a_long_document_are_texts(tmp_path):
    path = text_file(tmp_path, json.dumps([{"customer": f"C{n}", "tags": ["a", "b"]} for n in range(20_500)]), "long.json")
    [sheet] = read_sheets("json_file", path)
    rows = sheet.table.rows[:] if sheet.table else sheet.grid[1:]
    assert (len(rows), list(rows[-1])) == (20_500, ["C20499", "a; b"])


def test_a_long_sheet_with_merged_rows_is_read_with_care(tmp_path):
    path = _workbook(tmp_path, 20_400, merged=True)
    [sheet] = read_sheets("workbook", path)
    assert (sheet.table, len(sheet.grid)) == (None, 20_404)
    assert len(intake.read(path)[0].rows) == 20_400


MOMENTS = [dt.datetime(2025, 3, 1) + dt.timedelta(hours=7 * n, microseconds=999 * n) for n in range(200)]


@pytest.mark.parametrize("column", [
    MOMENTS, [*MOMENTS, "", None, "later"], [*MOMENTS, dt.date(2025, 3, 1), dt.time(9, 5), dt.timedelta(hours=30), 7.0, True],
    [*MOMENTS, dt.datetime(2025, 3, 1, 23, 59, 59, 999_999), dt.datetime(2025, 3, 1, 12, 0, 0, 500_000)],
    [*MOMENTS, dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)], [*MOMENTS, dt.datetime(7, 1, 1)],
    [1, 1.0, True, "1", "", None], ["9 a", 9.5, 9], ["a", "b"]])
def test_cells_become_the_same_texts_many_at_a_time(column):
    for rows in ([[cell] for cell in column], [[cell, "x"][:1 + n % 2] for n, cell in enumerate(column)]):
        [batch] = batches._of_rows(iter(rows), cells.TEXT, Counter(), Counter(), 1000)
        assert batch[0].to_pylist() == [cells.text_of(cell) for cell in column]


OBJECTS = [{"a": n, "b": {"c": f"x]{n}\"" + "},", "d": [n, {"e": None}]}} | ({"late": True} if n == 7 else {}) for n in range(9)]


@pytest.mark.parametrize(("document", "plain"), [
    (json.dumps(OBJECTS), True), (json.dumps(OBJECTS, indent=3), True), ("\ufeff \r\n" + json.dumps(OBJECTS) + "\n\n", True),
    (json.dumps([{"a": 1}, 12, "text", None, [{"b": 1}], {"a": 2}, -3.5e4]), True), ('[{"a": NaN}, {"a": 12}]', True),
    (json.dumps(OBJECTS) + " x", False), (json.dumps(OBJECTS) + json.dumps(OBJECTS), False), (json.dumps(OBJECTS)[:-1], False),
    (json.dumps(OBJECTS)[:100], False), (json.dumps(OBJECTS).replace('"c"', "c", 3), False), ('[{"a": 1},]', False),
    ('[{"a": 1} {"a": 2}]', False), ('[{"a": 1}}', False), (json.dumps([{"a": "long" * 99}, {"a": 1}]), False)])
def test_a_long_array_is_read_piece_by_piece_as_it_is_read_whole(tmp_path, monkeypatch, document, plain):
    path = text_file(tmp_path, document, "long.json")

    def found() -> list[object]:
        try:
            return [(sheet.name, list(sheet.rows)) for sheet in json_file.sheets(str(path), "utf-8")]
        except cells.Refused as error:
            return [error.reason, error.details]

    whole = found()
    monkeypatch.setattr(json_file, "_LONG_BYTES", 0)
    monkeypatch.setattr(json_file, "_PIECE", 11)
    monkeypatch.setattr(json_file, "_LONGEST", 200)
    assert found() == whole
    monkeypatch.setattr(json_file, "_parsed", None)  # to read it whole is no way out
    if plain:
        assert found() == whole
    else:
        with pytest.raises(TypeError):
            found()
