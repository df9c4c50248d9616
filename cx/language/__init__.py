"""English and Turkish: texts, numbers and dates.

A text is written once, in English, where it is used: `text("…", name=value)` in `cx`, `t("…", name=value)` on a
page. Its Turkish stands in the catalogues `cx/language/tr/*.po`. A test lists texts without a translation and
translations without a text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from babel import dates, numbers
from babel.core import Locale
from babel.messages.pofile import read_po

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "tr": "Türkçe"})
DASH = "—"  # shown where a number is undefined


@dataclass(frozen=True)
class Text:
    """A message that is rendered later, in the reader's language. `str()` gives English.

    `plural` is the English plural form (chosen by the value `n`), None where there is none. Values may themselves
    be Text; integers are grouped, floats get at most one decimal, dates the language's medium form.
    """

    id: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        return language("en")(self)

    def __hash__(self) -> int:
        return hash((self.id, tuple(sorted((k, str(v)) for k, v in self.values.items()))))


def text(id: str, **values: object) -> Text:
    """A translatable message; `{name}` in it is replaced by the value of that name."""
    return Text(id, values)


def text_n(singular: str, plural: str, *, n: int, **values: object) -> Text:
    """A translatable message with an English plural form, chosen by `n`."""
    return Text(singular, {"n": n, **values}, plural)


class Language:
    """Renders texts, numbers and dates in one language. Call it with a Text or an English literal."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = Locale.parse({"en": "en_GB", "tr": "tr_TR"}[code])
        self._catalogue = _catalogue(code)
        symbols = self.locale.number_symbols["latn"]
        self.decimal = symbols["decimal"]
        self._signs = str.maketrans({",": symbols["group"], ".": symbols["decimal"]})

    def __call__(self, message: Text | str, **values: object) -> str:
        if isinstance(message, str):
            message = Text(message, values)
        found = self._catalogue.get(message.id)
        if found is None:
            found = message.id if message.plural is None or message.values.get("n") == 1 else message.plural
        if not message.values:
            return found
        return found.format_map({name: self._show(value) for name, value in message.values.items()})

    def plural(self, singular: str, plural: str, *, n: int, **values: object) -> str:
        """The English singular or plural by `n`, or its translation (Turkish nouns after a number stay singular)."""
        return self(Text(singular, {"n": n, **values}, plural))

    def _show(self, value: object) -> str:
        if value is None:
            return DASH
        if isinstance(value, Text):
            return self(value)
        if isinstance(value, bool):
            return self("yes") if value else self("no")
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, float):
            return self.number(value, 1)
        if isinstance(value, dt.datetime):
            return self.datetime(value)
        if isinstance(value, dt.date):
            return self.date(value)
        return str(value)

    def number(self, value: float | None, digits: int = 0, *, sign: bool = False) -> str:
        """`1,234.5` or `1.234,5` with exactly `digits` decimals; "—" for None and NaN."""
        if value is None or value != value:
            return DASH
        shown = f"{Decimal(str(abs(value))):,.{digits}f}".translate(self._signs).replace("Infinity", "∞")
        zero = not any(character in shown for character in "123456789")
        mark = "" if zero else "−" if value < 0 else "+" if sign else ""
        return mark + shown

    def interval(self, lower: str, upper: str) -> str:
        """From one shown value to another, the one way this is written: `12.3% – 15.4%`; between values with a sign
        `−3 to +20`, where a dash would read as a minus. "—" where either is not known."""
        if DASH in (lower, upper):
            return DASH
        return self("{lower} to {upper}", lower=lower, upper=upper) if {lower[:1], upper[:1]} & {"−", "+"} else (
            f"{lower} – {upper}")

    def parse_number(self, given: str) -> float | None:
        """A number as the language writes it (`1,234.5` or `1.234,5`) or as programs do (`1234.5`); else None."""
        words = given.strip().replace("−", "-")
        try:
            return float(numbers.parse_decimal(words, locale=self.locale, strict=True))
        except numbers.NumberFormatError:
            try:
                return float(words)
            except ValueError:
                return None

    def percent(self, share: float | None, digits: int = 1, *, sign: bool = False) -> str:
        """A share 0–1 as `12.3%` (English) or `%12,3` (Turkish)."""
        if share is None or share != share:
            return DASH
        shown = self.number(share * 100, digits, sign=sign)
        if self.code == "tr":
            return f"{shown[0]}%{shown[1:]}" if shown[0] in "−+" else f"%{shown}"
        return f"{shown}%"

    def date(self, value: dt.date, form: str = "medium") -> str:
        """A date in the language's own form: `31 Dec 2025`, `31 Ara 2025`."""
        return _date(value, form, self.locale)

    def datetime(self, value: dt.datetime) -> str:
        """Date and time to the minute: `31 Dec 2025, 14:05`."""
        return f"{self.date(value.date())}, {value:%H:%M}"

    def duration(self, seconds: float | None) -> str:
        """Seconds in the two largest units that matter: `45 s`, `4 min 30 s`, `3 h 20 min`, `2.5 days`."""
        if seconds is None or seconds != seconds:
            return DASH
        if seconds < 60:
            return self("{n} s", n=round(seconds))
        if seconds < 3600:
            minutes, rest = divmod(round(seconds), 60)
            return self("{m} min {s} s", m=minutes, s=rest) if rest else self("{m} min", m=minutes)
        if seconds < 86400:
            hours, rest = divmod(round(seconds / 60), 60)
            return self("{h} h {m} min", h=hours, m=rest) if rest else self("{h} h", h=hours)
        return self("{d} days", d=self.number(seconds / 86400, 1))

    def money(self, value: float | None, currency: str | None = None) -> str:
        """An amount without decimals, with its ISO currency code where one is known."""
        shown = self.number(value)
        return f"{shown} {currency}" if currency and shown != DASH else shown


@cache
def language(code: str) -> Language:
    """The one Language of that code; raises KeyError for a code not in LANGUAGES."""
    return Language(code)


@cache
def _catalogue(code: str) -> Mapping[str, str]:
    """English text → text of that language, merged from the catalogue files of the language."""
    merged: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / code).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file):
                if entry.id and entry.string:
                    key = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
                    merged[key] = entry.string[0] if isinstance(entry.string, tuple | list) else entry.string
    return merged


@lru_cache(4096)
def _date(value: dt.date, form: str, locale: Locale) -> str:
    return dates.format_date(value, form, locale=locale)
