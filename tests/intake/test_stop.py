"""A load that is stopped at any moment leaves nothing: no row, no file, and a workspace that can be loaded into."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cx import intake, open_store, sample
from cx.errors import Stopped
from cx.intake import long_text, spool
from cx.intake.ahead import meanwhile
from cx.intake.history import uploads
from cx.language import Text, text
from cx.scratch import PREFIX
from tests.intake.files import text_file
from tests.intake.snapshots import snapshot

ROOT = Path(__file__).resolve().parents[2]
ROWS = 3_000


def contacts(rows: int, comment: str = "") -> str:
    return "Customer no,Date,Touchpoint,NPS,Note\n" + "".join(
        f"K{n % 700},2026-01-{n % 28 + 1:02} 10:{n % 60:02},Delivery,{n % 11},{comment}{n}\n" for n in range(rows))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.56, 0.81, 0.95])
def test_a_load_that_is_stopped_leaves_nothing(tmp_path: Path, monkeypatch, share: float):
    """While it reads, while it stages, while rows are placed, while journeys are worked out, before it is written."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr(long_text, "LONG_BYTES", 1)
    monkeypatch.setattr(spool, "_HELD", 1)
    store = open_store(tmp_path / "cx.duckdb")
    intake.load(store, text_file(tmp_path, contacts(50, "earlier "), "small.csv"))
    before, version = snapshot(store), store.data_version
    large, threads = text_file(tmp_path, contacts(ROWS), "large.csv"), threading.active_count()

    def stop(done: int, total: int | None, _doing: Text | None = None, /) -> None:
        if total and done >= share * total:
            raise Stopped(text("Stopped. Nothing of it was stored."))

    with pytest.raises(Stopped) as stopped:
        intake.load(store, large, progress=stop)
    stopped.value.__traceback__ = None
    assert (snapshot(store), store.data_version) == (before, version)
    intake.forget(large)
    del stopped
    gc.collect()
    assert [each.name for each in scratch.iterdir()] == []
    assert threading.active_count() < threads + 15
    again = intake.load(store, large)
    assert (again.accepted, again.replaced) == (ROWS, 50)


def test_it_is_too_late_to_stop_what_is_stored(tmp_path: Path):
    store = open_store(":memory:")

    def stop(done: int, total: int | None, _doing: Text | None = None, /) -> None:
        if done == total and store.value("SELECT count(*) FROM interactions"):
            raise Stopped(text("Stopped. Nothing of it was stored."))

    assert intake.load(store, text_file(tmp_path, contacts(50)), progress=stop).accepted == 50


def test_a_long_statement_is_broken_off():
    """Else a stop would wait for it: minutes, where a file is large."""
    store = open_store(":memory:")

    def stop(_seconds: float) -> None:
        raise Stopped(text("Stopped. Nothing of it was stored."))

    began = time.monotonic()
    with store.reader() as cursor:
        with pytest.raises(Stopped):
            meanwhile(lambda: cursor.execute("SELECT sum(hash(a.range + b.range)) FROM range(10000000) a, "
                                             "range(100000) b").fetchall(), stop, cursor.interrupt)
        assert cursor.execute("SELECT 1").fetchall() == [(1,)]
    assert time.monotonic() - began < 30


def test_a_sample_that_is_stopped_takes_back_the_files_that_were_loaded(tmp_path: Path, monkeypatch):
    names = ("first.csv", "second.csv")
    monkeypatch.setattr(sample, "FOLDER", tmp_path)
    monkeypatch.setattr(sample, "_FILES", {"en": names})
    (tmp_path / "en").mkdir()
    for name in names:
        text_file(tmp_path / "en", contacts(20, name), name)
    store = open_store(":memory:")
    before = snapshot(store)

    def stop(_done: int, _total: int | None, doing: Text | None = None, /) -> None:
        if doing is not None and doing.values["name"] == names[1] and len(uploads(store)):
            raise Stopped(text("Stopped. Nothing of it was stored."))

    with pytest.raises(Stopped):
        sample.load(store, "en", stop)
    assert snapshot(store) == before
    assert uploads(store)["undone"].tolist() == [True]
    assert len(sample.load(store, "en")) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_in_the_shell_says_that_nothing_was_stored_and_leaves_no_file(tmp_path: Path):
    scratch, workspace = tmp_path / "scratch", tmp_path / "cx.duckdb"
    scratch.mkdir()
    small = text_file(tmp_path, contacts(50), "small.csv")
    large = text_file(tmp_path, contacts(400_000, "x" * 10), "large.csv")  # long enough to lie on disk
    process = subprocess.Popen([sys.executable, "-m", "cx", "load", str(small), str(large), "--workspace", str(workspace)],
                               cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
                               env={**os.environ, "TMPDIR": str(scratch)})
    until = time.monotonic() + 120
    while not list(scratch.glob(f"{PREFIX}*/*.arrow")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert err.endswith("cx: Stopped. Nothing of “large.csv” was stored.\n")
    assert "small.csv: upload 1, 50 rows: 50 accepted" in out
    assert [each.name for each in scratch.iterdir()] == []
    store = open_store(workspace)
    assert uploads(store)["name"].tolist() == ["small.csv"]
    assert store.value("SELECT count(*) FROM interactions") == 50
