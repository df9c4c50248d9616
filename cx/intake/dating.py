"""Which of a sheet's dates is when the thing happened: others are promises, deliveries, birthdays, later steps; or the
steps of a customer's journey."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cx.intake.evidence import FIVE, TIME_WORDS, says_time
from cx.intake.months import MONTH_WORDS
from cx.intake.profile import Profile
from cx.intake.reading import dates_event, names, read_header
from cx.model import fold
from cx.store.guesses import guess_stage

PROMISED = re.compile(r"\b(?:promise\w*|(?<!date )request(?:ed|s)?\b(?! (?:on|at|date|time)\b)|desired|wanted|istenen|"
                      r"talep edilen|estimated|expected|due|planned|scheduled|eta|soz verilen|taahhut\w*|tahmini|edd|"
                      r"planlanan|beklenen|vaat\w*|hedef\w*|termin)\b")
DELIVERED = re.compile(r"\b(?:pod|deliver\w*|arriv\w*|received on|handed over|teslim\w*|ulas\w*)\b")
_TRAVELS = re.compile(r"\b(?:depart\w*|check out|checkout date|room|flight|nights?|gece|"
                      r"oda|ucus|cikis tarihi)\b")
HANDED_ON = re.compile(r"\b(?:kargoya|kuryeye|tasiyiciya|carrier|courier|shipper|warehouse|depoya)\b")
"""Not yet delivered to the customer."""
_OTHER_DATES = re.compile(r"\b(?:next|sonraki|birth\w*|dob|dogum\w*|updat\w*|modif\w*|guncelle\w*|expir\w*|valid\w*|"
                          r"resolv\w*|"
                          r"cohort|kohort|closed(?! won)|cozum\w*|kapan\w*|export\w*)\b")
CLOSED = re.compile(r"\b(?:resolv\w*|closed|solved|cozum\w*|cozul\w*|kapan\w*)\b")
_BEGINS = re.compile(r"\b(?:arriv\w*|check ?in|pick ?up|giris|alis)\b")
_ENDS = re.compile(r"\b(?:end|depart\w*|check ?out|checkout|drop ?off|return|cikis|iade|donus|bitis)\b")
_BOOKED = re.compile(r"\b(?:book(?:ed|ing)|reserv\w*|rezervasyon|created|creation|kayit|olustur\w*|satin)\b")
_APPOINTED = re.compile(r"\b(?:appt|appointment|randevu|muayene|visit date|session date|seans)\b")
_MADE = re.compile(r"\b(?:book(?:ed|ing)|created|made|taken|alma|alin\w*|verilme|verildi\w*)\b")
_NEXT = re.compile(r"\b(?:last|son|sync\w*|import\w*)\b")
_TRANSPORTED = re.compile(r"\b(?:received|sent|loaded|ingested|imported|uploaded|synced|processed|original) at\b")


def travels(profiles: Sequence[Profile]) -> bool:
    """Whether a sheet is about stays or journeys, so that it is the customer who arrives."""
    return any(_TRAVELS.search(given.folded) for given in profiles)


def is_delivered(given: Profile, travelling: bool) -> bool:
    """Whether a header says that something reached the customer."""
    return bool(DELIVERED.search(given.folded)) and not (travelling and "arriv" in given.folded)


def time_score(given: Profile, score: float, booked: bool = False, travelling: bool = False) -> float:
    """0–1: a column of dates may be the time without being called so, unless it is a promise, a birthday, an update…

    score   how well its header matches the phrases for a time
    booked, travelling  see `leaves_and_booked` and `travels`
    """
    if given.times < (0.4 if score > 0.9 else 0.7):  # a column called "date" may hold many that are none
        return 0.0
    bare = given.time_format is not None and given.time_format.order in ("serial", "epoch")
    named = says_time(given) or score > 0.9
    if bare and not named and not given.folded.endswith("date"):
        return 0.0
    surer = 0.03 if given.time_format and given.time_format.clock > 0.5 else 0.0
    if given.time_format and given.time_format.order == "month":
        surer = 0.1 if MONTH_WORDS & set(given.folded.split()) else 0.0
    if _TRANSPORTED.search(given.folded):
        return 0.75
    told = dates_event(given.plain)
    if booked and _BEGINS.search(given.folded):
        return 0.55
    if any(pattern.search(given.folded) for pattern in (HANDED_ON, _OTHER_DATES, PROMISED)) or is_delivered(
            given, travelling):
        return 0.55
    if told <= 0.5 and score < 0.95:  # a later step, unless there is no other time
        return 0.6 if told else 0.55
    return min(1.0, max(score - 0.03 if score >= 0.95 else 0.0, told, 0.62 if not bare else 0.0) + surer)


def leaves_and_booked(profiles: Sequence[Profile]) -> bool:
    """Whether a sheet dates a stay, hire or event: when it was booked, when it begins and when it ends."""
    dated = [given.folded for given in profiles if given.times >= 0.7]
    return all(any(pattern.search(header) for header in dated) for pattern in (_BEGINS, _ENDS)) and any(
        _BOOKED.search(header) and not _BEGINS.search(header) and not _ENDS.search(header) for header in dated)


def books(folded: str) -> bool:
    """Whether a header of a time says that an appointment was made, and not when it is."""
    return bool(_MADE.search(folded))


def appoints(profiles: Sequence[Profile]) -> bool:
    """Whether a sheet dates appointments beside when they were made."""
    dated = [given.folded for given in profiles if given.times >= 0.7]
    return any(_APPOINTED.search(header) and not books(header) for header in dated) and any(map(books, dated))


def first_of_row(profiles: Sequence[Profile]) -> dict[str, tuple[bool, float]]:
    """What tells times apart that are called equally well: first those of what the row's own number is of
    (`message_created_at` beside `message_id`), then the earlier ones."""
    own: set[str] = next((set(given.folded.split()[:-1]) for given in profiles if given.unique and max(
        names("record_id", given.plain), names("order_id", given.plain)) > 0.8), set())
    return {given.header: (not own & set(given.folded.split()) or read_header(given.plain).has("end"), given.moment)
            for given in profiles}


def milestone_name(header: str) -> str:
    """The header of a date column without its date words: `first_contact_date` → `first contact`."""
    words = re.sub(r"(?<=[a-zçğıöşü])(?=[A-ZÇĞİÖŞÜ])|[_\-./]+", " ", header).split()
    return " ".join(word for word in words if fold(word) not in TIME_WORDS).strip()


def further_steps(profiles: Sequence[Profile], steps: Mapping[str, str]) -> dict[str, str]:
    """Of a sheet of two steps or more, the other dates that name something a customer reached, whatever its stage."""
    return {given.header: milestone_name(given.header) for given in profiles
            if given.header not in steps and given.times >= 0.7 and milestone_name(given.header)
            and not _OTHER_DATES.search(given.folded) and not PROMISED.search(given.folded)
            and not _NEXT.search(given.folded)} if len(steps) > 1 else {}


def milestones(profiles: Sequence[Profile]) -> dict[str, str]:
    """Date column → milestone name, for date columns whose names say which step they date."""
    result: dict[str, str] = {}
    for given in profiles:
        name = milestone_name(given.header)
        if (given.times >= 0.7 and name and not _OTHER_DATES.search(given.folded)
                and not PROMISED.search(given.folded) and guess_stage(name, FIVE)):
            result[given.header] = name
    return result
