"""Batches of rows in a temporary folder, a file each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa

from cx.scratch import unusable


def write_batch(folder: tempfile.TemporaryDirectory[str], number: int, batch: pa.RecordBatch) -> None:
    """Write the batch of that number. Raises IntakeError where the disk is full."""
    file = _file(folder, number)
    try:
        with pa.OSFile(str(file), "wb") as out, pa.ipc.new_stream(out, batch.schema) as to:
            to.write_batch(batch)
    except OSError as error:
        raise unusable(str(file.parent.parent), error) from error


def read_batch(folder: tempfile.TemporaryDirectory[str], number: int, place: int | None = None) -> pa.RecordBatch:
    """The batch of that number, or only its column at that place; it stays in the file until it is used."""
    options = pa.ipc.IpcReadOptions(included_fields=None if place is None else [place])
    with pa.memory_map(str(_file(folder, number))) as file:
        return pa.ipc.open_stream(file, options=options).read_next_batch()


def _file(folder: tempfile.TemporaryDirectory[str], number: int) -> Path:
    return Path(folder.name) / f"{number}.arrow"
