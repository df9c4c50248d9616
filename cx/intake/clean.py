"""The cells of a sheet, read by the roles and formats of its plan.

How a column is written is decided from all its different cells; then it is read some rows at a time, each different
cell once. What cannot be read is left empty and counted; whether its row is loaded is decided by cx.intake.check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cx.intake.answers import LIKERT_TOP, likert_family, read_likert, unrated
from cx.intake.column import Kind, Values, empty
from cx.intake.fast_read import plain_names, plain_numbers, plain_texts, plain_times
from cx.intake.plan import Score, SheetPlan
from cx.intake.scores import counts_of, find_top, on_scale, turned
from cx.intake.table import Cells, Chunk, Table
from cx.intake.times import Order, decide_times, read_time
from cx.intake.values import (
    CLOCKS,
    POINT,
    decide_numbers,
    is_empty,
    is_missing,
    only_marks,
    read_duration,
    read_emotion,
    read_flag,
    read_number,
    read_score,
)
from cx.language import Text, text_n
from cx.model import FIELD, clean_name
from cx.scales import lowest

SCORES = ("nps", "csat", "ces")
TIMES = ("occurred_at", "milestone", "promised_at", "delivered_at")
_REMEMBERED = 50_000  # cells of a column whose reading is kept for the next rows

Parse = Callable[[str], object]
Test = Callable[[str], bool]
Fast = Callable[[pa.Array], tuple[np.ndarray, np.ndarray]]
_READ, _UNREAD, _OFF_SCALE, _SAYS_NOTHING = range(4)
_COUNTED = (*SCORES, "revenue", "quantity", "wait_seconds", "delay_days")  # cells that say nothing are told of these


@dataclass
class Cleaned:
    """Some rows of a sheet, its columns with a role read.

    values  header → its values; nothing where empty or unreadable
    unread  header → True where a cell holds something that could not be read
    """

    rows: int
    values: dict[str, Values] = field(default_factory=dict)
    unread: dict[str, np.ndarray] = field(default_factory=dict)


class Cleaner:
    """Reads the columns of a sheet that have a role; `plan.formats` and `plan.scores` are filled in where they say
    nothing. What it noticed is in `notes()` once all rows have been read."""

    def __init__(self, table: Table, columns: Mapping[str, Cells], plan: SheetPlan,
                 zone: ZoneInfo | None = None) -> None:
        self._plan = plan
        self._readers: dict[str, _Reader] = {}
        for position, key in enumerate(table.keys):
            role = plan.columns.get(key, "ignore")
            if role != "ignore" and key in columns:
                make = _score_reader if role in SCORES else _reader
                self._readers[key] = make(role, key, columns[key], plan, zone, position in table.numbers)
        self._readers = {key: self._readers[key] for key in plan.columns if key in self._readers}
        self._outside: Counter[str] = Counter()

    def read(self, chunk: Chunk, headers: Sequence[str] | None = None) -> Cleaned:
        """The columns (or only these) of some rows."""
        result = Cleaned(len(chunk))
        for header in self._readers if headers is None else headers:
            result.values[header], result.unread[header] = self._readers[header].read(chunk.columns[header])
        for kind in ("csat", "ces") if headers is None else ():
            self._mind_own_scale(result, self._plan.column_of(kind), self._plan.column_of(f"{kind}_max"))
        return result

    def notes(self) -> list[Text]:
        """What a person should know of the cells that were read."""
        found = [note for header, reader in self._readers.items() for note in reader.notes(header)]
        return found + [text_n(
            "Column “{column}”: {n} answer lies outside the scale of its row and counts as not answered.",
            "Column “{column}”: {n} answers lie outside the scales of their rows and count as not answered.",
            n=count, column=header) for header, count in self._outside.items()]

    def _mind_own_scale(self, result: Cleaned, scores: str | None, tops: str | None) -> None:
        """Where each row names its own scale, an answer outside it is no answer."""
        if scores not in result.values or tops not in result.values:
            return
        answers, highest = result.values[scores].data, result.values[tops].data
        outside = (answers > highest) | (answers < np.where(highest >= 10, lowest(10), lowest(1)))
        outside &= ~np.isnan(highest)
        if outside.any():
            result.values[scores] = result.values[scores].where(~outside)
            self._outside[scores] += int(outside.sum())


@dataclass
class _Reader:
    """How the cells of one column are read.

    parse    a cell → its value, None = unreadable
    missing  whether a cell says nothing
    fast     many cells at once → (values, True where it is sure of them); the others are left to `parse`
    score    of a column of answers, which scale they are on
    off      the answers beside that scale, and how many; said: words for "no answer", and how many
    """

    role: str
    kind: Kind
    parse: Parse
    missing: Test
    fast: Fast | None = None
    score: Score | None = None
    off: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    unread: int = 0
    example: str = ""
    known: dict[str, tuple[object, int]] = field(default_factory=dict)

    def read(self, cells: Values) -> tuple[Values, np.ndarray]:
        """(values, True where a cell could not be read)."""
        assert cells.words is not None
        words, codes = cells.words, cells.data
        counts = np.bincount(codes, minlength=len(words))
        values, sure = self.fast(words) if self.fast else (empty(self.kind, len(words)), np.zeros(len(words), bool))
        slow = np.flatnonzero(counts.astype(bool) & ~sure)
        unread = np.zeros(len(words), dtype=bool)
        spelled: list[str] = []
        for position, word in zip(slow.tolist(), words.take(pa.array(slow)).to_pylist(), strict=True):
            value, state = self._read(word)
            unread[position] = state == _UNREAD
            if state == _OFF_SCALE:
                self.off[word] += int(counts[position])
            elif state == _SAYS_NOTHING:
                self.said[word] += int(counts[position])
            if self.kind == "text":
                values[position] = -1 if value is None else position
                spelled.append(str(value))
            elif value is not None:
                values[position] = value
        if self.kind == "text" and len(slow):
            changed = np.zeros(len(words), dtype=bool)
            changed[slow] = True
            words = pc.replace_with_mask(words, pa.array(changed), pa.array(spelled, pa.string()))
        lost = unread[codes]
        if unread.any():
            if not self.unread and lost.any():
                self.example = (cells.text(int(lost.argmax())) or "")[:60]
            self.unread += int(lost.sum())
        return Values(self.kind, values[codes], words if self.kind == "text" else None), lost

    def _read(self, word: str) -> tuple[object, int]:
        """(value, whether it could be read)."""
        found = self.known.get(word)
        if found is None:
            found = self._careful(word)
            if len(self.known) < _REMEMBERED:
                self.known[word] = found
        return found

    def _careful(self, word: str) -> tuple[object, int]:
        if self.missing(word):
            return None, _SAYS_NOTHING if word and self.role in _COUNTED else _READ
        value = self.parse(word)
        if value is None:
            return None, _UNREAD
        if self.score is None:
            return value, _READ
        return (turned(self.score, value), _READ) if on_scale(self.score, value) else (  # type: ignore[arg-type]
            None, _OFF_SCALE)

    def notes(self, header: str) -> list[Text]:
        found = []
        if self.off and self.score is not None:
            listed = ", ".join(sorted(self.off, key=lambda each: -self.off[each])[:5])
            top = self.score.top
            found.append(text_n(
            "Column “{column}”: {n} answer ({codes}) lies outside the scale {low}–{top} and counts as not answered.",
            "Column “{column}”: {n} answers ({codes}) lie outside the scale {low}–{top} and count as not answered.",
            n=self.off.total(), column=header, codes=listed, low=0 if top >= 10 else 1, top=top))
        if self.said:
            listed = ", ".join(f"“{each}”" for each, _ in self.said.most_common(3))
            found.append(text_n("Column “{column}”: {n} cell says {words} and counts as empty.",
                                "Column “{column}”: {n} cells say {words} and count as empty.",
                                n=self.said.total(), column=header, words=listed))
        if self.unread and self.score is not None:
            found.append(text_n(
                "Column “{column}”: {n} cell is not a score and was left empty, e.g. “{example}”.",
                "Column “{column}”: {n} cells are not scores and were left empty, e.g. “{example}”.",
                n=self.unread, column=header, example=self.example))
        elif self.unread and self.role in FIELD and self.role not in TIMES:
            found.append(text_n(
                "Column “{column}”: {n} cell could not be read as {kind} and was left empty, e.g. “{example}”.",
                "Column “{column}”: {n} cells could not be read as {kind} and were left empty, e.g. “{example}”.",
                n=self.unread, column=header, kind=FIELD[self.role].label, example=self.example))
        return found


def number_format(cells: Cells, typed: bool) -> str:
    """The number convention of a column; cells stored as numbers are written with a point."""
    return POINT if typed else decide_numbers(cells.telling("numbers"))[0]


def _reader(role: str, header: str, cells: Cells, plan: SheetPlan, zone: ZoneInfo | None, typed: bool) -> _Reader:
    if role == "time_of_day":
        return _Reader(role, "number", _clock, is_missing)
    if role in TIMES:
        order = plan.formats.get(header)
        if order is None:
            order = plan.formats[header] = decide_times(cells.telling()).order
        if (days := plan.years.get(header)) is not None:
            return _Reader(role, "time", lambda cell: _moment(*days.dated(cell, _order(order)), zone), is_missing)
        return _Reader(role, "time", lambda cell: _moment(cell, _order(order), zone), is_missing,
                       lambda words: plain_times(words, order))
    kind = FIELD[role].kind if role in FIELD else "attribute"
    if kind == "flag":
        if only_marks(cells.distinct):
            return _Reader(role, "flag", lambda cell: read_flag(cell) is True, _never)
        return _Reader(role, "flag", read_flag, _no_answer_but_no)
    if kind == "emotion":
        return _Reader(role, "number", read_emotion, is_missing)
    if kind in ("integer", "decimal", "seconds"):
        convention = plan.formats.get(header)
        unit = convention if convention in ("minutes", "hours", "days", *CLOCKS) else "seconds"
        if convention is None or kind == "seconds":
            convention = number_format(cells, typed)
            plan.formats.setdefault(header, unit if kind == "seconds" else convention)
        if kind == "seconds":
            return _Reader(role, "number", lambda cell: _within(role, read_duration(cell, unit, convention)),
                           is_missing)
        whole = kind == "integer"
        return _Reader(role, "number", lambda cell: _within(role, _number(cell, convention, whole)), is_missing,
                       None if whole else lambda words: _plain_decimals(words, convention, role))
    if kind == "text":
        return _Reader(role, "text", lambda cell: None if is_missing(cell) else cell, is_empty,
                       lambda words: _standing(plain_texts(words)))
    return _Reader(role, "text", clean_name, is_empty, lambda words: _standing(plain_names(words)))


def _standing(sure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Texts that stand for themselves keep their position."""
    return np.arange(len(sure), dtype=np.int32), sure


