"""Long text files are read in chunks kept on disk; what comes of them is what comes of them read in memory."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from cx import intake, open_store
from cx.intake import fast_read, long_table, long_text, values
from cx.intake.times import read_time
from cx.model import clean_name
from tests.intake.files import text_file
from tests.intake.snapshots import snapshot

HEAD = "Customer ID,Date,Touchpoint,NPS,Comment\n"
ROWS = "".join(f"C{n % 7},2025-03-{n % 28 + 1:02d} 10:{n % 60:02d},{'Cart' if n % 3 else 'İade'},{n % 11},"
               f"\"said, {n}\"\n" for n in range(60))
ABOUT = "Customer ID,Date,Touchpoint,City,Device\n" + "".join(
    f"C{n % 7},2025-03-{n % 28 + 1:02d} 10:{n % 60:02d},Cart,{'' if n < 9 else ('İzmir', 'Muğla')[n % 7 % 2]},"
    f"{('phone', 'laptop', '')[n % 3]}\n" for n in range(60))
FILES = {
    "plain": HEAD + ROWS,
    "other encoding": (HEAD + ROWS).encode("windows-1254"),
    "some lines in another encoding": (HEAD + ROWS).encode() + "C1,2025-03-01,Şube,9,\n".encode("windows-1254"),
    "utf-16": (HEAD + ROWS).encode("utf-16"),
    "byte-order mark": b"\xef\xbb\xbf" + (HEAD + ROWS).encode(),
    "semicolons": (HEAD + ROWS.replace(", ", " ")).replace(",", ";"),
    "short rows": HEAD + ROWS + "C1,2025-03-01 10:00,Cart\n" + ROWS,
    "trailing separators": HEAD + ROWS + "C1,2025-03-01 10:00,Cart,9,,,,\n" + ROWS,
    "line ends in texts": HEAD + ROWS + "C1,2025-03-01 10:00,Cart,9,\"first\nsecond\"\n" + ROWS,
    "header again": HEAD + ROWS + HEAD + ROWS,
    "total and note": HEAD + ROWS + "Total,,,540,\n\nSource: the shop,,,,\n\n\n",
    "blank lines at the end": HEAD + ROWS + "\n\n\n",
    "title rows": "Contacts of March,,,,\n,,,,\n" + HEAD + ROWS,
    "spaces around": HEAD + ROWS.replace(",Cart,", ",  Cart ,"),
    "no end of line at the end": HEAD + ROWS.rstrip("\n"),
    "a column that says one thing of each customer": ABOUT,
    "a column that says two things of one customer": ABOUT + "C1,2025-03-01 10:00,Cart,Adana,laptop\n",
    "a date that is none": HEAD + ROWS + "C1,2025-02-31 10:00,Cart,9,\n" + ROWS,
}
LEFT_TO_MEMORY = {
    "blank lines between": HEAD + ROWS + "\n\n" + ROWS,
    "quote without an end": HEAD + ROWS + "C1,2025-03-01,Cart,9,\"never\n" + ROWS,
    "quotes after blanks": HEAD + ROWS + "C1,2025-03-01,Cart, \"9\", \"so, so\"\n",
    "too many cells": HEAD + ROWS + "C1,2025-03-01,Cart,9,too,many\n" + ROWS,
    "NUL characters": HEAD + ROWS + "C1,2025-03-01,Cart\0,9,\n",
}


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(long_table, "CHUNK_ROWS", 25)
    monkeypatch.setattr(long_table, "_TAIL_ROWS", 25)
    monkeypatch.setattr(long_text, "_BLOCK", 700)
    monkeypatch.setattr(long_text, "_HEAD_BYTES", 2_000)
    monkeypatch.setattr(long_table, "_MANY", 20)
    monkeypatch.setattr(long_table, "_SAMPLE_ROWS", 15)


@pytest.mark.parametrize("name", FILES)
def test_a_long_file_becomes_what_it_becomes_in_memory(tmp_path, monkeypatch, small_chunks, name):
    path = text_file(tmp_path, FILES[name])
    [short] = intake.read(path)
    stores = open_store(":memory:"), open_store(":memory:")
    receipts = [intake.load(stores[0], path)]
    monkeypatch.setattr(long_text, "LONG_BYTES", 0)
    long = long_text.read_long(path, path.name)
    assert long is not None
    for attribute in ("name", "header", "header_row", "skipped"):
        assert getattr(long, attribute) == getattr(short, attribute), attribute
    assert [list(row) for row in long.rows] == [[cell.strip() for cell in row] for row in short.rows]
    assert list(long.row_numbers) == list(short.row_numbers)
    receipts.append(intake.load(stores[1], path))
    assert snapshot(stores[0]) == snapshot(stores[1])
    assert [receipt.rejects["text"].tolist() for receipt in receipts] == [receipts[0].rejects["text"].tolist()] * 2
    assert [str(note) for note in receipts[0].notes] == [str(note) for note in receipts[1].notes]


@pytest.mark.parametrize("name", LEFT_TO_MEMORY)
def test_a_file_that_is_not_plain_is_left_to_the_careful_reader(tmp_path, monkeypatch, small_chunks, name):
    monkeypatch.setattr(long_text, "LONG_BYTES", 0)
    path = text_file(tmp_path, LEFT_TO_MEMORY[name])
    assert long_text.read_long(path, path.name) is None


def test_a_format_is_decided_from_all_cells_of_a_long_file(tmp_path, monkeypatch, small_chunks):
    monkeypatch.setattr(long_text, "LONG_BYTES", 0)
    dates = [f"0{n % 9 + 1}/0{n % 7 + 1}/2025 {n % 24:02d}:{n % 60:02d}" for n in range(400)] + ["25/03/2025 10:00"]
    path = text_file(tmp_path, "Customer,Date,Touchpoint\n" + "".join(f"c{n},{date},Cart\n" for n, date in enumerate(dates)))
    plan = intake.propose(path)
    assert plan.formats["Date"] == "dmy"
    assert plan.sheet.rows == 401


CELLS = ["", " ", "a", "A b", "a  b", "İade", "n/a", "N/A", "-", "yok", "#YOK", "#DIV/0!", "none", "7", "7.5", "-7.25", "1e3",
         "1,5", "1.234", "1.234,5", "1,234.5", "007", "+5", "½", "99999999999999999", "2025-03-01", "2025-03-01 10:00",
         "2025-03-01T10:00:01.123456", "2025-13-01", "1989-12-31", "2099-12-31 23:59:59", "2100-01-01", "31.12.2025",
         "3/4/2025", "3/4/2025 9:05", "12/31/2025 09:05:07", "31/12/2025", "1.2/2025", "2025-03-01 10:00+03:00", "20250301",
         "2025-03-01 12", "2025-03-01 1234", "2025-03-01 123456", "2025-03-01 123456.5", "2025-03-01T12:00:00Z",
         "2025-03-01 24:00", "1 Mart 2025", "unknown", "a@b.co", "\u200bx", "x" * 40, "?", "C0001", "😀", "03/04/25"]


@pytest.mark.parametrize("cell", CELLS)
def test_the_fast_readers_read_like_the_careful_ones_or_not_at_all(cell):
    one = pa.array([cell])
    if fast_read.plain_names(one)[0]:
        assert not values.is_empty(cell)
        assert clean_name(cell) == cell
    if fast_read.plain_texts(one)[0]:
        assert not values.is_missing(cell)
    for convention in (values.POINT, values.COMMA):
        [number], [sure] = fast_read.plain_numbers(one, convention)
        assert not sure or (number == values.read_number(cell, convention) and not values.is_missing(cell))
    for order in ("ymd", "dmy", "mdy"):
        [moment], [sure] = fast_read.plain_times(one, order)
        careful = read_time(cell, order)
        assert not sure or (careful is not None and moment == np.datetime64(careful, "us"))


def test_every_word_for_nothing_is_left_to_the_careful_readers():
    words = [word for word in values._EMPTY | values._NO_ANSWER if word]
    assert not fast_read.plain_texts(pa.array([*words, *map(str.upper, words)])).any()


def test_progress_never_falls_and_ends_with_all_rows(tmp_path, monkeypatch, small_chunks):
    monkeypatch.setattr(long_text, "LONG_BYTES", 0)
    told: list[tuple[int, int | None]] = []
    intake.load(open_store(":memory:"), text_file(tmp_path, HEAD + ROWS), progress=lambda done, total, *_: told.append((done, total)))
    done = [each for each, _ in told]
    assert done == sorted(done)
    assert (told[0], told[-1]) == ((0, None), (60, 60))
    assert len(set(done)) > 4
