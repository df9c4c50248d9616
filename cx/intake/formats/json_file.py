"""JSON and JSON Lines: every array of objects (or of arrays) is a table; nested objects become columns with dots."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from .cells import MANY_ROWS, Refused, Row, Sheet

_MOST_COLUMNS = 16_384
_DEEPEST_COLUMN = 6  # below, a cell holds the rest as JSON
_DEEPEST_TABLE = 6
_MOST_TABLES = 200
_MOST_BYTES = 500_000_000
_LONG_BYTES = 16_000_000  # from here on lines are read one by one
_TELL = 50_000  # rows
_LOOK, _PIECE, _LONGEST = 10_000, 4_000_000, 16_000_000  # characters: to tell what it is, at a time, of one element
_BLANKS = re.compile(r"[ \t\r\n]*")
_Object = dict[str, object]


class _NotPlain(Exception):
    """The file needs to be read as a whole."""


def sheets(path: str, encoding: str) -> Iterator[Sheet | dict[str, int | None]]:
    """The tables of a document, the one of the document itself first, the others named by where they stand."""
    if _is_long_lines(path, encoding):
        yield from _streamed(lambda: _lines(path, encoding))
        return
    if _is_long_array(path, encoding):
        with contextlib.suppress(_NotPlain):
            yield from _streamed(lambda: _elements(path, encoding))
            return
    with open(path, "rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise Refused("too long", bytes=_MOST_BYTES)
    text = content.decode(encoding, errors="replace").lstrip("\ufeff")
    del content
    for found, (name, rows) in enumerate(_tables(_parsed(text))):
        if found == _MOST_TABLES:
            raise Refused("too many tables", most=_MOST_TABLES)
        first = list(islice(rows, MANY_ROWS + 1))
        yield Sheet(name, chain(first, rows), many=len(first) > MANY_ROWS)


def _is_long_lines(path: str, encoding: str) -> bool:
    """Whether a long file has an object in its first line and further lines."""
    if os.path.getsize(path) < _LONG_BYTES:
        return False
    with open(path, encoding=encoding, errors="replace") as file:
        first, second = file.readline(_LONG_BYTES).lstrip("\ufeff").strip(), file.readline(_LONG_BYTES).strip()
    return first.startswith("{") and first.endswith("}") and second.startswith("{") and second.endswith("}")


def _is_long_array(path: str, encoding: str) -> bool:
    """Whether a long file is an array that begins with an object."""
    if os.path.getsize(path) < _LONG_BYTES:
        return False
    with open(path, encoding=encoding, errors="replace") as file:
        return re.match(r"\ufeff?\s*\[\s*\{", file.read(_LOOK)) is not None


def _streamed(documents: Callable[[], Iterator[object]]) -> Iterator[Sheet | dict[str, int | None]]:
    """The table of many objects, read twice: for its columns, then for its rows. Tells how far it is."""
    places: dict[str, int] = {}
    for count, row in enumerate(_flat(documents()), start=1):
        for key in row:
            places.setdefault(key, len(places))
        if len(places) > _MOST_COLUMNS:
            raise Refused("too wide", columns=len(places))
        if count % _TELL == 0:
            yield {"read": count // 2, "of": None}

    def rows() -> Iterator[Row]:
        yield [*places]
        for row in _flat(documents()):
            yield [row.get(key) for key in places]

    yield Sheet("", rows(), many=True)


def _flat(documents: Iterable[object]) -> Iterator[_Object]:
    for given in documents:
        if isinstance(given, dict):
            row: _Object = {}
            _flatten(given, "", 0, row)
            yield row


def _lines(path: str, encoding: str) -> Iterator[object]:
    """The documents of a file that has one a line."""
    with open(path, encoding=encoding, errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield json.loads(line.lstrip("\ufeff"), parse_constant=_no_number)
            except json.JSONDecodeError as error:
                raise Refused("broken json", line=number, column=error.colno) from error


def _elements(path: str, encoding: str) -> Iterator[object]:
    """The elements of a file that is one array; _NotPlain where it is broken, more than that, or one of them is very
    long: reading it as a whole then finds out what it is."""
    decoder = json.JSONDecoder(parse_constant=_no_number)
    with open(path, encoding=encoding, errors="replace") as file:
        text = file.read(_PIECE)
        place = text.index("[") + 1
        while True:
            try:
                element, end = decoder.raw_decode(text, _behind_blanks(text, place))
                end = _behind_blanks(text, end)
            except json.JSONDecodeError:
                end = len(text)
            if end == len(text):  # perhaps it goes on
                more = file.read(_PIECE)
                if not more or end - place > _LONGEST:
                    raise _NotPlain
                text, place = text[place:] + more, 0
                continue
            yield element
            place = end + 1
            if text[end] != ",":
                break
        rest = text[end + 1:]
        while text[end] == "]" and not rest.strip():
            rest = file.read(_PIECE)
            if not rest:
                return
        raise _NotPlain


def _behind_blanks(text: str, place: int) -> int:
    found = _BLANKS.match(text, place)
    assert found
    return found.end()


def _parsed(text: str) -> object:
    """The document; where it is not one but a document a line, the list of them."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        wrong = error
    lines = text.splitlines()
    documents: list[object] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            documents.append(json.loads(line, parse_constant=_no_number))
        except json.JSONDecodeError as error:
            if documents and number > 1:
                raise Refused("broken json", line=number, column=error.colno) from error
            raise Refused("broken json", line=wrong.lineno, column=wrong.colno) from error
    return documents


