"""Journeys at scale: a page of eight questions, funnels, transitions and an upload, beside peers in the same rounds.

    python benchmarks/journeys.py --folder /tmp/journeys --peers-python /tmp/peers/bin/python

1, 10 and 100 million interactions, five rounds (three at 100 million), peers: chdb at every size, polars, pandas,
retentioneering and pm4py at a million; then an upload of 100,000 rows and its undo at every size. Options: other
sizes, peers or rounds. Makes the workspaces where they are missing or unfinished (benchmarks/journeys_data.py): 8 GB
and some ten minutes for the largest. Each answerer is a process of its own; they take turns, round after round, each
round of the page with other dates and another persona. Prints median milliseconds, the CPU milliseconds beside (on a
busy machine these are what to compare), the ratio to chdb and the growth from the size before (CPU), peak memory, and
whether the answers agree. The first round is left out and shown apart: in it what is held in memory is read. A peer
that the other Python does not have is named. Results: benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sized
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # instead of this folder, whose coverage.py is none of pip's

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import cx
from benchmarks.journeys_data import CHANNELS, PER_CUSTOMER, PERSONAS, START, TOUCHPOINTS, generate
from benchmarks.journeys_peers import PEERS, WINDOW, serve
from cx import Filters, Store, intake
from cx.metrics import change, emotion, funnel, kpi, overview, path
from cx.metrics.kpi_registry import HEADLINE_KPIS
from cx.store import derive
from cx.store.check import check

ADHOC = ("Advert", "Product page", "Order")
FLOOR = "SELECT count(*) FROM (SELECT customer_key, min(occurred_at), max(stage_id) FROM interactions GROUP BY 1)"


class Ours:
    """The product. Questions of the page are asked one after the other, as by a reader who changes the filter."""

    def __init__(self, workspace: Path) -> None:
        self.store = cx.open_store(workspace)
        self.round = 0
        self.page: dict[str, Callable[[Filters], object]] = {
            "page: how many": lambda f: overview.selected(self.store, f),
            "page: KPIs": lambda f: kpi.kpis(self.store, f, f.compare, HEADLINE_KPIS),
            "page: sparklines": lambda f: kpi.sparklines(self.store, HEADLINE_KPIS, f),
            "page: funnel": lambda f: funnel.funnel(self.store, filters=f),
            "page: emotion curve": lambda f: emotion.curve(self.store, "stage", f),
            "page: touchpoints": lambda f: kpi.breakdown(self.store, "net_emotion", "touchpoint", f),
            "page: channels": lambda f: kpi.breakdown(self.store, "nps", "channel", f),
            "page: what changed": lambda f: change.what_changed(self.store, f)}
        self.questions = ("scan floor", "stage funnel", "ad-hoc funnel", "transitions", *self.page)

    def ask(self, question: str) -> object:
        window = dt.timedelta(seconds=WINDOW)
        if question == "scan floor":
            return self.store.value(FLOOR)
        if question == "stage funnel":
            return funnel.funnel(self.store, window=window)["reached"].tolist()
        if question == "ad-hoc funnel":
            return funnel.funnel(self.store, list(ADHOC), by="touchpoint", window=window)["reached"].tolist()
        if question == "transitions":
            found = path.transitions(self.store)
            found = found[(found["to_kind"] == "value") & (found["from_key"] != found["to_key"])]
            return [int(found["n"].sum()), len(found)]
        self.round += question == next(iter(self.page))
        start = dt.date(2025, 3, 1) + dt.timedelta(days=self.round)
        persona = PERSONAS[self.round % len(PERSONAS)]
        found = self.page[question](Filters(start=start, end=start + dt.timedelta(days=89), persona=(persona,)))
        return len(found) if isinstance(found, Sized) else str(found)  # to print a table takes as long as to make it


class Answerer:
    """A process that answers; `None` of its questions where it could not start."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        first = self._line()
        self.questions: list[str] = json.loads(first) if first else []

    def _line(self) -> str:
        assert self.process.stdout is not None
        while (line := self.process.stdout.readline()) and line[0] not in "[0123456789":
            pass  # what libraries say when they start
        return line

    def ask(self, question: str) -> tuple[float, float, object] | None:
        assert self.process.stdin is not None
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        line = self._line()
        return tuple(json.loads(line)) if line else None

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return int(self._line() or 0)


