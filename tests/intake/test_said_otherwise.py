"""Sheets that were read wrongly once: complaints with numbers, dates in rarer forms, and tables nobody can guess."""

import datetime as dt
import time

import pytest
import xlsxwriter

from cx import intake
from cx.errors import IntakeError
from cx.intake.months import day_without_year
from cx.language import language
from cx.store import open_store

from .files import text_file


def _sheet(tmp_path, header, row, name="sheet.csv", rows=30):
    return text_file(tmp_path, "\n".join([header, *map(row, range(rows))]) + "\n", name)


# --- complaints are no orders ---

def test_that_every_row_is_a_complaint_is_said_before_it_is_loaded(tmp_path):
    path = _sheet(tmp_path, "Müşteri,Tarih,Şikayet konusu", lambda i: f"C{i},2025-03-{i % 28 + 1:02},Konu {i % 4}", "liste.csv")
    plan = intake.propose(path)
    [note] = [problem.text for problem in plan.problems if problem.code == "complaints"]
    assert "“liste” sayfasının her satırı şikâyet sayılıyor" in language("tr")(note)
    del plan.constants["is_complaint"]
    intake.reconsider(path, plan)
    assert "complaints" not in [problem.code for problem in plan.problems]
    store = open_store(":memory:")
    intake.load(store, path, plan)
    assert store.value("SELECT count(*) FILTER (is_complaint) FROM interactions") == 0
    other = _sheet(tmp_path, "Müşteri,Tarih,Temas noktası", lambda i: f"C{i},2025-03-{i % 28 + 1:02},Kasa", "other.csv")
    assert "complaints" not in [problem.code for problem in intake.propose(other).problems]


COMPLAINTS = {
    "a receipt": ("Receipt No,Customer,Date,Complaint,Amount", lambda i: f"R{i},C{i},2025-03-{i % 28 + 1:02},Broken {i},{i * 3}.50"),
    "fiş": ("Fiş No,Müşteri,Tarih,Şikayet konusu,Tutar", lambda i: f"F{i},C{i},2025-03-{i % 28 + 1:02},Konu {i % 4},{i * 3}"),
    "a ticket": ("Ticket no,Customer,Date,Complaint type,Order amount",
                 lambda i: f"T{i},C{i},2025-03-{i % 28 + 1:02},Kind {i % 3},{i * 3}"),
}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_a_complaint_with_a_number_and_an_amount_is_no_order(tmp_path, name):
    store = open_store(":memory:")
    receipt = intake.load(store, _sheet(tmp_path, *COMPLAINTS[name]))
    assert receipt.accepted == receipt.interactions == 30
    assert store.rows("SELECT count(*) FILTER (is_complaint), count(order_id), count(revenue) FROM interactions") == [
        (30, 0, 0)]
    assert store.value("SELECT count(*) FROM orders") == 0


def test_a_complaint_keeps_the_number_of_the_order_that_it_is_about(tmp_path):
    path = _sheet(tmp_path, "Sipariş No,Müşteri,Tarih,Şikayet,Tutar",
                  lambda i: f"S{i},C{i},2025-03-{i % 28 + 1:02},Ürün bozuk geldi {i},{i * 3}")
    [sheet] = intake.propose(path).sheets
    assert (sheet.layout, sheet.columns["Sipariş No"], sheet.columns["Tutar"]) == ("events", "order_id", "attribute")


def test_orders_that_note_whether_somebody_complained_stay_orders(tmp_path):
    path = _sheet(tmp_path, "Order No,Customer,Order Date,Product,Quantity,Amount,Complaint",
                  lambda i: f"O{i},C{i},2025-03-{i % 28 + 1:02},Lamp,1,{i * 3},{'yes' if i % 9 == 0 else 'no'}")
    [sheet] = intake.propose(path).sheets
    assert (sheet.layout, sheet.columns["Order No"], sheet.columns["Amount"]) == ("orders", "order_id", "revenue")


SOME_COMPLAIN = {  # what all rows say, and a number, amount and day of an order
    "an order's date": ("Order ID,Customer ID,Order Date,Amount,Complaint type",
                        lambda i: f"S{i},M{i},2026-03-{i % 28 + 1:02},{100 + i},{['Delay', 'Late', 'Damaged'][i % 3]}"),
    "none": ("Order ID,Customer ID,Date,Amount,Complaint type",
             lambda i: f"S{i},M{i},2026-03-{i % 28 + 1:02},{100 + i},{['No complaint', 'Late', 'Damaged'][i % 3]}"),
    "yok": ("Sipariş No,Müşteri No,Tarih,Tutar,Şikayet nedeni",
            lambda i: f"S{i},M{i},2026-03-{i % 28 + 1:02},{100 + i},{['Şikayet yok', 'Geç', 'Hasarlı'][i % 3]}"),
}


