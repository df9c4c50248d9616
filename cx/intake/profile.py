"""What a column's values look like: the evidence a mapping stands on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cx.intake.answers import SLIPS, likert_family
from cx.intake.months import DAY_WORDS, MONTH_WORDS
from cx.intake.privacy import PERSONS, begin_with_first_names, personal_kind
from cx.intake.reading import bare, last_concepts, read_header
from cx.intake.table import Cells
from cx.intake.times import TimeFormat, decide_times, read_time
from cx.intake.values import decide_numbers, is_missing, read_duration, read_emotion, read_flag, read_score
from cx.model import fold

_EPOCH = dt.datetime(1970, 1, 1)
_OF_A_TOOL = re.compile(r"^(?:[$@]+(?=\w)|(?:url variable|hidden(?: field)?|embedded data|contact field|"
                        r"propert(?:y|ies)|custom (?:data|field|variable))\s*[:.\-]\s*(?=\w))", re.IGNORECASE)
"""What tools put before the name of a field."""
_HOW = re.compile(r"\s*\((?:e/h|h/e|y/n|0/1|x|evet/hay[ıi]r|yes/no)\)$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<=[^\W\d_]{3})1$")
"""Of the first of several columns (Qty1, Tel1)."""
_NUMBER_SIGN = re.compile(r"(?<=\w)\s*#\s*$")
_OWN_LINE = re.compile(r"\b(?:system|dnis|dialed|dialled|called|aranan)\b")
"""Headers of the numbers a company is called at."""
_SOMEBODYS = PERSONS | {"ship", "bill", "reply"}
"""Words of headers whose numbers are never the company's."""
_PROGRAM = re.compile(r"\b(?:mail|gmail|outlook|webmail|thunderbird|chrome|safari|firefox|edge|opera|android|iphone)\b",
                      re.IGNORECASE)
"""Names of the clients that open e-mails and pages."""
_MOST = 1_000  # distinct values looked at; formats are decided later from all of them


LOOKED_AT = 1_000
"""Characters of a header from which it is told what the column is: none says it later, and looking takes longer than in
proportion."""


@dataclass
class Profile:
    """A column's values in figures. Shares are of the filled, distinct values looked at; of the rows where one or two
    values that are different from all others are rare.

    filled    share of the rows with a value
    distinct  number of different values; repeated = rows per value
    numbers   share that are numbers; counts: number → rows (None where there are more than 200 different ones)
    times     share that are believable dates
    length, words  characters and words of a value, on average
    plain     the folded header without what it says in brackets
    prose     share of the values that read like sentences: four words or more, most of them small
    moment    the time of its values on average, in seconds since 1970; 0 = none are times
    family    which answers in words (cx.intake.values.likert_family); None = other
    """

    header: str
    folded: str
    rows: int
    filled: float
    distinct: int
    examples: list[str]
    numbers: float = 0.0
    whole: float = 0.0
    lowest: float = 0.0
    highest: float = 0.0
    counts: dict[float, int] | None = None
    times: float = 0.0
    time_format: TimeFormat | None = None
    flags: float = 0.0
    emotions: float = 0.0
    durations: float = 0.0
    family: int | None = None
    length: float = 0.0
    words: float = 0.0
    personal: str | None = None
    plain: str = ""
    moment: float = 0.0
    prose: float = 0.0
    texts: list[str] = field(default_factory=list)

    @property
    def unique(self) -> bool:
        """Whether (nearly) every row has a value of its own."""
        return self.filled >= 0.98 and self.distinct >= 0.98 * self.filled * self.rows

    @property
    def share_distinct(self) -> float:
        return self.distinct / max(self.filled * self.rows, 1)


