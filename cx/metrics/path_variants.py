"""Whole ways through the journey: the most frequent ones, how they end and feel, and where customers go in circles."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cx.errors import QueryError
from cx.filters import Filters
from cx.language import text
from cx.metrics import stats
from cx.metrics.cells import conversion_step
from cx.metrics.dimension import dimension
from cx.metrics.path_rows import PAUSE, sequences
from cx.store import Store
from cx.store.derive import stages_in_use

MOST_LENGTH = 12

_FELT = ("count(*) FILTER (WHERE emotion > 0) AS plus, count(*) FILTER (WHERE emotion < 0) AS minus, "
         "count(emotion) AS felt")


def variants(store: Store, by: str = "stage", length: int = 8, most: int = 10, unit: str = "customer",
             pause: dt.timedelta = PAUSE, collapse: bool = True, filters: Filters = Filters()) -> pd.DataFrame:
    """The most frequent whole sequences of steps, and all others together in a last row.

    length  1–12: a longer sequence is cut there and counts with those that begin alike (`longer`)
    → kind ("variant", "other"), keys and labels (tuples, empty for "other"), longer, variants (how many sequences the
      row stands for), n, share, lower, upper (of all counted), total; converted, conversion, conversion_lower,
      conversion_upper (share that reached the purchase stage, Wilson; null where no stage comes before it); net,
      net_lower, net_upper, net_n (of all interactions of these journeys). The n add up to `total`.
      Raises UnknownValue, QueryError.
    """
    if not 1 <= length <= MOST_LENGTH:
        raise QueryError(text("Sequences have {fewest} to {most} steps, not {n}.", fewest=1, most=MOST_LENGTH,
                              n=length))
    asked = sequences(by, unit, pause, collapse, filters)
    purchase = _purchase(store)
    parts = ("n", "converted", "plus", "minus", "felt")
    found = store.frame(f"""
        WITH {asked.sql},
        path_ways AS (SELECT customer_key, session, max(place) > {int(length)} AS longer,
            string_agg(CASE WHEN place <= {int(length)} THEN CAST(value AS VARCHAR) END, ',' ORDER BY place) AS way
            FROM path_rows WHERE changed = 1 GROUP BY 1, 2),
        path_facts AS (SELECT customer_key, session, max(CASE WHEN stage_id = {purchase or -1} THEN 1 ELSE 0 END)
            AS converted, {_FELT} FROM path_visits GROUP BY 1, 2),
        path_variants AS (SELECT w.way, w.longer, count(*) AS n, {', '.join(f'sum(f.{part}) AS {part}'
                                                                           for part in parts[1:])}
            FROM path_ways w JOIN path_facts f ON f.customer_key = w.customer_key AND f.session = w.session
            GROUP BY 1, 2)
        SELECT *, count(*) OVER () AS variants, {', '.join(f'sum({part}) OVER () AS all_{part}' for part in parts)}
        FROM path_variants ORDER BY n DESC, way, longer LIMIT {int(most)}""", asked.params)
    labels = dimension(store, by).labels(store)
    rows = []
    for row in found.to_dict("records"):
        ids = [int(each) for each in row["way"].split(",")]
        rows.append({"kind": "variant", "keys": tuple(labels[each][0] for each in ids),
                     "labels": tuple(labels[each][1] for each in ids), "longer": bool(row["longer"]), "variants": 1,
                     **{part: int(row[part]) for part in parts}})
    total = int(found["all_n"].iloc[0]) if len(found) else 0
    rest = int(found["variants"].iloc[0]) - len(found) if len(found) else 0
    if rest:
        rows.append({"kind": "other", "keys": (), "labels": (), "longer": False, "variants": rest,
                     **{part: int(found[f"all_{part}"].iloc[0] - found[part].sum()) for part in parts}})
    frame = pd.DataFrame(rows, columns=["kind", "keys", "labels", "longer", "variants", *parts])
    share = stats.wilson(frame["n"], total)
    conversion = stats.wilson(frame["converted"], frame["n"] if purchase else 0)
    net = stats.net_score(frame["plus"], frame["minus"], frame["felt"])
    frame = frame.assign(
        share=share.value, lower=share.lower, upper=share.upper, total=total,
        converted=frame["converted"].astype("Int64").where(pd.Series(purchase is not None, index=frame.index)),
        conversion=conversion.value, conversion_lower=conversion.lower, conversion_upper=conversion.upper,
        net=net.value, net_lower=net.lower, net_upper=net.upper, net_n=frame["felt"])
    return frame[["kind", "keys", "labels", "longer", "variants", "n", "share", "lower", "upper", "total", "converted",
                  "conversion", "conversion_lower", "conversion_upper", "net", "net_lower", "net_upper", "net_n"]]


def returns(store: Store, unit: str = "customer", pause: dt.timedelta = PAUSE,
            filters: Filters = Filters()) -> pd.DataFrame:
    """How many go back. Two rows: what = "stage" (to an earlier stage than the one before, in the order of the model)
    and "touchpoint" (to a touchpoint they have left).

    → what, n, of (customers or sessions with at least one stage, touchpoint), share, lower, upper. Nobody counted → of
      = 0 and no share. Raises UnknownValue, QueryError.
    """
    rows = []
    for what in ("stage", "touchpoint"):
        asked = sequences(what, unit, pause, True, filters)
        if what == "stage":
            inner = ("SELECT r.customer_key, r.session, CASE WHEN s.position < lag(s.position) OVER (PARTITION BY "
                     "r.customer_key, r.session ORDER BY r.place) THEN 1 ELSE 0 END AS back "
                     "FROM path_rows r JOIN stages s ON s.stage_id = r.value WHERE r.changed = 1")
        else:
            inner = ("SELECT customer_key, session, CASE WHEN count(*) > count(DISTINCT value) THEN 1 ELSE 0 END "
                     "AS back FROM path_rows WHERE changed = 1 GROUP BY 1, 2")
        of, n = store.rows(f"WITH {asked.sql} SELECT count(*), coalesce(sum(back), 0) FROM (SELECT customer_key, "
                           f"session, max(back) AS back FROM ({inner}) GROUP BY 1, 2)", asked.params)[0]
        rows.append((what, int(n), int(of)))
    frame = pd.DataFrame(rows, columns=["what", "n", "of"])
    share = stats.wilson(frame["n"], frame["of"])
    return frame.assign(share=share.value, lower=share.lower, upper=share.upper)


def loops(store: Store, by: str = "touchpoint", most: int = 10, unit: str = "customer", pause: dt.timedelta = PAUSE,
          filters: Filters = Filters()) -> pd.DataFrame:
    """The most frequent loops A → B → A, immediate repeats collapsed.

    → key, label (A), through_key, through_label (B), n (customers or sessions), share, lower, upper (of all counted),
      total, times (how often; A → B → A → B → A holds two), net, net_lower, net_upper, net_n (of the interactions at B
      and on the return to A). Raises UnknownValue, QueryError.
    """
    asked = sequences(by, unit, pause, True, filters)
    found = store.frame(f"""
        WITH {asked.sql},
        path_steps AS (SELECT customer_key, session, place, max(value) AS value, {_FELT} FROM path_rows
            GROUP BY 1, 2, 3),
        path_turns AS (SELECT customer_key, session, value, lag(value) OVER unit AS through,
            lag(value, 2) OVER unit AS origin, plus + lag(plus) OVER unit AS plus,
            minus + lag(minus) OVER unit AS minus, felt + lag(felt) OVER unit AS felt FROM path_steps
            WINDOW unit AS (PARTITION BY customer_key, session ORDER BY place)),
        path_loops AS (SELECT customer_key, session, value, through, count(*) AS times, sum(plus) AS plus,
            sum(minus) AS minus, sum(felt) AS felt FROM path_turns WHERE origin = value GROUP BY 1, 2, 3, 4)
        SELECT value, through, count(*) AS n, sum(times) AS times, sum(plus) AS plus, sum(minus) AS minus,
            sum(felt) AS felt, (SELECT count(*) FROM path_steps WHERE place = 1) AS total
        FROM path_loops GROUP BY 1, 2""", asked.params)
    labels = dimension(store, by).labels(store)
    frame = pd.DataFrame([(*labels[value][:2], *labels[through][:2]) for value, through in
                          zip(found["value"], found["through"], strict=True)],
                         columns=["key", "label", "through_key", "through_label"])
    for part in ("n", "times", "plus", "minus", "felt", "total"):
        frame[part] = found[part].astype("int64")
    frame = frame.sort_values(["n", "times", "key", "through_key"], ascending=[False, False, True, True]).head(most)
    share = stats.wilson(frame["n"], frame["total"])
    net = stats.net_score(frame["plus"], frame["minus"], frame["felt"])
    frame = frame.assign(share=share.value, lower=share.lower, upper=share.upper, net=net.value, net_lower=net.lower,
                         net_upper=net.upper, net_n=frame["felt"])
    return frame[["key", "label", "through_key", "through_label", "n", "share", "lower", "upper", "total", "times",
                  "net", "net_lower", "net_upper", "net_n"]].reset_index(drop=True)


def _purchase(store: Store) -> int | None:
    """Id of the stage that is the purchase; None where no stage in use comes before it."""
    step = conversion_step(store)
    if step is None:
        return None
    with store.reader() as cursor:
        return stages_in_use(cursor)[step - 1]
