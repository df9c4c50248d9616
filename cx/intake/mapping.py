"""Which field a column is: its header by the phrases and words of cx.model.FIELDS, and its values against the field.

A confidence is the header's match lowered by what the values deny; below SURE a column stays an attribute.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cx.intake.dating import appoints, books, first_of_row, leaves_and_booked, time_score, travels
from cx.intake.evidence import (
    OPINION,
    SELLS,
    SERVED,
    VAGUE,
    borne_out,
    codes,
    few_people,
    fit,
    known_channels,
    of_few_points,
    says_time,
    tells,
)
from cx.intake.phrases import NUMBERS, header_score, names_people
from cx.intake.privacy import PERSONS, begin_with_first_names
from cx.intake.profile import Profile
from cx.intake.reading import codes_people, last_concepts, names, read_header
from cx.intake.remaining import numbers_from_one, remaining
from cx.intake.values import UNIT_OF
from cx.intake.weighing import SURE, weigh
from cx.model import FIELDS, fold
from cx.store.guesses import guess_channel

_ANYTHING_ELSE = re.compile(r"\b(?:comments?|anything else|tell us|in your own words|suggestions?|feedback|eklemek|"
                            r"gorus\w*|oneri\w*|dusunce\w*|belirtiniz|yorum\w*|reasons?|remarks?|why|explain|neden\w*|"
                            r"nicin|sebeb\w*|acikla\w*|iletmek|yazmak|soylemek|paylas\w*|dilek\w*|detay\w*|ozet\w*|"
                            r"summary|not(?:un?|unuz|lari))\b")
_ASKS = re.compile(r"\b(?:nps|recommend\w*|satisf\w*|tavsiye\w*|oneri\w*|memnun\w*|survey|anket|respon\w*)\b")
_APPLIES = re.compile(r"\b(?:basvuru\w*|talep\w*|sikayet\w*|tickets?|cases?|requests?|complaints?|issues?|ariza\w*)\b")
_BY_US = re.compile(r"\b(?:answered|responded|yanit\w*|cevap\w*|cvp|gonderil\w*)\b")
_CODED = re.compile(r"^[qs]\d{1,2}(?: |$)")
"""Headers that begin with the number of a question."""
_ANSWERED = re.compile(r"\b(?:rated|submit\w*|respond\w*|respons\w*|answered|recorded|yanit\w*|cevap\w*|cvp|"
                       r"gonderil\w*)\b")
_OURS = re.compile(r"\b(?:issues?|tickets?|cases?|agents?|talep\w*|sikayet\w*|temsilci\w*)\b")
"""Where these stand in it, an answer is the company's."""
_OUTSIDE = re.compile(r"ext(?:ernal)? (?:data )?(?:reference|ref|id|key)$")
"""How survey tools call the number a company gave whom it asked."""
_HOW_LONG = re.compile(r"\b(?:kac (?:dakika|saat|dk)\w*|how many (?:minutes|hours)|how long did)\b")
_QUESTION = re.compile(r"^(?:question|soru)(?: (?:text|title|metni|basligi))?$")
_HOW = re.compile(r"^(?:how|via|nasil(?: geldi| ulasti)?|.* nasil geldi|gelis(?: sekli| yolu)?|nereden)$")
_HEARD = re.compile(r"\b(?:how did you (?:hear|find)|(?:nereden|bizi nasil) (?:duydu|ogren|buldu)\w*)")
_COUNTS = re.compile(r"^\s*(?:#|no\.?|num(?:ber)?|count|total)\s+of\b|\b(?:count|sayısı)\s*$", re.IGNORECASE)
"""Raw headers that count something."""
_PREFERRED = re.compile(r"\b(?:prefer\w*|tercih\w*|last|previous|second\w*|son|onceki|diger|permission|consent|izin|"
                        r"izni|onay\w*|opt|payment|odeme|delivery|teslimat|kargo|shipping)\b")
_ORDER_NAME = re.compile(r"^#[A-Z]*-?\d{3,}$")
_COUNTED = {"quantity", "wait_seconds", "delay_days"}
_ANSWERERS = {"respondent", "participant", "katilimci", "yanitlayan", "cevaplayan"}
"""Where these have a number of their own in each row, it is that of the answer."""
_BY_HEADER_ALONE = {"persona", "touchpoint", "wait_seconds", "quantity", "campaign", "stage"}
"""Fields whose values look like many others': sure only under a header that they are known by."""
_ENDS_OTHERWISE: dict[str, set[str]] = {
    "touchpoint": {"text", "status", "count", "pieces", "money", "length", "score", "number"},
    "channel": {"count", "pieces", "money", "length", "time", "text", "number"},
    "customer_id": {"time", "start", "end", "count", "pieces", "money", "text", "length", "status", "comment"},
    "revenue": {"length", "time", "count", "pieces", "score", "text", "status", "number"},
    "order_id": {"way", "time", "start", "end", "money", "text", "length", "status", "type", "name"},
}
"""Concepts of the last word of a header that only begins like a phrase of the field."""
_RATHER_OTHERS = {"order_id": {"transaction", "invoice", "receipt", "shipment", "tracking", "check", "islem", "fatura",
                               "takip"},
                  "wait_seconds": {"hold", "ring", "bekletme"}}
