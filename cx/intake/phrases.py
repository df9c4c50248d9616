"""How well a header matches the phrases a field is known by (the synonyms of cx.model.FIELDS), whole or in part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from cx.intake.privacy import PERSONS
from cx.intake.values import UNIT_OF
from cx.model import FIELD

_NOISE = {"the", "of", "a", "your", "our", "for", "in", "is", "column", "field", "tl", "try", "usd", "eur", "gbp", "ve",
          "incl", "excl", "utc", "gmt", "vat", "kdv", "dahil", "haric", "net", "gross", "brut", "nr", "num", "value",
          "customer s"}
NUMBERS = {"id", "uuid", "guid", "identifier", "sira", "numbers", "no", "nr", "number", "num", "numara", "numarasi",
           "key", "code", "kod", "kodu"}
_NAMES_PEOPLE = NUMBERS | {"ids", "hash", "ref", "reference", "kimlik", "kimligi"}
_BESIDE_PEOPLE = {"pseudo", "anonymous", "unique", "external", "internal", "associated", "primary", "hashed", "end",
                  "frequent", "hesap", "loyalty", "sadakat", "kart", "card", "cari", "wa", "our", "merge", "key"}
_COMPANIES = {"account", "company", "companies", "organization", "organisation", "cari", "firma", "bayi", "wa",
              "dealer", "distributor"}
"""Words for whom an account is of, which may be a company."""
_CONTRACTS = {"hizmet", "policy", "contract", "subscription", "police", "sozlesme", "abonelik", "tesisat"}
_QUALIFIERS = {
    "revenue": {"komisyon", "commission", "fee", "kesinti", "redress", "refund", "refunded", "compensation", "iade",
                "tazminat", "monthly", "annual", "yearly",
                "declared", "shipping", "kargo", "discount", "indirim", "tax", "vergi",
                "budget", "target", "average", "ortalama", "aylik", "yillik", "lifetime", "unit", "birim", "stock"},
    "customer_id": {"service", "hizmetleri", "name", "type", "segment", "age", "city", "satisfaction", "group", "since",
                    "adi", "tipi", "grubu", "sehir", "yas", "memnuniyet", "memnuniyeti", "support", "agent", "rep",
                    "effort", "comment", "yorumu", "language", "dili", "role", "rolu"},
    "order_id": {"date", "tarihi", "value", "total", "tutari", "status", "durumu", "statusu", "amount", "type", "count",
                 "sayisi"},
    "record_id": {"seller", "landing", "page", "product", "urun", "store", "session", "campaign", "device", "agent",
                  "sdr", "sr", "rep", "run", "zip"},
    "csat": {"member", "subscriber", "kazanilan", "harcanan", "biriken", "bakiye", "bakiyesi", "earned", "spent",
             "points", "balance", "lead",
             "credit", "kredi", "risk", "loyalty", "sadakat", "bonus",
             "contact", "engagement", "health", "propensity", "churn", "fraud",
             "average", "avg", "mean", "ortalama"},
    "comment": {"seller", "system", "bank", "gateway", "decline", "error", "type", "count", "date", "status",
                "durum", "durumu", "code", "kodu"},
    "is_complaint": {"id", "no", "date", "description", "tarihi", "aciklamasi", "metni", "type", "turu", "konusu"},
    "touchpoint": {"yapilan", "alinan", "taken", "next", "last", "previous", "son", "sonraki", "onceki",
                   "id", "no", "count", "url", "value", "landing", "entry", "exit", "referrer"},
    "channel": {"id", "cost", "count", "model", "modeli", "brand", "marka", "version", "surum"},
    "persona": {"id", "industry"},
    "wait_seconds": {"satisfaction", "memnuniyet", "rating", "score", "puan", "puani"},
    "quantity": {"catalog", "size", "stock"},
    "stage": {"id"},
}
"""Words that make a longer header mean something else than the synonym in it."""


_OF_A_PIECE = {"price", "fiyat"}
"""Of one piece, where another column holds the total."""
_DERIVES = {"shot", "shots", "ing", "ation", "ations", "er", "ers", "or", "ors", "al", "ship", "ator", "ization"}
"""Endings that make another word of a synonym: an originating address is no origin."""
_WHOLE_ONLY = {"who", "what", "when", "contact", "caller", "requester", "via", "body", "details", "not", "ltr",
               "reason", "reference", "received", "opened", "created", "completed", "submitted", "value", "items",
               "units", "detay", "alici", "why", "total", "oneri", "temas", "hareket"}
"""Synonyms too common to mean the field inside a longer header."""


_NUMBERING = re.compile(r"\d+|[qs]\d+")


_ALIKE = {"kodu": "kod", "numarasi": "no", "numara": "no", "number": "no", "nr": "no", "num": "no"}
"""Words that say the same in a header."""


@dataclass(frozen=True)
class _Synonym:
    """A phrase a field is known by: as text, joined, its words, and those of them that count."""

    text: str
    joined: str
    words: tuple[str, ...]
    lean: tuple[str, ...]


@cache
def _synonyms(field: str) -> tuple[_Synonym, ...]:
    result = []
    for each in (field.replace("_", " "), *FIELD[field].synonyms):
        words = tuple(_ALIKE.get(word, word) for word in each.split())
        result.append(_Synonym(" ".join(words), "".join(words), words,
                               tuple(word for word in words if word not in _NOISE)))
    return tuple(result)


def alike(folded: str) -> str:
    """A header with one word for each of those that say the same."""
    return " ".join(_ALIKE.get(word, word) for word in folded.split())


@lru_cache(maxsize=16384)
def header_score(folded: str, field: str) -> float:
    """0–1: how well a folded header names a field (of cx.model.FIELDS); 1 = it is one of the synonyms."""
    words = [_ALIKE.get(word, word) for word in folded.split() if not _NUMBERING.fullmatch(word)]
    plain, joined = " ".join(words), "".join(words)
    lean = tuple(word for word in words if word not in _NOISE and (len(words) == 1 or word not in UNIT_OF))
    qualifiers = _QUALIFIERS.get(field, set())
    best = 0.0
    for synonym in _synonyms(field):
        if plain == synonym.text:
            return 0.95 if synonym.text in _OF_A_PIECE else 1.0
        wanted = synonym.words
        if joined == synonym.joined or (lean and lean in (wanted, synonym.lean)):
            best = max(best, 0.8 if synonym.text in _OF_A_PIECE else 0.96)
            continue
        if len(wanted) > len(lean) or synonym.text in _WHOLE_ONLY:
            continue
        for start in range(len(lean) - len(wanted) + 1):
            if _same_word(lean[start], wanted[0]) and all(map(_same_word, lean[start + 1:], wanted[1:])):
                rest = lean[:start] + lean[start + len(wanted):]
                cover = len(wanted) / len(lean)
                score = 0.5 + 0.42 * cover - (0.4 if qualifiers & set(rest) else 0)
                best = max(best, score if len(synonym.text) > 2 else score - 0.2)
    return best


def _same_word(found: str, wanted: str) -> bool:
    if found == wanted or len(wanted) < 5 or not found.startswith(wanted):
        return found == wanted
    rest = found[len(wanted):]
    return len(rest) <= 7 and rest not in _DERIVES


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
    return 0.7 if rest and rest <= _CONTRACTS else 0.0
