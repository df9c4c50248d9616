"""Headers nobody listed, read word by word: which field they name, and which they do not."""

from __future__ import annotations

import pytest

from cx.intake.reading import bare, concepts_of, dates_event, names
from cx.model import fold


@pytest.mark.parametrize(("header", "field"), [
    ("Helpdesk ticket author ID", "customer_id"), ("SubscriberCode", "customer_id"), ("Danışan Numarası", "customer_id"),
    ("CUST_NBR", "customer_id"), ("customerid", "customer_id"),
    ("Arıza Kaydının Numarası", "record_id"), ("Chat Ref", "record_id"), ("Submission key", "record_id"),
    ("Book number", "order_id"), ("Rezervasyon Kodu", "order_id"), ("TXN_REF", "order_id"),
    ("Sipariş Kaynağı", "channel"), ("Complaint intake channel", "channel"), ("Geri Bildirim Kanalı", "channel"),
    ("Müşteri Sınıfı", "persona"), ("Guest category", "persona"), ("Hizmet Türü", "touchpoint"), ("Metric Name", "touchpoint"),
    ("Review Content", "comment"), ("Şikayetin Detayı", "comment"), ("Score comment", "comment"),
    ("Time to first agent reply (HH:mm:ss)", "wait_seconds"), ("Kuyruktaki Süre", "wait_seconds"),
    ("Initial response duration", "wait_seconds"),
    ("Toplam Satış Fiyatı", "revenue"), ("Event Value", "revenue"), ("ORD_AMT", "revenue"), ("Ürün Miktarı", "quantity")])
def test_a_header_made_of_known_words_names_its_field(header, field):
    assert names(field, fold(bare(header))) >= 0.7


@pytest.mark.parametrize(("header", "field"), [
    ("Agent ID", "customer_id"), ("Ticket Reference Id", "order_id"), ("Customer name", "customer_id"),
    ("Shipping total", "revenue"), ("Komisyon Tutarı (KDV Dahil)", "revenue"), ("Unit price", "revenue"),
    ("Average order value", "revenue"), ("Contact type", "persona"), ("Agent notes", "comment"), ("Review title", "comment"),
    ("Service level", "touchpoint"), ("Channel ID", "channel"), ("Campaign cost", "campaign"), ("Conversation duration", "wait_seconds"),
    ("Resolution time", "wait_seconds"), ("Waiting room satisfaction", "wait_seconds"), ("", "order_id"), ("Fleurk", "order_id")])
def test_a_header_that_ends_with_something_else_does_not(header, field):
    assert names(field, fold(bare(header))) == 0.0


@pytest.mark.parametrize(("event", "later"), [
    ("Created time", "Last update time"), ("Bilet Alma Zamanı", "Çağrılma Zamanı"), ("Deal created", "Won time"),
    ("SR_OPEN_DT", "SR_CLOSE_DT"), ("Talep Açılış Tarihi", "Talep Kapanış Tarihi"), ("Order date", "Paid at"),
    ("Ticket created", "First reply at"), ("purchase-date", "Customer registration date"), ("Review Date", "Agent assigned date")])
def test_of_two_times_the_one_of_the_event_is_told_from_a_later_step(event, later):
    assert dates_event(fold(event)) > dates_event(fold(later))


@pytest.mark.parametrize(("word", "concept"), [
    ("siparislerin", "order"), ("kaynagi", "channel"), ("tickets", "contact"), ("numarasi", "number"), ("talebi", "contact"),
    ("musterimizin", "person"), ("yorumlari", "comment")])
def test_cases_plurals_and_possessives_are_seen_through(word, concept):
    assert concept in concepts_of(word)


@pytest.mark.parametrize("word", ["notable", "case2go", "sumatra", "channeling", "idea"])
def test_a_word_that_only_begins_like_a_known_one_is_unknown(word):
    assert not concepts_of(word)


def test_what_stands_in_brackets_is_left_out_unless_nothing_else_is_there():
    assert [bare(header) for header in ("Price (EUR)", "[Kapı] Personel", "(123)")] == ["Price", "Personel", "(123)"]
