"""Which columns identify people, and that nothing of them is stored as it stands."""

from __future__ import annotations

import pytest

from cx import intake, open_store
from tests.intake.columns import DAYS, NPS, ROWS, UNIQUE, written

_NUMBERS = [f"+90 532 {100 + n} {10 + n} {20 + n}" for n in range(5)]  # each in twelve rows
_PEOPLE = ["Gökçe Aslıhan Tunç", "Berfin Kılıçarslan", "Tjark Oosterhuis"]


@pytest.mark.parametrize(("header", "values"), [
    *((header, _NUMBERS) for header in (
        "Ship To Phone", "Reply to phone", "Bill to phone", "Customer line phone", "Müşteri Hattı Telefon", "Our contact phone",
        "Called customer phone", "Aranan müşteri telefonu", "Destination phone")),
    ("Client Name", _PEOPLE), ("Customer Name", _PEOPLE), ("Customer Name", _PEOPLE[:1]), ("Ad Soyad", _PEOPLE[:1]),
    ("Caller", _NUMBERS), ("From", ["532 100 10 20", "532 100 10 21"]), ("ANI", ["05321001020", "05321001021"])])
def test_what_identifies_people_is_never_stored_as_it_stands(tmp_path, header, values):
    path = written(tmp_path, {"Order No": (UNIQUE, ""), "Date": (DAYS, ""), header: (values, ""), "NPS": (NPS, "")})
    store = open_store(":memory:")
    intake.load(store, path)
    kept = str([store.rows(f"SELECT * FROM {table}") for table in ("interactions", "customers", "customer_attributes")])
    assert not [value for value in values if value in kept]


def test_one_name_of_a_customer_on_all_rows_is_one_customer_by_pseudonym(tmp_path):
    store = open_store(":memory:")
    intake.load(store, written(tmp_path, {"Customer Name": (_PEOPLE[:1], ""), "Date": (DAYS, ""), "NPS": (NPS, "")}))
    assert store.rows("SELECT substr(customer_id, 1, 2), anonymous FROM customers") == [("p-", False)]


@pytest.mark.parametrize(("header", "values"), [
    ("Client Name", ["Apple Mail", "Gmail", "Outlook"]), ("Called", ["+90 212 555 00 01", "+90 212 555 00 02"])])
def test_names_of_programs_and_lines_of_the_company_identify_nobody(tmp_path, header, values):
    path = written(tmp_path, {"Customer ID": (UNIQUE, ""), "Date": (DAYS, ""), header: (values, ""), "NPS": (NPS, "")})
    assert intake.propose(path).columns[header] == "attribute"


@pytest.mark.parametrize(("header", "pattern", "role"), [
    ("From Date", "{:02}.01.2025", "occurred_at"), ("Kayıt Anı", "{:02}.01.2025", "occurred_at"),
    ("Kayıt Anı", "202501{:02}103000", "occurred_at"), ("Check-in from", "2025-01-{:02}", "occurred_at"),
    ("Valid from", "2025-01-{:02}", "attribute"), ("From", "01/{:02}/2025", "attribute"), ("Stay From", "2025-01-{:02} 10:30", "occurred_at")])
def test_dates_are_no_telephone_numbers(tmp_path, header, pattern, role):
    days = [pattern.format(n % 28 + 1) for n in range(ROWS)]
    path = written(tmp_path, {"Customer ID": (UNIQUE, ""), header: (days, ""), "NPS": (NPS, "")})
    assert intake.propose(path).columns[header] == role