def profile(header: str, cells: Cells) -> Profile:
    """Look at a column."""
    distinct, counted = cells.distinct, cells.counts
    kept = [position for position, value in enumerate(distinct) if not is_missing(value)]
    filled = sum(counted[position] for position in kept)
    unseen = cells.different - len(distinct)  # of a very long column
    called = _NUMBERED.sub("", _NUMBER_SIGN.sub(" no", _OF_A_TOOL.sub("", _HOW.sub("", header[:LOOKED_AT]))))
    result = Profile(header, fold(called), len(cells), filled / max(sum(counted), 1), len(kept) + unseen, [],
                     plain=fold(bare(called)))
    if not kept:
        result.personal = "name" if personal_kind(bare(header), []) == "name" else None
        return result
    by_count = sorted(kept, key=lambda position: -counted[position])[:5]
    result.examples = [str(distinct[position])[:80] for position in by_count]
    chosen = kept if len(kept) <= _MOST else kept[::len(kept) // _MOST + 1]
    values = [str(distinct[position]) for position in chosen]
    result.texts = values[:400]
    total = len(values)
    convention, _ = decide_numbers(values)
    scores = [read_score(value, convention) for value in values]
    numbers = [number for number in scores if number is not None]
    rows = [int(counted[position]) for position in chosen]

    def share(read: Sequence[object]) -> float:
        """Of the different values, those that could be read; one or two odd ones in hundreds of rows hardly count."""
        odd = [row for row, each in zip(rows, read, strict=True) if each is None]
        few = len(odd) <= 2 and sum(odd) <= SLIPS * sum(rows)
        return 1 - (sum(odd) / sum(rows) if few else len(odd) / total)

    result.numbers = share(scores)
    if numbers:
        result.whole = sum(number == int(number) for number in numbers) / len(numbers)
        result.lowest, result.highest = min(numbers), max(numbers)
    if len(kept) <= 200:
        result.counts = {}
        for position, number in zip(chosen, scores, strict=True):
            if number is not None:
                result.counts[number] = result.counts.get(number, 0) + int(counted[position])
    result.time_format = decide_times(values, run_together=_may_be_day(result))
    if result.time_format.yearless:
        if result.time_format.named or _says_day(result):
            result.times = result.time_format.share
    elif result.time_format.share > 0.3 and (
            result.time_format.named or _says_when(result)):
        order = result.time_format.order if result.time_format.order != "ambiguous" else "dmy"
        moments = [moment for value in values if (moment := read_time(value, order)) is not None]
        result.times = len(moments) / total
        result.moment = sum(map(_seconds, moments)) / max(len(moments), 1)
    result.flags = share([read_flag(value) for value in values])
    result.emotions = share([read_emotion(value) for value in values])
    result.durations = share([read_duration(value) for value in values])
    result.family = likert_family(values, rows) if total <= 40 else None
    result.prose = sum(map(_is_prose, values)) / total
    result.length = sum(map(len, values)) / total
    result.words = sum(len(value.split()) for value in values) / total
    result.personal = personal_kind(bare(header[:LOOKED_AT]), values[:300])
    if result.personal == "phone" and _OWN_LINE.search(result.folded) and result.distinct <= 0.1 * len(cells) and (
            not _SOMEBODYS & set(result.folded.split())):
        result.personal = None
    if result.personal == "name" and result.folded in ("name", "ad", "adi") and len(cells) >= 20 and (
            result.distinct <= 0.1 * len(cells)) and not begin_with_first_names(values):
        result.personal = None  # of few things, again and again
    if result.personal == "name" and result.folded == "client name" and all(map(_PROGRAM.search, values)):
        result.personal = None
    return result


def dated_moments(profiles: Iterable[Profile]) -> list[float]:
    """The times of the columns that are dates with a year, on average."""
    return [given.moment for given in profiles if given.times >= 0.7 and given.moment]


def _is_prose(value: str) -> bool:
    words = value.split()
    return len(words) >= 4 and sum(word[:1].islower() for word in words[1:]) >= 0.6 * (len(words) - 1) and (
        sum(map(str.isalpha, words)) >= 0.5 * len(words))


def _may_be_day(given: Profile) -> bool:
    """Whether a bare 31122025 may be a day: the header says when, and nothing of numbers or amounts unless before it
    (sales date)."""
    return _says_when(given) and ("time" in last_concepts(given.plain) or not read_header(given.plain).has(
        "number", "money", "count"))


def _says_day(given: Profile) -> bool:
    """Whether bare 28/01 are days: the header speaks of a date, and not of a duration or number."""
    return bool(DAY_WORDS & set(given.folded.split())) and not read_header(given.plain).has("number", "money", "count")


def _says_when(given: Profile) -> bool:
    return bool(MONTH_WORDS & set(given.folded.split())) or read_header(given.plain).has("time", "start")


def _seconds(moment: dt.datetime) -> float:
    return (moment.replace(tzinfo=None) - _EPOCH).total_seconds()
