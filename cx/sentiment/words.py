"""A comment as words: lower case, letters folded so that "ÇOK KÖTÜ", "çok kötü" and "cok kotu" are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"İ": "i", "I": "ı", "’": "'", "‘": "'", "`": "'", "´": "'"})
_ENGLISH_LETTERS = str.maketrans({"İ": "i", "’": "'", "‘": "'", "`": "'", "´": "'"})
_FOLD = str.maketrans("çğıöşüâîûé", "cgiosuaiue")
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_FACES = ((re.compile(r"(?<!\w)[:;=8]-?[)D\]]+"), " 🙂 "), (re.compile(r"(?<!\w)[:;=]['’]?-?[(\[]+"), " 🙁 "),
          (re.compile("<3"), " ❤ "))
_NOT_WITHOUT_APOSTROPHE = re.compile(
    r"\b(do|does|did|is|are|was|were|ca|could|wo|would|should|have|has|had)nt\b")
GLAD = frozenset("🙂😀😃😄😁😊😍🥰😘🤩😎👍👏💯❤🧡💛💚💙💜🎉🌟⭐👌🥳💪")
SAD = frozenset("🙁😡😠🤬👎😞😢😭😤💩🤮🤢😒😩😫☹😔💔🤦")
_TOKEN = re.compile(rf"[^\W_]+|[.!?…\n]+|[,;:()–—]+|[{''.join(GLAD | SAD)}]")
_ONLY_TURKISH = frozenset("çÇğĞıİöÖşŞ")
_SPOKEN = {"bi": "bir", "tsk": "tesekkurler", "tşk": "tesekkurler"}
_WHOLE = {"ca": "can", "wo": "will"}
_REPEATED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = 50_000  # that are remembered: most stand in many comments
STOP, PAUSE = ".", ","
_MARKS = {**dict.fromkeys(".!?…\n", STOP), **dict.fromkeys(",;:()–—", PAUSE)}


def turkish_words(comment: str) -> list[tuple[str, str]]:
    """(word as written in lower case, word without Turkish letters); marks that end a sentence are ".", others ","."""
    text = unicodedata.normalize("NFC", comment).translate(_LETTERS).lower()
    return [*map(_turkish_word, _tokens(text))]


@lru_cache(maxsize=_WORDS)
def _turkish_word(token: str) -> tuple[str, str]:
    word = _LONG.sub(r"\1", token)
    return word, _MARKS.get(word[0]) or _SPOKEN.get(word) or word.translate(_FOLD)


def english_words(comment: str) -> list[tuple[str, str]]:
    """As `turkish_words`; "n't" becomes the word "not"."""
    text = comment if comment.isascii() else unicodedata.normalize("NFC", comment).translate(_ENGLISH_LETTERS)
    text = text.lower().replace("cannot", "can not")
    if "'" in text:
        text = text.replace("can't", "can not").replace("won't", "will not").replace("n't", " not")
    if "nt" in text:
        text = _NOT_WITHOUT_APOSTROPHE.sub(lambda met: f"{_WHOLE.get(met[1], met[1])} not", text)
    return [*map(_english_word, _tokens(text))]


@lru_cache(maxsize=_WORDS)
def _english_word(token: str) -> tuple[str, str]:
    word = _LONG.sub(r"\1\1", token)
    return word, _MARKS.get(word[0], word)


def fold(word: str) -> str:
    """A lower-case word without Turkish letters."""
    return word.translate(_FOLD)


def _tokens(text: str) -> list[str]:
    if ":" in text or ";" in text or "<" in text or "=" in text or "8" in text:
        for pattern, face in _FACES:
            text = pattern.sub(face, text)
    return _TOKEN.findall(text)


def turkish_letters(comment: str) -> bool:
    """Whether a comment has letters that Turkish has and English does not."""
    return not comment.isascii() and not _ONLY_TURKISH.isdisjoint(unicodedata.normalize("NFC", comment))


def once(text: str) -> str:
    """Folded lower-case text with no letter twice in a row."""
    return _REPEATED.sub(r"\1", text.lower() if text.isascii() else fold(text.translate(_LETTERS).lower()))


def plain_words(comment: str) -> set[str]:
    """The different words, folded; quicker than `turkish_words`, and without marks."""
    return set(_WORD.findall(comment.lower() if comment.isascii() else fold(comment.translate(_LETTERS).lower())))