"""Words of headers that are one field only where no other column is it more plainly."""
_WHOLE = {"order", "siparis"}
_OPTIONAL = re.compile(r"optional|zorunlu değil|isteğe bağlı|opsiyonel", re.IGNORECASE)
_CALLS = {"cagri", "call", "calls", "sms", "talk", "konusma", "segments", "dahili"}
_SELLS_SOMETHING = {"order", "orders", "siparis", "sale", "sales", "satis", "product", "urun", "deal", "quantity",
                    "adet", "booking", "reservation", "rezervasyon", "purchase", "won", "basket", "sepet",
                    "trip", "ride", "yolculuk", "fare"}
_FILES_OF_PATIENTS = {"protokol", "dosya", "file", "chart"}
_SEVERAL = {"nps", "csat", "ces"}
"""Fields that several columns of a sheet may rightly be."""


@dataclass(frozen=True)
class _Sheet:
    """What the columns together say about each.

    words    of all headers
    asks     it holds answers to a survey
    numbered people have a number in it, by a column that is not known by its name
    serves   it holds calls or chats of people who are also named
    dated    columns of times with a day
    applied  it dates when people asked for something, so that an answer is the company's
    booked   it says when something was booked, when it begins and when it ends
    travels  it is about stays or journeys
    appointed  it dates appointments, so that booking them is no event
    ratings  highest answer → columns of few points that go to it
    kinds    kind of personal data → columns
    earns    a column may be revenue and holds more than refunds and costs
    """

    words: frozenset[str]
    asks: bool
    numbered: bool
    serves: bool
    dated: int
    applied: bool
    booked: bool
    travels: bool
    appointed: bool
    ratings: Counter[float]
    kinds: Counter[str | None]
    earns: bool


def _look(profiles: Sequence[Profile]) -> _Sheet:
    words = frozenset(word for given in profiles for word in given.folded.split())
    asks = any(_ASKS.search(given.folded) for given in profiles) or (
        sum(bool(_CODED.match(given.folded)) for given in profiles) >= 2)
    return _Sheet(words, asks, not asks and any(map(_codes_people, profiles)),
                  bool(words & SERVED) and any(given.personal for given in profiles),
                  sum(given.times >= 0.7 and not _of_months(given) for given in profiles),
                  any(given.times >= 0.7 and _APPLIES.search(given.folded) for given in profiles),
                  leaves_and_booked(profiles), travels(profiles), appoints(profiles),
                  Counter(given.highest for given in profiles if of_few_points(given)),
                  Counter(given.personal for given in profiles if not few_people(given) and not _one_name(given)),
                  any(given.numbers >= 0.9 and given.highest > 0 and given.times < 0.5 and (
                      header_score(given.folded, "revenue") > 0.5 or names("revenue", given.plain) > 0.5)
                      for given in profiles))


def _of_months(given: Profile) -> bool:
    return given.time_format is not None and given.time_format.order == "month"


def _one_name(given: Profile) -> bool:
    return given.personal == "name" and given.distinct == 1 and given.rows >= 20


def _time(given: Profile, score: float, sheet: _Sheet) -> float:
    if sheet.dated and _of_months(given):
        return 0.0  # beside dates with a day, months sum up
    score = time_score(given, score, sheet.booked, sheet.travels)
    if sheet.appointed and books(given.folded):
        return min(score, 0.6)
    ours = bool(read_header(given.plain).has("first") or _OURS.search(given.folded) or (
        sheet.applied and _BY_US.search(given.folded)))
    if sheet.asks and score > 0.58 and _ANSWERED.search(given.folded) and not ours:
        told = says_time(given) or given.folded.endswith("ed")
        return max(score, 0.95 if told else score) + 0.06
    return score


def _order(given: Profile, score: float, _sheet: _Sheet) -> float:
    return max(score, 0.75) if given.texts and all(map(_ORDER_NAME.match, given.texts)) else score


