"""A workspace with everything odd, and another one over the lake that Spark built from it; for all tests on Spark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cx import Store
from cx.engine.session import Session
from cx.engine.store import LakeStore, open_lake
from cx.lake.build import build
from cx.lake.workspace import WorkspaceSource
from tests.spark.cluster import Cluster
from tests.spark.lakes import root
from tests.spark.questions import odd_store


@dataclass(frozen=True)
class Both:
    """The same interactions twice: in a workspace of DuckDB, and in a lake under `folder`."""

    plain: Store
    lake: LakeStore
    folder: Path


@pytest.fixture(scope="session")
def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("two")
    plain = odd_store(folder / "cx.duckdb")
    session = Session(cluster.url)
    build(session, root(folder), WorkspaceSource(plain))
    session.close()
    lake = open_lake(folder / "over" / "cx.duckdb", cluster.url, root(folder))
    yield Both(plain, lake, folder)
    lake.close()
    plain.close()
