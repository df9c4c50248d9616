"""Rejected rows can be mended and uploaded again; people are not stored by name."""

from __future__ import annotations

import io
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pandas as pd
import pytest

from cx import intake, open_store
from cx.intake.privacy import hide_in_text, is_national_id, personal_kind, pseudonym, workspace_key
from cx.language import language
from tests.intake.files import text_file

BAD = ("customer,date,event,amount\na,2025-01-02,home,1\n,2025-01-03,cart,2\nc,soon,cart,3\n\nd,2025-01-05,,4\n"
       "=cmd|' /C calc'!A0,32.01.2025,@SUM(1),-5\nTotal,,,15\n")


@pytest.fixture
def rejected(tmp_path):
    store = open_store(":memory:")
    receipt = intake.load(store, text_file(tmp_path, BAD, "bad.csv"))
    return store, receipt


def test_every_row_is_accepted_rejected_or_skipped_and_good_rows_are_kept(rejected):
    _, receipt = rejected
    assert (receipt.rows, receipt.accepted, receipt.rejected, receipt.skipped) == (7, 2, 3, 2)


def test_a_reject_says_sheet_row_column_value_and_what_to_do(rejected):
    _, receipt = rejected
    shown = receipt.rejects[["sheet", "row", "column", "value"]].values.tolist()
    assert shown == [["bad", 3, "customer", ""], ["bad", 4, "date", "soon"], ["bad", 7, "date", "32.01.2025"]]
    assert receipt.rejects.loc[1, "reason"] == "“soon” cannot be read as a date in this column. Write it like 2025-12-31 14:05."
    assert "tarih olarak okunamıyor" in language("tr")(receipt.rejects.loc[1, "text"])


def test_the_rejects_of_an_upload_can_be_asked_later(rejected):
    store, receipt = rejected
    later = intake.rejects(store, receipt.upload_id)
    pd.testing.assert_frame_equal(later.drop(columns="text"), receipt.rejects.drop(columns="text"))


