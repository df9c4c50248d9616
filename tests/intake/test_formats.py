"""Every format becomes the same tables of text: Parquet, JSON, HTML, XML, old workbooks, archives."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import io
import json
import os
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from cx import intake, open_store
from tests.intake.files import text_file, workbook, zipped
from tests.intake.legacy import SINCE_1900, SINCE_1904

CSV = "customer,date,touchpoint,nps\na,2025-01-02,cart,9\nb,2025-01-03,home,3\n"
HEADER, ROWS = ["customer", "date", "touchpoint", "nps"], [["a", "2025-01-02", "cart", "9"], ["b", "2025-01-03", "home", "3"]]


def test_parquet_types_become_text_that_reads_back():
    moment = dt.datetime(2025, 1, 2, 3, 4, 5)
    columns = {
        "id": (pa.array([1, 2]), ["1", "2"]),
        "moment": (pa.array([moment, None]), ["2025-01-02 03:04:05", ""]),
        "nanoseconds": (pa.array([1_700_000_000_123_456_789, 0], pa.timestamp("ns")), ["2023-11-14 22:13:20", "1970-01-01"]),
        "zone": (pa.array([moment, moment], pa.timestamp("us", "UTC")), ["2025-01-02 03:04:05+00:00"] * 2),
        "day": (pa.array([dt.date(2025, 1, 2)] * 2), ["2025-01-02"] * 2),
        "wait": (pa.array([dt.timedelta(seconds=270)] * 2), ["0:04:30"] * 2),
        "amount": (pa.array([1.0, 2.5]), ["1", "2.5"]),
        "not_a_number": (pa.array([float("nan"), float("inf")]), ["", ""]),
        "price": (pa.array([decimal.Decimal("1234.50")] * 2), ["1234.50"] * 2),
        "flag": (pa.array([True, None]), ["true", ""]),
        "word": (pa.array(["Şule", "Işık"]).dictionary_encode(), ["Şule", "Işık"]),
        "list": (pa.array([["x", "y"], []]), ["x; y", ""]),
        "nothing": (pa.nulls(2), ["", ""]),
    }
    names = [name for name in columns if name != "nothing"]
    [table] = _read_parquet(pa.table({name: given for name, (given, _) in columns.items()}))
    assert table.header == [*columns]
    assert {name: [row[table.header.index(name)] for row in table.rows] for name in names} == {
        name: columns[name][1] for name in names}
    assert {table.header[position] for position in table.numbers} >= {"id", "amount"}


def _read_parquet(table: pa.Table, **options: object) -> list[intake.Table]:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        pq.write_table(table, path, **options)
        return intake.read(path)


def test_nested_parquet_fields_become_columns_with_dots():
    given = pa.table({"a": [{"b": 1, "c": {"d": "x"}}, None], "e": [1, 2]})
    [table] = _read_parquet(given, row_group_size=1)
    assert (table.header, table.rows) == (["a.b", "a.c.d", "e"], [["1", "x", "1"], ["", "", "2"]])


def test_a_parquet_file_that_declares_more_cells_than_can_be_held_is_refused():
    with pytest.raises(intake.IntakeError, match="too large"):
        _read_parquet(pa.table({f"c{n}": pa.nulls(1_000_000) for n in range(41)}))


# document → (sheet, header, rows) of each table
OBJECTS = [{"customer": "a", "nps": 9}, {"customer": "b", "nps": None, "note": "x"}]
FLAT = (["customer", "nps", "note"], [["a", "9", ""], ["b", "", "x"]])
DOCUMENTS = {
    "an array of objects": (json.dumps(OBJECTS), [("file", *FLAT)]),
    "spread over lines": (json.dumps(OBJECTS, indent=2), [("file", *FLAT)]),
    "an object a line": ("\n".join(map(json.dumps, OBJECTS)) + "\n\n", [("file", *FLAT)]),
    "one object": ('{"customer": "a", "nps": 9}', [("file", ["customer", "nps"], [["a", "9"]])]),
    "an array within": (json.dumps({"page": 1, "data": {"items": OBJECTS}}), [("data.items", *FLAT)]),
    "several arrays": (json.dumps({"x": OBJECTS, "y": [{"k": "v", "n": 1}]}), [("x", *FLAT), ("y", ["k", "n"], [["v", "1"]])]),
    "arrays of arrays": ('[["customer", "nps"], ["a", 9], ["b", 3]]', [("file", ["customer", "nps"], [["a", "9"], ["b", "3"]])]),
    "columns and data": ('{"columns": ["customer", "nps"], "data": [["a", 9]]}', [("file", ["customer", "nps"], [["a", "9"]])]),
    "an array a column": ('{"customer": ["a", "b"], "nps": [9, 3]}', [("file", ["customer", "nps"], [["a", "9"], ["b", "3"]])]),
    "nested": ('[{"who": {"id": 1, "tags": ["x", "y"]}, "ok": true, "rate": 0.5}, {"who": {"id": 2}}]', [
        ("file", ["who.id", "who.tags", "ok", "rate"], [["1", "x; y", "true", "0.5"], ["2", "", "", ""]])]),
    "not a number": ('[{"customer": "a", "nps": NaN}, {"customer": "b", "nps": 3}]', [
        ("file", ["customer", "nps"], [["a", ""], ["b", "3"]])]),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_json_tables_are_found_and_flattened(tmp_path, name):
    content, expected = DOCUMENTS[name]
    tables = intake.read(text_file(tmp_path, content, "file.json"))
    assert [(table.name, table.header, table.rows) for table in tables] == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_json_is_read_in_any_unicode_encoding(tmp_path, encoding):
    [table] = intake.read(text_file(tmp_path, '[{"müşteri": "Şule", "nps": 9}]', "file.json", encoding))
    assert (table.header, table.rows) == (["müşteri", "nps"], [["Şule", "9"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1254"])
def test_an_html_table_saved_as_xls_is_read_with_its_spans(tmp_path, encoding):
    page = f"""<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{encoding}"><style>td {{}}</style>
        <script>document.write("<table><tr><td>no</table>")</script></head><body>
        <table><caption>Anket</caption><tr><th rowspan="2">Müşteri<th rowspan=2>Şehir<th colspan="2">Teslimat</tr>
        <tr><th>NPS</th><th>CSAT</th></tr>
        <tr><td>a&nbsp;1<td>İzmir<td>9<td>4&lt;<tr><td>b<td><b>Muğ</b>la<td>7<td>5</table>
        <img src="http://192.0.2.1/x.png"></body></html>"""
    [table] = intake.read(text_file(tmp_path, page, "anket.xls", encoding))
    assert (table.name, table.header) == ("Anket", ["Müşteri", "Şehir", "Teslimat NPS", "Teslimat CSAT"])
    assert table.rows == [["a 1", "İzmir", "9", "4<"], ["b", "Muğla", "7", "5"]]


def test_a_table_that_lays_out_others_is_not_one_itself(tmp_path):
    inner = "<table><tr><td>customer<td>nps<tr><td>a<td>9</table>"
    [table] = intake.read(text_file(tmp_path, f"<table><tr><td>Menu<td>{inner}<tr><td>x<td>y</table>", "page.html"))
    assert (table.header, table.rows) == (["customer", "nps"], [["a", "9"]])


def test_tables_of_a_page_without_captions_are_numbered(tmp_path):
    table = "<table><tr><td>customer<td>nps<tr><td>a<td>9</table>"
    assert [each.name for each in intake.read(text_file(tmp_path, table * 3, "page.html"))] == ["page", "page (2)", "page (3)"]


def test_an_xml_spreadsheet_is_read_with_types_gaps_and_merged_cells(tmp_path):
    cell = '<Cell{}><Data ss:Type="{}">{}</Data></Cell>'.format
    rows = ["".join(cell("", "String", name) for name in HEADER),
            cell("", "String", "a") + cell("", "DateTime", "2025-01-02T10:11:12.000") + cell(' ss:Index="4"', "Number", "9"),
            cell("", "String", "b") + cell("", "DateTime", "2025-01-03T00:00:00.000") + cell("", "String", "home")
            + cell("", "Number", "3.5")]
    body = "<Row>{}</Row><Row>{}</Row><Row ss:Index=\"4\">{}</Row>".format(*rows)
    [table] = intake.read(text_file(tmp_path, f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
        <Worksheet ss:Name="Ocak"><Table>{body}</Table></Worksheet></Workbook>""".strip(), "old.xls"))
    assert (table.name, table.header, table.row_numbers) == ("Ocak", HEADER, [2, 4])
    assert table.rows == [["a", "2025-01-02 10:11:12", "", "9"], ["b", "2025-01-03", "home", "3.5"]]