def export(store: Store, target: Path) -> None:
    """The five columns that peers need, by customer and time (as `steps` has them)."""
    with store.reader() as cursor:
        reader = cursor.sql(
            "SELECT customer_key, CAST(epoch(occurred_at) AS UINTEGER) AS at, CAST(stage_id AS UTINYINT) AS stage, "
            "CAST(touchpoint_id AS UTINYINT) AS touchpoint, CAST(channel_id AS UTINYINT) AS channel FROM steps"
            ).to_arrow_reader(1_000_000)
        unfinished = target.with_suffix(".part")
        with pq.ParquetWriter(unfinished, reader.schema) as writer:
            for batch in reader:
                writer.write_table(pa.Table.from_batches([batch]))
        del reader  # it holds the file open
    unfinished.rename(target)


def make(folder: Path, size: int) -> tuple[Path, Path]:
    """Workspace and rows for peers, made where they are missing or unfinished."""
    workspace, rows = folder / str(size) / "cx.duckdb", folder / f"{size}.parquet"
    if not (workspace.exists() and rows.exists()):
        began = time.perf_counter()
        store = generate(workspace, size)
        made = time.perf_counter()
        if not store.value("SELECT count(*) FROM orders"):
            with store.write() as cursor:
                derive.rebuild(cursor)
        print(f"{size:,}: generated in {made - began:.0f} s, derived in {time.perf_counter() - made:.0f} s", flush=True)
        export(store, rows)
        store.close()
    return workspace, rows


Medians = dict[tuple[str, str], tuple[float, float]]
"""(question, who) → milliseconds, CPU milliseconds."""


def rounds(folder: Path, size: int, count: int, peers: list[str], python: str, smaller: Medians) -> Medians:
    """Ask all in turn and print; → the medians, `smaller` are those of the size before."""
    workspace, rows = make(folder, size)
    found: dict[str, Answerer] = {"cx": Answerer([sys.executable, __file__, "--serve", str(workspace)])}
    for name in peers:
        found[name] = Answerer([python, str(Path(__file__).with_name("journeys_peers.py")), name, str(rows)])
    times: dict[tuple[str, str], list[tuple[float, float]]] = {}
    answers: dict[tuple[str, str], object] = {}
    first: dict[str, tuple[float, float]] = {}
    for number in range(count + 1):  # the first warms up
        for name, answerer in found.items():
            for question in answerer.questions:
                answer = answerer.ask(question)
                if answer is None:
                    answerer.questions = []  # it ended
                    break
                if number:
                    times.setdefault((question, name), []).append(answer[:2])
                    if question.startswith("page: "):
                        page = times.setdefault(("page of eight", name), [])
                        page += [(0.0, 0.0)] * (number - len(page))
                        page[-1] = (page[-1][0] + answer[0], page[-1][1] + answer[1])
                elif name == "cx":
                    first[question] = answer[:2]
                    if question.startswith("page: "):
                        first["page of eight"] = tuple(map(sum, zip(first.get("page of eight", (0, 0)), answer[:2],
                                                                    strict=True)))
                answers[question, name] = answer[2]
    medians: Medians = {pair: tuple(map(statistics.median, zip(*each, strict=True)))  # type: ignore[misc]
                        for pair, each in times.items()}
    print(f"\n{size:,} interactions, {count} rounds\n")
    print(f"{'question':<22}{'who':<17}{'ms':>9}{'CPU ms':>9}{'of chdb':>9}{'growth':>8}{'first':>9}  answer")
    for pair in sorted(medians, key=lambda pair: (pair[0].startswith("page"), pair[0])):
        question, name = pair
        wall, cpu = medians[pair]
        base, before = medians.get((question, "chdb")), smaller.get(pair)
        same = answers.get(pair) == answers.get((question, "cx"))
        shown = "" if question.startswith("page") else f"{answers[pair]}{'' if same else '  (differs)'}"
        print(f"{question:<22}{name:<17}{wall:>9.1f}{cpu:>9.1f}{f'{cpu / base[1]:.3f}' if base else '':>9}"
              f"{f'{cpu / before[1]:.1f}' if before else '':>8}"
              f"{f'{first[question][1]:.0f}' if name == 'cx' and question in first else '':>9}  {shown}")
    for name, answerer in found.items():
        missing = not any(pair[1] == name for pair in times)
        print(f"peak memory {name}:", "not installed, or it ended" if missing else f"{answerer.end()} MB", flush=True)
    return medians


