"""Which field a column is: its header against the synonyms of cx.model.FIELDS, and its values against the field.

A confidence is the header's match lowered by what the values deny; below SURE a column stays an attribute.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from cx.intake.evidence import (
    FIVE,
    OPINION,
    TIME_WORDS,
    VAGUE,
    borne_out,
    few_people,
    fit,
    known_channels,
    of_few_points,
    tells,
)
from cx.intake.privacy import PERSONS
from cx.intake.profile import Profile
from cx.intake.reading import dates_event, names, read_header
from cx.intake.values import UNIT_OF
from cx.model import FIELD, FIELDS, Field, fold
from cx.store.guesses import guess_stage

SURE = 0.6
_NOISE = {"the", "of", "a", "your", "our", "for", "in", "is", "column", "field", "tl", "try", "usd", "eur", "gbp", "ve",
          "incl", "excl", "utc", "gmt", "vat", "kdv", "dahil", "haric", "net", "gross", "brut", "nr", "num", "value",
          "customer s"}
PROMISED = re.compile(r"\b(?:promise\w*|request\w*|desired|wanted|istenen|talep edilen|estimated|expected|due|"
                      r"planned|scheduled|eta|soz verilen|taahhut\w*|tahmini|planlanan|beklenen|vaat\w*|hedef\w*)\b")
DELIVERED = re.compile(r"\b(?:deliver\w*|arriv\w*|received on|handed over|teslim\w*|ulas\w*)\b")
TRAVELS = re.compile(r"\b(?:depart\w*|check out|checkout date|room|flight|nights?|gece|oda|ucus|cikis tarihi)\b")
"""Where these stand in other headers, it is the customer who arrives."""
HANDED_ON = re.compile(r"\b(?:kargoya|kuryeye|tasiyiciya|carrier|courier|shipper|warehouse|depoya)\b")
"""Not yet delivered to the customer."""
_OTHER_DATES = re.compile(r"\b(?:birth\w*|dob|dogum\w*|updat\w*|modif\w*|guncelle\w*|expir\w*|valid\w*|resolv\w*|"
                          r"closed(?! won)|cozum\w*|kapan\w*|export\w*)\b")
CLOSED = re.compile(r"\b(?:resolv\w*|closed|solved|cozum\w*|cozul\w*|kapan\w*)\b")
_ANYTHING_ELSE = re.compile(r"\b(?:comments?|anything else|tell us|in your own words|suggestions?|feedback|eklemek|"
                            r"gorus\w*|oneri\w*|dusunce\w*|belirtiniz|yorum\w*|reasons?|remarks?|why|explain|neden\w*|"
                            r"nicin|sebeb\w*|acikla\w*|iletmek|yazmak|soylemek|paylasmak|dilek\w*|detay\w*|ozet\w*|"
                            r"summary|not(?:un?|unuz|lari))\b")
_ASKS = re.compile(r"\b(?:nps|recommend\w*|satisf\w*|tavsiye\w*|oneri\w*|memnun\w*|survey|anket|respon\w*)\b")
_ANSWERED = re.compile(r"\b(?:rated|submit\w*|respond\w*|respons\w*|answered|recorded|yanit\w*|gonderil\w*)\b")
_OUTSIDE = re.compile(r"ext(?:ernal)? (?:data )?(?:reference|ref|id|key)$")
"""How survey tools call the number a company gave whom it asked."""
_HOW_LONG = re.compile(r"\b(?:kac (?:dakika|saat)\w*|how many (?:minutes|hours)|how long did)\b")
_TRANSPORTED = re.compile(r"\b(?:received|sent|loaded|ingested|imported|uploaded|synced|processed|original) at\b")
_NUMBERS_ROWS = {"id", "uuid", "guid", "identifier", "sira", "numbers", "no", "nr", "number", "num", "numara",
                 "numarasi", "key", "code", "kod", "kodu"}
_NUMBERS_OTHERS = {"customer", "user", "client", "member", "account", "contact", "person", "visitor", "order",
                   "invoice", "phone", "zip", "postal", "tax", "session", "product", "store", "agent", "musteri", "uye",
                   "kullanici", "seller", "satici", "siparis", "fatura", "telefon", "posta", "vergi", "urun",
                   "magaza", "sube", "hesap",
                   "abone", "tracking", "takip", "campaign", "kampanya", "network", "device"}
_NAMES_PEOPLE = _NUMBERS_ROWS | {"ids", "uuid", "guid", "hash", "ref", "reference", "kimlik", "kimligi"}
_BESIDE_PEOPLE = {"pseudo", "anonymous", "unique", "external", "internal", "associated", "primary", "hashed", "end",
                  "frequent", "hesap", "loyalty", "sadakat", "kart", "card", "cari", "wa", "our", "merge", "key"}
_COMPANIES = {"account", "company", "companies", "organization", "organisation", "cari", "firma", "bayi", "wa"}
"""Words for whom an account is of, which may be a company."""
_CONTRACTS = {"policy", "contract", "subscription", "police", "sozlesme", "abonelik", "tesisat"}
_COUNTS = re.compile(r"^\s*(?:#|no\.?|num(?:ber)?|count|total)\s+of\b|\b(?:count|sayısı)\s*$", re.IGNORECASE)
"""Raw headers that count something."""
_PREFERRED = re.compile(r"\b(?:prefer\w*|tercih\w*|last|previous|second\w*|son|onceki|diger|permission|consent|izin|"
                        r"izni|onay\w*|opt|payment|odeme|delivery|teslimat|kargo|shipping)\b")
_ORDER_NAME = re.compile(r"^#[A-Z]*-?\d{3,}$")
_QUALIFIERS = {
    "revenue": {"redress", "refund", "refunded", "compensation", "iade", "tazminat", "monthly", "annual", "yearly",
                "declared", "shipping", "kargo", "discount", "indirim", "tax", "vergi",
                "budget", "target", "average", "ortalama", "aylik", "yillik", "lifetime", "unit", "birim", "stock"},
    "customer_id": {"service", "hizmetleri", "name", "type", "segment", "age", "city", "satisfaction", "group", "since",
                    "adi", "tipi", "grubu", "sehir", "yas", "memnuniyet", "memnuniyeti", "support", "agent", "rep",
                    "effort", "comment", "yorumu", "language", "dili", "role", "rolu"},
    "order_id": {"date", "tarihi", "value", "total", "tutari", "status", "durumu", "statusu", "amount", "type", "count",
                 "sayisi"},
    "record_id": {"seller", "landing", "page", "product", "urun", "store", "session", "campaign", "device", "agent",
                  "sdr", "sr", "rep", "run", "zip"},
    "csat": {"kazanilan", "harcanan", "biriken", "bakiye", "bakiyesi", "earned", "spent", "points", "balance", "lead",
             "credit", "kredi", "risk", "loyalty", "sadakat", "bonus",
             "contact", "engagement", "health", "propensity", "churn", "fraud"},
    "comment": {"type", "count", "date", "status", "durum", "durumu", "code", "kodu"},
    "is_complaint": {"id", "no", "date", "description", "tarihi", "aciklamasi", "metni", "type", "turu", "konusu"},
    "touchpoint": {"next", "last", "previous", "son", "sonraki", "onceki",
                   "id", "no", "count", "url", "value", "landing", "entry", "exit", "referrer"},
    "channel": {"id", "cost", "count"},
    "persona": {"id", "industry"},
    "wait_seconds": {"satisfaction", "memnuniyet", "rating", "score", "puan", "puani"},
    "quantity": {"catalog", "size", "stock"},
    "stage": {"id"},
}
"""Words that make a longer header mean something else than the synonym in it."""


_OF_A_PIECE = {"price", "fiyat"}
"""Of one piece, where another column holds the total."""
_COUNTED = {"quantity", "wait_seconds", "delay_days"}
_DERIVES = {"ing", "ation", "ations", "er", "ers", "or", "ors", "al", "ship", "ator", "ization"}
"""Endings that make another word of a synonym: an originating address is no origin."""
_WHOLE_ONLY = {"who", "what", "when", "contact", "caller", "requester", "via", "body", "details", "not", "ltr",
               "reason", "reference", "received", "opened", "created", "completed", "submitted", "value", "items",
               "units", "detay", "alici", "why", "total", "oneri", "temas", "hareket"}
"""Synonyms too common to mean the field inside a longer header."""


_SERVED = {"queue", "agent", "skill", "ani", "dnis", "kuyruk", "temsilci", "handle", "hold"}
"""Where these stand in a header, a contact is a call or a chat."""
_BY_HEADER_ALONE = {"persona", "touchpoint", "wait_seconds", "quantity", "campaign", "stage"}
"""Fields whose values look like many others': sure only under a header that they are known by."""
_JOINED_ID = re.compile(r"[a-z]{1,4}id")
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
            return 0.95 if synonym in _OF_A_PIECE else 1.0
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
    rest = found.removeprefix(wanted)
    return found == wanted or (len(wanted) >= 5 and found != rest and len(rest) <= 7 and rest not in _DERIVES)


