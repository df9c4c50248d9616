"""What a cell says, by the kind of its column: numbers, durations, yes/no, emotions, answers in words.

A column's number convention is decided from all its values; a single cell is never guessed on its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cx.model import MARKS, NO, YES, fold

# A cell that is empty in other words, in any column; then those that say so in columns of numbers, times and scores.
_EMPTY = {"", "n/a", "#n/a", "#yok", "#na", "nan", "null", "nil", "<na>", "nat", "-", "--", "---", "—", "–", "…", "...",
          "n.a.", "#div/0!", "#sayi/0!", "#value!", "#deger!", "#ref!", "#basv!", "#name?", "#ad?", "#num!", "#sayi!",
          "#null!", "#bos!", "#spill!", "#tasma!", "#calc!", "#hesapla!", "(blank)", "(bos)", "<null>", "[null]"}
_NO_ANSWER = {"na", "none", "yok", "blank", "bos", "empty", "missing", "unknown", "bilinmiyor", "belirtilmemis", "?",
              "not applicable", "not answered", "no answer", "no response", "prefer not to say", "don't know",
              "dont know", "not asked", "(none)", "??", "belirtilmedi", "cevap vermek istemiyorum",
              "cevap yok", "yanit yok", "cevapsiz", "uygulanamaz", "fikrim yok", "bilmiyorum",
              "gecerli degil", "refused", "skipped", "."}
_PLAIN = str.maketrans({"İ": "i", "I": "i", "ı": "i", "ğ": "g", "ü": "u", "ş": "s", "ö": "o", "ç": "c",
                        "Ğ": "g", "Ü": "u", "Ş": "s", "Ö": "o", "Ç": "c", "’": "'", "\u200b": None, "\ufeff": None})


def is_empty(value: str) -> bool:
    """Whether a cell holds nothing (blank, a spreadsheet error, N/A)."""
    if value[:1].isdigit():
        return False
    return len(value) < 12 and value.strip().translate(_PLAIN).lower() in _EMPTY


def is_missing(value: str) -> bool:
    """Whether a cell of a number, time or score column says that there is no answer."""
    if value[:1].isdigit():
        return False
    return is_empty(value) or (len(value) < 30 and value.strip().translate(_PLAIN).lower() in _NO_ANSWER)


# --- numbers ---

POINT, COMMA = "1,234.56", "1.234,56"
_SIGN = r"\s*(?:US\$|[₺$€£¥%]|(?:TL|TRY|USD|EUR|GBP|CHF|kr|yüzde|percent)(?:\.(?!\d))?)?\s*"
_DRESS = re.compile(rf"^\s*(?P<minus>[-−+]?){_SIGN}(?P<sign>[-−+]?)(?P<n>[\d.,'’\s]*\d[.,]?)(?P<last>-?){_SIGN}$",
                    re.IGNORECASE)
_AS_POINT = re.compile(r"^(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?$")
_AS_COMMA = re.compile(r"^(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?$")
_TORN = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")  # 1.234: a thousand and more, or one and a bit
_SIMPLE = re.compile(r"^[+-]?\d{1,15}(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$")
_EXPONENT = re.compile(r"^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$")


def decide_numbers(values: Iterable[str]) -> tuple[str, float]:
    """(convention, share of the values that are numbers). The convention is POINT, COMMA, or "ambiguous" where every
    value with a separator looks like 1.234; values without a separator fit both, then it is POINT."""
    total = numbers = point = comma = torn_point = torn_comma = 0
    for value in values:
        total += 1
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
    if _SIMPLE.match(value) and not (convention == COMMA and _TORN.match(value.lstrip("+-"))):
        return float(value)
    negative_in_brackets = value.strip().startswith("(") and value.strip().endswith(")")
    bare = _bare(value.strip()[1:-1] if negative_in_brackets else value)
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
    return -number if minus or negative_in_brackets else number


def _bare(value: str) -> tuple[bool, str] | None:
    """(negative, digits and separators) of a dressed number; None where it is none."""
    found = _DRESS.match(value)
    if not found:
        return None
    body = re.sub(r"(?<=\d)['’\s](?=\d{3}(?!\d))", "", found["n"].strip())
    if re.search(r"[\s'’]", body):
        return None
    return (found["minus"] + found["sign"] + found["last"]).replace("−", "-").startswith("-"), body


_OUT_OF = re.compile(r"^([\d.,]+)\s*(?:/|out of|of|üzerinden)\s*\d+$", re.IGNORECASE)
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

_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
_UNIT_WORDS = {
    "seconds": ("s", "sec", "secs", "second", "seconds", "sn", "saniye"),
    "minutes": ("m", "min", "mins", "minute", "minutes", "dk", "dak", "dakika"),
    "hours": ("h", "hr", "hrs", "hour", "hours", "sa", "saat"),
    "days": ("d", "day", "days", "gun", "g"),
    "weeks": ("w", "week", "weeks", "hafta"),
}
UNIT_OF = {word: unit for unit, words in _UNIT_WORDS.items() for word in words}
_PART = re.compile(r"([\d.,]+)\s*([^\W\d]+)\.?")
_COLONS = re.compile(r"^(?:(\d+)(?:[.:]| days?,? | gün,? ))?(?:(\d+):)?(\d{1,3}):(\d{2})(?:[.,]\d+)?$")
_MARKED = str.maketrans({"'": "m", "′": "m", "’": "m", '"': "s", "″": "s", "”": "s"})
_FIRST_DAY = re.compile(r"^(?:1899-12-3[01]|1900-01-0[01])[T ](?=\d)")  # a spreadsheet's duration, written as a date


def read_duration(value: str, unit: str = "seconds", convention: str = POINT) -> int | None:
    """Whole seconds: `00:04:30`, `04:30` (minutes, seconds), `4 dk`, `4 min 30 s`, `1 day, 2:03:04`, `4'30"`,
    `PT4M30S`, `270` (in `unit`); None = none."""
    value = _FIRST_DAY.sub("", value.strip())
    colons = _COLONS.match(value)
    if colons:
        days, hours = (colons[1], colons[2]) if colons[2] else ("0", colons[1])
        return int(days or 0) * 86400 + int(hours or 0) * 3600 + int(colons[3]) * 60 + int(colons[4])
    if value[:1] in "Pp" and value[1:2] in "0123456789Tt":
        value = re.sub(r"[PT]", " ", value.upper()).lower()
    value = value.translate(_MARKED)
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
    "beklentimi karsiladi|beklentileri karsiladi|beklentimi asti|beklentinin uzerinde|beklentimin uzerinde|"
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


def read_emotion(value: str) -> int | None:
    """-1, 0 or 1 from a word (EN, TR), an emoji, -1/0/1 or a share of -1…1 (±0.2 is neutral); None = none of them."""
    known = _EMOTION_WORDS.get(fold(value), _EMOTION_WORDS.get(value.strip()))
    if known is not None:
        return known
    number = read_number(value)
    if number is None or not -1 <= number <= 1:
        return None
    return 0 if abs(number) < 0.2 else 1 if number > 0 else -1


_ANSWERS: tuple[str, ...] = (  # worst to best, five points each
    "strongly disagree;completely disagree|disagree;somewhat disagree;slightly disagree|"
    "neither agree nor disagree;neutral;undecided;neither;not sure|agree;somewhat agree;slightly agree|"
    "strongly agree;completely agree",
    "hic katilmiyorum;kesinlikle katilmiyorum;tamamen katilmiyorum|katilmiyorum;kismen katilmiyorum|"
    "kararsizim;ne katiliyorum ne katilmiyorum;fikrim yok;notr|katiliyorum;kismen katiliyorum|"
    "tamamen katiliyorum;kesinlikle katiliyorum;cok katiliyorum",
    "very dissatisfied;very unsatisfied;extremely dissatisfied;very unhappy;extremely unhappy;completely dissatisfied|"
    "dissatisfied;unsatisfied;somewhat dissatisfied;unhappy;somewhat unhappy;slightly dissatisfied;not satisfied|"
    "neutral;neither satisfied nor dissatisfied;neither happy nor unhappy;neither;so so;ok;okay|"
    "satisfied;somewhat satisfied;happy;somewhat happy;slightly satisfied;partly satisfied|"
    "very satisfied;extremely satisfied;very happy;extremely happy;completely satisfied;delighted",
    "hic memnun degilim;cok memnuniyetsizim;hic memnun kalmadim;cok memnuniyetsiz;kesinlikle memnun degilim;"
    "hic memnun degil|memnun degilim;memnuniyetsizim;memnun kalmadim;memnuniyetsiz;memnun degil|"
    "kararsizim;ne memnunum ne degilim;notr;ne memnunum ne memnun degilim;kararsiz;orta;fikrim yok|"
    "memnunum;memnun kaldim;memnun;kismen memnunum;kismen memnun;biraz memnun|"
    "cok memnunum;cok memnun kaldim;cok memnun;kesinlikle memnunum",
    "very poor;terrible;awful;very bad;horrible;well below average|poor;bad;below average;needs improvement|"
    "fair;average;ok;okay;acceptable;neutral;mediocre|good;above average|"
    "excellent;very good;great;outstanding;amazing;superb;perfect;well above average",
    "cok kotu;berbat;cok zayif|kotu;zayif;yetersiz|orta;idare eder;normal;vasat;fena degil;ne iyi ne kotu|iyi;yeterli|"
    "cok iyi;mukemmel;harika;super;pekiyi;cok yeterli",
    "very difficult;very hard;extremely difficult|difficult;hard;somewhat difficult|"
    "neutral;neither easy nor difficult;neither easy nor hard|easy;somewhat easy|very easy;extremely easy",
    "cok zor;cok zordu|zor;zordu|ne kolay ne zor;orta;notr;ne zor ne kolay|kolay;kolaydi|cok kolay;cok kolaydi",
    "very unlikely;not at all likely;extremely unlikely;definitely not|unlikely;somewhat unlikely;probably not|"
    "neutral;maybe;undecided;neither likely nor unlikely;might or might not|"
    "likely;somewhat likely;probably;probably yes|very likely;extremely likely;definitely;definitely yes",
    "never|rarely;seldom;almost never|sometimes;occasionally|often;usually;frequently;most of the time|"
    "always;almost always",
    "hicbir zaman;asla;hic|nadiren;ender|bazen;ara sira;zaman zaman|sik sik;siklikla;cogu zaman;genellikle;cogunlukla|"
    "her zaman;daima",
    "kesinlikle hayir;hic olasi degil|muhtemelen hayir;olasi degil|belki;kararsizim;emin degilim|"
    "muhtemelen evet;muhtemelen;olasi|kesinlikle evet;kesinlikle;cok olasi",
    "much worse than expected;far below expectations;far below|worse than expected;below expectations;"
    "did not meet expectations|as expected;about as expected;met expectations|better than expected;above expectations;"
    "exceeded expectations|much better than expected;far above expectations;far exceeded expectations",
    "beklentimin cok altinda;beklentinin cok altinda|beklentimin altinda;beklentinin altinda;beklentimi karsilamadi|"
    "beklentimi karsiladi;bekledigim gibi;beklentiyi karsiladi|beklentimin uzerinde;beklentinin uzerinde;"
    "beklentimin ustunde;beklentinin ustunde|beklentimin cok uzerinde;beklentinin cok uzerinde;"
    "beklentimin cok ustunde;beklentinin cok ustunde",
    "not at all|not so;slightly;a little|somewhat;moderately|very;quite;a lot|extremely;completely",
    "hic degil;hic|az;biraz;pek degil|orta;kismen;orta derecede|oldukca;epey|cok;son derece;tamamen",
)
LIKERT_TOP = 5
_FAMILIES = tuple({word: score for score, words in enumerate(family.split("|"), start=1) for word in words.split(";")}
                  for family in _ANSWERS)
EASE_FAMILIES = (6, 7)
AGREEMENT_FAMILIES = (0, 1, 9, 10)
"""Whether and how often a statement holds; what that is worth depends on the statement."""
_OF_DEGREE = (len(_ANSWERS) - 2,)
"""Families of degrees, which may stand before one and the same word: "very helpful", "not at all helpful"."""


SLIPS = 0.05
"""The largest share of a column's rows in which one or two values unlike all others are slips of the pen."""


