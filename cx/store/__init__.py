"""The workspace: one DuckDB file with every table of the product, and what is derived from the interactions."""

from cx.store.database import Store
from cx.store.journey_model import open_store

__all__ = ["Store", "open_store"]
