"""The row that names the columns, said by a person: taken as it is, kept through preview and load, known next month."""

import json

import pytest

import cx
from cx import intake
from cx.errors import IntakeError
from tests.intake.files import text_file, workbook, zipped

ABOUT = [["Region", "Manager", "Period", "State"], ["North", "A. Kaya", "March", "closed"]]
NAMES = ["Customer no", "Visited on", "Touchpoint", "NPS"]


def _sheet(month: int, above=ABOUT) -> list[list[object]]:
    return [*above, NAMES, *[[f"H{month}-{n}", f"2026-{month:02}-{n:02}", "Checkout", n % 11] for n in range(1, 21)]]


@pytest.fixture
def store():
    opened = cx.open_store(":memory:")
    yield opened
    opened.close()


def _csv(rows) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in rows)


def test_a_wrong_header_is_said_once_and_known_next_month(tmp_path, store):
    path = workbook(tmp_path, {"Export": _sheet(3)})
    plan = intake.propose(path, store=store)
    assert (plan.sheet.header_row, plan.sheet.header[0]) == (1, "Region")
    assert intake.first_rows(path, plan, plan.sheet)[2] == NAMES

    plan = intake.say_header(path, plan, plan.sheet, 3, store)
    assert (plan.sheet.header_row, plan.sheet.header) == (3, NAMES)
    assert not plan.open_problems()
    assert len(intake.preview(path, plan, store=store)) == 20
    receipt = intake.load(store, path, plan)
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (20, 20, 0)

    later = [["Branch", "Contact", "Weather", "Open"], *ABOUT, ["North", "B. Demir", "April", "open"]]
    again = workbook(tmp_path, {"Export": _sheet(4, later)}, "april.xlsx")
    plan = intake.propose(again, store=store)
    assert (plan.sheet.header_row, plan.remembered, plan.headings) == (5, True, {"0": 5})
    assert intake.load(store, again).accepted == 20  # unattended, too

    assert [str(problem.text) for problem in plan.problems if problem.code.startswith("reading")] == [
        "Row 5 of “Export” names its columns, as it was said: the 4 rows above it are left out."]

    intake.forget_mapping(store, plan)
    assert intake.propose(again, store=store).sheet.header_row == 1


def test_a_file_read_before_the_header_was_said_in_another_is_read_anew(tmp_path, store):
    march, april = (workbook(tmp_path, {"Export": _sheet(month)}, f"{month}.xlsx") for month in (3, 4))
    assert intake.propose(april, store=store).sheet.header_row == 1
    plan = intake.propose(march, store=store)
    intake.load(store, march, intake.say_header(march, plan, plan.sheet, 3, store))
    assert intake.propose(april, store=store).sheet.header_row == 3


@pytest.mark.parametrize("row", [0, 1])
def test_a_first_row_that_is_data_or_not(tmp_path, row):
    path = text_file(tmp_path, _csv([["h1", "Kasa", "iyi"], ["h2", "Kargo", "orta"], ["h3", "Kasa", "iyi"]]))
    plan = intake.propose(path)
    plan = intake.say_header(path, plan, plan.sheet, row)
    assert (plan.sheet.rows, plan.sheet.header_row) == ((3, None) if row == 0 else (2, 1))
    assert plan.sheet.header == (["column 1", "column 2", "column 3"] if row == 0 else ["h1", "Kasa", "iyi"])


def test_one_sheet_of_several_is_read_anew_and_the_others_stay_as_corrected(tmp_path):
    path = workbook(tmp_path, {"Good": [NAMES, *_sheet(1)[3:]], "Bad": _sheet(2)})
    plan = intake.propose(path)
    intake.assign(plan.sheets[0], "Touchpoint", "stage")
    plan = intake.say_header(path, plan, plan.sheets[1], 3)
    assert [sheet.header_row for sheet in plan.sheets] == [1, 3]
    assert [sheet.columns["Touchpoint"] for sheet in plan.sheets] == ["stage", "touchpoint"]
    assert intake.Plan.from_json(plan.to_json()).headings == {"1": 3}


def test_a_sheet_of_several_tables_is_one_from_the_row_that_is_said(tmp_path):
    path = workbook(tmp_path, {"Both": [["Customer", "Date", "NPS"], ["a", "2026-01-01", 9], [],
                                        ["City", "Count"], ["Ankara", 3], ["İzmir", 4]]})
    plan = intake.propose(path)
    assert len(plan.sheets) == 2
    plan = intake.say_header(path, plan, plan.sheets[0], 4)
    assert [(sheet.name, sheet.header) for sheet in plan.sheets] == [("Both", ["City", "Count"])]


def test_it_is_said_of_a_file_in_an_archive(tmp_path, store):
    path = tmp_path / "two.zip"
    path.write_bytes(zipped({"a.csv": _csv([NAMES, *_sheet(1)[3:]]).encode(), "b.csv": _csv(_sheet(2)).encode()}))
    plan = intake.propose(path, store=store)
    plan = intake.say_header(path, plan, plan.sheets[1], 3, store)
    assert ([sheet.header_row for sheet in plan.sheets], plan.headings) == ([1, 3], {"b.csv/0": 3})
    assert intake.load(store, path, plan).accepted == 40


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_it_holds_for_files_that_are_read_in_parts(tmp_path, ending, monkeypatch):
    rows = _sheet(5)[:3] + [[f"L{n}", "2026-05-01", "Checkout", n % 11] for n in range(30_000)]
    monkeypatch.setattr("cx.intake.long_text.LONG_BYTES", 1000)
    path = text_file(tmp_path, _csv(rows) if ending == "csv" else json.dumps(rows), f"long.{ending}")
    plan = intake.propose(path)
    assert plan.sheet.header_row == 1
    plan = intake.say_header(path, plan, plan.sheet, 3)
    [table] = intake.read(path, headings=cx.intake.file.Headings(plan.headings))
    assert (plan.sheet.header, plan.sheet.rows, table.told) == (NAMES, 30_000, True)
    assert isinstance(table.rows, cx.intake.table.Stored)


def test_an_empty_row_is_refused(tmp_path):
    path = text_file(tmp_path, "a,b\n1,2\n\n3,4\n")
    plan = intake.propose(path)
    for row in (3, 99, -1):
        with pytest.raises(IntakeError, match=r"Row .?\d+ of “file” is empty"):
            intake.say_header(path, plan, plan.sheet, row)