@pytest.mark.parametrize("content", [SINCE_1900, SINCE_1904], ids=["1900", "1904"])
def test_an_old_workbook_is_read_whatever_year_its_dates_are_counted_from(tmp_path, content):
    [table] = intake.read(text_file(tmp_path, content, "legacy.xls"))
    assert (table.name, table.header) == ("Müşteri", ["Müşteri no", "Tarih", "Temas noktası", "NPS"])
    assert [row[:3] for row in table.rows] == [["m1", "2025-01-02 14:05:00", "Ödeme"], ["m2", "2025-01-03", "Sepet"]]
    assert "Gizli" in str(table.notes[0])


def test_dates_of_a_workbook_counted_from_1904_are_the_same_dates(tmp_path):
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["customer", "date"])
        sheet.write_row("A2", ["a", dt.datetime(2025, 1, 2)])
    assert intake.read(path)[0].rows == [["a", "2025-01-02"]]


def test_formulas_count_by_what_was_last_calculated_and_errors_are_kept_as_such(tmp_path):
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", HEADER[:3])
        sheet.write_row("A2", ["a", "x", "y"])
        sheet.write_formula("B3", "=1+1", None, 2)
        sheet.write_formula("C3", "=cmd|' /C calc'!A0", None, "")
        sheet.write("A3", "b")
    assert intake.read(path)[0].rows[1] == ["b", "2", ""]


