"""What numbers can be split by: persona, channel, stage, touchpoint, campaign, or a further column of the sheets.

Frames about a dimension have the columns `key` (canonical, as in filters and URLs) and `label` (to show); where the
value is missing both are "".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cx.errors import UnknownValue
from cx.filters import DIMENSIONS, Clause
from cx.language import text
from cx.model import name_key
from cx.store import Store, derive

Attribution = Literal["first", "last", "all"]
ATTRIBUTIONS: tuple[str, ...] = ("first", "last", "all")


@dataclass(frozen=True)
class Dimension:
    """A dimension of the workspace; `attribute` tells whether `name` is the key of a further column."""

    name: str
    attribute: bool = False

    def join(self, alias: str = "i") -> Clause:
        """SQL to join to `interactions AS alias` so that `value` can be read; may be empty."""
        if self.attribute:
            return Clause(f"LEFT JOIN ({_OF_CUSTOMER}) by_dimension "
                          f"ON by_dimension.customer_key = {alias}.customer_key", (self.name,))
        if self.name == "persona":
            return Clause(f"JOIN customers by_dimension ON by_dimension.customer_key = {alias}.customer_key")
        return Clause("")

    def value(self, alias: str = "i") -> Clause:
        """SQL of the value of a row: an id, or text for campaigns and attributes; null = missing."""
        if self.attribute:
            return Clause(f"coalesce(by_dimension.value, {alias}.attributes[?])", (self.name,))
        if self.name == "persona":
            return Clause("by_dimension.persona_id")
        return Clause(f"{alias}.campaign" if self.name == "campaign" else f"{alias}.{self.name}_id")

    def of_customers(self, attribution: str = "first") -> Clause:
        """SELECT customer_key, value: the first or last value that is not missing, or all of them (distinct).

        A column given for the customer goes before the same column of single interactions.
        """
        if self.name == "persona" and not self.attribute:
            return Clause("SELECT customer_key, persona_id AS value FROM customers WHERE persona_id IS NOT NULL")
        if self.name == "channel" and not self.attribute and attribution != "all":
            column = f"{attribution}_channel_id"
            return Clause(f"SELECT customer_key, {column} AS value FROM journeys WHERE {column} IS NOT NULL")
        value = self.value("i")
        rows = (f"SELECT i.customer_key, {value.sql} AS value, i.occurred_at, i.interaction_id "
                f"FROM interactions i {self.join('i').sql} WHERE i.occurred_at IS NOT NULL")
        params = (*value.params, *self.join("i").params)
        if attribution == "all":
            if self.attribute:
                return Clause(f"SELECT DISTINCT customer_key, value FROM ({rows}) WHERE value IS NOT NULL "
                              f"AND customer_key NOT IN (SELECT customer_key FROM ({_OF_CUSTOMER})) "
                              f"UNION ALL {_ALL_OF_CUSTOMER}", (*params, self.name, self.name))
            return Clause(f"SELECT DISTINCT customer_key, value FROM ({rows}) WHERE value IS NOT NULL", params)
        pick = "arg_min" if attribution == "first" else "arg_max"
        return Clause(f"SELECT customer_key, {pick}(value, (occurred_at, interaction_id)) AS value FROM ({rows}) "
                      f"WHERE value IS NOT NULL GROUP BY customer_key", params)

    def labels(self, store: Store) -> dict[object, tuple[str, str, int | None]]:
        """Value → key, label, position (in the order of the model for stages, else None) of values known by id."""
        if self.attribute or self.name == "campaign":
            return {}
        position = "position" if self.name == "stage" else "NULL"
        return {value: (key, label, place) for value, key, label, place in store.kept(
            f"SELECT {self.name}_id, key, label, {position} FROM {DIMENSIONS[self.name]}")}


_OF_CUSTOMER = ("SELECT ca.customer_key, arg_max(ca.value, ca.upload_id) AS value FROM customer_attributes ca "
                "JOIN attributes a USING (attribute_id) WHERE a.key = ? GROUP BY ca.customer_key")
_ALL_OF_CUSTOMER = ("SELECT DISTINCT ca.customer_key, ca.value FROM customer_attributes ca "
                    "JOIN attributes a USING (attribute_id) WHERE a.key = ?")


def dimension(store: Store, name: str) -> Dimension:
    """The dimension of that name; raises UnknownValue listing persona, channel, stage, touchpoint, campaign and the
    attributes there are."""
    key = name_key(name)
    if key in DIMENSIONS or key == "campaign":
        return Dimension(key)
    attributes = [row[0] for row in store.kept("SELECT key FROM attributes ORDER BY key")]
    if key not in attributes:
        raise UnknownValue(text("Breakdown"), name, [*DIMENSIONS, "campaign", *attributes])
    return Dimension(key, attribute=True)


def stages_in_use(store: Store) -> list[int]:
    """Ids, in order, of the stages that the columns t1, t2, … of `attempts` stand for."""
    def asked() -> list[int]:
        with store.reader() as cursor:
            return derive.stages_in_use(cursor)

    return store.memo("stages in use", asked)


def named(store: Store, by: Dimension, values: Iterable[object]) -> list[tuple[str, str]]:
    """Key and label of each value (an id, or text; None = missing)."""
    if by.attribute or by.name == "campaign":
        return [("", "") if value is None else (str(value), str(value)) for value in values]
    known = by.labels(store)
    return [("", "") if value is None else known[value][:2] for value in values]


def with_labels(store: Store, frame: pd.DataFrame, by: Dimension, prefix: str = "") -> pd.DataFrame:
    """The frame with its column `value` replaced by `key` and `label` (in front), each with `prefix`."""
    names = named(store, by, [None if missing else value for value, missing in zip(
        frame[prefix + "value"].tolist(), frame[prefix + "value"].isna().tolist(), strict=True)])
    rest = frame.drop(columns=prefix + "value")
    rest.insert(0, prefix + "label", pd.Series([label for _, label in names], index=rest.index, dtype=object))
    rest.insert(0, prefix + "key", pd.Series([key for key, _ in names], index=rest.index, dtype=object))
    return rest


def ranked(store: Store, by: Dimension, keys: Iterable[str], sizes: Iterable[float]) -> dict[str, int]:
    """The place of each key: in the order of the journey model for stages, else by size (of all its rows, the largest
    first) and name; missing last."""
    position = {key: place for key, _, place in by.labels(store).values()} if by.name == "stage" else {}
    weight: dict[str, float] = {}
    for key, amount in zip(keys, sizes, strict=True):
        weight[key] = weight.get(key, 0) + amount
    rank = sorted(weight, key=lambda key: (key == "", position.get(key) or 0, -weight[key], key))
    return {key: place for place, key in enumerate(rank)}


def in_order(store: Store, frame: pd.DataFrame, by: Dimension, then: Sequence[str] = (),
             size: str = "n") -> pd.DataFrame:
    """Rows as `ranked` by the column `size`, those of one key by the columns `then`."""
    if frame.empty:
        return frame.reset_index(drop=True)
    place = frame["key"].map(ranked(store, by, frame["key"], frame[size]))
    return (frame.assign(_place=place).sort_values(["_place", *then], kind="stable")
            .drop(columns="_place").reset_index(drop=True))
