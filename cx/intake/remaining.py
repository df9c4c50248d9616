"""What the columns are that no header says it of: by their values, where nothing else in the sheet is that. Never sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from cx.intake.evidence import TIME_WORDS, codes, fit
from cx.intake.phrases import NUMBERS
from cx.intake.profile import Profile
from cx.intake.reading import last_concepts, read_header
from cx.model import FIELD, fold

_NUMBERS_OTHERS = {"customer", "user", "client", "member", "account", "contact", "person", "visitor", "order",
                   "invoice", "phone", "zip", "postal", "tax", "session", "product", "store", "agent", "musteri", "uye",
                   "kullanici", "seller", "satici", "siparis", "fatura", "telefon", "posta", "vergi", "urun",
                   "magaza", "sube", "hesap",
                   "abone", "tracking", "takip", "kargo", "listing", "sasi", "vin", "chassis", "plaka", "serial",
                   "seri", "imei", "campaign", "kampanya", "network", "device"}
_JOINED_ID = re.compile(r"[a-z]{1,4}id")
_OF_AN_ANSWER = re.compile(r"^R_[0-9A-Za-z]{10,}$")
_FEELS = re.compile(r"\b(?:feel|feels|felt|hisset\w*|hissed\w*)\b")
_OUTCOME = re.compile(r"\b(?:results?|outcome|sonuc\w*|tests?|testi|status|durum\w*)\b")
_OF_SOMEBODY = {"badge", "dosya", "hosp", "plaka", "plate", "yaka"}
"""Numbers that are of a person where nothing else in the sheet is."""
_MOODS = {"positive", "negative", "neutral", "mixed", "pozitif", "negatif", "notr", "olumlu", "olumsuz", "karisik"}
_MAIL_EVENTS = {"sent", "delivered", "opened", "open", "clicked", "click", "bounced", "bounce", "unsubscribed",
                "unsubscribe", "spam", "deferred", "dropped", "processed", "complained", "gonderildi", "iletildi",
                "teslim edildi", "acildi", "tiklandi", "geri dondu", "abonelikten cikti"}
"""What a tool for e-mail says happened."""
_OF_A_PARCEL = {"shipment", "package", "parcel", "waybill", "po", "paket", "gonderi", "irsaliye", "fatura", "invoice",
                 "order", "siparis", "referans", "reference"}
_FIELD_OF_ROWS = FIELD["record_id"]
_WITH_CENTS = re.compile(r"[.,]\d\d\b|[₺$€£]|\b(?:TL|TRY|USD|EUR|GBP)\b")
_NO_PAYMENT = re.compile(r"\b(?:lat|long?|lng|latitude|longitude|enlem|boylam|rate|orani?|percent|yuzde|weight|agirlik|"
                         r"hours?|days?|version|score|puan\w*|desi)\b")


def remaining(profiles: Sequence[Profile], taken: Mapping[str, tuple[str, float]]) -> dict[str, tuple[str, float]]:
    """Header → (field, confidence): what is taken, and the first columns left that are by their values a field that
    none has been given."""
    found = dict(taken)
    used = {field for field, _ in taken.values()}

    def left() -> list[Profile]:
        return [given for given in profiles if given.header not in found]

    for field, is_one, confidence in _BY_VALUES:
        if field not in used:
            found.update([(given.header, (field, confidence)) for given in left() if is_one(given, used)][:1])
    paid = [given for given in left() if _may_be_paid(given)]
    if "order_id" in used and "revenue" not in used and len(paid) == 1:
        found[paid[0].header] = ("revenue", 0.62)
    return found


def _tells_moods(given: Profile) -> bool:
    """Whether nothing but good, bad and between stands there, and it is no outcome (of a test, of an application)."""
    moods = {fold(value) for value in given.texts}
    return moods <= _MOODS and not _OUTCOME.search(given.folded) and (
        len(moods) > 2 or bool(_FEELS.search(given.folded)))


def numbers_from_one(given: Profile) -> bool:
    """Whether a column numbers the rows from 1 (or 0) on."""
    return given.unique and given.numbers == 1 and given.lowest in (0, 1) and (
        given.highest - given.lowest == given.rows - 1)


def _may_be_paid(given: Profile) -> bool:
    """Whether a column holds nothing but amounts with cents or a currency, under a header that says nothing else."""
    reading = read_header(given.plain)
    return (given.numbers >= 0.9 and not given.personal and given.lowest >= 0
            and not reading.has("apart", "length", "time")
            and not _NO_PAYMENT.search(given.folded) and all(map(_WITH_CENTS.search, given.texts)))


def _numbers_rows(given: Profile, *, ordered: bool) -> bool:
    """Whether a column numbers the rows: a code of its own on each, under a header that says number, or one that a
    survey tool gives to answers. ordered: another column holds the number of the order."""
    words = [word for word in given.folded.split() if not word.isdigit()]
    if given.unique and given.texts and all(map(_OF_AN_ANSWER.match, given.texts)):
        return True
    if ordered and _OF_A_PARCEL & set(words):
        return False  # another number of the order
    return (given.unique and given.rows > 2 and not given.personal and fit(_FIELD_OF_ROWS, given) > 0
            and (words in ([], ["ref"]) or NUMBERS & {words[0], words[-1]} or (
                len(words) > 1 and last_concepts(given.plain) & {"contact",
                "number"} and codes(given)) or _JOINED_ID.fullmatch(words[-1])
                 or numbers_from_one(given) or given.header.rstrip().endswith("#"))
            and (not (_NUMBERS_OTHERS | TIME_WORDS) & set(words) or numbers_from_one(given))
            and all(" " not in value and any(map(str.isdigit, value)) for value in given.texts[:50]))


def _of_somebody(given: Profile, _used: set[str]) -> bool:
    return codes(given) and bool(_OF_SOMEBODY & set(given.folded.split()))


def _feels(given: Profile, _used: set[str]) -> bool:
    return given.distinct >= 2 and (_tells_moods(given) or (
        given.emotions >= 0.9 and not given.numbers and bool(_FEELS.search(given.folded))))


def _mailed(given: Profile, _used: set[str]) -> bool:
    return len(given.texts) >= 3 and {fold(value) for value in given.texts} <= _MAIL_EVENTS


_BY_VALUES: tuple[tuple[str, Callable[[Profile, set[str]], bool], float], ...] = (
    ("record_id", lambda given, used: _numbers_rows(given, ordered="order_id" in used), 0.62),
    ("customer_id", _of_somebody, 0.62), ("emotion", _feels, 0.7), ("touchpoint", _mailed, 0.62))
"""Field, whether a column is one beside the fields that there are, and how sure that is."""
