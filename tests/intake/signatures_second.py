"""A second set: the headers of real exports of 30 tools, written down before any of them was tried (first score 90.8 % of
315 columns, 4 wrong with high confidence; then tuned on). As in tests.intake.signatures; "a|b" where a person could give
either role."""

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

_NAMES = ["Ann Lee", "Bob Ray", "Cem Uzun", "Ada Kaya"]
_ADLAR = ["Ayşe Kaya", "Mehmet Demir", "Fatma Şahin", "Can Yıldız"]
_ORDERS = [f"#10{n:02}" for n in range(60)]

SECOND: dict[str, Sheet] = {
    "qualtrics": ("survey", {
        "StartDate": (DATES, "occurred_at|attribute"), "EndDate": (DATES, "occurred_at|attribute"),
        "Status": (["IP Address", "Survey Preview"], "attribute"), "IPAddress": (["10.1.2.3", "10.1.2.9"], "ignore"),
        "Progress": (["100", "80"], "attribute"), "Duration (in seconds)": (["120", "340", "95"], "attribute"),
        "Finished": (["True", "False"], "attribute"), "RecordedDate": (DATES, "occurred_at|attribute"),
        "ResponseId": ([f"R_{n:04}xa" for n in range(60)], "record_id"),
        "RecipientEmail": (MAILS, "customer_id"), "DistributionChannel": (["anonymous", "email"], "channel"),
        "UserLanguage": (["EN", "TR"], "attribute"), "Q1_NPS": (NPS, "nps"),
        "Q1_NPS_GROUP": (["Promoter", "Passive", "Detractor"], "attribute"),
        "Q2 - Satisfaction with delivery": (FIVE, "csat"), "Q3 - Satisfaction with the website": (FIVE, "csat"),
        "Q4_TEXT": (WORDS, "comment|attribute")}),
    "typeform": ("survey", {
        "#": ([f"a{n}f3k" for n in range(60)], "record_id"),
        "How likely are you to recommend Acme to a friend or colleague?": (NPS, "nps"),
        "How satisfied are you with our *checkout*?": (FIVE, "csat"),
        "How satisfied are you with our *support*?": (FIVE, "csat"),
        "What's the main reason for your score?": (WORDS, "comment"),
        "Response Type": (["completed", "partial"], "attribute"), "Start Date (UTC)": (DATES, "occurred_at|attribute"),
        "Stage Date (UTC)": ([""], "attribute|occurred_at"), "Submit Date (UTC)": (DATES, "occurred_at"),
        "Network ID": (["0f3a", "77ab", "9c01"], "attribute"), "Tags": ([""], "attribute")}),
    "google form": ("survey", {
        "Timestamp": (DATES, "occurred_at"), "Email Address": (MAILS, "customer_id"),
        "How would you rate your overall experience with our store?": (FIVE, "csat"),
        "How easy was it to find what you were looking for?": (FIVE, "ces"),
        "How would you rate the friendliness of our staff?": (FIVE, "csat"),
        "Would you recommend us to others? (0-10)": (NPS, "nps"), "Any other feedback?": (WORDS, "comment")}),
    "google form tr": ("survey", {
        "Zaman damgası": (TR_DATES, "occurred_at"), "Adınız Soyadınız": (_ADLAR, "ignore|customer_id"),
        "Telefon numaranız": (PHONES, "customer_id"), "Bizi nereden duydunuz?": (["Instagram", "Google", "Arkadaş"],
                                                                                 "channel|attribute"),
        "Ürün kalitesinden memnuniyetiniz (1-5)": (FIVE, "csat"), "Teslimat hızından memnuniyetiniz (1-5)": (FIVE, "csat"),
        "Müşteri hizmetlerine ulaşmak kolay mıydı?": (FIVE, "ces"),
        "Markamızı bir arkadaşınıza tavsiye etme olasılığınız nedir? (0-10)": (NPS, "nps"),
        "Görüş ve önerileriniz": (YORUMLAR, "comment")}),
    "delighted": ("survey|events", {
        "Survey ID": (UNIQUE, "record_id"), "Person ID": ([f"90{n}" for n in range(40)], "customer_id|attribute"),
        "Name": (_NAMES, "ignore"), "Email": (MAILS, "customer_id|ignore"), "Score": (NPS, "nps"),
        "Comment": (WORDS, "comment"), "Survey Type": (["NPS"], "attribute"),
        "Responded At": (DATES, "occurred_at"), "Created At": (DATES, "attribute|occurred_at"),
        "Tags": (["vip", ""], "attribute"), "Property: Store": (["Berlin", "Izmir"], "attribute")}),
    "asknicely": ("survey|events", {
        "response_id": (UNIQUE, "record_id"), "name": (_NAMES, "ignore"), "email": (MAILS, "customer_id"),
        "segment": (["Gold", "Silver"], "persona|attribute"), "answer": (NPS, "nps"), "comment": (WORDS, "comment"),
        "sent": (DATES, "attribute|occurred_at"), "responded": (DATES, "occurred_at|attribute"),
        "delivery_method": (["email", "sms"], "channel")}),
    "medallia": ("survey|events", {
        "Survey ID": (UNIQUE, "record_id"), "Response Date": (DATES, "occurred_at"),
        "Customer Number": (PEOPLE, "customer_id"), "Unit Name": (["Store 12", "Store 14"], "attribute|touchpoint"),
        "Likelihood to Recommend": (NPS, "nps"), "Overall Satisfaction": (["1", "5", "7", "9", "10"], "csat"),
        "Staff Helpfulness": (["1", "5", "7", "9", "10"], "csat|attribute"),
        "Recommend Reason": (WORDS, "comment"), "Alert Status": (["Open", "Closed"], "attribute")}),
    "shopify orders": ("orders", {
        "Name": (_ORDERS, "order_id"), "Email": (MAILS, "customer_id"),
        "Financial Status": (["paid", "refunded"], "attribute"), "Paid at": (DATES, "occurred_at|attribute"),
        "Fulfillment Status": (["fulfilled", "unfulfilled"], "attribute"),
        "Fulfilled at": (LATER, "attribute|delivered_at"), "Accepts Marketing": (["yes", "no"], "attribute"),
        "Currency": (["USD"], "attribute"), "Subtotal": (AMOUNTS, "attribute"), "Shipping": (AMOUNTS, "attribute"),
        "Taxes": (AMOUNTS, "attribute"), "Total": (AMOUNTS, "revenue"), "Discount Code": (["SPRING", ""], "attribute|campaign"),
        "Created at": (DATES, "occurred_at|attribute"), "Lineitem quantity": (["1", "2"], "quantity"),
        "Lineitem name": (["Mug", "Shirt"], "attribute"), "Billing Name": (_NAMES, "ignore"),
        "Payment Method": (["Shopify Payments", "PayPal"], "attribute"), "Source": (["web", "pos"], "channel")}),
    "woocommerce orders": ("orders", {
        "Order Number": ([str(4000 + n) for n in range(60)], "order_id"), "Order Status": (["Completed", "Processing"], "attribute"),
        "Order Date": (DATES, "occurred_at"), "Customer Note": (["", "Please ring twice"], "attribute|comment"),
        "First Name (Billing)": (["Ann", "Bob"], "ignore"), "Last Name (Billing)": (["Lee", "Ray"], "ignore"),
        "Email (Billing)": (MAILS, "customer_id"), "Phone (Billing)": (PHONES, "ignore"),
        "City (Billing)": (["London", "Leeds"], "attribute"), "Payment Method Title": (["Card", "Cash"], "attribute"),
        "Cart Discount Amount": (["0", "5.00"], "attribute"), "Order Subtotal Amount": (AMOUNTS, "attribute"),
        "Order Total Amount": (AMOUNTS, "revenue"), "Quantity": (["1", "3"], "quantity")}),
    "magento orders": ("orders|events", {
        "ID": ([f"0000{n:05}" for n in range(60)], "order_id|record_id"), "Purchase Point": (["Main Website"], "channel|attribute"),
        "Purchase Date": (DATES, "occurred_at"), "Bill-to Name": (_NAMES, "ignore|customer_id"),
        "Ship-to Name": (_NAMES, "ignore"), "Grand Total (Base)": (AMOUNTS, "attribute|revenue"),
        "Grand Total (Purchased)": (AMOUNTS, "revenue|attribute"), "Status": (["Complete", "Pending"], "attribute"),
        "Customer Email": (MAILS, "customer_id"), "Customer Group": (["General", "Wholesale"], "persona")}),
    "trendyol siparis": ("orders", {
        "Barkod": ([f"8690{n:09}" for n in range(20)], "attribute"), "Paket No": ([str(70000 + n) for n in range(60)], "attribute|record_id"),
        "Kargo Firması": (["Aras", "MNG"], "attribute"), "Sipariş Tarihi": (TR_DATES, "occurred_at"),
        "Termin Süresinin Bittiği Tarih": (TR_DATES, "attribute|promised_at"),
        "Kargoya Teslim Tarihi": (TR_DATES, "attribute"), "Sipariş Numarası": ([str(10**9 + n) for n in range(60)], "order_id"),
        "Alıcı": (_ADLAR, "ignore|customer_id"), "İl": (["İzmir", "Ankara"], "attribute"), "Ürün Adı": (["Kupa", "Tişört"], "attribute"),
        "Adet": (["1", "2"], "quantity"), "Birim Fiyatı": (TR_AMOUNTS, "attribute"),
        "Satış Tutarı": (TR_AMOUNTS, "revenue"), "İndirim Tutarı": (TR_AMOUNTS, "attribute"),
        "Faturalanacak Tutar": (TR_AMOUNTS, "attribute|revenue"), "Teslim Tarihi": (TR_DATES, "delivered_at"),
        "E-Posta": (MAILS, "customer_id|ignore"), "Sipariş Statüsü": (["Teslim Edildi", "Kargoda"], "attribute")}),
    "hepsiburada siparis": ("orders", {
        "Sipariş No": ([str(5 * 10**8 + n) for n in range(60)], "order_id"), "Sipariş Tarihi": (TR_DATES, "occurred_at"),
        "Müşteri No": (PEOPLE, "customer_id"), "Ürün": (["Kulaklık", "Şarj aleti"], "attribute"),
        "Miktar": (["1", "2"], "quantity"), "Toplam Tutar (TL)": (TR_AMOUNTS, "revenue"),
        "Komisyon Tutarı (KDV Dahil)": (TR_AMOUNTS, "attribute"), "Tahmini Teslim Tarihi": (TR_DATES, "promised_at"),
        "Teslim Edilme Tarihi": (TR_DATES, "delivered_at"), "Kargo Takip No": ([f"KT{n:06}" for n in range(60)], "attribute|record_id")}),
    "hubspot contacts": ("milestones|events", {
        "Record ID": (UNIQUE, "record_id|customer_id"), "First Name": (["Ann", "Bob"], "ignore"), "Last Name": (["Lee", "Ray"], "ignore"),
        "Email": (MAILS, "customer_id"), "Phone Number": (PHONES, "ignore"), "Contact owner": (["Zoe", "Max"], "attribute"),
        "Lifecycle Stage": (["Lead", "Customer", "Subscriber"], "stage|attribute"), "Create Date": (DATES, "occurred_at|milestone|attribute"),
        "Original Traffic Source": (["Organic Search", "Paid Social"], "channel"),
        "Associated Company": (["Acme", "Umbrella"], "attribute|persona")}),
    "salesforce cases": ("events", {
        "Case Number": (UNIQUE, "record_id"), "Contact ID": (PEOPLE, "customer_id"),
        "Case Origin": (["Phone", "Email", "Web"], "channel"), "Type": (["Problem", "Question"], "attribute|touchpoint"),
        "Case Reason": (["Billing", "Delivery", "Login"], "attribute|touchpoint"), "Priority": (["High", "Low"], "attribute"),
        "Status": (["Closed", "New"], "attribute"), "Date/Time Opened": (DATES, "occurred_at"),
        "Date/Time Closed": (LATER, "attribute"), "Subject": (WORDS, "comment|attribute|touchpoint"),
        "Case Owner": (["Zoe", "Max"], "attribute")}),
    "salesforce opportunities": ("events|orders", {
        "Opportunity ID": (UNIQUE, "record_id|order_id"), "Account ID": (PEOPLE, "customer_id"),
        "Opportunity Name": (["Deal A", "Deal B"], "attribute|touchpoint"), "Stage": (["Prospecting", "Negotiation", "Closed Won"], "stage"),
        "Amount": (AMOUNTS, "revenue"), "Probability (%)": (["10", "50", "100"], "attribute"),
        "Lead Source": (["Web", "Partner Referral", "Trade Show"], "channel"), "Close Date": (LATER, "attribute|occurred_at"),
        "Created Date": (DATES, "occurred_at|attribute"), "Type": (["New Business", "Renewal"], "attribute")}),
    "zendesk tickets": ("events", {
        "ID": (UNIQUE, "record_id"), "Requester": (_NAMES, "ignore|customer_id"), "Requester id": (PEOPLE, "customer_id"),
        "Subject": (WORDS, "comment|attribute|touchpoint"), "Channel": (["Email", "Chat", "Voice"], "channel"),
        "Status": (["solved", "open"], "attribute"), "Assignee": (["Zoe", "Max"], "attribute"),
        "Created at": (DATES, "occurred_at"), "Solved at": (LATER, "attribute"),
        "First reply time (min)": (["5", "63", "240"], "wait_seconds"), "Full resolution time (hrs)": (["5", "63", "240"], "attribute"),
        "Satisfaction Score": (["Good", "Bad", "Offered"], "csat|emotion|attribute"), "Satisfaction comment": (WORDS, "comment|attribute")}),
    "freshdesk tickets": ("events", {
        "Ticket ID": (UNIQUE, "record_id"), "Subject": (WORDS, "comment|attribute|touchpoint"), "Status": (["Closed", "Open"], "attribute"),
        "Priority": (["Low", "High"], "attribute"), "Source": (["Portal", "Email", "Phone"], "channel"),
        "Type": (["Question", "Incident"], "attribute|touchpoint"), "Created time": (DATES, "occurred_at"),
        "Resolved time": (LATER, "attribute"), "First response time (in hrs)": (["00:12:10", "01:02:00", "00:00:45"], "wait_seconds"),
        "Agent interactions": (["1", "3"], "attribute"), "Survey results": (["Happy", "Unhappy", ""], "emotion|attribute|csat"),
        "Contact ID": (PEOPLE, "customer_id")}),
    "intercom conversations": ("events", {
        "Conversation ID": (UNIQUE, "record_id"), "User ID": (PEOPLE, "customer_id"), "User email": (MAILS, "ignore|customer_id"),
        "Started at": (DATES, "occurred_at"), "Channel": (["Chat", "Email"], "channel"), "Teammate": (["Zoe", "Max"], "attribute"),
        "Time to first response (seconds)": (["35", "600", "82"], "wait_seconds"),
        "Conversation rating": (FIVE, "csat"), "Conversation rating remark": (WORDS, "comment"),
        "Topic": (["Refund", "Login", "Delivery"], "touchpoint|attribute"), "Closed at": (LATER, "attribute")}),
    "genesys interactions": ("events", {
        "Conversation ID": (UNIQUE, "record_id"), "Full Export Completed": (["YES"], "attribute"),
        "Media Type": (["voice", "chat", "email"], "channel"), "Users": (["Zoe", "Max"], "attribute"),
        "Remote": (PHONES, "customer_id"), "Date": (DATES, "occurred_at"), "Duration": (["00:04:30", "00:10:02"], "attribute"),
        "Direction": (["Inbound", "Outbound"], "attribute"), "Queue": (["Billing", "Sales"], "touchpoint|attribute"),
        "Wrap-up": (["Resolved", "Callback"], "attribute"), "Total Queue Time": (["00:00:30", "00:02:11"], "wait_seconds"),
        "Abandoned": (["YES", "NO"], "attribute")}),
    "avaya calls": ("events", {
        "Call ID": (UNIQUE, "record_id"), "Calling Party": (PHONES, "customer_id"), "Dialed Number": (["4441", "4442"], "attribute"),
        "Segment Start": (DATES, "occurred_at"), "Skill": (["Support", "Billing"], "touchpoint|attribute"),
        "Queue Time": (["30", "131", "12"], "wait_seconds"), "Talk Time": (["330", "210", "95"], "attribute"),
        "Hold Time": (["0", "12"], "attribute|wait_seconds"), "Disposition": (["Answered", "Abandoned"], "attribute")}),
    "cagri merkezi": ("events", {
        "Çağrı No": (UNIQUE, "record_id"), "Arayan Numara": (PHONES, "customer_id"), "Çağrı Tarihi": (TR_DATES, "occurred_at"),
        "Kuyruk Adı": (["Fatura", "Teknik"], "touchpoint|attribute"), "Bekleme Süresi (sn)": (["30", "131", "12"], "wait_seconds"),
        "Konuşma Süresi": (["00:04:30", "00:02:10"], "attribute"), "Temsilci": (_ADLAR, "attribute|ignore"),
        "Çağrı Sonucu": (["Çözüldü", "Aktarıldı"], "attribute"), "Anket Puanı": (FIVE, "csat")}),
    "ga4 events": ("events", {
        "event_date": (["20250103", "20250210", "20250317"], "occurred_at"), "event_name": (["page_view", "add_to_cart", "purchase"], "touchpoint"),
        "user_pseudo_id": (PEOPLE, "customer_id"), "session_source": (["google", "(direct)"], "attribute|campaign|channel"),
        "session_medium": (["organic", "cpc", "email"], "channel"), "session_campaign": (["spring", "(not set)"], "campaign"),
        "device_category": (["mobile", "desktop"], "attribute|channel"), "country": (["Turkey", "Germany"], "attribute"),
        "transaction_id": (["", "T100", "T101"], "order_id"), "purchase_revenue": (["", "12.50", "99.00"], "revenue")}),
    "mailchimp activity": ("events", {
        "Email Address": (MAILS, "customer_id"), "First Name": (["Ann", "Bob"], "ignore"), "Last Name": (["Lee", "Ray"], "ignore"),
        "Campaign": (["May newsletter", "Sale"], "campaign"), "Action": (["open", "click", "unsub"], "touchpoint"),
        "Timestamp": (DATES, "occurred_at"), "URL": (["https://a.example/x", ""], "attribute"), "Member Rating": (FIVE, "attribute|csat")}),
    "klaviyo events": ("events", {
        "Event ID": (UNIQUE, "record_id"), "Event": (["Opened Email", "Placed Order", "Viewed Product"], "touchpoint"),
        "Profile ID": (PEOPLE, "customer_id"), "Event Time": (DATES, "occurred_at"), "Campaign Name": (["Sale", ""], "campaign"),
        "Value": (["", "49.90", "12.00"], "revenue|attribute")}),
    "sikayet dokumu": ("events", {
        "Şikayet ID": (UNIQUE, "record_id"), "Başvuru Tarihi": (TR_DATES, "occurred_at"), "Üye No": (PEOPLE, "customer_id"),
        "Başvuru Kanalı": (["E-posta", "Çağrı Merkezi", "Web"], "channel"), "Şikayet Konusu": (["Kargo", "İade", "Fatura"], "touchpoint|attribute"),
        "Şikayet Metni": (YORUMLAR, "comment"), "Durum": (["Açık", "Kapalı"], "attribute"), "Kapanış Tarihi": (TR_DATES, "attribute")}),
    "magaza trafik": ("events|orders", {
        "Fiş No": (UNIQUE, "order_id|record_id"), "Mağaza": (["Kadıköy", "Alsancak"], "attribute|touchpoint"),
        "Tarih": (["03.01.2025", "17.02.2025", "28.03.2025"], "occurred_at"), "Saat": (["10:15", "18:40"], "time_of_day"),
        "Kart No": (PEOPLE, "customer_id"), "Net Tutar": (TR_AMOUNTS, "revenue"), "Ürün Adedi": (["1", "4"], "quantity"),
        "Ödeme Tipi": (["Nakit", "Kredi Kartı"], "attribute")}),
    "app reviews": ("events|survey", {
        "Review ID": (UNIQUE, "record_id"), "User Name": (_NAMES, "ignore|customer_id"), "Rating": (FIVE, "csat"),
        "Review Title": (["Great", "Bad app"], "attribute|comment"), "Review": (WORDS, "comment"), "Date": (DATES, "occurred_at"),
        "App Version": (["3.1", "3.2"], "attribute"), "Store": (["App Store", "Google Play"], "channel|attribute|touchpoint")}),
    "netigate anket": ("survey", {
        "Yanıt No": (UNIQUE, "record_id"), "Tamamlanma Zamanı": (TR_DATES, "occurred_at"), "Müşteri Kodu": (PEOPLE, "customer_id"),
        "Şube": (["Bornova", "Karşıyaka"], "attribute|touchpoint"), "Genel olarak bizden ne kadar memnunsunuz?": (FIVE, "csat"),
        "Bekleme süresinden memnuniyetiniz": (FIVE, "csat"), "Personelin güler yüzlülüğü": (FIVE, "csat|attribute"),
        "İşleminizi tamamlamak ne kadar kolaydı?": (FIVE, "ces"), "0-10 arasında tavsiye puanınız": (NPS, "nps"),
        "Neden bu puanı verdiniz?": (YORUMLAR, "comment")}),
    "crm adaylar": ("milestones", {
        "Müşteri ID": ([f"M{n:03}" for n in range(60)], "customer_id"), "İlk Temas Tarihi": (DAYS, "milestone"),
        "Teklif Tarihi": (DAYS, "milestone"), "Sözleşme Tarihi": (LATER, "milestone"), "Segment": (["KOBİ", "Kurumsal"], "persona"),
        "Kaynak": (["Fuar", "Web", "Referans"], "channel"), "Satış Temsilcisi": (_ADLAR, "attribute|ignore")}),
    "web analytics sessions": ("events", {
        "Visitor ID": (PEOPLE, "customer_id"), "Session Start": (DATES, "occurred_at"), "Landing Page": (["/home", "/cart", "/p/1"], "touchpoint|attribute"),
        "Traffic Source": (["organic", "paid search", "social"], "channel"), "UTM Campaign": (["spring", ""], "campaign"),
        "Page Views": (["1", "12", "4"], "attribute"), "Session Duration": (["00:01:10", "00:04:00"], "attribute"),
        "Device": (["mobile", "desktop"], "attribute|channel"), "Converted": (["yes", "no"], "attribute")}),
}