def _customer(given: Profile, score: float, sheet: _Sheet) -> float:
    if given.personal == "address":
        return 0.0
    if given.personal == "card":
        return min(score, 0.65)  # anything else that names people goes first
    if _one_name(given) and (sheet.kinds["name"] or not (
            PERSONS & set(given.folded.split()) or begin_with_first_names(given.texts))):
        return 0.0  # the company's own
    if given.personal and given.distinct == 1 and sheet.kinds[given.personal] > 1:
        return 0.0  # the company's own
    if given.personal:
        if given.personal == "national_id":
            return VAGUE  # given for other ends
        if sheet.kinds["national_id"]:
            return min(score, VAGUE - 0.01)
        if sheet.numbered:
            return 0.69 if given.personal != "name" else 0.66
        weak = given.personal == "name"  # two may share one
        score = min(max(0.66, score - 0.1), 0.75) if weak else max(0.8, score - 0.1)
        if given.personal == "phone" or _OPTIONAL.search(given.header):
            score = min(score, VAGUE)  # several may share one, or give none
        if sheet.kinds[given.personal] > 1:  # whose is which?
            return 0.78 if PERSONS & set(given.folded.split()) else min(score, 0.7)
        return score
    if given.unique and "contact" in given.folded and sheet.serves:
        return score - 0.3  # of a contact and not of a contact person
    if given.unique and sheet.asks and _ANSWERERS & set(given.folded.split()):
        return score - 0.3  # of the answer
    if given.folded in PERSONS:
        return min(score, 0.91)  # a number goes first
    if sheet.words & {"hasta", "patient"} and _FILES_OF_PATIENTS & set(given.folded.split()) and (
            NUMBERS & set(given.folded.split())):
        return max(score, 0.72)
    if score < 0.7 and _codes_people(given):
        score = 0.7
    if score < 0.68 and given.folded in PERSONS and given.unique and given.words < 1.5:
        score = 0.68
    score = max(score, names_people(given.folded), 0.66 if sheet.asks and _OUTSIDE.match(given.plain) else 0.0)
    return min(score, VAGUE) if sheet.asks and numbers_from_one(given) else score


def _codes_people(given: Profile) -> bool:
    return given.distinct >= 0.1 * given.rows and codes(given) and codes_people(given.plain)


def _a_rating_among(given: Profile, sheet: _Sheet) -> bool:
    return of_few_points(given) and sheet.ratings[given.highest] > 2


def _expectation(given: Profile, score: float, _sheet: _Sheet) -> float:
    return max(score, 0.75) if "?" in given.header and read_header(given.plain).has("expect") else score


def _wait(given: Profile, score: float, sheet: _Sheet) -> float:
    if _a_rating_among(given, sheet) and not names_unit(given.header):
        return 0.0  # how it was liked
    return max(score, 0.68) if _HOW_LONG.search(given.folded) else score


def _channel(given: Profile, score: float, _sheet: _Sheet) -> float:
    if "utm" in given.folded:
        return min(score, VAGUE)  # of the visit, perhaps not of the row
    if known_channels(given) >= 0.7 and not _PREFERRED.search(given.folded):
        return max(score, 0.78)
    if _HOW.search(given.folded) and 2 <= given.distinct <= 20 and 2 * sum(
            guess_channel(value) != (None, None) for value in given.texts) >= given.distinct:
        return max(score, 0.72)
    return max(score, 0.75) if _HEARD.search(given.folded) else score


def _comment(given: Profile, score: float, sheet: _Sheet) -> float:
    if given.folded in ("description", "aciklama") and sheet.words & SELLS and not tells(given):
        return 0.5  # of what was sold
    if _QUESTION.search(given.folded) and given.distinct <= 0.2 * given.rows:
        return 0.0  # what was asked, again and again
    if tells(given) and given.prose >= 0.6 and OPINION.search(given.folded):
        return max(score, 0.76)
    if tells(given):
        return max(score, 0.7 if OPINION.search(given.folded) else 0.66)
    if _ANYTHING_ELSE.search(given.folded) and given.length >= 12:
        return max(score, 0.75)
    asked = "?" in given.header and given.length >= 15 and given.family is None and given.distinct > 1
    return max(score, 0.72) if asked and "selected choice" not in given.folded else score


def _revenue(given: Profile, score: float, sheet: _Sheet) -> float:
    if given.highest <= 0 and sheet.earns:
        return 0.0  # what it cost
    if _a_rating_among(given, sheet):
        return 0.0
    calls = sheet.words & _CALLS and not sheet.words & _SELLS_SOMETHING
    return min(score, 0.55) if calls and given.folded not in ("revenue", "ciro", "gelir") else score  # what they cost


