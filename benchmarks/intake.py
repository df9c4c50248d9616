"""Speed and memory of loading a file, against the bare reader of its format in the same run.

    python benchmarks/intake.py --rows 1000000                 CSV; bare = DuckDB's read_csv into a table on disk
    python benchmarks/intake.py --rows 500000 --format xlsx    bare = python-calamine's rows, in a process of its own
    python benchmarks/intake.py --rows 1000000 --profile       where the time of the load goes

The load is everything until the commit: interactions, customers, attributes, emotions of comments, and the derived
tables, whose share is told apart.

Every measurement runs in a process of its own, which has loaded a small file before, as a running program has: its
compiled code is there. Prints rows a second, the ratio of the two, and the peak of resident memory above what the
process held before the load.
The figures that led to decisions stand in docs/decisions/0006-streaming-intake.md.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # not this folder: coverage.py in it is no package numba knows

import numpy as np

HEADER = ("Customer ID", "Date", "Touchpoint", "Channel", "NPS", "CSAT (1-5)", "Comment", "Order ID", "Revenue", "City",
          "Device")
TOUCHPOINTS = ("Homepage", "Product page", "Search ad", "Cart", "Checkout", "Delivery", "Support chat", "Review",
               "Newsletter", "Store visit")
CHANNELS = ("web", "mobile app", "e-mail", "phone", "store")
CITIES = ("İstanbul", "Ankara", "İzmir", "Bursa", "Muğla", "Adana")
WORDS = ("the", "delivery", "was", "late", "but", "support", "helped", "me", "quickly", "and", "parcel", "box",
         "arrived", "fine", "thanks", "very", "good", "bad", "slow", "friendly")
BATCH = 100_000


def rows_of_events(rows: int) -> Iterator[tuple[object, ...]]:
    """About ten interactions a customer over a year, in time order; a tenth with a comment, some with an order."""
    random, start = np.random.default_rng(7), dt.datetime(2025, 1, 1)
    for first in range(0, rows, BATCH):
        n = min(BATCH, rows - first)
        who, place, channel = (random.integers(0, high, n).tolist() for high in (rows // 10 + 1, 10, 5))
        seconds = np.sort(random.integers(first * 31_536_000 // rows, (first + n) * 31_536_000 // rows, n)).tolist()
        nps, csat = random.integers(-20, 11, n).tolist(), random.integers(-10, 6, n).tolist()
        chance, words = random.random(n).tolist(), random.integers(0, len(WORDS), (n, 8)).tolist()
        for i in range(n):
            ordered = place[i] == 4 and chance[i] < 0.7
            yield (f"C{who[i]:07d}", start + dt.timedelta(seconds=seconds[i]), TOUCHPOINTS[place[i]],
                   CHANNELS[channel[i]], nps[i] if nps[i] >= 0 else "", csat[i] if csat[i] >= 1 else "",
                   " ".join(WORDS[word] for word in words[i]) if chance[i] < 0.1 else "",
                   f"O{first + i}" if ordered else "", round(chance[i] * 300, 2) if ordered else "",
                   CITIES[who[i] % 6], "phone" if chance[i] < 0.5 else "laptop")


def write_file(path: Path, rows: int) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows_of_events(rows))
        return
    import xlsxwriter

    given = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    with xlsxwriter.Workbook(str(path), given) as book:
        sheet = book.add_worksheet("Events")
        for line, row in enumerate([HEADER, *rows_of_events(rows)]):
            sheet.write_row(line, 0, [cell if cell != "" else None for cell in row])


# --- what is measured, each in a process of its own ---


def load(path: Path, folder: Path) -> Callable[[], object]:
    import cx
    from cx import intake
    from cx.store import derive

    small = folder / "small.csv"
    write_file(small, 300)
    first = cx.open_store(folder / "small.duckdb")
    intake.load(first, small)
    first.close()
    store = cx.open_store(folder / "cx.duckdb")
    for name in ("forget", "refresh"):
        setattr(derive, name, _timed(getattr(derive, name)))
    return lambda: intake.load(store, path)


DERIVED = [0.0]
"""Processor seconds of this process in the derived tables."""


def _timed(step: Callable[..., None]) -> Callable[..., None]:
    def timed(*given: object) -> None:
        began = time.process_time()
        step(*given)
        DERIVED[0] += time.process_time() - began

    return timed


def bare_csv(path: Path, folder: Path) -> Callable[[], object]:
    import duckdb

    connection = duckdb.connect(str(folder / "bare.duckdb"))
    return lambda: connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(path)])


def bare_xlsx(path: Path, _folder: Path) -> Callable[[], object]:
    from python_calamine import CalamineWorkbook

    return lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def peak() -> int:
    """The most memory this process has held, in bytes; of its children that ended too."""
    kilobytes = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return kilobytes * (1 if sys.platform == "darwin" else 1024)


def processor() -> float:
    """Processor seconds of this process and of its children that ended: less at the mercy of other programs."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measure(task: str, path: Path, profile: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = globals()[task](path, Path(folder))
        before, begin, worked = peak(), time.perf_counter(), processor()
        if profile:
            import cProfile
            import pstats

            profiler = cProfile.Profile()
            profiler.runcall(run)
            pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(35)
        else:
            run()
        print(json.dumps({"seconds": time.perf_counter() - begin, "processor": processor() - worked,
                          "bytes": peak() - before,
                          "derived": DERIVED[0]}))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    asked.add_argument("--file", type=Path, help="keep the generated file here, and use it where it is there already")
    asked.add_argument("--profile", action="store_true")
    asked.add_argument("--task", choices=("load", "bare_csv", "bare_xlsx"), help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.task:
        measure(options.task, options.file, options.profile)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / f"events.{options.format}"
        if not path.exists():
            write_file(path, options.rows)
        print(f"{options.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB {options.format}", flush=True)
        times = {}
        for task in (f"bare_{options.format}", "load"):
            command = [sys.executable, __file__, "--task", task, "--file", str(path)]
            done = subprocess.run(command + ["--profile"] * options.profile, stdout=subprocess.PIPE, check=True)
            found = json.loads(done.stdout)
            times[task] = found
            print(f"{task:10} {found['seconds']:7.2f} s ({found['processor']:.2f} s of processor) "
                  f"{options.rows / found['seconds']:10,.0f} rows/s {found['bytes'] / 1e6:8,.0f} MB more", flush=True)
        bare, loaded = times[f"bare_{options.format}"], times["load"]
        print(f"ratio      {bare['seconds'] / loaded['seconds']:.2f} by the clock, "
              f"{bare['processor'] / loaded['processor']:.2f} by processor time; without the derived tables "
              f"({loaded['derived']:.2f} s) {bare['processor'] / (loaded['processor'] - loaded['derived']):.2f}")


if __name__ == "__main__":
    main()
