"""Files become tables of text: encodings, dialects, where the table stands; and what is no table is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx import intake, open_store
from cx.errors import IntakeError
from cx.intake.structure import find_table
from cx.intake.text_file import decode, find_dialect, records
from tests.intake.files import text_file, workbook


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(IntakeError, match="cannot be opened"):
        intake.read(tmp_path / "nowhere.csv")


TURKISH = "müşteri;tarih;temas noktası\nŞule;01.02.2025;ödeme ğıİ\nIşık;02.02.2025;sepet\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1254", "iso8859-9"])
def test_an_encoding_is_recognised(tmp_path, encoding):
    [table] = intake.read(text_file(tmp_path, TURKISH, encoding=encoding))
    assert table.header == ["müşteri", "tarih", "temas noktası"]
    assert table.rows[0] == ["Şule", "01.02.2025", "ödeme ğıİ"]


def test_lines_of_another_encoding_are_read_each_in_its_own():
    mixed = "ad;şehir\n".encode() + "Ayşe;Muğla\n".encode() * 3 + "İnci;Iğdır\n".encode("windows-1254")
    decoded = decode(mixed)
    assert decoded is not None
    assert decoded[0].splitlines()[-1] == "İnci;Iğdır"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_delimiter_and_line_end_are_recognised(tmp_path, delimiter, end):
    lines = [["customer", "date", "event", "amount"], ["a1", "2025-01-02", "home page", "12.5"],
             ["a2", "2025-01-03", "cart, then home", "1"], ["a3", "2025-01-04", "search", "7"]]
    content = end.join(delimiter.join(f'"{cell}"' if "," in cell else cell for cell in line) for line in lines) + end
    [table] = intake.read(text_file(tmp_path, content))
    assert [table.header, *table.rows] == lines
    assert table.row_numbers == [2, 3, 4]


@settings(max_examples=60)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12), min_size=4,
                         max_size=4), min_size=3, max_size=12), st.sampled_from([",", ";", "\t", "|"]))
def test_what_a_csv_writer_wrote_is_read_back(rows, delimiter):
    import csv
    import io

    lines = [["customer no", "date", "event", "comment"], *[["c1", "2025-01-05", *row[2:]] for row in rows]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(lines)
    assert records(out.getvalue(), find_dialect(out.getvalue(), "utf-8")) == lines


def test_a_quoted_text_may_hold_line_breaks_quotes_and_delimiters(tmp_path):
    content = 'customer,date,comment\na,2025-01-02,"two\nlines, ""quoted"""\nb,2025-01-03,plain\n'
    [table] = intake.read(text_file(tmp_path, content))
    assert table.rows == [["a", "2025-01-02", 'two\nlines, "quoted"'], ["b", "2025-01-03", "plain"]]
    assert table.row_numbers == [2, 3]


def test_an_open_quote_does_not_swallow_the_rest_of_the_file(tmp_path):
    rows = "".join(f"c{n},2025-01-02,home\n" for n in range(300))
    [table] = intake.read(text_file(tmp_path, f'customer,date,event\nx,2025-01-01,"oops\n{rows}'))
    assert len(table.rows) == 301


def test_titles_above_blank_rows_between_and_totals_below_are_no_data(tmp_path):
    path = workbook(tmp_path, {"Report": [
        ["Monthly report"], ["Exported on 1 May"], [], ["Customer no", "Date", "", "Touchpoint", "Amount"],
        ["a", "2025-01-02", "", "cart", 10], [], ["b", "2025-01-03", "", "home", 20.5], ["Total", "", "", "", 30.5],
        ["Source: shop"]]})
    [table] = intake.read(path)
    assert (table.name, table.header_row, table.header) == ("Report", 4, ["Customer no", "Date", "Touchpoint", "Amount"])
    assert table.rows == [["a", "2025-01-02", "cart", "10"], ["b", "2025-01-03", "home", "20.5"]]
    assert table.row_numbers == [5, 7]
    assert [number for number, _ in table.skipped] == [6, 8, 9]


@pytest.mark.parametrize("total", ["Toplam", "Genel Toplam", "TOTAL", "Grand total", "Ara Toplam"])
def test_a_total_is_recognised_in_both_languages(total):
    table = find_table("t", [["müşteri", "tarih", "tutar"], ["a", "2025-01-02", "3"], [total, "", "3"]])
    assert table is not None
    assert len(table.rows) == 1