def likert_family(values: Iterable[str], counts: Iterable[int] = ()) -> int | None:
    """Which family of answers in words these (distinct) values belong to; None = numbers or other words.

    At least two different answers of one family, and nothing else but missing ones; and, where it is known how often
    each value occurs (counts), one or two rare slips.
    """
    values, counted = list(values), list(counts)
    found = _family(values)
    if found is not None or not counted:
        return found
    often = [value for value, count in zip(values, counted, strict=True) if count > SLIPS * sum(counted)]
    return _family(often) if 0 < len(values) - len(often) <= 2 else None


def _family(values: Sequence[str]) -> int | None:
    folded = {fold(value) for value in values if not is_missing(value)}
    if len(folded) < 2:
        return None
    for number, family in enumerate(_FAMILIES):
        if folded <= family.keys():
            return number
    endings = {value.rsplit(" ", 1)[-1] for value in folded}
    if len(endings) == 1:
        for number in _OF_DEGREE:
            if all(value.rsplit(" ", 1)[0] in _FAMILIES[number] for value in folded):
                return number
    return None


def read_likert(value: str, family: int) -> int | None:
    """1 (worst) to 5 (best); None = not an answer of that family."""
    folded = fold(value)
    known = _FAMILIES[family].get(folded)
    return known if known is not None or family not in _OF_DEGREE else _FAMILIES[family].get(folded.rsplit(" ", 1)[0])
