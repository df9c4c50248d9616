"""Customer-experience computation over a DuckDB workspace. Never imports Streamlit.

    from cx import open_store, Filters
    store = open_store("data/workspace/cx.duckdb")
"""

from cx import intake, metrics
from cx.filters import Filters
from cx.store import Store, open_store

__all__ = ["Filters", "Store", "intake", "metrics", "open_store"]
