"""Numbers that stand in texts on the screen are numbers in a spreadsheet: {column: values}, worked out by hand."""

import pandas as pd
import pytest

from cx.language import language
from cx.report.tidy import tidy


def read(code: str, *cells: object, name: str = "X") -> dict[str, list[object]]:
    frame = tidy(pd.DataFrame({name: pd.Series(cells, dtype=object)}), language(code), named=False)
    return {column: [None if pd.isna(each) else each for each in frame[column]] for column in frame.columns}


@pytest.mark.parametrize(("code", "cells", "columns"), [
    ("en", ["61.2%"], {"X": [0.612]}),
    ("tr", ["%61,2", "—"], {"X": [0.612, None]}),
    ("en", ["1,234", "−3.45"], {"X": [1234, -3.45]}),
    ("tr", ["1.234", "−3,45"], {"X": [1234, -3.45]}),
    ("en", ["72.7% (71.5% – 74.0%)", "— (— – —)"], {"X": [0.727, None], "X: 95% from": [0.715, None],
                                                     "X: 95% to": [0.74, None]}),
    ("tr", ["%72,7 (%71,5 – %74,0, n = 1.749)"], {"X": [0.727], "X: %95 alt": [0.715], "X: %95 üst": [0.74],
                                                    "X: n": [1749]}),
    ("en", ["+5.1 (95% interval −2.0 to +9.0), not sure", "+3 (95% interval +2 to +9)"],
     {"X": [5.1, 3], "X: 95% from": [-2, 2], "X: 95% to": [9, 9], "X: Note": ["not sure", None]}),
    ("tr", ["+5,1 (%95 güven aralığı −2,0 ile +9,0 arası)"], {"X": [5.1], "X: %95 alt": [-2], "X: %95 üst": [9]}),
    ("tr", ["+0,2 (0,0 ile +0,3 arası, n = 15)", "+0,1 (0,0 ile +0,3 arası, n = 9)", "yalnız 9 yanıt var"],
     {"X": [0.2, 0.1, None], "X: %95 alt": [0, 0, None], "X: %95 üst": [0.3, 0.3, None], "X: n": [15, 9, None],
      "X: Not": [None, None, "yalnız 9 yanıt var"]}),
    ("en", ["77% (3,854)"], {"X": [0.77], "X: n": [3854]}),
    ("en", ["76% (78%)"], {"X": [0.76], "X: in brackets": [0.78]}),
    ("en", ["+1 (within chance)", "3"], {"X": [1, 3], "X: Note": ["within chance", None]}),
    ("en", ["+12.0 pp", "−3.1 pp"], {"X (pp)": [12, -3.1]}),
    ("en", ["1,234 EUR"], {"X (EUR)": [1234]}),
    ("en", ["3 min 30 s", "45 s"], {"X (min)": [3.5, 0.75]}),
    ("tr", ["1 sa 30 dk", "3 sa"], {"X (sa)": [1.5, 3]}),
    ("en", ["0 s – 12 h", "12 h – 3.5 days"], {"X: at least (days)": [0, 0.5], "X: at most (days)": [0.5, 3.5]}),
    ("en", ["10% · 31% · 59%"], {"X": ["10% · 31% · 59%"]}),
    ("tr", ["1 May 2025", "3 Haz 2025, 07:12"], {"X": [pd.Timestamp(2025, 5, 1), pd.Timestamp(2025, 6, 3, 7, 12)]}),
    ("en", ["May 2025 *", "Jun 2025"], {"X": [pd.Timestamp(2025, 5, 1), pd.Timestamp(2025, 6, 1)], "X: Note": ["*", None]}),
])
def test_a_column_of_figures_becomes_columns_of_numbers(code, cells, columns):
    assert read(code, *cells) == {name: pytest.approx(values) if all(isinstance(each, int | float) for each in values)
                                  else values for name, values in columns.items()}


@pytest.mark.parametrize("texts", [
    ["12", "007"], ["345", "1001"], ["1. Awareness"], ["waited 1 min 40 s"], ["C10005"], ["1.2.3"], ["Web (2 of 3)"], ["5", "much"]])
def test_what_is_no_column_of_figures_stays_as_it_is(texts):
    assert read("en", *texts) == {"X": texts}


@pytest.mark.parametrize(("code", "name", "texts"), [
    ("en", "Customer", ["12", "7", "999"]), ("tr", "Müşteri", ["1.234", "7.001"]),
    ("en", "Comment", ["great (really)", "5 (good)", "two\nlines 2"]), ("tr", "Temas noktası", ["%5 indirim", "18 – 24"])])
def test_texts_of_the_data_are_handed_on_as_they_are(code, name, texts):
    frame = pd.DataFrame({"Row": texts, name: texts})
    assert tidy(frame, language(code))[name].tolist() == texts
    assert tidy(frame[[name]].set_axis(["Age"], axis="columns"), language(code))["Age"].tolist() == [" ".join(each.split()) for each in texts]


def test_an_interval_has_the_two_columns_every_sheet_has():
    assert read("en", "12.0 – 17.7", "—", name="95% interval") == {"95% from": [12, None], "95% to": [17.7, None]}


def test_parts_with_headings_of_their_own_are_taken_apart():
    assert read("en", "10% · 90%", "20% · 80%", name="Bad · good") == {"Bad": [0.1, 0.2], "good": [0.9, 0.8]}


def test_numbers_of_several_units_each_say_their_own():
    shown = read("en", "10.8 min", "72.7%", "−2.9 points (−3.5 to −2.3)", 39.4)["X"]
    assert [each.format for each in shown] == ['#,##0.00" min"', "#,##0.0%", '#,##0.0" points"', "#,##0.00"]
    assert shown == pytest.approx([10.8, 0.727, -2.9, 39.4])


@pytest.mark.parametrize(("cells", "shown"), [
    (["61.2%", "7%"], "#,##0.0%"), (["+0.3", "−1"], "+#,##0.0;-#,##0.0;#,##0.0"), (["1,234"], "#,##0"), (["3 min"], "#,##0.00")])
def test_a_number_is_shown_as_it_was_written(cells, shown):
    assert {each.format for each in next(iter(read("en", *cells).values()))} == {shown}
