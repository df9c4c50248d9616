"""What goes wrong with a server far away is told in words; settings that cannot be are refused."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="requirements-spark.txt is not installed")

import numpy as np

from cx.engine import open_store
from cx.engine.session import Cancelled, Session, Unreachable, bound, explained
from cx.errors import EngineError
from cx.language import language


@pytest.mark.parametrize(("raised", "kind", "lost", "says"), [
    ("UNAVAILABLE: ipv4:127.0.0.1:1: Failed to connect", Unreachable, True, "Is the server running"),
    ('<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n\tdetails = "failed to connect '
     'to all addresses"', Unreachable, True, "It says: failed to connect to all addresses"),
    ("[INVALID_HANDLE.SESSION_CHANGED] the server restarted", Unreachable, True, "does not answer"),
    ("Stopped SparkContext, SparkContext was shut down", Unreachable, True, "does not answer"),
    ("[OPERATION_CANCELED] by request", Cancelled, False, "Stopped."),
    ("PERMISSION_DENIED: token", EngineError, False, "does not allow this"),
    ("org.apache.hadoop.security.AccessControlException: read", EngineError, False, "Ask for the right"),
    ("[PATH_NOT_FOUND] Path does not exist: s3a://x", EngineError, False, "is not there, or Spark has no right to read"),
    ("[FAILED_READ_FILE.FILE_NOT_EXIST] of another account", EngineError, False, "Spark has no right to read it"),
    ("Job aborted\n  ModuleNotFoundError: No module named 'numba'\nx", EngineError, False,
     "with numpy, numba and pyarrow. Spark says: ModuleNotFoundError: No module named 'numba'"),
    ('java.io.IOException: Cannot run program "python3": error=2', EngineError, False, "computed by Python on Spark"),
    ("[UNRESOLVED_COLUMN.WITH_SUGGESTION] nps", EngineError, False, "not as this program needs it"),
    ("[DIVIDE_BY_ZERO] Division by zero.\nmore\nlines", EngineError, False, "It says: [DIVIDE_BY_ZERO] Division by zero."),
])
def test_an_error_of_spark_becomes_one_that_a_reader_understands(raised, kind, lost, says) -> None:
    told, gone = explained(Exception(raised), "sc://spark:15002")
    assert (type(told), gone) == (kind, lost)
    assert says in str(told)
    assert "more" not in str(told)
    assert language("tr")(told.text) != str(told)


def test_a_server_that_is_not_there_is_told_soon() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=f"Spark at sc://127.0.0.1:{port} does not answer"):
        Session(f"sc://127.0.0.1:{port}").answer("SELECT 1")


@pytest.mark.parametrize(("engine", "lake", "says"), [
    ("spark://host:7077", "/x", "CX_ENGINE is “spark://host:7077”; accepted: sc://host:port"),
    ("sc://host:15002", "", "CX_LAKE does not say where the lake is")])
def test_settings_that_cannot_be_are_refused(monkeypatch, tmp_path, engine, lake, says) -> None:
    monkeypatch.setenv("CX_ENGINE", engine)
    monkeypatch.setenv("CX_LAKE", lake)
    with pytest.raises(EngineError, match=says):
        open_store(tmp_path / "cx.duckdb")


def test_without_a_setting_the_workspace_is_a_plain_one(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("CX_ENGINE", raising=False)
    store = open_store(tmp_path / "cx.duckdb")
    assert not store.in_lake
    store.close()


def test_values_are_bound_with_the_type_that_duckdb_sees() -> None:
    def kind(value: object) -> str:
        column = bound(value)
        return column._expr._dataType.simpleString() if hasattr(column, "_expr") else type(column).__name__

    assert [kind(each) for each in (dt.datetime(2025, 1, 2, 3, 4, 5, 6), Decimal("1.250"), np.int64(7), "x", True, None,
                                    (1, np.int64(2)), [], ["a"])] == [
        "timestamp_ntz", "decimal(38,3)", "int", "str", "bool", "NoneType", "array<bigint>", "array<bigint>",
        "array<string>"]


def test_a_program_that_is_no_file_may_ask_too() -> None:
    told = "from cx.engine.session import Session, Unreachable\n" \
           "try:\n    Session('sc://127.0.0.1:9').answer('SELECT 1')\nexcept Unreachable:\n    print('told')"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=120,
                          check=False, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stdout) == (0, "told\n"), done.stderr