def test_a_customer_called_total_is_no_total():
    table = find_table("t", [["customer", "date", "event"], ["a", "2025-01-02", "x"], ["Total", "2025-01-03", "y"]])
    assert table is not None
    assert len(table.rows) == 2


def test_trailing_delimiters_and_short_rows_keep_their_columns(tmp_path):
    [table] = intake.read(text_file(tmp_path, "customer,date,event,\na,2025-01-02,home,\nb,2025-01-03\nc,2025-01-04,cart,,,\n"))
    assert table.header == ["customer", "date", "event"]
    assert table.rows == [["a", "2025-01-02", "home"], ["b", "2025-01-03", ""], ["c", "2025-01-04", "cart"]]


def test_cells_torn_apart_by_a_bare_separator_are_joined_where_the_other_rows_tell_where(tmp_path):
    content = "customer,date,city,state\n" + "".join(f"c{n},2025-01-0{n},WASHINGTON,DC\n" for n in range(1, 8))
    [table] = intake.read(text_file(tmp_path, content + "c1,2025-01-03,SAN JOSE, WEST,DC\n"))
    assert table.rows[-1] == ["c1", "2025-01-03", "SAN JOSE, WEST", "DC"]
    assert (table.mended, table.ragged) == ([9], {})


def test_a_row_with_too_many_cells_is_rejected_with_its_number(tmp_path):
    path = text_file(tmp_path, "customer,date,event\na,2025-01-02,home\nb,2025-01-03,x,y,z,q,r,s,t\nc,2025-01-04,cart\n")
    receipt = intake.load(open_store(":memory:"), path)
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (3, 2, 1)
    assert receipt.rejects.loc[0, "row"] == 3
    assert "more cells than the header" in receipt.rejects.loc[0, "reason"]


def test_a_file_without_a_header_gets_numbered_columns(tmp_path):
    [table] = intake.read(text_file(tmp_path, "a1,2025-01-02,home,3\na2,2025-01-03,cart,4\na3,2025-01-05,home,5\n"))
    assert (table.header_row, table.keys) == (None, ["column 1", "column 2", "column 3", "column 4"])
    assert (len(table.rows), table.row_numbers[0]) == (3, 1)


def test_cells_of_a_workbook_become_text_with_dates_in_iso_form(tmp_path):
    path = workbook(tmp_path, {"A": [["customer", "date", "amount", "code", "ok"],
                                     [12, dt.datetime(2025, 3, 4, 14, 5), 12.5, "007", True],
                                     [13, dt.datetime(2025, 3, 5), 3, "008", False]]})
    [table] = intake.read(path)
    assert table.rows == [["12", "2025-03-04 14:05:00", "12.5", "007", "true"], ["13", "2025-03-05", "3", "008", "false"]]
    assert {0, 2} <= table.numbers


def test_every_sheet_with_data_is_read(tmp_path):
    path = workbook(tmp_path, {"Ocak": [["müşteri", "tarih"], ["a", "2025-01-02"]], "Boş": [],
                               "Şubat": [["müşteri", "tarih"], ["b", "2025-02-02"]]})
    assert [table.name for table in intake.read(path)] == ["Ocak", "Şubat"]


def test_a_page_printed_header_inside_the_data_is_skipped():
    table = find_table("t", [["customer", "date"], ["a", "2025-01-02"], ["customer", "date"], ["b", "2025-01-03"]])
    assert table is not None
    assert [row[0] for row in table.rows] == ["a", "b"]


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_but_never_crash(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(content)
    try:
        tables = intake.read(path)
    except IntakeError:
        return
    assert all(len(row) == len(table.header) for table in tables for row in table.rows)


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from(["", "a", "12", "2025-01-02", "x y", "Total"]), max_size=6), max_size=14))
def test_every_row_below_the_header_is_data_or_skipped(grid):
    table = find_table("t", grid)
    if table is None:
        return
    below = list(range((table.header_row or 0) + 1, len(grid) + 1))
    while below and not any(grid[below[-1] - 1]):
        below.pop()
    accounted = sorted([*table.row_numbers, *(number for number, _ in table.skipped)])
    assert accounted == below[:len(accounted)]
    assert all(not any(grid[number - 1]) for number in below[len(accounted):])


