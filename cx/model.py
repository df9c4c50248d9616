"""The words of the product as values: the interaction's fields, the journey models, channels' kinds.

Everything here is declared once; intake, store, metrics and screens read it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from cx.language import Text, text

Kind = Literal["id", "time", "name", "integer", "decimal", "seconds", "flag", "emotion", "text"]


@dataclass(frozen=True)
class Field:
    """One field of an interaction, as a column of a sheet may be mapped to it.

    name      column name in `load_frame` and in plans
    kind      how its cells are read: id and name are text (name is dictionary-coded), seconds a duration
    label     what screens call it
    help      one sentence for the mapping screen
    synonyms  header words, folded (see `fold`), English and Turkish; matched whole or as a part of the header
    bounds    inclusive smallest and largest accepted value; None = unbounded on that side
    """

    name: str
    kind: Kind
    label: Text
    help: Text
    synonyms: tuple[str, ...] = ()
    bounds: tuple[float | None, float | None] = (None, None)


FIELDS: tuple[Field, ...] = (
    Field("customer_id", "id", text("Customer"), text("Who it was: a customer number, user id, e-mail or phone."),
          ("customer id", "customer", "customer no", "customer number", "user id", "user", "client id",
           "client", "member id", "member", "contact id", "visitor id", "account id", "lead id", "mql id",
           "cust id", "uid", "customer key", "customer code", "customer ref", "user no", "user number",
           "userid", "buyer id", "buyer", "guest id", "guest", "patient id", "passenger id", "subscriber id",
           "subscriber", "shopper id", "loyalty number", "loyalty card no", "card number", "membership no",
           "membership number", "person id", "client no", "client number", "account number", "account no",
           "crm id", "requester", "requester id", "caller", "contact", "profile id", "consumer id", "calling party",
           "calling pty",
           "who", "kim", "anonymous id", "distinct id", "user pseudo id", "musteri no", "musteri",
           "musteri id", "musteri numarasi", "musteri kodu", "kullanici", "kullanici id", "uye no", "uye",
           "cari kod", "cari no", "ziyaretci", "abone no", "abone", "kullanici no", "kullanici kodu",
           "kullanici adi", "uye id", "uye numarasi", "uyelik no", "ziyaretci id", "hesap no", "misafir no",
           "hasta no", "yolcu no", "arayan numara", "arayan no",
           "reporter", "shopper", "account", "username", "user name", "buyer username", "end user", "wa id", "cif",
           "cif no", "msisdn", "key id",
           "siparis veren", "sold to", "sold to party",
           "sadakat kart no", "kart no", "aday id", "aday no", "alici")),
    Field("occurred_at", "time", text("Date and time"), text("When it happened."),
          ("date", "time", "timestamp", "datetime", "date time", "occurred at", "created at", "event time",
           "event date", "event timestamp", "order date", "response date", "submitted at", "completed at",
           "date received", "start time", "received", "purchase date", "visit date", "call date", "ts",
           "started at", "opened at", "opened", "created", "created on", "created date", "creation date",
           "submitted", "submission date", "submit date", "completed", "completion date", "review date",
           "transaction date", "transaction time", "interaction date", "contact date", "recorded date",
           "start date", "date created", "ticket date", "case date", "survey date", "feedback date",
           "received at", "placed at", "invoice date", "booking date", "activity date", "visit time", "rec d", "recd",
           "hit time", "event datetime", "session start", "when", "tarih", "zaman", "saat", "tarih saat",
           "islem tarihi", "olay tarihi", "olay zamani", "siparis tarihi", "kayit tarihi", "basvuru tarihi",
           "sikayet tarihi", "anket tarihi", "yanit tarihi", "gorusme tarihi", "zaman damgasi", "tarih ve saat",
           "tarihi", "islem zamani", "olusturma tarihi", "olusturulma tarihi", "acilis tarihi", "talep tarihi",
           "ziyaret tarihi", "cagri tarihi", "arama tarihi", "satin alma tarihi", "fatura tarihi",
           "gonderim tarihi", "yorum tarihi", "etkilesim tarihi", "baslangic tarihi", "baslama zamani",
           "hareket tarihi", "alis tarihi")),
    Field("touchpoint", "name", text("Touchpoint"), text("Where it happened: a page, a call, a delivery, an event."),
          ("touchpoint", "touch point", "event", "event name", "event type", "action", "page", "page name",
           "screen", "activity", "interaction", "interaction type", "step", "activity type", "activity name",
           "action type", "event category", "screen name", "page title", "contact type", "contact reason type",
           "touchpoint name", "customer action", "journey step", "what", "funnel step", "page type",
           "request type", "visit type", "call type", "temas noktasi",
           "olay", "olay adi", "islem", "sayfa", "ekran", "etkinlik", "adim", "etkilesim", "olay turu",
           "olay tipi", "islem turu", "islem tipi", "islem adi", "sayfa adi", "ekran adi", "etkilesim turu",
           "temas", "hareket", "hareket turu", "aksiyon", "etkinlik adi", "adim adi", "gorusme turu", "talep turu",
           "talep tipi", "temas turu", "basvuru turu")),
    Field("channel", "name", text("Channel"), text("Through what: web, mobile app, e-mail, phone, store…"),
          ("channel", "source", "medium", "platform", "origin", "traffic source", "sales channel",
           "contact channel", "acquisition channel", "utm source", "channel name", "channel type",
           "channel group", "default channel grouping", "order channel", "purchase channel", "support channel",
           "service channel", "delivery method", "distribution channel", "contact method", "media type",
           "survey channel", "response channel", "referrer type", "referrer type name",
           "iletisim yontemi", "gonderim kanali",
           "lead source", "source medium", "media source", "utm medium", "via", "kanal", "kaynak",
           "satis kanali", "iletisim kanali", "basvuru kanali", "mecra", "kanal adi", "siparis kanali",
           "trafik kaynagi", "temas kanali", "edinim kanali", "gelis kanali", "hizmet kanali", "destek kanali")),
    Field("stage", "name", text("Stage"), text("The step of the journey, where the sheet names it."),
          ("stage", "journey stage", "funnel stage", "lifecycle stage", "phase", "asama", "evre",
           "yolculuk asamasi", "huni asamasi")),
    Field("persona", "name", text("Persona"), text("The customer's group: segment, persona, customer type."),
          ("persona", "segment", "customer segment", "customer type", "user segment", "customer group",
           "profile", "segment name", "persona name", "user type", "user group", "customer category", "tier",
           "loyalty tier", "membership type", "audience", "musteri segmenti", "musteri tipi", "musteri grubu",
           "profil", "kitle", "musteri turu", "musteri profili", "musteri kategorisi", "kullanici tipi",
           "kullanici grubu", "segment adi", "uyelik tipi", "hedef kitle")),
    Field("nps", "integer", text("Recommendation (0–10)"), text("“How likely are you to recommend us?”, 0 to 10."),
          ("nps", "nps score", "net promoter score", "recommend", "likelihood to recommend", "recommendation",
           "tavsiye", "tavsiye puani", "tavsiye eder misiniz", "oneri puani", "netpro", "nps rating",
           "nps value", "ltr", "would recommend", "likely to recommend", "tavsiye skoru", "nps puani",
           "nps skoru", "tavsiye etme olasiligi", "net tavsiye skoru"), (0, 10)),
    Field("csat", "decimal", text("Satisfaction"), text("A satisfaction rating, on any scale."),
          ("csat", "satisfaction", "satisfaction score", "rating", "stars", "score", "overall satisfaction",
           "review score", "csat score", "csat rating", "customer satisfaction", "star rating", "review rating",
           "satisfaction rating", "service rating", "memnuniyet", "memnuniyet puani", "puan", "degerlendirme",
           "yildiz", "memnuniyet skoru", "musteri memnuniyeti", "degerlendirme puani", "yildiz sayisi",
           "genel memnuniyet", "csat puani", "hizmet puani"), (0, 100)),
    Field("csat_max", "integer", text("Satisfaction: highest answer"), text("The top of the scale it was asked on."),
          ("csat max", "csat scale", "memnuniyet olcegi"), (2, 100)),
    Field("ces", "decimal", text("Effort"), text("How easy it was (customer effort score), high = easy."),
          ("ces", "effort", "effort score", "customer effort", "ease", "ease of use", "ces score",
           "effort rating", "ease score", "ease rating", "customer effort score", "efor", "caba", "kolaylik",
           "kolaylik puani", "efor puani", "ces puani", "ces skoru", "musteri efor skoru",
           "islem kolayligi"), (0, 100)),
    Field("ces_max", "integer", text("Effort: highest answer"), text("The top of the scale it was asked on."),
          ("ces max", "ces scale", "kolaylik olcegi"), (2, 100)),
    Field("expectation_met", "flag", text("Expectation met"), text("Whether it went as the customer expected."),
          ("expectation met", "expectations met", "met expectations", "expectation", "beklenti karsilandi",
           "beklenti", "beklentiyi karsiladi")),
    Field("emotion", "emotion", text("Emotion"), text("How it felt: negative, neutral or positive."),
          ("emotion", "sentiment", "feeling", "mood", "duygu", "his", "duygu durumu")),
    Field("comment", "text", text("Comment"), text("What the customer said, in words."),
          ("comment", "comments", "feedback", "verbatim", "review", "review text", "message", "description",
           "notes", "complaint description", "why", "reason", "free text", "open text", "customer comment",
           "comment text", "remarks", "body", "details", "complaint text", "feedback text", "survey comment",
           "review body", "review comment", "yorum", "yorumlar", "aciklama", "text", "content", "icerik", "gorus",
           "mesaj", "not", "neden",
           "sikayet aciklamasi", "sikayet metni", "yorum metni", "gorusler", "gorusleriniz", "dusunce",
           "dusunceler", "oneri", "onerileriniz", "geri bildirim", "musteri yorumu", "talep aciklamasi",
           "mesaj metni", "notlar", "detay")),
    Field("wait_seconds", "seconds", text("Waiting time"), text("How long the customer waited: 270, 04:30, 4 min."),
          ("wait", "wait seconds", "wait time", "waiting time", "queue time", "time in queue", "response time",
           "first response time", "first reply time", "reply time", "hold time", "wait duration", "waiting",
           "time to answer",
           "speed of answer", "queue duration", "hold duration", "waiting duration",
           "time to first response", "queue wait", "first response", "first reply", "wait secs", "wait minutes",
           "wait sec", "wait min", "queue wait time",
           "queue seconds", "bekleme", "bekleme suresi", "kuyruk suresi", "yanit suresi", "bekleme zamani",
           "ilk yanit suresi", "kuyrukta bekleme", "kuyrukta bekleme suresi", "hatta bekleme suresi", "cevap suresi",
           "ilk cevap suresi"),
          (0, None)),
    Field("delay_days", "integer", text("Delay in days"), text("Delivered minus promised, in days; early is negative."),
          ("delay", "delay days", "days late", "late days", "days delayed", "delivery delay", "late by days",
           "gecikme", "gecikme gun", "gecikme suresi", "gecikme gun sayisi", "teslimat gecikmesi",
           "geciken gun", "sapma gun", "sapma"),
          (-3650, 3650)),
    Field("is_complaint", "flag", text("Complaint"), text("Whether this interaction is a complaint."),
          ("complaint", "is complaint", "complained", "complaint flag", "has complaint", "complaint yes no",
           "sikayet", "sikayet mi", "sikayet var mi")),
    Field("revenue", "decimal", text("Revenue"), text("What the order was worth."),
          ("revenue", "amount", "total", "order value", "order total", "price", "value", "sales",
           "payment value", "grand total", "order amount", "total amount", "total price", "purchase amount",
           "net amount", "gross", "gross amount", "brut tutar", "gmv",
           "transaction amount", "transaction value", "paid amount", "basket value",
           "spend", "turnover", "order revenue", "tutar", "toplam", "ciro", "fiyat", "siparis tutari", "gelir",
           "odenen", "toplam tutar", "fatura tutari", "satis tutari", "odeme tutari", "sepet tutari",
           "islem tutari", "harcama", "odenen tutar", "genel toplam", "net tutar", "total paid", "amount paid",
           "deal value", "deal amount", "contract value", "paid", "net deger",
           "toplam deger", "bedel", "toplam bedel", "satis bedeli", "net sales", "total collected",
           "sale", "satis"), (None, None)),
    Field("quantity", "decimal", text("Quantity"), text("How many pieces."),
          ("quantity", "qty", "items", "units", "pieces", "item count", "number of items", "items sold", "units sold",
           "adet", "miktar", "urun adedi", "adet sayisi", "parca sayisi"), (0, None)),
    Field("order_id", "id", text("Order number"), text("The order this belongs to."),
          ("order id", "order", "order no", "order number", "order ref", "order reference", "orderid",
           "transaction id", "transaction number", "invoice", "invoice no", "invoice number", "invoice id",
           "receipt no", "booking id", "tracking no", "tracking number", "shipment id", "reference",
           "reference no", "reference id", "referans no", "takip no",
           "gonderi no", "pnr", "awb", "awb no", "waybill no",
           "consignment", "consignment no", "check no", "check id",
           "fatura belgesi", "satis belgesi", "belge no", "evrak no", "booking reference", "purchase id",
           "basket id", "reservation no",
           "siparis no", "siparis", "siparis numarasi", "fatura no", "islem no", "siparis id", "siparis kodu",
           "fis no", "fis", "rezervasyon no")),
    Field("campaign", "name", text("Campaign"), text("The campaign that brought the customer."),
          ("campaign", "campaign name", "traffic source name", "utm campaign", "campaign code", "promotion",
           "promo code", "kampanya", "kampanya adi", "kampanya kodu", "promosyon")),
    Field("record_id", "id", text("Row number of the source"), text("A number that is unique to the row."),
          ("event id", "response id", "record id", "row id", "ticket id", "complaint id", "case id",
           "respondent id", "respnum", "survey id", "call id", "chat id", "conversation id", "interaction id",
           "review id", "submission id", "feedback id", "answer id", "visit id", "incident id",
           "incident number", "ticket number", "complaint ref", "case ref", "ticket ref", "complaint number",
           "case number", "request id", "id", "ticket no", "ticket",
           "olay no", "olay id", "yanit no", "yanit id", "kayit no", "kayit id", "sikayet no", "talep no",
           "talep id", "anket no", "sira no", "cagri no", "gorusme no", "basvuru no", "yorum no", "form no",
           "ziyaret no")),
)
FIELD: dict[str, Field] = {field.name: field for field in FIELDS}


@dataclass(frozen=True)
class Stage:
    """A step of a journey model: `key` is stable (URL, database), `label` is what screens show."""

    key: str
    label: Text


STAGES: dict[str, Stage] = {stage.key: stage for stage in (
    Stage("awareness", text("Awareness")),
    Stage("consideration", text("Consideration")),
    Stage("purchase", text("Purchase")),
    Stage("retention", text("Retention")),
    Stage("advocacy", text("Advocacy")),
    Stage("engagement", text("Engagement")),
    Stage("conversion", text("Conversion")),
)}
"""The stages this product knows by name; a company may name its own."""

MODELS: dict[str, tuple[str, ...]] = {
    "five": ("awareness", "consideration", "purchase", "retention", "advocacy"),
    "four": ("awareness", "engagement", "conversion", "retention"),
}
"""The journey models that ship; stage keys in order."""

FEWEST_STAGES, MOST_STAGES = 2, 12

PURCHASES = ("purchase", "conversion")
"""Keys of the stages that conversion is counted at; a model with neither counts it at its last stage."""


def conversion_stage(stages: Sequence[str], model: Collection[str]) -> str | None:
    """The stage, of these in order, that conversion is counted at: one of PURCHASES where the model has one, else the
    last; None = none of them."""
    named = [key for key in PURCHASES if key in model]
    return next((key for key in stages if key in named), None) if named else stages[-1] if stages else None


MEDIA: dict[str, Text] = {"digital": text("Digital"), "physical": text("Physical")}
OWNERSHIP: dict[str, Text] = {"owned": text("Owned"), "earned": text("Earned"), "paid": text("Paid"),
                              "partner": text("Partner")}
PHASES: dict[str, Text] = {"before": text("Before purchase"), "during": text("During purchase"),
                           "after": text("After purchase")}
EMOTIONS: dict[int, Text] = {-1: text("Negative"), 0: text("Neutral"), 1: text("Positive")}
EMOTION_SOURCES: dict[str, Text] = {
    "given": text("given in the file"), "csat": text("satisfaction"), "nps": text("recommendation"),
    "ces": text("effort"), "expectation": text("expectation"), "complaint": text("complaint"),
    "comment": text("comment"),
}
"""Where an interaction's emotion comes from, in order of precedence."""

