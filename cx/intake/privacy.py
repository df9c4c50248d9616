"""Columns that identify a person, and the keyed hash that stands in for them.

The key lies beside the workspace file, not in it: a copy of the database alone does not let anybody try out all phone
numbers. Losing the key means that new uploads of the same people get new pseudonyms.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path

from cx.intake.given_names import GIVEN_NAMES
from cx.intake.times import Order, read_time
from cx.model import fold
from cx.store import Store

_EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]{2,}$")
_PHONE = re.compile(r"^(?:[a-z]{1,3}:)?(?:\+|00)?[\d\s().\-/]{10,20}$")
_DIALLED = re.compile(r"^(?:[a-z]{1,3}:)?(?:\+[1-9]|(?:\+?90|0090|0)\s?\(?5\d{2})")
"""What a telephone number begins with whatever its column is called: a country, or 0 or 90 and a Turkish mobile one."""
_IP = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}$|^(?=.*::|(?:[^:]*:){7})[0-9a-f:]{4,39}$", re.IGNORECASE)
_CARD_WORDS = {"card", "kart", "kredi", "pan"}
_IDENTITY_WORDS = {"tc", "tckn", "kimlik"}
_ELEVEN = re.compile(r"^[1-9]\d{10}$|^(?=[\d*]{11}$)\d{1,4}\*+\d{0,4}$")
"""An identity number, perhaps with its middle hidden."""
_PHONE_HEADERS = {"phone", "telephone", "mobile", "gsm", "telefon", "cep", "tel", "msisdn", "whatsapp"}
_CALLERS = {"ani", "cli", "from", "caller", "calling"}
"""Words of headers of numbers that called, and of much else: their values are numbers from ten figures on."""
_CARD = re.compile(r"^\d{4}[\s-]?\d{4}[\s-]?\d{4}[\s-]?\d{1,7}$")
_NAME_HEADERS = {
    "name", "full name", "first name", "last name", "surname", "customer name", "contact name", "client name",
    "ad", "adi", "soyad", "soyadi", "ad soyad", "adi soyadi", "isim", "isim soyisim", "musteri adi",
    "musteri adi soyadi", "musteri ad soyad",
    "profil adi", "profile name", "display name", "nickname", "yetkili", "yetkili adi", "e mail", "email address"}
PERSONS = {"customer", "client", "user", "member", "guest", "patient", "passenger", "visitor", "buyer", "shopper",
           "subscriber", "consumer", "participant", "respondent", "requester", "reporter", "caller", "citizen",
           "student", "insured", "policyholder", "flyer", "attendee", "invitee", "person", "contact", "recipient",
           "sender", "payer", "author", "yazar", "traveler", "traveller", "reviewer", "commenter", "booker", "tenant",
           "resident", "player", "parent", "complainant", "claimant", "diner",
           "musteri", "uye", "hasta", "yolcu", "ziyaretci", "katilimci",
           "kullanici", "abone", "vatandas", "ogrenci", "sigortali", "misafir", "konuk", "arayan", "gonderen",
           "gonderici", "alici", "kisi", "danisan", "veli", "sakin", "basvuran", "sikayetci"}
"""Words for those a sheet is about, folded; not for those who serve them."""
_PERSON_WORDS = PERSONS | {"billing", "shipping", "first", "last", "full", "fatura", "teslimat", "yetkili", "pax"}
_NAMED = (" name", " adi", " ad soyad", " adi soyadi", " isim soyisim", " ismi")
_NAME_WORDS = {"name", "surname", "firstname", "lastname", "fullname", "adsoyad", "isimsoyisim", "soyisim", "ad",
               "adi", "adiniz", "soyad", "soyadi", "soyadiniz", "isim", "isminiz"}
_ABOUT_NAMES = _PERSON_WORDS | {"bill", "ship", "to", "your", "middle", "kisi", "ve", "and"}
_COMPANY = re.compile(r"\b(?:ltd|inc|corp|co|gmbh|ag|llc|plc|group|holding|company|a\.?s|aş|a\.ş|şti|san|tic|ticaret|"
                      r"sanayi|gıda|turizm|bank|bankası)\b", re.IGNORECASE)
_FULL_NAME = re.compile(r"^[^\W\d_a-z][^\W\d_]*[.'’-]?(?: [^\W\d_a-z][^\W\d_]*[.'’-]?){1,3}$")
_SURNAME_FIRST = re.compile(
    r"^[^\W\d_a-z][^\W\d_]*(?:[ -][^\W\d_]+)?, [^\W\d_a-z][^\W\d_]*\.?(?: [^\W\d_a-z][^\W\d_]*\.?)?$")
_HALF_HIDDEN = re.compile(r"^[^\W\d_]+(?: ?[^\W\d_]*\*{2,}\w*)+$")
"""A name as shops print it: A*** K***, Ayşe ***."""
_OF_NO_PERSON = {"organization", "organisation", "company", "firma", "sirket", "kurum", "list", "plan", "method",
                 "store", "magaza", "sube", "product", "urun", "group", "grup", "segment", "type"}
"""Words beside which a name is no person's, whosever it is."""
_ADDRESS_WORDS = {"addr", "adrs", "adr", "address", "address1", "address2", "street", "adres", "adresi"}
_NO_PLACE = {"email", "mail", "e", "web", "site", "url", "mac", "posta", "page"}
_ADDRESS_HEADERS = {"ip", "ip address", "ip adresi"}

