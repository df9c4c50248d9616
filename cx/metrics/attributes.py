"""The further columns of a company's sheets: which can be filtered by, and their values."""

from __future__ import annotations

from cx.store import Store

MOST_VALUES = 200
"""A column with more different values is a number or a text of its own, not something to filter by."""

_VALUES = """
    SELECT a.key, ca.value FROM customer_attributes ca JOIN attributes a USING (attribute_id)
    UNION ALL SELECT e.key, e.value FROM (SELECT unnest(map_entries(attributes)) AS e FROM interactions
                                          WHERE attributes IS NOT NULL)"""


def filterable(store: Store) -> list[str]:
    """Keys of the attributes with 2 to MOST_VALUES different values."""
    return [row[0] for row in store.rows(
        f"SELECT key FROM ({_VALUES}) GROUP BY key HAVING count(DISTINCT value) BETWEEN 2 AND {MOST_VALUES} "
        "ORDER BY key")]


def attribute_values(store: Store, attribute: str) -> list[str]:
    """The values of an attribute, the most frequent first."""
    return [row[0] for row in store.rows(
        f"SELECT value FROM ({_VALUES}) WHERE key = ? GROUP BY value ORDER BY count(*) DESC, value", [attribute])]
