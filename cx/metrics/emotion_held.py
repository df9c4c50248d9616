"""What customers felt, of what is held in memory: how each one remembers it, and where emotions come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from cx.filters import Filters
from cx.metrics import held
from cx.metrics.held_attempts import FAR
from cx.metrics.held_steps import Held, over_parts, parts_of, with_held
from cx.store import Store

Array = np.ndarray[Any, Any]
MOST_ANSWERS, MOST_SOURCES = 10_000_000, 3_000_000
"""Recommendations, and sums by day, place and source, that are held: 13 bytes each, and about as many."""
MOST_TIED = 300_000
"""Customers with different feelings at one time; of more the rows are asked."""
_NO_PLACE = np.empty(0, dtype=np.bool_)
_PLACES = ("stage", "touchpoint", "channel")
MEANS = ("way", "peak", "end", "peak_end")


@dataclass(frozen=True)
class _Answers:
    """Recommendations of known customers, by customer and time: key, day (held.UNDATED = undated), answer, places."""

    customers: Array
    days: Array
    answers: Array
    places: dict[str, Array]

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.customers, self.days, self.answers, *self.places.values()))


def each(store: Store, filters: Filters) -> pd.Series | None:
    """Sums over known customers as cx.metrics.emotion needs them, of everybody; None where the rows have to be asked:
    customers chosen by an attribute, feelings without a date, too many to be held."""
    if not _plain(store, filters) or not _dated(store, filters):
        return None
    answers = store.held("held recommendations", _load_answers)
    return None if answers is None else with_held(
        store, lambda found: None if found is None else _each(store, found, answers, filters))


def tells(store: Store, filters: Filters) -> bool:
    """Whether `each` tells of everybody."""
    return (_plain(store, filters) and _dated(store, filters)
            and store.held("held recommendations", _load_answers) is not None
            and with_held(store, lambda found: found is not None and _ties(found) is not None))


def _plain(store: Store, filters: Filters) -> bool:
    return type(filters) is Filters and not filters.attributes and not store.noted and not store.in_lake


def _dated(store: Store, filters: Filters) -> bool:
    """Whether nothing undated is felt, or none of it selected: it is not among the steps."""
    return bool(filters.start or filters.end) or not store.kept(
        "SELECT EXISTS (SELECT 1 FROM interactions i JOIN customers k ON k.customer_key = i.customer_key "
        "WHERE NOT k.anonymous AND i.occurred_at IS NULL AND i.emotion IS NOT NULL)")[0][0]


def _each(store: Store, found: Held, answers: _Answers, filters: Filters) -> pd.Series | None:
    from cx.metrics.emotion_kernel import last_answers, remembered  # compile on import: not at the start of the app

    chosen = found.chosen(Filters(persona=filters.persona))
    columns = {name: found.column(f"{name}_id") for name in _PLACES}
    emotions, moments = found.column("emotion"), found.moments
    at_stage, at_touchpoint, at_channel = (
        _wanted(store, name, filters, (columns[name], answers.places[name])) for name in _PLACES)
    ties = _ties(found)
    if ties is None:
        return None
    tied_rows, tied_ids = ties
    first, last = held.bounds(filters, dated=False)
    day = 86_400_000_000
    begin, finish = (min(max(moments.first_from(edge * day), -FAR), FAR) for edge in (first, last + 1))

    def part(low: int, high: int) -> Array:
        start, end = found.first_rows[low], found.first_rows[high]
        stage, touchpoint, channel = (columns[name][start:end] for name in _PLACES)
        sums: Array = remembered(found.first_rows[low:high + 1] - start, moments.ticks[start:end], emotions[start:end],
                                 stage, touchpoint, channel, found.wanted(chosen, low, high), begin, finish,
                                 at_stage, at_touchpoint, at_channel, start, tied_rows, tied_ids)
        return sums

    sums = np.sum(over_parts(parts_of(found.first_rows), part), axis=0)
    stage, touchpoint, channel = (answers.places[name] for name in _PLACES)
    high, low, many = last_answers(answers.customers, answers.days, answers.answers, stage, touchpoint, channel,
                                   _NO_PLACE if chosen is None else chosen, first, last, at_stage, at_touchpoint,
                                   at_channel)
    return pd.Series({
        "n": sums[8], **{f"{what}_total": sums[place] for place, what in enumerate(MEANS)},
        **{f"{what}_squares": sums[4 + place] for place, what in enumerate(MEANS)}, "positive": sums[9],
        "negative": sums[10], "promoters": high, "detractors": low, "answered": many}).astype(float)


def _ties(found: Held) -> tuple[Array, Array] | None:
    """Rows of one customer at one time that felt different, and their numbers by which the latest is told; `steps` has
    these in the order of the stages. None = too many. Raises Changed."""
    from cx.metrics.emotion_kernel import tied

    moments, emotions = found.moments, found.column("emotion")

    def part(low: int, high: int) -> Array:
        start, end = found.first_rows[low], found.first_rows[high]
        rows: Array = tied(found.first_rows[low:high + 1] - start, moments.ticks[start:end], emotions[start:end])
        return rows + start

    def make(cursor: duckdb.DuckDBPyConnection) -> tuple[Array, Array] | None:
        rows = np.concatenate(over_parts(parts_of(found.first_rows), part))
        whose = np.unique(np.searchsorted(found.first_rows, rows, side="right") - 1)
        if len(whose) > MOST_TIED:
            return None
        cursor.register("tied_customers", pd.DataFrame({"customer_key": found.customers[whose]}))
        told = cursor.execute("SELECT i.customer_key, i.interaction_id FROM interactions i "
                              "JOIN tied_customers USING (customer_key) LEFT JOIN stages s ON s.stage_id = i.stage_id "
                              "WHERE i.occurred_at IS NOT NULL ORDER BY i.customer_key, i.occurred_at, "
                              "s.position NULLS LAST, i.interaction_id").fetchnumpy()
        whose = whose[np.argsort(found.customers[whose])]
        sizes = np.diff(found.first_rows)[whose]
        if sizes.sum() != len(told["interaction_id"]):
            return None
        of_row = np.repeat(found.first_rows[whose] - np.append(0, sizes.cumsum())[:-1], sizes) + np.arange(sizes.sum())
        order = np.argsort(of_row)
        return rows, told["interaction_id"][order][np.searchsorted(of_row[order], rows)]

    ties: tuple[Array, Array] | None = found.once("ties of emotions", make)
    return ties


def _wanted(store: Store, name: str, filters: Filters, columns: Sequence[Array]) -> Array:
    """By id (the last: not known), whether rows there are selected; empty = all are."""
    if not getattr(filters, name):
        return _NO_PLACE
    ids = held.chosen(store, name, filters)
    found = np.zeros(max([*ids, *(int(column.max(initial=0)) for column in columns)]) + 2, dtype=np.bool_)
    found[ids] = True
    return found


def _load_answers(cursor: duckdb.DuckDBPyConnection) -> _Answers | None:
    [(many,)] = cursor.execute("SELECT count(nps) FROM interactions").fetchall()
    if many > MOST_ANSWERS:
        return None
    found = cursor.execute(f"""
        SELECT i.customer_key, coalesce(CAST(epoch_us(date_trunc('day', i.occurred_at)) // 86400000000 AS INTEGER),
                {held.UNDATED}) AS day, i.nps, {', '.join(f'coalesce(i.{name}_id, -1) AS {name}' for name in _PLACES)}
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key
        WHERE NOT k.anonymous AND i.nps IS NOT NULL
        ORDER BY i.customer_key, i.occurred_at NULLS FIRST, i.interaction_id""").fetchnumpy()
    return _Answers(found["customer_key"].astype(np.int32), found["day"].astype(np.int32), found["nps"].astype(np.int8),
                    {name: found[name] for name in _PLACES})


# --- where emotions come from ---


def sources(store: Store, filters: Filters) -> pd.DataFrame | None:
    """source ("" = no emotion known), positive, neutral, negative, n (with an emotion), interactions; None where the
    rows have to be asked."""
    if not _plain(store, filters):
        return None
    found = store.held("held emotion sources", _load_sources)
    if found is None:
        return None
    names, cells = found.names, found.cells
    rows = cells.select(store, filters, dated=False)
    source = cells.places["source"][rows].astype(np.int64)
    sums = {name: np.bincount(source, cells.measures[name][rows], len(names)).astype(np.int64) for name in _COUNTS}
    frame = pd.DataFrame({"source": pd.Series(names, dtype="str"), **sums})
    return frame[frame["interactions"] > 0].reset_index(drop=True)


_COUNTS = ("positive", "neutral", "negative", "n", "interactions")


@dataclass(frozen=True)
class _Sources:
    """Sums by day, place and source (its number in names)."""

    names: list[str]
    cells: held.Cells

    @property
    def nbytes(self) -> int:
        return self.cells.nbytes


def _load_sources(cursor: duckdb.DuckDBPyConnection) -> _Sources | None:
    found = cursor.execute(f"""
        SELECT coalesce(k.persona_id, -1) AS persona,
            {', '.join(f'coalesce(i.{name}_id, -1) AS {name}' for name in _PLACES)},
            date_trunc('day', i.occurred_at) AS occurred_at, coalesce(i.emotion_source, '') AS source,
            count(*) FILTER (WHERE i.emotion > 0) AS positive, count(*) FILTER (WHERE i.emotion = 0) AS neutral,
            count(*) FILTER (WHERE i.emotion < 0) AS negative, count(i.emotion) AS n, count(*) AS interactions
        FROM interactions i JOIN customers k ON k.customer_key = i.customer_key
        GROUP BY ALL LIMIT {MOST_SOURCES + 1}""").df()
    if len(found) > MOST_SOURCES:
        return None
    codes, names = pd.factorize(found["source"])
    cells = held.cells_of(found.assign(source=codes), {name: found[name].to_numpy() for name in _COUNTS},
                          (*held.PLACES, "source"))
    return _Sources([str(name) for name in names], cells)
