"""Sheets as tools export them, with the role a person would give each column."""

from __future__ import annotations

from tests.intake.columns import (
    AMOUNTS,
    DATES,
    DAYS,
    EACH,
    EVENTS,
    FIVE,
    LATER,
    MAILS,
    NPS,
    PEOPLE,
    PHONES,
    ROWS,
    SEVEN,
    TR_AMOUNTS,
    TR_DATES,
    UNIQUE,
    WORDS,
    YORUMLAR,
    Sheet,
)

CASES: dict[str, Sheet] = {
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
    "survey tool with codes": ("events", {
        "ResponseId": (UNIQUE, "record_id"), "RecordedDate": (DATES, "occurred_at"),
        "Progress": (["100"], "attribute"), "Q1 Overall satisfaction (1-5)": (["5", "4", "99", "3", "6", "2"], "csat"),
        "Q2 Likelihood to recommend": (["10", "9", "11", "0", "7", "8"], "nps"), "Q3 Why?": (WORDS, "comment"),
        "UserLanguage": (["EN", "TR"], "attribute"), "Duration (in seconds)": (["120", "340", "95"], "attribute")}),
    "scores and dates only": ("survey", {
        "Tarih": (TR_DATES, "occurred_at"), "Teslimat puanı": (FIVE, "csat"), "Ürün puanı": (FIVE, "csat"),
        "Tavsiye (0-10)": (NPS, "nps")}),
    "agreement in Turkish": ("survey", {
        "Anket tarihi": (TR_DATES, "occurred_at"), "Üye No": (PEOPLE, "customer_id"),
        "Personel güler yüzlüydü": (["Kesinlikle katılıyorum", "Katılıyorum", "Katılmıyorum", "Kararsızım"], "csat"),
        "Mağaza temizdi": (["Katılıyorum", "Kesinlikle katılmıyorum", "Katılmıyorum"], "csat"),
        "İşlem ne kadar kolaydı?": (["Çok kolay", "Kolay", "Zor"], "ces"), "Şehir": (["Bursa", "Iğdır"], "attribute")}),
    "store visits": ("events", {
        "Loyalty card no": ([f"88{100 + n % 25}" for n in range(ROWS)], "customer_id"), "Visit date": (DAYS, "occurred_at"),
        "Store": (["Downtown", "Airport"], "attribute"), "Contact type": (["visit", "return", "click & collect"], "touchpoint"),
        "Spend": (AMOUNTS, "revenue"), "Customer category": (["new", "regular"], "persona")}),
    "marketplace orders": ("orders", {
        "order-id": (UNIQUE, "order_id"), "purchase-date": (DATES, "occurred_at"), "buyer-email": (MAILS, "customer_id"),
        "promise-date": (DAYS, "promised_at"), "delivery-date": (LATER, "delivered_at"),
        "quantity-purchased": (["1", "2", "3"], "quantity"), "item-price": (AMOUNTS, "revenue"),
        "sales-channel": (["site", "partner"], "channel"), "ship-country": (["TR", "DE"], "attribute")}),
    "crm leads": ("events", {
        "Lead ID": (PEOPLE, "customer_id"), "Lead Status": (["New", "Contacted", "Qualified"], "attribute"),
        "Lead Source": (["Web", "Fair", "Referral"], "channel"), "Activity Date": (DAYS, "occurred_at"),
        "Activity Type": (["Call", "Email", "Meeting"], "touchpoint"), "Annual Revenue": (AMOUNTS, "attribute"),
        "Industry": (["Retail", "Energy"], "attribute"), "Created By": (["Ann", "Bob"], "attribute")}),
    "müşteri görüşmeleri": ("events", {
        "Cari Kod": (PEOPLE, "customer_id"), "Görüşme Tarihi": (TR_DATES, "occurred_at"),
        "Görüşme Türü": (["ziyaret", "telefon", "çevrim içi"], "touchpoint"), "Görüşme Notu": (YORUMLAR, "comment"),
        "Müşteri Temsilcisi": (["Ece", "Can"], "attribute"), "Müşteri Tipi": (["bayi", "perakende"], "persona")}),
    "complaints with an end": ("events", {
        "Complaint ID": (UNIQUE, "record_id"), "Customer ID": (PEOPLE, "customer_id"), "Date Received": (DAYS, "occurred_at"),
        "Date Resolved": (LATER, "attribute"), "Category": (["billing", "delivery"], "attribute"),
        "Complaint Text": (WORDS, "comment"), "Channel": (["phone", "web"], "channel")}),
    "talepler": ("events", {
        "Talep No": (UNIQUE, "record_id"), "Müşteri Numarası": (PEOPLE, "customer_id"), "Açılış Tarihi": (TR_DATES, "occurred_at"),
        "Kapanış Tarihi": (TR_DATES, "attribute"), "Talep Türü": (["arıza", "bilgi", "iptal"], "touchpoint"),
        "İlk Yanıt Süresi (dk)": (["12", "45", "7"], "wait_seconds"), "Memnuniyet": (FIVE, "csat"),
        "Durum": (["açık", "kapalı"], "attribute")}),
    "live chat": ("events", {
        "Chat ID": (UNIQUE, "record_id"), "Visitor ID": (PEOPLE, "customer_id"), "Chat start time": (DATES, "occurred_at"),
        "Wait time (sec)": (["12", "40", "95"], "wait_seconds"), "Chat duration": (["00:05:10", "00:12:40"], "attribute"),
        "Rating (1-5)": (FIVE, "csat"), "Visitor comment": (WORDS, "comment"), "Department": (["Sales", "Support"], "attribute")}),
    "canlı destek": ("events", {
        "Görüşme No": (UNIQUE, "record_id"), "Kullanıcı Adı": ([f"user{n % 30}" for n in range(ROWS)], "customer_id"),
        "Başlangıç Tarihi": (TR_DATES, "occurred_at"), "Bekleme Süresi": (["00:00:30", "00:03:15", "00:11:00"], "wait_seconds"),
        "Kanal": (["web sohbet", "whatsapp"], "channel"), "Puan": (FIVE, "csat"), "Yorum": (YORUMLAR, "comment")}),
    "e-posta gönderimleri": ("events", {
        "E-posta": (MAILS, "customer_id"), "Gönderim Tarihi": (TR_DATES, "occurred_at"), "Kampanya": (["bahar", "yaz"], "campaign"),
        "Olay Türü": (["açıldı", "tıklandı", "listeden çıktı"], "touchpoint")}),
    "page views": ("events", {
        "client_id": (PEOPLE, "customer_id"), "page_title": (["Home", "Pricing", "Checkout"], "touchpoint"),
        "hit_time": (DATES, "occurred_at"), "source_medium": (["google / organic", "(direct)"], "channel"),
        "device_type": (["mobile", "tablet"], "attribute"), "time_on_page": (["30", "55", "310"], "attribute"),
        "city": (["Ankara", "Berlin"], "attribute")}),
    "site hareketleri": ("events", {
        "Ziyaretçi ID": (PEOPLE, "customer_id"), "Sayfa Adı": (["Ana sayfa", "Sepet", "Ödeme"], "touchpoint"),
        "Ziyaret Tarihi": (TR_DATES, "occurred_at"), "Trafik Kaynağı": (["organik", "reklam"], "channel"),
        "Cihaz": (["mobil", "masaüstü"], "attribute")}),
    "one customer's history": ("events", {
        "Customer No": (["C-4711"], "customer_id"), "Date": (DATES, "occurred_at"), "Touchpoint": (EVENTS, "touchpoint"),
        "Channel": (["web", "phone"], "channel")}),
    "tek müşteri": ("events", {
        "Müşteri No": (["12345"], "customer_id"), "İşlem Tarihi": (TR_DATES, "occurred_at"),
        "İşlem": (["arama", "ziyaret"], "touchpoint"), "Tutar": (TR_AMOUNTS, "revenue")}),
    "expectations and ease": ("events", {
        "Müşteri ID": (PEOPLE, "customer_id"), "Tarih": (TR_DATES, "occurred_at"), "Temas noktası": (["teslimat", "iade"], "touchpoint"),
        "Beklenti": (["Beklentimi karşıladı", "Beklentimin altında", "Beklentimin üzerinde"], "expectation_met"),
        "Kolaylık": (["Çok kolay", "Kolay", "Zor", "Çok zor"], "ces")}),
    "deals and reviews by key": ("events", {
        "Order No": (UNIQUE, "order_id"), "Review Date": (DAYS, "occurred_at"), "Review Score": (FIVE, "csat"),
        "Review Comment": (WORDS, "comment")}),
}
