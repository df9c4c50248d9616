"""The cluster that the tests of the second engine run on is a real one."""

from __future__ import annotations

import pytest

from tests.spark import cluster as spark
from tests.spark.cluster import Cluster, Missing


def test_work_goes_to_both_workers(cluster: Cluster) -> None:
    def where(batches):  # inside, so that it travels whole
        import os

        import pyarrow

        for batch in batches:
            yield pyarrow.record_batch({"pid": [os.getppid()] * min(batch.num_rows, 1)})

    from pyspark.sql import SparkSession

    session = SparkSession.builder.remote(cluster.url).create()
    try:
        places = session.range(0, 64, 1, 64).mapInArrow(where, "pid long").distinct().toArrow()
    finally:
        session.stop()
    assert len(set(places["pid"].to_pylist())) >= spark.WORKERS


def test_a_machine_without_java_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    monkeypatch.setattr(spark, "_debian", list)
    with pytest.raises(Missing, match="needs Java 17 or newer; none was found"):
        spark.java()
