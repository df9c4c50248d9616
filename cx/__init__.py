"""Customer-experience computation over a DuckDB workspace. Never imports Streamlit.

    from cx import open_store, Filters
    store = open_store("data/workspace/cx.duckdb")
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

from cx.filters import Filters
from cx.store import Store

if TYPE_CHECKING:
    from cx import intake, metrics
from cx.engine import open_store

__all__ = ["Filters", "Store", "intake", "metrics", "open_store"]


def __getattr__(name: str) -> ModuleType:
    """`cx.intake` and `cx.metrics`, loaded when first asked for: a server is up before it needs them."""
    if name not in ("intake", "metrics"):
        raise AttributeError(f"module 'cx' has no attribute {name!r}")
    return importlib.import_module(f"cx.{name}")
