"""What has been uploaded."""

from __future__ import annotations

import pandas as pd

from cx.store import Store


def uploads(store: Store) -> pd.DataFrame:
    """Every upload, newest first: upload_id, name, bytes, loaded_at; accepted, rejected, duplicates (rows); replaced
    (interactions of earlier uploads it corrected); undone_at (null = in force), undone."""
    return store.frame("SELECT upload_id, name, bytes, loaded_at, accepted, rejected, duplicates, replaced, undone_at, "
                       "undone_at IS NOT NULL AS undone FROM uploads ORDER BY upload_id DESC")
