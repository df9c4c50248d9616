"""What the values of a column say about the field its header names: whether they can be of it, and whether they bear it
out where the header alone could mean something else."""

from __future__ import annotations

import re

from cx.intake.phrases import alike
from cx.intake.profile import Profile
from cx.intake.reading import last_concepts, read_header
from cx.model import MODELS, Field
from cx.store.guesses import guess_channel, guess_stage, is_channel

FIVE = {key: key for key in MODELS["five"]}
TIME_WORDS = {"date", "time", "timestamp", "datetime", "on", "at", "tarih", "tarihi", "zaman", "zamani", "saat",
              "saati", "gun", "gunu", "day"}
VAGUE = 0.78
"""The most a header that can mean several things is worth while the values do not bear one of them out."""
_FEELS = re.compile(r"\b(?:satisf\w*|memnun\w*)\b")
_PLACE = re.compile(r"\b(?:touch ?point|temas noktasi)\b")
_COSTS = re.compile(r"\b(?:costs?|fees?|expenses?|commission|charges?|maliyet\w*|gider\w*|masraf\w*|komisyon\w*|"
                    r"kesinti\w*)\b")
_VISITOR = re.compile(r"^\d{5,}\.\d{8,}$")  # a web analytics tool's number of a browser, and no decimal
_MASKED = re.compile(r"\d[\s-]*[*xX•]{4}|[*xX•]{4}[\s-]*\d{2}")
_SPACE = re.compile(r"\s|://")
_CODED = re.compile(r"\d.*\d")
_LINK = re.compile(r"^https?://", re.IGNORECASE)
_CLOCK = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?$")
_DIRECTIONS = {"inbound", "outbound", "incoming", "outgoing", "internal", "in", "out", "gelen", "giden", "ic", "dis",
               "received", "sent", "missed", "answered", "abandoned", "cevaplandi", "cevapsiz", "kacan", "kacirildi"}
"""Which way a contact went and whether somebody took it: not where it happened."""
OPINION = re.compile(r"\b(?:metin|metni|icerik|icerigi|text|content|verbatim|narrative|iletmek|yazmak|soylemek|"
                     r"paylasmak|istedi\w*|detay\w*|ozet\w*|summary|dilek\w*|not(?:un?|unuz|lari)|open ended|"
                     r"acik uclu)\b|\bnotu?$")
_REPLIES = re.compile(r"\b(?:repl(?:y|ies)|responses?|developer|owner|property|agents?|internal|status|title|subject|"
                      r"template|product|item|campaign|address|headline|durum|durumu|cevabi|yaniti|cevap|yanit|marka|"
                      r"urun|baslik|basligi|adres|adresi|kampanya|calls?)\b")
"""Texts that are not what the customer said."""
_OF_A_SURVEY = re.compile(r"\b(?:survey|anket|follow up|takip) (?:response|answer|yaniti|cevabi)\b|"
                           r"\b(?:open ended response|acik uclu yanit)\b")
_MEANS_SEVERAL: dict[str, set[str]] = {
    "touchpoint": {"action", "activity", "activity type", "action type", "contact type", "request type", "visit type",
                   "call type", "interaction type", "what", "event category", "contact reason type", "customer action",
                   "islem", "islem turu", "islem tipi", "hareket", "hareket turu", "aksiyon", "gorusme turu",
                   "talep turu", "talep tipi", "temas turu", "basvuru turu"},
    "customer_id": {"account", "user", "member", "contact", "who", "client", "guest", "caller", "kullanici", "uye",
                    "alici", "card number", "kart no", "account number", "account no", "hesap no", "reporter",
                    "siparis veren"},
    "csat": {"score", "rating", "puan", "degerlendirme", "yildiz"},
    "revenue": {"value", "total", "price", "amount", "sales", "toplam", "fiyat", "tutar", "gelir", "bedel", "paid",
                "sale", "satis"},
    "comment": {"reason", "description", "message", "notes", "body", "details", "review", "not", "neden", "detay",
                "notlar", "mesaj", "aciklama", "text", "content", "icerik", "why"},
    "persona": {"tier", "profile", "profil", "audience", "kitle", "segment"},
    "wait_seconds": {"response time", "waiting", "yanit suresi", "cevap suresi"},
    "order_id": {"order", "siparis", "reference", "islem no", "transaction id", "transaction no", "invoice",
                 "transaction number", "pnr"},
    "channel": {"source", "platform", "origin", "medium", "via", "kaynak", "mecra"},
    "stage": {"phase", "stage", "evre", "asama"},
    "campaign": {"campaign", "kampanya", "promotion", "promosyon"},
}
"""Synonyms that are also called so for other things (a call's type is often its direction, a score may be a lead's)."""