def upload(folder: Path, size: int, rows: int, checked: bool) -> None:
    """Time of an upload of so many rows of known customers (a quarter as many), of its undo, and the check after it."""
    workspace, _ = make(folder, size)
    store = cx.open_store(workspace)
    funnel.warm_up()
    places = pd.RangeIndex(rows).to_series()
    customers, touched = size // PER_CUSTOMER, rows // 4
    frame = pd.DataFrame({
        "customer_id": "C" + (1 + places // 4 * max(customers // touched, 1) % customers).astype(str),
        "occurred_at": pd.Timestamp(START) + pd.to_timedelta(700 + places % 28, unit="D")
        + pd.to_timedelta(places * 31 % 86_400, unit="s"),
        "touchpoint": pd.Series(list(TOUCHPOINTS)).reindex(places % len(TOUCHPOINTS)).to_numpy(),
        "channel": pd.Series(CHANNELS).reindex(places % len(CHANNELS)).to_numpy(),
        "nps": (places % 11).where(places % 20 == 0), "wait_seconds": (places % 900).where(places % 5 == 0)})
    file = folder / "upload.csv"
    frame.to_csv(file, index=False)
    for number in range(2):  # the first warms up
        began, used = time.perf_counter(), time.process_time()
        receipt = intake.load(store, file)
        loaded, cpu = time.perf_counter(), time.process_time()
        intake.undo(store, receipt.upload_id)
        undone, all_cpu = time.perf_counter(), time.process_time()
        print(f"{size:,}: {receipt.accepted:,} rows loaded in {loaded - began:.2f} s (CPU {cpu - used:.2f}), undone in "
              f"{undone - loaded:.2f} s (CPU {all_cpu - cpu:.2f}){'' if number else ', first time'}", flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if checked:
        found = check(store)
        differs = found[["missing", "surplus"]].to_numpy().any()
        print("computed anew:", found if differs else "all the same")
    store.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--sizes", type=int, nargs="+", default=[1_000_000, 10_000_000, 100_000_000])
    asked.add_argument("--rounds", type=int, help="default: five, three from 100 million on")
    asked.add_argument("--peers", nargs="*", help="default: all at a million, else chdb")
    asked.add_argument("--peers-python", default=sys.executable)
    asked.add_argument("--upload", type=int, default=100_000, metavar="ROWS", help="0 = no upload")
    asked.add_argument("--only", choices=("questions", "upload"))
    asked.add_argument("--check", action="store_true", help="compute all derived tables anew after the upload")
    asked.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.serve:
        serve(Ours(options.serve))
        return
    medians: Medians = {}
    for size in options.sizes:
        large = size >= 100_000_000
        if options.only != "upload":
            peers = list(PEERS) if size <= 1_000_000 else ["chdb"]
            medians = rounds(options.folder, size, options.rounds or (3 if large else 5),
                             peers if options.peers is None else options.peers, options.peers_python, medians)
        if options.only != "questions" and options.upload:
            upload(options.folder, size, options.upload, options.check)


if __name__ == "__main__":
    main()
