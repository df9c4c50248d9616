"""The further rows of a long sheet, written as Arrow: each different cell of a column becomes text once a batch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any, TextIO

import pyarrow as pa

from .cells import Refused, Row, Sheet

_MOST_CELLS = 1_000_000_000
_MOST_WIDTH = 4_000  # more are refused anyway, with their number
_Text = Mapping[type, Callable[[Any], str]]


def write(out: TextIO, sheet: Sheet, rows: Iterator[Row], text: _Text, stored: Counter[int], written: Counter[int],
          at_once: int) -> None:
    """Write the rows that are left, then the sheet's batches. stored, written: see child.write."""
    cells = 0
    for columns in _of_rows(rows, text, stored, written, at_once):
        cells += _send(out, columns)
    for given in sheet.batches or ():
        cells += _send(out, [_texts(column, text, stored, place) for place, column in enumerate(given)])
        if cells > _MOST_CELLS:
            raise Refused("too large")


def _of_rows(rows: Iterator[Row], text: _Text, stored: Counter[int], written: Counter[int],
             at_once: int) -> Iterator[list[pa.Array]]:
    while chunk := list(islice(rows, at_once)):
        columns = []
        for place, column in enumerate(zip_longest(*chunk, fillvalue="")):
            kinds = Counter(map(type, column))
            stored[place] += kinds[float] + kinds[int]
            if kinds[bool]:  # true and 1 are one key of a dictionary
                columns.append(pa.array([text[type(cell)](cell) for cell in column], pa.string()))
                continue
            if len(kinds) == 1 and kinds[str]:
                columns.append(pa.array(column, pa.string()))
                continue
            known: dict[object, int] = {}
            codes = [known.setdefault(cell, len(known)) for cell in column]
            if kinds[str] and any(type(cell) is str and cell[:1].isdigit() for cell in known):
                written[place] += sum(type(cell) is str and cell[:1].isdigit() for cell in column)
            columns.append(pa.DictionaryArray.from_arrays(
                pa.array(codes, pa.int32()), pa.array([text[type(cell)](cell) for cell in known], pa.string())))
        yield columns


def _texts(column: pa.Array, text: _Text, stored: Counter[int], place: int) -> pa.Array:
    """A column of any type as texts."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        stored[place] += len(column) - column.null_count
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(
            kind):
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_nested(kind):
        return pa.array([text[type(cell)](cell) for cell in column.to_pylist()], pa.string())
    coded = column.dictionary_encode(null_encoding="encode")
    words = [text[type(cell)](cell) for cell in coded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(coded.indices, pa.array(words, pa.string()))


def _send(out: TextIO, columns: Iterable[pa.Array]) -> int:
    """Write one batch → how many cells."""
    arrays = list(columns)
    if not arrays or len(arrays) > _MOST_WIDTH:
        raise Refused("too wide", columns=len(arrays))
    batch = pa.record_batch(arrays, names=[str(place) for place in range(len(arrays))])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    content = sink.getvalue()
    out.write(json.dumps({"arrow": content.size}) + "\n")
    out.flush()
    out.buffer.write(content)
    return len(batch) * len(arrays)
