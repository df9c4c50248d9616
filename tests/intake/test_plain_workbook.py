"""A large plain workbook is read as its cells one by one would be, or left to that way."""

import datetime as dt
import random
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter

from cx.intake.formats import plain_workbook, workbook
from cx.intake.formats.batches import _texts
from cx.intake.formats.cells import TEXT, NotPlain, text_of
from cx.intake.read import read

ROWS = 300
FORMATS = {"moment": "yyyy-mm-dd hh:mm:ss", "day": "dd.mm.yyyy", "share": "0.0%"}


def _book(path, columns, *, names=None, top=0, merged=False, since_1904=False):
    """A workbook of columns: name → (cell of a row, its number format)."""
    with xlsxwriter.Workbook(str(path), {"date_1904": since_1904}) as book:
        sheet = book.add_worksheet("Data")
        for place, (name, (cell, shown)) in enumerate(columns.items()):
            sheet.write(top, place, (names or {}).get(name, name))
            as_shown = book.add_format({"num_format": FORMATS[shown]}) if shown else None
            for row in range(ROWS):
                value = cell(row)
                if isinstance(value, str):
                    sheet.write_string(top + 1 + row, place, value)
                elif value is not None:
                    sheet.write(top + 1 + row, place, value, as_shown)
        if merged:
            sheet.merge_range(5, 0, 6, 0, "both")
    return str(path)


def _at_once(path, monkeypatch, piece=10**9, per_text=0):
    """The cells as texts, and how many of each column are numbers; None where the workbook is not plain.

    piece  bytes of the sheet that are read at a time
    """
    for name, value in (("_LARGE", 0), ("_PIECE", piece), ("_PER_TEXT", per_text)):
        monkeypatch.setattr(plain_workbook, name, value)
    found = plain_workbook.plain_sheet(path, workbook._from_1904(path))
    if found is None:
        return None
    told, sheet = found
    header, stored = next(iter(sheet.rows)), Counter()
    rows = [[text_of(cell) for cell in header]]
    try:
        for batch in sheet.batches:
            columns = [_texts(column, TEXT, stored, place) for place, column in enumerate(batch)]
            rows += map(list, zip(*(column.to_pylist() for column in columns), strict=True))
    except NotPlain:
        return None
    assert told == {"of": len(rows)} or piece < 10**9  # of some rows an estimate
    return rows, dict(stored), sheet.from_1904


def _one_by_one(path, monkeypatch):
    monkeypatch.setattr(plain_workbook, "_LARGE", 10**12)
    [_, sheet] = workbook.sheets(path, "")
    rows = list(sheet.rows)
    numbers = {place: sum(type(row[place]) is float for row in rows[1:]) for place in range(len(rows[0]))}
    return [[text_of(cell) for cell in row] for row in rows], {
        place: many for place, many in numbers.items() if many}, sheet.from_1904


KINDS = {
    "texts": (lambda row: f" müşteri {row % 7} ", None), "digits": (lambda row: f"00{row}", None),
    "dates": (lambda row: f"{row % 28 + 1:02}.03.2025", None), "wholes": (lambda row: row - 5, None),
    "decimals": (lambda row: random.Random(row).uniform(-1e3, 1e3), None),
    "tiny": (lambda row: 10.0 ** (row % 40 - 20), None), "shares": (lambda row: row / 400, "share"),
    "moments": (lambda row: dt.datetime(2025, 3, 1) + dt.timedelta(seconds=977 * row), "moment"),
    "parts of seconds": (lambda row: 45_000 + random.Random(row).random(), "moment"),
    "days": (lambda row: dt.datetime(2024, 2, 28) + dt.timedelta(days=row), "day"),
    "yes or no": (lambda row: row % 3 == 0, None), "gaps": (lambda row: row if row % 5 else None, None),
    "gaps in texts": (lambda row: None if row % 5 else "x", None), "nothing": (lambda _row: None, None),
}


