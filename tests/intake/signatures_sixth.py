"""A sixth set: written and labelled after what the fourth and fifth had shown was mended, to see how far that carries
(first score 91.5 % of 260 columns, 6 wrong with high confidence; then mended as well). As in
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
    SEVEN,
    TR_AMOUNTS,
    TR_DATES,
    WORDS,
    YORUMLAR,
    Sheet,
)

_NAMES = ["Ann Lee", "Bob Ray", "Cem Uzun", "Ada Kaya", "Joan Smith", "Ian Black", "Lea Brown"]
_ADLAR = ["Ayşe Kaya", "Mehmet Demir", "Fatma Şahin", "Can Yıldız", "Zeynep Arslan", "Emre Çelik", "Elif Aydın"]
_STAFF = ["Zoe Hill", "Max Frey", "Tom Oak"]
_LONG = [str(31_000_000 + 7_919 * n) for n in range(ROWS)]
_ROWS = [str(n + 1) for n in range(ROWS)]
_HEX = [f"{n * 2654435761 % 2**32:08x}" for n in range(1, ROWS + 1)]
_TR_DAYS = [f"{1 + n % 28:02}.{1 + n % 12:02}.2025" for n in range(ROWS)]
_TR_LATER = [f"{1 + (n * 7) % 28:02}.{1 + n % 12:02}.2025" for n in range(ROWS)]
_AGREE = ["Strongly agree", "Agree", "Neutral", "Disagree", "Strongly disagree"]
_MEMNUN = ["Çok memnunum", "Memnunum", "Kararsızım", "Memnun değilim"]
_YES = ["Yes", "No", "Yes"]

SIXTH: dict[str, Sheet] = {
    "talkdesk": ("events", {
        "Interaction ID": (_HEX, "record_id"), "Call Type": (["inbound", "outbound", "missed"], "attribute|touchpoint"), "Start Time": (DATES, "occurred_at"), "End Time": (LATER, "attribute"), "Talkdesk Phone Number": (["+12025550100", "+12025550101"], "attribute|ignore"), "Customer Phone Number": (PHONES, "customer_id"), "Talk Time": (["00:03:10", "00:07:45"], "attribute"), "Wait Time": (["00:00:10", "00:01:45"], "wait_seconds"), "Agent Name": (_STAFF, "attribute|ignore"), "Ring Groups": (["support", "sales"], "attribute|touchpoint"), "Csat Score": (FIVE, "csat"), "Mood": (["Good", "Bad", "Neutral"], "emotion|attribute")}),
    "ringcentral": ("events", {
        "Direction": (["Incoming", "Outgoing"], "attribute"), "Type": (["Voice", "Fax"], "attribute|channel|touchpoint"), "From": (PHONES, "customer_id|attribute|ignore"), "To": (["+12025550199"], "attribute|ignore"), "Extension": (["101 - Support", "102 - Sales"], "attribute|touchpoint"), "Date": (DAYS, "occurred_at"), "Time": (["10:12 AM", "02:15 PM"], "time_of_day|attribute"), "Action Result": (["Accepted", "Missed"], "attribute|touchpoint"), "Duration": (["0:03:11", "0:00:45"], "attribute")}),
    "drift chats": ("events", {
        "Conversation ID": (_LONG, "record_id"), "Conversation Start": (DATES, "occurred_at"), "Contact Email": (MAILS, "customer_id"), "Contact Name": (_NAMES, "ignore"), "Playbook": (["Welcome", "Pricing"], "attribute|touchpoint|campaign"), "Page URL": (["/pricing", "/docs"], "touchpoint|attribute"), "Rating": (FIVE, "csat"), "First Response (seconds)": (["12", "88", "4"], "wait_seconds|attribute"), "Participants": (_STAFF, "attribute|ignore")}),
    "front conversations": ("events", {
        "Conversation ID": (["cnv_" + each for each in _HEX], "record_id"), "Created at": (DATES, "occurred_at"), "Inbox": (["Support", "Billing"], "attribute|touchpoint"), "Channel type": (["email", "sms", "chat"], "channel"), "Contact handle": (MAILS, "customer_id"), "Assignee": (_STAFF, "attribute|ignore"), "Tags": (["refund", "bug", ""], "attribute|touchpoint"), "First response time": (["00:12:00", "01:44:00"], "wait_seconds"), "Resolution time": (["05:12:00", "25:44:00"], "attribute"), "CSAT score": (FIVE, "csat"), "CSAT comment": (WORDS, "comment")}),
    "survicate": ("survey", {
        "Response uuid": (_HEX, "record_id"), "Date & Time (UTC)": (DATES, "occurred_at"), "Visitor UUID": ([f"v{n}-{n}" for n in range(ROWS)], "customer_id"), "Device": (["Mobile", "Desktop"], "channel|attribute"), "URL": (["https://example.com/a", "https://example.com/b"], "attribute|touchpoint"), "How likely are you to recommend Acme to a friend?": (NPS, "nps"), "How easy was it to use our checkout?": (SEVEN, "ces"), "What is the main reason for your score?": (WORDS, "comment")}),
    "alchemer": ("survey", {
        "Response ID": (_ROWS, "record_id"), "Time Started": (DATES, "occurred_at|attribute"), "Date Submitted": (LATER, "occurred_at|attribute"), "Status": (["Complete", "Partial"], "attribute"), "Contact ID": (PEOPLE, "customer_id"), "Language": (["English", "Turkish"], "attribute"), "Referer": (["", "https://example.com"], "attribute|channel"), "User Agent": (["Mozilla/5.0 (X11)", "Mozilla/5.0 (iPhone)"], "attribute"), "Longitude": (["27.14", "32.85"], "attribute"), "Latitude": (["38.42", "39.93"], "attribute"), "The staff were helpful": (_AGREE, "csat"), "The website was easy to use": (_AGREE, "ces|csat"), "Overall rating": (FIVE, "csat"), "Comments": (WORDS, "comment")}),
    "zoho survey": ("survey", {
        "Response ID": (_LONG, "record_id"), "IP Address": (["192.0.2.7", "192.0.2.8"], "ignore|attribute"), "Added Time": (DATES, "occurred_at"), "Collector Name": (["Web link", "Email"], "attribute|channel"), "How was your delivery?": (FIVE, "csat"), "How was the product quality?": (FIVE, "csat"), "How was the price?": (FIVE, "csat"), "Any suggestions for us?": (WORDS, "comment"), "Your email": (MAILS, "customer_id")}),
    "monday crm deals": ("events|orders|milestones", {
        "Name": (["Acme rollout", "Beta pilot"], "attribute|ignore"), "Stage": (["New", "Discovery", "Proposal", "Won"], "stage"), "Owner": (_STAFF, "attribute|ignore"), "Deal Value": (AMOUNTS, "revenue"), "Contacts": (_NAMES, "ignore|customer_id|attribute"), "Account ID": (PEOPLE, "customer_id"), "Deal creation date": (DAYS, "occurred_at|milestone"), "Expected Close Date": (LATER, "attribute"), "Close Probability": (["20%", "80%"], "attribute"), "Item ID": (_LONG, "record_id")}),
    "magento customers orders": ("orders", {
        "increment_id": ([f"{100000000 + n}" for n in range(ROWS)], "order_id"), "created_at": (DATES, "occurred_at"), "updated_at": (LATER, "attribute"), "customer_email": (MAILS, "customer_id"), "customer_firstname": (["Ann", "Bob"], "ignore"), "customer_lastname": (["Lee", "Ray"], "ignore"), "store_name": (["Main Website", "TR Store"], "attribute|channel|touchpoint"), "status": (["complete", "processing"], "attribute"), "grand_total": (AMOUNTS, "revenue"), "shipping_amount": (AMOUNTS, "attribute"), "total_qty_ordered": (["1", "3"], "quantity"), "coupon_code": (["", "SPRING"], "campaign|attribute"), "shipping_description": (["Flat Rate", "Express"], "attribute")}),
    "wix orders": ("orders", {
        "Order number": (_LONG, "order_id"), "Date created": (DAYS, "occurred_at"), "Time": (["10:12:00", "14:15:00"], "time_of_day"), "Contact email": (MAILS, "customer_id"), "Recipient name": (_NAMES, "ignore"), "Delivery city": (["London", "Izmir"], "attribute"), "Item": (["Mug", "Poster"], "attribute"), "Qty": (["1", "2"], "quantity"), "Price": (AMOUNTS, "attribute|revenue"), "Shipping rate": (AMOUNTS, "attribute"), "Total": (AMOUNTS, "revenue"), "Payment status": (["Paid", "Unpaid"], "attribute"), "Fulfillment status": (["Fulfilled", "Not fulfilled"], "attribute")}),
    "toast pos": ("orders", {
        "Order Id": (_LONG, "order_id"), "Order #": (_ROWS, "record_id|attribute|order_id"), "Opened": (DATES, "occurred_at"), "# of Guests": (["2", "4", "1"], "attribute|quantity"), "Server": (_STAFF, "attribute|ignore"), "Table": (["12", "7", "3"], "attribute"), "Dining Options": (["Dine In", "Take Out", "Online"], "channel|attribute|touchpoint"), "Discount Amount": (["0.00", "4.00"], "attribute"), "Amount": (AMOUNTS, "revenue"), "Tip": (["2.00", "5.50"], "attribute"), "Total": (AMOUNTS, "revenue|attribute")}),
    "opentable": ("survey|events", {
        "Reservation ID": (_LONG, "order_id|record_id"), "Guest Name": (_NAMES, "ignore|customer_id"), "Guest Email": (MAILS, "customer_id"), "Visit Date": (DAYS, "occurred_at"), "Party Size": (["2", "4", "6"], "attribute|quantity"), "Overall": (FIVE, "csat"), "Food": (FIVE, "csat"), "Service": (FIVE, "csat"), "Ambience": (FIVE, "csat"), "Value": (FIVE, "csat"), "Review": (WORDS, "comment"), "Source": (["OpenTable app", "Widget"], "channel|attribute")}),
    "linkedin lead gen": ("events", {
        "Lead ID": (_HEX, "record_id|customer_id"), "Submitted At": (DATES, "occurred_at"), "Campaign Name": (["ABM Q1", "ABM Q2"], "campaign"), "Creative": (["A", "B"], "attribute"), "Form Name": (["Whitepaper", "Demo"], "attribute|touchpoint"), "First Name": (["Ann", "Bob"], "ignore"), "Last Name": (["Lee", "Ray"], "ignore"), "Work Email": (MAILS, "customer_id|ignore"), "Job Title": (["Buyer", "Head of IT"], "attribute|persona"), "Company": (["Acme", "Beta"], "attribute")}),
    "appsflyer": ("events", {
        "Event Time": (DATES, "occurred_at"), "Event Name": (["install", "af_purchase", "af_login"], "touchpoint"), "AppsFlyer ID": ([f"{1700000000000 + n % 20}-{7000000 + n % 20}" for n in range(ROWS)], "customer_id"), "Media Source": (["googleadwords_int", "organic", "Facebook Ads"], "channel"), "Campaign": (["TR_UA", "TR_RT"], "campaign"), "Event Revenue": (AMOUNTS, "revenue"), "Platform": (["ios", "android"], "channel|attribute"), "City": (["Izmir", "Ankara"], "attribute"), "Install Time": (LATER, "attribute")}),
    "parasut satis faturalari": ("orders", {
        "Fatura No": ([f"PRS2025{n:09}" for n in range(ROWS)], "order_id"), "Müşteri Ünvanı": (["Yıldız Gıda A.Ş.", "Deniz Ticaret Ltd."], "attribute|ignore|customer_id"), "VKN/TCKN": (["1234567890", "2345678901", "3456789012"], "attribute|ignore|customer_id"), "Düzenleme Tarihi": (_TR_DAYS, "occurred_at"), "Vade Tarihi": (_TR_LATER, "attribute"), "Ara Toplam": (TR_AMOUNTS, "attribute"), "Toplam KDV": (TR_AMOUNTS, "attribute"), "Genel Toplam": (TR_AMOUNTS, "revenue"), "Kalan Tutar": (TR_AMOUNTS, "attribute"), "Etiketler": (["toptan", "perakende"], "attribute|persona")}),
    "getir siparis": ("orders", {
        "Sipariş No": (_HEX, "order_id"), "Sipariş Saati": (TR_DATES, "occurred_at"), "Teslimat Saati": (TR_DATES, "delivered_at|attribute"), "Müşteri No": (PEOPLE, "customer_id"), "Şube": (["Alsancak", "Moda"], "attribute|touchpoint"), "Sepet Tutarı": (TR_AMOUNTS, "revenue"), "Kurye": (_ADLAR[:3], "attribute|ignore"), "Puan": (FIVE, "csat"), "Yorum": (YORUMLAR, "comment"), "Ödeme Yöntemi": (["Online", "Kapıda Kart"], "attribute")}),
    "alisveris sonrasi anket": ("survey", {
        "Anket ID": (_ROWS, "record_id"), "Müşteri Telefonu": (PHONES, "customer_id"), "Mağaza": (["Optimum", "Forum"], "attribute|touchpoint"), "Alışveriş Tarihi": (_TR_DAYS, "occurred_at"), "Mağaza Düzeni": (FIVE, "csat"), "Ürün Çeşitliliği": (FIVE, "csat"), "Personel İlgisi": (FIVE, "csat"), "Kasa Hızı": (FIVE, "csat"), "Fiyatlar": (FIVE, "csat"), "Tavsiye (0-10)": (NPS, "nps"), "Ek Görüş": (YORUMLAR, "comment")}),
    "site yonetimi talepleri": ("events", {
        "Talep No": (_ROWS, "record_id"), "Blok": (["A", "B"], "attribute"), "Daire": (["12", "7", "33"], "attribute"), "Sakin": (_ADLAR, "customer_id|ignore"), "Talep Konusu": (["Asansör", "Temizlik", "Otopark"], "touchpoint|attribute"), "Talep Detayı": (YORUMLAR, "comment"), "Talep Tarihi": (TR_DATES, "occurred_at"), "Kapanış Tarihi": (TR_DATES, "attribute"), "Talep Kanalı": (["Mobil Uygulama", "Telefon", "WhatsApp"], "channel"), "Memnuniyet (1-5)": (FIVE, "csat")}),
    "servis randevu": ("events|survey|orders|milestones", {
        "İş Emri No": (_LONG, "record_id|order_id"), "Plaka": ([f"35 ABC {100 + n}" for n in range(ROWS)], "customer_id|attribute"), "Müşteri Adı": (_ADLAR, "ignore|customer_id"), "Müşteri Tel": (PHONES, "customer_id|ignore"), "Giriş Tarihi": (TR_DATES, "occurred_at|milestone"), "Teslim Tarihi": (TR_DATES, "attribute|delivered_at|milestone"), "Servis Danışmanı": (_ADLAR[:3], "attribute|ignore"), "İşlem Türü": (["Periyodik bakım", "Hasar onarım"], "touchpoint|attribute"), "Toplam Tutar": (TR_AMOUNTS, "revenue"), "Danışmanın ilgisi": (FIVE, "csat|attribute"), "İşçilik kalitesi": (FIVE, "csat|attribute"), "Tavsiye eder misiniz (0-10)": (NPS, "nps")}),
    "egitim degerlendirme": ("survey", {
        "Zaman damgası": (TR_DATES, "occurred_at"), "Kurum": (["A Lisesi", "B Koleji"], "attribute"), "Eğitimin içeriği beklentimi karşıladı": (["Kesinlikle katılıyorum", "Katılıyorum", "Kararsızım", "Katılmıyorum"], "csat|expectation_met"), "Eğitmen konuya hâkimdi": (["Kesinlikle katılıyorum", "Katılıyorum", "Kararsızım", "Katılmıyorum"], "csat"), "Salon ve ikramlar yeterliydi": (["Kesinlikle katılıyorum", "Katılıyorum", "Kararsızım", "Katılmıyorum"], "csat"), "Genel memnuniyet düzeyiniz": (_MEMNUN, "csat"), "Bu eğitimi tavsiye eder misiniz? (1-10)": ([each for each in NPS if each != "0"], "nps|csat"), "Varsa eklemek istediğiniz": (YORUMLAR, "comment"), "E-posta": (MAILS, "customer_id")}),
    "ihbar hatti": ("events", {
        "Kayıt No": (_ROWS, "record_id"), "Arayan Numara": (PHONES, "customer_id"), "Arama Zamanı": (TR_DATES, "occurred_at"), "Kategori": (["Elektrik", "Su", "Yol"], "attribute|touchpoint"), "Öncelik": (["1", "2", "3"], "attribute"), "Bekleme (sn)": (["12", "60", "144"], "wait_seconds"), "Görüşme Özeti": (YORUMLAR, "comment"), "Şikayet mi?": (["E", "H"], "is_complaint"), "Operatör": (_ADLAR[:3], "attribute|ignore"), "Geri Arama": (["E", "H"], "attribute")}),
    "oracle service": ("events", {
        "SR Number": ([f"SR{n:07}" for n in range(ROWS)], "record_id"), "SR Opened Date": (DATES, "occurred_at"), "SR Closed Date": (LATER, "attribute"), "Customer Number": (PEOPLE, "customer_id"), "Customer Name": (["Fabrikam Inc", "Contoso Ltd"], "ignore|attribute"), "Product": (["Router", "Switch"], "attribute|touchpoint"), "Severity": (["1", "2", "3", "4"], "attribute"), "Channel": (["Web", "Phone"], "channel"), "Problem Summary": (["Router restarts every night", "Cannot log in to portal"], "comment|attribute"), "Survey Rating": (FIVE, "csat"), "Escalated": (["Y", "N"], "attribute|is_complaint")}),
    "chargebee invoices": ("orders", {
        "Invoice Number": (_LONG, "order_id"), "Invoice Date": (DATES, "occurred_at"), "Customer Id": (PEOPLE, "customer_id"), "Customer Email": (MAILS, "ignore|customer_id"), "Subscription Id": ([f"sub{n % 30}" for n in range(ROWS)], "attribute"), "Amount": (AMOUNTS, "revenue"), "Amount Due": (["0.00", "12.00"], "attribute"), "Status": (["Paid", "Payment Due"], "attribute"), "Paid On": (LATER, "attribute"), "Currency Code": (["EUR"], "attribute")}),
    "heap events": ("events", {
        "event_id": (_LONG, "record_id"), "user_id": ([str(55_000 + n % 15) for n in range(ROWS)], "customer_id"), "session_id": ([str(77_000 + n % 40) for n in range(ROWS)], "attribute"), "time": (DATES, "occurred_at"), "event_table_name": (["click_buy", "view_cart", "view_home"], "touchpoint|attribute"), "landing_page": (["/home", "/blog"], "attribute"), "device_type": (["Desktop", "Mobile"], "channel|attribute"), "referrer": (["google.com", ""], "channel|attribute"), "region": (["Izmir", "Bavaria"], "attribute")}),
    "churn survey": ("survey|events", {
        "Account": ([f"acct-{n}" for n in range(ROWS)], "customer_id"), "Cancelled On": (DAYS, "occurred_at"), "Plan": (["Team", "Business"], "attribute|persona"), "MRR": (AMOUNTS, "attribute|revenue"), "Reason": (["Too expensive", "Missing features", "Switched"], "attribute|comment|touchpoint"), "Tell us more": (WORDS, "comment"), "Would you recommend us? (0-10)": (NPS, "nps"), "Months active": (["3", "14", "40"], "attribute")}),
}
