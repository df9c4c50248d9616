"""A fourth set: exports of tools that are in none of the others, written down and labelled before any was tried (first
score 90.3 % of 373 columns, 3 wrong with high confidence; then its general causes were mended). As in
tests.intake.signatures; "a|b" where a person could give either role."""

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
    ROWS,
    TR_AMOUNTS,
    TR_DATES,
    WORDS,
    YORUMLAR,
    Sheet,
)

_NAMES = ["Ann Lee", "Bob Ray", "Cem Uzun", "Ada Kaya", "Joan Smith", "Ian Black", "Lea Brown"]
_ADLAR = ["Ayşe Kaya", "Mehmet Demir", "Fatma Şahin", "Can Yıldız", "Zeynep Arslan", "Emre Çelik", "Elif Aydın"]
_FIRST = ["Ann", "Bob", "Cem", "Ada", "Joan", "Ian", "Lea"]
_LAST = ["Lee", "Ray", "Uzun", "Kaya", "Smith", "Black", "Brown"]
_AGENTS = ["Zoe Hill", "Max Frey", "Tom Oak"]
_LONG = [str(118_000_000_000 + 7919 * n) for n in range(ROWS)]
_ROWS = [str(n + 1) for n in range(ROWS)]
_IPS = [f"192.0.2.{n}" for n in range(1, 40)]
_HEX = [f"{n * 2654435761 % 2**32:08x}" for n in range(1, ROWS + 1)]
_TR_DAYS = [f"{1 + n % 28:02}.{1 + n % 12:02}.2025" for n in range(ROWS)]
_TR_LATER = [f"{1 + (n * 7) % 28:02}.{1 + n % 12:02}.2025" for n in range(ROWS)]
_EPOCHS = [str(1_735_800_000 + 86_400 * n) for n in range(ROWS)]
_TEN = ["10", "9", "8.5", "7", "4", "10", "6"]
_SATISFIED = ["Very satisfied", "Satisfied", "Neither satisfied nor dissatisfied", "Dissatisfied", "Very dissatisfied"]
_EASY = ["Very easy", "Easy", "Neither easy nor difficult", "Difficult", "Very difficult"]
_MEMNUN = ["Çok memnunum", "Memnunum", "Kararsızım", "Memnun değilim", "Hiç memnun değilim"]
_YESNO = ["Yes", "No", "Yes"]
_EVET = ["Evet", "Hayır", "Evet"]