_ORDERS: tuple[Order, ...] = ("dmy", "mdy")

_memory_key = secrets.token_bytes(32)
_making_a_key = threading.Lock()


def personal_kind(header: str, values: Sequence[str]) -> str | None:
    """"email", "phone", "national_id", "card", "name" or "address" where a column identifies people; None = it does
    not. `values` are some of its distinct non-empty cells; nine in ten must look like it."""
    folded = fold(header.replace("(s)", ""))
    words = set(folded.split())

    def share(test: object) -> bool:
        return sum(bool(test(value)) for value in values) >= 0.9 * len(values)  # type: ignore[operator]

    if values:
        if share(_EMAIL.match):
            return "email"
        if share(is_national_id) or (words & _IDENTITY_WORDS and share(_ELEVEN.match)):
            return "national_id"
        if (len(values) > 1 or words & _CARD_WORDS) and share(
                lambda value: _CARD.match(value) and _luhn(re.sub(r"\D", "", value))):
            return "card"
        if words & (_PHONE_HEADERS | _CALLERS) and share(lambda value: _PHONE.match(value) and not _is_date(value) and (
                words & _PHONE_HEADERS or sum(map(str.isdigit, value)) >= 10)):
            return "phone"
        if share(lambda value: _DIALLED.match(value) and _PHONE.match(value)):
            return "phone"
        if share(_IP.match) and not words & {"version", "surum", "build"}:
            return "address"
    if {"ad", "name"} <= words:  # of an advert
        return None
    called = folded in _NAME_HEADERS or (folded.endswith(_NAMED) and words & _PERSON_WORDS
                                            and not words & _OF_NO_PERSON)
    if called or (words & _NAME_WORDS and words <= _NAME_WORDS | _ABOUT_NAMES):
        numbered = sum(any(character.isdigit() for character in value) for value in values)
        return "name" if numbered <= 0.5 * len(values) else None
    if words & {"adiniz", "adinizi", "isminiz", "isminizi"} and values and not any(
            any(map(str.isdigit, value)) for value in values):
        return "name"
    about = PERSONS & {folded, folded.removesuffix(" id"), folded.rsplit(" ", 1)[-1]}
    if about and values and share(_is_called) and not any(map(_COMPANY.search, values)):
        return "name"
    if len(values) >= 10 and share(_FULL_NAME.match) and begin_with_first_names(values):
        return "name"
    placed = folded.rsplit(" ", 1)[-1] in _ADDRESS_WORDS and not words & _NO_PLACE
    return "address" if placed or folded in _ADDRESS_HEADERS else None


def _is_called(value: str) -> bool:
    return len(value) <= 80 and any(
        pattern.match(value) for pattern in (_FULL_NAME, _HALF_HIDDEN, _SURNAME_FIRST))


def _is_date(value: str) -> bool:
    return any(read_time(value, order) for order in _ORDERS)


