"""The same rows on one machine's DuckDB and on Spark: what a row costs to derive, a page to answer, and how that grows.

    python benchmarks/scale.py --folder /tmp/scale --sizes 10000000 100000000

For each size a workspace (benchmarks/journeys_data.py; made where the folder has none) becomes a lake, as `python -m cx
build` makes one; up to `--computed` interactions Spark also computes a whole lake of a company's table (Parquet, names
and ids as text). Then both engines answer the page of eight and the funnels of benchmarks/journeys.py, in turns, and
must agree. Spark is one process of its own, `--cores`, `--memory`. Prints processor seconds (on a busy machine these
are what to compare; of Spark those of its process and its Python workers, plus those of the light client), bytes, and
from size to size what a question costs whatever the size, and what each further million rows cost. 100 million need
20 GB of disk. Results: docs/scale.md.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # instead of this folder, whose coverage.py is none of pip's

import duckdb

from benchmarks.journeys import Ours
from benchmarks.journeys_data import generate
from cx.engine.session import Session
from cx.engine.store import open_lake
from cx.errors import EngineError
from cx.lake.build import Source, build
from cx.lake.steps import Progress
from cx.lake.table import TableSource
from cx.lake.workspace import WorkspaceSource
from cx.store import derive, open_store
from tests.spark.cluster import Cluster, children, local

_TICK = os.sysconf("SC_CLK_TCK")
_SETTINGS = {"spark.sql.shuffle.partitions": "16", "spark.default.parallelism": "4"}


Spent = dict[tuple[str, str], float]
"""(question, who) → processor seconds, or seconds by the clock."""


class Meter:
    """Processor seconds of this process, and of a server and what it started."""

    def __init__(self, server: int | None = None) -> None:
        self.server = server
        self._ticks: dict[int, int] = {}  # of each process, as last seen: some end

    def now(self) -> float:
        own = time.process_time()
        if self.server is None:
            return own
        for pid in (self.server, *children(self.server)):
            with contextlib.suppress(OSError):  # it ended in between
                said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self._ticks[pid] = int(said[11]) + int(said[12])
        return own + sum(self._ticks.values()) / _TICK

    def of(self, make: Callable[[], object]) -> tuple[float, float, object]:
        """→ processor seconds, seconds by the clock, what was made."""
        cpu, clock = self.now(), time.perf_counter()
        made = make()
        return self.now() - cpu, time.perf_counter() - clock, made

    def peak(self) -> float:
        """Most memory the process has held, GB."""
        said = Path(f"/proc/{self.server or 'self'}/status").read_text()
        return int(said.partition("VmHWM:")[2].split()[0]) / 1e6


def workspace(folder: Path, size: int) -> Path:
    path = folder / str(size) / "cx.duckdb"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        store = generate(path, size)
        cpu, clock, _ = Meter().of(lambda: _derive(store))
        print(f"{size:>12,}  DuckDB derives    {cpu:8.1f} s of processor, {clock:6.1f} s by the clock, "
              f"{cpu / size * 1e6:5.2f} µs a row", flush=True)
        store.close()
    return path


def _derive(store) -> None:
    with store.write() as cursor:
        derive.rebuild(cursor)


def table(folder: Path, size: int) -> Path:
    """The interactions as a company's own table: ids and names as text, one folder of Parquet."""
    target = folder / f"table-{size}"
    if not target.exists():
        target.mkdir(parents=True)
        with duckdb.connect(str(workspace(folder, size)), read_only=True) as connection:
            connection.execute(f"""COPY (
                SELECT c.customer_id, i.occurred_at, t.label AS touchpoint, s.label AS stage, h.label AS channel,
                    p.label AS persona, i.nps, i.csat, i.csat_max, i.ces, i.ces_max,
                    i.expectation_met, i.emotion_given AS emotion, i.wait_seconds,
                    i.delay_days, i.is_complaint, i.revenue, i.quantity, i.order_id
                FROM interactions i JOIN customers c USING (customer_key) JOIN touchpoints t USING (touchpoint_id)
                JOIN stages s ON s.stage_id = i.stage_id
                JOIN channels h USING (channel_id) LEFT JOIN personas p ON p.persona_id = c.persona_id)
                TO '{target}' (FORMAT parquet, PER_THREAD_OUTPUT true, FILE_SIZE_BYTES '64MB')""")
    return target


