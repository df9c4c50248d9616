"""The generator: same seed, same world; the files are what a company in each country would have."""

import csv
import datetime as dt
import re
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data import generate, words, world

EVENTS, ORDERS, SURVEY, TICKETS = "events", "orders", "survey", "tickets"


@pytest.fixture(scope="module")
def of():
    return world.simulate()


@pytest.fixture(scope="module")
def sheets(of):
    return {language: generate.sheets(of, language) for language in words.LANGUAGES}


def path_of(name, language):
    return generate.SAMPLE / language / words.FILES[name][words.LANGUAGES.index(language)]


def header_of(name, language):
    return list(words.HEADERS[name][words.LANGUAGES.index(language)])


# --- determinism ---


def test_the_committed_files_are_what_the_generator_writes(tmp_path):
    for path in generate.write_sample(tmp_path):
        committed = generate.SAMPLE / path.relative_to(tmp_path)
        if path.suffix == ".csv":
            assert path.read_bytes() == committed.read_bytes(), path.name
            continue
        with zipfile.ZipFile(path) as new, zipfile.ZipFile(committed) as old:  # another zlib may pack it otherwise
            assert new.namelist() == old.namelist()
            for part in new.namelist():
                assert new.read(part) == old.read(part), (path.name, part)


def test_chunks_are_different_customers_of_the_same_world():
    again, first, second = world.simulate(300), world.simulate(300), world.simulate(300, chunk=1)
    pd.testing.assert_frame_equal(again.events, first.events)
    assert not np.array_equal(first.customers["arrival"], second.customers["arrival"])


# --- size and shape ---


def test_it_is_as_large_as_promised(of):
    assert len(of.customers) == 5000
    assert of.events["customer"].nunique() == 5000
    assert 95_000 <= len(generate.interactions(of)) <= 105_000
    assert max(path.stat().st_size for path in generate.SAMPLE.rglob("*.csv")) < 8_000_000


def test_time_runs_from_may_2025_to_the_end_of_october_2026(of):
    times = generate.interactions(of)["occurred_at"]
    assert times.min().date() == dt.date(2025, 5, 1)
    assert times.max().date() == dt.date(2026, 10, 31)
    assert times.is_monotonic_increasing


def test_customers_get_as_far_as_customers_do(of):
    stage = {"awareness": "social_post search_ad display_ad search_result home newsletter landing store_visit",
             "consideration": "category product comparison site_search reviews_read wish_list store_advice",
             "purchase": "basket checkout payment delivery pickup order",
             "retention": "chat call mail return refund account loyalty", "advocacy": "review referral shared"}
    columns = ["customer", "time", "touchpoint"]
    rows = pd.concat([of.events[columns], of.survey[columns], of.tickets[columns]])
    reached, share = None, {}
    for name, touchpoints in stage.items():
        here = rows[rows["touchpoint"].isin([world.T[each] for each in touchpoints.split()])]
        if reached is not None:
            here = here[here["time"] >= here["customer"].map(reached)]
        reached = here.groupby("customer")["time"].min()
        share[name] = len(reached) / len(of.customers)
    assert share["awareness"] == 1
    assert share["consideration"] == pytest.approx(.70, abs=.05)
    assert share["purchase"] == pytest.approx(.43, abs=.06)
    assert share["retention"] == pytest.approx(.25, abs=.04)
    assert share["advocacy"] == pytest.approx(.10, abs=.03)


