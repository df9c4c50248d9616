"""Where questions run: in the workspace's own DuckDB, or over a data lake on Apache Spark through Spark Connect.

A metric is declared once, in DuckDB's SQL. On Spark `dialect` writes the same question in Spark's, or refuses; `cursor`
stands in for DuckDB's cursor; `store.LakeStore` is the workspace whose large tables are in the lake. What Spark needs
is imported only where it is chosen.
"""

from __future__ import annotations

import os
from pathlib import Path

from cx import store
from cx.errors import EngineError
from cx.language import text
from cx.store import Store

__all__ = ["in_lake", "open_store"]


def in_lake() -> bool:
    """Whether the settings say that interactions are in a lake."""
    return os.environ.get("CX_ENGINE", "").strip() not in ("", "duckdb")


def open_store(path: str | Path) -> Store:
    """The workspace on the engine that the settings choose: $CX_ENGINE (sc://host:15002) and $CX_LAKE (the root of the
    lake, as Spark reads it); DuckDB where the first is not set. Raises StoreError."""
    url, root = (os.environ.get(name, "").strip() for name in ("CX_ENGINE", "CX_LAKE"))
    if not in_lake():
        return store.open_store(path)
    if not url.startswith("sc://"):
        raise EngineError(text("CX_ENGINE is “{url}”; accepted: sc://host:port (Spark Connect), or nothing (DuckDB).",
                               url=url))
    if not root:
        raise EngineError(text("CX_ENGINE is set, but CX_LAKE does not say where the lake is (a folder that Spark can "
                               "read)."))
    from cx.engine.store import open_lake

    return open_lake(path, url, root)
