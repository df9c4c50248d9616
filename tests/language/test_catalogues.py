"""Every text of the screens has its Turkish, and no translation is left without its text."""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CALLS = {"text": 1, "t": 1, "self": 1, "text_n": 2, "plural": 2}  # name of the call → how many texts it begins with


@cache
def texts_in_code() -> dict[str, str | None]:
    """English text → its plural form (None where there is none), from every literal in cx, pages and server, those
    inside f-strings too."""
    found: dict[str, str | None] = {}
    for path in (path for folder in ("cx", "pages", "server") for path in (ROOT / folder).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            many = CALLS.get(getattr(call.func, "id", getattr(call.func, "attr", "")), 0) if isinstance(
                call, ast.Call) else 0
            texts = [each.value for each in call.args[:many] if isinstance(each, ast.Constant)
                     and isinstance(each.value, str)] if many else []
            if texts and len(texts) == many:
                found[texts[0]] = texts[1] if many == 2 else found.get(texts[0])
    return found


@cache
def translations() -> dict[str, tuple[str, str]]:
    """English text → (file, Turkish)."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / "cx" / "language" / "tr").glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file):
                if not entry.id:
                    continue
                english = entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id
                turkish = entry.string[0] if isinstance(entry.string, (tuple, list)) else entry.string
                assert english not in found or found[english][1] == turkish, f"{english!r} is translated twice"
                found[english] = (path.name, turkish)
    return found


def test_every_text_is_translated() -> None:
    known = translations()
    missing = sorted(english for english in texts_in_code() if not known.get(english, ("", ""))[1])
    assert not missing, "\n".join(missing)


def test_no_translation_is_unused() -> None:
    used = texts_in_code()
    unused = sorted(f"{file}: {english}" for english, (file, _) in translations().items() if english not in used)
    assert not unused, "\n".join(unused)


def test_a_translation_has_the_same_values_to_fill_in() -> None:
    def names(message: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(message) if name}

    other = {english: words for english, words in turkish().items()
             if not names(english) <= names(words) <= names(english) | {"n"}}
    assert not other


def test_no_english_is_left_in_a_translation() -> None:
    english_words = re.compile(r"\b(the|and|of|is|are|with|from|this|that|customers?|stage)\b")
    left = [turkish for english, (_, turkish) in translations().items()
            if english_words.search(re.sub(r"\{.*?\}", "", turkish)) and turkish != english]
    assert not left


WORDS = {
    "touchpoint": "temas nokta", "channel": "kanal", "persona": "persona", "stage": "aşama", "interval": "aralı",
    "pain point": "sorunlu nokta", "alert": "uyar", "action": "aksiyon", "target": "hedef", "forecast": "öngörü",
    "answer": "yanıt", "complaint": "şikâyet", "comment": "yorum", "score": "puan|skor", "filter": "filtre",
    "column": "sütun", "period": "dönem", "upload": "yükle", "workspace": "çalışma alan", "net emotion": "net duygu"}
"""{word of the product: its one Turkish word}."""
REJECTED = {
    "cevap": "yanıt", "medyan": "ortanca", "rakam": "değer", "veritabanı": "veri tabanı", "olağandışı": "olağan dışı",
    "mesaj": "ileti", "kohort": "grup", "süzgeç": "filtre", "sadece": "yalnızca", "kolon ": "sütun", "şikayet": "şikâyet",
    "haliyle": "hâliyle", "efor puan": "kolaylık puanı"}
"""{spelling or synonym: what is written instead}; the customer effort score, CES, is named once where it is asked for."""


def turkish() -> dict[str, str]:
    return {english: words for english, (_, words) in translations().items()}


@pytest.mark.parametrize("word", WORDS)
def test_one_thing_has_one_name_in_turkish(word: str) -> None:
    said = re.compile(rf"\b{word}s?\b", re.IGNORECASE)
    other = {english: words for english, words in turkish().items() if said.search(re.sub(r"\{.*?\}", "", english))
             and not re.search(WORDS[word], words.replace("İ", "i").lower())}
    assert not other


@pytest.mark.parametrize("word", REJECTED)
def test_no_translation_says_it_in_another_word(word: str) -> None:
    other = [words for words in turkish().values() if word in words.replace("İ", "i").lower() and "CES" not in words]
    assert not other, f"instead of “{word}”: {REJECTED[word]}"


@pytest.mark.parametrize(("rule", "broken"), [
    ("the percent sign stands before the number", r"[\d}]\s?%(?!\w)"),
    ("a noun after a number stays singular", r"\{n\} \w+(lar|ler)\b"),
    ("no suffix follows data, whose vowels nobody knows", r"\}['’]?[a-zçğıöşü]"),
    ("a decimal comma, and points between thousands", r"\d,\d{3}\b(?! bin)|\b[1-9]\d?\.\d{1,2}\b(?! ?\d)(?!\.)"),
    ("no space before a comma, and never two", r" ,|  "),
])
def test_turkish_is_written_as_it_should_be(rule: str, broken: str) -> None:
    wrong = [words for words in turkish().values() if re.search(broken, words)]
    assert not wrong, rule