def names_people(folded: str) -> float:
    """0–1: how well a header of a word for people (or whom contracts are with) and one for numbers names a customer."""
    words = {word for word in folded.split() if not _NUMBERING.fullmatch(word)}
    if not words & _NAMES_PEOPLE or words & _QUALIFIERS["customer_id"]:
        return 0.0
    rest = words - _NAMES_PEOPLE - _BESIDE_PEOPLE - _NOISE
    if words & PERSONS:
        return 0.88 if rest <= PERSONS | _COMPANIES else 0.7
    if words & _COMPANIES:
        return 0.8 if rest <= _COMPANIES else 0.0
    return 0.66 if rest and rest <= _CONTRACTS else 0.0


def candidates(profiles: Sequence[Profile]) -> list[tuple[float, str, str]]:
    """(confidence, field, header), best first, for every pair above one half."""
    found = []
    raw: dict[str, float] = {}
    words = {word for given in profiles for word in given.folded.split()}
    serves = bool(words & _SERVED) and any(given.personal for given in profiles)
    dated = sum(given.times >= 0.7 for given in profiles)
    asks = any(_ASKS.search(given.folded) for given in profiles)
    few_points = Counter(given.highest for given in profiles if of_few_points(given))
    kinds = Counter(given.personal for given in profiles if not few_people(given))
    for given in profiles:
        read = {field.name: names(field.name, given.plain) for field in FIELDS}
        for field in FIELDS:
            score = header_score(given.folded, field)
            known = score >= 0.95
            if not known:  # no header it is known by: what its words say
                other = max(read.values()) >= 0.8 and not read[field.name]
                score = max(score - 0.2 if other else score, read[field.name])
            if field.name == "revenue" and few_points[given.highest] > 2 and of_few_points(given):
                continue  # a rating among ratings
            if field.name not in _COUNTED and _COUNTS.search(given.header):
                continue
            if field.name == "occurred_at":
                score = _time_score(given, score)
                first = read_header(given.plain).has("first")
                if asks and score > 0.58 and not first and _ANSWERED.search(given.folded):
                    told = TIME_WORDS & set(given.folded.split()) or given.folded.endswith("ed")
                    score = max(score, 0.95 if told else score) + 0.06
            elif field.name == "order_id" and given.texts and all(map(_ORDER_NAME.match, given.texts)):
                score = max(score, 0.75)
            elif field.name == "customer_id" and given.personal in ("email", "phone", "national_id", "name"):
                weak = given.personal == "name"  # two may share one
                score = min(max(0.66, score - 0.1), 0.75) if weak else max(0.8, score - 0.1)
                if kinds[given.personal] > 1:  # whose is which?
                    score = 0.78 if PERSONS & set(given.folded.split()) else min(score, 0.7)
            elif field.name == "customer_id" and given.unique and "contact" in given.folded and serves:
                score -= 0.3  # of a contact and not of a contact person
            elif field.name == "customer_id" and given.folded in PERSONS and not given.personal:
                score = min(score, 0.91)  # a number goes first
            elif field.name == "customer_id" and not given.personal:
                score = max(score, names_people(given.folded), 0.66 if asks and _OUTSIDE.match(given.plain) else 0.0)
            elif field.name == "expectation_met" and "?" in given.header and read_header(given.plain).has("expect"):
                score = max(score, 0.75)
            elif field.name == "wait_seconds" and _HOW_LONG.search(given.folded):
                score = max(score, 0.68)
            elif field.name == "channel" and known_channels(given) >= 0.7 and not _PREFERRED.search(given.folded):
                score = max(score, 0.78)
            elif field.name == "comment" and tells(given):
                score = max(score, 0.7 if OPINION.search(given.folded) else 0.66)
            elif field.name == "comment" and _ANYTHING_ELSE.search(given.folded) and given.length >= 12:
                score = max(score, 0.75)
            elif field.name == "comment" and "?" in given.header and given.length >= 15 and given.family is None:
                score = max(score, 0.72)
            elif field.name == "customer_id" and given.personal == "card":
                score = min(score, 0.65)  # anything else that names people goes first
            elif given.personal in ("email", "phone", "national_id", "card", "address"):
                continue
            if score > 0.5:
                confidence = score * fit(field, given) * (0.9 + 0.1 * min(1.0, given.filled * 1.1))
                raw[given.header] = confidence if field.name == "occurred_at" else raw.get(given.header, 0.0)
                several = field.name == "occurred_at" and dated > 1 and not read_header(given.plain).has("time")
                if confidence > VAGUE and (several or (not known and field.name in _BY_HEADER_ALONE) or not borne_out(
                        field.name, given, words - set(given.folded.split()))):
                    confidence = VAGUE
                if confidence > 0.5:
                    found.append((round(min(confidence, 1.0), 3), field.name, given.header))
    places = _first_of_row(profiles)
    return sorted(found, key=lambda each: (
        -each[0], (-raw[each[2]], *places[each[2]]) if each[1] == "occurred_at" else ()))