MARKS = frozenset({"x", "✓", "✔", "☑", "☒", "✅"})
"""What ticks a box."""

YES = MARKS | {"yes", "y", "true", "t", "1", "1 0", "evet", "e", "dogru", "var", "on", "done"}
NO = frozenset({"no", "n", "false", "f", "0", "0 0", "hayir", "h", "yanlis", "yok", "off", "none", "☐", "✗", "✘", "❌"})
"""Cells that say yes or no, folded (see `fold`)."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SPACE = re.compile(r"[\s_\-./\\:;,|()\[\]{}?!*#\"'’`“”–—]+")
_TO_I = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


def clean_name(value: str) -> str:
    """A name as shown: NFC, invisible characters dropped, white space collapsed and trimmed."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", value)).split())


def name_key(value: str) -> str:
    """What makes two spellings of a persona, channel or touchpoint one: case (dotless-i-safe) and white space.

    Accents and punctuation still tell names apart (`C++` is not `C`).
    """
    folded = clean_name(value).translate(_TO_I).casefold()
    return unicodedata.normalize("NFC", folded)


_CAMEL = re.compile(r"(?<=[a-zçğıöşü])(?=[A-ZÇĞİÖŞÜ])|(?<=[A-Z])(?=[A-Z][a-z]{2})")


def fold(value: str) -> str:
    """A header or keyword for comparison: lower case, no accents, one space for punctuation."""
    if value.isascii():
        return _SPACE.sub(" ", _CAMEL.sub(" ", value).lower()).strip()
    decomposed = unicodedata.normalize("NFKD", name_key(_CAMEL.sub(" ", value)))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _SPACE.sub(" ", letters.replace("ı", "i")).strip()
