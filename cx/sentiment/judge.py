"""What a comment feels like, from its weighed words, with negation, intensity, contrast and irony of both languages.

Each entry of the lexicon that is met counts with its weight. Negation turns it round: in Turkish by the ending of its
own verb (-me-, -maz, -mıyor), by a negated verb or *değil* or *yok* after it, by -siz; in English by not, no, never,
without… before it. *çok*, *very* strengthen, *biraz*, *a bit* weaken. After *ama*, *but* a sentence says what it means:
what stands before counts less. Thanks and praise by themselves in front of nothing but complaints count as irony.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

from cx.sentiment.lexicon import lexicon, negated_verb, source, special
from cx.sentiment.words import GLAD, PAUSE, SAD, STOP, english_words, plain_words, turkish_letters, turkish_words

_RULES = 1
VERSION = f"{_RULES}-{hashlib.sha256((source('en') + source('tr')).encode()).hexdigest()[:12]}"
"""Changes when the rules or the words do: then what was judged before is judged again."""

LEAST_CONFIDENCE = 0.5
"""Below it a comment counts as unknown, never as neutral."""

_STRONGER, _WEAKER, _BUT, _COMMON = ({code: special(code, name) for code in ("tr", "en")}
                                     for name in ("stronger", "weaker", "but", "common"))
_NO = special("en", "no")
_IS_NOT, _THERE_IS_NO, _ASKING = (special("tr", name) for name in ("is not", "there is no", "asking"))

_MARKING = {code: frozenset({STOP, PAUSE}) | GLAD | SAD | _BUT[code] for code in ("tr", "en")}
"""What `_boundary` moves on over."""

_REACH = 5  # words after an English negation, before a Turkish one
_TURNED_TO_GOOD, _TURNED_TO_BAD = 0.75, 0.9
_BEFORE_BUT, _AFTER_BUT = 0.55, 1.35


@dataclass(frozen=True)
class Judgement:
    """emotion     -1, 0, 1; None = unknown (nothing said, or too little to be confident)
    confidence  0–1, of the class that would be chosen
    language    "tr" or "en", as the comment was read
    """

    emotion: int | None
    confidence: float
    language: str


@dataclass(slots=True)
class _Hit:
    weight: float
    position: int
    clause: int
    sentence: int
    part: int  # of the sentence: rises at each "but"
    turnable: bool = True


class _Reading:
    """What one reading of a comment collects."""

    def __init__(self) -> None:
        self.hits: list[_Hit] = []
        self.thanks = 0.0
        self.neutral = 0.0
        self.asks = False
        self.clause = self.sentence = self.part = 0

    def add(self, weight: float, position: int, *, turnable: bool = True) -> None:
        if weight:
            self.hits.append(_Hit(weight, position, self.clause, self.sentence, self.part, turnable))

    def last(self, position: int) -> _Hit | None:
        """What was said just before in the same clause and can still be turned round."""
        if self.hits:
            hit = self.hits[-1]
            if hit.clause == self.clause and position - hit.position <= _REACH and hit.turnable:
                return hit
        return None


def judge(comment: str) -> Judgement:
    """The sentiment of one comment."""
    turkish = in_turkish(comment)
    if turkish is None:
        english = _judged("en", comment)
        return english if english.emotion is not None else _judged("tr", comment)
    return _judged("tr" if turkish else "en", comment)


def in_turkish(comment: str) -> bool | None:
    """Whether a comment is in Turkish rather than English; None where nothing tells."""
    if turkish_letters(comment):
        return True
    words = plain_words(comment)
    turkish, english = len(words & _COMMON["tr"]), len(words & _COMMON["en"])
    return None if turkish == english else turkish > english


def judge_all(comments: Iterable[str]) -> list[int | None]:
    """-1, 0, 1 or None (unknown) for each comment, in order."""
    return [judge(comment).emotion for comment in comments]


def _judged(language: str, comment: str) -> Judgement:
    reading = _read_turkish(turkish_words(comment)) if language == "tr" else _read_english(english_words(comment))
    emotion, confidence = _decide(reading)
    return Judgement(emotion if confidence >= LEAST_CONFIDENCE else None, confidence, language)


def _decide(reading: _Reading) -> tuple[int | None, float]:
    """Class and confidence: how much more is said for one side than for the other, and how little for the other."""
    good, bad = _sums(reading)
    neutral = reading.neutral
    difference, total = good - bad, good + bad
    size = abs(difference)
    if neutral and neutral >= size:
        return 0, max(LEAST_CONFIDENCE, neutral / (neutral + size))
    if not total:
        return (0, 0.6) if reading.asks else (None, 0.0)
    if min(good, bad) >= 1 and size / total < 0.2:
        return 0, 0.5 + 0.5 * (0.2 - size / total)
    sure = max(good, bad) / total * (1 - math.exp(-size / 0.8))
    return (1 if difference > 0 else -1), sure


def _sums(reading: _Reading) -> tuple[float, float]:
    hits = [(hit, hit.weight) for hit in reading.hits]
    if any(hit.part for hit in reading.hits):
        last_part: dict[int, int] = {}
        for hit in reading.hits:
            last_part[hit.sentence] = max(last_part.get(hit.sentence, 0), hit.part)
        hits = [(hit, hit.weight * (1.0 if not last_part[hit.sentence] else
                                    _AFTER_BUT if hit.part == last_part[hit.sentence] else _BEFORE_BUT))
                for hit in reading.hits]
    if len(hits) > 1 and hits[0][1] > 0 and hits[0][0].position <= 1 and all(
            weight < 0 and hit.clause != hits[0][0].clause for hit, weight in hits[1:]):
        hits = hits[1:]  # "Great! The third wrong item."
    good = bad = 0.0
    for _, weight in hits:
        if weight > 0:
            good += weight
        else:
            bad -= weight
    return (good, bad) if bad >= 1 else (good + reading.thanks, bad)


def _turned(weight: float) -> float:
    return -weight * (_TURNED_TO_BAD if weight > 0 else _TURNED_TO_GOOD)


def _strength(words: list[tuple[str, str]], at: int, language: str) -> float:
    stronger, weaker, factor = _STRONGER[language], _WEAKER[language], 1.0
    for _, word in words[max(0, at - 2):at]:
        if word in stronger:
            factor = 1.3
        elif word in weaker:
            factor = 0.6
    return factor


def _boundary(reading: _Reading, written: str, word: str, language: str) -> None:
    """Move on over punctuation, "but" and faces (what is in _MARKING)."""
    if word == STOP:
        reading.clause, reading.sentence, reading.part = reading.clause + 1, reading.sentence + 1, 0
        reading.asks = reading.asks or "?" in written
    elif word == PAUSE:
        reading.clause += 1
    elif word in _BUT[language]:
        reading.clause, reading.part = reading.clause + 1, reading.part + 1
    else:
        reading.add(1.5 if word in GLAD else -1.5, -9, turnable=False)


def _read_turkish(words: list[tuple[str, str]]) -> _Reading:
    reading, known, at = _Reading(), lexicon("tr"), 0
    while at < len(words):
        written, word = words[at]
        if word in _MARKING["tr"]:
            _boundary(reading, written, word, "tr")
            at += 1
            continue
        if word in ("da", "de") and at and words[at - 1][1].endswith(("sa", "se", "yine")):
            reading.clause, reading.part, at = reading.clause + 1, reading.part + 1, at + 1
            continue
        found = known.find(words, at)
        if found is None:
            before = reading.last(at)
            if word in _IS_NOT:
                if before:
                    before.weight, before.turnable = _turned(before.weight), False
            elif word in _THERE_IS_NO:
                if before:
                    before.weight, before.turnable = _turned(before.weight), False
                else:
                    reading.add(-0.7, at, turnable=False)
            elif word in _ASKING:
                reading.asks = True
                if reading.hits and reading.hits[-1].clause == reading.clause:
                    reading.hits.pop()  # "does it let water through?"
            elif negated_verb(word):
                if before:
                    before.weight, before.turnable = _turned(before.weight), False
                else:
                    reading.add(-0.75, at, turnable=False)
            at += 1
            continue
        _take_turkish(reading, words, at, found.length, found.entry.weight, found.entry.negated, found.entry.group,
                      found.negated, found.entry.parts[-1][1] == "verb")
        at += found.length
    return reading


def _take_turkish(reading: _Reading, words: list[tuple[str, str]], at: int, length: int, weight: float,
                  when_negated: float | None, group: str, negated: bool, verb: bool) -> None:
    if group:
        reading.neutral += weight if group == "neutral" else 0
        reading.thanks += weight if group == "thanks" else 0
        return
    end = at + length - 1
    if not weight:
        if negated:
            before = reading.last(at)
            if before:
                before.weight, before.turnable = _turned(before.weight), False
            else:
                reading.add(when_negated or 0.0, end, turnable=False)
        return
    if negated:
        weight = _turned(weight) if when_negated is None else when_negated
    reading.add(weight * _strength(words, at, "tr"), end, turnable=not negated and not verb)


def _read_english(words: list[tuple[str, str]]) -> _Reading:
    reading, known, at = _Reading(), lexicon("en"), 0
    no_at, no_clause, no_used = -99, -1, True
    while at < len(words):
        written, word = words[at]
        found = known.find(words, at)
        if found is None or (found.length == 1 and word in _BUT["en"]):
            if word in _MARKING["en"]:
                _boundary(reading, written, word, "en")
                at += 1
                continue
            if word not in _NO:
                at += 1
                continue
            if not no_used and no_clause == reading.clause and at - no_at <= 2:
                at += 1  # "never … nothing", "no … nor": one negation
                continue
            if not no_used:
                reading.add(_bare_no(words, no_at), no_at, turnable=False)
            no_at, no_clause, no_used = at, reading.clause, at + 1 < len(words) and words[at + 1][1] == "only"
            at += 1
            continue
        weight, group = found.entry.weight, found.entry.group
        turned = no_clause == reading.clause and 0 < at - no_at <= _REACH
        if group == "neutral":
            reading.neutral += weight
            no_used = no_used or turned
        elif group == "thanks":
            reading.thanks += weight
        elif weight:
            weight *= _strength(words, at, "en")
            reading.add(_turned(weight) if turned else weight, at + found.length - 1, turnable=False)
            no_used = no_used or turned
        at += found.length
    if not no_used:
        reading.add(_bare_no(words, no_at), no_at, turnable=False)
    return reading


def _bare_no(words: list[tuple[str, str]], at: int) -> float:
    """What a negation of something unweighed says: "could not", "nobody" are complaints, "I don't" hardly."""
    if words[at][1] != "not":
        return -0.6
    return -0.6 if at and words[at - 1][1] in ("could", "can", "will", "does", "did") else -0.4
