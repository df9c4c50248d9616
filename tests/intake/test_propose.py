"""What a sheet's columns are taken for. Each case: columns as header → (some values, the role a person would give)."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from cx import intake, open_store
from cx.errors import IntakeError
from tests.intake.files import text_file, workbook

ROWS = 60
DATES = [f"2025-{1 + n % 12:02}-{1 + n % 28:02} 1{n % 10}:05:00" for n in range(ROWS)]
TR_DATES = [f"{1 + n % 28:02}.{1 + n % 12:02}.2025 1{n % 10}:05" for n in range(ROWS)]
DAYS = [f"2025-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(ROWS)]
LATER = [f"2025-{1 + n % 12:02}-{1 + (n * 7) % 28:02}" for n in range(ROWS)]
UNIQUE = [f"R-{n:05}" for n in range(ROWS)]
PEOPLE = [f"C{100 + n % 20}" for n in range(ROWS)]
EACH = [f"C{100 + n}" for n in range(ROWS)]
EVENTS = ["home", "product_view", "add_to_cart", "checkout", "purchase"]
NPS = [str(value) for value in (9, 10, 7, 3, 8, 0, 6, 10, 5, 2, 1, 4)]
FIVE = ["5", "4", "3", "2", "1", "4", "5"]
SEVEN = ["7", "6", "5", "2", "1", "3", "4"]
AMOUNTS = ["12.50", "199.90", "1,250.00", "8.75"]
TR_AMOUNTS = ["12,50", "199,90", "1.250,00", "8,75"]
WORDS = ["Great service and quick delivery", "It took far too long", "Fine, thank you", "Never again, the parcel was broken"]
MAILS = [f"ayse{n}@example.com" for n in range(ROWS)]
PHONES = [f"+90 532 {100 + n} 45 {10 + n % 80}" for n in range(ROWS)]

CASES: dict[str, tuple[str, dict[str, tuple[list[str], str]]]] = {
    "web analytics": ("events", {
        "user_id": (PEOPLE, "customer_id"), "event_name": (EVENTS, "touchpoint"), "event_timestamp": (DATES, "occurred_at"),
        "traffic_source": (["google", "direct", "email"], "channel"), "device": (["mobile", "desktop"], "attribute"),
        "utm_campaign": (["spring", "summer"], "campaign"), "country": (["TR", "DE"], "attribute")}),
    "clickstream camel case": ("events", {
        "visitorId": (PEOPLE, "customer_id"), "pageName": (EVENTS, "touchpoint"), "createdAt": (DATES, "occurred_at"),
        "sessionId": (UNIQUE, "attribute"), "platform": (["web", "ios"], "channel")}),
    "web olayları": ("events", {
        "Müşteri No": (PEOPLE, "customer_id"), "Olay": (["ana sayfa", "sepete ekle", "ödeme"], "touchpoint"),
        "Olay Tarihi": (TR_DATES, "occurred_at"), "Kanal": (["web", "mobil uygulama"], "channel"),
        "Müşteri Segmenti": (["bireysel", "kurumsal"], "persona"), "Şehir": (["İzmir", "Muğla"], "attribute")}),
    "kullanıcı hareketleri": ("events", {
        "KULLANICI ID": (PEOPLE, "customer_id"), "İŞLEM": (["giriş", "ödeme", "iade"], "touchpoint"),
        "TARİH": (TR_DATES, "occurred_at"), "KAYNAK": (["google", "instagram"], "channel"),
        "KAMPANYA ADI": (["bahar", "yaz"], "campaign")}),
    "call centre": ("events", {
        "Call ID": (UNIQUE, "record_id"), "Customer Number": (PEOPLE, "customer_id"), "Call Date": (DATES, "occurred_at"),
        "Queue Time": (["00:04:30", "00:00:45", "00:12:10"], "wait_seconds"),
        "Interaction Type": (["billing call", "technical call"], "touchpoint"), "CSAT (1-5)": (FIVE, "csat"),
        "Agent": (["Ann", "Bob", "Cem"], "attribute")}),
    "çağrı merkezi": ("events", {
        "Müşteri Kodu": (PEOPLE, "customer_id"), "Görüşme Tarihi": (TR_DATES, "occurred_at"),
        "Bekleme Süresi (dk)": (["4", "12", "7"], "wait_seconds"), "Memnuniyet Puanı": (FIVE, "csat"),
        "İletişim Kanalı": (["telefon", "sohbet"], "channel"), "Şikayet mi?": (["Evet", "Hayır"], "is_complaint"),
        "Açıklama": (WORDS, "comment"), "Konu": (["fatura", "arıza"], "attribute")}),
    "chat export": ("events", {
        "conversation": (UNIQUE, "attribute"), "Contact ID": (PEOPLE, "customer_id"), "Started at": (DATES, "occurred_at"),
        "First response time": (["270", "45", "1200"], "wait_seconds"), "Rating": (FIVE, "csat"),
        "Feedback": (WORDS, "comment"), "Channel": (["chat", "whatsapp"], "channel")}),
    "tickets": ("events", {
        "Ticket ID": (UNIQUE, "record_id"), "Client ID": (PEOPLE, "customer_id"), "Created at": (DATES, "occurred_at"),
        "Updated at": (DATES, "attribute"), "Contact channel": (["email", "phone"], "channel"),
        "Priority": (["low", "high"], "attribute"), "Description": (WORDS, "comment"),
        "Sentiment": (["positive", "negative", "neutral"], "emotion")}),
    "shop orders": ("orders", {
        "Order ID": (UNIQUE, "order_id"), "Customer ID": (PEOPLE, "customer_id"), "Order Date": (DATES, "occurred_at"),
        "Estimated Delivery Date": (DAYS, "promised_at"), "Delivered Date": (LATER, "delivered_at"),
        "Order Total": (AMOUNTS, "revenue"), "Qty": (["1", "2", "3"], "quantity"),
        "Sales Channel": (["web", "store"], "channel"), "Payment type": (["card", "cash"], "attribute")}),
    "siparişler": ("orders", {
        "Sipariş No": (UNIQUE, "order_id"), "Müşteri Numarası": (PEOPLE, "customer_id"),
        "Sipariş Tarihi": (TR_DATES, "occurred_at"), "Tahmini Teslim Tarihi": (TR_DATES, "promised_at"),
        "Teslim Tarihi": (TR_DATES, "delivered_at"), "Sipariş Tutarı": (TR_AMOUNTS, "revenue"),
        "Adet": (["1", "2"], "quantity"), "Satış Kanalı": (["web", "mağaza"], "channel"),
        "Kargo Firması": (["A", "B"], "attribute")}),
    "orders without dates of delivery": ("orders", {
        "order_number": (UNIQUE, "order_id"), "customer": (PEOPLE, "customer_id"), "purchase_date": (DAYS, "occurred_at"),
        "amount": (AMOUNTS, "revenue")}),
    "milestones": ("milestones", {
        "customer_id": (EACH, "customer_id"), "first_visit_date": (DAYS, "milestone"), "signup_date": (LATER, "milestone"),
        "purchase_date": (LATER, "milestone"), "source": (["ads", "organic"], "channel"),
        "segment": (["small", "large"], "persona")}),
    "aşama tarihleri": ("milestones", {
        "Müşteri ID": (EACH, "customer_id"), "İlk Temas Tarihi": (TR_DATES, "milestone"),
        "Teklif Tarihi": (TR_DATES, "milestone"), "Satın Alma Tarihi": (TR_DATES, "milestone"),
        "Kaynak": (["reklam", "tavsiye"], "channel")}),
    "one milestone": ("milestones", {
        "lead_id": (EACH, "customer_id"), "first_contact_date": (DAYS, "milestone"), "origin": (["social", "email"], "channel")}),
    "survey tool": ("survey", {
        "Respondent ID": (UNIQUE, "record_id"), "Completed at": (DATES, "occurred_at"),
        "How likely are you to recommend us to a friend?": (NPS, "nps"),
        "How satisfied were you with the checkout?": (FIVE, "csat"), "How would you rate the delivery? (1-5)": (FIVE, "csat"),
        "How easy was it to find what you needed? (1-7)": (SEVEN, "ces"), "Any comments?": (WORDS, "comment"),
        "Age group": (["18-24", "25-34"], "attribute")}),
    "anket": ("survey", {
        "Zaman damgası": (TR_DATES, "occurred_at"), "Müşteri no": (PEOPLE, "customer_id"),
        "Bizi bir arkadaşınıza tavsiye eder misiniz? (0-10)": (NPS, "nps"),
        "Teslimattan ne kadar memnun kaldınız?": (FIVE, "csat"), "Ödeme adımının kolaylığı (1-7)": (SEVEN, "ces"),
        "Görüşleriniz": (WORDS, "comment")}),
    "likert survey": ("survey", {
        "Submitted at": (DATES, "occurred_at"),
        "The staff were friendly": (["Strongly agree", "Agree", "Disagree"], "csat"),
        "The store was clean": (["Agree", "Neutral", "Strongly disagree"], "csat"),
        "Region": (["North", "South"], "attribute")}),
    "matrix survey": ("survey", {
        "Date": (DAYS, "occurred_at"), "Please rate: [Website]": (FIVE, "csat"), "Please rate: [Delivery]": (FIVE, "csat"),
        "Please rate: [Support]": (FIVE, "csat")}),
    "one survey per touchpoint": ("events", {
        "Response ID": (UNIQUE, "record_id"), "Customer": (PEOPLE, "customer_id"), "Response date": (DATES, "occurred_at"),
        "Touchpoint": (["delivery", "checkout"], "touchpoint"), "NPS score": (NPS, "nps"), "CES": (SEVEN, "ces"),
        "Expectations met": (["Yes", "No"], "expectation_met"), "Verbatim": (WORDS, "comment")}),
    "nps only": ("events", {
        "Customer ID": (PEOPLE, "customer_id"), "Date": (DAYS, "occurred_at"), "NPS": (NPS, "nps"), "Comment": (WORDS, "comment")}),
    "reviews": ("events", {
        "review_id": (UNIQUE, "record_id"), "user": (PEOPLE, "customer_id"), "date": (DAYS, "occurred_at"),
        "stars": (FIVE, "csat"), "review text": (WORDS, "comment")}),
    "complaints": ("events", {
        "Complaint ID": (UNIQUE, "record_id"), "Customer ID": (PEOPLE, "customer_id"), "Date Received": (DAYS, "occurred_at"),
        "Complaint Description": (WORDS, "comment"), "Product": (["shoes", "shirts"], "attribute")}),
    "şikayetler": ("events", {
        "Şikayet No": (UNIQUE, "record_id"), "Müşteri No": (PEOPLE, "customer_id"), "Şikayet Tarihi": (TR_DATES, "occurred_at"),
        "Şikayet Metni": (WORDS, "comment"), "Başvuru Kanalı": (["telefon", "e-posta"], "channel"),
        "Ürün": (["gömlek", "mont"], "attribute")}),
    "crm activities": ("events", {
        "Account ID": (PEOPLE, "customer_id"), "Activity": (["demo", "sales call", "quote"], "touchpoint"),
        "Activity date": (DAYS, "occurred_at"), "Lifecycle stage": (["awareness", "consideration", "purchase"], "stage"),
        "Customer type": (["new", "loyal"], "persona"), "Owner": (["Ann", "Bob"], "attribute")}),
    "e-mail campaign": ("events", {
        "Email": (MAILS, "customer_id"), "Event type": (["open", "click", "unsubscribe"], "touchpoint"),
        "Timestamp": (DATES, "occurred_at"), "Campaign name": (["spring", "may"], "campaign")}),
    "phone as customer": ("events", {
        "Telefon": (PHONES, "customer_id"), "Tarih": (TR_DATES, "occurred_at"), "Temas noktası": (["arama", "mağaza"], "touchpoint"),
        "Ad Soyad": (["Ayşe Kaya", "Ali Can"], "ignore")}),
    "time of day apart": ("events", {
        "Müşteri": (PEOPLE, "customer_id"), "Tarih": ([value[:10] for value in TR_DATES], "occurred_at"),
        "Saat": (["10:05", "23:15", "09:30"], "time_of_day"), "Sayfa": (["ana sayfa", "sepet"], "touchpoint")}),
    "delays": ("events", {
        "Customer no": (PEOPLE, "customer_id"), "Date": (DAYS, "occurred_at"), "Touchpoint": (["delivery"], "touchpoint"),
        "Days late": (["0", "3", "-1"], "delay_days")}),
    "gecikmeler": ("events", {
        "Üye no": (PEOPLE, "customer_id"), "Kayıt tarihi": (TR_DATES, "occurred_at"), "Adım": (["teslimat"], "touchpoint"),
        "Gecikme (gün)": (["0", "3", "1"], "delay_days"), "Duygu": (["olumlu", "olumsuz"], "emotion"),
        "Beklenti karşılandı mı?": (["E", "H"], "expectation_met")}),
}


def written(folder, columns, delimiter=","):
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(columns)
    streams = [itertools.cycle(values) for values, _ in columns.values()]
    writer.writerows([next(stream) for stream in streams] for _ in range(ROWS))
    return text_file(folder, out.getvalue())


@pytest.mark.parametrize("name", CASES)
def test_a_sheet_is_understood(tmp_path, name):
    layout, columns = CASES[name]
    plan = intake.propose(written(tmp_path, columns))
    assert plan.columns == {header: role for header, (_, role) in columns.items()}
    assert plan.layout == layout
    assert plan.open_problems() == []
    receipt = intake.load(open_store(":memory:"), tmp_path / "file.csv", plan)
    assert (receipt.accepted + receipt.duplicates, receipt.rejected) == (ROWS, 0)


def test_a_plan_round_trips_through_json(tmp_path):
    plan = intake.propose(written(tmp_path, CASES["survey tool"][1]))
    plan.default_time = "2025-01-02"
    assert plan.default_time == dt.date(2025, 1, 2)
    again = intake.Plan.from_json(plan.to_json())
    assert again.to_json() == plan.to_json()
    assert (again.scores, again.default_time) == (plan.scores, plan.default_time)


def test_questions_become_touchpoints(tmp_path):
    plan = intake.propose(written(tmp_path, CASES["survey tool"][1]))
    assert [score.touchpoint for score in plan.scores.values()] == [None, "Checkout", "Delivery", "Find what you needed"]
    assert [score.top for score in plan.scores.values()] == [10, 5, 5, 7]
    turkish = intake.propose(written(tmp_path, CASES["anket"][1]))
    assert turkish.scores["Teslimattan ne kadar memnun kaldınız?"].touchpoint == "Teslimat"
    matrix = intake.propose(written(tmp_path, CASES["matrix survey"][1]))
    assert [score.touchpoint for score in matrix.scores.values()] == ["Website", "Delivery", "Support"]


def test_a_sheet_without_date_asks_and_loads_with_one_or_undated(tmp_path):
    path = text_file(tmp_path, "customer,touchpoint,csat\n" + "".join(f"c{n},delivery,{1 + n % 5}\n" for n in range(20)))
    store = open_store(":memory:")
    with pytest.raises(IntakeError, match="has no date"):
        intake.load(store, path)
    plan = intake.propose(path)
    plan.default_time = dt.date(2025, 3, 1)
    intake.load(store, path, plan)
    assert store.rows("SELECT DISTINCT occurred_at FROM interactions") == [(dt.datetime(2025, 3, 1),)]
    other = open_store(":memory:")
    plan = intake.propose(path)
    plan.undated = True
    receipt = intake.load(other, path, plan)
    assert other.rows("SELECT DISTINCT occurred_at FROM interactions") == [(None,)]
    assert any("no date" in str(note) for note in receipt.notes)


def test_dates_that_could_be_read_both_ways_are_asked_once(tmp_path):
    path = text_file(tmp_path, "customer,date,event\na,03/04/2025,home\nb,05/06/2025,cart\n")
    store = open_store(":memory:")
    with pytest.raises(IntakeError, match="day first or month first"):
        intake.load(store, path)
    plan = intake.propose(path)
    plan.formats["date"] = "mdy"
    intake.load(store, path, plan)
    assert store.value("SELECT min(occurred_at) FROM interactions") == dt.datetime(2025, 3, 4)
    assert intake.propose(path, language="tr").formats["date"] == "dmy"


def test_numbers_that_could_be_read_both_ways_are_asked(tmp_path):
    path = text_file(tmp_path, "customer;date;event;amount\na;2025-04-03;order;1.234\nb;2025-06-05;order;5.678\n")
    [problem] = intake.propose(path).open_problems()
    assert (problem.code, problem.column) == ("number_format", "amount")
    assert intake.propose(path, language="tr").formats["amount"] == "1.234,56"


def test_a_mapping_is_remembered_by_its_headers(tmp_path):
    store = open_store(":memory:")
    path = written(tmp_path, CASES["web analytics"][1])
    plan = intake.propose(path)
    plan.columns["country"] = "channel"
    plan.columns["traffic_source"] = "attribute"
    intake.load(store, path, plan)
    again = intake.propose(path, store=store)
    assert (again.columns, again.remembered) == (plan.columns, True)
    assert set(again.confidence.values()) == {1.0}


def test_the_preview_shows_the_interactions_a_plan_yields(tmp_path):
    path = written(tmp_path, CASES["survey tool"][1])
    shown = intake.preview(path, intake.propose(path), limit=7)
    assert len(shown) == 7
    assert {"occurred_at", "touchpoint", "csat", "sheet", "row_number"} <= set(shown.columns)


def test_orders_bring_the_order_and_its_delivery_with_the_days_it_was_late(tmp_path):
    path = text_file(tmp_path, "order no,customer no,order date,promised delivery date,delivered on,amount\n"
                     "o1,a,2025-03-01 10:00,2025-03-05,2025-03-08 09:00,10.5\n"
                     "o2,a,2025-04-01 10:00,2025-04-05,2025-04-04 09:00,20\n"
                     "o3,b,2025-04-02 10:00,2025-04-06,,30\n")
    store = open_store(":memory:")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.interactions) == (3, 5)
    assert store.rows("SELECT t.label, delay_days, revenue, order_id FROM interactions i JOIN touchpoints t "
                      "USING (touchpoint_id) ORDER BY occurred_at") == [
        ("Order", None, pytest.approx(10.5), "o1"), ("Delivery", 3, None, None), ("Order", None, 20, "o2"),
        ("Order", None, 30, "o3"), ("Delivery", -1, None, None)]


def test_a_corrected_file_replaces_what_it_corrects(tmp_path):
    store = open_store(":memory:")
    path = text_file(tmp_path, "ticket id,customer,date,event\n1,a,2025-01-01,home\n2,b,2025-01-02,cart\n")
    intake.load(store, path)
    text_file(tmp_path, "ticket id,customer,date,event\n1,a,2025-01-01,home\n2,b,2025-01-03,checkout\n")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.duplicates, receipt.replaced) == (1, 1, 1)
    assert store.rows("SELECT t.label FROM interactions JOIN touchpoints t USING (touchpoint_id) ORDER BY 1") == [
        ("checkout",), ("home",)]


def test_a_workbook_of_several_sheets_is_one_upload(tmp_path):
    head = ["customer", "date", "touchpoint"]
    path = workbook(tmp_path, {"Jan": [head, ["a", dt.date(2025, 1, 5), "home"], ["b", dt.date(2025, 1, 6), "cart"]],
                               "Feb": [head, ["a", dt.date(2025, 2, 5), "home"]],
                               "Notes": [["colour", "meaning"], ["x", "y"]]})
    store = open_store(":memory:")
    receipt = intake.load(store, path)
    assert (receipt.accepted, receipt.rows) == (3, 3)
    assert store.rows("SELECT DISTINCT sheet FROM interactions ORDER BY 1") == [("Feb",), ("Jan",)]
    assert [sheet.skip for sheet in intake.propose(path).sheets] == [False, False, True]


def test_a_sheet_of_figures_by_month_is_not_taken_for_contacts(tmp_path):
    path = text_file(tmp_path, "Month,NPS,CSAT\n" + "".join(f"2025-{n:02},{30 + n},8{n % 10}\n" for n in range(1, 13)))
    with pytest.raises(IntakeError, match="a row a period"):
        intake.load(open_store(":memory:"), path)


def test_what_came_back_is_no_order(tmp_path):
    path = text_file(tmp_path, "İade No;Sipariş No;Müşteri No;İade Tarihi;İade Tutarı\n"
                     + "".join(f"i{n};s{n};m{n % 4};{n + 1:02}.03.2025;10,5\n" for n in range(20)))
    store = open_store(":memory:")
    intake.load(store, path)
    assert store.rows("SELECT DISTINCT t.label, order_id, revenue FROM interactions JOIN touchpoints t "
                      "USING (touchpoint_id)") == [("İade", None, None)]
