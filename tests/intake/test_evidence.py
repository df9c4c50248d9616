"""What values and headers together say of a column, and that long cells are looked at as quickly as short ones."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from cx import intake
from cx.intake.evidence import _MASKED
from cx.intake.periods import read_period
from cx.intake.times import read_time
from tests.intake.columns import AMOUNTS, DAYS, EACH, FIVE, LATER, NPS, written


@pytest.mark.parametrize(("header", "values", "role"), [
    ("Kredi başvurusu sonucu", ["olumlu", "olumsuz"], "attribute"), ("Test result", ["positive", "negative"], "attribute"),
    ("Test result", ["positive", "negative", "neutral"], "attribute"), ("Durum", ["olumlu", "olumsuz", "karışık"], "attribute"),
    ("Change", ["positive", "negative"], "attribute"), ("How it felt", ["positive", "negative"], "emotion"),
    ("Tone", ["positive", "negative", "neutral"], "emotion")])
def test_an_outcome_is_no_feeling(tmp_path, header, values, role):
    path = written(tmp_path, {"Customer ID": (EACH, ""), "Date": (DAYS, ""), header: (values, ""), "NPS": (NPS, "")})
    assert intake.propose(path).columns[header] == role


@pytest.mark.parametrize(("columns", "header", "role"), [
    ({"Revenue": ["-1.50", "-20.00"]}, "Revenue", "revenue"), ({"Tutar": ["-1,50", "-20,00"]}, "Tutar", "revenue"),
    ({"Revenue": ["12.50", "8.75"], "Amount": ["-1.50", "-20.00"]}, "Amount", "attribute"),
    ({"Total cost": ["-1.50", "-20.00"]}, "Total cost", "attribute")])
def test_amounts_below_zero_are_refunds_where_no_other_column_is_paid(tmp_path, columns, header, role):
    columns = {"Order ID": EACH, "Date": DAYS, **columns}
    assert intake.propose(written(tmp_path, {name: (values, "") for name, values in columns.items()})).columns[header] == role


@pytest.mark.parametrize(("cell", "month"), [
    ("20251", None), ("20254", None), ("20251 ay", None), ("202511", 11), ("2025 1", 1), ("2025m1", 1), ("2025 M 11", 11),
    ("2025-3", 3), ("2025 11 ay", 11)])
def test_a_year_and_one_figure_are_no_month(cell, month):
    assert read_period(cell) == (month and (dt.date(2025, month, 1), "month"))


@pytest.mark.parametrize(("cell", "day"), [
    ("25.11.2025", (11, 25)), ("11/25/2025", (11, 25)), ("05/05/2025", (5, 5)), ("05/06/2025", None), ("32/11/2025", None),
    ("2025-11-25", (11, 25)), ("Kasım 2025", (11, 1))])
def test_whole_dates_among_months_are_read_where_they_leave_no_doubt(cell, day):
    assert read_time(cell, "month") == (day and dt.datetime(2025, *day))


@pytest.mark.parametrize(("cell", "masked"), [
    ("4111 **** **** 1111", True), ("****1111", True), ("xxxx-11", True), ("12 XXXXX", True), ("••••• 42", True),
    ("***1111", False), ("xxxx", False), ("xxxx 1", False), ("C1001", False)])
def test_a_masked_number_shows_a_few_of_its_figures(cell, masked):
    assert bool(_MASKED.search(cell)) == masked


@pytest.mark.parametrize("unit", ["x", "1", "1,", "1" + " " * 60_000, "a" + " " * 60_000],
                         ids=["x", "figures", "commas", "figure and blanks", "letter and blanks"])
def test_long_cells_cost_no_more_than_they_are_long(tmp_path, unit):
    cell = (unit * 60_000)[:60_000] + "!"
    path = written(tmp_path, {"Customer ID": ([cell], ""), "Date": (DAYS, ""), "NPS": (NPS, "")}, rows=3)
    began = time.process_time()
    intake.propose(path)
    assert time.process_time() - began < 5  # one such cell took 30 s and more


@pytest.mark.parametrize("header", ["[", "?", "(" * 3, "(1" * 15_000], ids=["square", "question", "round", "long"])
def test_headers_of_signs_alone_are_columns_too(tmp_path, header):
    path = written(tmp_path, {"Customer ID": (EACH, ""), "Date": (DAYS, ""), header: (["1", "5"], ""), "NPS": (NPS, "")})
    assert intake.propose(path).columns["NPS"] == "nps"


@pytest.mark.parametrize(("columns", "header", "role"), [
    ({"Guest Title": ["Mr", "Ms", "Mrs", "Dr"]}, "Guest Title", "attribute"),
    ({"Kasada bekleme süresi": FIVE, "Ürün çeşitliliği": FIVE, "Personelin ilgisi": FIVE}, "Kasada bekleme süresi", "csat"),
    ({"Kasada bekleme süresi (dk)": FIVE, "Ürün çeşitliliği": FIVE, "Personelin ilgisi": FIVE},
     "Kasada bekleme süresi (dk)", "wait_seconds"),
    ({"Sıra No": EACH, "TOPLAM": AMOUNTS, "TERMİN": LATER}, "TERMİN", "promised_at")])
def test_what_a_column_can_be_is_told_by_its_values_and_the_others(tmp_path, columns, header, role):
    path = written(tmp_path, {"Date": (DAYS, ""), "Memnuniyet": (FIVE, "")} | {
        name: (values, "") for name, values in columns.items()})
    assert intake.propose(path).columns[header] == role


@pytest.mark.parametrize(("beside", "sure"), [("Queue wait", False), ("Country", True)])
def test_a_campaign_among_calls_may_be_the_list_that_is_called(tmp_path, beside, sure):
    path = written(tmp_path, {"Customer ID": (EACH, ""), "Date": (DAYS, ""), "Campaign": (["Winback", "Care"] * 20, ""),
                              beside: (["00:01:30", "00:00:20"] if beside == "Queue wait" else ["TR", "DE"], "")})
    plan = intake.propose(path)
    assert (plan.columns["Campaign"], plan.confidence["Campaign"] >= 0.8) == ("campaign", sure)
