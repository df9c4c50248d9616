"""Exported files hold the values, and nothing a spreadsheet program would run."""

import io

import openpyxl
import pandas as pd
import pytest

from cx import export
from cx.language import language

HOSTILE = ["=1+1", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "plain", "Şule İğdır", "http://x.y"]


def test_formulas_are_texts_in_a_workbook():
    frame = pd.DataFrame({"text": HOSTILE, "number": range(len(HOSTILE))})
    sheet = openpyxl.load_workbook(io.BytesIO(export.workbook({"a/b": frame}))).active
    assert sheet.title == "a b"
    for row, value in enumerate(HOSTILE, start=2):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s"
        assert cell.hyperlink is None
        assert cell.value.replace("_x000D_", "\r") == value
        assert sheet.cell(row, 2).value == row - 2


def test_formulas_are_defused_in_csv():
    text = export.csv(pd.DataFrame({"=x": HOSTILE})).decode("utf-8-sig")
    read = pd.read_csv(io.StringIO(text, newline=""), dtype=str, keep_default_na=False, engine="python")
    assert list(read.columns) == ["'=x"]
    assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in read["'=x"])


def test_numbers_are_numbers_in_the_csv_of_a_turkish_screen():
    frame = pd.DataFrame({"a;b": ["x;y", "1,5 TL"], "n": [1234.5, None], "k": [1, 2], "mixed": [export.Number(2.5, "0.0"), "x"]})
    text = export.csv(frame, language("tr").decimal).decode("utf-8-sig")
    assert text.splitlines() == ['"a;b";"n";"k";"mixed"', '"x;y";"1234,5";1;"2,5"', '"1,5 TL";"";2;"x"']
    assert export.csv(frame, language("en").decimal).decode("utf-8-sig").splitlines()[1] == '"x;y",1234.5,1,2.5'


@pytest.mark.parametrize("number", ["-5", "+3.25", "-1.234,56", "-12%"])
def test_a_negative_number_is_no_formula(number):
    assert export.neutral(number) == number


def test_missing_values_stay_empty_and_dates_are_dates():
    frame = pd.DataFrame({"when": pd.to_datetime(["2025-01-02 03:04", None]), "n": [1.5, float("nan")],
                          "flag": [True, False], "none": [None, "x"]})
    sheet = openpyxl.load_workbook(io.BytesIO(export.workbook({"s": frame}))).active
    assert [cell.value for cell in sheet[3]] == [None, None, False, "x"]
    assert sheet["A2"].value.isoformat() == "2025-01-02T03:04:00"
    assert sheet["B2"].value == 1.5