# lines below "customer,date,event,comment" and its first data rows → the cells of the last
SPOILT = {
    "a bare quote inside a quoted text": ('c,2025-01-04,home,"it said "no" then"', ["c", "2025-01-04", "home", 'it said "no" then']),
    "quotes not doubled": ('c,2025-01-04,home,"it said "no""', ["c", "2025-01-04", "home", 'it said "no"']),
    "an open quote": ('"c,2025-01-04,home,"fine, thanks"', ["c", "2025-01-04", "home", "fine, thanks"]),
    "a bare quote in a bare text": ('c,2025-01-04,home,6" pipe', ["c", "2025-01-04", "home", '6" pipe']),
    "another separator": ("c;2025-01-04;home;fine", ["c", "2025-01-04", "home", "fine"]),
    "quotes around the line": ('"c,2025-01-04,home,""fine, thanks"""', ["c", "2025-01-04", "home", "fine, thanks"]),
    "a separator too many": ("c,,2025-01-04,home,fine", ["c", "2025-01-04", "home", "fine"]),
    "a bare separator in a text": ("c,2025-01-04,home,well, fine", ["c", "2025-01-04", "home", "well, fine"]),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_line_is_put_right_and_spoils_no_other(tmp_path, name):
    line, cells = SPOILT[name]
    first = [["a", "2025-01-02", "home", "good, really"], ["b", "2025-01-03", "cart", 'the "best"']]
    above = 'customer,date,event,comment\na,2025-01-02,home,"good, really"\nb,2025-01-03,cart,"the ""best"""\n'
    [table] = intake.read(text_file(tmp_path, f"{above}{line}\nd,2025-01-05,cart,bad\n"))
    assert table.rows == [*first, cells, ["d", "2025-01-05", "cart", "bad"]]


@pytest.mark.parametrize(("content", "rows"), [
    ('"customer,date,event"\n"a,2025-01-02,""home, page"""\n"b,2025-01-03,cart"\n',
     [["a", "2025-01-02", "home, page"], ["b", "2025-01-03", "cart"]]),
    ('customer,date,event\na,2025-01-02,"say \\"hi\\", go"\nb,2025-01-03,cart\n',
     [["a", "2025-01-02", 'say "hi", go'], ["b", "2025-01-03", "cart"]]),
    ("customer,date,event\na,2025-01-02,home\\, page\nb,2025-01-03,cart\n",
     [["a", "2025-01-02", "home, page"], ["b", "2025-01-03", "cart"]]),
    ("customer,date,path\na,2025-01-02,C:\\new\\data\nb,2025-01-03,cart\n",
     [["a", "2025-01-02", "C:\\new\\data"], ["b", "2025-01-03", "cart"]]),
    ("customer§date§event\na§2025-01-02§home, page\nb§2025-01-03§cart\n",
     [["a", "2025-01-02", "home, page"], ["b", "2025-01-03", "cart"]]),
    ("customer\x1fdate\x1fevent\na\x1f2025-01-02\x1fhome\nb\x1f2025-01-03\x1fcart\n",
     [["a", "2025-01-02", "home"], ["b", "2025-01-03", "cart"]]),
    ("customer,date,event\na,2025-01-02,home\nb,2025-01-03,cart\n\x1a", [["a", "2025-01-02", "home"], ["b", "2025-01-03", "cart"]]),
], ids=["lines in quotes", "escaped quotes", "escaped separator", "paths", "rare sign", "unit separator", "end of file"])
def test_an_unusual_dialect_is_recognised(tmp_path, content, rows):
    [table] = intake.read(text_file(tmp_path, content))
    assert table.rows == rows


# a text → the encodings in which it is told apart
LETTERS = {
    "Şule, İzmir'e ödeme yaptı; ağır, ısıtıcı çıktı": ["windows-1254", "iso8859-9", "cp857"],
    "Çağrı merkezi çok ilgiliydi, teşekkürler": ["windows-1254", "iso8859-9", "cp857"],
    "Très bien, déjà reçu; le café était près de l'hôtel": ["windows-1252", "iso8859-1", "windows-1254"],
    "Größe passt nicht, müßte überprüft werden": ["windows-1252", "windows-1254"],
    "Það var mjög gott, þú ert góður; ný vél": ["windows-1252", "iso8859-1"],
    "El envío llegó mañana, ¡qué rápido!": ["windows-1252"],
}


@pytest.mark.parametrize(("written", "encoding"), [(text, encoding) for text, given in LETTERS.items() for encoding in given])
def test_encodings_of_eight_bits_are_told_apart_by_their_letters(written, encoding):
    decoded = decode(written.encode(encoding))
    assert decoded is not None
    assert decoded[0] == written