@pytest.mark.parametrize("code", ["en", "tr"])
def test_the_workbook_of_rejects_calculates_nothing(rejected, code):
    store, receipt = rejected
    book = openpyxl.load_workbook(io.BytesIO(intake.rejects_workbook(store, receipt.upload_id, code)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.value == "=cmd|' /C calc'!A0" for cell in cells)


def test_mended_rows_load_as_they_are(rejected, tmp_path):
    store, receipt = rejected
    book = openpyxl.load_workbook(io.BytesIO(intake.rejects_workbook(store, receipt.upload_id)))
    sheet = book["bad"]
    assert [cell.value for cell in sheet[1]] == ["customer", "date", "event", "amount"]
    sheet["A2"], sheet["B3"], sheet["B4"] = "b", "2025-01-04", "2025-01-06"
    book.save(tmp_path / "mended.xlsx")
    mended = intake.load(store, tmp_path / "mended.xlsx")
    assert (mended.accepted, mended.rejected) == (3, 0)


def test_two_customers_with_one_address_in_two_spellings_are_one(tmp_path):
    store = open_store(tmp_path / "cx.duckdb")
    frame = "email,date,event,name\nAyse@Example.com,2025-01-02,home,Ayşe\nayse@example.com ,2025-01-03,cart,Ayşe\n"
    plan = intake.propose(text_file(tmp_path, frame))
    receipt = intake.load(store, tmp_path / "file.csv", plan)
    assert plan.columns["name"] == "ignore"
    [(customer,)] = store.rows("SELECT customer_id FROM customers")
    assert customer.startswith("p-")
    assert any("identifies people" in str(note) for note in receipt.notes)
    key = tmp_path / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    again = intake.load(store, tmp_path / "file.csv")
    assert again.duplicates == 2
    store.close()
    stored = (tmp_path / "cx.duckdb").read_bytes().lower()
    assert "ayşe".encode() not in stored
    assert b"ayse@example" not in stored


def test_loads_at_once_make_one_key_and_none_reads_half_of_it(tmp_path):
    store, meet = open_store(tmp_path / "cx.duckdb"), threading.Barrier(8)

    def key(_: int) -> bytes:
        meet.wait(10)
        return workspace_key(store)

    with ThreadPoolExecutor(8) as pool:
        [made] = set(pool.map(key, range(8)))
    assert len(made) == 32
    assert made == workspace_key(store)
    assert [each.name for each in tmp_path.glob("secret*")] == ["secret.key"]


def test_personal_ids_can_be_kept_when_asked(tmp_path):
    store = open_store(":memory:")
    plan = intake.propose(text_file(tmp_path, "email,date,event\na@b.com,2025-01-02,home\nc@d.com,2025-01-03,cart\n"))
    plan.pseudonymise = False
    intake.load(store, tmp_path / "file.csv", plan)
    assert sorted(store.rows("SELECT customer_id FROM customers")) == [("a@b.com",), ("c@d.com",)]


@pytest.mark.parametrize(("header", "values", "kind"), [
    ("contact", ["a@b.com", "c.d@e.org"], "email"), ("Telefon", ["0532 123 45 67", "+90 533 111 22 33"], "phone"),
    ("cep", ["5321234567", "5331112233"], "phone"), ("TC Kimlik No", ["10000000146", "19191919190"], "national_id"),
    ("card", ["4111 1111 1111 1111", "5500 0000 0000 0004"], "card"), ("Ad Soyad", ["Ayşe Kaya"], "name"),
    ("Adres", ["Cumhuriyet Cad. 5"], "address"), ("Kart No", ["4111 1111 1111 1111"], "card"), ("wa_id", ["905321234567"], "phone"),
    ("phone_number", ["p:+905321234567"], "phone"), ("source", ["192.0.2.7", "192.0.2.8"], "address"), ("ad_name", ["Video A"], None),
    ("TC Kimlik No", ["11111111111", "22222222222"], "national_id"), ("Vatandaş Adı Soyadı", ["Ayşe Kaya"], "name"),
    ("Müşteri", ["Ayşe Kaya", "Can Su"], "name"), ("Customer", ["Deniz Gıda A.Ş.", "Acme Ltd"], None), ("start", ["10:12:40"], None),
    ("customer_firstname", ["Ann"], "name"), ("customer no", ["10000000146123", "77"], None),
    ("Nick", [f"{first} Kaya" for first in ("Ayşe", "Can", "Elif", "Emre", "Onur", "John", "Mary", "Kim", "Leo", "Ozan")], "name"),
    ("Item", ["Wool Coat", "Desk Lamp", "Linen Shirt", "Tea Cup", "Sun Hat", "Bath Towel", "Floor Rug", "Wall Clock", "Note Pad",
              "Ink Pen"], None), ("Requester organization name", ["Acme", "Contoso"], None), ("Guest name(s)", ["Ayşe Kaya"], "name"),
    ("Billing Address", ["3 High Street"], "address"), ("Web address", ["https://a.example"], None),
    ("order", ["1234567890", "1234567891"], None), ("city", ["İzmir"], None), ("event name", ["home"], None),
])
def test_columns_that_identify_people_are_recognised(header, values, kind):
    assert personal_kind(header, values) == kind


@pytest.mark.parametrize(("number", "valid"), [("10000000146", True), ("10000000147", False), ("00000000000", False),
                                               ("1000000014", False)])
def test_a_national_id_has_two_check_digits(number, valid):
    assert is_national_id(number) is valid


@pytest.mark.parametrize(("told", "kept"), [
    ("Yazın: ayse.kaya@example.com.tr lütfen", "Yazın: [e-mail] lütfen"), ("Ara beni 0532 123 45 67", "Ara beni [phone]"),
    ("tel +90 (532) 123-45-67.", "tel [phone]."), ("call +44 20 7946 0958 now", "call [phone] now"), ("no: 5321234567", "no: [phone]"),
    ("TCKN 10000000146", "TCKN [id]"), ("kart 4111 1111 1111 1111 ile", "kart [card] ile"),
    ("TR33 0006 1005 1978 6457 8413 26 IBAN", "[iban] IBAN"),
    ("order 10000000147 came on 2025-12-31 14:05", "order 10000000147 came on 2025-12-31 14:05"),
    ("1.234.567,89 TL ödedim", "1.234.567,89 TL ödedim"), ("fine", "fine"),
    ("id 05321234567ab90cd ok", "id 05321234567ab90cd ok"), ("see 01234567-8901-2345-6789-012345678901 there",
                                                             "see 01234567-8901-2345-6789-012345678901 there"),
    ("x" * 100_000 + " @", "x" * 100_000 + " @"), ("barcode 4006381333931", "barcode 4006381333931"),
])
def test_addresses_and_numbers_of_people_are_masked_in_running_text(told, kept):
    assert hide_in_text(told) == kept


SECRETS = ["ayse@example.com", "0532 123 45 67", "10000000146", "4111 1111 1111 1111"]


def test_nothing_that_identifies_people_is_stored_or_comes_back_in_rejects(tmp_path):
    rows = "".join(f"c{n},2025-03-{n + 1:02},support,mail {SECRETS[0]} tel {SECRETS[1]} id {SECRETS[2]} card {SECRETS[3]},"
                   f"p{n}@example.com,see p{n}@x.org\n" for n in range(9))
    path = text_file(tmp_path, "customer,date,event,comment,email,note\n" + rows
                     + f"c9,{SECRETS[0]},support,call {SECRETS[1]},p9@example.com,{SECRETS[0]}\n")
    plan = intake.propose(path)
    plan.columns["email"] = "attribute"
    plan.columns["customer"] = "customer_id"
    store = open_store(tmp_path / "cx.duckdb")
    receipt = intake.load(store, path, plan)
    assert (receipt.accepted, receipt.rejected) == (9, 1)
    assert store.rows("SELECT DISTINCT comment FROM interactions") == [("mail [e-mail] tel [phone] id [id] card [card]",)]
    assert store.value("SELECT count(*) FROM customer_attributes WHERE value LIKE 'p-%'") == 9
    cells = receipt.rejects["cells"].iloc[0]
    assert (cells["comment"], cells["note"], cells["date"]) == ("call [phone]", "[e-mail]", "[e-mail]")
    assert not [secret for secret in SECRETS if secret in receipt.rejects.to_string()]
    assert "[e-mail]" in receipt.rejects["reason"].iloc[0]
    assert cells["email"].startswith("p-")
    assert any("texts" in str(note) for note in receipt.notes)
    store.close()
    stored = (tmp_path / "cx.duckdb").read_bytes()
    assert not [secret for secret in (*SECRETS, "@example.com", "@x.org") if secret.encode() in stored]


def test_an_admin_may_keep_texts_as_they_are(tmp_path):
    path = text_file(tmp_path, "customer,date,event,comment\n" + "".join(
        f"c{n},2025-03-0{n + 1},support,write to {SECRETS[0]} number {n}\n" for n in range(5)))
    plan = intake.propose(path)
    plan.pseudonymise = False
    store = open_store(":memory:")
    intake.load(store, path, plan)
    assert store.value("SELECT count(*) FROM interactions WHERE comment LIKE '%ayse@example.com%'") == 5


def test_a_pseudonym_depends_on_the_key_and_not_on_the_spelling():
    assert pseudonym("0532 123 45 67", "phone", b"k") == pseudonym("+90 (532) 123-4567", "phone", b"k")
    assert pseudonym("a@b.com", "email", b"k") != pseudonym("a@b.com", "email", b"other")