def built(folder: Path, size: int, cluster: Cluster, meter: Meter, who: str) -> str:
    """Make a lake and say what it took. who: "Spark" computes it of a table, "DuckDB" has in a workspace."""
    root = folder / f"lake-{size}-{who}"
    shutil.rmtree(root, ignore_errors=True)
    store = open_store(workspace(folder, size)) if who == "DuckDB" else None
    source: Source = WorkspaceSource(store) if store else TableSource(str(table(folder, size)))
    steps, before = dict[str, float](), [("reading", meter.now())]

    def step(progress: Progress) -> None:
        now = meter.now()
        what = before[0][0].rpartition("-")[0] or before[0][0]
        steps[what] = steps.get(what, 0) + now - before[0][1]
        before[:] = [(progress.step, now)]

    session = Session(cluster.url)
    cpu, clock, _ = meter.of(lambda: build(session, f"file://{root}", source, step))
    session.close()
    if store:
        store.close()
    print(f"{size:>12,}  a lake, by {who:6} {cpu:8.1f} s of processor, {clock:6.1f} s by the clock, "
          f"{cpu / size * 1e6:5.2f} µs a row, peak {meter.peak():.1f} GB", flush=True)
    print("              of it " + ", ".join(f"{name} {spent:.1f}" for name, spent in steps.items()))
    kept = {each.name: sum(path.stat().st_size for path in each.rglob("*.parquet")) for each in sorted(root.iterdir())}
    print(f"              lake {sum(kept.values()) / size:.1f} bytes a row: " + ", ".join(
        f"{name} {held / size:.1f}" for name, held in kept.items() if held / size >= 0.05)
        + f"; workspace {workspace(folder, size).stat().st_size / size:.1f}", flush=True)
    return f"file://{root}"


def questions(folder: Path, size: int, root: str, cluster: Cluster, meter: Meter, rounds: int,
              warm: bool) -> Spent:
    """Both engines in turns; → medians. warm: Spark has answered the same before, over a smaller lake."""
    duck = Ours(workspace(folder, size))
    spark = Ours.__new__(Ours)
    with tempfile.TemporaryDirectory() as own:
        Ours.__init__(spark, Path(own) / "unused.duckdb")
        spark.store.close()
        spark.store = open_lake(Path(own) / "cx.duckdb", cluster.url, root)
        found: dict[str, list[tuple[float, float, float]]] = {}
        for number in range(rounds + 1):  # the first round warms up: what is held, and what Java compiles
            for question in ("stage funnel", "ad-hoc funnel", "transitions", *duck.page):
                here, _, ours = Meter().of(lambda question=question: duck.ask(question))
                if warm and not number and question not in duck.page:
                    continue
                try:
                    there, clock, theirs = meter.of(lambda question=question: spark.ask(question))
                except EngineError as error:
                    print(f"              Spark cannot answer “{question}”: {str(error)[:150]}")
                    continue
                if str(ours) != str(theirs):
                    print(f"              DIFFERS: {question}: {ours} on DuckDB, {theirs} on Spark")
                if number:
                    found.setdefault(question, []).append((here, there, clock))
        spark.store.close()
    duck.store.close()
    median = {name: tuple(statistics.median(column) for column in zip(*times, strict=True))
              for name, times in found.items()}
    for name, (here, there, clock) in median.items():
        print(f"{size:>12,}  {name:22} DuckDB {here:7.3f} s, Spark {there:7.3f} s of processor "
              f"({clock:6.2f} by the clock)", flush=True)
    spent = {(name, who): value for name, times in median.items()
             for who, value in zip(("DuckDB", "Spark", "Spark by the clock"), times, strict=True)}
    for who in ("DuckDB", "Spark", "Spark by the clock"):
        spent["page of eight", who] = sum(value for (name, each), value in spent.items()
                                          if each == who and name.startswith("page:"))
        print(f"{size:>12,}  page of eight, {who:18} {spent['page of eight', who]:7.3f} s", flush=True)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000_000, 100_000_000])
    parser.add_argument("--computed", type=int, default=10_000_000, help="the largest lake that Spark computes itself")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--memory", default="4g", help="of Spark's process")
    given = parser.parse_args()
    grown: list[tuple[int, Spent]] = []
    for size in given.sizes:
        workspace(given.folder, size)
    with tempfile.TemporaryDirectory() as scratch, local(Path(scratch) / "spark", given.cores, given.memory,
                                                         _SETTINGS) as cluster:
        meter = Meter(cluster.processes["connect"].pid)
        for size in given.sizes:
            if size <= given.computed:
                built(given.folder, size, cluster, meter, "Spark")
            root = built(given.folder, size, cluster, meter, "DuckDB")
            grown.append((size, questions(given.folder, size, root, cluster, meter, given.rounds, bool(grown))))
    for (small, before), (large, after) in itertools.pairwise(grown):
        print(f"{small:,} → {large:,}, processor seconds: growth; of the question, whatever the size; of each further "
              "million")
        for name, who in after:
            one, other = before[name, who], after[name, who]
            a_million = (other - one) / (large - small) * 1e6
            print(f"    {name:22} {who:18} ×{other / one:5.1f} {one - a_million * small / 1e6:8.2f} {a_million:8.4f}")


if __name__ == "__main__":
    main()
