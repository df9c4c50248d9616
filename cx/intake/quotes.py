"""Records of delimited text whose quotes are not as they should be: bare ones inside a quoted text, an open one without
its end, whole lines in quotes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

_LINES = 30


def careful(text: str, delimiter: str, quote: str, escape: str | None) -> list[list[str]]:
    """Every record; lines that break the rules of quoting are each read by themselves, as they seem to be meant."""
    pending: list[str] = []

    def lines() -> Iterator[str]:
        for line in text.splitlines(keepends=True):
            pending.append(line)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, quotechar=quote, doublequote=True, escapechar=escape, strict=True,
                        skipinitialspace=delimiter != " ")
    rows: list[list[str]] = []
    while True:
        try:
            rows.append(next(reader))
        except StopIteration:
            return rows
        except csv.Error:
            rows.extend(_meant(line, delimiter, quote) for line in pending)
        pending.clear()


def _meant(line: str, delimiter: str, quote: str) -> list[str]:
    """The cells of a line: a quote opens a text only where another ends it before the next one opens."""
    pieces = line.rstrip("\r\n").split(delimiter)
    cells: list[str] = []
    place = 0
    while place < len(pieces):
        last = _end(pieces, place, quote)
        if last is None:
            cells.append(pieces[place].strip().lstrip(quote))
            last = place
        else:
            cells.append(delimiter.join(pieces[place:last + 1]).strip()[1:-1].replace(quote * 2, quote))
        place = last + 1
    return cells if line.strip() else []


def _end(pieces: list[str], place: int, quote: str) -> int | None:
    """The piece in which the quoted text that opens in this one ends; None where none opens, or it does not end."""
    first = pieces[place].strip()
    if not first.startswith(quote):
        return None
    if len(first) > 1 and first.endswith(quote):
        return place
    for later in range(place + 1, len(pieces)):
        piece = pieces[later].strip()
        if piece.startswith(quote) and len(piece) > 1:
            return None
        if piece.endswith(quote) and piece.count(quote) % 2:
            return later
    return None


def without_outer(text: str) -> str:
    """The text without the quotes around every line, where a program put whole lines in quotes."""
    lines = [line for line in text[:100_000].splitlines()[:_LINES] if line.strip()]
    if len(lines) < 2 or not all(len(line) > 2 and line[0] == line[-1] == '"' and not line.replace('""', "").strip(
            '"').count('"') for line in lines):
        return text
    inner = [line[1:-1].replace('""', '"') for line in lines]
    for delimiter in (",", ";", "\t", "|"):
        counts = [re.sub(r'"[^"]*"', "", line).count(delimiter) for line in inner]
        if counts[0] >= 2 and counts.count(counts[0]) >= 0.9 * len(counts):
            return "\n".join(line[1:-1].replace('""', '"') if line.startswith('"') else line
                             for line in text.splitlines())
    return text
