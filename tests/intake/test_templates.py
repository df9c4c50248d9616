"""The workbooks to fill in load as they are, in both languages, without a question."""

from __future__ import annotations

import io

import openpyxl
import pytest

from cx import intake, open_store
from cx.errors import UnknownValue
from cx.intake.templates import TEMPLATES, template

EXPECTED = {
    "events": ("events", ["customer_id", "occurred_at", "touchpoint", "channel", "persona", "csat", "is_complaint", "comment"], 6),
    "survey": ("survey", ["customer_id", "occurred_at", "nps", "csat", "csat", "ces", "persona", "comment"], 6),
    "orders": ("orders", ["order_id", "customer_id", "occurred_at", "promised_at", "delivered_at", "revenue", "quantity",
                          "channel"], 6),
    "milestones": ("milestones", ["customer_id", "milestone", "milestone", "milestone", "channel", "persona"], 6),
}


@pytest.mark.parametrize("code", ["en", "tr"])
@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_filled_with_its_examples_loads_with_no_question(tmp_path, kind, code):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(kind, code))
    plan = intake.propose(path)
    layout, roles, rows = EXPECTED[kind]
    assert (plan.layout, list(plan.columns.values())) == (layout, roles)
    assert plan.open_problems() == []
    assert [sheet.skip for sheet in plan.sheets] == [False, True]
    receipt = intake.load(open_store(":memory:"), path)
    assert (receipt.accepted, receipt.rejected) == (rows, 0)


def test_a_template_checks_what_is_typed_and_explains_each_column():
    book = openpyxl.load_workbook(io.BytesIO(template("survey", "tr")))
    sheet, notes = book.worksheets
    checked = {str(rule.sqref).split(":")[0][0]: rule for rule in sheet.data_validations.dataValidation}
    assert checked["B"].type == "date"
    assert (checked["C"].formula1, checked["C"].formula2) == ("0", "10")
    assert all(cell.comment for cell in sheet[1])
    assert [row[0].value for row in notes.iter_rows(min_row=2, max_row=9)] == [cell.value for cell in sheet[1]]
    yes_no = next(rule for rule in openpyxl.load_workbook(io.BytesIO(template("events", "tr"))).worksheets[0]
                  .data_validations.dataValidation if rule.type == "list")
    assert yes_no.formula1 == '"Evet,Hayır"'


def test_there_are_templates_of_known_kinds_only():
    with pytest.raises(UnknownValue):
        template("nonsense")
