"""The workspace file: versions, transactions, refusals."""

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import cx
from cx.errors import StoreError
from cx.store.database import set_setting
from cx.store.schema import MIGRATIONS, VERSION

ROOT = Path(__file__).resolve().parents[2]


def one_row(customer="a"):
    return pd.DataFrame({"customer_id": [customer], "occurred_at": ["2025-01-01"], "touchpoint": ["Home page"]})


def test_every_commit_raises_the_version_and_tells_listeners():
    store = cx.open_store(":memory:")
    heard = []
    store.on_commit(heard.append)
    before = store.data_version
    cx.intake.load_frame(store, one_row())
    assert store.data_version > before
    assert heard[-1] == store.data_version


def test_an_error_leaves_the_state_before():
    store = cx.open_store(":memory:")
    version = store.data_version

    def fail():
        with store.write() as cursor:
            cursor.execute("INSERT INTO customers VALUES (1, 'a', FALSE, NULL)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.value("SELECT count(*) FROM customers") == 0
    assert store.data_version == version


def test_a_workspace_opens_again_with_what_was_stored(tmp_path):
    store = cx.open_store(tmp_path / "cx.duckdb")
    cx.intake.load_frame(store, one_row())
    version = store.data_version
    store.close()
    again = cx.open_store(tmp_path / "cx.duckdb")
    assert again.value("SELECT count(*) FROM interactions") == 1
    assert again.data_version == version
    again.close()


def test_a_quiet_write_is_stored_without_a_new_version():
    store = cx.open_store(":memory:")
    heard = []
    store.on_commit(heard.append)
    version = store.data_version
    with store.write(quietly=True) as cursor:
        set_setting(cursor, "seen", "1")
    assert (store.setting("seen"), store.data_version, heard) == ("1", version, [])


def test_a_workspace_of_the_first_version_opens_and_keeps_its_data(tmp_path, monkeypatch):
    monkeypatch.setattr("cx.store.database.MIGRATIONS", MIGRATIONS[:1])
    monkeypatch.setattr("cx.store.database.VERSION", 1)
    store = cx.Store(tmp_path / "cx.duckdb")
    with store.write() as cursor:  # as the program of that version did: today's would fill tables it did not have
        cursor.execute("INSERT INTO customers VALUES (1, 'a', FALSE, NULL)")
        cursor.execute("INSERT INTO interactions (interaction_id, customer_key, occurred_at, row_key, content_key, "
                       "upload_id) VALUES (1, 1, '2025-01-01', 1, 1, 1)")
        cursor.execute("INSERT INTO actions (action_id, title, starts_on, created_at) "
                       "VALUES (1, 'Training', '2025-02-01', '2025-01-15')")
    store.close()
    monkeypatch.undo()
    again = cx.open_store(tmp_path / "cx.duckdb")
    assert again.setting("schema_version") == str(VERSION)
    assert again.value("SELECT count(*) FROM interactions") == 1
    assert again.rows("SELECT title, touchpoint, ended_on FROM actions") == [("Training", None, None)]
    again.close()


def test_a_workspace_of_a_newer_program_is_refused_and_left_alone(tmp_path):
    store = cx.open_store(tmp_path / "cx.duckdb")
    with store.write() as cursor:
        set_setting(cursor, "schema_version", str(VERSION + 1))
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        cx.open_store(tmp_path / "cx.duckdb")


def test_a_workspace_in_use_elsewhere_is_refused_with_the_reason(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", "import cx, sys\n"
                               f"store = cx.open_store({str(tmp_path / 'cx.duckdb')!r})\n"
                               "print('open', flush=True)\nsys.stdin.read()"],
                              cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match="open in another program"):
            cx.open_store(tmp_path / "cx.duckdb")
    finally:
        holder.communicate("")


def test_a_file_that_is_no_workspace_is_refused(tmp_path):
    (tmp_path / "cx.duckdb").write_bytes(b"this is not a database" * 1000)
    with pytest.raises(StoreError, match="cannot be opened"):
        cx.open_store(tmp_path / "cx.duckdb")


def test_the_database_reaches_no_file_and_no_setting():
    store = cx.open_store(":memory:")
    with pytest.raises(duckdb.PermissionException):
        store.rows("SELECT * FROM read_csv('/etc/passwd')")
    with pytest.raises(duckdb.Error):
        store.rows("SET enable_external_access = true")


def test_readers_never_see_half_a_commit():
    store = cx.open_store(":memory:")
    cx.intake.load_frame(store, one_row())
    torn = []
    stop = threading.Event()

    def read():
        while not stop.is_set():
            with store.reader() as cursor:
                cursor.execute("BEGIN")
                customers = cursor.execute("SELECT count(*) FROM customers").fetchone()[0]
                interactions = cursor.execute("SELECT count(*) FROM interactions").fetchone()[0]
                cursor.execute("COMMIT")
            if customers != interactions:
                torn.append((customers, interactions))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(8):
        cx.intake.load_frame(store, one_row(f"c{number}"))
    stop.set()
    for reader in readers:
        reader.join()
    assert not torn


def test_a_commit_holds_though_the_file_cannot_be_brought_up_to_date_at_once(tmp_path):
    """Somebody else's open write keeps DuckDB from it for a moment."""
    store = cx.open_store(tmp_path / "cx.duckdb")
    other = store._connection.cursor()
    other.execute("BEGIN")
    other.execute("CREATE TABLE elsewhere (n INTEGER)")
    threading.Timer(0.3, lambda: other.execute("ROLLBACK")).start()
    before = store.data_version
    with store.write() as cursor:
        cursor.execute("INSERT INTO settings VALUES ('kept', 'yes')")
    assert (store.setting("kept"), store.data_version) == ("yes", before + 1)
    assert not (tmp_path / "cx.duckdb.wal").exists()
