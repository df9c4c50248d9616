"""Sheets held back: written before the mapping was tuned, never looked at to tune it. As in tests.intake.signatures;
"a|b" where a person could give either role."""

from __future__ import annotations

from tests.intake.columns import (
    AMOUNTS,
    DATES,
    DAYS,
    FIVE,
    LATER,
    MAILS,
    NPS,
    PEOPLE,
    PHONES,
    TR_AMOUNTS,
    TR_DATES,
    UNIQUE,
    WORDS,
    YORUMLAR,
    Sheet,
)

HELD_BACK: dict[str, Sheet] = {
    "survey tool, people named": ("survey", {
        "Respondent ID": (UNIQUE, "record_id"), "Collector ID": (["4410", "4411"], "attribute"),
        "Start Date": (DATES, "occurred_at|attribute"), "End Date": (DATES, "occurred_at|attribute"),
        "IP Address": (["10.0.0.1", "10.0.0.2"], "ignore"), "Email Address": (MAILS, "customer_id"),
        "First Name": (["Ayşe", "John", "Mehmet"], "ignore"), "Last Name": (["Kaya", "Smith", "Demir"], "ignore"),
        "How likely is it that you would recommend our company to a friend or colleague?": (NPS, "nps"),
        "Overall, how satisfied or dissatisfied are you with our company?": (
            ["Very satisfied", "Somewhat satisfied", "Very dissatisfied"], "csat"),
        "Do you have any other comments, questions, or concerns?": (WORDS, "comment")}),
    "form anketi": ("survey", {
        "Zaman damgası": (TR_DATES, "occurred_at"), "E-posta adresi": (MAILS, "customer_id"),
        "Mağazamızdan ne kadar memnunsunuz?": (FIVE, "csat"), "Personelin ilgisini değerlendirin": (FIVE, "csat"),
        "Ürün çeşitliliğini nasıl buldunuz?": (FIVE, "csat"), "Bizi çevrenize önerir misiniz?": (NPS, "nps"),
        "Eklemek istedikleriniz": (YORUMLAR, "comment")}),
    "form answers": ("survey", {
        "customer_ref": (PEOPLE, "customer_id"), "How did we do today?": (FIVE, "csat"),
        "How likely are you to recommend us to a colleague?": (NPS, "nps"),
        "What could we do better?": (WORDS, "comment"), "Submit Date (UTC)": (DATES, "occurred_at"),
        "Network ID": (UNIQUE, "attribute|record_id")}),
    "shop order export": ("orders", {
        "Id": (UNIQUE, "order_id|record_id"), "Email": (MAILS, "customer_id"),
        "Financial Status": (["paid", "pending"], "attribute"), "Paid at": (DATES, "attribute|occurred_at"),
        "Fulfillment Status": (["fulfilled", "open"], "attribute"), "Currency": (["EUR", "TRY"], "attribute"),
        "Taxes": (AMOUNTS, "attribute"), "Total": (AMOUNTS, "revenue"), "Created at": (DATES, "occurred_at|attribute"),
        "Lineitem quantity": (["1", "2", "3"], "quantity"), "Billing Name": (["Ann Lee", "Bob Ray"], "ignore"),
        "Source": (["web", "pos"], "channel"), "Order Number": ([f"#10{n}" for n in range(60)], "order_id")}),
    "help desk": ("events", {
        "Ticket ID": (UNIQUE, "record_id"), "Requester email": (MAILS, "customer_id"),
        "Subject": (["Late parcel", "Refund", "Login"], "attribute|touchpoint"), "Status": (["open", "solved"], "attribute"),
        "Created at": (DATES, "occurred_at"), "Solved at": (DATES, "attribute"), "Via": (["email", "chat"], "channel"),
        "First reply time in minutes": (["12", "45", "180"], "wait_seconds"), "Group": (["Tier 1", "Tier 2"], "attribute|persona")}),
    "crm deals": ("orders|events", {
        "Record ID": (UNIQUE, "record_id|order_id"), "Deal Name": ([f"Deal {n}" for n in range(60)], "attribute"),
        "Deal Stage": (["Qualified", "Proposal", "Closed won"], "stage"), "Create Date": (DAYS, "occurred_at"),
        "Close Date": (LATER, "attribute"), "Deal owner": (["Ann", "Bob"], "attribute"), "Amount": (AMOUNTS, "revenue"),
        "Associated Contact ID": (PEOPLE, "customer_id"), "Original Traffic Source": (["Organic", "Paid"], "channel")}),
    "çağrı kayıtları": ("events", {
        "Çağrı ID": (UNIQUE, "record_id"), "Arayan Numara": (PHONES, "customer_id"),
        "Çağrı Başlangıç Zamanı": (TR_DATES, "occurred_at"), "Kuyrukta Bekleme (sn)": (["35", "240", "12"], "wait_seconds"),
        "Konuşma Süresi (sn)": (["300", "420", "95"], "attribute"), "Temsilci": (["Deniz", "Ece"], "attribute"),
        "Çağrı Nedeni": (["fatura", "iptal", "arıza"], "attribute|touchpoint"), "CSAT": (FIVE, "csat")}),
    "conversations": ("events", {
        "Conversation ID": (UNIQUE, "record_id"), "User ID": (PEOPLE, "customer_id"), "Started at": (DATES, "occurred_at"),
        "Assigned to": (["Ann", "Bob"], "attribute"), "Conversation rating": (FIVE, "csat"),
        "Conversation rating remark": (WORDS, "comment"),
        "Time to first response (seconds)": (["30", "55", "610"], "wait_seconds"), "Source": (["web", "whatsapp"], "channel")}),
    "newsletter log": ("events", {
        "Email Address": (MAILS, "customer_id"), "Campaign Title": (["June sale", "Welcome"], "campaign"),
        "Action": (["open", "click", "bounce"], "touchpoint"), "Timestamp": (DATES, "occurred_at"),
        "URL": (["https://x.example/a", "https://x.example/b"], "attribute")}),
    "analytics table": ("events", {
        "event_date": ([day.replace("-", "") for day in DAYS], "occurred_at"), "event_name": (["page_view", "purchase"], "touchpoint"),
        "user_pseudo_id": (PEOPLE, "customer_id"), "device_category": (["mobile", "desktop"], "attribute|channel"),
        "traffic_medium": (["organic", "cpc", "email"], "channel"), "geo_country": (["Türkiye", "Germany"], "attribute")}),
    "pazaryeri siparişleri": ("orders", {
        "Sipariş Numarası": (UNIQUE, "order_id"), "Müşteri Adı": (["Ayşe Kaya", "Ali Can", "Ece Ak"], "ignore|customer_id"),
        "Sipariş Tarihi": (TR_DATES, "occurred_at"), "Teslim Edilme Tarihi": (TR_DATES, "delivered_at"),
        "Taahhüt Edilen Teslim Tarihi": (TR_DATES, "promised_at"), "Ürün Adı": (["Gömlek", "Mont"], "attribute"),
        "Adet": (["1", "2"], "quantity"), "Birim Fiyatı": (TR_AMOUNTS, "attribute"), "Fatura Tutarı": (TR_AMOUNTS, "revenue"),
        "İl": (["İzmir", "Ağrı"], "attribute")}),
    "şube işlemleri": ("events", {
        "Müşteri No": (PEOPLE, "customer_id"), "İşlem Zamanı": (TR_DATES, "occurred_at"),
        "Şube": (["Kadıköy", "Çankaya"], "attribute"), "İşlem Tipi": (["para çekme", "kredi başvurusu"], "touchpoint"),
        "Gişe Bekleme Süresi": (["00:12:30", "00:03:05"], "wait_seconds")}),
    "app reviews": ("events", {
        "Review Submit Date and Time": (DATES, "occurred_at"), "Star Rating": (FIVE, "csat"), "Review Text": (WORDS, "comment"),
        "App Version Name": (["3.1", "3.2"], "attribute"), "Device": (["a51", "px7"], "attribute|channel"),
        "Reviewer Language": (["en", "tr"], "attribute")}),
    "otel anketi": ("survey", {
        "Anket No": (UNIQUE, "record_id"), "Konaklama Tarihi": (TR_DATES, "occurred_at"), "Oda Memnuniyeti": (FIVE, "csat"),
        "Kahvaltı Memnuniyeti": (FIVE, "csat"), "Resepsiyon Memnuniyeti": (FIVE, "csat"), "Genel Memnuniyet": (FIVE, "csat"),
        "Tavsiye Skoru (0-10)": (NPS, "nps"), "Misafir Yorumu": (YORUMLAR, "comment"), "Ülke": (["TR", "DE"], "attribute")}),
    "relationship survey": ("events", {
        "MSISDN": (PHONES, "customer_id"), "Survey Sent Date": (DAYS, "attribute"), "Survey Response Date": (LATER, "occurred_at"),
        "NPS Answer": (NPS, "nps"), "NPS Category": (["Promoter", "Passive", "Detractor"], "attribute"),
        "Region": (["North", "South"], "attribute"), "Customer Segment": (["gold", "silver"], "persona")}),
}