def test_the_files_of_an_archive_become_sheets_under_their_names(tmp_path):
    book = workbook(tmp_path, {"Jan": [HEADER, *ROWS], "Feb": [HEADER, *ROWS]}, "book.xlsx").read_bytes()
    content = zipped({"../orders.csv": CSV.encode(), "sub/deep/survey.json": b'[{"customer": "a", "nps": 9}]', "book.xlsx": book,
                      "C:\\temp\\chats.tsv": CSV.replace(",", "\t").encode(), "x/same.csv": CSV.encode(),
                      "y/same.csv": CSV.encode(), ".DS_Store": b"\0"})
    tables = intake.read(text_file(tmp_path, content, "all.zip"))
    assert [table.name for table in tables] == ["orders", "survey", "book: Jan", "book: Feb", "chats", "x/same", "y/same"]
    assert all(table.rows in (ROWS, [["a", "9"]]) for table in tables)


def test_an_archive_of_one_file_is_that_file(tmp_path):
    [table] = intake.read(text_file(tmp_path, zipped({"export/orders.csv": CSV.encode()}), "orders.zip"))
    assert (table.name, table.header, table.rows) == ("orders", HEADER, ROWS)


def test_names_in_an_archive_of_a_turkish_program_keep_their_letters(tmp_path):
    path = tmp_path / "dos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("S.csv", CSV)
        archive.writestr("b.csv", CSV)
    path.write_bytes(path.read_bytes().replace(b"S.csv", "Ş.csv".encode("cp857")))
    assert [table.name for table in intake.read(path)] == ["Ş", "b"]


def test_an_archive_is_loaded_as_a_whole(tmp_path):
    path = text_file(tmp_path, zipped({"a.csv": CSV.encode(), "b.csv": CSV.replace("2025", "2024").encode()}), "both.zip")
    store = open_store(":memory:")
    assert intake.load(store, path).accepted == 4
    assert store.value("SELECT count(*) FROM uploads") == 1


def test_one_file_packed_with_gzip_is_read_under_its_own_name(tmp_path):
    [table] = intake.read(text_file(tmp_path, gzip.compress(CSV.encode()), "visits.csv.gz"))
    assert (table.name, table.header, list(table.rows)) == ("visits", HEADER, ROWS)
    book = workbook(tmp_path, {"Visits": [HEADER, *ROWS]})
    [table] = intake.read(text_file(tmp_path, gzip.compress(book.read_bytes()), "book.xlsx.gz"))
    assert (table.name, table.header, list(table.rows)) == ("Visits", HEADER, ROWS)


