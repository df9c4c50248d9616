"""Two people load at once, while a third looks: each gets what is his, and the database its memory back."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cx import intake, open_store
from cx.errors import Stopped
from cx.language import Text, text
from cx.store.database import SPARING, WRITING
from tests.intake.files import text_file

ROWS = 4_000


def contacts(who: str) -> str:
    return "Customer no,Date,Touchpoint,NPS\n" + "".join(
        f"{who}{n % 90},2026-01-{n % 28 + 1:02} {n // 60 % 24:02}:{n % 60:02},Delivery {n // 1440},{n % 11}\n"
        for n in range(ROWS))


@pytest.mark.parametrize("stopped", [False, True])
def test_two_loads_at_once_lower_the_memory_and_give_it_back(tmp_path: Path, monkeypatch, stopped: bool):
    """The second is stopped in its middle the second time."""
    monkeypatch.delenv("CX_MEMORY_LIMIT", raising=False)
    monkeypatch.setattr(sys.modules["cx.intake.load"], "_MANY", 1)
    store = open_store(tmp_path / "cx.duckdb")
    limit = "SELECT current_setting('memory_limit')"
    usual = store.value(limit)
    meet, limits, over = threading.Barrier(2), set(), threading.Event()

    def load(who: str) -> object:
        meet.wait(30)

        def progress(done: int, total: int | None, _doing: Text | None = None, /) -> None:
            if done:
                limits.add(store.value(limit))
            if stopped and who == "b" and total and done > total * 0.6:
                raise Stopped(text("Stopped. Nothing of it was stored."))

        try:
            return intake.load(store, text_file(tmp_path, contacts(who), f"{who}.csv"), progress=progress)
        except Stopped as error:
            return error

    def look() -> set[int]:
        seen = set()
        while not over.wait(0.002):  # seconds
            seen.add(store.value("SELECT count(*) FROM interactions"))
        return seen

    with ThreadPoolExecutor(3) as pool:
        looking = pool.submit(look)
        try:
            first, second = pool.map(load, "ab")
        finally:
            over.set()
    assert first.accepted == ROWS
    assert isinstance(second, Stopped) if stopped else second.accepted == ROWS
    assert store.value("SELECT count(*) FROM interactions") == ROWS * (1 if stopped else 2)
    assert looking.result() <= {0, ROWS, 2 * ROWS}  # never a part of an upload
    assert store.value(limit) == usual
    lowered = set()
    for each in (SPARING, WRITING):
        with store.sparing(each):
            lowered.add(store.value(limit))
    assert lowered <= limits
    assert usual not in lowered