@pytest.mark.parametrize("since_1904", [False, True])
def test_columns_of_one_kind_are_read_as_their_cells_are(tmp_path, monkeypatch, since_1904):
    path = _book(tmp_path / "book.xlsx", KINDS, since_1904=since_1904)
    found = _at_once(path, monkeypatch)
    assert found is not None
    assert found == _one_by_one(path, monkeypatch)
    assert found[0][2][:3] == [" müşteri 1 ", "001", "02.03.2025"]


@pytest.mark.parametrize("piece", [3_000, 20_000])
def test_a_sheet_is_read_in_pieces_as_it_is_in_one(tmp_path, monkeypatch, piece):
    path = _book(tmp_path / "book.xlsx", KINDS)
    assert _at_once(path, monkeypatch, piece) == _at_once(path, monkeypatch) == _one_by_one(path, monkeypatch)


def test_texts_that_are_stored_beside_the_sheet_are_not_read_again_with_many_pieces(tmp_path, monkeypatch):
    path = _book(tmp_path / "book.xlsx", KINDS)
    pieces, read_piece = [], plain_workbook._read_cut
    monkeypatch.setattr(plain_workbook, "_read_cut", lambda *given: pieces.append(given) or read_piece(*given))
    _at_once(path, monkeypatch, 3_000)
    many = len(pieces)
    _at_once(path, monkeypatch, 3_000, per_text=10)
    assert len(pieces) - many < many / 3


@pytest.mark.parametrize("columns", [KINDS, {"texts": (lambda row: f"text {row}" if row % 9 else None, None)}])
def test_where_the_texts_beside_a_sheet_are_large_it_is_read_once_and_no_piece_is_held(tmp_path, monkeypatch, columns):
    def held(*given):
        raise AssertionError("a piece of the sheet was made")

    path = _book(tmp_path / "book.xlsx", columns)
    monkeypatch.setattr(plain_workbook, "_LARGEST_PIECE", 30_000)
    monkeypatch.setattr(plain_workbook, "_ROWS_AT_ONCE", 70)
    monkeypatch.setattr(plain_workbook, "_cut", held)
    found = _at_once(path, monkeypatch, 3_000, per_text=10)
    assert found is not None
    assert found == _one_by_one(path, monkeypatch)


def test_where_it_is_read_once_merged_cells_are_left_to_the_careful_way_too(tmp_path, monkeypatch):
    monkeypatch.setattr(plain_workbook, "_LARGEST_PIECE", 0)
    assert _at_once(_book(tmp_path / "book.xlsx", KINDS, merged=True), monkeypatch) is None


@pytest.mark.parametrize("blank", [
    {0}, {1, 2, 50, ROWS - 1}, set(range(40, 90)), set(range(200, ROWS)), set(range(ROWS)) - {0, ROWS - 1},
    set(range(ROWS)) - {7}], ids=["first", "some", "many", "the end", "all between", "all but one"])
@pytest.mark.parametrize("written", [False, True])
def test_rows_that_are_blank_stay_where_they_are_in_pieces_too(tmp_path, monkeypatch, blank, written):
    """written = their cells are there, with a format and without a value, as programs leave them behind."""
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, ["a", "b"])
        for row in range(ROWS):
            if row not in blank:
                sheet.write_row(1 + row, 0, [f"text {row}", row])
            elif written:
                sheet.write_blank(1 + row, 0, None, shown)
    path = str(tmp_path / "book.xlsx")
    assert _at_once(path, monkeypatch, 1_000) == _one_by_one(path, monkeypatch)


def test_rows_that_are_blank_stay_where_they_are(tmp_path, monkeypatch):
    blank = {1, 2, 50, ROWS - 1}
    path = _book(tmp_path / "book.xlsx", {
        name: (lambda row, cell=cell: None if row in blank else cell(row), shown)
        for name, (cell, shown) in KINDS.items()})
    assert _at_once(path, monkeypatch) == _one_by_one(path, monkeypatch)


