"""Numbers, shares, dates and texts in both languages."""

import datetime as dt
import math
import random
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from babel import numbers as babel

from cx.language import DASH, LANGUAGES, Text, language, text, text_n

en, tr = language("en"), language("tr")
_NO_INTERVALS = ("cx/language/__init__.py", "cx/report/tidy.py",  # writes them, reads them
                 "{start} – {end}", "{low}–{top}", "{first}–{last}")  # dates, scales, pages


@pytest.mark.parametrize(("value", "digits", "sign", "english", "turkish"), [
    (1234.5, 1, False, "1,234.5", "1.234,5"),
    (1234567, 0, False, "1,234,567", "1.234.567"),
    (-3.25, 2, False, "−3.25", "−3,25"),
    (3, 0, True, "+3", "+3"),
    (0, 0, True, "0", "0"),
    (-0.04, 1, True, "0.0", "0,0"),
    (None, 0, False, "—", "—"),
    (math.nan, 1, False, "—", "—"),
])
def test_numbers_follow_the_language(value, digits, sign, english, turkish):
    assert en.number(value, digits, sign=sign) == english
    assert tr.number(value, digits, sign=sign) == turkish


@pytest.mark.parametrize("spoken", [en, tr], ids=LANGUAGES)
@pytest.mark.parametrize("digits", [0, 1, 2, 3])
def test_numbers_are_as_babel_writes_them(spoken, digits):
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    random.seed(7)
    given = [0, 0.5, 1.5, 2.5, 0.05, 0.15, 0.125, 999.5, 999.95, 1e15, 1e22, 123456789012345678, 1e-9, np.int64(1234),
             np.float64(0.25), np.float32(0.1), math.inf, Decimal("1234.565"),
             *(random.uniform(0, 10 ** random.randint(0, 9)) for _ in range(300))]
    for each in given:
        assert spoken.number(each, digits).lstrip("+") == babel.format_decimal(each, pattern, spoken.locale), each


@pytest.mark.parametrize(("share", "sign", "english", "turkish"), [
    (0.1234, False, "12.3%", "%12,3"),
    (-0.05, True, "−5.0%", "−%5,0"),
    (0.05, True, "+5.0%", "+%5,0"),
    (None, False, "—", "—"),
])
def test_the_percent_sign_stands_before_the_number_in_turkish(share, sign, english, turkish):
    assert en.percent(share, sign=sign) == english
    assert tr.percent(share, sign=sign) == turkish


@pytest.mark.parametrize(("seconds", "english"), [
    (45, "45 s"), (270, "4 min 30 s"), (240, "4 min"), (12000, "3 h 20 min"), (7200, "2 h"), (216000, "2.5 days"),
    (None, "—"),
])
def test_a_duration_is_told_in_its_two_largest_units(seconds, english):
    assert en.duration(seconds) == english


@pytest.mark.parametrize(("lower", "upper", "english", "turkish"), [
    ("12.3%", "15.4%", "12.3% – 15.4%", "12.3% – 15.4%"),
    ("4 min 30 s", "5 min", "4 min 30 s – 5 min", "4 min 30 s – 5 min"),
    ("−12", "+5", "−12 to +5", "−12 ile +5 arası"),
    ("+5", "+12", "+5 to +12", "+5 ile +12 arası"),
    ("0", "+3", "0 to +3", "0 ile +3 arası"),
    (DASH, "5", DASH, DASH),
])
def test_an_interval_is_written_in_one_way(lower, upper, english, turkish):
    assert (en.interval(lower, upper), tr.interval(lower, upper)) == (english, turkish)


def test_no_other_place_writes_an_interval_in_a_way_of_its_own():
    root = Path(__file__).resolve().parents[2]
    own = re.compile(r"\} ?[–…] ?\{|\{low(?:er)?\} to \{")
    found = [f"{path.relative_to(root)}: {line.strip()}" for folder in ("cx", "pages") for path in
             sorted((root / folder).rglob("*.py")) for line in path.read_text("utf-8").splitlines() if own.search(line)]
    assert [each for each in found if not any(known in each for known in _NO_INTERVALS)] == []


def test_dates_follow_the_language():
    assert en.date(dt.date(2025, 12, 31)) == "31 Dec 2025"
    assert tr.date(dt.date(2025, 12, 31)) == "31 Ara 2025"
    assert tr.datetime(dt.datetime(2025, 12, 31, 14, 5)) == "31 Ara 2025, 14:05"


def test_values_are_filled_in_as_they_are_even_with_braces():
    assert en(text("{what} “{value}” does not exist. Accepted: {accepted}.", what="x", value="{y}", accepted="$x$")) \
        == "x “{y}” does not exist. Accepted: $x$."


def test_english_has_a_plural_and_turkish_keeps_the_singular():
    assert en(text_n("{n} row", "{n} rows", n=1)) == "1 row"
    assert en(text_n("{n} row", "{n} rows", n=1200)) == "1,200 rows"
    assert tr(text_n("{n} row", "{n} rows", n=1200)) == "1.200 satır"


def test_a_text_without_a_translation_stays_english():
    assert tr(Text("qwertz without translation")) == "qwertz without translation"


def test_every_language_renders_itself():
    for code, name in LANGUAGES.items():
        assert language(code).code == code
        assert name
