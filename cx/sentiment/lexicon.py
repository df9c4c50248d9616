"""The weighed words of a language: reading `en.txt` and `tr.txt` (which explain themselves) and finding entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cx.sentiment.words import english_words, fold, turkish_words

_NOUN_ENDING = ("l[ae]r|[dt][ae]n?|n?[iu]n|n[ae]|n?[iu]|s[iu]|y?[iu]m|m[iu]z|[iu]m[iu]z|n[iu]z|[iu]n[iu]z|l[iu]k|l[iu]g"
                "|l[iu]|c[ae]|[dt][iu]r|y?[dt][iu]|y?m[iu]s|y?s[ae]|y?ken|y[ae]|[ae]|k[iu]|k|y?l[ae]|[gm]|s[iu]n|y[iu]z|c[iu]|n|m|s")
_NOUN = re.compile(f"(?:{_NOUN_ENDING})*")
_WITHOUT = re.compile(f"s[iu]z(?:{_NOUN_ENDING})*")
_VOICE = r"(?:[iu]?l|[iu]?n|[iu]?t|t[iu]r|d[iu]r|[iu]s|ar|er)?(?:[iu]?l|[iu]?n|[iu]?t)?"
_NEGATED = (r"(?:m[iu]yo|m[ae]z|m[ae](?:d[iu]|d[ae]n|m[iu]s|m[ae]k|y[iu]n|y[iu]z|y[iu]p|yac|yec|yan|yen|yinc|yise"
            r"|s[iu]n|s[ae]yd[iu]|s[ae]$|yi$))")
_VERB_NEGATED = re.compile(rf"{_VOICE}(?:y?[ae])?{_NEGATED}")
_NARROWED = re.compile("[iıuü]yo")  # bekle- → bekliyor
_I_DO_NOT = re.compile("m[ae]m")  # "tavsiye etmem"; by itself also "my …ing"
_VERB = re.compile(r"$|[dt][iu]|[iu]y|[ae]r|[iu]r|r|m|y|[iu]?l|[iu]?n|[iu]?t|d[iu]r|t[iu]r|[ae]c|[iu]p|s[ae]|[iu]s|"
                   r"[ae]n|[ae]b|c|g|k")
_UNKNOWN_VERB_NEGATED = re.compile(
    r"[a-z]{2,}?(?:m[iu]yo(?:r.*)?|m[ae]d[iu](?:m|n|k|l[ae]r|niz|nuz|g.*)?|m[ae]m[iu]s.*|m[ae]zl?[ae]?r?|[ae]m[ae]m"
    r"|m[ae]y[iu]n(?:[iu]z)?|m[ae]m[ae](?:k|y[ae]|s[iu]).*|m[ae]y[ae](?:n|c[ae][kg]).*|(?:y?[ae])m[ae]d[ae]n)")
_ENGLISH_ENDINGS = frozenset(["", "s", "es", "d", "ed", "ing", "ly", "er", "r", "est", "st", "ness"])


@dataclass(frozen=True)
class Entry:
    """parts   words that follow each other: (stem, kind), kind = word, verb, exact or prefix
    weight  what it says; `negated` what it says when negated (None = turned round)
    group   "" or "thanks" or "neutral"
    """

    parts: tuple[tuple[str, str], ...]
    weight: float
    negated: float | None
    group: str


@dataclass(frozen=True)
class Found:
    """An entry met in a comment: how many words it takes, and whether it was negated by an ending."""

    entry: Entry
    length: int
    negated: bool


class Lexicon:
    """The entries of one language, found by the first letters of their first word, the longest first."""

    def __init__(self, code: str) -> None:
        self.turkish = code == "tr"
        by_start: dict[str, list[Entry]] = {}
        for entry in _read(code):
            stem, kind = entry.parts[0]
            for start in {stem[:3], _softened(stem)[:3]} if kind == "verb" else {stem[:3]}:
                by_start.setdefault(start, []).append(entry)
        for entries in by_start.values():
            entries.sort(key=lambda each: (-len(each.parts), -sum(len(stem) for stem, _ in each.parts)))
        self._by_start = by_start
        self._begun: dict[tuple[str, str], tuple[tuple[Entry, Found], ...]] = {}

    def find(self, words: list[tuple[str, str]], at: int) -> Found | None:
        """The longest entry that begins at this word."""
        begun = self._begun.get(words[at])
        if begun is None:
            begun = self._begun[words[at]] = self._meets_first(*words[at])
        for entry, alone in begun:
            parts = entry.parts
            if len(parts) == 1:
                return alone
            if at + len(parts) > len(words):
                continue
            negated = alone.negated
            for offset, part in enumerate(parts[1:], start=1):
                met = self._meets(*part, *words[at + offset], follows=True)
                if met is None:
                    break
                negated = negated or met
            else:
                return Found(entry, len(parts), negated)
        return None

    def _meets_first(self, written: str, folded: str) -> tuple[tuple[Entry, Found], ...]:
        """The entries whose first word this is, the longest first, each as found where it has no other."""
        found = []
        for start in dict.fromkeys(word[:length] for word in (written, folded) for length in (3, 2, 1)):
            for entry in self._by_start.get(start, ()):
                met = self._meets(*entry.parts[0], written, folded)
                if met is not None:
                    found.append((entry, Found(entry, 1, met)))
        found.sort(key=lambda pair: (-len(pair[0].parts), -sum(len(stem) for stem, _ in pair[0].parts)))
        return tuple(found)

    def _meets(self, stem: str, kind: str, written: str, folded: str, follows: bool = False) -> bool | None:
        """Whether a word is a form of a stem: None = no, True = a form that says the contrary."""
        word = folded if stem.isascii() else written
        if kind == "verb" and stem[-1] in "ae" and word.startswith(stem[:-1]) and _NARROWED.match(word, len(stem) - 1):
            return False
        if not word.startswith(stem) and not (kind == "verb" and word.startswith(_softened(stem))
                                              and word[len(stem):len(stem) + 1] in "aeiuıü"):
            return None
        rest = fold(word[len(stem):])
        if kind == "prefix" or not rest:
            return False
        if kind == "exact":
            return None
        if not self.turkish:
            return False if rest in _ENGLISH_ENDINGS else None
        if kind == "verb":
            if _VERB_NEGATED.match(rest) or (follows and _I_DO_NOT.fullmatch(rest)):
                return True
            return False if _VERB.match(rest) else None
        if _WITHOUT.fullmatch(rest):
            return True
        return False if _NOUN.fullmatch(rest) else None


def _softened(stem: str) -> str:
    """et-, git- before a vowel: ed-, gid-."""
    return stem[:-1] + "d" if stem.endswith("t") else stem


@cache
def negated_verb(folded: str) -> bool:
    """Whether a Turkish word looks like a negated verb."""
    return _UNKNOWN_VERB_NEGATED.fullmatch(folded) is not None


@cache
def lexicon(code: str) -> Lexicon:
    """The lexicon of "en" or "tr"."""
    return Lexicon(code)


@cache
def special(code: str, name: str) -> frozenset[str]:
    """The words listed after `[name]` in a language's file."""
    mark = f"[{name}] "
    return frozenset(word for line in source(code).splitlines() if line.startswith(mark)
                     for word in line.removeprefix(mark).split())


def source(code: str) -> str:
    """The text of a language's lexicon."""
    return (Path(__file__).parent / f"{code}.txt").read_text(encoding="utf-8")


def _read(code: str) -> Iterable[Entry]:
    split = turkish_words if code == "tr" else english_words
    for line in source(code).splitlines():
        if not line.strip() or line[0] in "#[":
            continue
        head, _, entries = line.partition(":")
        group, _, weights = head.rpartition(" ")
        weight, _, negated = weights.partition("/")
        for each in entries.split():
            parts = tuple(part for word in each.split("_") for part in _parts(word, split))
            yield Entry(parts, float(weight), float(negated) if negated else None, group)


def _parts(word: str, split: Callable[[str], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    kind = "exact" if word[0] == "=" else {"-": "verb", "*": "prefix"}.get(word[-1], "word")
    stems = [stem for stem, _ in split(word.strip("=-*"))]
    return [*((stem, "exact") for stem in stems[:-1]), (stems[-1], kind)]
