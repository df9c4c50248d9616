"""Where the tables of a sheet stand: headers of several rows, totals, notes, several tables, merged and hidden parts."""

from __future__ import annotations

import pytest
import xlsxwriter

from cx import intake
from cx.intake.headers import find_header
from cx.intake.structure import find_tables

DATA = [["a", "2025-01-02", "9", "4"], ["b", "2025-01-03", "7", "5"]]

# rows of a sheet → (header, physical row of its last row, first data row)
HEADERS = {
    "one row": ([["customer", "date", "NPS", "CSAT"], *DATA], (["customer", "date", "NPS", "CSAT"], 1)),
    "groups over sub-headers": (
        [["Customer", "Date", "Delivery", ""], ["", "", "NPS", "CSAT"], *DATA],
        (["Customer", "Date", "Delivery NPS", "Delivery CSAT"], 2)),
    "groups over repeated names": (
        [["", "", "Delivery", "Support"], ["Customer", "Date", "NPS", "NPS"], *DATA],
        (["Customer", "Date", "Delivery NPS", "Support NPS"], 2)),
    "a group reaching over blank cells to its right": (
        [["", "", "Delivery", "", "Support", ""], ["Customer", "Date", "NPS", "CSAT", "NPS", "CSAT"],
         ["a", "2025-01-02", "9", "4", "3", "2"], ["b", "2025-01-03", "7", "5", "3", "2"]],
        (["Customer", "Date", "Delivery NPS", "Delivery CSAT", "Support NPS", "Support CSAT"], 2)),
    "a title is no group": (
        [["Monthly report", "", "", ""], ["customer", "date", "NPS", "CSAT"], *DATA],
        (["customer", "date", "NPS", "CSAT"], 2)),
    "what a report says of itself is no group": (
        [["Report", "Shop", "", ""], ["From", "2025-01-01", "", ""], ["customer", "date", "NPS", "CSAT"], *DATA],
        (["customer", "date", "NPS", "CSAT"], 3)),
    "a first row of words is no second header": (
        [["customer", "city", "comment"], ["a", "", "good"], ["b", "Rome", "bad"]],
        (["customer", "city", "comment"], 1)),
    "years as names": (
        [["region", "2023", "2024", "2025"], ["north", "1", "2", "3"], ["south", "4", "5", "6"]],
        (["region", "2023", "2024", "2025"], 1)),
}


@pytest.mark.parametrize("name", HEADERS)
def test_the_header_is_found_and_put_together(name):
    rows, (header, last) = HEADERS[name]
    [table] = find_tables("t", rows)
    assert (table.header, table.header_row) == (header, last)
    assert table.rows[0] == rows[last]
    assert table.row_numbers[0] == last + 1


def test_a_first_row_of_long_numbers_with_a_gap_is_no_part_of_the_header():
    rows = [["event", "id", "at", "first", "value"], ["view", "9e37b", "1735891512123456", "1735891512123456", ""],
            ["buy", "17156", "1736385732123456", "1736385732123456", "9.90"]]
    assert find_header(rows, rows) == (0, rows[0])


def test_a_header_may_have_three_rows():
    rows = [["", "", "Scores", ""], ["Customer", "Date", "Delivery", ""], ["", "", "NPS", "CSAT"], *DATA]
    [table] = find_tables("t", rows, merged=[(0, 2, 0, 3), (1, 2, 1, 3)])
    assert (table.header, table.header_row) == (["Customer", "Date", "Scores Delivery NPS", "Scores Delivery CSAT"], 3)


@pytest.mark.parametrize("sub", [["NPS", "CSAT", "NPS", "CSAT"], ["score", "note", "score2", "note2"]])
def test_merged_cells_of_a_workbook_name_the_columns_under_them_and_hold_for_every_row_they_reach(tmp_path, sub):
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Survey")
        sheet.merge_range("A1:F1", "Quarterly survey")
        sheet.merge_range("A2:A3", "Customer")
        sheet.merge_range("B2:B3", "City")
        sheet.merge_range("C2:D2", "Delivery")
        sheet.merge_range("E2:F2", "Support")
        sheet.write_row("C3", sub)
        sheet.merge_range("B4:B5", "Rome")
        sheet.write_row("A4", ["a"])
        sheet.write_row("A5", ["b"])
        sheet.write_row("C4", [9, 4, 8, 3])
        sheet.write_row("C5", [7, 5, 6, 2])
    [table] = intake.read(path)
    assert table.header == ["Customer", "City", *[f"{group} {name}" for group, name in zip(
        ["Delivery", "Delivery", "Support", "Support"], sub, strict=True)]]
    assert table.rows == [["a", "Rome", "9", "4", "8", "3"], ["b", "Rome", "7", "5", "6", "2"]]
    assert table.header_row == 3


