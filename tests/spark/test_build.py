"""A lake built by Spark holds row by row what the workspace holds, whatever was loaded, undone, interrupted or lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx import Store, intake, open_store
from cx.engine import layout
from cx.engine.layout import FORMAT, Version, read_version, register, write_line
from cx.engine.session import Session
from cx.errors import EngineError
from cx.lake.build import build
from cx.lake.refused import writing
from cx.lake.schema import TABLES
from cx.lake.steps import Progress, Steps
from cx.lake.workspace import WorkspaceSource
from cx.store.journey_model import assign_stages, use_model
from tests.spark.cluster import ROOT, Cluster
from tests.spark.lakes import differing, loaded, loaded_unknown, root


@pytest.fixture(scope="module")
def session(cluster: Cluster) -> Iterator[Session]:
    session = Session(cluster.url)
    yield session
    session.close()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """A workspace of about 500 interactions; lakes of it have several buckets."""
    monkeypatch.setattr(layout, "PER_BUCKET", 150)
    store = open_store(tmp_path / "cx.duckdb")
    loaded(store, 1, 400)
    loaded_unknown(store, 10, 60)
    yield store
    store.close()


def test_a_lake_that_spark_computes_holds_row_by_row_what_the_workspace_holds(cluster: Cluster, session: Session, store: Store,
                                                          tmp_path: Path):
    lake, source, died = root(tmp_path), WorkspaceSource(store, computed=False), threading.Event()
    few = loaded(store, 9, 2, customers=1)

    def a_worker_dies(progress: Progress) -> None:
        if progress.step == "steps-0":
            threading.Timer(0.3, lambda: (cluster.kill_worker(), died.set())).start()

    first = build(session, lake, source, a_worker_dies)
    assert died.wait(30)
    assert (first.version, first.buckets) == (1, 4)
    assert differing(lake, first, store) == {}
    cluster.add_worker()

    assert build(session, lake, source) == first  # nothing changed: nothing is written

    loaded(store, 2, 20, customers=3)
    intake.undo(store, few)
    second = build(session, lake, source)
    assert second.version == 2
    assert differing(lake, second, store) == {}
    assert set(first.tables["interactions"]) & set(second.tables["interactions"])  # months without a new row
    assert set(first.tables["journeys"]) & set(second.tables["journeys"])  # buckets of other customers


def test_a_lake_takes_over_what_the_workspace_has_computed(session: Session, store: Store, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch):
    lake = root(tmp_path)
    first = build(session, lake, WorkspaceSource(store))
    assert (first.version, first.buckets, differing(lake, first, store)) == (1, 4, {})
    assert build(session, lake, WorkspaceSource(store)) == first

    with monkeypatch.context() as only_spark_can_write:  # the rows are sent to it
        only_spark_can_write.setattr(Steps, "here", lambda *_: None)
        sent = build(session, f"{lake}-2", WorkspaceSource(store))
    assert differing(f"{lake}-2", sent, store) == {}
    assert _parts(sent) == _parts(first)

    loaded(store, 2, 20, customers=3)
    second = build(session, lake, WorkspaceSource(store))
    assert differing(lake, second, store) == {}
    for table in ("interactions", "journeys"):  # months without a new row, buckets of other customers
        assert set(first.tables[table]) & set(second.tables[table])

    assign_stages(store, {store.value("SELECT key FROM touchpoints WHERE label = 'Review'"): "awareness"})
    third = build(session, lake, WorkspaceSource(store))
    assert differing(lake, third, store) == {}
    with session.spark() as spark:
        register(spark, lake, second, "taken_")
        read = " UNION ALL ".join(f"SELECT '{table}', count(to_json(struct(t.*))) FROM taken_{table} t"
                                  for table in TABLES)  # every column as Spark reads it
        assert dict(tuple(row) for row in spark.sql(read).collect()) == second.rows  # which may still be read
    only_first = set(first.tables["journeys"]) - set(second.tables["journeys"]) - set(third.tables["journeys"])
    assert only_first
    assert not [folder for folder in only_first if (tmp_path / "lake" / folder).exists()]


def _parts(version: Version) -> dict[str, list[str]]:
    return {table: sorted(folder.rpartition("/")[2].partition("build=")[0] for folder in folders)
            for table, folders in version.tables.items()}


def test_a_build_killed_at_any_moment_goes_on_and_readers_see_the_version_before(cluster: Cluster, session: Session,
                                                                                 store: Store, tmp_path: Path):
    lake = root(tmp_path)
    store.close()
    command = [sys.executable, "-m", "cx", "build", "--engine", cluster.url, "--lake", lake,
               "--from", str(tmp_path / "cx.duckdb")]
    for moment in ("taken-0", "publish"):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
            told = []
            for line in process.stdout:
                told.append(line)
                if f"] {moment}" in line:
                    process.send_signal(signal.SIGKILL)
                    break
            assert process.wait() == -signal.SIGKILL, told
        if moment != "publish":
            with session.spark() as spark:
                assert read_version(spark, lake) is None
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with session.spark() as spark:
        version = read_version(spark, lake)
    assert version.version == 1
    assert f"Version 1 of {lake}: {version.rows['interactions']:,} interactions" in done.stdout
    assert "taken-0 (done before)" in done.stdout or "[" not in done.stdout  # else it was published when killed
    assert differing(lake, version, open_store(tmp_path / "cx.duckdb")) == {}


def test_a_server_lost_in_the_middle_is_told_and_the_build_goes_on_later(cluster: Cluster, session: Session,
                                                                         store: Store, tmp_path: Path):
    told: list[Progress] = []
    build(session, root(tmp_path), WorkspaceSource(store))
    use_model(store, "four")  # nothing derived can be taken over

    def lose(progress: Progress) -> None:
        if progress.step == "journeys-0":
            cluster.kill_server()

    with pytest.raises(EngineError, match="does not answer"):
        build(session, root(tmp_path), WorkspaceSource(store, computed=False), lose)
    cluster.start_server()
    session.close()
    version = build(session, root(tmp_path), WorkspaceSource(store, computed=False), told.append)
    assert {each.step for each in told if each.again} >= {"names-0", "daily_cells", "steps-0"}
    assert differing(root(tmp_path), version, store) == {}


def test_where_spark_may_not_write_is_said(session: Session, store: Store):
    with pytest.raises(EngineError, match=r"Spark may not write to file:///proc/lake\. Give the account"):
        build(session, "file:///proc/lake", WorkspaceSource(store))


def test_a_full_disk_is_said():
    with pytest.raises(EngineError, match=r"no room left to build the lake L\..*goes on where it stopped"), writing("L"):
        raise OSError("Job aborted: java.io.IOException: No space left on device")


def test_a_lake_of_a_newer_program_is_left_alone(session: Session, store: Store, tmp_path: Path):
    with session.spark() as spark:
        write_line(spark, f"{root(tmp_path)}/versions/v00000001", json.dumps({"format": FORMAT + 1, "version": 1}))
    with pytest.raises(EngineError, match="was built by a newer version of this program"):
        build(session, root(tmp_path), WorkspaceSource(store))
