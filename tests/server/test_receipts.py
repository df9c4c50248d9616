"""What a finished load leaves in the memory of the server."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from cx import intake, open_store
from pages.parts.intake_receipt import loaded
from tests.intake.files import text_file


@pytest.mark.parametrize("bad", [3, 3_000])
def test_a_receipt_takes_the_same_room_however_many_rows_were_rejected(tmp_path: Path, bad: int):
    path = text_file(tmp_path, "Customer no,Date,Touchpoint,NPS\n" + "".join(
        f"r{n},{'soon' if n < bad else '2026-01-05'},Delivery,{n % 11}\n" for n in range(bad + 200)))
    store = open_store(":memory:")
    done = loaded(store, path, intake.propose(path), path.name, lambda *_: None)
    assert (done.receipt.rejected, done.receipt.accepted) == (bad, 200)
    assert len(pickle.dumps(done)) < 20_000
    kept = done.receipt.rejects["cells"].to_numpy()
    assert (kept if kept.base is None else kept.base).size == 0  # no view of the rows
    [(n, first, why)] = intake.reasons(store, done.receipt.upload_id, 3)
    assert (n, first) == (bad, 2)
    assert "“soon” cannot be read as a date" in str(why)
    assert len(intake.rejects(store, done.receipt.upload_id, 2)) == 2