@pytest.mark.parametrize(("content", "why"), [
    pytest.param(lambda: gzip.compress(b"\0" * 60_000_000, 9), "unpack to far more than it holds", id="bomb"),
    pytest.param(lambda: gzip.compress(CSV.encode())[:-12], "it is damaged", id="cut off"),
    pytest.param(lambda: gzip.compress(zipped({"a.csv": CSV.encode()})), "an archive inside an archive", id="nested"),
])
def test_what_is_wrong_with_a_gzip_file_is_said(tmp_path, content, why):
    with pytest.raises(intake.IntakeError, match=why):
        intake.read(text_file(tmp_path, content(), "visits.csv.gz"))


def _with_part(book: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with a text in one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        found = {name: parts.read(name) for name in parts.namelist()}
    assert old in found[part]
    return zipped(found | {part: found[part].replace(old, new, 1)})


@pytest.mark.parametrize(("written", "read"), [
    (b"caf&#233; &amp; &#x131;&quot;", "café & ı\""), (b"caf&eacute;&nbsp;&hearts; &lt;b&gt;", "café\xa0♥ <b>")])
def test_letters_named_in_a_workbook_are_read(tmp_path, written, read):
    book = workbook(tmp_path, {"S": [["customer", "comment"], ["a", "ZZZ"]]}).read_bytes()
    [table] = intake.read(text_file(tmp_path, _with_part(book, "xl/sharedStrings.xml", b"ZZZ", written), "letters.xlsx"))
    assert list(table.rows) == [["a", read]]


@pytest.mark.parametrize("cell", [b"&big;", b"nothing"], ids=["used", "not used"])
def test_a_workbook_that_declares_what_names_stand_for_is_refused(tmp_path, cell):
    book = workbook(tmp_path, {"S": [["customer", "comment"], ["a", "ZZZ"]]}).read_bytes()
    book = _with_part(book, "xl/sharedStrings.xml", b"ZZZ", cell)
    book = _with_part(book, "xl/sharedStrings.xml", b"<sst", b'<!DOCTYPE sst [<!ENTITY big "xxxxxxxxxx">]><sst')
    with pytest.raises(intake.IntakeError, match="it holds abbreviations"):
        intake.read(text_file(tmp_path, book, "declares.xlsx"))


def test_plain_numbers_in_a_workbook_of_1904_are_days_since_then(tmp_path):
    rows = [["customer no", "date", "touchpoint"], *([f"C{n}", 44_000 + n, "Store"] for n in range(5))]
    book = workbook(tmp_path, {"S": rows})
    assert intake.preview(book, intake.propose(book))["occurred_at"].min() == dt.datetime(2020, 6, 18)
    content = _with_part(book.read_bytes(), "xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" ')
    flagged = text_file(tmp_path, content, "mac.xlsx")
    plan = intake.propose(flagged)
    assert plan.formats["date"] == "serial1904"
    assert intake.preview(flagged, plan)["occurred_at"].min() == dt.datetime(2024, 6, 19)


def test_a_person_may_say_that_plain_numbers_count_from_1904(tmp_path):
    store = open_store(":memory:")
    rows = [["customer no", "date", "touchpoint"], *([f"C{n}", 44_000 + n, "Store"] for n in range(5))]
    book = workbook(tmp_path, {"S": rows})
    plan = intake.propose(book)
    plan.formats["date"] = "serial1904"
    intake.reconsider(book, plan)
    assert plan.formats["date"] == "serial1904"
    intake.load(store, book, plan)
    assert store.value("SELECT min(occurred_at) FROM interactions") == dt.datetime(2024, 6, 19)
    assert intake.propose(book, store=store).formats["date"] == "serial1904"  # as the last time


def test_a_page_that_is_too_long_is_refused_by_its_size(tmp_path):
    path = text_file(tmp_path, "<html><table>" + "<tr><td>customer<td>9\n" * 5_000, "page.html")
    os.truncate(path, 200_000_001)
    with pytest.raises(intake.IntakeError, match="it is larger than 200 MB, the most that is read of its kind"):
        intake.read(path)
