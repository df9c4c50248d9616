"""A workspace over a lake: followed version by version, read only, and told in words when Spark goes away."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cx import Filters, intake, open_store
from cx.__main__ import main
from cx.engine.follow import Follower
from cx.engine.layout import write_version
from cx.engine.session import Cancelled, Session, Unreachable, Work, followed, waited
from cx.engine.store import LakeStore, open_lake
from cx.errors import EngineError, StoreError
from cx.lake.build import build
from cx.lake.workspace import WorkspaceSource
from cx.metrics import behind, kpi, path
from cx.metrics.framework import framework
from cx.metrics.funnel import funnel
from cx.store import journey_model
from cx.store.shell import runnable
from tests.metrics.stores import store_of
from tests.spark.cluster import Cluster
from tests.spark.conftest import Both
from tests.spark.lakes import loaded, root

LONG = "SELECT count(*) AS n FROM interactions a JOIN interactions b ON a.nps < b.wait_seconds JOIN interactions c " \
       "ON b.nps < c.wait_seconds JOIN interactions d ON c.nps < d.wait_seconds WHERE a.csat + b.csat + c.csat > d.csat"
"""Takes hours."""


def test_names_and_labels_are_copied_and_cost_no_trip(both: Both) -> None:
    answered = both.lake.lake.session.answer
    both.lake.lake.session.answer = None
    try:
        assert journey_model.stages(both.lake) == journey_model.stages(both.plain)
        assert both.lake.rows("SELECT key, label FROM touchpoints ORDER BY key") == both.plain.rows(
            "SELECT key, label FROM touchpoints ORDER BY key")
    finally:
        both.lake.lake.session.answer = answered


def test_what_changes_interactions_is_refused_and_what_is_of_the_workspace_is_kept(both: Both) -> None:
    from cx.metrics.goals import set_target, targets

    for change in (lambda: intake.load_frame(both.lake, both.plain.frame("SELECT 'x' AS customer_id, 9 AS nps")),
                   lambda: journey_model.use_model(both.lake, "four")):
        with pytest.raises(EngineError, match="This program only reads it"):
            change()
    set_target(both.lake, "nps", 40.0)
    assert targets(both.lake) == {"nps": 40.0}
    set_target(both.lake, "nps", None)


def test_a_workspace_with_interactions_of_its_own_is_not_mixed_with_a_lake(both: Both, cluster: Cluster,
                                                                           tmp_path: Path) -> None:
    store = open_store(tmp_path / "cx.duckdb")
    loaded(store, 1, 5)
    store.close()
    with pytest.raises(StoreError, match="holds interactions of its own"):
        open_lake(tmp_path / "cx.duckdb", cluster.url, root(both.folder))


def test_sql_in_words_of_spark_gives_the_number_it_is_shown_for(both: Both) -> None:
    filters = Filters(persona=("Ayşe",), channel=("web", "Mobil uygulama"), attributes={"Şehir": ("İzmir", "O'Fallon")})
    for key in ("nps", "conversion", "loyalty"):
        number = behind.Number(key)
        views, sql = both.lake.in_words_of_spark(behind.sql(both.lake, number, filters))
        with both.lake.lake.session.spark() as spark:
            for view in views.splitlines():
                spark.sql(view.rstrip(";"))
            [found] = spark.sql(sql).collect()
            for view in views.splitlines():
                spark.catalog.dropTempView(view.split(" (")[0].split()[-1])
        assert found["result"] == pytest.approx(behind.number(both.plain, number, filters).value, rel=1e-9)
    assert both.lake.in_words_of_spark("SELECT label FROM touchpoints") == ("", "SELECT label FROM touchpoints")
    [check] = [each for each in framework(both.lake) if each.layer == "sources" and "lake" in str(each.said)]
    assert (check.status, str(check.said)) == ("set", "The interactions come from a data lake.")


def test_a_period_reads_the_folders_of_its_months_alone(both: Both) -> None:
    sql = "SELECT count(*) FROM interactions i WHERE i.occurred_at >= ? AND i.occurred_at < ?"
    period = [dt.datetime(2025, 2, 10), dt.datetime(2025, 4, 1)]
    assert both.lake.rows(sql, period) == both.plain.rows(sql, period)
    views, asked = both.lake.in_words_of_spark(runnable(sql, period))
    with both.lake.lake.session.spark() as spark:
        for view in views.splitlines():
            spark.sql(view.rstrip(";"))
        [(plan,)] = spark.sql(f"EXPLAIN {asked}").collect()
        spark.catalog.dropTempView("interactions")
    assert re.search(r"PartitionFilters: \[.*month.* >= 2025-02.*month.* <= 2025-04", plan), plan


def test_a_shell_asks_the_lake_too(both: Both, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                   capsys: pytest.CaptureFixture[str]) -> None:
    asked = [main(["funnel", "--json", "--workspace", str(both.folder / "asked.duckdb")])]
    assert "There is no workspace" in capsys.readouterr().err
    monkeypatch.setenv("CX_ENGINE", cluster.url)
    monkeypatch.setenv("CX_LAKE", root(both.folder))
    asked.append(main(["funnel", "--json", "--workspace", str(tmp_path / "asked.duckdb")]))
    assert [bool(each) for each in asked] == [True, False]
    assert [each["reached"] for each in json.loads(capsys.readouterr().out)] == funnel(both.plain)["reached"].tolist()
    assert main(["serve-check", "--workspace", str(tmp_path / "asked.duckdb")]) == 2
    assert "where Spark works everything out" in capsys.readouterr().err


def test_a_new_version_is_like_a_commit(cluster: Cluster, tmp_path: Path) -> None:
    plain = store_of([{"customer": "a", "occurred_at": "2025-01-01", "nps": 9, "touchpoint": "Shop"}], path=tmp_path / "p")
    session, heard = Session(cluster.url), []
    build(session, root(tmp_path), WorkspaceSource(plain))
    store = open_lake(tmp_path / "over", cluster.url, root(tmp_path))
    store.on_commit(heard.append)
    assert (_nps(store), store.follow(), heard) == (100.0, False, [])
    intake.load_frame(plain, plain.frame("SELECT 'b' AS customer_id, 0 AS nps, 'Çarşı' AS touchpoint, "
                                         "TIMESTAMP '2025-01-02' AS occurred_at"))
    build(session, root(tmp_path), WorkspaceSource(plain))
    before = store.data_version
    assert _nps(store) == 100.0  # until the new one is taken
    follower = Follower(store, every=0.1)
    follower.start()
    assert waited(lambda: heard == [before + 1], 60)
    follower.stop()
    assert _nps(store) == 0.0
    assert ("çarşı",) in store.rows("SELECT lower(label) FROM touchpoints")
    store.close()
    session.close()
    plain.close()


def _nps(store: LakeStore) -> float:
    return float(kpi.kpis(store).set_index("kpi").loc["nps", "value"])


def test_a_lake_that_lacks_a_column_is_told_by_its_name(both: Both, cluster: Cluster, tmp_path: Path) -> None:
    lake = both.lake.lake.newest()
    with both.lake.lake.session.spark() as spark:
        for number, (table, schema) in enumerate([("orders", lake.schemas["orders"].replace("amount", "total")),
                                                  ("customers", lake.schemas["customers"].replace("BOOLEAN", "INT"))], 1):
            shutil.copytree(both.folder / "lake", tmp_path / str(number) / "lake", ignore=lambda *_: ["versions"])
            wrong = replace(lake, version=number, schemas={**lake.schemas, table: schema})
            write_version(spark, root(tmp_path / str(number)), wrong)
    with pytest.raises(EngineError, match="column “amount” of table “orders” is —, and should be double"):
        open_lake(tmp_path / "a", cluster.url, root(tmp_path / "1"))
    with pytest.raises(EngineError, match="column “anonymous” of table “customers” is int, and should be boolean"):
        open_lake(tmp_path / "b", cluster.url, root(tmp_path / "2"))
    with pytest.raises(EngineError, match=r"There is no lake at .*nothing yet"):
        open_lake(tmp_path / "c", cluster.url, f"file://{tmp_path}/nothing")


def test_a_server_older_than_the_client_is_told(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyspark

    monkeypatch.setattr(pyspark, "__version__", "4.9.1")
    with pytest.raises(EngineError, match=r"runs Spark 4\.2; this program speaks with 4\.9"):
        Session(cluster.url).answer("SELECT 1")


def test_more_rows_than_fit_are_refused_and_not_fetched(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_MOST_ROWS", "100")
    with pytest.raises(EngineError, match="needs more than 100 rows here"):
        both.lake.rows("SELECT interaction_id FROM interactions")
    assert len(both.lake.rows("SELECT interaction_id FROM interactions LIMIT 100")) == 100
    monkeypatch.setattr("cx.engine.session.MOST_BYTES", 1000)
    with pytest.raises(EngineError, match="needs more than 0 GB here"):
        path.transitions(both.lake)


def test_a_question_under_way_tells_its_progress_and_ends_on_the_server_when_stopped(both: Both) -> None:
    work, raised = Work(), []

    def ask() -> None:
        try:
            with followed(work):
                both.lake.rows(LONG)
        except EngineError as error:
            raised.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert waited(lambda: work.tasks > 0 or not thread.is_alive(), 60)
    begun = time.monotonic()
    work.stop()
    thread.join(60)
    assert [type(each) for each in raised] == [Cancelled]
    assert time.monotonic() - begun < 30
    assert both.lake.value("SELECT count(*) FROM interactions") == 900  # others go on


def test_a_server_that_is_lost_is_told_to_who_asks_and_found_again_by_all(both: Both, cluster: Cluster,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """One asks while it is lost, one opens the workspace meanwhile, one asks long after it began anew, one shortly."""
    work, raised = Work(), []
    orders, steps = "SELECT count(*) FROM orders", "SELECT count(*) FROM steps"

    def opened(name: str) -> LakeStore:
        shutil.copy(both.folder / "over" / "cx.duckdb", both.folder / f"{name}.duckdb")
        return open_lake(both.folder / f"{name}.duckdb", cluster.url, root(both.folder))

    def ask() -> None:
        try:
            with followed(work):
                both.lake.rows(LONG)
        except EngineError as error:
            raised.append(error)

    later, soon = opened("later"), opened("soon")
    assert later.rows(orders) == soon.rows(orders) == both.plain.rows(orders)
    thread = threading.Thread(target=ask)
    thread.start()
    assert waited(lambda: work.tasks > 0 or not thread.is_alive(), 60)
    cluster.kill_server()
    thread.join(60)
    assert [type(each) for each in raised] == [Unreachable], raised
    again = opened("again")
    assert again.away_since is not None
    assert again.lake.version == both.lake.lake.version
    with pytest.raises(Unreachable, match="does not answer"):
        again.rows(orders)

    cluster.start_server()
    assert again.rows(orders) == both.plain.rows(orders)
    assert both.lake.rows(steps) == both.plain.rows(steps)
    monkeypatch.setattr("cx.engine.session._IDLE", 0.0)
    assert later.rows(steps) == both.plain.rows(steps)  # it has not noticed
    monkeypatch.setattr("cx.engine.session._IDLE", 600.0)
    with pytest.raises(Unreachable):
        soon.rows(steps)
    assert soon.rows(steps) == both.plain.rows(steps)
    for each in (again, later, soon):
        each.close()