def begin_with_first_names(values: Sequence[str]) -> bool:
    """Whether three in five begin with a common first name."""
    return sum(fold(value.split()[0]) in GIVEN_NAMES for value in values if value.split()) >= 0.6 * len(values)


def are_names(values: Sequence[str]) -> bool:
    """Whether nine in ten could be names of people: capitalised words without figures."""
    return sum(bool(_FULL_NAME.match(value) or (value[:1].isupper() and value.isalpha())) for value in values) >= (
        0.9 * len(values))


def is_national_id(value: str) -> bool:
    """Whether eleven digits are a Turkish identity number (its two check digits hold)."""
    if not re.fullmatch(r"[1-9]\d{10}", value):
        return False
    digits = [int(digit) for digit in value]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "[e-mail]"),
    (re.compile(r"\bTR\d{2}(?:\s?\d{4}){5}\s?\d{2}\b", re.IGNORECASE), "[iban]"),
    (re.compile(r"(?<![\w.,])(?:\d[ -]?){12,18}\d(?!-?\w)"), "[card]"),
    (re.compile(r"(?<![\w.,])[1-9]\d{10}(?!-?\w)"), "[id]"),
    (re.compile(r"(?<![\w.,+])(?:(?:\+|00)[1-9]\d{0,2}|0)[\s.(-]{0,3}\d{3}[\s.)/-]{0,3}\d{3}[\s.-]{0,3}\d{2}[\s.-]{0,3}\d{2}(?!-?\w)"),
     "[phone]"),
    (re.compile(r"(?<![\w.,+])\+[1-9](?:[\s.()/-]{0,3}\d){7,13}(?!-?\w)"), "[phone]"),
    (re.compile(r"(?<![\w.,+])5\d{2}[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!-?\w)"), "[phone]"))


def hide_in_text(value: str) -> str:
    """A text with e-mail addresses, phone, T.C. identity, card (check digits hold) and IBAN numbers replaced by what
    they are: `[e-mail]`, `[phone]`, `[id]`, `[card]`, `[iban]`. Names in running text are not recognised."""
    if "@" not in value and not _LONG_NUMBER.search(value):
        return value
    for pattern, mask in _MASKS:
        def masked(found: re.Match[str], mask: str = mask) -> str:
            digits = re.sub(r"\D", "", found[0])
            kept = (mask == "[id]" and not is_national_id(digits)) or (mask == "[card]" and not _luhn(digits))
            return found[0] if kept else mask
        value = pattern.sub(masked, value)
    return value


def hide(value: str, kind: str | None, key: bytes) -> str:
    """What is kept of a cell: of a column that identifies people a pseudonym, of others the text without the addresses
    and numbers in it (a bare number or code is left as it is)."""
    if kind:
        return pseudonym(value, kind, key)
    running = "@" in value or (_SPACE.search(value) and _LETTER.search(value))
    return hide_in_text(value) if running else value


_LONG_NUMBER = re.compile(r"\d(?:[\s.()/+-]{0,3}\d){8}")
_LETTER, _SPACE = re.compile(r"[^\W\d_]"), re.compile(r"\s")


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def pseudonym(value: str, kind: str, key: bytes) -> str:
    """A stand-in that is the same for every spelling of one e-mail, phone or number: `p-` and 20 hex digits."""
    plain = value.strip().casefold()
    if kind in ("phone", "card", "national_id"):
        digits = re.sub(r"\D", "", plain)
        plain = digits[-10:] if kind == "phone" else digits
    elif kind == "name":
        plain = fold(value)
    return "p-" + hmac.new(key, f"{kind}:{plain}".encode(), hashlib.sha256).hexdigest()[:20]


def workspace_key(store: Store | None) -> bytes:
    """The workspace's secret key, made at first use; of a workspace in memory (or none), the process's own."""
    if store is None or store.path is None:
        return _memory_key
    path = Path(store.path.parent) / "secret.key"
    with _making_a_key:
        if not path.exists():
            whole = path.with_suffix(".new")  # nobody ever reads half a key
            with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_bytes(32).hex())
            os.replace(whole, path)
        return bytes.fromhex(path.read_text(encoding="ascii"))
