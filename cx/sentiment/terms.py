"""What a comment is about: its words and pairs of words, without endings and without words that say nothing.

Words are cut after a few letters, which in Turkish, where endings pile up, finds texts as well as a stemmer does (Can
et al. 2008, “Information retrieval on Turkish texts”: first five letters).
"""

from __future__ import annotations

import re

from cx.sentiment.judge import in_turkish
from cx.sentiment.lexicon import special
from cx.sentiment.words import PAUSE, STOP, english_words, once, turkish_words

_LETTERS = {"tr": 5, "en": 6}
_STOP = {code: special(code, "stop") for code in _LETTERS}
_SHORTEST = 3
_MASK = re.compile(r"\[(?:e-mail|phone|id|card|iban)\]")
"""What cx.intake.privacy puts in the place of addresses and numbers of people: nothing that anybody said."""


def mentions(comment: str, term: str) -> bool:
    """Whether `terms` of the comment has the term; quicker, since most comments need no closer look."""
    letters = once(comment)
    return all(once(stem) in letters for stem in term.split()) and term in terms(comment)


def terms(comment: str) -> dict[str, str]:
    """Term → how the comment writes it (lower case). A term is a cut word, or two that follow each other."""
    comment = _MASK.sub(" . ", comment)
    code = "tr" if in_turkish(comment) else "en"
    found: dict[str, str] = {}
    before: tuple[str, str] | None = None
    for written, word in turkish_words(comment) if code == "tr" else english_words(comment):
        if word in (STOP, PAUSE) or word in _STOP[code] or len(word) < _SHORTEST or not word.isalpha():
            before = None if word in (STOP, PAUSE) else before
            continue
        stem = word[:_LETTERS[code]]
        if code == "en":
            stem = stem.removesuffix("s")
        found.setdefault(stem, written)
        if before and before[0] != stem:
            found.setdefault(f"{before[0]} {stem}", f"{before[1]} {written}")
        before = stem, written
    return found
