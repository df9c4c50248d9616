"""Delimited text: which encoding, which delimiter and quote, and the records as they stand in the file."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace

from cx.intake.quotes import careful

_DELIMITERS = (",", ";", "\t", "|", "^", "~", ":", " ")
_SAMPLE_CHARACTERS, _SAMPLE_ROWS = 200_000, 400
EVIDENCE_BYTES = 1_000_000
_DOS_LETTERS = "çğıöşüÇĞİÖŞÜ".encode("cp857")
_LARGEST_CELL = 16_000_000
csv.field_size_limit(_LARGEST_CELL)

_KNOWN = re.compile(
    r"^(?:|[-+]?\d+|[-+]?\d{1,3}(?:[.,]\d{3})*(?:[.,]\d+)?|[-+]?\d*[.,]\d+|%?\d+(?:[.,]\d+)?%?|"
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp][Mm])?"
    r"(?:Z|[+-]\d{2}:?\d{2})?)?|"
    r"\d{1,2}:\d{2}(?::\d{2})?|[^@\s]+@[^@\s]+|[^\W\d][\w.-]{0,60}|n/a|nan)$")


@dataclass(frozen=True)
class Dialect:
    """How the cells of a text file are told apart. `quote` "" = quotes are ordinary characters; `escape` takes the
    meaning from the character after it, None = no character does."""

    encoding: str
    delimiter: str
    quote: str = '"'
    escape: str | None = None


def decode(content: bytes) -> tuple[str, str] | None:
    """(text, encoding): by byte-order mark, UTF-16 by its NUL pattern, strict UTF-8, else one of the encodings of
    eight bits, by its letters (line by line where only some lines are not UTF-8). None = not text."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
                           (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return _text_only(content.decode(encoding, errors="replace"), encoding)
    head = content[:4096]
    if b"\0" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > 0.3 * len(head) / 2 and even * 4 < odd:
            return _text_only(content.decode("utf-16-le", errors="replace"), "utf-16-le")
        if even > 0.3 * len(head) / 2 and odd * 4 < even:
            return _text_only(content.decode("utf-16-be", errors="replace"), "utf-16-be")
        if head.count(0) > 0.02 * len(head) + 1:
            return None
    try:
        return _text_only(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    lines = content.split(b"\n")
    accented = [line for line in lines if not line.isascii()]
    if sum(map(_is_utf8, accented)) * 2 > len(accented):
        other = eight_bits(b"\n".join(line for line in accented if not _is_utf8(line)))
        text = "\n".join(line.decode() if line.isascii() or _is_utf8(line) else line.decode(other, errors="replace")
                         for line in lines)
        return _text_only(text, f"utf-8 + {other}")
    encoding = eight_bits(content)
    return _text_only(content.decode(encoding, errors="replace"), encoding)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def eight_bits(content: bytes) -> str:
    """windows-1254 (of which ISO-8859-9 is a part), windows-1252 or the DOS code page 857: Turkish and western letters
    stand in different places, and a letter stands beside other letters."""
    counts = Counter(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[a-z])", content[:EVIDENCE_BYTES]))
    if sum(counts[bytes([letter])] for letter in _DOS_LETTERS) > 0.5 * counts.total():
        return "cp857"
    western = sum(counts[letter.encode("windows-1252")] for letter in "áéíóúæÁÉÍÓÚÆ")
    turkish = sum(counts[letter.encode("windows-1254")] for letter in "çüÇÜıİ")
    return "windows-1252" if western > turkish else "windows-1254"


def _text_only(text: str, encoding: str) -> tuple[str, str] | None:
    """The text, unless its beginning is full of control characters (then it is some binary format)."""
    head = text[:4096]
    control = sum(character < " " and character not in "\t\n\r\f\x1f\x01" for character in head) + head.count("\ufffd")
    return None if control > 0.02 * len(head) + 1 else (text.rstrip("\x1a"), encoding)


def find_dialect(text: str, encoding: str) -> Dialect:
    """The delimiter and quote under which the rows are most alike and the cells most like values.

    Each candidate is scored by pattern × type (after van den Burg, Nazábal & Sutton, "Wrangling messy CSV files",
    2019): rows of equal and greater width score higher, cells that are numbers, dates or words score higher.
    """
    stated = re.match(r"^\ufeff?sep=(.)\r?\n", text)
    if stated:
        return Dialect(encoding, stated[1])
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > _SAMPLE_CHARACTERS:
        sample = sample[:sample.rfind("\n") + 1] or sample
    best, best_score = Dialect(encoding, ","), 0.0
    for quote in ('"', "'", ""):
        if quote != '"' and (quote or '"') not in sample:
            continue
        for delimiter in (*_DELIMITERS, *_rare_delimiters(sample)):
            if delimiter in sample:
                dialect = Dialect(encoding, delimiter, quote)
                score = _score(_parse(sample, dialect, _SAMPLE_ROWS), delimiter, quote)
                if score > best_score * 1.0001:
                    best, best_score = dialect, score
    if re.search(rf'\\["{re.escape(best.delimiter)}]', sample):
        escaped = replace(best, escape="\\")
        if _score(_parse(sample, escaped, _SAMPLE_ROWS), best.delimiter, best.quote) >= best_score:
            return escaped
    return best


def _rare_delimiters(sample: str) -> list[str]:
    """Signs that stand in each of the first lines equally often, and that nobody uses in words or numbers."""
    lines = [line for line in sample.splitlines()[:10] if line.strip()]
    signs = set(lines[0]) - set(_DELIMITERS) if len(lines) > 2 else set()
    return sorted(sign for sign in signs if not sign.isalnum() and sign not in "\"' .-_/()@#%&+*=?!\\"
                  and len({line.count(sign) for line in lines}) == 1)


def _score(rows: list[list[str]], delimiter: str, quote: str) -> float:
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows)
    pattern = sum(count * max(width - 1, 0.001) / width for width, count in widths.items()) / len(widths)
    cells = [cell.strip() for row in rows for cell in row]
    known = sum(bool(_KNOWN.match(cell)) or (" " in cell and len(cell) > 20) for cell in cells) / len(cells)
    penalty = {" ": 0.3, ":": 0.5, "^": 0.9, "~": 0.9}.get(delimiter, 1.0) * (0.8 if quote == "'" else 1.0)
    if not quote and any('"' in cell for cell in cells):
        penalty *= 0.7
    return pattern / len(rows) * max(known, 0.01) * penalty


def records(text: str, dialect: Dialect) -> list[list[str]]:
    """Every record of the text; an empty line is an empty list. Row n of the file is item n-1."""
    if re.match(r"^\ufeff?sep=.\r?\n", text):
        text = text.split("\n", 1)[1]
        return [[], *_parse(text, dialect, None)]
    return _parse(text.lstrip("\ufeff"), dialect, None)


def _parse(text: str, dialect: Dialect, most: int | None) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=dialect.delimiter,
                        quotechar=dialect.quote or None, doublequote=True,
                        quoting=0 if dialect.quote else 3, escapechar=dialect.escape,
                        strict=most is None, skipinitialspace=dialect.delimiter != " ")
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if most is not None and len(rows) >= most:
                return rows
    except csv.Error:
        rows = [] if not dialect.quote else careful(text.replace("\0", ""), dialect.delimiter, dialect.quote,
                                                    dialect.escape)
    swallowed = not rows or (dialect.quote and any(cell.count("\n") > 100 for cell in rows[-1]))
    if swallowed and dialect.quote and most is None:  # an opening quote without an end took the rest of the file
        return [[cell.strip(dialect.quote) for cell in line.split(dialect.delimiter)] if line else []
                for line in text.splitlines()]
    return rows
