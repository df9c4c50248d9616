"""Saved views: a page's address under a name, for everybody who works in this workspace."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

import pandas as pd

from cx.errors import QueryError
from cx.language import text
from cx.model import clean_name, name_key
from cx.store.database import Store

LONGEST_NAME = 80


def saved(store: Store) -> pd.DataFrame:
    """The views by name: view_id, name, page, url (query parameters, {name: [values]}), author, created_at."""
    def asked() -> pd.DataFrame:
        frame = store.frame(
            "SELECT view_id, name, page, url, author, created_at FROM views ORDER BY lower(name), view_id")
        return frame.assign(url=[json.loads(each) for each in frame["url"]])

    return store.memo("saved views", asked, quiet_too=True).copy(deep=False)


def save(store: Store, page: str, name: str, url: Mapping[str, Sequence[str]], author: str | None = None) -> int:
    """Keep an address under a name; a view of that name (whatever its letter case) is replaced. → view_id.

    Raises QueryError for a name that is empty or too long.
    """
    name = _name(name)
    same = _of_name(store, page, name)
    with store.write(quietly=True) as cursor:
        if same is None:
            row = cursor.execute("SELECT coalesce(max(view_id), 0) + 1 FROM views").fetchone()
            same = int(row[0]) if row else 1
        cursor.execute("INSERT OR REPLACE INTO views VALUES (?, ?, ?, ?, ?, ?)",
                       [same, name, page, json.dumps({key: list(values) for key, values in url.items()}), author,
                        dt.datetime.now()])
    return same


def rename(store: Store, view_id: int, name: str) -> None:
    """Give a view another name. Raises QueryError for a name that is empty, too long or taken on its page."""
    name, page = _name(name), _page(store, view_id)
    if _of_name(store, page, name) not in (None, view_id):
        raise QueryError(text("“{name}” is the name of another one already.", name=name))
    with store.write(quietly=True) as cursor:
        cursor.execute("UPDATE views SET name = ? WHERE view_id = ?", [name, view_id])


def delete(store: Store, view_id: int) -> None:
    """Forget a view. Raises QueryError where it is not there."""
    _page(store, view_id)
    with store.write(quietly=True) as cursor:
        cursor.execute("DELETE FROM views WHERE view_id = ?", [view_id])


def _name(given: str) -> str:
    name = clean_name(given)
    if not name:
        raise QueryError(text("Give it a name."))
    if len(name) > LONGEST_NAME:
        raise QueryError(text("A name has at most {most} characters.", most=LONGEST_NAME))
    return name


def _page(store: Store, view_id: int) -> str:
    page = store.value("SELECT page FROM views WHERE view_id = ?", [view_id])
    if page is None:
        raise QueryError(text("It is not there any more."))
    return str(page)


def _of_name(store: Store, page: str, name: str) -> int | None:
    wanted = name_key(name)
    return next((view_id for view_id, each in store.rows("SELECT view_id, name FROM views WHERE page = ?", [page])
                 if name_key(each) == wanted), None)
