"""Health is told at once, also while the workspace is being opened."""

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import app
from server import workspace


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace of its own that nobody has opened."""
    monkeypatch.setenv("CX_WORKSPACE", str(tmp_path / "cx.duckdb"))
    workspace._open.cache_clear()
    workspace.alerts.cache_clear()
    yield tmp_path
    workspace.ready(10)
    if workspace._open.cache_info().currsize:
        workspace.end_alerts()
        workspace.store().close()
    workspace._open.cache_clear()
    workspace.alerts.cache_clear()


def health() -> tuple[int, str, float]:
    """Status code, status and seconds."""
    begin = time.monotonic()
    with ThreadPoolExecutor(1) as pool:  # a browser of other tests may keep a loop in this thread
        answer = pool.submit(asyncio.run, app.healthz(None)).result()
    return answer.status_code, json.loads(answer.body)["status"], time.monotonic() - begin


def test_health_says_within_two_seconds_that_the_workspace_is_being_prepared(fresh):
    with workspace._opening:  # as long as somebody opens it
        workspace.begin()
        status, word, took = health()
    assert (status, word) == (503, "preparing")
    assert took < 2
    assert workspace.ready(30)
    assert health()[:2] == (200, "ok")


def test_a_workspace_that_does_not_open_is_told_with_its_reason(fresh):
    (fresh / "cx.duckdb").write_bytes(b"this is no database" * 1000)
    workspace.begin()
    assert workspace.ready(30)
    assert health()[:2] == (503, "error")
