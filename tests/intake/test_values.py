"""Cells by kind. The tables are worked out by hand."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx.intake.answers import likert_family, read_likert
from cx.intake.scores import find_top, stated_top
from cx.intake.times import decide_times, read_time
from cx.intake.values import (
    COMMA,
    POINT,
    are_parts_of_days,
    currencies,
    decide_numbers,
    is_empty,
    is_missing,
    only_marks,
    read_duration,
    read_emotion,
    read_flag,
    read_number,
    read_score,
)
from cx.model import fold


@pytest.mark.parametrize(("cell", "convention", "number"), [
    ("1234.5", POINT, 1234.5), ("1,234.56", POINT, 1234.56), ("1.234,56", COMMA, 1234.56), ("1.234", COMMA, 1234.0),
    ("1.234", POINT, 1.234), ("1,234", POINT, 1234.0), ("1,234", COMMA, 1.234), ("12,5", COMMA, 12.5),
    ("₺1.234,56", COMMA, 1234.56), ("1.234,56 TL", COMMA, 1234.56), ("$1,234.56", POINT, 1234.56), ("$.99", POINT, 0.99), ("TL.99", POINT, 0.99), ("€ 12", POINT, 12.0),
    ("%12,5", COMMA, 12.5), ("12.5%", POINT, 12.5), ("(1,200.50)", POINT, -1200.5), ("-3", POINT, -3.0),
    ("−3,5", COMMA, -3.5), ("-₺5", POINT, -5.0), ("1 234,50", COMMA, 1234.5), ("1'234.50", POINT, 1234.5),
    ("1.234.567", COMMA, 1234567.0), ("18500.00", COMMA, 18500.0), ("007", POINT, 7.0), ("1e3", POINT, 1000.0),
    ("abc", POINT, None), ("1.2.3", POINT, None), ("12-13", POINT, None), ("", POINT, None), ("inf", POINT, None),
    ("5 adet", POINT, None), ("9" * 16, POINT, None), ("12.000,00-", COMMA, -12000.0), ("US$ 12.50", POINT, 12.5),
    ("1.234,56₺", COMMA, 1234.56), ("CHF 1'234.50", POINT, 1234.5), ("% 45,5", COMMA, 45.5), ("yüzde 45", COMMA, 45.0),
    ("12,50 TRY", COMMA, 12.5), ("1\u202f234,5", COMMA, 1234.5), ("AUD 5", POINT, 5.0), ("₹1,000", POINT, 1000.0),
    ("100 AED", POINT, 100.0), ("5 zł", POINT, 5.0), ("5,00 Euro", COMMA, 5.0), ("1.234,56 Türk Lirası", COMMA, 1234.56),
    ("12 dolar", COMMA, 12.0), ("(1.234,56) TL", COMMA, -1234.56), ("(1.234,56 TL)", COMMA, -1234.56), ("–5", POINT, -5.0),
    ("1,5E+03", COMMA, 1500.0), ("1,5e3", COMMA, 1500.0), (">5", POINT, None), ("5k", POINT, None), ("1/2", POINT, None),
    ("5-10", POINT, None), ("1.2M", POINT, None), ("2 bin", COMMA, None), ("₺12,50 (KDV dahil)", COMMA, None),
    ("1,23,456", POINT, None), ("5 (4)", POINT, None), ("$", POINT, None),
])
def test_a_number_is_read_in_the_convention_of_its_column(cell, convention, number):
    assert read_number(cell, convention) == number


@pytest.mark.parametrize(("cells", "named"), [
    (["₺1.234,56", "5 TL", "TRY 7", "9"], ["TRY"]), (["$5", "€5", "5 TL"], ["USD", "EUR", "TRY"]), (["12", "%5", "abc"], []),
    (["(5 USD)", "12 dolar", "-$3"], ["USD"]), (["A$5", "5 zł"], ["AUD", "PLN"]), (["5 adet", "USD"], []),
])
def test_the_currencies_of_a_column_are_told(cells, named):
    assert currencies(cells) == named


@pytest.mark.parametrize(("cells", "convention"), [
    (["12.5", "3"], POINT), (["12,5", "3"], COMMA), (["1.234,56", "12"], COMMA), (["1,234.56", "12"], POINT),
    (["1.234.567"], COMMA), (["1.234", "5.678"], "ambiguous"), (["1,234", "5,678"], "ambiguous"),
    (["1.234", "12,5"], COMMA), (["1.234", "0.5"], POINT), (["1", "2"], POINT), (["0.123"], POINT), ([], POINT),
    (["1.2345", "1,25", "1.25"], POINT), (["1.234", "1234"], "ambiguous"), (["12.", "1,5", "2,5"], COMMA),
])
def test_the_convention_comes_from_all_values_of_the_column(cells, convention):
    assert decide_numbers(cells)[0] == convention


@given(st.text(st.characters(max_codepoint=127)))
def test_a_plain_text_folds_like_one_with_letters_of_other_languages(plain):
    assert fold(plain) == fold(f"{plain} é").removesuffix("e").strip()


@given(st.decimals(min_value=-10**9, max_value=10**9, places=2))
def test_a_number_written_in_either_convention_is_read_back(number):
    english = f"{number:,.2f}"
    turkish = english.translate(str.maketrans(",.", ".,"))
    assert read_number(english, POINT) == pytest.approx(float(number))
    assert read_number(turkish, COMMA) == pytest.approx(float(number))


@pytest.mark.parametrize(("cell", "order", "moment"), [
    ("31.12.2025 14:05", "dmy", (2025, 12, 31, 14, 5)), ("31.12.2025 14.05", "dmy", (2025, 12, 31, 14, 5)),
    ("31/12/2025", "dmy", (2025, 12, 31)), ("12/31/2025 2:05 PM", "mdy", (2025, 12, 31, 14, 5)),
    ("12/31/2025 12:05 AM", "mdy", (2025, 12, 31, 0, 5)), ("03.04.25", "dmy", (2025, 4, 3)),
    ("03/04/2025", "mdy", (2025, 3, 4)), ("2025-12-31", "ymd", (2025, 12, 31)), ("2025/1/2", "ymd", (2025, 1, 2)),
    ("2025-12-31T14:05:09.123", "ymd", (2025, 12, 31, 14, 5, 9, 123000)),
    ("2025-12-31T14:05:00Z", "ymd", (2025, 12, 31, 14, 5)),
    ("2025-12-31 14:05:00+03:00", "ymd", (2025, 12, 31, 11, 5)), ("20251231", "ymd", (2025, 12, 31)),
    ("31 Aralık 2025", "ymd", (2025, 12, 31)), ("3 Şubat 2025 Pazartesi 09:00", "ymd", (2025, 2, 3, 9)),
    ("Pazartesi, 3 Mart 2025", "ymd", (2025, 3, 3)), ("1 Ağu 2025", "ymd", (2025, 8, 1)),
    ("31-Dec-25", "ymd", (2025, 12, 31)), ("Dec 31, 2025 2:05 pm", "ymd", (2025, 12, 31, 14, 5)),
    ("01.02.2025 02:05 ÖS", "dmy", (2025, 2, 1, 14, 5)),
    ("Fri Nov 01 2019 08:51:12 GMT+0000 (UTC)", "ymd", (2019, 11, 1, 8, 51, 12)),
    ("45657.5", "serial", (2024, 12, 31, 12)), ("45657", "serial", (2024, 12, 31)),
    ("1735689600", "epoch", (2025, 1, 1)), ("1735689600000", "epoch", (2025, 1, 1)),
    ("31/02/2025", "dmy", None), ("29.02.2025", "dmy", None), ("29.02.2024", "dmy", (2024, 2, 29)),
    ("25:00", "dmy", None), ("12/31/1899 09:30:00 AM", "mdy", None), ("yesterday", "ymd", None), ("13", "dmy", None),
    ("45657,5", "serial", (2024, 12, 31, 12)), ("44195", "serial1904", (2024, 12, 31)), ("44195.5", "serial1904", (2024, 12, 31, 12)),
    ("1735689600000000", "epoch", (2025, 1, 1)), ("20251231140509", "ymd", (2025, 12, 31, 14, 5, 9)),
    ("20251231T140509Z", "ymd", (2025, 12, 31, 14, 5, 9)), ("31.12.2025 - 14:05", "dmy", (2025, 12, 31, 14, 5)),
    ("31.12.2025 saat 14:05", "dmy", (2025, 12, 31, 14, 5)), ("2025-12-31 14:05:09 EST", "ymd", (2025, 12, 31, 19, 5, 9)),
    ("31.12.2025 14:05 TRT", "dmy", (2025, 12, 31, 11, 5)), ("Wed Dec 31 14:05:09 2025", "ymd", (2025, 12, 31, 14, 5, 9)),
    ("Wed, 31 Dec 2025 14:05:00 +0300", "ymd", (2025, 12, 31, 11, 5)), ("20253231", "ymd", None),
    ("01.02.2025 saat: 09:05", "dmy", (2025, 2, 1, 9, 5)), ("01.02.2025 ÖS 02:05", "dmy", (2025, 2, 1, 14, 5)),
    ("2025-02-01 09:05:07 GMT+3", "ymd", (2025, 2, 1, 6, 5, 7)), ("2025-02-01 09:05:07 (UTC)", "ymd", (2025, 2, 1, 9, 5, 7)),
    ("2025-02-01 09:05:07 Europe/Istanbul", "ymd", (2025, 2, 1, 6, 5, 7)), ("2025-02-01 09:05:07 Europe/Nowhere", "ymd", None),
    ("2025-02-01T09:05:07+03:00[Europe/Istanbul]", "ymd", (2025, 2, 1, 6, 5, 7)), ("202502010905", "ymd", (2025, 2, 1, 9, 5)),
    ("01/02/2025 09:05 (GMT+3)", "dmy", (2025, 2, 1, 6, 5)), ("20250201 0905", "ymd", (2025, 2, 1, 9, 5)),
    ("2nd of February 2025", "dmy", (2025, 2, 2)), ("2/1/2025 9pm", "mdy", (2025, 2, 1, 21)), ("2025 Feb 1", "ymd", (2025, 2, 1)),
    ("01Feb2025", "dmy", (2025, 2, 1)), ("01FEB2025:09:05:07", "dmy", (2025, 2, 1, 9, 5, 7)), ("01.02.2025.", "dmy", (2025, 2, 1)),
    ("01. 02. 2025", "dmy", (2025, 2, 1)), ("1/2/2025 9:5", "dmy", (2025, 2, 1, 9, 5)), ("01 02 2025", "dmy", (2025, 2, 1)),
    ("\u200e01/\u200e02/\u200e2025", "dmy", (2025, 2, 1)), ("1 ŞUBAT 2025", "dmy", (2025, 2, 1)), ("0000-00-00", "ymd", None),
    ("9999-12-31", "ymd", None), ("2025-W05-6", "ymd", None), ("Q1 2025", "dmy", None), ("30 02 2025", "dmy", None),
    ("2025-13-01", "ymd", None), ("45657", "ymd", None), ("1.5", "dmy", None), ("12/31/2025 13:05 PM", "mdy", None),
])
def test_a_date_is_read_in_the_order_of_its_column(cell, order, moment):
    assert read_time(cell, order) == (dt.datetime(*moment) if moment else None)


def test_a_time_with_a_zone_becomes_the_time_of_the_workspace():
    assert read_time("2025-06-01T12:00:00Z", "ymd", ZoneInfo("Europe/Istanbul")) == dt.datetime(2025, 6, 1, 15)


@pytest.mark.parametrize(("cells", "day_first", "order"), [
    (["03/04/2025", "13/04/2025"], None, "dmy"), (["03/04/2025", "04/13/2025"], None, "mdy"),
    (["03/04/2025", "05/06/2025"], None, "ambiguous"), (["03/04/2025"], True, "dmy"), (["03/04/2025"], False, "mdy"),
    (["03.04.2025"], None, "dmy"), (["2025-04-03"], None, "ymd"), (["3 Nisan 2025"], None, "ymd"),
    (["45657", "45658.5"], None, "serial"), (["1735689600"], None, "epoch"),
    (["01 02 2025", "13 02 2025"], None, "dmy"), (["3/4/2025 9pm", "3/14/2025 9pm"], None, "mdy"),
    (["03/04/2025 09:05 (GMT+3)"], None, "ambiguous"), (["01FEB2025", "2 of 2025"], None, "ymd"),
    (["25/12/2025", "12/25/2025", "26/12/2025"], None, "dmy"), (["7", "13"], None, "ymd"),
])
def test_the_order_of_day_and_month_comes_from_all_values(cells, day_first, order):
    assert decide_times(cells, day_first=day_first).order == order


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)))
def test_a_moment_written_in_any_form_is_read_back(moment):
    moment = moment.replace(microsecond=0)
    assert read_time(moment.isoformat(), "ymd") == moment
    assert read_time(f"{moment:%d.%m.%Y %H:%M:%S}", "dmy") == moment
    assert read_time(f"{moment:%m/%d/%Y %I:%M:%S %p}", "mdy") == moment


@pytest.mark.parametrize(("cell", "unit", "seconds"), [
    ("00:04:30", "seconds", 270), ("04:30", "seconds", 270), ("4 dk", "seconds", 240), ("4 min 30 s", "seconds", 270),
    ("270", "seconds", 270), ("4,5", "minutes", 270), ("1 sa 5 dk", "seconds", 3900), ("2 gün", "seconds", 172800),
    ("1.5 h", "seconds", 5400), ("26:00:00", "seconds", 93600), ("4dk30sn", "seconds", 270), ("-5", "seconds", None),
    ("soon", "seconds", None), ("4 parsecs", "seconds", None), ("PT4M30S", "seconds", 270), ("P1DT2H", "seconds", 93600),
    ("1 day, 2:03:04", "seconds", 93784), ("1.02:03:04", "seconds", 93784), ("4'30\"", "seconds", 270),
    ("1900-01-01 00:04:30", "seconds", 270), ("1 hafta", "seconds", 604800), ("0.003125", "days", 270),
    ("4 dakika 30 saniye", "seconds", 270), ("0:04:30,5", "seconds", 270), ("5-10 dk", "seconds", None),
    ("4:75", "seconds", None), ("4:30", "hours", 16200), ("00:21 hrs", "seconds", 1260), ("1:04:30", "hours", 3870), ("4’30’’", "seconds", 270), ("3 iş günü", "seconds", None), ("<1 min", "seconds", None),
])
def test_a_duration_is_read_as_whole_seconds(cell, unit, seconds):
    assert read_duration(cell, unit) == seconds


@pytest.mark.parametrize(("cell", "flag"), [
    ("Evet", True), ("Hayır", False), ("E", True), ("H", False), ("yes", True), ("NO", False), ("true", True),
    ("FALSE", False), ("x", True), ("1", True), ("0", False), ("var", True), ("yok", False), ("maybe", None), ("1.0", True),
    ("☑", True), ("☐", False), ("✗", False), ("DOĞRU", True), ("YANLIŞ", False), ("Evet, karşılandı", True), ("-1", None),
    ("Beklentimi karşıladı", True), ("Beklentimin altında", False), ("Exceeded expectations", True),
    ("Worse than expected", False), ("kısmen", None),
])
def test_yes_and_no_are_read_in_both_languages(cell, flag):
    assert read_flag(cell) is flag


@pytest.mark.parametrize(("cell", "emotion"), [
    ("Positive", 1), ("olumlu", 1), ("MUTLU", 1), ("nötr", 0), ("Neutral", 0), ("negatif", -1), ("kızgın", -1), ("-1", -1),
    ("0", 0), ("1", 1), ("0.1", 0), ("-0.8", -1), ("🙂", 1), ("😡", -1), ("blue", None), ("7", None),
    ("Very positive", 1), ("çok olumsuz", -1), ("biraz mutlu", 1), ("very blue", None),
])
def test_an_emotion_is_read_from_words_numbers_and_faces(cell, emotion):
    assert read_emotion(cell) == emotion


@pytest.mark.parametrize(("cells", "cell", "score"), [
    (["Hiç Katılmıyorum", "Katılmıyorum", "Kararsızım", "Katılıyorum", "Tamamen Katılıyorum"], "Katılıyorum", 4),
    (["Kesinlikle katılıyorum", "Katılmıyorum"], "Kesinlikle katılıyorum", 5),
    (["Very satisfied", "Dissatisfied", "N/A"], "Very satisfied", 5),
    (["Çok memnunum", "Memnun değilim"], "Memnun değilim", 2), (["Strongly agree", "Neither agree nor disagree"],
                                                               "Neither agree nor disagree", 3),
    (["Çok kolay", "Zor"], "Zor", 2), (["Always", "Rarely", "Never"], "Rarely", 2),
    (["Her zaman", "Bazen", "Hiçbir zaman"], "Bazen", 3), (["Much worse than expected", "As expected"], "As expected", 3),
    (["Beklentimin üzerinde", "Beklentimi karşılamadı"], "Beklentimin üzerinde", 4),
    (["Kesinlikle evet", "Muhtemelen hayır"], "Muhtemelen hayır", 2), (["Definitely", "Probably not"], "Definitely", 5),
    (["Not at all responsive", "Very responsive", "Extremely responsive"], "Very responsive", 4),
    (["Somewhat agree", "Strongly disagree"], "Somewhat agree", 4), (["Extremely easy", "Somewhat difficult"], "Extremely easy", 5),
    (["Excellent", "Very good", "Good", "Fair", "Poor"], "Good", 3), (["Excellent", "Good", "Poor"], "Good", 4),
    (["Mükemmel", "Çok iyi", "İyi", "Orta", "Kötü"], "İyi", 3), (["Pekiyi", "İyi", "Orta", "Geçer", "Zayıf"], "Zayıf", 1),
    (["Kesinlikle evet", "Evet", "Belki", "Hayır", "Kesinlikle hayır"], "Hayır", 2), (["🙂", "😡"], "😡", 1),
    (["Kesinlikle tavsiye ederim", "Tavsiye etmem"], "Kesinlikle tavsiye ederim", 5),
    (["Tend to agree", "Totally disagree"], "Tend to agree", 4), (["Very easy", "Neither"], "Neither", 3),
    (["Moderately satisfied", "Extremely dissatisfied"], "Moderately satisfied", 4),
    (["Tamamen memnunum", "Pek memnun değilim"], "Pek memnun değilim", 2),
    (["Very satisfied", "Fairly satisfied", "Fairly dissatisfied"], "Fairly satisfied", 4),  # made weaker or stronger
    (["Really easy", "Quite difficult"], "Really easy", 5), (["Oldukça memnunum", "Memnun değilim"], "Oldukça memnunum", 4),
    (["Easy", "Neither particularly easy nor difficult"], "Neither particularly easy nor difficult", 3),
])
def test_answers_in_words_become_scores_from_one_to_five(cells, cell, score):
    family = likert_family(cells)
    assert family is not None
    assert read_likert(cell, family) == score


@pytest.mark.parametrize(("cells", "are"), [
    (["0.003125", "0.0104166667", "0"], True), (["0,003125"], True), (["0.5", "0.25"], False), (["0.003125", "270"], False),
    ([], False),
])
def test_a_spreadsheets_own_durations_are_parts_of_days(cells, are):
    assert are_parts_of_days(cells) is are


@pytest.mark.parametrize(("cells", "ticked"), [(["x", "", "X"], True), (["✓", "-"], True), (["x", "no"], False), (["1", ""], False)])
def test_a_column_of_ticks_says_no_where_it_is_empty(cells, ticked):
    assert only_marks(cells) is ticked


def test_a_rare_slip_does_not_keep_answers_in_words_from_being_scores():
    answers = ["Very satisfied", "Satisfied", "Neutral", "Disatisfied"]
    assert likert_family(answers) is None
    assert likert_family(answers, [30, 40, 20, 1]) == likert_family(answers[:3])
    assert likert_family(answers, [30, 40, 20, 9]) is None  # one in ten is no slip


def test_other_words_are_no_answers_in_words():
    assert likert_family(["Yum!", "Horrendous"]) is None
    assert likert_family(["Good"]) is None
    assert likert_family(["Evet", "Hayır"]) is None
    assert likert_family(["High", "Medium", "Low"]) is None


@pytest.mark.parametrize(("cell", "score"), [
    ("4", 4), ("4/5", 4), ("10 - Extremely likely", 10), ("0 (not at all)", 0), ("★★★★☆", 4), ("9 out of 10", 9),
    ("great", None),
])
def test_a_score_is_read_out_of_its_label(cell, score):
    assert read_score(cell) == score


@pytest.mark.parametrize("cell", ["", " ", "-", "N/A", "#YOK", "#DIV/0!", "null", "nan", "#DEĞER!", "n.a.", "…",
                                  "(boş)", "(null)", "\\N", "''", "[]", "#BOŞ!", "#TAŞMA!", "<null>", "\u200b"])
def test_an_empty_cell_is_empty_in_every_column(cell):
    assert is_empty(cell)


@pytest.mark.parametrize("cell", ["yok", "Blank", "Bilinmiyor", "None", "belirtilmemiş", "not applicable",
                                  "Don’t know", "Belirtilmedi", "Cevap vermek istemiyorum", "??",
                                  "Lütfen seçiniz", "Please select", "not specified", "Yanıtsız", "veri yok"])
def test_no_answer_is_missing_in_columns_of_scores_but_a_word_elsewhere(cell):
    assert is_missing(cell)
    assert not is_empty(cell)


@pytest.mark.parametrize(("header", "top"), [
    ("NPS (0-10)", 10), ("CSAT (1-5)", 5), ("On a scale of 0-10, how…", 10), ("1 to 7", 7), ("5 üzerinden", 5),
    ("Rating", None), ("Rate out of 5", 5), ("2024-2025", None),
])
def test_a_header_may_state_its_scale(header, top):
    assert stated_top(header) == top


@pytest.mark.parametrize(("header", "answers", "top"), [
    ("Satisfaction_1_5", [1, 2, 5], 5), ("Satisfaction_1_5", [1, 5, 7], None), ("Satisfaction_1_5", [1, 5, 99, -1], 5),
    ("Scale_3", [1, 2, 3], 3), ("Scale_3", [1, 7], None), ("pulse 1_10", [0, 10], 10), ("Food (1-5)", [1, 7], 5), ("Scale_5", None, 5)])
def test_a_number_at_the_end_of_a_header_is_no_scale_where_an_answer_is_higher(header, answers, top):
    assert stated_top(header, answers) == top


@pytest.mark.parametrize(("kind", "counts", "top"), [
    ("csat", {1: 5, 2: 3, 5: 9}, 5), ("csat", {0: 9, 1: 2, 2: 3, 3: 4, 4: 9, 5: 8, 6: 7}, 5), ("csat", {1: 1, 7: 3}, 7),
    ("csat", {0: 1, 10: 3}, 10), ("csat", {1: 4, 4: 6, 99: 2}, 5), ("csat", {3: 1, 88: 1, 91: 3}, 100),
    ("ces", {1: 3, 6: 2}, 7), ("ces", {1: 3, 5: 2}, 5), ("nps", {0: 1, 11: 4}, 10), ("csat", {}, 5), ("ces", {}, 7),
    ("csat", {1: 3, 2: 3, 6: 4}, 6), ("csat", {4.5: 1, 3.5: 1}, 5),
])
def test_the_scale_comes_from_the_values_without_their_codes(kind, counts, top):
    assert find_top(kind, "", {float(value): count for value, count in counts.items()}) == top
