"""Which field a column is: its header against the synonyms of cx.model.FIELDS, and its values against the field.

A confidence is the header's match lowered by what the values deny; below SURE a column stays an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from cx.intake.profile import Profile
from cx.intake.values import UNIT_OF
from cx.model import FIELD, FIELDS, MODELS, Field, fold
from cx.store.guesses import guess_channel, guess_stage

SURE = 0.6
FIVE = {key: key for key in MODELS["five"]}
_NOISE = {"the", "of", "a", "your", "our", "for", "in", "is", "column", "field", "tl", "try", "usd", "eur", "gbp", "ve",
          "incl", "excl", "utc", "gmt", "vat", "kdv", "dahil", "haric", "net", "gross", "brut", "nr", "num", "value",
          "customer s"}
_TIME_WORDS = {"date", "time", "timestamp", "datetime", "on", "at", "tarih", "tarihi", "zaman", "zamani", "saat",
               "saati", "gun", "gunu", "day"}
PROMISED = re.compile(r"\b(?:promise\w*|estimated|expected|due|planned|scheduled|eta|soz verilen|taahhut\w*|tahmini|"
                      r"planlanan|beklenen|vaat\w*|hedef\w*)\b")
DELIVERED = re.compile(r"\b(?:deliver\w*|arriv\w*|received on|handed over|teslim\w*|ulas\w*)\b")
HANDED_ON = re.compile(r"\b(?:kargoya|kuryeye|tasiyiciya|carrier|courier|shipper|warehouse|depoya)\b")
"""Not yet delivered to the customer."""
_OTHER_DATES = re.compile(r"\b(?:birth\w*|dob|dogum\w*|updat\w*|modif\w*|guncelle\w*|expir\w*|valid\w*|resolv\w*|"
                          r"closed(?! won)|cozum\w*|kapan\w*|export\w*)\b")
CLOSED = re.compile(r"\b(?:resolv\w*|closed|solved|cozum\w*|cozul\w*|kapan\w*)\b")
_ANYTHING_ELSE = re.compile(r"\b(?:comments?|anything else|tell us|in your own words|suggestions?|feedback|eklemek|"
                            r"gorus\w*|oneri\w*|dusunce\w*|belirtiniz|yorum\w*|reasons?|remarks?|why|explain|neden\w*|"
                            r"nicin|sebeb\w*|acikla\w*)\b")
_ASKS = re.compile(r"\b(?:nps|recommend\w*|satisf\w*|tavsiye\w*|oneri\w*|memnun\w*|survey|anket|respon\w*)\b")
_FEELS = re.compile(r"\b(?:satisf\w*|memnun\w*)\b")
_ANSWERED = re.compile(r"\b(?:submit\w*|respond\w*|respons\w*|answered|recorded|yanit\w*|gonderil\w*)\b")
_NUMBERS_ROWS = {"id", "no", "nr", "number", "num", "numara", "numarasi", "key", "code", "kod", "kodu"}
_NUMBERS_OTHERS = {"customer", "user", "client", "member", "account", "contact", "person", "visitor", "order",
                   "invoice", "phone", "zip", "postal", "tax", "session", "product", "store", "agent", "musteri", "uye",
                   "kullanici", "siparis", "fatura", "telefon", "posta", "vergi", "urun", "magaza", "sube", "hesap",
                   "abone", "tracking", "takip", "campaign", "kampanya", "network", "device"}
_ORDER_NAME = re.compile(r"^#[A-Z]*-?\d{3,}$")
_QUALIFIERS = {
    "revenue": {"monthly", "annual", "yearly", "declared", "shipping", "kargo", "discount", "indirim", "tax", "vergi",
                "budget", "target", "average", "ortalama", "aylik", "yillik", "lifetime", "unit", "birim", "stock"},
    "customer_id": {"service", "hizmetleri", "name", "type", "segment", "age", "city", "satisfaction", "group", "since",
                    "adi", "tipi", "grubu", "sehir", "yas", "memnuniyet", "memnuniyeti", "support", "agent", "rep",
                    "effort", "comment", "yorumu", "language", "dili", "role", "rolu"},
    "order_id": {"date", "tarihi", "value", "total", "tutari", "status", "durumu", "statusu", "amount", "type", "count",
                 "sayisi"},
    "record_id": {"seller", "landing", "page", "product", "urun", "store", "session", "campaign", "device", "agent",
                  "sdr", "sr", "rep", "run", "zip"},
    "comment": {"type", "count", "date"},
    "is_complaint": {"id", "no", "date", "description", "tarihi", "aciklamasi", "metni", "type", "turu", "konusu"},
    "touchpoint": {"id", "no", "count", "url", "value"},
    "channel": {"id", "cost", "count"},
    "persona": {"id", "industry"},
    "wait_seconds": {"satisfaction", "memnuniyet", "rating", "score", "puan", "puani"},
    "quantity": {"catalog", "size", "stock"},
    "stage": {"id"},
}
"""Words that make a longer header mean something else than the synonym in it."""


_WHOLE_ONLY = {"who", "what", "when", "contact", "caller", "requester", "via", "body", "details", "not", "ltr",
               "reason", "received", "opened", "created", "completed", "submitted", "value", "items", "units", "detay",
               "alici", "why", "total", "oneri", "temas", "hareket"}
"""Synonyms too common to mean the field inside a longer header."""


_FIELD_OF_ROWS = FIELD["record_id"]
_NUMBERING = re.compile(r"\d+|[qs]\d+")


_ALIKE = {"kodu": "kod", "numarasi": "no", "numara": "no", "number": "no", "nr": "no", "num": "no"}
"""Words that say the same in a header."""


@cache
def _synonyms(field: str) -> tuple[str, ...]:
    return tuple(" ".join(_ALIKE.get(word, word) for word in each.split())
                 for each in (field.replace("_", " "), *FIELD[field].synonyms))


def header_score(folded: str, field: Field) -> float:
    """0–1: how well a folded header names a field; 1 = it is one of the synonyms."""
    words = [_ALIKE.get(word, word) for word in folded.split() if not _NUMBERING.fullmatch(word)]
    plain = " ".join(words)
    lean = [word for word in words if word not in _NOISE and (len(words) == 1 or word not in UNIT_OF)]
    qualifiers = _QUALIFIERS.get(field.name, set())
    best = 0.0
    for synonym in _synonyms(field.name):
        if plain == synonym:
            return 1.0
        if plain.replace(" ", "") == synonym.replace(" ", "") or " ".join(lean) == synonym:
            best = max(best, 0.96)
            continue
        wanted = synonym.split()
        if synonym in _WHOLE_ONLY:
            continue
        if not lean or len(wanted) > len(lean):
            continue
        for start in range(len(lean) - len(wanted) + 1):
            if all(_same_word(lean[start + offset], word) for offset, word in enumerate(wanted)):
                rest = lean[:start] + lean[start + len(wanted):]
                cover = len(wanted) / len(lean)
                score = 0.5 + 0.42 * cover - (0.4 if qualifiers & set(rest) else 0)
                best = max(best, score if len(synonym) > 2 else score - 0.2)
    return best


def _same_word(found: str, wanted: str) -> bool:
    return found == wanted or (len(wanted) >= 5 and found.startswith(wanted) and len(found) - len(wanted) <= 7)


def fit(field: Field, given: Profile) -> float:
    """0–1: whether the values can be of that field; 0 rules it out."""
    if not given.distinct:
        return 0.3 if field.kind not in ("id", "time") else 0.0
    text = given.numbers < 0.5 and given.times < 0.5
    bare = given.time_format is not None and given.time_format.order in ("serial", "epoch")
    times = 0.0 if bare and not _TIME_WORDS & set(given.folded.split()) else given.times  # a number, if nothing else
    if field.kind == "name" and given.family is not None:  # answers in words
        return 0.0
    few = given.distinct <= max(60, 0.2 * given.filled * given.rows)
    name = field.name
    if name == "customer_id":
        if times > 0.5 or (given.numbers > 0.5 and given.whole < 0.99) or given.family is not None:
            return 0.0
        if given.personal or any(character.isdigit() for value in given.texts[:50] for character in value):
            return 1.0
        # Names, not numbers: one for all rows may be the customer or the company, few may be kinds of customers.
        return 0.75 if given.distinct == 1 and given.rows >= 5 else 0.7 if given.distinct <= 0.1 * given.rows else 1.0
    if name == "occurred_at":
        serial = given.time_format is not None and given.time_format.order == "serial"
        return 0.0 if given.times < 0.4 else 0.95 if serial else 1.0
    if name == "record_id":
        whole = given.numbers < 0.5 or given.whole > 0.99
        return 1.0 if given.unique and whole and times < 0.5 else 0.0
    if name == "order_id":
        whole = given.numbers < 0.5 or given.whole > 0.99
        return 1.0 if times < 0.5 and whole and given.family is None else 0.0
    if name == "touchpoint":
        return 0.0 if given.times > 0.5 else (1.0 if few and given.length <= 60 else 0.5) * (1 if text else 0.5)
    if name == "channel":
        if given.times > 0.5 or given.length > 40 or not few or (given.numbers > 0.9 and given.distinct > 2):
            return 0.0
        known = sum(guess_channel(value) != (None, None) for value in given.texts) / len(given.texts)
        words = set(given.folded.split())
        named = 1.0 if words & {"channel", "kanal", "kanali"} else 0.9 if words & {"device", "cihaz"} else 0.97
        return (0.92 + 0.08 * known) * named
    if name == "stage":
        known = sum(guess_stage(value, FIVE) is not None for value in given.texts) / len(given.texts)
        return 0.0 if not few or given.distinct > 30 or not text else 0.8 + 0.2 * known
    if name == "persona":
        if not text or given.distinct > 60 or given.flags > 0.9:
            return 0.0
        return 1.0 if given.distinct <= 12 else 0.85
    if name == "campaign":
        return 1.0 if few and given.times < 0.5 else 0.3
    if name == "nps":
        if given.numbers < 0.9 or given.whole < 0.99 or not _mostly_within(given, -1, 10, 0.5):
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
        if not text or given.flags > 0.9:
            return 0.0
        return 1.0 if given.length >= 12 or given.share_distinct > 0.5 else 0.6
    if name == "wait_seconds":
        return 1.0 if given.durations >= 0.9 and not _FEELS.search(given.folded) else 0.0
    if name == "delay_days":
        return 1.0 if given.numbers >= 0.9 and given.whole >= 0.9 else 0.0
    return 1.0 if given.numbers >= 0.9 and given.times < 0.5 else 0.0  # revenue, quantity


def _mostly_within(given: Profile, low: float, high: float, share: float = 0.85) -> bool:
    if given.counts is None:
        return low <= given.lowest and given.highest <= high
    total = sum(given.counts.values())
    return sum(count for value, count in given.counts.items() if low <= value <= high) >= share * total


def candidates(profiles: Sequence[Profile]) -> list[tuple[float, str, str]]:
    """(confidence, field, header), best first, for every pair above one half."""
    found = []
    asks = any(_ASKS.search(given.folded) for given in profiles)
    for given in profiles:
        for field in FIELDS:
            score = header_score(given.folded, field)
            if field.name == "occurred_at":
                score = _time_score(given, score)
                if asks and score and _ANSWERED.search(given.folded):
                    score = max(score, 0.95 if _TIME_WORDS & set(given.folded.split()) else score) + 0.06
            elif field.name == "order_id" and given.texts and all(map(_ORDER_NAME.match, given.texts)):
                score = max(score, 0.75)
            elif field.name == "customer_id" and given.personal in ("email", "phone", "national_id", "name"):
                score = max(0.66 if given.personal == "name" else 0.8, score - 0.1)
            elif field.name == "comment" and _ANYTHING_ELSE.search(given.folded) and given.length >= 12:
                score = max(score, 0.75)
            elif field.name == "comment" and "?" in given.header and given.length >= 15 and given.family is None:
                score = max(score, 0.72)
            elif given.personal in ("email", "phone", "national_id", "card", "address"):
                continue
            if score > 0.5:
                confidence = score * fit(field, given) * (0.9 + 0.1 * min(1.0, given.filled * 1.1))
                if confidence > 0.5:
                    found.append((round(confidence, 3), field.name, given.header))
    return sorted(found, key=lambda each: -each[0])


def _time_score(given: Profile, score: float) -> float:
    """A column of dates may be the time without being called so, unless it is a promise, a birthday, an update…"""
    if given.times < (0.4 if score > 0.9 else 0.7):  # a column called "date" may hold many that are none
        return 0.0
    bare = given.time_format is not None and given.time_format.order in ("serial", "epoch")
    named = bool(_TIME_WORDS & set(given.folded.split())) or score > 0.9
    if bare and not named and not given.folded.endswith("date"):
        return 0.0
    clock = 0.03 if given.time_format and given.time_format.clock > 0.5 else 0.0
    if _OTHER_DATES.search(given.folded) or PROMISED.search(given.folded) or DELIVERED.search(given.folded):
        return 0.55
    return min(1.0, max(score - 0.03, 0.66 if not bare else 0.0) + clock)


def assign(profiles: Sequence[Profile]) -> dict[str, tuple[str, float]]:
    """Header → (field, confidence): the best pairs first, each field and each column once."""
    taken: dict[str, tuple[str, float]] = {}
    used: set[str] = set()
    for confidence, field, header in candidates(profiles):
        if confidence >= SURE and header not in taken and field not in used:
            taken[header] = (field, confidence)
            used.add(field)
    if "record_id" not in used:
        numbered = next((given.header for given in profiles
                         if given.header not in taken and _numbers_rows(given)), None)
        if numbered is not None:
            taken[numbered] = ("record_id", 0.62)
    return taken


def _numbers_rows(given: Profile) -> bool:
    """Whether a column numbers the rows: a code of its own on each, under a header that says number."""
    words = given.folded.split()
    return (given.unique and given.rows > 2 and not given.personal and fit(_FIELD_OF_ROWS, given) > 0
            and (not words or words[-1] in _NUMBERS_ROWS) and not (_NUMBERS_OTHERS | _TIME_WORDS) & set(words)
            and all(" " not in value and any(map(str.isdigit, value)) for value in given.texts[:50]))


def milestone_name(header: str) -> str:
    """The header of a date column without its date words: `first_contact_date` → `first contact`."""
    words = re.sub(r"(?<=[a-zçğıöşü])(?=[A-ZÇĞİÖŞÜ])|[_\-./]+", " ", header).split()
    return " ".join(word for word in words if fold(word) not in _TIME_WORDS).strip()


def milestones(profiles: Sequence[Profile]) -> dict[str, str]:
    """Date column → milestone name, for date columns whose names say which step they date."""
    result: dict[str, str] = {}
    for given in profiles:
        name = milestone_name(given.header)
        if given.times >= 0.7 and name and not _OTHER_DATES.search(given.folded) and guess_stage(name, FIVE):
            result[given.header] = name
    return result


def looks_turkish(profiles: Sequence[Profile]) -> bool:
    """Whether headers or values are written in Turkish."""
    text = " ".join([given.header for given in profiles] + [value for given in profiles for value in given.texts[:20]])
    if any(letter in text for letter in "ğşıİĞŞ"):
        return True
    words = set(fold(" ".join(given.header for given in profiles)).split())
    return len(words & {"tarih", "tarihi", "musteri", "kanal", "tutar", "adet", "siparis", "yorum", "puan", "no",
                        "olay", "sehir", "urun", "sikayet", "anket", "konu", "aciklama"}) >= 2


def unit_of(header: str) -> str:
    """The unit a duration's header names ("Bekleme (dk)"), else seconds."""
    units = [UNIT_OF[word] for word in fold(header).split() if word in UNIT_OF and word not in ("saat", "d", "g")]
    return units[-1] if units else "hours" if fold(header).endswith("saat") else "seconds"