def fit(field: Field, given: Profile) -> float:
    """0–1: whether the values can be of that field; 0 rules it out."""
    if not given.distinct:
        return 0.3 if field.kind not in ("id", "time") else 0.0
    text = given.numbers < 0.5 and given.times < 0.5
    bare = given.time_format is not None and given.time_format.order in ("serial", "epoch")
    times = 0.0 if bare and not says_time(given) else given.times  # a number, if nothing else
    if field.kind == "name" and given.family is not None:  # answers in words
        return 0.0
    few = given.distinct <= max(60, 0.2 * given.filled * given.rows)
    name = field.name
    if name == "customer_id":
        if all(map(_MASKED.search, given.texts)):
            return 0.5  # of cards and the like: many share what is left
        broken = given.numbers > 0.5 and given.whole < 0.99 and not all(map(_VISITOR.match, given.texts))
        if times > 0.5 or broken or given.family is not None or given.prose > 0.3:
            return 0.0
        if few_people(given):
            return 0.7
        if given.distinct == 1 and given.rows >= 20 and not given.personal:
            return 0.6  # rather the company's own
        if given.personal or any(character.isdigit() for value in given.texts[:50] for character in value):
            return 1.0
        # Names, not numbers: one for all rows may be the customer or the company, few may be kinds of customers.
        if given.rows >= 20 and 2 <= given.distinct <= 0.2 * given.rows and given.length <= 4:
            return 0.0  # Mr, Ms, Dr
        return 0.75 if given.distinct == 1 and given.rows >= 5 else 0.7 if given.distinct <= 0.1 * given.rows else 1.0
    if name == "occurred_at":
        serial = given.time_format is not None and given.time_format.order == "serial"
        return 0.0 if given.times < 0.4 else 0.95 if serial else 1.0
    if name == "record_id":
        whole = given.numbers < 0.5 or given.whole > 0.99
        return 1.0 if given.unique and whole and times < 0.5 else 0.0
    if name == "order_id":
        whole = given.numbers < 0.5 or given.whole > 0.99
        if not given.personal and given.length < 4 and not any(map(str.isdigit, "".join(given.texts[:50]))):
            return 0.0  # a series, and no number
        few_figures = given.numbers > 0.9 and given.highest < 1000 and given.distinct <= 0.5 * given.rows
        return (0.5 if few_figures else 1.0) if times < 0.5 and whole and given.family is None else 0.0
    if name == "touchpoint":
        how = known_channels(given) >= 0.7 and not _PLACE.search(given.folded)  # call, e-mail: rather how than where
        if given.times > 0.5 or all(map(_CLOCK.match, given.texts)):
            return 0.0
        if given.flags > 0.9 and not given.numbers:
            return 0.62
        if all(_DIRECTIONS & {value.casefold()} for value in given.texts):
            return 0.5
        return (0.75 if how else 1.0) * (1.0 if few and given.length <= 60 else 0.5) * (1 if text else 0.5)
    if name == "channel":
        if given.times > 0.5 or given.length > 40 or not few or (given.numbers > 0.9 and given.distinct > 2):
            return 0.0
        known = sum(guess_channel(value) != (None, None) for value in given.texts) / len(given.texts)
        words = set(given.folded.split())
        if words & {"device", "cihaz", "cihazi"}:  # a phone in the hand is no call
            return 0.0
        if words & {"channel", "kanal", "kanali"}:
            return 0.92 + 0.08 * known
        if "platform" in words and not known:
            return 0.5
        return (0.72 + 0.28 * min(1.0, 2 * known)) * (0.9 if "platform" in words else 0.97)
    if name == "stage":
        known = sum(guess_stage(value, FIVE) is not None for value in given.texts) / len(given.texts)
        return 0.0 if not few or given.distinct > 30 or not text else 0.75 + 0.25 * known
    if name == "persona":
        coded = given.share_distinct > 0.3 and all(map(_CODED.search, given.texts))
        if not text or given.distinct > 60 or given.flags > 0.9 or coded:
            return 0.0
        return 1.0 if given.distinct <= 12 else 0.85
    if name == "campaign":
        again = given.share_distinct <= 0.5 or given.rows < 20  # one for each row is none
        return 0.0 if given.flags > 0.9 else 1.0 if few and again and given.times < 0.5 else 0.3
    if name == "nps":
        yes_or_no = given.distinct <= 2 and given.highest <= 1
        if given.numbers < 0.9 or given.whole < 0.99 or yes_or_no or not _mostly_within(given, -1, 10, 0.5):
            return 0.0
        return 1.0 if _mostly_within(given, -1, 10) else 0.7  # many codes for no answer
    if name in ("csat", "ces"):
        if given.family is not None:
            return 1.0
        return 0.0 if given.numbers < 0.9 or given.lowest < -99 or not _mostly_within(given, 0, 100) else 1.0
    if name in ("csat_max", "ces_max"):
        return 1.0 if given.numbers > 0.99 and given.whole == 1 and given.distinct <= 5 and given.highest >= 2 else 0.0
    if field.kind == "flag":
        enough = 0.6 if name == "expectation_met" else 0.95  # "partly" is neither
        return 1.0 if given.flags >= enough and given.distinct <= 8 else 0.0
    if name == "emotion":
        return 1.0 if given.emotions >= 0.9 else 0.0
    if name == "comment":
        if not text or given.flags > 0.9 or given.durations >= 0.9 or all(map(_LINK.match, given.texts)):
            return 0.0
        said = 0.75 if "comment" in last_concepts(given.plain) else 0.6
        sorts = given.words < 3 and given.distinct <= 0.2 * given.filled * given.rows  # "In Progress", again and again
        return 1.0 if (given.length >= 12 and not sorts) or given.share_distinct > 0.5 else said
    if name == "wait_seconds":
        return 1.0 if given.durations >= 0.9 and not _FEELS.search(given.folded) else 0.0
    if name == "delay_days":
        if _SHORT_UNITS & set(given.folded.split()):
            return 0.0
        return 1.0 if given.numbers >= 0.9 and given.whole >= 0.9 else 0.0
    if name == "revenue" and given.highest <= 0 and _COSTS.search(given.folded):
        return 0.5
    if name == "revenue" and of_few_points(given):
        return 0.62  # rather answers on a scale, or counts
    return 1.0 if given.numbers >= 0.9 and given.times < 0.5 else 0.0  # revenue, quantity


