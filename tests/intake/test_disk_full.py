"""A disk that is really full: a small file system in memory, where the system lets this process mount one."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx import intake, open_store
from cx.errors import StoreError
from cx.intake import long_text
from cx.intake.history import uploads
from tests.intake.files import text_file, workbook, zipped

SMALL = "customer no,date,touchpoint,NPS\n" + "".join(f"C{n},2025-01-{n % 28 + 1:02},Store,{n % 11}\n" for n in range(50))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, text=True)
    except OSError as error:
        pytest.skip(f"NOT TESTED ON A REAL FULL DISK: there is no mount here ({error})")
    if done.returncode:
        pytest.skip(f"NOT TESTED ON A REAL FULL DISK: mounting one needs root ({done.stderr.strip()})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _large(folder: Path) -> Path:
    return text_file(folder, "customer no,date,touchpoint,NPS,comment\n" + "".join(
        f"K{n},2025-02-{n % 28 + 1:02},Web,{n % 11},{n * 2654435761 % 10**12:x} {n * 40503 % 10**9:x} {'x' * 50}\n"
        for n in range(60_000)), "large.csv")


def test_a_load_onto_a_full_disk_is_refused_and_what_was_there_stays(tmp_path, small_disk):
    store = open_store(small_disk / "cx.duckdb")
    intake.load(store, text_file(tmp_path, SMALL, "small.csv"))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 6_000_000)
    large = _large(tmp_path)
    with pytest.raises(StoreError, match="is the disk full"):
        intake.load(store, large)
    assert uploads(store)["name"].tolist() == ["small.csv"]
    assert store.value("SELECT count(*) FROM interactions") == 50
    ballast.unlink()
    again = intake.load(store, text_file(tmp_path, SMALL.replace("Store", "Phone"), "other.csv"))
    assert again.accepted == 50
    store.close()
    assert open_store(small_disk / "cx.duckdb").value("SELECT count(*) FROM interactions") == 100


def test_no_room_for_the_rows_of_a_long_file_is_said(tmp_path, small_disk, monkeypatch):
    monkeypatch.setattr(long_text, "LONG_BYTES", 1)
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    (small_disk / "ballast").write_bytes(b"\0" * 11_000_000)
    with pytest.raises(intake.IntakeError, match="There is no room left to read the file"):
        intake.read(_large(tmp_path))


@pytest.mark.parametrize("packed", ["zip", "gz"])
def test_no_room_to_unpack_is_not_the_fault_of_the_archive(tmp_path, small_disk, monkeypatch, packed):
    content = _large(tmp_path).read_bytes()
    path = text_file(tmp_path, zipped({"large.csv": content, "other.csv": SMALL.encode()}) if packed == "zip"
                     else gzip.compress(content), f"large.csv.{packed}")
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    (small_disk / "ballast").write_bytes(b"\0" * 11_000_000)
    with pytest.raises(intake.IntakeError, match="There is no room left to read the file"):
        intake.read(path)
    assert [each.name for each in small_disk.iterdir()] == ["ballast"]


@pytest.mark.parametrize("name", ["large.csv", "book.xlsx"])
def test_a_temporary_folder_that_is_gone_is_named(tmp_path, monkeypatch, name):
    path = _large(tmp_path) if name == "large.csv" else workbook(tmp_path, {"Sheet": [["customer", "NPS"], ["a", 9]]})
    monkeypatch.setattr(long_text, "LONG_BYTES", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(intake.IntakeError, match="gone cannot be used, where the rows of a file are kept"):
        intake.read(path)