# rows below the header "customer, date, event, amount" → the customers of the rows that are data
ROW = ["a", "2025-01-02", "cart", "3"]
BODIES = {
    "a total": ([ROW, ["Total", "", "", "3"]], ["a"]),
    "a total with a colon": ([ROW, ["TOPLAM:", "", "", "3"]], ["a"]),
    "a total that counts": ([ROW, ["Toplam (1 kayıt)", "", "", "3"]], ["a"]),
    "a total not in the first column": ([ROW, ["", "", "Genel Toplam", "3"]], ["a"]),
    "subtotals between": ([ROW, ["Ara Toplam", "", "", "3"], ["b", *ROW[1:]], ["North total", "", "", "3"],
                           ["Grand Total", "", "", "6"]], ["a", "b"]),
    "an average": ([ROW, ["Ortalama", "", "", "3"]], ["a"]),
    "a customer called after a total": ([["Total Energies", "2025-01-02", "cart", "3"], ROW], ["Total Energies", "a"]),
    "the header again, after a page": ([ROW, [], ["customer", "date", "event", "amount"], ["b", *ROW[1:]]], ["a", "b"]),
    "blank rows": ([[], ROW, ["", "", "", ""], ["b", *ROW[1:]]], ["a", "b"]),
    "notes under a blank row": ([ROW, [], ["All amounts in euros"], ["Ask the shop team"]], ["a"]),
    "a note that says so": ([ROW, ["Source: the shop's register"]], ["a"]),
    "a total, then notes": ([ROW, ["Total", "", "", "3"], [], ["Kaynak: mağaza"], ["* geçici"]], ["a"]),
    "a short last row is no note": ([ROW, ["b"]], ["a", "b"]),
}


@pytest.mark.parametrize("name", BODIES)
def test_only_data_rows_are_data(name):
    rows, customers = BODIES[name]
    [table] = find_tables("t", [["customer", "date", "event", "amount"], *rows])
    assert [row[0] for row in table.rows] == customers
    numbers = sorted([*table.row_numbers, *(number for number, _ in table.skipped)])
    assert numbers == list(range(2, numbers[-1] + 1))


A = [["customer", "date", "NPS"], ["a", "2025-01-02", "9"], ["b", "2025-01-03", "7"], ["c", "2025-01-04", "7"],
     ["d", "2025-01-05", "8"], ["e", "2025-01-06", "8"]]
B = [["order", "amount"], ["o1", "12.5"], ["o2", "7"]]


def _beside(one, other, gap=1, down=0):
    height = max(len(one), len(other) + down)
    width, second = len(one[0]), len(other[0])
    return [(one[row] if row < len(one) else [""] * width) + [""] * gap
            + (other[row - down] if 0 <= row - down < len(other) else [""] * second) for row in range(height)]


# rows of a sheet → (name, header, first row number, rows) of each table
SEVERAL = {
    "below": ([*A, [], *B], [("t", A[0], 2, 5), ("t!A8", B[0], 9, 2)]),
    "below, with a title": ([*A, [], ["Orders"], *B], [("t", A[0], 2, 5), ("t!A8", B[0], 10, 2)]),
    "below, of the same width": ([*A, [], ["order", "day", "amount"], ["o1", "2025-01-02", "12.5"]],
                                 [("t", A[0], 2, 5), ("t!A8", ["order", "day", "amount"], 9, 1)]),
    "three": ([*A, [], *B, [], ["agent", "day", "calls", "waits"], ["x", "2025-01-02", "4", "5"]],
              [("t", A[0], 2, 5), ("t!A8", B[0], 9, 2), ("t!A12", ["agent", "day", "calls", "waits"], 13, 1)]),
    "beside, shorter": (_beside(A, B), [("t", A[0], 2, 5), ("t!E1", B[0], 2, 2)]),
    "beside, lower": (_beside(A, B, down=2), [("t", A[0], 2, 5), ("t!E1", B[0], 4, 2)]),
    "beside, with a name in common": (
        _beside(A, A), [("t", A[0], 2, 5), ("t!E1", A[0], 2, 5)]),
    "one, with a blank column": (
        [[*row[:1], "", *row[1:]] for row in A], [("t", A[0], 2, 5)]),
    "one, with blank rows between groups": (
        [*A[:3], [], *A[3:]], [("t", A[0], 2, 5)]),
    "one of words, with blank rows": (
        [["customer", "city"], ["a", "Rome"], [], ["b", "Paris"], [], ["c", "Bonn"]],
        [("t", ["customer", "city"], 2, 3)]),
    "one below what the report says of itself": (
        [["Report", "NPS"], ["From", "2025-01-01"], [], *A], [("t", A[0], 5, 5)]),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_every_table_of_a_sheet_is_found_with_its_place(name):
    rows, expected = SEVERAL[name]
    found = [(table.name, table.header, table.row_numbers[0], len(table.rows)) for table in find_tables("t", rows)]
    assert found == expected


def test_hidden_sheets_are_left_out_and_said_so(tmp_path):
    path = tmp_path / "hidden.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("Ocak", "Eski", "Liste"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(A):
                sheet.write_row(number, 0, row)
            if name == "Eski":
                sheet.hide()
            elif name == "Liste":
                sheet.very_hidden()
    [table] = intake.read(path)
    assert table.name == "Ocak"
    assert ["Eski" in str(table.notes[0]), "Liste" in str(table.notes[1])] == [True, True]
    assert [problem.code for problem in intake.propose(path).problems][-2:] == ["reading 1", "reading 2"]


def test_a_table_of_too_many_columns_is_refused():
    with pytest.raises(intake.IntakeError, match="at most"):
        find_tables("t", [[f"c{n}" for n in range(5000)], ["1"] * 5000])