def says_time(given: Profile) -> bool:
    """Whether a header of numbers that can be moments says so: a word for time, or that something was done."""
    words = given.folded.split()
    done = given.time_format is not None and given.time_format.order == "epoch" and words and (
        words[-1].endswith("ed") or words[-1] in ("sent", "gonderildi", "yanitlandi"))
    return bool(TIME_WORDS & set(words) or done) or read_header(given.plain).has("time")


def _mostly_within(given: Profile, low: float, high: float, share: float = 0.85) -> bool:
    if given.counts is None:
        return low <= given.lowest and given.highest <= high
    total = sum(given.counts.values())
    return sum(count for value, count in given.counts.items() if low <= value <= high) >= share * total


def of_few_points(given: Profile) -> bool:
    """Whether a column holds nothing but whole numbers from 0 to 10, as answers on a scale do."""
    return (given.numbers >= 0.9 and given.whole == 1 and given.distinct <= 11
            and 0 <= given.lowest <= given.highest <= 10)


def codes(given: Profile) -> bool:
    """Whether the values are numbers or codes of something, of four signs or more and without blanks."""
    return bool(given.texts) and given.family is None and given.times < 0.5 and not given.personal and (
        given.numbers < 0.5 or given.whole == 1) and given.distinct >= 5 and sum(
        len(value) >= 4 and not _SPACE.search(value) and any(map(str.isdigit, value)) for value in given.texts) >= (
        0.9 * len(given.texts))


