"""Columns of numbers that the database gave, at hand where it cannot be asked: while it takes in a stream of rows."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from cx.scratch import new_folder, unusable

_AT_ONCE = 122_880  # rows


class Columns:
    """Columns of numbers, the first rising. Where they are many they lie on disk, and what is asked for is read."""

    def __init__(self, columns: Mapping[str, np.ndarray],
                 folder: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self._columns, self._folder = dict(columns), folder

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def places(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(the place of each wanted number in the first column, whether it is there)."""
        first = next(iter(self._columns.values()))
        if not len(first):
            return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
        place = np.minimum(np.searchsorted(first, wanted), len(first) - 1)
        return place, np.array(first[place] == wanted)

    def let_go(self) -> None:
        """Drop them."""
        self._columns = {name: np.empty(0, dtype=column.dtype) for name, column in self._columns.items()}
        if self._folder is not None:
            self._folder.cleanup()


def columns_of(cursor: duckdb.DuckDBPyConnection, sql: str) -> Columns:
    """The answer to a question, none of it empty, ordered by its first column. Raises IntakeError where the disk is
    full."""
    with cursor.sql(sql).to_arrow_reader(_AT_ONCE) as reader:
        batches = map(_arrays, reader)
        first, second = next(batches, None), next(batches, None)
        if first is None:
            return Columns(_arrays(pa.RecordBatch.from_pylist([], reader.schema)))
        if second is None:
            return Columns(first)
        folder = new_folder()
        files = {name: Path(folder.name) / f"{number}.column" for number, name in enumerate(first)}
        try:
            with contextlib.ExitStack() as opened:
                to = {name: opened.enter_context(file.open("wb")) for name, file in files.items()}
                for arrays in itertools.chain((first, second), batches):
                    for name, array in arrays.items():
                        to[name].write(array.tobytes())
        except OSError as error:
            raise unusable(str(Path(folder.name).parent), error) from error
    return Columns({name: np.memmap(file, dtype=first[name].dtype, mode="r") for name, file in files.items()}, folder)


def _arrays(batch: pa.RecordBatch) -> dict[str, np.ndarray]:
    return {name: np.array(column.to_numpy(zero_copy_only=False))
            for name, column in zip(batch.schema.names, batch.columns, strict=True)}