FOURTH: dict[str, Sheet] = {
    "surveymonkey all responses": ("survey", {
        "Respondent ID": (_LONG, "record_id|customer_id"), "Collector ID": (["438911200"], "attribute"), "Start Date": (DATES, "occurred_at|attribute"),
        "End Date": (LATER, "occurred_at|attribute"), "IP Address": (_IPS, "ignore|attribute"), "Email Address": (MAILS, "customer_id"),
        "First Name": (_FIRST, "ignore"), "Last Name": (_LAST, "ignore"), "Custom Data 1": (["Gold", "Basic"], "attribute|persona"),
        "How likely is it that you would recommend this company to a friend or colleague?": (NPS, "nps"),
        "Overall, how satisfied or dissatisfied are you with our company?": (_SATISFIED, "csat"),
        "How easy was it to find what you were looking for on our website?": (_EASY, "ces"),
        "How long have you been a customer of our company?": (["Less than a year", "1 to 2 years", "3 or more years"], "attribute"),
        "Do you have any other comments, questions, or concerns?": (WORDS, "comment")}),
    "zendesk explore": ("events", {
        "Ticket ID": (_ROWS, "record_id"), "Ticket created - Timestamp": (DATES, "occurred_at"), "Ticket solved - Timestamp": (LATER, "attribute"),
        "Ticket channel": (["Email", "Web", "Chat", "Phone"], "channel"), "Ticket group": (["Tier 1", "Tier 2"], "attribute|touchpoint"),
        "Assignee name": (_AGENTS, "attribute|ignore"), "Requester ID": (PEOPLE, "customer_id"), "Requester name": (_NAMES, "ignore"),
        "Ticket status": (["Solved", "Open", "Closed"], "attribute"), "Ticket satisfaction rating": (["Good", "Bad", "Unoffered"], "csat|emotion|attribute"),
        "First reply time (min)": (["12", "240", "31", ""], "wait_seconds"), "Full resolution time (min)": (["400", "1440", "60"], "attribute"),
        "Ticket satisfaction comment": (WORDS, "comment")}),
    "freshcaller": ("events", {
        "Call ID": (_LONG, "record_id"), "Caller Number": (PHONES, "customer_id"), "Direction": (["incoming", "outgoing"], "attribute"),
        "Agent Name": (_AGENTS, "attribute|ignore"), "Call Queue": (["Sales", "Billing"], "attribute|touchpoint"), "Start Time": (DATES, "occurred_at"),
        "Wait Time": (["00:00:41", "00:02:10", "00:00:05"], "wait_seconds"), "Talk Time": (["00:03:41", "00:12:10", "00:00:55"], "attribute"),
        "Call Status": (["Answered", "Missed", "Voicemail"], "attribute|touchpoint"), "Call Recording URL": (["https://example.com/r/1", "https://example.com/r/2"], "attribute|ignore")}),
    "cisco uccx": ("events", {
        "Node ID - Session ID - Sequence No.": ([f"1-{20000 + n}-0" for n in range(ROWS)], "record_id|attribute"), "Call Start Time": (DATES, "occurred_at"), "Call End Time": (LATER, "attribute"),
        "Contact Disposition": (["Handled", "Abandoned"], "attribute"), "Originator DN (Calling Number)": (PHONES, "customer_id"), "Called Number": (["4400", "4401"], "attribute"),
        "Application Name": (["IVR_Main", "IVR_Billing"], "attribute|touchpoint"), "CSQ Names": (["Billing_TR", "Tech_EN"], "attribute|touchpoint"), "Queue Time": (["0:00:12", "0:04:31"], "wait_seconds"),
        "Agent Name": (_AGENTS, "attribute|ignore"), "Ring Time": (["0:00:03", "0:00:07"], "attribute|wait_seconds"), "Talk Time": (["0:03:12", "0:08:31"], "attribute"), "Work Time": (["0:00:20", "0:00:45"], "attribute")}),
    "dynamics cases": ("events", {
        "(Do Not Modify) Case": (_HEX, "record_id|attribute"), "(Do Not Modify) Row Checksum": ([each[::-1] for each in _HEX], "attribute|record_id"), "(Do Not Modify) Modified On": (LATER, "attribute"),
        "Case Title": (["Broken heater", "Late invoice", "Wrong part"], "attribute|comment|touchpoint"), "Case Number": ([f"CAS-{n:05}-X1" for n in range(ROWS)], "record_id|attribute"),
        "Priority": (["High", "Normal"], "attribute"), "Origin": (["Phone", "Email", "Web"], "channel"), "Customer": (["Fabrikam", "Contoso", "Litware"], "customer_id|attribute"),
        "Owner": (_AGENTS, "attribute|ignore"), "Status Reason": (["In Progress", "Problem Solved"], "attribute"), "Created On": (DATES, "occurred_at"),
        "Satisfaction": (_SATISFIED, "csat")}),
    "servicenow": ("events", {
        "number": ([f"CS{n:07}" for n in range(ROWS)], "record_id"), "opened_at": (DATES, "occurred_at"), "short_description": (["VPN drops", "Cannot print", "Portal is slow today"], "comment|attribute|touchpoint"),
        "caller_id": (_NAMES, "customer_id|ignore"), "contact_type": (["phone", "email", "self-service"], "channel"), "category": (["network", "software"], "attribute|touchpoint"), "priority": (["1 - Critical", "3 - Moderate"], "attribute"),
        "state": (["Closed", "Resolved"], "attribute"), "assignment_group": (["Service Desk", "Network"], "attribute"), "closed_at": (LATER, "attribute"), "reassignment_count": (["0", "1", "3"], "attribute")}),
    "jira service management": ("events", {
        "Issue key": ([f"SUP-{n}" for n in range(ROWS)], "record_id"), "Issue id": (_LONG, "record_id|attribute"), "Summary": (["Login fails on phone", "Refund not received", "How to export"], "comment|attribute|touchpoint"),
        "Reporter": ([f"user{n % 25}" for n in range(ROWS)], "customer_id"), "Assignee": (["zoe", "max"], "attribute|ignore"), "Status": (["Done", "Waiting for customer"], "attribute"),
        "Created": (DATES, "occurred_at"), "Resolved": (LATER, "attribute"), "Custom field (Request Type)": (["Get help", "Report a bug"], "attribute|touchpoint"), "Satisfaction rating": (FIVE, "csat"),
        "Satisfaction comment": (WORDS, "comment")}),
    "square transactions": ("orders", {
        "Date": (DAYS, "occurred_at"), "Time": (["10:12:40", "14:05:11", "18:47:02"], "time_of_day"), "Time Zone": (["Eastern Time (US & Canada)"], "attribute"),
        "Gross Sales": (["$14.00", "$1,220.50", "$8.75"], "revenue|attribute"), "Discounts": (["$0.00", "-$2.00"], "attribute"), "Net Sales": (["$14.00", "$1,218.50", "$8.75"], "revenue|attribute"),
        "Tax": (["$1.20", "$90.00"], "attribute"), "Total Collected": (["$15.20", "$1,308.50", "$9.40"], "revenue|attribute"), "Source": (["Point of Sale", "Online Store"], "channel|attribute"),
        "Transaction ID": (_HEX, "order_id|record_id"), "Device Name": (["Till 1", "Till 2"], "attribute"), "Customer ID": (PEOPLE, "customer_id"), "Customer Name": (_NAMES, "ignore"), "Location": (["Soho", "Camden"], "attribute|touchpoint")}),
    "prestashop orders": ("orders", {
        "ID": (_ROWS, "record_id|order_id"), "Reference": ([f"XK{n:06}Q" for n in range(ROWS)], "order_id|record_id|attribute"), "New client": (["1", "0", "0"], "attribute"), "Delivery": (["France", "Türkiye"], "attribute"),
        "Customer": ([f"{first[0]}. {last}" for first, last in zip(_FIRST, _LAST, strict=True)], "customer_id|ignore"), "Total": (["€25.90", "€1,120.00", "€61.80"], "revenue"), "Payment": (["Bank transfer", "Credit card"], "attribute"),
        "Status": (["Payment accepted", "Shipped"], "attribute"), "Date": (DATES, "occurred_at")}),
    "ideasoft siparisler": ("orders", {
        "Sipariş Numarası": (_LONG, "order_id"), "Sipariş Tarihi": (TR_DATES, "occurred_at"), "Üye E-Posta": (MAILS, "customer_id"), "Üye Adı": (_FIRST, "ignore"), "Üye Soyadı": (_LAST, "ignore"),
        "Ödeme Tipi": (["Kredi Kartı", "Havale", "Kapıda Ödeme"], "attribute"), "Kargo Firması": (["Aras", "Yurtiçi"], "attribute"), "Kargo Tutarı": (TR_AMOUNTS, "attribute"), "Genel Toplam": (TR_AMOUNTS, "revenue"),
        "Kampanya Kodu": (["YAZ25", "HOSGELDIN"], "campaign"), "Sipariş Kaynağı": (["Web", "Mobil", "Trendyol"], "channel|attribute"), "Sipariş Notu": (["Hediye paketi olsun", "Zile basmayın lütfen", ""], "attribute|comment"), "Sipariş Durumu": (["Teslim Edildi", "İptal"], "attribute")}),
    "sendgrid activity": ("events", {
        "processed": (DATES, "occurred_at"), "message_id": (_HEX, "record_id|attribute"), "event": (["delivered", "open", "click", "bounce"], "touchpoint"), "api_key_id": (["k1"], "attribute"), "recv_message_id": ([each[::-1] for each in _HEX], "attribute|record_id"),
        "email": (MAILS, "customer_id"), "subject": (["Your parcel is on its way", "Spring sale"], "attribute|campaign|touchpoint"), "categories": (["transactional", "newsletter"], "attribute"), "reason": (["", "550 mailbox full"], "attribute|comment"), "url": (["https://example.com/a", ""], "attribute"), "originating_ip": (_IPS, "ignore|attribute")}),
    "ga4 bigquery": ("events", {
        "event_date": ([f"2025{1 + n % 12:02}{1 + n % 28:02}" for n in range(ROWS)], "occurred_at|attribute"), "event_timestamp": ([str(1_735_800_000_000_000 + 86_400_000_000 * n) for n in range(ROWS)], "occurred_at|attribute"),
        "event_name": (["page_view", "session_start", "purchase"], "touchpoint"), "user_pseudo_id": ([f"{1000000 + n % 30}.{1735800000 + n % 30}" for n in range(ROWS)], "customer_id"), "device_category": (["mobile", "desktop"], "channel|attribute"),
        "geo_country": (["Türkiye", "Germany"], "attribute"), "traffic_source_medium": (["organic", "cpc", "(none)"], "channel|attribute"), "traffic_source_source": (["google", "(direct)"], "channel|attribute"),
        "collected_traffic_source_manual_campaign_name": (["spring", "(not set)"], "campaign"), "ecommerce_purchase_revenue": (AMOUNTS, "revenue"), "ecommerce_transaction_id": ([f"T{n:05}" for n in range(ROWS)], "order_id")}),
    "mixpanel": ("events", {
        "event": (["Sign Up", "Item Viewed", "Order Placed"], "touchpoint"), "time": (_EPOCHS, "occurred_at"), "distinct_id": ([f"u-{n % 20}" for n in range(ROWS)], "customer_id"), "$browser": (["Chrome", "Safari"], "attribute"), "$city": (["Izmir", "Berlin"], "attribute"),
        "$insert_id": (_HEX, "record_id"), "mp_country_code": (["TR", "DE"], "attribute"), "utm_source": (["google", "newsletter"], "channel|attribute"), "utm_campaign": (["spring", "brand"], "campaign"), "$screen_width": (["390", "1440", "1920"], "attribute")}),
    "meta lead ads": ("events", {
        "id": ([f"l:{each}" for each in _LONG], "record_id"), "created_time": ([f"2025-{1 + n % 12:02}-{1 + n % 28:02}T1{n % 10}:05:00+03:00" for n in range(ROWS)], "occurred_at"), "ad_id": (["ag:1201", "ag:1202"], "attribute"), "ad_name": (["Video A", "Carousel B"], "attribute|campaign"),
        "campaign_name": (["TR_Leads_Mart", "TR_Leads_Nisan"], "campaign"), "form_name": (["Teklif formu"], "attribute|touchpoint"), "is_organic": (["false", "true"], "attribute"), "platform": (["fb", "ig"], "channel|attribute"), "email": (MAILS, "customer_id"), "full_name": (_NAMES, "ignore"), "phone_number": ([f"p:+90532{1000000 + n}" for n in range(ROWS)], "ignore|customer_id"),
        "lead_status": (["CREATED", "complete"], "attribute|stage")}),
    "booking reviews": ("survey", {
        "Review date": (DATES, "occurred_at"), "Guest name": (_NAMES, "ignore|customer_id"), "Reservation number": (_LONG, "order_id|record_id|customer_id"), "Review title": (["Lovely", "Not again", "Good value"], "attribute|comment"), "Positive review": (WORDS, "comment"), "Negative review": (["The room was noisy at night", "Nothing", ""], "comment|attribute"),
        "Review score": (_TEN, "csat"), "Staff": (_TEN, "csat"), "Cleanliness": (_TEN, "csat"), "Location": (_TEN, "csat"), "Facilities": (_TEN, "csat"), "Comfort": (_TEN, "csat"), "Value for money": (_TEN, "csat"), "Property reply": (["Thank you for staying with us", ""], "attribute")}),
    "tripadvisor reviews": ("survey|events", {
        "review_id": (_LONG, "record_id"), "published_date": (DAYS, "occurred_at"), "author": (_NAMES, "ignore|customer_id|attribute"), "author_location": (["London, UK", "Izmir, Türkiye"], "attribute"), "rating": (FIVE, "csat"), "title": (["Great stay", "Avoid"], "attribute|comment"), "text": (WORDS, "comment"), "trip_type": (["Couples", "Business", "Family"], "attribute|persona"),
        "stay_date": (["2025-01", "2025-02", "2025-03"], "attribute"), "helpful_votes": (["0", "2", "5"], "attribute"), "owner_response": (["Thank you so much for your review", ""], "attribute")}),
    "google play reviews": ("events|survey", {
        "Package Name": (["com.example.app"], "attribute"), "App Version Code": (["412", "420"], "attribute"), "App Version Name": (["4.1.2", "4.2.0"], "attribute"), "Reviewer Language": (["tr", "en"], "attribute"), "Device": (["a52q", "pixel 7"], "attribute"), "Review Submit Date and Time": ([each.replace(" ", "T") + "Z" for each in DATES], "occurred_at"), "Review Submit Millis Since Epoch": ([each + "000" for each in _EPOCHS], "attribute|occurred_at"),
        "Review Last Update Date and Time": ([each + "T10:00:00Z" for each in LATER], "attribute"), "Star Rating": (FIVE, "csat"), "Review Title": (["", "Super"], "attribute|comment"), "Review Text": (WORDS, "comment"), "Developer Reply Text": (["Thanks for telling us about it", ""], "attribute"), "Review Link": ([f"https://example.com/{n}" for n in range(ROWS)], "attribute|ignore|record_id")}),
    "logo fatura satirlari": ("orders", {
        "Fiş No": ([f"SF{n:08}" for n in range(ROWS)], "order_id|record_id"), "Tarih": (_TR_DAYS, "occurred_at"), "Cari Hesap Kodu": ([f"120.01.{n % 20:03}" for n in range(ROWS)], "customer_id"), "Cari Hesap Unvanı": (["Yıldız Gıda A.Ş.", "Deniz Ticaret Ltd."], "attribute|ignore"), "Malzeme Kodu": (["M-100", "M-200"], "attribute"), "Malzeme Açıklaması": (["Çelik boru 2''", "Vana"], "attribute"),
        "Miktar": (["1", "4", "12"], "quantity"), "Birim": (["ADET", "KG"], "attribute"), "Birim Fiyat": (TR_AMOUNTS, "attribute"), "Tutar": (TR_AMOUNTS, "revenue"), "Ambar": (["Merkez", "Depo 2"], "attribute"), "Satış Elemanı": (_ADLAR[:3], "attribute|ignore")}),
    "mikro satis": ("orders", {
        "Evrak Tarihi": (_TR_DAYS, "occurred_at"), "Evrak Seri": (["A"], "attribute"), "Evrak Sıra": (_ROWS, "order_id|record_id|attribute"), "Cari Kodu": (PEOPLE, "customer_id"), "Cari Adı": (["Yıldız Gıda", "Deniz Ticaret"], "attribute|ignore"), "Stok Kodu": (["S-100", "S-200"], "attribute"), "Stok Adı": (["Un 25 kg", "Şeker 50 kg"], "attribute"), "Miktar": (["1", "4", "12"], "quantity"), "Net Tutar": (TR_AMOUNTS, "revenue"), "KDV Tutarı": (TR_AMOUNTS, "attribute"),
        "Sorumluluk Merkezi": (["Ege", "Marmara"], "attribute"), "Vade Tarihi": (_TR_LATER, "attribute")}),
    "banka sube anketi": ("survey", {
        "Şube Kodu": (["0412", "0618"], "attribute"), "Şube Adı": (["Bornova", "Kadıköy"], "attribute|touchpoint"), "Müşteri No": ([str(7_000_000 + n) for n in range(ROWS)], "customer_id"), "Anket Tarihi": (TR_DATES, "occurred_at"), "Bekleme Süresi (dk)": (["4", "12", "25"], "wait_seconds"), "Gişe personelinin ilgisinden memnuniyetiniz": (FIVE, "csat"), "Şubenin fiziki koşullarından memnuniyetiniz": (FIVE, "csat"),
        "İşlemin kolaylığı": (FIVE, "ces|csat"), "Bankamızı tavsiye etme olasılığınız (0-10)": (NPS, "nps"), "Müşteri Segmenti": (["Bireysel", "KOBİ", "Özel"], "persona"), "Görüş ve önerileriniz": (YORUMLAR, "comment")}),
    "hastane memnuniyet": ("survey", {
        "Protokol No": ([f"2025{n:06}" for n in range(ROWS)], "record_id|order_id|customer_id|attribute"), "Hasta No": ([str(51_000 + n) for n in range(ROWS)], "customer_id"), "Poliklinik": (["Göz", "Dahiliye", "Ortopedi"], "attribute|touchpoint"), "Muayene Tarihi": (_TR_DAYS, "occurred_at"), "Yaş": (["34", "61", "27", "45"], "attribute"), "Cinsiyet": (["Kadın", "Erkek"], "attribute"), "Randevu alma": (_MEMNUN, "csat"), "Doktorun ilgisi": (_MEMNUN, "csat"), "Hemşirelerin yaklaşımı": (_MEMNUN, "csat"), "Temizlik": (_MEMNUN, "csat"),
        "Genel memnuniyet": (_MEMNUN, "csat"), "Hastanemizi yakınlarınıza önerir misiniz?": (_EVET, "attribute"), "Eklemek istedikleriniz": (YORUMLAR, "comment")}),
    "belediye beyaz masa": ("events", {
        "Başvuru No": ([f"BM-2025-{n:05}" for n in range(ROWS)], "record_id"), "Başvuru Tarihi": (TR_DATES, "occurred_at"), "Başvuru Şekli": (["Telefon", "Web", "Yüz yüze", "WhatsApp"], "channel"), "Başvuru Türü": (["Şikayet", "İstek", "Öneri", "Bilgi"], "attribute|touchpoint"), "Konu": (["Yol bakım", "Çöp toplama", "Park bahçe"], "touchpoint|attribute"), "İlçe": (["Bornova", "Konak"], "attribute"), "Mahalle": (["Ergene", "Alsancak"], "attribute"), "Vatandaş Adı Soyadı": (_ADLAR, "ignore|customer_id"), "Cep Telefonu": (PHONES, "customer_id|ignore"),
        "Açıklama": (["Sokak lambası günlerdir yanmıyor", "Çöpler iki gündür toplanmadı", "Teşekkür ederim, çok hızlıydınız"], "comment"), "Sorumlu Müdürlük": (["Fen İşleri", "Temizlik İşleri"], "attribute"), "Durum": (["Sonuçlandı", "İşlemde"], "attribute"), "Sonuçlanma Tarihi": (_TR_LATER, "attribute")}),
    "hubspot deals": ("events|orders|milestones", {
        "Record ID": (_LONG, "record_id"), "Deal Name": (["Acme - 50 seats", "Beta renewal"], "attribute"), "Deal Stage": (["Appointment scheduled", "Contract sent", "Closed won"], "stage"), "Close Date": (LATER, "attribute|milestone|occurred_at"), "Create Date": (DATES, "occurred_at|milestone"), "Amount": (AMOUNTS, "revenue"), "Deal owner": (_AGENTS, "attribute|ignore"), "Pipeline": (["Sales Pipeline"], "attribute"), "Original Traffic Source": (["Organic Search", "Paid Social", "Direct Traffic"], "channel"), "Associated Company IDs": (PEOPLE, "customer_id"), "Number of Sales Activities": (["3", "11", "7"], "attribute")}),
    "salesforce leads": ("events|milestones", {
        "Lead ID": ([f"00Q5{each}" for each in _HEX], "customer_id|record_id"), "First Name": (_FIRST, "ignore"), "Last Name": (_LAST, "ignore"), "Company / Account": (["Acme", "Beta"], "attribute"), "Email": (MAILS, "customer_id|ignore"), "Lead Source": (["Web", "Trade Show", "Partner Referral"], "channel"), "Lead Status": (["Open - Not Contacted", "Working - Contacted", "Closed - Converted"], "stage|attribute"), "Create Date": (DATES, "occurred_at|milestone"), "Converted Date": (LATER, "attribute|milestone"), "Rating": (["Hot", "Warm", "Cold"], "attribute"), "Industry": (["Retail", "Energy"], "attribute|persona"), "Annual Revenue": (["1000000", "25000000"], "attribute")}),
    "google forms tr magaza": ("survey", {
        "Zaman damgası": (TR_DATES, "occurred_at"), "E-posta Adresi": (MAILS, "customer_id"), "Yaş aralığınız": (["18-24", "25-34", "35-44"], "attribute|persona"), "Cinsiyetiniz": (["Kadın", "Erkek", "Belirtmek istemiyorum"], "attribute"), "Mağazamızı ne sıklıkla ziyaret ediyorsunuz?": (["Haftada bir", "Ayda bir", "Daha seyrek"], "attribute"), "Ürün çeşitliliğinden ne kadar memnunsunuz?": (FIVE, "csat"), "Personelin ilgisinden ne kadar memnunsunuz?": (FIVE, "csat"), "Kasada bekleme süresinden ne kadar memnunsunuz?": (FIVE, "csat"),
        "Mağazamızı bir arkadaşınıza önerme olasılığınız nedir? (0-10)": (NPS, "nps"), "Beklentileriniz karşılandı mı?": (["Evet", "Hayır", "Kısmen"], "expectation_met"), "Bize iletmek istedikleriniz": (YORUMLAR, "comment")}),
    "yemek siparisleri": ("orders|survey|events", {
        "Sipariş ID": (_HEX, "order_id"), "Kullanıcı ID": (PEOPLE, "customer_id"), "Restoran": (["Köfteci Ali", "Pide Evi"], "attribute|touchpoint"), "Sipariş Zamanı": (TR_DATES, "occurred_at"), "Tahmini Teslim Zamanı": (TR_DATES, "promised_at|attribute"), "Teslim Zamanı": (TR_DATES, "delivered_at|attribute"), "Sepet Tutarı": (TR_AMOUNTS, "revenue"), "Lezzet Puanı": (_TEN, "csat"), "Hız Puanı": (_TEN, "csat"), "Servis Puanı": (_TEN, "csat"), "Müşteri Yorumu": (YORUMLAR, "comment"), "İndirim Kuponu": (["JOKER10", ""], "campaign|attribute")}),
    "airline survey": ("survey", {
        "PNR": ([each[:6].upper() for each in _HEX], "order_id|record_id|customer_id|attribute"), "Frequent Flyer No": (PEOPLE, "customer_id"), "Flight No": (["TK1980", "TK1979"], "attribute|touchpoint"), "Flight Date": (DAYS, "occurred_at"), "Cabin Class": (["Economy", "Business"], "attribute|persona"), "Check-in": (FIVE, "csat"), "Boarding": (FIVE, "csat"), "Cabin crew": (FIVE, "csat"), "Food & beverage": (FIVE, "csat"), "Inflight entertainment": (FIVE, "csat"), "Overall satisfaction": (FIVE, "csat"), "Likelihood to recommend": (NPS, "nps"), "Verbatim": (WORDS, "comment")}),
    "whatsapp business log": ("events", {
        "message_id": (_HEX, "record_id"), "wa_id": ([f"90532{1000000 + n % 20}" for n in range(ROWS)], "customer_id"), "timestamp": (_EPOCHS, "occurred_at"), "direction": (["inbound", "outbound"], "attribute"), "message_type": (["text", "image", "template"], "attribute|touchpoint"), "body": (["Hello, where is my order?", "It has been shipped today", "Thank you"], "comment"), "template_name": (["order_update", ""], "attribute|campaign|touchpoint"), "agent": (["zoe", "bot"], "attribute"), "conversation_status": (["open", "closed"], "attribute")}),
    "sikayet platformu": ("events", {
        "Şikayet Kodu": (_LONG, "record_id"), "Şikayet Başlığı": (["Kargom kayboldu", "İade param yatmadı"], "attribute|comment|touchpoint"), "Şikayet İçeriği": (["Kargom iki haftadır gelmedi", "İade ettim ama param hâlâ yatmadı"], "comment"), "Şikayet Tarihi": (TR_DATES, "occurred_at"), "Kullanıcı Adı": (["ayse35", "mdemir", "fsahin"], "customer_id|ignore"), "Şehir": (["İzmir", "Ankara"], "attribute"), "Marka Cevap Süresi (saat)": (["4", "30", "72"], "wait_seconds"), "Çözüldü mü?": (_EVET, "attribute"), "Memnuniyet Puanı": (FIVE, "csat"), "Görüntülenme": (["120", "4500", "80"], "attribute")}),
    "kargo gonderileri": ("orders|events|milestones", {
        "Takip No": (_LONG, "order_id|record_id"), "Gönderici Müşteri Kodu": (PEOPLE, "customer_id|attribute"), "Alıcı Adı": (_ADLAR, "ignore|customer_id"), "Çıkış Tarihi": (TR_DATES, "occurred_at|milestone"), "Varış Şubesi": (["Bornova", "Kadıköy"], "attribute|touchpoint"), "Planlanan Teslim Tarihi": (TR_DATES, "promised_at|attribute|milestone"), "Teslim Tarihi": (TR_DATES, "delivered_at|attribute|milestone"), "Desi": (["1", "3", "7"], "attribute"), "Ücret": (TR_AMOUNTS, "revenue|attribute"), "Gönderi Durumu": (["Teslim edildi", "Yolda"], "attribute")}),
    "sigorta hasar": ("events|survey|milestones", {
        "Hasar Dosya No": ([f"HD{n:07}" for n in range(ROWS)], "record_id|order_id"), "Poliçe No": ([f"P{n % 40:07}" for n in range(ROWS)], "attribute|customer_id|order_id"), "Sigortalı No": (PEOPLE, "customer_id"), "İhbar Tarihi": (_TR_DAYS, "occurred_at|milestone"), "İhbar Kanalı": (["Acente", "Telefon", "Mobil Uygulama"], "channel"), "Ekspertiz Tarihi": (_TR_LATER, "attribute|milestone"), "Ödeme Tarihi": (_TR_LATER, "attribute|milestone"), "Tazminat Tutarı": (TR_AMOUNTS, "attribute|revenue"), "Branş": (["Kasko", "Konut"], "attribute|persona|touchpoint"), "Memnuniyet Puanı": (FIVE, "csat"), "Sigortalı Görüşü": (YORUMLAR, "comment")}),
    "hotjar feedback": ("events|survey", {
        "Number": (_ROWS, "record_id"), "User": (_HEX, "customer_id"), "Date Submitted": (DATES, "occurred_at"), "Country": (["Turkey", "Germany"], "attribute"), "Source URL": (["https://example.com/cart", "https://example.com/"], "touchpoint|attribute"), "Device": (["Phone", "Desktop"], "channel|attribute"), "Browser": (["Chrome 131", "Safari 18"], "attribute"), "OS": (["iOS", "Windows"], "attribute"), "Emotion (1-5)": (FIVE, "csat|emotion"), "Message": (WORDS, "comment"), "Window Size": (["390x844", "1440x900"], "attribute")}),
}