def _plain_decimals(words: pa.Array, convention: str, role: str) -> tuple[np.ndarray, np.ndarray]:
    values, sure = plain_numbers(words, convention)
    low, high = FIELD[role].bounds
    return values, sure & ~(values < (-np.inf if low is None else low)) & ~(values > (np.inf if high is None else high))


def _moment(cell: str, order: Order, zone: ZoneInfo | None) -> np.datetime64 | None:
    moment = read_time(cell, order, zone)
    return None if moment is None else np.datetime64(moment, "us")


def _clock(cell: str) -> int | None:
    """Seconds after midnight."""
    moment = read_time(f"2000-01-01 {cell}", "ymd")
    return None if moment is None else moment.hour * 3600 + moment.minute * 60 + moment.second


def _order(given: str) -> Order:
    return given if given in get_args(Order) and given != "ambiguous" else "dmy"  # type: ignore[return-value]


def _no_answer_but_no(cell: str) -> bool:
    return is_missing(cell) and read_flag(cell) is None


def _never(_cell: str) -> bool:
    return False


def _number(cell: str, convention: str, whole: bool) -> float | None:
    number = read_number(cell, convention)
    if number is None or not whole:
        return number
    return float(int(number + 0.5) if number >= 0 else -int(-number + 0.5))


def _within(role: str, number: float | None) -> float | None:
    low, high = FIELD[role].bounds
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return None
    return number


def _score_reader(role: str, header: str, cells: Cells, plan: SheetPlan, _zone: ZoneInfo | None,
                  typed: bool) -> _Reader:
    counted = dict(zip(cells.distinct, cells.counts, strict=True))
    family = likert_family(cells.distinct, cells.counts)
    convention = POINT if family is not None else number_format(cells, typed)

    def parse(cell: str) -> float | None:
        return read_score(cell, convention) if family is None else read_likert(cell, family)

    def missing(cell: str) -> bool:
        return (family is not None and unrated(cell)) or (
            is_missing(cell) and (family is None or read_likert(cell, family) is None))

    score = plan.scores.get(header)
    if score is None or score.kind != role:
        numbers = {cell: None if missing(cell) else parse(cell) for cell in cells.distinct}
        top = LIKERT_TOP if family is not None else find_top(role, header, counts_of(counted, numbers))  # type: ignore[arg-type]
        score = plan.scores[header] = Score(role, top, score.touchpoint if score else None)  # type: ignore[arg-type]
    return _Reader(role, "number", parse, missing, score=score)