@pytest.mark.parametrize(("columns", "given"), [
    ({"mixed": (lambda row: "x" if row == 200 else row, None)}, {}),
    ({"mixed": (lambda row: dt.datetime(2025, 1, 1) if row % 2 else True, "moment")}, {}),
    ({"times of a day": (lambda row: row / 400, "moment")}, {}),
    (KINDS, {"top": 2}), (KINDS, {"merged": True}),
    (KINDS, {"names": {"digits": "texts"}}), (KINDS, {"names": {"digits": 2024}}),
], ids=["a text among numbers", "yes among moments", "times without a day", "does not begin in A1", "merged cells",
        "two columns of one name", "a name that is a number"])
@pytest.mark.parametrize("piece", [10**9, 2_000])
def test_what_is_not_plain_is_left_to_the_careful_way(tmp_path, monkeypatch, columns, given, piece):
    assert _at_once(_book(tmp_path / "book.xlsx", columns, **given), monkeypatch, piece) is None


@pytest.mark.parametrize("odd", ["<!-- </row> -->", "<![CDATA[]]>"])
def test_a_sheet_with_what_may_hide_the_end_of_a_row_is_not_cut(tmp_path, monkeypatch, odd):
    path, changed = _book(tmp_path / "book.xlsx", KINDS), tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(changed, "w") as out:
        for part in parts.namelist():
            content = parts.read(part).decode()
            out.writestr(part, content.replace('<row r="200"', f'{odd}<row r="200"'))
    assert _at_once(str(changed), monkeypatch, 3_000) is None


def test_what_turns_out_not_to_be_plain_at_its_end_is_read_again(tmp_path):
    """By the process that reads for the program: what it had handed on does not count twice."""
    long = "a long answer " * 2_000
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx"), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Customer", "NPS", "Comment"])
        for row in range(1, 400):
            sheet.write_row(row, 0, [f"C{row}", row % 11 if row < 390 else f"{row % 11} points", long])
    [table] = read(tmp_path / "book.xlsx")
    assert len(table.rows) == 399
    assert [row[:2] for row in (table.rows[0], table.rows[398])] == [["C1", "1"], ["C399", "3 points"]]


def test_a_small_workbook_and_one_of_two_sheets_are_left_to_the_careful_way(tmp_path, monkeypatch):
    assert plain_workbook.plain_sheet(_book(tmp_path / "small.xlsx", KINDS), False) is None
    with xlsxwriter.Workbook(str(tmp_path / "two.xlsx")) as book:
        for name in ("a", "b"):
            book.add_worksheet(name).write(0, 0, "x")
    assert _at_once(str(tmp_path / "two.xlsx"), monkeypatch) is None
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no archive")
    assert _at_once(str(tmp_path / "broken.xlsx"), monkeypatch) is None


def test_the_process_that_reads_imports_neither_numpy_nor_pandas(tmp_path):
    content, folder = tmp_path / "long.xlsx", Path(plain_workbook.__file__).parent
    _book(content, {name: KINDS[name] for name in ("texts", "moments", "decimals", "shares")})
    as_script = "\n".join((
        "import runpy, sys", f"sys.path.insert(0, {str(folder.parent)!r})",
        f"sys.argv = ['', 'workbook', {str(content)!r}, '', '3000000000', '60', 'long']",
        "import formats.plain_workbook", "formats.plain_workbook._LARGE = 0",
        f"runpy.run_path({str(folder / 'child.py')!r}, run_name='__main__')"))
    done = subprocess.run([sys.executable, "-I", "-X", "importtime", "-c", as_script], capture_output=True, check=True)
    assert done.stdout.endswith(b'"end"\n')
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.decode().splitlines()}
    assert {"pyarrow.lib", "fastexcel"} <= imported
    assert not [name for name in imported if name.startswith(("numpy.", "pandas."))]