def _first_of_row(profiles: Sequence[Profile]) -> dict[str, tuple[bool, float]]:
    """What tells times apart that are called equally well: first those of what the row's own number is of
    (`message_created_at` beside `message_id`), then the earlier ones."""
    own: set[str] = next((set(given.folded.split()[:-1]) for given in profiles if given.unique and max(
        names("record_id", given.plain), names("order_id", given.plain)) > 0.8), set())
    return {given.header: (not own & set(given.folded.split()), given.moment) for given in profiles}


def _time_score(given: Profile, score: float) -> float:
    """A column of dates may be the time without being called so, unless it is a promise, a birthday, an update…"""
    if given.times < (0.4 if score > 0.9 else 0.7):  # a column called "date" may hold many that are none
        return 0.0
    bare = given.time_format is not None and given.time_format.order in ("serial", "epoch")
    named = bool(TIME_WORDS & set(given.folded.split())) or score > 0.9
    if bare and not named and not given.folded.endswith("date"):
        return 0.0
    clock = 0.03 if given.time_format and given.time_format.clock > 0.5 else 0.0
    if _TRANSPORTED.search(given.folded):
        return 0.75
    told = dates_event(given.plain)
    if _OTHER_DATES.search(given.folded) or PROMISED.search(given.folded) or DELIVERED.search(given.folded):
        return 0.55
    if told <= 0.5 and score < 0.95:  # a later step, unless there is no other time
        return 0.6 if told else 0.55
    return min(1.0, max(score - 0.03 if score >= 0.95 else 0.0, told, 0.62 if not bare else 0.0) + clock)


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
            and (not words or _NUMBERS_ROWS & {words[0], words[-1]} or _JOINED_ID.fullmatch(words[-1])
                 or given.header.rstrip().endswith("#"))
            and not (_NUMBERS_OTHERS | TIME_WORDS) & set(words)
            and all(" " not in value and any(map(str.isdigit, value)) for value in given.texts[:50]))


def milestone_name(header: str) -> str:
    """The header of a date column without its date words: `first_contact_date` → `first contact`."""
    words = re.sub(r"(?<=[a-zçğıöşü])(?=[A-ZÇĞİÖŞÜ])|[_\-./]+", " ", header).split()
    return " ".join(word for word in words if fold(word) not in TIME_WORDS).strip()


def milestones(profiles: Sequence[Profile]) -> dict[str, str]:
    """Date column → milestone name, for date columns whose names say which step they date."""
    result: dict[str, str] = {}
    for given in profiles:
        name = milestone_name(given.header)
        if (given.times >= 0.7 and name and not _OTHER_DATES.search(given.folded)
                and not PROMISED.search(given.folded) and guess_stage(name, FIVE)):
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