@pytest.mark.parametrize("name", SOME_COMPLAIN)
def test_orders_of_which_some_were_complained_about_keep_their_amounts(tmp_path, name):
    [sheet] = intake.propose(_sheet(tmp_path, *SOME_COMPLAIN[name])).sheets
    assert "is_complaint" not in sheet.constants
    assert "revenue" in sheet.columns.values()


# --- dates and times ---

WRITTEN = {  # → moment of row 12
    "31122025": ("Date", lambda i: f"{i % 28 + 1:02}032025", dt.datetime(2025, 3, 13)),
    "a lost zero": ("Date", lambda i: f"{i % 28 + 1}032025", dt.datetime(2025, 3, 13)),
    "created": ("Created", lambda i: f"{i % 28 + 1:02}032025", dt.datetime(2025, 3, 13)),
    "satış tarihi": ("Satış tarihi", lambda i: f"{i % 28 + 1:02}032025", dt.datetime(2025, 3, 13)),
    "month first": ("Date", lambda i: f"03{i % 28 + 1:02}2025", dt.datetime(2025, 3, 13)),
    "13Mar25": ("Date", lambda i: f"{i % 28 + 1:02}Mar25", dt.datetime(2025, 3, 13)),
    "13Oca25": ("Tarih", lambda i: f"{i % 28 + 1:02}Oca25", dt.datetime(2025, 1, 13)),
    "2025-03-13 12.12": ("Date", lambda i: f"2025-03-{i % 28 + 1:02} {i % 24:02}.{i:02}", dt.datetime(2025, 3, 13, 12, 12)),
    "19.30": ("Date,Time", lambda i: f"{i % 28 + 1:02}.03.2025,{i % 24}.{i:02}", dt.datetime(2025, 3, 13, 12, 12)),
    "few minutes": ("Visit Date,Visit time", lambda i: f"{i % 28 + 1:02}.03.2025,{i % 24}.{i % 2 * 30:02}",
                    dt.datetime(2025, 3, 13, 12)),
    "many minutes": ("Tarih,Arama saati", lambda i: f"{i % 28 + 1:02}.03.2025,{i % 24}.{i:02}", dt.datetime(2025, 3, 13, 12, 12)),
    "saat": ("Tarih,Saat", lambda i: f"{i % 28 + 1:02}.03.2025,{i % 24:02}.{i:02}", dt.datetime(2025, 3, 13, 12, 12)),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_rarer_form_of_a_moment_is_read(tmp_path, name):
    header, cell, moment = WRITTEN[name]
    store = open_store(":memory:")
    receipt = intake.load(store, _sheet(tmp_path, f"Customer ID,{header},Touchpoint", lambda i: f"C{i},{cell(i)},Cart"))
    assert receipt.accepted == 30
    assert store.value("SELECT occurred_at FROM interactions JOIN customers USING (customer_key) "
                       "WHERE customer_id = 'C12'") == moment


def test_days_in_one_number_that_can_be_read_both_ways_are_asked(tmp_path):
    path = _sheet(tmp_path, "Customer ID,Date,Touchpoint", lambda i: f"C{i},{i % 12 + 1:02}{i % 11 + 1:02}2025,Cart")
    assert [problem.code for problem in intake.propose(path).open_problems()] == ["date_order"]


NUMBERS = {  # 13012001 is a number, although 13 January 2001 could be written so
    "a customer": ("Customer No,Touchpoint,CSAT (1-5)", lambda i: f"{13012001 + i},Cart,{i % 5 + 1}", "Customer No", "customer_id"),
    "müşteri": ("Müşteri No,Temas noktası,Memnuniyet (1-5)", lambda i: f"{13012001 + i},Sepet,{i % 5 + 1}", "Müşteri No",
                "customer_id"),
    "a customer, dated": ("Customer No,Date,Touchpoint", lambda i: f"{1012001 + i},2026-03-{i % 28 + 1:02},Cart", "Customer No",
                          "customer_id"),
    "an order": ("Order No,Customer No,Order Date,Amount",
                 lambda i: f"{13012001 + i},{21012001 + i},2026-03-{i % 28 + 1:02},{10 + i}", "Order No", "order_id"),
    "an amount": ("Customer,Date,Event,Amount", lambda i: f"C{i},2026-03-{i % 28 + 1:02},Purchase,{13012001 + 3 * i}", "Amount",
                  "revenue"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_looks_like_a_day_by_chance_is_none(tmp_path, name):
    header, row, column, role = NUMBERS[name]
    plan = intake.propose(_sheet(tmp_path, header, row, rows=20))
    assert plan.columns[column] == role
    assert "date_order" not in [problem.code for problem in plan.problems]


@pytest.mark.parametrize(("header", "cell"), [("Amount", lambda i: f"{i + 1}.30"), ("Version", lambda i: f"{i % 9}.20"),
                                              ("Çalışma saati", lambda i: f"{7 + i % 3}.{[50, 25, 10, 45][i % 4]}")])
def test_a_number_with_a_point_is_no_time_of_day(tmp_path, header, cell):
    path = _sheet(tmp_path, f"Customer ID,Date,{header},Touchpoint", lambda i: f"C{i},{i % 28 + 1:02}.03.2025,{cell(i)},Cart")
    assert intake.propose(path).sheets[0].columns[header] != "time_of_day"


@pytest.mark.parametrize(("cell", "found"), [
    ("28/01", "bare"), ("1.3", "bare"), ("28-01 14:30", "bare"), ("28 Ocak", "named"), ("Mar 1", "named"), ("13/14", ""),
    ("32/01", ""), ("28/01/2025", ""), ("0/5", ""), ("Ocak 2025", ""), ("", ""), ("28 Foo", "")])
def test_a_day_without_a_year_is_known(cell, found):
    assert day_without_year(cell) == found


@pytest.mark.parametrize("cell", [lambda i: f"{i % 28 + 1}/{i % 2 + 1:02}", lambda i: f"{i % 28 + 1} Mart"])
def test_the_year_of_days_without_one_is_not_guessed_and_that_is_said(tmp_path, cell):
    path = _sheet(tmp_path, "Müşteri No,Tarih,Temas noktası", lambda i: f"C{i},{cell(i)},Sepet")
    with pytest.raises(IntakeError, match="“Tarih” names days without a year") as error:
        intake.load(open_store(":memory:"), path)
    assert "yılı yok" in language("tr")(error.value.text)


# --- durations as they are shown ---

@pytest.mark.parametrize(("header", "cell", "shown"), [
    ("Waiting time", lambda i: f"{i % 20 + 1} min", "units"), ("Bekleme süresi", lambda i: f"{i % 20 + 1} dk", "units"),
    ("Waiting time (minutes)", lambda i: f"{i % 20 + 1}", "minutes"), ("Waiting time", lambda i: f"{i % 20 + 1}", "seconds"),
    ("Waiting time", lambda i: f"0:{i % 20 + 1:02}:30", "hh:mm:ss"), ("Bekleme (dk)", lambda i: f"{i % 20 + 1}", "minutes")])
def test_it_is_shown_in_which_unit_a_duration_is_read(tmp_path, header, cell, shown):
    path = _sheet(tmp_path, f"Customer ID,Date,Channel,{header}", lambda i: f"C{i},2025-03-01,phone,{cell(i)}")
    [sheet] = intake.propose(path).sheets
    assert sheet.columns[header] == "wait_seconds"
    assert intake.written_as(sheet, header) == shown


# --- what cannot be loaded as it is ---

def test_of_a_sheet_that_says_nothing_no_date_is_asked_until_it_does(tmp_path):
    path = _sheet(tmp_path, "Customer ID,City", lambda i: f"C{i},Ankara")
    plan = intake.propose(path)
    assert [problem.code for problem in plan.problems] == ["no_content"]
    intake.assign(plan.sheets[0], "City", "touchpoint")
    intake.reconsider(path, plan)
    assert [problem.code for problem in plan.open_problems()] == ["no_time"]


def test_where_nothing_is_recognised_a_person_can_say_what_the_columns_are(tmp_path):
    path = _sheet(tmp_path, "Alpha,Beta,Gamma", lambda i: f"x{i},y{i % 3},{i}")
    plan = intake.propose(path)
    assert [(problem.severity, problem.code) for problem in plan.open_problems()] == [("error", "not_recognised")]
    with pytest.raises(IntakeError, match="neither a customer, nor a time, nor a score"):
        intake.load(open_store(":memory:"), path, plan)
    for header, role in (("Alpha", "customer_id"), ("Beta", "touchpoint")):
        intake.assign(plan.sheets[0], header, role)
    intake.reconsider(path, plan)
    plan.undated = True
    assert not plan.open_problems()
    store = open_store(":memory:")
    assert intake.load(store, path, plan).accepted == 30
    assert store.value("SELECT count(DISTINCT touchpoint_id) FROM interactions") == 3


def test_of_several_sheets_of_which_none_is_recognised_the_longest_is_shown(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "two.xlsx")) as book:
        for name, rows in (("Kısa", 2), ("Uzun", 10)):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate([("bölge", "renk"), *[("Ege", "mavi")] * rows]):
                sheet.write_row(row, 0, cells)
    plan = intake.propose(tmp_path / "two.xlsx")
    assert [(sheet.name, sheet.skip) for sheet in plan.sheets] == [("Kısa", True), ("Uzun", False)]
    assert [(problem.code, problem.sheet) for problem in plan.problems] == [
        ("not_recognised", "Uzun"), ("sheet_skipped", "Kısa")]


@pytest.mark.parametrize("header", ["a" + " b" * 15_000, "(1=" * 10_000, "[" * 30_000, "a" + " " * 30_000 + "b"])
def test_a_header_of_thirty_thousand_characters_is_looked_at_in_no_time(tmp_path, header):
    path = _sheet(tmp_path, f"Customer ID,Date,Channel,{header}", lambda i: f"C{i},2025-03-01,web,{i % 5 + 1}")
    began = time.process_time()
    [sheet] = intake.propose(path).sheets
    assert time.process_time() - began < 1  # it took 2 to 6
    assert [*sheet.columns.values()][:3] == ["customer_id", "occurred_at", "channel"]


@pytest.mark.parametrize(("clock", "lasts"), [("Call start", "Talk time"), ("Saat", "Konuşma süresi"), ("Time", "Hold time"),
                                              ("Arama saati", "Bekleme")])
def test_how_long_a_call_lasts_is_no_time_of_day(tmp_path, clock, lasts):
    rows = [f"C{n},{1 + n % 28:02}.09.2025,{n % 12:02}:{7 * n % 60:02},{8 + n % 12:02}:{11 * n % 60:02}:00,Billing" for n in range(40)]
    path = text_file(tmp_path, f"Customer ID,Call date,{lasts},{clock},Queue\n" + "\n".join(rows))
    columns = intake.propose(path).sheets[0].columns
    assert (columns[clock], columns[lasts] == "time_of_day") == ("time_of_day", False)


@pytest.mark.parametrize("header", ["Device", "Device type", "deviceCategory", "Cihaz"])
def test_a_phone_in_the_hand_is_no_call(tmp_path, header):
    rows = [f"V{n % 9},2025-03-{1 + n % 28:02} 10:00,Home page,{('Desktop', 'Phone', 'Tablet')[n % 3]}" for n in range(40)]
    path = text_file(tmp_path, f"Visitor ID,Visit time,Page,{header}\n" + "\n".join(rows))
    assert intake.propose(path).sheets[0].columns[header] == "attribute"


@pytest.mark.parametrize("header", ["Prep time", "Delivery time", "Time spent"])
def test_nothing_but_hours_after_midnight_is_how_long_something_lasts(tmp_path, header):
    for hour, role in ((0, "attribute"), (9, "time_of_day")):
        path = _sheet(tmp_path, f"Customer ID,Order date,Touchpoint,{header}",
                      lambda n, hour=hour: f"C{n},2025-03-{1 + n % 28:02},Cart,{hour + n % 3:02}:{7 * n % 60:02}")
        assert intake.propose(path).sheets[0].columns[header] == role


def test_that_every_row_is_a_complaint_is_not_said_where_a_column_says_which(tmp_path):
    path = text_file(tmp_path, "Complaint no,Customer no,Complaint date,Escalated\n" + "".join(
        f"K{n},C{n},2026-03-{n % 28 + 1:02},{('yes', 'no')[n % 2]}\n" for n in range(40)), "complaints.csv")
    plan = intake.propose(path)
    for role, said in (("attribute", True), ("is_complaint", False), ("attribute", True)):
        intake.assign(plan.sheet, "Escalated", role)
        intake.reconsider(path, plan)
        assert ("complaints" in [problem.code for problem in plan.problems]) is said


# --- who served is no place where something happened ---

@pytest.mark.parametrize(("header", "rating", "touchpoint"), [
    ("Call ID,Customer ID,Call date", "Agent rating (1-5)", "Call center"),
    ("Çağrı No,Müşteri No,Tarih", "Temsilci puanı (1-5)", "Çağrı merkezi"),
    ("Chat ID,Customer ID,Date", "Agent rating (1-5)", "Live chat"),
    ("Customer ID,Date", "Agent rating (1-5)", "Agent"),
    ("Call ID,Customer ID,Call date", "Delivery rating (1-5)", "Delivery")])
def test_a_rating_of_who_served_does_not_name_what_happened_in_the_log_of_a_service(tmp_path, header, rating, touchpoint):
    number = "" if header.startswith("Customer") else "K"
    path = _sheet(tmp_path, f"{header},{rating}", lambda i: (f"K{i}," if number else "") + (
        f"C{i},2025-03-{i % 28 + 1:02},{i % 5 + 1}"))
    plan = intake.propose(path)
    assert plan.columns[rating] == "csat"
    assert plan.constants["touchpoint"] == touchpoint
