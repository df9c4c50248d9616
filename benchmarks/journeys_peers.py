"""A peer in a process of its own: loads the rows, then answers one question for each line on standard input.

    python journeys_peers.py NAME ROWS.parquet        (started by journeys.py, with a Python that has the peer)

A line is the name of a question; the answer is a line of JSON: milliseconds, CPU milliseconds, answer. The last line is
the peak memory in MB. Rows: customer_key, at (seconds), stage (1-5), touchpoint (1-12), channel; by customer and time.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time

WINDOW = 30 * 86_400
ADHOC = (1, 4, 7)  # touchpoints: advert → product page → order


class Chdb:
    questions = ("stage funnel", "ad-hoc funnel", "transitions")

    def __init__(self, path: str) -> None:
        from chdb.session import Session
        self.session = Session()
        self.session.query("CREATE DATABASE j ENGINE = Atomic")
        self.session.query("CREATE TABLE j.rows (customer_key Int32, at UInt32, stage UInt8, touchpoint UInt8, "
                           "channel UInt8) ENGINE = MergeTree ORDER BY (customer_key, at)")
        self.session.query(f"INSERT INTO j.rows SELECT * FROM file('{path}', Parquet)")
        self.session.query("OPTIMIZE TABLE j.rows FINAL")

    def _funnel(self, column: str, values: tuple[int, ...]) -> list[int]:
        steps = ", ".join(f"{column} = {value}" for value in values)
        found = str(self.session.query(
            f"SELECT {', '.join(f'countIf(l >= {k})' for k in range(1, len(values) + 1))} FROM (SELECT customer_key, "
            f"windowFunnel({WINDOW})(at, {steps}) AS l FROM j.rows GROUP BY customer_key)", "CSV"))
        return [int(each) for each in found.strip().split(",")]

    def ask(self, question: str) -> object:
        if question == "transitions":
            found = str(self.session.query(
                "SELECT sum(n), count() FROM (SELECT f, touchpoint, count() AS n FROM (SELECT touchpoint, "
                "lagInFrame(touchpoint) OVER (PARTITION BY customer_key ORDER BY at) AS f FROM j.rows) "
                "WHERE f != 0 AND f != touchpoint GROUP BY 1, 2)", "CSV"))
            return [int(each) for each in found.strip().split(",")]
        return self._funnel(*(("stage", (1, 2, 3, 4, 5)) if question == "stage funnel" else ("touchpoint", ADHOC)))


class Polars:
    questions = ("stage funnel", "ad-hoc funnel", "transitions")

    def __init__(self, path: str) -> None:
        import polars
        self.pl, self.rows = polars, polars.read_parquet(path)

    def ask(self, question: str) -> object:
        pl = self.pl
        if question == "transitions":
            found = (self.rows.lazy().select("customer_key", "touchpoint", was=pl.col("touchpoint").shift(),
                                             who=pl.col("customer_key").shift())
                     .filter((pl.col("who") == pl.col("customer_key")) & (pl.col("was") != pl.col("touchpoint")))
                     .group_by("was", "touchpoint").len().collect())
            return [int(found["len"].sum()), found.height]
        column, values = ("stage", (1, 2, 3, 4, 5)) if question == "stage funnel" else ("touchpoint", ADHOC)
        step = (self.rows.lazy().filter(pl.col(column) == values[0]).select("customer_key", "at", start="at"))
        counts = []
        for place, value in enumerate(values):
            if place:  # of each arrival, the latest start that led to it
                rows = self.rows.lazy().filter(pl.col(column) == value).select("customer_key", "at")
                step = (rows.join_asof(step, on="at", by="customer_key", strategy="backward", check_sortedness=False)
                        .filter(pl.col("at") - pl.col("start") <= WINDOW))
            step = step.collect().lazy()
            counts.append(int(step.select(pl.col("customer_key").n_unique()).collect().item()))
            step = step.sort("at")
        return counts


class Pandas:
    questions = ("stage funnel", "ad-hoc funnel", "transitions")

    def __init__(self, path: str) -> None:
        import pandas
        self.pd, self.rows = pandas, pandas.read_parquet(path).astype({"at": "int64"})

    def ask(self, question: str) -> object:
        rows, pd = self.rows, self.pd
        if question == "transitions":
            was, who = rows["touchpoint"].shift(), rows["customer_key"].shift()
            kept = (who == rows["customer_key"]) & (was != rows["touchpoint"])
            found = rows[kept].groupby([was[kept].rename("was"), "touchpoint"]).size()
            return [int(found.sum()), len(found)]
        column, values = ("stage", (1, 2, 3, 4, 5)) if question == "stage funnel" else ("touchpoint", ADHOC)
        step, counts = None, []
        for value in values:
            these = rows.loc[rows[column] == value, ["customer_key", "at"]].sort_values("at", kind="stable")
            if step is None:
                step = these.assign(start=these["at"])
            else:
                step = pd.merge_asof(these, step, on="at", by="customer_key").dropna(subset="start")
                step = step[step["at"] - step["start"] <= WINDOW]
            counts.append(int(step["customer_key"].nunique()))
        return counts


class Pm4py:
    """Process mining (AGPL: run here only, no dependency of the product). It has no funnel with retries."""

    questions = ("transitions",)

    def __init__(self, path: str) -> None:
        import pandas
        import pm4py
        rows = pandas.read_parquet(path)
        self.pm4py = pm4py
        self.rows = pandas.DataFrame({
            "case:concept:name": rows["customer_key"].astype(str), "concept:name": rows["touchpoint"].astype(str),
            "time:timestamp": pandas.to_datetime(rows["at"], unit="s", utc=True)})

    def ask(self, question: str) -> object:
        assert question in self.questions
        found, _, _ = self.pm4py.discover_dfg(self.rows)
        other = {pair: n for pair, n in found.items() if pair[0] != pair[1]}
        return [int(sum(other.values())), len(other)]


class Retentioneering:
    """Its transition graph, with the numbers it comes with; its funnel has no window."""

    questions = ("transitions",)

    def __init__(self, path: str) -> None:
        os.environ["RETENTIONEERING_NO_TRACK"] = "1"
        import pandas
        from retentioneering.eventstream import Eventstream
        rows = pandas.read_parquet(path)
        self.stream = Eventstream(pandas.DataFrame({
            "user_id": rows["customer_key"], "event": rows["touchpoint"].astype(str),
            "timestamp": pandas.to_datetime(rows["at"], unit="s")}))

    def ask(self, question: str) -> object:
        assert question in self.questions
        return str(self.stream.transition_graph_data())[:60]


PEERS = {"chdb": Chdb, "polars": Polars, "pandas": Pandas, "pm4py": Pm4py, "retentioneering": Retentioneering}


def serve(peer: object) -> None:
    """Answer questions until standard input ends."""
    print(json.dumps(list(peer.questions)), flush=True)
    for line in sys.stdin:
        began, used = time.perf_counter(), time.process_time()
        answer = peer.ask(line.strip())
        print(json.dumps([round(1000 * (time.perf_counter() - began), 2),
                          round(1000 * (time.process_time() - used), 2), answer]), flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)


if __name__ == "__main__":
    serve(PEERS[sys.argv[1]](sys.argv[2]))
