"""What a cell says, by the kind of its column: numbers, durations, yes/no, emotions, answers in words.

A column's number convention is decided from all its values; a single cell is never guessed on its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cx.model import MARKS, NO, YES, fold

# A cell that is empty in other words, in any column; then those that say so in columns of numbers, times and scores.
_EMPTY = {"", "n/a", "#n/a", "#yok", "#na", "nan", "null", "nil", "<na>", "nat", "-", "--", "---", "—", "–", "…", "...",
          "n.a.", "#div/0!", "#sayi/0!", "#value!", "#deger!", "#ref!", "#basv!", "#name?", "#ad?", "#num!", "#sayi!",
          "#null!", "#bos!", "#spill!", "#tasma!", "#calc!", "#hesapla!", "(blank)", "(bos)", "<null>", "[null]",
          "(null)", "\\n", "..", "''", '""', "[]", "{}", "_"}
_NO_ANSWER = {"na", "none", "yok", "blank", "bos", "empty", "missing", "unknown", "bilinmiyor", "belirtilmemis", "?",
              "not applicable", "not answered", "no answer", "no response", "prefer not to say", "don't know",
              "dont know", "not asked", "(none)", "??", "belirtilmedi", "cevap vermek istemiyorum",
              "cevap yok", "yanit yok", "cevapsiz", "uygulanamaz", "fikrim yok", "bilmiyorum",
              "gecerli degil", "refused", "skipped", ".", "not specified", "not available", "no data", "undefined",
              "veri yok", "yanitsiz", "cevaplamadi", "yanitlamadi", "atlandi", "soylemek istemiyorum", "tanimsiz",
              "seciniz", "lutfen seciniz", "secilmedi", "select", "please select", "not selected", "#getting_data"}
_PLAIN = str.maketrans({"İ": "i", "I": "i", "ı": "i", "ğ": "g", "ü": "u", "ş": "s", "ö": "o", "ç": "c",
                        "Ğ": "g", "Ü": "u", "Ş": "s", "Ö": "o", "Ç": "c", "’": "'", "\u200b": None, "\ufeff": None})


def is_empty(value: str) -> bool:
    """Whether a cell holds nothing (blank, a spreadsheet error, N/A)."""
    if value[:1].isdigit() or value[-1:].isdigit():  # no such word does: most cells need no more
        return False
    return len(value) < 12 and value.strip().translate(_PLAIN).lower() in _EMPTY


def is_missing(value: str) -> bool:
    """Whether a cell of a number, time or score column says that there is no answer."""
    if len(value) >= 30 or value[:1].isdigit() or value[-1:].isdigit():
        return False
    plain = value.strip().translate(_PLAIN).lower()
    return plain in _NO_ANSWER or (len(value) < 12 and plain in _EMPTY)


# --- numbers ---

POINT, COMMA = "1,234.56", "1.234,56"
_CURRENCIES = ("TL|TRY|USD|EUR|GBP|CHF|JPY|CNY|INR|RUB|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|AED|SAR|QAR|KWD|BRL|"
               "MXN|ZAR|kr|zł|türk lirası|lira|euros?|avro|dolar|dollars?|sterlin")
_SIGN = rf"\s*(?:(?:US|CA|AU?|C)?\$|[₺$€£¥₹₽₴₸₼%]|(?:{_CURRENCIES}|yüzde|percent)(?:\.(?!\d))?)?\s*"
_DRESS = re.compile(rf"^\s*(?P<minus>[-−–+]?){_SIGN}(?P<sign>[-−–+]?)(?P<n>[\d.,'’\s]*\d[.,]?)(?P<last>-?){_SIGN}$",
                    re.IGNORECASE)
_BRACKETED = re.compile(r"^\s*([^\d()]*)\(([^()]*\d[^()]*)\)([^\d()]*)$")  # an accountant's minus
_AS_POINT = re.compile(r"^(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?$")
_AS_COMMA = re.compile(r"^(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?$")
_TORN = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")  # 1.234: a thousand and more, or one and a bit
_SIMPLE = re.compile(r"^[+-]?\d{1,15}(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$")
_EXPONENT = re.compile(r"^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+$")
_UNDRESSED = re.compile(r"\d+(\.(?:\d\d?|\d{4,}))?$")  # digits, or with a point that cannot group thousands
_LONGEST = 100
"""Characters of a number or a duration: to look for one in longer texts would take the square of their length."""
_DIGIT = re.compile(r"\d")
_COMMA_EXPONENT = re.compile(r"^[+-]?\d+,\d+[eE][+-]?\d{1,2}$")


def decide_numbers(values: Iterable[str]) -> tuple[str, float]:
    """(convention, share of the values that are numbers). The convention is POINT, COMMA, or "ambiguous" where every
    value with a separator looks like 1.234; values without a separator fit both, then it is POINT."""
    total = numbers = point = comma = torn_point = torn_comma = 0
    for value in values:
        total += 1
        undressed = _UNDRESSED.match(value)
        if undressed:  # most are: what follows would say the same
            numbers += 1
            point += undressed[1] is not None
            continue
        bare = _bare(value)
        if bare is None:
            numbers += bool(_EXPONENT.match(value))
            continue
        body = bare[1]
        as_point, as_comma = bool(_AS_POINT.match(body)), bool(_AS_COMMA.match(body))
        numbers += as_point or as_comma
        if _TORN.match(body):
            torn_comma += "." in body
            torn_point += "," in body
        elif as_point and not as_comma:
            point += 1
        elif as_comma and not as_point:
            comma += 1
    share = numbers / total if total else 0.0
    if point or comma:
        return (POINT if point >= comma else COMMA), share
    if torn_point and torn_comma:  # both 1.234 and 1,234: nothing to hold on to
        return "ambiguous", share
    return ("ambiguous" if torn_point or torn_comma else POINT), share


def read_number(value: str, convention: str = POINT) -> float | None:
    """The number in a cell, currency signs, percent signs and grouping aside; None = not a number."""
    if convention == COMMA and _COMMA_EXPONENT.match(value):
        value = value.replace(",", ".")
    if _SIMPLE.match(value) and not (convention == COMMA and _TORN.match(value.lstrip("+-"))):
        return float(value)
    bracketed = _BRACKETED.match(value) if len(value) <= _LONGEST else None
    bare = _bare(bracketed[1] + bracketed[2] + bracketed[3] if bracketed else value)
    if bare is None:
        return None
    minus, body = bare
    first, second = (_AS_COMMA, _AS_POINT) if convention == COMMA else (_AS_POINT, _AS_COMMA)
    if first.match(body):
        comma = convention == COMMA
    elif second.match(body):
        comma = convention != COMMA
    else:
        return None
    text = body.replace(".", "").replace(",", ".") if comma else body.replace(",", "")
    if text in ("", "."):
        return None
    number = float(text)
    if number >= 1e15:
        return None
    return -number if minus or bracketed else number


_MONEY = {"₺": "TRY", "TL": "TRY", "TÜRK LIRASI": "TRY", "TÜRK LİRASI": "TRY", "LIRA": "TRY", "LİRA": "TRY", "€": "EUR",
          "EURO": "EUR", "EUROS": "EUR", "AVRO": "EUR", "$": "USD", "US$": "USD", "DOLAR": "USD", "DOLLAR": "USD",
          "DOLLARS": "USD", "£": "GBP", "STERLIN": "GBP", "STERLİN": "GBP", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
          "CA$": "CAD", "¥": "JPY", "₹": "INR", "₽": "RUB", "₴": "UAH", "₸": "KZT", "₼": "AZN", "ZŁ": "PLN"}
_AMOUNT = re.compile(r"[\d.,'’\s()+−–-]+")


def currencies(values: Iterable[str]) -> list[str]:
    """The currencies that amounts name, as codes, in the order they first occur."""
    found: dict[str, None] = {}
    for value in values:
        if any(character.isdigit() for character in value) and _bare(value.strip().strip("()")):
            for word in filter(None, _AMOUNT.split(value)):
                name = word.strip().upper()
                if name not in ("%", "YÜZDE", "PERCENT"):
                    found[_MONEY.get(name, name)] = None
    return list(found)


def _bare(value: str) -> tuple[bool, str] | None:
    """(negative, digits and separators) of a dressed number; None where it is none."""
    found = _DRESS.match(value) if len(value) <= _LONGEST and _DIGIT.search(value) else None
    if not found:
        return None
    body = re.sub(r"(?<=\d)['’\s](?=\d{3}(?!\d))", "", found["n"].strip())
    if re.search(r"[\s'’]", body):
        return None
    return (found["minus"] + found["sign"] + found["last"])[:1] in ("-", "−", "–"), body


_OUT_OF = re.compile(r"^([\d.,]+)\s*(?:/|out of|of|üzerinden)\s*\d+(?:\s*(?:stars?|points?|yıldız|"
                     r"puan))?$", re.IGNORECASE)
_LABELLED = re.compile(r"^(\d{1,3})\s*[-–—:(=.]\s*[^\W\d]")


def read_score(value: str, convention: str = POINT) -> float | None:
    """An answer on a scale: `4`, `4/5`, `10 - Extremely likely`, `★★★★☆`; None = none."""
    value = value.strip()
    found = _OUT_OF.match(value) or _LABELLED.match(value)
    if found:
        return read_number(found[1], convention)
    if value.startswith("★"):
        return float(value.count("★"))
    return read_number(value, convention)


# --- durations ---

CLOCKS = ("mm:ss", "hh:mm")
"""What 4:30 can mean, where it is not the unit of the column that says it. Plain numbers beside it are seconds."""
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800} | dict.fromkeys(CLOCKS, 1)
_UNIT_WORDS = {
    "seconds": ("s", "sec", "secs", "second", "seconds", "sn", "saniye"),
    "minutes": ("m", "min", "mins", "minute", "minutes", "dk", "dak", "dakika"),
    "hours": ("h", "hr", "hrs", "hour", "hours", "sa", "saat"),
    "days": ("d", "day", "days", "gun", "g"),
    "weeks": ("w", "week", "weeks", "hafta"),
}
UNIT_OF = {word: unit for unit, words in _UNIT_WORDS.items() for word in words}
_PART = re.compile(r"([\d.,]+)\s*([^\W\d]+)\.?")
_COLONS = re.compile(r"^(?:(\d+)(?:[.:]| days?,? | gün,? ))?(?:(\d+):)?(\d{1,3}):([0-5]\d)(?:[.,]\d+)?$")
_CLOCK_OF = re.compile(r"^(\d+:\d{2})\s*([^\W\d]+)\.?$")
_MARKED = str.maketrans({"'": "m", "′": "m", "’": "m", '"': "s", "″": "s", "”": "s"})
_FIRST_DAY = re.compile(r"^(?:1899-12-3[01]|1900-01-0[01])[T ](?=\d)")  # a spreadsheet's duration, written as a date


def read_duration(value: str, unit: str = "seconds", convention: str = POINT) -> int | None:
    """Whole seconds: `00:04:30`, `04:30` (minutes, seconds), `4 dk`, `4 min 30 s`, `1 day, 2:03:04`, `4'30"`,
    `PT4M30S`, `270` (in `unit`, which may be one of CLOCKS); None = none."""
    if len(value) > _LONGEST:
        return None
    value = _FIRST_DAY.sub("", value.strip())
    dressed = _CLOCK_OF.match(value)
    if dressed and UNIT_OF.get(fold(dressed[2])) in ("minutes", "hours"):  # 00:21 hrs
        value, unit = dressed[1], UNIT_OF[fold(dressed[2])]
    colons = _COLONS.match(value)
    if colons:
        days, hours = (colons[1], colons[2]) if colons[2] else ("0", colons[1])
        if hours is None and unit in ("hours", "days", "hh:mm"):  # 4:30 of hours
            return int(colons[3]) * 3600 + int(colons[4]) * 60
        return int(days or 0) * 86400 + int(hours or 0) * 3600 + int(colons[3]) * 60 + int(colons[4])
    if value[:1] in "Pp" and value[1:2] in "0123456789Tt":
        value = re.sub(r"[PT]", " ", value.upper()).lower()
    value = value.replace("''", '"').replace("’’", '"').translate(_MARKED)
    parts = _PART.findall(value)
    if parts and not re.sub(r"\b(?:ve|and)\b|[\s,]", "", _PART.sub("", value)):
        total = 0.0
        for amount, word in parts:
            number, named = read_number(amount, convention), UNIT_OF.get(fold(word))
            if number is None or named is None:
                return None
            total += number * _UNITS[named]
        return _half_up(total)
    number = read_number(value, convention)
    return None if number is None or number < 0 else _half_up(number * _UNITS[unit])


def are_parts_of_days(values: Iterable[str]) -> bool:
    """Whether durations are written as a spreadsheet stores them: all below one day, with more decimals than anybody
    types (0.003125 is 4 min 30 s)."""
    some = list(values)
    return bool(some) and all(re.fullmatch(r"0(?:[.,]\d+)?", value) for value in some) and any(
        len(value) > 5 for value in some)


def _half_up(value: float) -> int:
    return int(value + 0.5) if value >= 0 else -int(-value + 0.5)


# --- words ---

_EXPECTED = (
    "met|fully met|met expectations|met my expectations|as expected|about as expected|exceeded|exceeded expectations|"
    "exceeded my expectations|above expectations|better than expected|much better than expected|karsilandi|karsiladi|"
    "beklentimi karsiladi|beklentileri karsiladi|beklentimi asti|asti|kismen asti|beklentinin uzerinde|beklentimin "
    "uzerinde|"
    "beklentinin ustunde|beklentimin ustunde|bekledigim gibi|bekledigimden iyi|beklendigi gibi")
_UNEXPECTED = (
    "not met|did not meet|did not meet expectations|did not meet my expectations|below expectations|"
    "below my expectations|far below expectations|worse than expected|much worse than expected|karsilanmadi|"
    "karsilamadi|beklentimi karsilamadi|beklentileri karsilamadi|beklentinin altinda|beklentimin altinda|"
    "bekledigimden kotu")
_FLAGS = dict.fromkeys(YES, True) | dict.fromkeys(NO, False) | dict.fromkeys(_EXPECTED.split("|"), True) | (
    dict.fromkeys(_UNEXPECTED.split("|"), False))


def read_flag(value: str) -> bool | None:
    """Evet/Hayır, E/H, yes/no, true/false, x, 1/0, "Yes, but…", met/below expectations; None = neither."""
    if value.strip().startswith(("-", "−")):  # a code for no answer
        return None
    folded = fold(value) or value.strip()
    first = fold(value.split(",")[0]) if "," in value else ""
    return _FLAGS.get(folded, _FLAGS.get(first) if len(first) > 1 else None)


def only_marks(values: Iterable[str]) -> bool:
    """Whether a column is ticked where it applies, so that an empty cell says no."""
    return {fold(value) or value.strip() for value in values if not is_missing(value)} <= MARKS


_EMOTIONS = {
    1: "positive pozitif olumlu mutlu happy delighted delight joy sevinc memnun satisfied good iyi love great pos 😊 "
       "🙂 😀 😃 😍 👍 + neseli keyifli pleased excited heyecanli",
    0: "neutral notr tarafsiz ne iyi ne kotu mixed karisik ok okay normal indifferent neu 😐 kararsiz orta",
    -1: "negative negatif olumsuz mutsuz unhappy angry anger kizgin ofkeli frustrated frustration sad uzgun bad kotu "
        "disappointed hayal kirikligi neg 😠 😡 🙁 ☹ 😞 👎 annoyed dissatisfied memnuniyetsiz endiseli anxious worried",
}
_EMOTION_WORDS = {word: emotion for emotion, words in _EMOTIONS.items() for word in words.split()
                  if word not in ("ne", "hayal")} | {"ne iyi ne kotu": 0, "hayal kirikligi": -1}


_MORE_OR_LESS = {"very", "extremely", "somewhat", "slightly", "quite", "rather", "mostly", "cok", "biraz", "oldukca"}


def read_emotion(value: str) -> int | None:
    """-1, 0 or 1 from a word (EN, TR), an emoji, -1/0/1 or a share of -1…1 (±0.2 is neutral); None = none of them."""
    folded = fold(value)
    known = _EMOTION_WORDS.get(folded, _EMOTION_WORDS.get(value.strip()))
    if known is None and folded.split(" ")[0] in _MORE_OR_LESS:
        known = _EMOTION_WORDS.get(folded.partition(" ")[2])
    if known is not None:
        return known
    number = read_number(value)
    if number is None or not -1 <= number <= 1:
        return None
    return 0 if abs(number) < 0.2 else 1 if number > 0 else -1
