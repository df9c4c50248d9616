"""A process killed at any moment of a load or an undo leaves the workspace as it was before, or as it is after."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx import intake, open_store
from tests.intake.kill_child import BIG, frame
from tests.intake.snapshots import snapshot

ROOT = Path(__file__).resolve().parents[2]
KILLS, TRIES = 10, 18  # of each kind

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """A process that has the program loaded and forks one for every attempt."""
    process = subprocess.Popen([sys.executable, "-m", "tests.intake.kill_child"], cwd=ROOT, text=True, bufsize=1,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    yield process
    process.communicate("")


@pytest.mark.parametrize("action", ["load", "undo"])
def test_a_kill_at_any_moment_leaves_the_state_before_or_after(tmp_path, nursery, action):
    start = tmp_path / "start.duckdb"
    store = open_store(start)
    intake.load_frame(store, frame(300, 1), name="small")
    if action == "undo":
        intake.load_frame(store, frame(BIG, 2), name="big")
    before, version = snapshot(store), store.data_version
    store.close()
    path = tmp_path / "cx.duckdb"
    shutil.copy(start, path)
    duration, finished = _run(nursery, action, path, None)
    assert finished
    store = open_store(path)
    after = snapshot(store)
    store.close()
    assert before != after
    killed = 0
    for attempt in range(TRIES):
        if killed == KILLS:
            break
        shutil.copy(start, path)
        Path(f"{path}.wal").unlink(missing_ok=True)
        ran, finished = _run(nursery, action, path, duration * (attempt % KILLS + 0.5) / KILLS)
        store = open_store(path)
        assert snapshot(store) == (before if store.data_version == version else after)
        store.close()
        killed += not finished
        duration = min(duration, ran) if finished else duration
    assert killed == KILLS


@pytest.mark.parametrize("room", [1_000, 300_000])
def test_a_full_disk_is_said_and_loses_nothing(tmp_path, nursery, room):
    path = tmp_path / "cx.duckdb"
    store = open_store(path)
    intake.load_frame(store, frame(300, 1), name="small")
    before, version = snapshot(store), store.data_version
    store.close()
    [said] = _ask(nursery, f"load {path} {room}")[1]
    store = open_store(path)
    if "All was stored, but the disk is full" in said:
        assert store.value("SELECT count(*) FROM interactions") == 300 + BIG
    else:
        assert "is the disk full?" in said
        assert (snapshot(store), store.data_version) == (before, version)


def _run(nursery: subprocess.Popen[str], action: str, path: Path, kill_after: float | None) -> tuple[float, bool]:
    """Act in another process, killed so many seconds after it began; (seconds it ran, whether it finished)."""
    began, said = _ask(nursery, f"{action} {path} 0", kill_after)
    return time.monotonic() - began, "done" in said


def _ask(nursery: subprocess.Popen[str], line: str, kill_after: float | None = None) -> tuple[float, list[str]]:
    """(when it began, what it said)."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(line + "\n")
    child, began = int(nursery.stdout.readline()), time.monotonic()
    if kill_after is not None:
        time.sleep(kill_after)
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            os.kill(child, signal.SIGKILL)
    said = []
    while (line := nursery.stdout.readline().strip()) != "over":
        assert line, "the nursery has died"
        said.append(line)
    return began, said
