"""The further rows of a long sheet, written as Arrow: each different cell of a column becomes text once a batch."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc

from .cells import Refused, Row, Sheet

_MOST_CELLS = 1_000_000_000
_SOME = 100  # moments; of a column of fewer cells each is written on its own
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
        for place, column in enumerate(_turned(chunk)):
            kinds = set(map(type, column))
            if kinds & {float, int}:
                stored[place] += sum(type(cell) in (float, int) for cell in column)
            moments = _moments(pa.array([cell if type(cell) is dt.datetime else None for cell in column],
                                        pa.timestamp("us"))) if dt.datetime in kinds and len(column) > _SOME else None
            if moments is not None and len(kinds) > 1:
                others = _of_cells([cell for cell in column if type(cell) is not dt.datetime], text, written, place)
                moments = pc.replace_with_mask(moments, moments.is_null(), others.cast(pa.string()))
            columns.append(_of_cells(column, text, written, place) if moments is None else moments)
        yield columns


def _of_cells(column: Sequence[object], text: _Text, written: Counter[int], place: int) -> pa.Array:
    """Cells of any types as texts."""
    kinds = set(map(type, column))
    if kinds & {bool, list, dict}:  # true and 1 are one key of a dictionary, what has parts is none
        return pa.array([text[type(cell)](cell) for cell in column], pa.string())
    if kinds == {str}:
        return pa.array(column, pa.string())
    known: dict[object, int] = {}
    codes = [known.setdefault(cell, len(known)) for cell in column]
    if str in kinds and any(type(cell) is str and cell[:1].isdigit() for cell in known):
        written[place] += sum(type(cell) is str and cell[:1].isdigit() for cell in column)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32()), pa.array([text[type(cell)](cell) for cell in known], pa.string()))


def _turned(rows: list[Row]) -> Iterable[Sequence[object]]:
    """The columns of rows."""
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        return zip_longest(*rows, fillvalue="")
    cells = list(chain.from_iterable(rows))  # a quarter of the time of zip
    return [cells[place::width] for place in range(width)]


def _moments(micros: pa.Array) -> pa.Array | None:
    """Moments as texts, as `cells.text_of` has them, null where there is none; None where some are too early or late to
    be sure."""
    span = pc.min_max(pc.year(micros))
    if span["min"].as_py() is not None and (span["min"].as_py() < 1000 or span["max"].as_py() > 9998):
        return None
    seconds = pc.floor_temporal(pc.add(micros, pa.scalar(500_000, pa.duration("us"))), unit="second")
    texts = pc.cast(pc.cast(seconds, pa.timestamp("s")), pa.string())
    return pc.replace_substring_regex(texts, " 00:00:00$", "")


def _texts(column: pa.Array, text: _Text, stored: Counter[int], place: int) -> pa.Array:
    """A column of any type as texts."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        stored[place] += len(column) - column.null_count
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(
            kind):
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_timestamp(kind) and kind.tz is None:
        moments = _moments(column.cast(pa.timestamp("us")))
        if moments is not None:
            return moments.fill_null("")
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