def few_people(given: Profile) -> bool:
    """Whether so few different addresses, numbers or small counts stand in so many rows that they are those of staff,
    of the company's own lines, or no numbers of people at all."""
    count = given.numbers > 0.9 and given.highest < 100
    return (bool(given.personal) or count) and given.rows >= 20 and 2 <= given.distinct <= 0.1 * given.rows


def known_channels(given: Profile) -> float:
    """Share of the values that are nothing but the name of a channel, where there are two or more, again and again."""
    if not 2 <= given.distinct <= 20 or given.distinct > 0.5 * given.filled * given.rows:
        return 0.0
    return sum(map(is_channel, given.texts)) / len(given.texts)


def tells(given: Profile) -> bool:
    """Whether somebody says something in these cells: sentences, hardly two alike unless the header says text."""
    if given.words < 3 or given.length < 15 or given.personal or given.family is not None:
        return False
    told = given.words >= 4 and (given.share_distinct > 0.5 or (given.prose >= 0.6 and given.distinct >= 5))
    return (told or bool(OPINION.search(given.folded))) and (
        not _REPLIES.search(given.folded) or bool(_OF_A_SURVEY.search(given.folded)))


def borne_out(field: str, given: Profile, headers: set[str]) -> bool:
    """Whether the values bear out a field whose header can mean several things; True for every other header.

    headers  words of all headers of the sheet, folded
    """
    sold = field == "order_id" and _TRANSACTION & set(given.folded.split())
    if not sold and given.folded not in _MEANS_SEVERAL.get(field, ()) and (
            alike(given.folded) not in _MEANS_SEVERAL.get(field, ())):
        return True
    texts, repeated = given.texts or [""], given.distinct <= 0.5 * given.filled * given.rows
    if field == "touchpoint":
        return sum(guess_stage(value, FIVE) is not None for value in texts) >= 0.5 * len(texts)
    if field == "customer_id":
        coded = sum(any(map(str.isdigit, value)) or "@" in value for value in texts) >= 0.9 * len(texts)
        return coded and given.distinct > 0.1 * given.rows and not headers & _SERVES
    if field == "csat":
        return given.family is not None or (given.highest in (4, 5, 7, 10) and given.lowest >= 1)
    if field == "revenue":
        return any(re.search(r"[.,]\d\d?\b|[₺$€£]|\b(?:TL|TRY|USD|EUR|GBP)\b", value) for value in texts)
    if field == "comment":
        return given.words >= 3 and not headers & SELLS
    if field in ("persona", "campaign"):
        return repeated and given.numbers < 0.5 and not (field == "campaign" and headers & SERVED)
    if sold:
        return bool(headers & _SOLD) and not headers & {"order", "siparis"}
    if field == "order_id":
        return sum(len(value) >= 4 and any(map(str.isdigit, value)) for value in texts) >= 0.9 * len(texts)
    if field == "channel":
        return sum(guess_channel(value) != (None, None) for value in texts) >= 0.5 * len(texts)
    if field == "stage":
        return sum(guess_stage(value, FIVE) is not None for value in texts) >= 0.5 * len(texts)
    return False


_TRANSACTION = {"transaction", "txn", "trx", "islem"}
"""What may be no sale."""
_SHORT_UNITS = {"minutes", "minute", "mins", "min", "hours", "dk", "dakika", "saat"}
SELLS = {"amount", "price", "sales", "qty", "quantity", "total", "tutar", "tutari", "fiyat", "fiyati",
          "adet", "miktar"}
"""Where these stand in other headers, a description may be of what was sold."""
_SOLD = SELLS | {"product", "urun", "item", "items", "price", "revenue", "gross", "net", "currency", "payment",
"fiyati",
                 "ciro", "sepet", "basket", "order", "siparis"}
"""Where these stand in other headers, a transaction is a sale."""
SERVED = {"queue", "agent", "skill", "ani", "dnis", "kuyruk", "temsilci", "handle", "hold"}
"""Where these stand in a header, a contact is a call or a chat, and a campaign a list of numbers to call."""
_SERVES = {"customer", "caller", "visitor", "requester", "musteri", "ziyaretci", "arayan"}
"""Where these stand in another header, a column "user" is likelier one who serves them."""
