"""A temporary folder goes with the process that made it, also where that was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cx import scratch

ROOT = Path(__file__).resolve().parents[1]
CHILD = """
import sys
from cx.scratch import new_folder
folder = new_folder()
(__import__("pathlib").Path(folder.name) / "0.arrow").write_bytes(b"rows")
print(folder.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def another(temporary: Path) -> tuple[subprocess.Popen[str], Path]:
    """(a process that has made a folder, the folder)."""
    child = subprocess.Popen([sys.executable, "-c", CHILD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True, env={**os.environ, "TMPDIR": str(temporary)})
    assert child.stdout is not None
    return child, Path(child.stdout.readline().strip())


@pytest.mark.skipif(scratch.fcntl is None, reason="Windows does not tell whose a folder is: a day has to pass")
def test_what_a_killed_process_left_goes_and_what_another_still_needs_stays(temporary: Path):
    (dead, left), (living, needed) = another(temporary), another(temporary)
    own = scratch.new_folder()
    assert left.is_dir()
    assert left.parent == temporary
    dead.kill()
    dead.communicate()
    with scratch.new_folder() as another_own:
        assert {each.name for each in temporary.iterdir()} == {
            needed.name, Path(own.name).name, Path(another_own).name}
    assert (needed / "0.arrow").read_bytes() == b"rows"
    living.communicate("")
    assert not needed.exists()
    own.cleanup()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("days", "stays"), [(0, True), (2, False)])
def test_a_folder_of_which_nobody_tells_whose_it_is_goes_after_a_day(temporary: Path, days: int, stays: bool):
    old = temporary / f"{scratch.PREFIX}old"
    old.mkdir()
    then = time.time() - days * 86_400
    os.utime(old, (then, then))
    scratch.clear_left()
    assert old.exists() == stays