def _no_number(_name: str) -> None:
    """NaN and Infinity are no numbers of a table."""


def _tables(document: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, Iterator[Row]]]:
    if isinstance(document, list):
        if any(isinstance(each, dict) for each in document):
            yield name, _of_objects([each for each in document if isinstance(each, dict)])
        elif document and all(isinstance(each, list) for each in document):
            yield name, iter(document)
        return
    if not isinstance(document, dict) or depth > _DEEPEST_TABLE:
        return
    header, data = document.get("columns"), document.get("data")
    if isinstance(header, list) and isinstance(data, list) and data and all(isinstance(each, list) for each in data):
        yield name, iter([[_title(each) for each in header], *data])
        return
    columns = [values for values in document.values() if isinstance(values, list)]
    if len(columns) == len(document) > 1 and len({len(values) for values in columns}) == 1 and not any(
            isinstance(value, dict | list) for values in columns for value in values):
        yield name, iter([[*document], *map(list, zip(*columns, strict=True))])
        return
    nested = False
    for key, value in document.items():
        for table in _tables(value, f"{name}.{key}" if name else key, depth + 1):
            nested = True
            yield table
    if not nested and depth == 0 and document:  # a single object is a row
        yield name, _of_objects([document])


def _title(given: object) -> object:
    """A column of a table with its schema: its name."""
    return next((given[key] for key in ("name", "title", "field") if given.get(key)), "") if isinstance(
        given, dict) else given


def _of_objects(objects: list[_Object]) -> Iterator[Row]:
    flat: list[_Object] = []
    places: dict[str, int] = {}
    for each in objects:
        row: _Object = {}
        _flatten(each, "", 0, row)
        for key in row:
            places.setdefault(key, len(places))
        if len(places) > _MOST_COLUMNS:
            raise Refused("too wide", columns=len(places))
        flat.append(row)
    yield [*places]
    for row in flat:
        cells: Row = [None] * len(places)
        for key, value in row.items():
            cells[places[key]] = value
        yield cells


def _flatten(given: _Object, prefix: str, depth: int, row: _Object) -> None:
    for key, value in given.items():
        if isinstance(value, dict) and value and depth < _DEEPEST_COLUMN:
            _flatten(value, f"{prefix}{key}.", depth + 1, row)
        else:
            row[prefix + key] = None if value in ({}, []) else value