_BY_VALUES: dict[str, Callable[[Profile, float, _Sheet], float]] = {
    "occurred_at": _time, "order_id": _order, "customer_id": _customer, "expectation_met": _expectation,
    "wait_seconds": _wait, "channel": _channel, "comment": _comment, "revenue": _revenue}
"""How what a header is worth to a field changes with the values and the other columns."""


def candidates(profiles: Sequence[Profile], likely: Mapping[str, Mapping[str, float]]) -> list[tuple[float, str, str]]:
    """(confidence, field, header), best first, for every pair above one half.

    likely  see cx.intake.likeness.likeness
    """
    found = []
    uncapped: dict[str, float] = {}  # of times
    plainly: dict[tuple[str, str], float] = {}  # what each pair is worth before it is capped
    sheet = _look(profiles)
    for given in profiles:
        read = {field.name: names(field.name, given.plain) for field in FIELDS}
        for field in FIELDS:
            if given.personal and field.name != "customer_id" and (given.personal != "name" or field.kind == "name"):
                continue
            if field.name not in _COUNTED and _COUNTS.search(given.header):
                continue
            score = header_score(given.folded, field.name)
            known = score >= 0.95
            if not known:  # no phrase it is known by: what its words say
                last = last_concepts(given.plain)
                other = (max(read.values()) >= 0.8 and not read[field.name]) or (
                    bool(last & _ENDS_OTHERWISE.get(field.name, set())) and not (
                        field.kind == "id" and last & {"number", "person"}))
                score = max(score - 0.2 if other else score, read[field.name])
            if field.name in _BY_VALUES:
                score = _BY_VALUES[field.name](given, score, sheet)
            if score <= 0.5:
                continue
            confidence = score * fit(field, given) * (0.9 + 0.1 * min(1.0, given.filled * 1.1))
            words = set(given.folded.split())
            if _RATHER_OTHERS.get(field.name, set()) & words and not words & _WHOLE:
                confidence -= 0.01
            elif field.name == "revenue" and words & {"grand", "genel"}:
                confidence += 0.01
            several = False
            plainly[field.name, given.header] = confidence if field.name != "occurred_at" else 0.0  # see below
            if field.name == "occurred_at":
                uncapped[given.header] = confidence
                several = sheet.dated > 1 and not read_header(given.plain).has("time")
            guessed = not known and read[field.name] == score and read_header(given.plain).unknown > 0
            alone = not known and (field.name in _BY_HEADER_ALONE or (
                field.name == "revenue" and not sheet.words & _SELLS_SOMETHING))
            alone |= field.name == "customer_id" and given.rows >= 20 and given.distinct <= min(20, 0.1 * given.rows)
            if confidence > VAGUE and (several or guessed or alone or not borne_out(
                    field.name, given, set(sheet.words) - words)):
                confidence = VAGUE
            if confidence > 0.5:
                found.append((round(min(confidence, 1.0), 3), field.name, given.header))
    found = sorted(_one_time_first(found, uncapped, profiles), key=lambda each: (-each[0], -plainly[each[1:]]))
    return weigh(found, likely)


def _one_time_first(found: list[tuple[float, str, str]], uncapped: dict[str, float],
                    profiles: Sequence[Profile]) -> list[tuple[float, str, str]]:
    """The candidates, the likeliest column of times before the others whatever they are sure of."""
    places = first_of_row(profiles)
    times = sorted((each for each in found if each[1] == "occurred_at"),
                   key=lambda each: (-round(uncapped[each[2]] + 0.08 * (not places[each[2]][0]), 3), *places[each[2]]))
    most = times[0][0] if times else 1.0
    return [each for each in found if each[1] != "occurred_at"] + [
        (min(confidence, most), field, header) for confidence, field, header in times]


def assign(profiles: Sequence[Profile], found: Sequence[tuple[float, str, str]]) -> dict[str, tuple[str, float]]:
    """Header → (field, confidence): the best pairs first, each field and each column once.

    found  see `candidates`
    """
    taken: dict[str, tuple[str, float]] = {}
    used: set[str] = set()
    for confidence, field, header in found:
        if confidence >= SURE and header not in taken and field not in used:
            torn = field not in _SEVERAL and any(
                other == field and rival >= confidence - 0.03 and named not in (header, *taken)
                for rival, other, named in found)
            taken[header] = (field, min(confidence, VAGUE) if torn else confidence)
            used.add(field)
    return remaining(profiles, taken)


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
    return names_unit(header) or "seconds"


def names_unit(header: str) -> str:
    """The unit a duration's header names; "" = none."""
    units = [UNIT_OF[word] for word in fold(header).split() if word in UNIT_OF and word not in ("saat", "d", "g")]
    return units[-1] if units else "hours" if fold(header).endswith("saat") else ""