def test_the_end_is_open_not_a_cliff(of):
    weekly = (of.events["time"] // (7 * world.DAY)).value_counts().sort_index()
    whole = weekly.iloc[:-1]  # the last one has three days
    assert whole.iloc[-4:].min() > .8 * whole.iloc[-12:-4].mean()
    on_the_way = (~of.orders["pickup"] & (of.orders["delivered"] < 0)).sum()
    assert 5 <= on_the_way <= 100
    assert (of.tickets["resolved"] < 0).sum() > 0
    late = of.customers["arrival"] >= world.LAST - 30 * world.DAY
    bought = of.customers.index.isin(of.orders["customer"])
    assert bought[late].mean() < .7 * bought[~late].mean()


def test_weekends_and_campaigns_are_busier(of):
    days = of.events["time"] // world.DAY
    weekday = (np.datetime64("2025-05-01").astype(int) + 3 + days) % 7
    assert (weekday == 5).mean() > 1.1 * (weekday == 2).mean()  # Saturday, Wednesday
    daily = days.value_counts()
    assert daily[world.day("2025-11-28")] > 1.5 * daily[world.day("2025-11-14")]
    for code in range(len(world.CAMPAIGNS)):
        assert (of.events["campaign"] == code).sum() > 50


def test_nobody_is_delivered_before_ordering_or_answers_before_arriving(of):
    brought = of.orders[of.orders["delivered"] >= 0]
    assert (brought["delivered"] > brought["time"]).all()
    for rows in (of.events, of.survey, of.tickets, of.orders):
        assert (rows["time"].to_numpy() >= of.customers["arrival"].to_numpy()[rows["customer"]]).all()


# --- two languages, one world ---


def test_both_languages_hold_the_same_rows(sheets):
    for name in words.HEADERS:
        english, turkish = (sheets[language][name] for language in words.LANGUAGES)
        assert len(english) == len(turkish)
        for position in range(english.shape[1]):
            a, b = english.iloc[:, position], turkish.iloc[:, position]
            if a.dtype == object or isinstance(a.dtype, pd.StringDtype):
                pairs = pd.DataFrame({"a": a, "b": b}).drop_duplicates()
                if position == english.shape[1] - 1 and name in (SURVEY, TICKETS):
                    assert (a.isna() == b.isna()).all()
                else:  # a name has one translation
                    assert pairs["a"].nunique(dropna=False) == pairs["b"].nunique(dropna=False) == len(pairs)
            else:
                pd.testing.assert_series_equal(a, b, check_names=False)


def test_every_name_and_sentence_is_there_in_both_languages():
    tables = (words.TOUCHPOINTS, words.CHANNELS, words.PERSONAS, words.REGIONS, words.CAMPAIGNS, words.TOPICS)
    assert set(words.TOUCHPOINTS) == set(world.TOUCHPOINTS)
    assert set(words.CHANNELS) == set(world.CHANNELS)
    assert set(words.TICKETS) == set(world.TOPICS)
    for table in tables:
        assert all(len(pair) == 2 and all(pair) for pair in table.values())
        assert len({turkish for _, turkish in table.values()}) == len(table)
    themes = {theme for theme, _ in words.COMMENTS}
    assert set(words.THEMES.values()) | {"delivery_late", "chat_wait", "refund_slow", "wallet"} == themes
    for theme in themes:
        for mood in (-1, 0, 1):
            for english, turkish in words.COMMENTS[theme, mood]:
                assert english != turkish
                assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", turkish)), english


def test_comments_vary(sheets):
    for language in words.LANGUAGES:
        comments = sheets[language][SURVEY].iloc[:, -1].dropna()
        assert len(comments) > 1500
        assert comments.nunique() > 250
        assert not comments.str.contains("[{}]").any()


def test_a_complaint_about_waiting_names_the_minutes_that_were_waited():
    said = words.comment("chat_wait", -1, 0.0, "tr", minutes=9)
    assert said.startswith("Birinin yazması için 9 dakika bekledim.")


# --- formats ---


def rows_of(path, encoding, delimiter):
    text = path.read_bytes().decode(encoding)  # strict
    return list(csv.reader(text.splitlines(), delimiter=delimiter, strict=True))


@pytest.mark.parametrize("name", [EVENTS, ORDERS])
def test_english_text_files_are_utf8_with_commas_and_iso_dates(name, sheets):
    header, *rows = rows_of(path_of(name, "en"), "utf-8", ",")
    assert header == header_of(name, "en")
    assert len(rows) == len(sheets["en"][name])
    assert {len(row) for row in rows} == {len(header)}
    when = header.index("Date" if name == EVENTS else "Order date")
    assert all(re.fullmatch(r"202[56]-\d\d-\d\dT\d\d:\d\d:\d\d", row[when]) for row in rows)


@pytest.mark.parametrize("name", [EVENTS, ORDERS])
def test_turkish_text_files_are_windows_1254_with_semicolons_and_turkish_dates(name, sheets):
    path = path_of(name, "tr")
    header, *rows = rows_of(path, "windows-1254", ";")
    assert header == header_of(name, "tr")
    assert len(rows) == len(sheets["tr"][name])
    assert {len(row) for row in rows} == {len(header)}
    with pytest.raises(UnicodeDecodeError):
        path.read_bytes().decode("utf-8")
    assert b"\r\n" in path.read_bytes()
    when = header.index("Tarih" if name == EVENTS else "Sipariş tarihi")
    assert all(re.fullmatch(r"\d\d\.\d\d\.202[56] \d\d:\d\d", row[when]) for row in rows)


def test_turkish_amounts_have_a_decimal_comma_and_points_between_thousands(of):
    header, *rows = rows_of(path_of(ORDERS, "tr"), "windows-1254", ";")
    amounts = [row[header.index("Tutar")] for row in rows]
    assert all(re.fullmatch(r"\d{1,3}(\.\d{3})*,\d\d", amount) for amount in amounts)
    assert sum("." in amount for amount in amounts) > 20
    read = [float(amount.replace(".", "").replace(",", ".")) for amount in amounts]
    assert read == pytest.approx(of.orders["amount"].tolist())


def test_collected_orders_have_no_delivery_dates(sheets):
    for language, collected in (("en", "Store pick-up"), ("tr", "Mağazadan teslim")):
        orders = sheets[language][ORDERS]
        pickup = orders.iloc[:, 8] == collected
        assert orders[pickup].iloc[:, 3:5].isna().all(axis=None)
        assert orders[~pickup].iloc[:, 3].notna().all()


@pytest.mark.parametrize("name", [SURVEY, TICKETS])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_workbooks_have_title_rows_real_dates_and_numbers(name, language, sheets):
    book = openpyxl.load_workbook(path_of(name, language), read_only=True)
    assert book.properties.created == generate.CREATED
    lines = list(book.active.iter_rows(values_only=True))
    assert [line for line in lines[:3] if any(line)] == [
        (title[words.LANGUAGES.index(language)], *[None] * (len(lines[3]) - 1)) for title in words.TITLES[name]]
    assert list(lines[3]) == header_of(name, language)
    rows = lines[4:]
    assert len(rows) == len(sheets[language][name])
    assert all(isinstance(row[1], dt.datetime) for row in rows)
    if name == SURVEY:
        for position, low, high in ((5, 0, 10), (6, 1, 5), (7, 1, 7)):
            answers = {row[position] for row in rows} - {None}
            assert answers == set(range(low, high + 1))
        assert {row[8] for row in rows} == {"en": {"Yes", "No", None}, "tr": {"Evet", "Hayır", None}}[language]
    else:
        assert {row[6] for row in rows} == {"en": {"Yes", "No"}, "tr": {"Evet", "Hayır"}}[language]


# --- millions ---


def test_millions_go_to_parquet_with_the_fields_of_an_interaction(tmp_path):
    from cx.model import FIELD

    path = tmp_path / "many.parquet"
    assert generate.write_parquet(20_000, path) == 20_000
    table = pq.read_table(path)
    assert table.num_rows == 20_000
    assert set(table.column_names) - set(FIELD) == {"region"}
    frame = table.to_pandas()
    assert frame["order_id"].dropna().is_unique
    assert frame["customer_id"].nunique() > 500
    assert (frame["csat_max"].isna() == frame["csat"].isna()).all()
    assert frame["delay_days"].notna().sum() > 100


def test_two_chunks_share_no_customer_and_no_order(monkeypatch):
    monkeypatch.setattr(generate, "CUSTOMERS_A_CHUNK", 400)
    first, second, *_ = generate.many(12_000)
    for column in ("customer_id", "order_id"):
        assert not set(first[column].dropna()) & set(second[column].dropna())
    assert first["occurred_at"].is_monotonic_increasing


@pytest.mark.parametrize("arguments", [[], ["--sample", "--rows", "5"], ["--rows", "5"], ["--rows", "0", "--out", "x"]])
def test_arguments_that_say_nothing_useful_are_refused(arguments):
    with pytest.raises(SystemExit) as refused:
        generate.main(arguments)
    assert refused.value.code == 2
