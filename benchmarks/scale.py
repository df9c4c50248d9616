"""The same rows on one machine's DuckDB and on Spark: what a row costs to derive, a page to answer, and how that grows.

    python benchmarks/scale.py --folder /tmp/scale --sizes 1000000 10000000

A workspace (benchmarks/journeys_data.py) and a company's table (Parquet, names and ids as text) of the same
interactions; what `python -m cx build` does makes a lake of the table on a Spark of its own: one process, `--cores`,
`--memory`. Then both engines answer the page of eight and the funnels of benchmarks/journeys.py, in turns, and must
agree. Prints processor seconds (on a busy machine these are what to compare; of Spark those of its process, plus those
of the light client), bytes, and the growth from size to size. Results: docs/scale.md.
"""

from __future__ import annotations

import argparse
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
from cx.lake.build import build
from cx.lake.steps import Progress
from cx.lake.table import TableSource
from cx.store import derive
from tests.spark.cluster import Cluster, local

_TICK = os.sysconf("SC_CLK_TCK")
_SETTINGS = {"spark.sql.shuffle.partitions": "16", "spark.default.parallelism": "4"}


class Meter:
    """Processor seconds of this process and of a server."""

    def __init__(self, server: int | None = None) -> None:
        self.server = server

    def now(self) -> float:
        own = time.process_time()
        if self.server is None:
            return own
        fields = Path(f"/proc/{self.server}/stat").read_text().rpartition(")")[2].split()
        return own + (int(fields[11]) + int(fields[12])) / _TICK

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


def built(folder: Path, size: int, cluster: Cluster, meter: Meter) -> str:
    root = folder / f"lake-{size}"
    shutil.rmtree(root, ignore_errors=True)
    source, steps, before = table(folder, size), dict[str, float](), [("reading", meter.now())]

    def step(progress: Progress) -> None:
        now = meter.now()
        steps[before[0][0]] = now - before[0][1]
        before[:] = [(progress.step, now)]

    session = Session(cluster.url)
    cpu, clock, _ = meter.of(lambda: build(session, f"file://{root}", TableSource(str(source)), step))
    session.close()
    print(f"{size:>12,}  Spark builds      {cpu:8.1f} s of processor, {clock:6.1f} s by the clock, "
          f"{cpu / size * 1e6:5.2f} µs a row, peak {meter.peak():.1f} GB", flush=True)
    print("              of it " + ", ".join(f"{name} {spent:.1f}" for name, spent in steps.items()))
    kept = {each.name: sum(path.stat().st_size for path in each.rglob("*.parquet")) for each in sorted(root.iterdir())}
    print(f"              lake {sum(kept.values()) / size:.1f} bytes a row: " + ", ".join(
        f"{name} {held / size:.1f}" for name, held in kept.items() if held / size >= 0.05)
        + f"; workspace {workspace(folder, size).stat().st_size / size:.1f}", flush=True)
    return f"file://{root}"


def questions(folder: Path, size: int, root: str, cluster: Cluster, meter: Meter, rounds: int) -> dict[str, float]:
    """Both engines in turns; → question → processor seconds on Spark (median)."""
    duck = Ours(workspace(folder, size))
    spark = Ours.__new__(Ours)
    with tempfile.TemporaryDirectory() as own:
        Ours.__init__(spark, Path(own) / "unused.duckdb")
        spark.store.close()
        spark.store = open_lake(Path(own) / "cx.duckdb", cluster.url, root)
        found: dict[str, list[tuple[float, float, float]]] = {}
        for number in range(rounds + 1):  # the first round warms up
            for question in ("stage funnel", "ad-hoc funnel", "transitions", *duck.page):
                here, _, ours = Meter().of(lambda question=question: duck.ask(question))
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
    for which, column in (("DuckDB", 0), ("Spark", 1)):
        spent = sum(times[column] for name, times in median.items() if name.startswith("page:"))
        print(f"{size:>12,}  page of eight on {which:6} {spent:7.3f} s of processor", flush=True)
    return {name: times[1] for name, times in median.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--memory", default="4g", help="of Spark's process")
    given = parser.parse_args()
    grown: list[tuple[int, dict[str, float]]] = []
    for size in given.sizes:
        workspace(given.folder, size), table(given.folder, size)
    with tempfile.TemporaryDirectory() as scratch, local(Path(scratch) / "spark", given.cores, given.memory,
                                                         _SETTINGS) as cluster:
        meter = Meter(cluster.processes["connect"].pid)
        for size in given.sizes:
            root = built(given.folder, size, cluster, meter)
            grown.append((size, questions(given.folder, size, root, cluster, meter, given.rounds)))
    for (small, before), (large, after) in itertools.pairwise(grown):
        rows = (large - small) / 1e6
        print(f"{small:,} → {large:,}: " + ", ".join(
            f"{name} ×{after[name] / before[name]:.1f} ({(after[name] - before[name]) / rows * 1e3:.1f} ms a million)"
            for name in after))


if __name__ == "__main__":
    main()
