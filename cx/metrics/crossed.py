"""What is counted and summed over interactions, by several dimensions at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cx.filters import DIMENSIONS, Clause, Filters
from cx.metrics.dimension import Dimension
from cx.store import Store
from cx.store.measures import MEASURES


def crossed(store: Store, measures: Sequence[str], filters: Filters, **by: Dimension) -> pd.DataFrame:
    """A row per combination that some interaction of the selection has: a column per name in `by` with its value (an
    id, or text of campaigns and attributes; missing = null), then one per measure (a key of `MEASURES`).

    From `daily_cells` where they tell it, whose number hardly grows with the interactions, else from the rows; once for
    the questions of a page that ask for the same.
    """
    return store.memo(("crossed", tuple(measures), repr(filters), tuple(by.items())),
                      lambda: _asked(store, measures, filters, by)).copy(deep=False)


def _asked(store: Store, measures: Sequence[str], filters: Filters, by: Mapping[str, Dimension]) -> pd.DataFrame:
    if not filters.attributes and all(not each.attribute and each.name in DIMENSIONS for each in by.values()):
        values, joins = [f"i.{each.name}_id AS {name}" for name, each in by.items()], Clause("")
        parts = [f"{MEASURES[name].of_cells} AS {name}" for name in measures]
        table, where, kept = "daily_cells", filters.cells("i"), "sum(i.interactions) > 0"
    else:
        each = [_valued(name, split) for name, split in by.items()]
        values = [f"{name}.value AS {name}" for name in by]
        joins = Clause(" ".join(one.sql for one in each), tuple(value for one in each for value in one.params))
        parts = [f"{MEASURES[name].sql} AS {name}" for name in measures]
        table, where, kept = "interactions", filters.interactions("i"), "count(*) > 0"
    return store.frame(f"SELECT {', '.join([*values, *parts])} FROM {table} i {joins.sql} WHERE {where.sql} "
                       f"GROUP BY ALL HAVING {kept}", [*joins.params, *where.params])


def _valued(name: str, split: Dimension) -> Clause:
    """JOIN of the dimension's value of every interaction, as `name.value`."""
    value, join = split.value("v"), split.join("v")
    return Clause(f"JOIN (SELECT v.interaction_id, {value.sql} AS value FROM interactions v {join.sql}) {name} "
                  f"ON {name}.interaction_id = i.interaction_id", (*value.params, *join.params))
