"""A process killed at any moment of a load leaves the workspace as it was before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from cx import intake, open_store
from tests.intake.kill_child import frame
from tests.intake.snapshots import snapshot

ROOT = Path(__file__).resolve().parents[2]
KILLS, TRIES = 5, 12


def test_a_load_that_is_killed_leaves_the_state_before_it(tmp_path):
    path = tmp_path / "cx.duckdb"
    store = open_store(path)
    intake.load_frame(store, frame(300, 1), name="small")
    before = snapshot(store)
    version = store.data_version
    store.close()
    duration, finished = _run(path, None)
    assert finished
    store = open_store(path)
    whole = snapshot(store)
    intake.undo(store, 2)
    assert snapshot(store) == before
    version = store.data_version
    store.close()
    killed = 0
    for _ in range(TRIES):
        if killed == KILLS:
            break
        ran, finished = _run(path, duration * (killed + 0.5) / KILLS)
        store = open_store(path)
        if finished or store.data_version != version:  # it had committed before it was killed: then all is there
            assert snapshot(store) == whole
            duration = min(duration, 0.8 * ran)
            intake.undo(store, store.value("SELECT max(upload_id) FROM uploads"))
        else:
            killed += 1
            assert store.value("SELECT count(*) FROM uploads WHERE undone_at IS NULL") == 1
        assert snapshot(store) == before
        version = store.data_version
        store.close()
    assert killed == KILLS


def _run(path: Path, kill_after: float | None) -> tuple[float, bool]:
    """Load in another process, killed so many seconds after it began; (seconds it ran, whether it finished)."""
    child = subprocess.Popen([sys.executable, "-m", "tests.intake.kill_child", str(path)], cwd=ROOT, text=True,
                             stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert child.stdout is not None
    assert child.stdout.readline() == "started\n"
    began = time.monotonic()
    if kill_after is not None:
        time.sleep(kill_after)
        child.send_signal(signal.SIGKILL)
    said = child.stdout.read()
    child.wait()
    child.stdout.close()
    return time.monotonic() - began, "done" in said
